#include "train/members.h"

#include <array>

#include "ser/core/error.h"
#include "ser/model/recogniser.h"

#include "train/prefixed_errors.h"

namespace ser::train {
namespace {

using core::ConfigError;
using core::Json;

struct MemberConfig {  // NOLINT(bugprone-exception-escape): JSON moves without one
  Json recipe;
  int seeds = 1;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("recipe", self.recipe, "name of a recipe, a JSON file, or the recipe itself");
    visit("seeds", self.seeds, "trainings with different random numbers",
          core::Range{1, static_cast<int>(model::kMostMembers)});
  }
};

Recipe recipe_of(const Json& json) {
  if (json.is_string()) return load_recipe(json.get<std::string>());
  return core::config_from_json<Recipe>(json, "recipe");
}

// The fields that the whole decides, not its members; besides, both have a name and a description.
constexpr std::array kOfTheWhole = {"seed",          "corpus",      "split",  "leaks",
                                    "normalization", "calibration", "members"};

// What members decide has no effect beside them, and so must not be set.
void require_nothing_beside(const Recipe& recipe) {
  Json of_members = core::config_to_json(recipe);
  for (const char* field : kOfTheWhole) of_members.erase(field);
  of_members.erase("name");
  of_members.erase("description");
  const Json defaults = core::config_to_json(Recipe());
  for (const auto& [field, value] : of_members.items()) {
    if (value == defaults[field]) continue;
    throw ConfigError("E_CONFIG_VALUE", field +
                                            ": has no effect on an ensemble, whose members decide "
                                            "it; change the recipe of a member");
  }
}

// What the whole decides.
void take_over(const Recipe& whole, Recipe& member) {
  member.seed = whole.seed;
  member.corpus = whole.corpus;
  member.split = whole.split;
  member.leaks = whole.leaks;
  member.normalization = whole.normalization;
  member.calibration = whole.calibration;
}

template <class Body>
void for_each_member(const Json& members, Body&& body) {
  if (!members.is_array()) throw ConfigError("E_CONFIG_VALUE", "members: expected a list");
  if (members.size() > model::kMostMembers) {
    throw ConfigError("E_CONFIG_VALUE",
                      "members: at most " + std::to_string(model::kMostMembers) + " fit");
  }
  for (std::size_t i = 0; i < members.size(); ++i) {
    with_prefixed_errors("members[" + std::to_string(i) + "]: ", [&] {
      const auto config = core::config_from_json<MemberConfig>(members[i], "");
      Recipe recipe = recipe_of(config.recipe);
      if (recipe.members != Json::array()) {
        throw ConfigError("E_CONFIG_VALUE", "an ensemble cannot be a member of another");
      }
      body(std::move(recipe), config.seeds);
    });
  }
}

}  // namespace

std::string Member::name() const {
  return recipe.name + (training == 0 ? "" : " (" + std::to_string(training + 1) + ")");
}

std::vector<Member> members_of(const Recipe& recipe) {
  std::vector<Member> members;
  for_each_member(recipe.members, [&](Recipe member, int seeds) {
    take_over(recipe, member);
    for (int training = 0; training < seeds; ++training) {
      members.push_back({member, static_cast<std::size_t>(training)});
    }
  });
  if (members.size() > model::kMostMembers) {
    throw ConfigError("E_CONFIG_VALUE", "members: all seeds together are " +
                                            std::to_string(members.size()) + " trainings, and at " +
                                            "most " + std::to_string(model::kMostMembers) + " fit");
  }
  if (!members.empty()) require_nothing_beside(recipe);
  return members;
}

Json effective_members(const Recipe& recipe) {
  Json members = Json::array();
  for_each_member(recipe.members, [&](const Recipe& member, int seeds) {
    Json json = core::config_to_json(member);
    for (const char* field : kOfTheWhole) json.erase(field);
    members.push_back({{"recipe", std::move(json)}, {"seeds", seeds}});
  });
  return members;
}

core::RandomStream training_stream(std::uint64_t seed, std::size_t training) {
  const core::RandomStream random(seed);
  return training == 0 ? random : random.fork("training").fork(training);
}

}  // namespace ser::train
