#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "ser/train/recipe_comparison.h"

#include "recipe_options.h"
#include "report_page.h"
#include "search_run.h"
#include "training_checkpoints.h"

namespace ser::apps {

// What ser-train was asked for beside the recipe.
struct TrainingRequest {
  std::vector<std::filesystem::path> roots;
  std::string out = "emotions.ser";
  std::vector<std::string> reports;  // as they were asked for
  std::string report;                // of the model, in JSON
  std::string folds;                 // the report of folds, which make no model
  ReportPageRequest page;
  std::string onnx;
  std::string picture;
  std::string write_split;
  std::string seeds;
  std::string compare;   // names of recipes
  std::string markdown;  // of their comparison, or of a search
  SearchOptions search;
  CheckpointRequest checkpoints;
  int jobs = 1;
  bool print_config = false;
  bool split_only = false;
  bool final_model = false;
};

void add_options(CLI::App& app, TrainingRequest& request);
// Of options that do not go together; once those of the recipe are there.
void add_exclusions(CLI::App& app);

// What is trained: the recipe, or several to be compared. Throws ConfigError.
std::vector<train::NamedRecipe> settle_recipes(const RecipeOptions& options,
                                               const TrainingRequest& request);

// The seeds, of which the first becomes the recipe's. Throws ConfigError (E_USAGE, E_CONFIG_VALUE).
std::vector<std::uint64_t> settle_seeds(const TrainingRequest& request, train::Recipe& recipe);

// What the options ask for together, before anything is read; settles which report is which. Throws
// ConfigError (E_USAGE).
void check_request(TrainingRequest& request, const train::Recipe& recipe);

// Where each output goes; no two to one place, and none to what is read. Throws ConfigError
// (E_USAGE).
void settle_outputs(TrainingRequest& request);

// "emotions.report.json" beside "emotions.ser".
std::string beside(std::filesystem::path model, const char* extension);

}  // namespace ser::apps
