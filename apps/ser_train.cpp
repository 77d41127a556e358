#include <filesystem>
#include <optional>

#include <spdlog/spdlog.h>

#include "ser/core/error.h"
#include "ser/corpus/display_name.h"
#include "ser/corpus/fold_list.h"
#include "ser/corpus/split_file.h"
#include "ser/dataset/group_statistics.h"
#include "ser/interchange/onnx.h"
#include "ser/model/model_file.h"
#include "ser/report/cross_validation.h"
#include "ser/report/evaluation.h"
#include "ser/report/recipe_comparison.h"
#include "ser/report/training.h"
#include "ser/train/cross_validation.h"
#include "ser/train/recipe_comparison.h"
#include "ser/train/report.h"
#include "ser/train/search.h"
#include "ser/train/train_classifier.h"

#include "app_main.h"
#include "corpus_talk.h"
#include "output_file.h"
#include "picture_file.h"
#include "recipe_options.h"
#include "search_run.h"
#include "seed_list.h"
#include "training_checkpoints.h"
#include "training_talk.h"

namespace ser::apps {
namespace {

// What a reader of the score has to know of it first.
std::string reservations(const train::TrainingReport& report) {
  std::string text;
  for (const auto& leak : report.leaks.allowed) {
    text += "LEAK ALLOWED: " + leak.kind + ": " + leak.statement + "\n";
  }
  const auto statement = dataset::normalization_statement(report.recipe.normalization);
  return statement.empty() ? text : text + statement + "\n";
}

// The temperature and what it did.
std::string calibration_line(const train::TrainingReport& report) {
  const auto& calibration = report.calibration;
  if (calibration.clips == 0) return "not calibrated: probabilities are the network's own\n";
  std::string text = fmt::format("temperature {:.3f}, fitted on {} validation clips",
                                 calibration.temperature, calibration.clips);
  if (calibration.altered_copies > 0) {
    text += fmt::format(" in {} copies by altered voices, as their own are trained on",
                        calibration.altered_copies);
  }
  const auto add = [&](const char* part, const std::optional<double>& before,
                       const std::optional<eval::Metrics>& after) {
    if (!before || !after) return;
    text += fmt::format("; calibration error of the {} part {:.4f} before, {:.4f} after", part,
                        *before, after->of_probabilities->ece);
  };
  add("validation", calibration.validation_ece_before, report.validation);
  add("test", calibration.test_ece_before, report.test);
  return text + "\n";
}

std::string statement(const train::TrainingReport& report) {
  return fmt::format("recipe {}, seed {}, protocol {} ({}): {}", report.recipe.name,
                     report.recipe.seed, report.split.protocol,
                     corpus::speaker_dependence(report.manifest, report.split),
                     report.split.statement);
}

// Of a report or of a member's record.
template <class Trained>
std::string fit_line(const Trained& trained) {
  return fmt::format("best epoch {} of {}; {} parameters; {} training rows", trained.fit.best_epoch,
                     trained.fit.history.size(), trained.parameter_count,
                     trained.training_examples);
}

// Of all members together.
std::size_t epochs_of(const train::TrainingReport& report) {
  std::size_t epochs = report.fit.history.size();
  for (const auto& member : report.members) epochs += member.fit.history.size();
  return epochs;
}

// What stands on stdout at the end: the score, and what it is a score of.
std::string summary(const train::TrainingReport& report) {
  std::string text = statement(report) + "\n";
  for (const auto& member : report.members) {
    text += fmt::format("member {}: {}", corpus::display_name(member.name), fit_line(member));
    if (member.test) text += fmt::format("; UAR of the test part {:.4f}", member.test->uar);
    text += "\n";
  }
  text += report.members.empty() ? fit_line(report) + "\n" : "the mean of their probabilities:\n";
  text += calibration_line(report);
  if (report.test) {
    text +=
        "\ntest part, used once:\n" + reservations(report) + report::evaluation_text(*report.test);
  } else if (report.validation) {
    text += "\nno test part; validation part (it chose the epoch, so this is too good):\n" +
            reservations(report) + report::evaluation_text(*report.validation);
  } else {
    text += "\nno test part and no validation part: nothing is known about this model\n";
  }
  return text;
}

// "emotions.report.json" beside "emotions.ser".
std::string beside(std::filesystem::path model, const char* extension) {
  return model.replace_extension(extension).string();
}

// What ser-train was asked for beside the recipe.
struct Request {
  std::vector<std::filesystem::path> roots;
  std::string out = "emotions.ser";
  std::string report;  // of the model
  std::string folds;   // the report of folds, which make no model
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

void add_options(CLI::App& app, Request& request) {
  app.add_option("CORPUS", request.roots,
                 "folder with the recordings, or manifest (.csv, .tsv, .jsonl); several are one");
  app.add_option("-o,--out", request.out, "the model file")->capture_default_str();
  app.add_option("--report", request.report,
                 "the report (default: the model's name with .report.json; of folds .folds.json)");
  app.add_option("--export-onnx", request.onnx, "also write the model as ONNX, as ser-export does");
  app.add_option("--picture", request.picture,
                 "also draw loss and accuracy over the epochs of the model, as .svg or .png by the "
                 "name's ending");
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

// What is trained: the recipe, or several to be compared.
std::vector<train::NamedRecipe> settle_recipes(const RecipeOptions& options,
                                               const Request& request) {
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

// Where each output goes; no two to one place, and none to what is read.
void settle_outputs(Request& request) {
  if (request.split_only && request.write_split.empty()) {
    throw core::ConfigError("E_USAGE", "--split-only needs to know where to: --write-split FILE");
  }
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
                            {"the report of the folds", named_is_of_folds ? "" : request.folds},
                            {"the ONNX file", request.onnx},
                            {"the picture", request.picture},
                            {"the split", request.write_split}});
  }
}

std::vector<std::uint64_t> settle_seeds(const Request& request, train::Recipe& recipe) {
  if (request.seeds.empty()) return {recipe.seed};
  auto seeds = parse_seeds(request.seeds);
  recipe.seed = seeds.front();
  if (seeds.size() > 1 && !request.write_split.empty()) {
    throw core::ConfigError("E_USAGE",
                            "every seed has a split of its own; --write-split goes with one");
  }
  return seeds;
}

std::string json_text(const core::Json& json) { return core::json_text(json, 2) + "\n"; }

// What training makes, and its report.
struct ModelFiles {
  explicit ModelFiles(const Request& request)
      : model(request.out), report(request.report), onnx(request.onnx), picture(request.picture) {}

  void write(const train::TrainingResult& result, const core::Json& json) {
    const auto& fit = result.report.fit;
    report.write(json_text(json));
    model.write(model::serialize(result.classifier));
    if (onnx) interchange::write_onnx(result.classifier.only(), onnx.sink());
    picture.write(report::epochs_picture(fit.history, fit.best_epoch, statement(result.report)));
  }

  OutputFile model;
  OutputFile report;
  OutputFile onnx;
  PictureFile picture;
};

// Makes each fold once, so that what is wrong with one is found before the work, and writes it if
// there is a file for them. They may be more than fit into memory, so that none is kept but the
// fold of a protocol that has no other.
std::optional<corpus::Split> settle_folds(const corpus::Manifest& manifest,
                                          const train::Recipe& recipe, OutputFile& file) {
  const auto folds =
      corpus::list_folds(manifest, recipe.split, core::RandomStream(recipe.seed).fork("split"));
  corpus::Split fold = folds->make(0);
  std::optional<corpus::SplitFileText> text;
  if (file) {
    text.emplace(manifest, fold.protocol, recipe.seed);
    text->add(fold);
  }
  for (std::size_t f = 1; f < folds->size(); ++f) {
    fold = folds->make(f);
    if (text) text->add(fold);
  }
  if (text) file.write(text->finish());
  return folds->size() == 1 ? std::optional(std::move(fold)) : std::nullopt;
}

// All files are open before the work, that of the split with its content: one that cannot be
// written is found before hours of it. They appear together, at the end.
int train_one(const Request& request, const train::Recipe& recipe, corpus::Manifest manifest,
              corpus::Split split, OutputFile& split_file) {
  ModelFiles files(request);
  TrainingCheckpoints checkpoints(beside(request.out, ".checkpoints"), request.checkpoints, recipe,
                                  {recipe.seed}, manifest, false);
  core::ThreadPool pool(request.jobs);
  const auto survey = talk_survey(manifest, pool);
  TerminalObserver observer(checkpoints.get());
  auto result = checkpoints.guard([&] {
    return train::train_on_split(request.roots.front(), std::move(manifest), std::move(split),
                                 recipe, pool, observer);
  });
  observer.finish();
  auto& report = result.report;
  report.survey = survey;
  talk_remarks(report.manifest, report.failures, report.warnings);
  talk_removed(report.manifest, report.leaks.removed);
  talk_label_conflicts(report.manifest, report.leaks.label_conflicts);
  talk_normalization(report.recipe.normalization, report.without_own_statistics);

  files.write(result, train::to_json(report));
  commit({&split_file, &files.report, &files.model, &files.onnx, &files.picture});
  checkpoints.remove();
  print(summary(report));
  spdlog::info("features {:.1f} s, training {:.1f} s ({:.2f} s an epoch), {} jobs",
               report.timing.features_s, report.timing.training_s,
               report.timing.training_s / static_cast<double>(epochs_of(report)), request.jobs);
  return report.failures.empty() ? kDone : kIncomplete;
}

int train_folds(const Request& request, const train::Recipe& recipe,
                const std::vector<std::uint64_t>& seeds, corpus::Manifest manifest,
                OutputFile& split_file) {
  if (!request.final_model && (!request.onnx.empty() || !request.picture.empty())) {
    throw core::ConfigError("E_USAGE",
                            "each fold has a model of its own, so that there is none for "
                            "--export-onnx and --picture; --final trains one on everything");
  }
  std::optional<ModelFiles> files;
  if (request.final_model) files.emplace(request);
  OutputFile folds_file(request.folds);
  TrainingCheckpoints checkpoints(
      beside(request.final_model ? request.out : request.folds, ".checkpoints"),
      request.checkpoints, recipe, seeds, manifest, request.final_model);
  core::ThreadPool pool(request.jobs);
  const auto survey = talk_survey(manifest, pool);
  FoldObserver fold_observer(checkpoints.get());
  auto report = checkpoints.guard([&] {
    return train::cross_validate(request.roots.front(), std::move(manifest), recipe, seeds,
                                 request.jobs, fold_observer);
  });
  report.survey = survey;
  talk_findings(report);
  // Whole, whatever becomes of the last model: hours of folds are not lost with it.
  folds_file.write(json_text(train::to_json(report)));
  commit({&split_file, &folds_file});
  print(report::cross_validation_text(report));
  if (files) {
    TerminalObserver observer(checkpoints.get());
    auto result = checkpoints.guard([&] { return train::train_final(report, pool, observer); });
    observer.finish();
    result.report.survey = survey;
    auto json = train::to_json(result.report);
    json["cross_validation"] = train::summary_json(report);
    files->write(result, json);
    commit({&files->report, &files->model, &files->onnx, &files->picture});
  }
  checkpoints.remove();
  spdlog::info("features {:.1f} s, {} runs {:.1f} s, {} at once, {} jobs", report.timing.features_s,
               report.runs.size(), report.timing.training_s, report.folds_at_once, request.jobs);
  spdlog::info("{}", files
                         ? "the model was trained on everything, so its score is that of the folds"
                         : "no model, since each fold has its own (--final trains one on "
                           "everything)");
  return report.failures.empty() ? kDone : kIncomplete;
}

int compare_recipes(const Request& request, std::vector<train::NamedRecipe> recipes,
                    const std::vector<std::uint64_t>& seeds, const corpus::Manifest& manifest,
                    OutputFile& split_file) {
  OutputFile report_file(request.report);
  OutputFile markdown_file(request.markdown);
  core::ThreadPool pool(request.jobs);
  const auto survey = talk_survey(manifest, pool);
  FoldObserver observer(nullptr);
  auto compared = train::compare_recipes(request.roots.front(), manifest, std::move(recipes), seeds,
                                         request.jobs, observer);
  bool complete = true;
  for (auto& [name, report] : compared) {
    report.survey = survey;
    spdlog::info("recipe {}: features {:.1f} s, {} runs {:.1f} s, {} at once, {} jobs",
                 corpus::display_name(name), report.timing.features_s, report.runs.size(),
                 report.timing.training_s, report.folds_at_once, request.jobs);
    talk_findings(report);
    complete = complete && report.failures.empty();
  }
  report_file.write(json_text(train::to_json(compared)));
  markdown_file.write(report::recipe_comparison_markdown(compared));
  commit({&split_file, &report_file, &markdown_file});
  print(report::recipe_comparison_text(compared));
  return complete ? kDone : kIncomplete;
}

}  // namespace
}  // namespace ser::apps

int main(int argc, char** argv) {
  using namespace ser;
  CLI::App app("Trains a speech emotion recogniser on a folder tree of recordings.", "ser-train");
  apps::Request request;
  apps::add_options(app, request);
  const apps::RecipeOptions options(app);
  apps::add_exclusions(app);

  return apps::run_app(app, argc, argv, [&]() -> int {
    auto recipes = apps::settle_recipes(options, request);
    train::Recipe& recipe = recipes.front().recipe;
    const auto seeds = apps::settle_seeds(request, recipe);
    if (request.print_config) {
      apps::print(core::json_text(core::config_to_json(recipe), 2) + "\n");
      return apps::kDone;
    }
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
    apps::settle_outputs(request);
    auto manifest = corpus::read_corpora(request.roots, recipe.corpus);
    apps::talk_lines(corpus::describe(manifest));
    apps::OutputFile split_file(request.write_split);
    auto only_fold = apps::settle_folds(manifest, recipe, split_file);
    if (request.checkpoints.resume && !request.compare.empty()) {
      throw core::ConfigError("E_USAGE", "--resume: a comparison keeps no checkpoints");
    }
    if (request.split_only) {
      apps::commit({&split_file});
      return apps::kDone;
    }
    if (!request.search.space.empty()) {
      if (!only_fold) {
        throw core::ConfigError("E_USAGE",
                                "--search chooses by the training and validation part of one split "
                                "and makes folds of these itself; found protocol " +
                                    recipe.split.protocol + ", which has several folds");
      }
      apps::commit({&split_file});
      return apps::search_recipes(request.search, recipe, manifest, *only_fold);
    }
    if (!request.compare.empty()) {
      return apps::compare_recipes(request, std::move(recipes), seeds, manifest, split_file);
    }
    if (only_fold && seeds.size() == 1 && !request.final_model) {
      return apps::train_one(request, recipe, std::move(manifest), std::move(*only_fold),
                             split_file);
    }
    return apps::train_folds(request, recipe, seeds, std::move(manifest), split_file);
  });
}
