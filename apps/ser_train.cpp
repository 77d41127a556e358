#include <optional>

#include <spdlog/spdlog.h>

#include "ser/core/error.h"
#include "ser/corpus/display_name.h"
#include "ser/corpus/fold_list.h"
#include "ser/corpus/split_file.h"
#include "ser/interchange/onnx.h"
#include "ser/model/model_file.h"
#include "ser/report/cross_validation.h"
#include "ser/report/recipe_comparison.h"
#include "ser/report/terminal.h"
#include "ser/report/training.h"
#include "ser/train/cross_validation.h"
#include "ser/train/recipe_comparison.h"
#include "ser/train/report.h"
#include "ser/train/train_classifier.h"

#include "app_main.h"
#include "corpus_talk.h"
#include "output_file.h"
#include "picture_file.h"
#include "report_page.h"
#include "search_run.h"
#include "terminal_options.h"
#include "training_checkpoints.h"
#include "training_request.h"
#include "training_summary.h"
#include "training_talk.h"

namespace ser::apps {
namespace {

std::string json_text(const core::Json& json) { return core::json_text(json, 2) + "\n"; }

// Of all members together.
std::size_t epochs_of(const train::TrainingReport& report) {
  std::size_t epochs = report.fit.history.size();
  for (const auto& member : report.members) epochs += member.fit.history.size();
  return epochs;
}

// What training makes, and its report.
struct ModelFiles {
  explicit ModelFiles(const TrainingRequest& request)
      : model(request.out), report(request.report), onnx(request.onnx), picture(request.picture) {}

  void write(const train::TrainingResult& result, const core::Json& json) {
    const auto& fit = result.report.fit;
    report.write(json_text(json));
    model.write(model::serialize(result.classifier));
    if (onnx) interchange::write_onnx(result.classifier.only(), onnx.sink());
    picture.write(
        report::epochs_picture(fit.history, fit.best_epoch, training_statement(result.report)));
  }

  OutputFile model;
  OutputFile report;
  OutputFile onnx;
  PictureFile picture;
};

eval::BootstrapConfig page_intervals() {
  eval::BootstrapConfig config;
  config.stop_requested = stop_requested;
  return config;
}

// Where people look and no program reads on: which class is taken for which, at a glance.
void print_confusion(const std::optional<eval::Metrics>& metrics) {
  if (!metrics || !prints_to_terminal()) return;
  print("\nEach class (rows), and what it was taken for (columns, in the same order)\n" +
        report::terminal_confusion(*metrics, terminal_style()));
}

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
int train_one(const TrainingRequest& request, const train::Recipe& recipe,
              corpus::Manifest manifest, corpus::Split split, OutputFile& split_file) {
  ModelFiles files(request);
  ReportPage page(request.page);
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
  if (page) page.write(report::page_content(report, page_intervals(), pool));
  commit({&split_file, &files.report, &files.model, &files.onnx, &files.picture, page.page(),
          page.card()});
  page.keep();
  checkpoints.remove();
  print(training_summary(report));
  print_confusion(report.test ? report.test : report.validation);
  spdlog::info("features {:.1f} s, training {:.1f} s ({:.2f} s an epoch), {} jobs",
               report.timing.features_s, report.timing.training_s,
               report.timing.training_s / static_cast<double>(epochs_of(report)), request.jobs);
  return report.failures.empty() ? kDone : kIncomplete;
}

int train_folds(const TrainingRequest& request, const train::Recipe& recipe,
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
  ReportPage page(request.page);
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
  if (page) {
    auto content = report::page_content(report, page_intervals(), pool);
    if (files) content.statement += " The model was trained on all clips afterwards.";
    page.write(content);
  }
  commit({&split_file, &folds_file, page.page(), page.card()});
  page.keep();
  print(report::cross_validation_text(report));
  print_confusion(report.pooled);
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

int compare_recipes(const TrainingRequest& request, std::vector<train::NamedRecipe> recipes,
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

int main(int argc, char** argv) try {
  ser::apps::begin_program("ser-train");
  using namespace ser;
  CLI::App app("Trains a speech emotion recogniser on a folder tree of recordings.", "ser-train");
  apps::TrainingRequest request;
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
    apps::check_request(request, recipe);
    apps::settle_outputs(request);
    auto manifest = corpus::read_corpora(request.roots, recipe.corpus);
    apps::talk_lines(corpus::describe(manifest));
    apps::OutputFile split_file(request.write_split);
    auto only_fold = apps::settle_folds(manifest, recipe, split_file);
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
} catch (...) {
  return ser::apps::report_exception();
}
