#include "training_request.h"

#include "ser/core/error.h"
#include "ser/train/search.h"

#include "app_main.h"
#include "output_file.h"
#include "reading_options.h"
#include "seed_list.h"

namespace ser::apps {
namespace {

// Which of the reports is what, and whether they go with what else is asked for.
void settle_reports(TrainingRequest& request) {
  for (const auto& value : request.reports) {
    std::string& place = names_report_folder(value) ? request.page.folder : request.report;
    if (!place.empty()) {
      throw core::ConfigError(
          "E_USAGE",
          "--report is one folder and one NAME.json at most; found " + place + " and " + value);
    }
    place = value;
  }
  if (request.page.embed_audio && request.page.folder.empty()) {
    throw core::ConfigError("E_USAGE", "--embed-audio is for the page of --report DIR");
  }
  if (!request.page.folder.empty() && !request.compare.empty()) {
    throw core::ConfigError("E_USAGE",
                            "a page is of one recipe; --compare takes --report NAME.json");
  }
}

}  // namespace

void add_options(CLI::App& app, TrainingRequest& request) {
  app.add_option("CORPUS", request.roots,
                 "folder with the recordings, or manifest (.csv, .tsv, .jsonl); several are one");
  app.add_option("-o,--out", request.out, "the model file")->capture_default_str();
  app.add_option("--report", request.reports,
                 "NAME.json: the report (default: the model's name with .report.json; of folds "
                 ".folds.json); any other name: a folder for a page to look at, and a model card; "
                 "both may be given")
      ->allow_extra_args(false)
      ->type_name("DIR or NAME.json");
  app.add_flag("--embed-audio", request.page.embed_audio,
               "the page holds the sound of the clips that it lists");
  app.add_option("--export-onnx", request.onnx, "also write the model as ONNX, as ser-export does");
  app.add_option("--picture", request.picture,
                 "also draw loss and accuracy over the epochs of the model, as .svg or .png by the "
                 "name's ending");
  add_reading_options(app);
  add_jobs_option(app, request.jobs);
  app.add_option("--seeds", request.seeds, "1..5 or 1,2,3: every fold with each of these seeds");
  app.add_flag("--final", request.final_model,
               "after the folds, train a model on everything and write it");
  app.add_option("--write-split", request.write_split, "file for the split or folds, by ids");
  app.add_flag("--split-only", request.split_only, "make the split, write it and leave");
  app.add_flag("--print-config", request.print_config,
               "print the effective recipe as JSON and leave");
  app.add_option("--compare", request.compare,
                 "lda,mlp,...: recipes, by names or files, that are compared on the same folds");
  app.add_option("--search", request.search.space,
                 "file with values of the recipe's fields: the best of --trials is found without "
                 "the test part");
  app.add_option("--trials", request.search.trials,
                 "how many recipes a search tries, that which it begins with among them")
      ->check(CLI::Range(std::size_t{1}, train::kMostTrials))
      ->needs("--search")
      ->capture_default_str();
  app.add_option("--checkpoint-every", request.checkpoints.every,
                 "epochs between two checkpoints, with which --resume goes on; 0: none are kept")
      ->check(CLI::Range(0, 100000))
      ->capture_default_str();
  app.add_flag("--resume", request.checkpoints.resume,
               "go on with a training or search that was interrupted");
  app.add_option("--markdown", request.markdown,
                 "file for the table of --compare or --search, as Markdown");
}

// Comparison and search are of recipes and make no model.
void add_exclusions(CLI::App& app) {
  app.get_option("--seeds")->excludes("--seed");
  for (const char* other :
       {"--recipe", "--out", "--final", "--export-onnx", "--picture", "--print-config"}) {
    app.get_option("--compare")->excludes(other);
  }
  for (const char* other : {"--compare", "--seeds", "--report", "--final", "--export-onnx",
                            "--picture", "--print-config", "--split-only"}) {
    app.get_option("--search")->excludes(other);
  }
}

std::vector<train::NamedRecipe> settle_recipes(const RecipeOptions& options,
                                               const TrainingRequest& request) {
  if (request.compare.empty()) return {{"", options.effective()}};
  std::vector<train::NamedRecipe> recipes;
  for (const auto& name : split_list(request.compare)) {
    recipes.push_back({name, options.effective(name)});
  }
  if (recipes.size() < 2) {
    throw core::ConfigError("E_USAGE", "--compare takes two recipes or more: --compare lda,mlp");
  }
  return recipes;
}

void settle_outputs(TrainingRequest& request) {
  if (!request.compare.empty()) {
    for (const auto& root : request.roots) {
      require_distinct_files({{"the corpus", root.string()},
                              {"the report", request.report},
                              {"the Markdown", request.markdown},
                              {"the split", request.write_split}});
    }
    return;
  }
  if (!request.search.space.empty()) {
    request.search.scores = beside(request.out, ".search.jsonl");
    request.search.recipe = beside(request.out, ".recipe.json");
    request.search.markdown = request.markdown;
    request.search.resume = request.checkpoints.resume;
    request.search.jobs = request.jobs;
    for (const auto& root : request.roots) {
      require_distinct_files({{"the corpus", root.string()},
                              {"the space", request.search.space},
                              {"the scores", request.search.scores},
                              {"the best recipe", request.search.recipe},
                              {"the Markdown", request.markdown},
                              {"the split", request.write_split}});
    }
    return;
  }
  // The only report of folds without a model is the one that is named; beside a model's, or where
  // none is named, that of the folds has a name of its own and does not replace the model's.
  const bool named_is_of_folds = !request.final_model && !request.report.empty();
  request.folds = named_is_of_folds ? request.report : beside(request.out, ".folds.json");
  if (request.report.empty()) request.report = beside(request.out, ".report.json");
  for (const auto& root : request.roots) {
    require_distinct_files({{"the corpus", root.string()},
                            {"the model", request.out},
                            {"the report", request.report},
                            {"the folder of the page", request.page.folder},
                            {"the report of the folds", named_is_of_folds ? "" : request.folds},
                            {"the ONNX file", request.onnx},
                            {"the picture", request.picture},
                            {"the split", request.write_split}});
  }
}

std::vector<std::uint64_t> settle_seeds(const TrainingRequest& request, train::Recipe& recipe) {
  if (request.seeds.empty()) return {recipe.seed};
  auto seeds = parse_seeds(request.seeds);
  recipe.seed = seeds.front();
  if (seeds.size() > 1 && !request.write_split.empty()) {
    throw core::ConfigError("E_USAGE",
                            "every seed has a split of its own; --write-split goes with one");
  }
  return seeds;
}

void check_request(TrainingRequest& request, const train::Recipe& recipe) {
  settle_reports(request);
  if (request.roots.empty()) {
    throw core::ConfigError("E_USAGE", "which recordings? name their folder: ser-train CORPUS");
  }
  if ((!request.onnx.empty() || !request.picture.empty()) && !recipe.members.empty()) {
    throw core::ConfigError("E_USAGE",
                            "--export-onnx, --picture: an ensemble has several networks; train "
                            "one of its recipes alone");
  }
  if (!request.markdown.empty() && request.compare.empty() && request.search.space.empty()) {
    throw core::ConfigError("E_USAGE", "--markdown is the table of --compare or --search");
  }
  if (request.checkpoints.resume && !request.compare.empty()) {
    throw core::ConfigError("E_USAGE", "--resume: a comparison keeps no checkpoints");
  }
  if (request.split_only && request.write_split.empty()) {
    throw core::ConfigError("E_USAGE", "--split-only needs to know where to: --write-split FILE");
  }
}

std::string beside(std::filesystem::path model, const char* extension) {
  return model.replace_extension(extension).string();
}

}  // namespace ser::apps
