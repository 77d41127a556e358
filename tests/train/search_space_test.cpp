#include "ser/train/search_space.h"

#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "ser/core/error.h"

namespace ser::train {
namespace {

Recipe base() {
  Recipe recipe;
  recipe.name = "base";
  recipe.network =
      core::Json::parse(R"([{"layer": "dense", "units": 8}, {"layer": "dropout", "rate": 0.2}])");
  return recipe;
}

SearchSpace space(const char* json) { return {core::Json::parse(json), base()}; }

std::string code_of_space(const char* json) {
  try {
    space(json);
    return "no error";
  } catch (const core::ConfigError& error) {
    return error.code();
  }
}

TEST(SearchSpace, DrawsFromListsAndRangesOfEachField) {
  const auto drawn = space(R"({
    "training.mixup": [0.0, 0.3],
    "training.optimizer.learning_rate": {"from": 1e-4, "to": 1e-2, "scale": "log"},
    "training.batch_size": {"from": 16, "to": 19},
    "network.1.rate": {"from": 0.1, "to": 0.5},
    "network.0": [{"layer": "dense", "units": 4}, {"layer": "dense", "units": 5}]})");
  std::set<double> mixups;
  std::set<int> sizes;
  std::set<int> units;
  int below_the_middle = 0;
  constexpr int kDraws = 400;
  for (std::uint64_t i = 0; i < kDraws; ++i) {
    const auto recipe = drawn.with(drawn.draw(core::RandomStream(i)));
    mixups.insert(recipe.training.mixup);
    sizes.insert(recipe.training.batch_size);
    units.insert(recipe.network[0]["units"].get<int>());
    const double rate = recipe.training.optimizer.learning_rate;
    EXPECT_GE(rate, 1e-4);
    EXPECT_LE(rate, 1e-2);
    below_the_middle += rate < 1e-3 ? 1 : 0;
    const double dropout = recipe.network[1]["rate"].get<double>();
    EXPECT_GE(dropout, 0.1);
    EXPECT_LE(dropout, 0.5);
    EXPECT_NEAR(dropout * 1000.0, std::round(dropout * 1000.0), 1e-9);  // three digits
    EXPECT_EQ(recipe.name, "base");
  }
  EXPECT_EQ(mixups, (std::set<double>{0.0, 0.3}));
  EXPECT_EQ(sizes, (std::set<int>{16, 17, 18, 19}));
  EXPECT_EQ(units, (std::set<int>{4, 5}));
  // Half of them, with a deviation of ten: by a uniform drawing it would be one in eleven.
  EXPECT_NEAR(below_the_middle, kDraws / 2, 50);
}

TEST(SearchSpace, AFieldIsDrawnAlikeWhicheverOthersThereAre) {
  const auto alone = space(R"({"training.mixup": {"from": 0.0, "to": 1.0}})");
  const auto beside =
      space(R"({"training.epochs": [1, 2, 3], "training.mixup": {"from": 0.0, "to": 1.0}})");
  std::set<double> values;
  for (std::uint64_t i = 0; i < 10; ++i) {
    const auto one = alone.draw(core::RandomStream(i))["training.mixup"];
    EXPECT_EQ(one, beside.draw(core::RandomStream(i))["training.mixup"]);
    values.insert(one.get<double>());
  }
  EXPECT_GT(values.size(), 5U);
}

TEST(SearchSpace, NothingDrawnIsTheRecipeAsItIs) {
  const auto one = space(R"({"training.mixup": [0.5]})");
  EXPECT_EQ(core::config_to_json(one.with(core::Json::object())), core::config_to_json(base()));
}

TEST(SearchSpace, RefusesWhatIsNoSpaceOfTheRecipe) {
  for (const char* json :
       {"[]", "{}", R"({"training.nothing": [1]})", R"({"": [1]})", R"({"training.": [1]})",
        R"({"network.2.rate": [0.1]})", R"({"network.-1.rate": [0.1]})",
        R"({"network.1x.rate": [0.1]})", R"({"training.mixup": []})", R"({"training.mixup": 0.3})",
        R"({"training.mixup": {"from": 0.1}})", R"({"training.mixup": {"from": 0.1, "to": "1"}})",
        R"({"training.mixup": {"from": 0.3, "to": 0.3}})",
        R"({"training.mixup": {"from": 0.1, "to": 0.3, "scale": "cubic"}})",
        R"({"training.mixup": {"from": 0.1, "to": 0.3, "step": 0.1}})",
        R"({"training.mixup": {"from": 0, "to": 0.3, "scale": "log"}})",
        R"({"training.batch_size": {"from": 8.5, "to": 16}})",
        R"({"training.batch_size": {"from": 1, "to": 1e300}})",
        // who is trained and judged is not for the search to choose
        R"({"seed": [1, 2]})", R"({"split.test_speakers": [["a"], ["b"]]})",
        R"({"leaks.allow": [["speaker"]]})", R"({"corpus.keep": [["sad"]]})", R"({"name": ["x"]})",
        R"({"calibration": ["none"]})", R"({"members": [[]]})",
        // one within the other
        R"({"network": [[]], "network.1.rate": [0.1]})"}) {
    EXPECT_EQ(code_of_space(json), "E_SEARCH_SPACE") << json;
  }
  // values that the field does not take, also at the ends of a range
  for (const char* json :
       {R"({"training.mixup": [0.1, "much"]})", R"({"training.epochs": [0]})",
        R"({"training.epochs": {"from": 0, "to": 5}})", R"({"training.method": ["guessing"]})"}) {
    EXPECT_EQ(code_of_space(json), "E_CONFIG_VALUE") << json;
  }
  std::string many = "{";
  for (int i = 0; i < 65; ++i) {
    many += (i == 0 ? "\"f" : ", \"f") + std::to_string(i) + "\": [1]";
  }
  EXPECT_EQ(code_of_space((many + "}").c_str()), "E_SEARCH_SPACE");
}

}  // namespace
}  // namespace ser::train
