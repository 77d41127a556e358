#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ser/core/config.h"
#include "ser/corpus/manifest.h"
#include "ser/corpus/split.h"
#include "ser/dataset/clip_config.h"
#include "ser/dataset/group_statistics.h"
#include "ser/features/feature_config.h"
#include "ser/train/fit.h"
#include "ser/train/leaks.h"

namespace ser::train {

// Everything that decides what is trained. The effective recipe is stored in the model and in the
// report; training from it again repeats the run.
struct Recipe {
  std::string name = "unnamed";
  std::string description;
  std::uint64_t seed = 1;
  corpus::CorpusConfig corpus;
  corpus::SplitConfig split;
  LeakConfig leaks;
  dataset::ClipConfig clip;
  features::FeatureConfig features;
  std::string normalization = "training";  // dataset/group_statistics.h
  // Copies of each training clip, as augment::AugmentationPlan reads them.
  core::Json augment = core::Json::array({core::Json::array()});
  // Steps that change the frames of each training example anew in every epoch, as those of a copy.
  core::Json renew = core::Json::array();
  // The layers, without the last one: a dense layer with one output a class is added to them.
  core::Json network = core::Json::array();
  FitConfig training;
  std::string calibration = "temperature";
  // An ensemble: recipes that are trained on the same split and answer together, as
  // train/members.h reads them. They decide what clip, features, augment, renew, network and
  // training say otherwise.
  core::Json members = core::Json::array();

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("name", self.name, "name of the recipe");
    visit("description", self.description, "what it is for");
    visit("seed", self.seed, "everything random follows from it");
    visit("corpus", self.corpus, "how the folder tree is read");
    visit("split", self.split, "training, validation and test part");
    visit("leaks", self.leaks, "what is done with sound, speakers and texts on two sides");
    visit("clip", self.clip, "which part of a recording is used");
    visit("features", self.features, "numbers that describe a clip");
    visit("normalization", self.normalization,
          "by whose statistics: the training part's; each corpus's or speaker's own, which is "
          "transductive",
          core::OneOf{dataset::kNormalizations});
    visit("augment", self.augment, "copies of each training clip: a list of lists of steps");
    visit("renew", self.renew,
          "steps that change the frames of each training example anew in every epoch");
    visit("network", self.network, "layers before the output layer");
    visit("training", self.training, "optimiser and schedule");
    visit("calibration", self.calibration,
          "temperature: probabilities are made as sure as the validation part is right; voices: "
          "the same, and where its voices are trained on too, as copies of it by altered voices "
          "are; none: they are the network's",
          core::OneOf{{"temperature", "voices", "none"}});
    visit("members", self.members,
          "an ensemble: [{\"recipe\": name, file or recipe, \"seeds\": n}, ...] in place of clip, "
          "features, augment, renew, network and training");
  }
};

// The recipes of models/recipes, built into the library.
std::vector<std::string> recipe_names();
inline constexpr std::string_view kDefaultRecipe = "functionals";

// A built-in recipe by its name, or the one in a JSON file. Throws ConfigError: E_RECIPE (neither a
// name nor a file), E_JSON, E_CONFIG_KEY, E_CONFIG_VALUE.
Recipe load_recipe(const std::string& name_or_path);

// Sets what the JSON text of the file names. Throws ConfigError as load_recipe().
void apply_config_file(Recipe& recipe, const std::string& path);

}  // namespace ser::train
