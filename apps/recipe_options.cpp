#include "recipe_options.h"

#include <algorithm>

#include "ser/core/error.h"
#include "ser/core/json.h"

namespace ser::apps {
namespace {

using core::Json;

struct Shortcut {
  const char* flags;
  const char* path;
  const char* help;
};

constexpr Shortcut kShortcuts[] = {
    {"--seed", "seed", "everything random follows from it"},
    {"--protocol,--split", "split.protocol",
     "what is kept apart, and in how many folds; default: speaker where known"},
    {"--folds", "split.folds", "of protocol kfold and speaker-kfold"},
    {"--val", "split.validation_share", "share of the clips that choose the epoch"},
    {"--test", "split.test_share", "share of the clips that are tested on"},
    {"--test-speakers", "split.test_speakers", "names, with commas between: who is tested on"},
    {"--validation-speakers", "split.validation_speakers", "likewise: who chooses the epoch"},
    {"--test-corpora", "split.test_corpora", "likewise: which corpora are tested on"},
    {"--train-corpora", "split.train_corpora", "likewise: which are trained on; default: the rest"},
    {"--split-file", "split.file", "a split that --write-split wrote, instead of a new one"},
    {"--normalize", "normalization",
     "by the statistics of the training part, or of each corpus or speaker"},
    {"--allow-leak", "leaks.allow", "names, with commas between: leaks that do not stop training"},
    {"--remove-leak", "leaks.remove", "names: copies that are taken out of training"},
    {"--labels", "corpus.labels", "emotion, or folder: the folder's name is the class"},
    {"--layout", "corpus.layout", "how files are named; default: found by itself"},
    {"--map", "corpus.map", "a label that becomes another, as in calm=neutral; repeatable"},
    {"--keep", "corpus.keep", "the labels that are used, with commas between"},
    {"--drop", "corpus.drop", "labels that are not used, with commas between"},
    {"--epochs", "training.epochs", "the most epochs"},
};

// The option's text as JSON of the field's type. What is of the wrong type stays a text, and the
// field's own check says what is wrong with it.
Json to_value(const std::string& text, const std::string& type) {
  if (type == "text") return text;
  if (type == "list of text" && !text.starts_with("[")) return split_list(text);
  try {
    return core::parse_json(text, "option");
  } catch (const core::ConfigError&) {
    return text;
  }
}

// An option that is a list may be given several times.
CLI::Option* allow_several(CLI::Option* option, const std::string& type) {
  return type.starts_with("list") ? option->join(',') : option;
}

// {"features": {"mel_bands": value}} for "features.mel_bands".
Json nested(const std::string& path, const Json& value) {
  const std::size_t dot = path.find('.');
  Json json = Json::object();
  if (dot == std::string::npos) {
    json[path] = value;
  } else {
    json[path.substr(0, dot)] = nested(path.substr(dot + 1), value);
  }
  return json;
}

}  // namespace

std::vector<std::string> split_list(const std::string& text) {
  std::vector<std::string> list;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    if (end > begin) list.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return list;
}

RecipeOptions::RecipeOptions(CLI::App& app, const std::vector<std::string>& sections) {
  std::string names;
  for (const auto& name : train::recipe_names()) names += (names.empty() ? "" : ", ") + name;
  app.add_option("-r,--recipe", recipe_, names + ", or a JSON file")->capture_default_str();
  app.add_option("-c,--config", config_, "JSON file with fields that differ from the recipe");
  const train::Recipe defaults;
  const auto fields = core::describe_config(defaults);
  for (const auto& field : fields) types_[field.path] = field.type;
  const auto is_offered = [&](const std::string& path) {
    return sections.empty() || std::find(sections.begin(), sections.end(),
                                         path.substr(0, path.find('.'))) != sections.end();
  };
  for (const auto& shortcut : kShortcuts) {
    if (!is_offered(shortcut.path)) continue;
    add_field(app, shortcut.flags, shortcut.path, shortcut.help, "Options");
  }
  for (const auto& field : fields) {
    if (field.path == "seed" || !is_offered(field.path)) continue;  // --seed is its name already
    add_field(app, "--" + field.path, field.path, field.help, "Fields of the recipe");
  }
}

void RecipeOptions::add_field(CLI::App& app, const std::string& flags, const std::string& path,
                              const std::string& help, const std::string& group) {
  allow_several(app.add_option_function<std::string>(
                    flags, [this, path](const std::string& text) { values_[path] = text; }, help),
                types_.at(path))
      ->group(group)
      ->type_name(types_.at(path) == "json" ? "JSON" : "VALUE");
}

train::Recipe RecipeOptions::effective(const std::string& name) const {
  train::Recipe recipe = train::load_recipe(name);
  if (!config_.empty()) {
    train::Recipe from_nothing;
    train::apply_config_file(from_nothing, config_);
    if (from_nothing.members.empty()) {
      train::apply_config_file(recipe, config_);
    } else {
      // A recipe says what members decide, so an ensemble begins with none.
      recipe = from_nothing;
    }
  }
  for (const auto& [path, text] : values_) {
    core::update_config(recipe, nested(path, to_value(text, types_.at(path))));
  }
  return recipe;
}

}  // namespace ser::apps
