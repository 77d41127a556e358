#include <filesystem>
#include <map>
#include <optional>

#include <spdlog/spdlog.h>

#include "ser/core/error.h"
#include "ser/corpus/display_name.h"
#include "ser/dataset/group_statistics.h"
#include "ser/eval/bootstrap.h"
#include "ser/eval/comparison.h"
#include "ser/eval/evaluate.h"
#include "ser/eval/gate.h"
#include "ser/eval/groups.h"
#include "ser/eval/stress.h"
#include "ser/model/model_file.h"
#include "ser/report/comparison.h"
#include "ser/report/gates.h"

#include "app_main.h"
#include "corpus_talk.h"
#include "evaluation_outputs.h"
#include "evaluation_request.h"
#include "evaluation_scores.h"
#include "named_models.h"
#include "progress.h"
#include "recipe_options.h"

namespace ser::apps {
namespace {

constexpr int kRemarksShown = 10;

const std::map<std::string, eval::Part> kParts = {
    {"unseen", eval::Part::kUnseen},         {"test", eval::Part::kTest},
    {"validation", eval::Part::kValidation}, {"train", eval::Part::kTrain},
    {"left-out", eval::Part::kLeftOut},      {"all", eval::Part::kAll}};

void talk_remarks(const eval::Evaluation& evaluation, const corpus::Manifest& manifest) {
  if (evaluation.contaminated()) spdlog::warn("{}", evaluation.statement);
  if (evaluation.without_own_statistics > 0) {
    spdlog::warn(
        "{} clips were normalised by the training part's statistics: their {} is unknown "
        "or has fewer than {} clips",
        evaluation.without_own_statistics, evaluation.normalization, dataset::kLeastGroupSize);
  }
  for (const auto& [label, count] : evaluation.unknown_labels) {
    spdlog::warn("not scored: {} clips labelled \"{}\", which the model does not know", count,
                 label);
  }
  int shown = 0;
  for (const auto& failure : evaluation.failures) {
    if (shown++ == kRemarksShown) {
      spdlog::warn("... {} clips could not be used", evaluation.failures.size());
      break;
    }
    spdlog::warn("not scored: {}: {} {}", manifest.utterances[failure.utterance].id, failure.code,
                 failure.message);
  }
}

corpus::Manifest read_manifest(const EvaluationRequest& request,
                               const model::Recogniser& recogniser) {
  corpus::CorpusConfig config;
  config.layout = request.layout;
  config.labels = eval::label_mode(recogniser);
  auto manifest = corpus::read_corpora(request.roots, config);
  config.map =
      request.map.empty() ? eval::label_map(recogniser, manifest) : split_list(request.map);
  config.keep = split_list(request.keep);
  config.drop = split_list(request.drop);
  corpus::select_labels(manifest, config);
  talk_lines(corpus::describe(manifest));
  return manifest;
}

void talk_baseline(const std::optional<eval::Baseline>& baseline,
                   const eval::Evaluation& evaluation) {
  if (!baseline) return;
  if (baseline->clips != evaluation.metrics.clips || baseline->protocol != evaluation.protocol) {
    spdlog::warn(
        "the baseline is of {} clips, protocol {}; this is of {} clips, protocol {}: a "
        "difference may be one of the clips",
        baseline->clips, corpus::display_name(baseline->protocol), evaluation.metrics.clips,
        evaluation.protocol);
  }
}

report::GateReport gate_report(const Scores& scores, const corpus::Manifest& manifest,
                               const std::optional<eval::Baseline>& baseline,
                               const std::vector<eval::Gate>& gates) {
  const auto& evaluation = scores.evaluation;
  std::map<std::string, eval::Metrics> stressed;
  if (scores.stress) stressed = eval::metrics_of(*scores.stress);
  report::GateReport report{
      eval::check_gates(evaluation.metrics, scores.intervals, baseline, gates, stressed), {}, {}};
  if (evaluation.contaminated()) report.reservation = evaluation.statement;
  for (const auto& failure : evaluation.failures) {
    report.unusable.push_back(manifest.utterances[failure.utterance].id + ": " + failure.code +
                              " " + failure.message);
  }
  if (scores.importance) {
    for (const auto& failure : scores.importance->failures) {
      report.unusable.push_back(manifest.utterances[failure.utterance].id +
                                " permuted: " + failure.code + " " + failure.message);
    }
  }
  if (!scores.stress) return report;
  // A recording is one, under however many conditions it cannot be used.
  std::map<std::size_t, std::vector<const eval::StressFailure*>> by_recording;
  for (const auto& failure : scores.stress->failures) {
    by_recording[failure.utterance].push_back(&failure);
  }
  for (const auto& [utterance, failures] : by_recording) {
    const auto& first = *failures.front();
    const std::string others =
        failures.size() == 1 ? "" : " and " + std::to_string(failures.size() - 1) + " more";
    report.unusable.push_back(manifest.utterances[utterance].id + " under " + first.condition +
                              others + ": " + first.code + " " + first.message);
  }
  return report;
}

eval::Evaluation evaluate(const EvaluationRequest& request, const model::Recogniser& recogniser,
                          const corpus::Manifest& manifest, core::ThreadPool& pool) {
  Progress progress("clips");
  auto evaluation = eval::evaluate(
      recogniser, manifest, kParts.at(request.part), pool,
      [&](std::size_t done, std::size_t total) {
        if (talks_to_terminal()) progress.update(done, total);
      },
      stop_requested);
  progress.finish();
  return evaluation;
}

// What is compared with: the results in a file, or of another model.
class Other {
 public:
  explicit Other(const std::string& path) : path_(path) {
    if (path.empty()) return;
    if (std::filesystem::path(path).extension() == ".json") {
      results_ = eval::read_results(path);
    } else {
      recogniser_.emplace(model::load_model(find_model(path)));
    }
  }

  std::optional<eval::Comparison> compare(const EvaluationRequest& request, const Scores& scores,
                                          const corpus::Manifest& manifest,
                                          core::ThreadPool& pool) {
    if (path_.empty()) return std::nullopt;
    if (recogniser_) {
      const auto evaluation = evaluate(request, *recogniser_, manifest, pool);
      spdlog::info("of {}:", corpus::display_name(path_));
      talk_remarks(evaluation, manifest);
      results_ = eval::named_results(path_, evaluation, manifest);
    }
    return eval::compare(*results_, eval::named_results(request.model, scores.evaluation, manifest),
                         request.bootstrap, pool, request.threshold);
  }

 private:
  std::string path_;
  std::optional<eval::NamedResults> results_;
  std::optional<model::Recogniser> recogniser_;
};

Scores score(const EvaluationRequest& request, const model::Recogniser& recogniser,
             const corpus::Manifest& manifest, core::ThreadPool& pool) {
  // A column that is not there, and a model that cannot be looked into, are found before the work.
  for (const auto& column : request.columns) eval::column_of(manifest, {}, column);
  if (request.importance) recogniser.only();
  Scores scores{evaluate(request, recogniser, manifest, pool), {}, {}, {}, {}, {}};
  auto& evaluation = scores.evaluation;
  if (request.threshold) {
    evaluation.metrics = eval::compute_metrics(evaluation.clips, request.threshold);
  }
  scores.intervals =
      eval::bootstrap(evaluation.clips, eval::column_of(manifest, evaluation.utterances, "speaker"),
                      request.bootstrap, pool, request.threshold);
  for (const auto& column : request.columns) {
    scores.groupings.push_back(eval::group_by(column, manifest, evaluation.utterances,
                                              evaluation.clips, request.bootstrap, pool,
                                              request.threshold));
  }
  if (request.stress) {
    Progress progress("under stress");
    scores.stress = eval::stress(
        recogniser, manifest, evaluation, pool,
        [&](std::size_t done, std::size_t total) { progress.update(done, total); }, stop_requested);
    progress.finish();
  }
  if (request.importance) {
    auto config = request.importance_config;
    config.seed = request.bootstrap.seed;
    Progress progress("permuted");
    scores.importance = eval::permutation_importance(
        recogniser.only(), manifest, evaluation, config, pool,
        [&](std::size_t done, std::size_t total) { progress.update(done, total); }, stop_requested);
    progress.finish();
  }
  return scores;
}

// Two files of results: no recording is read.
int compare_files(const EvaluationRequest& request) {
  if (!request.model.empty() || !request.roots.empty() || !request.columns.empty() ||
      !gates_of(request).empty() || !request.baseline.empty() || !request.files.junit.empty() ||
      !request.files.annotate.empty() || !request.files.picture.empty() ||
      !request.files.page.folder.empty() || request.threshold || request.stress ||
      request.importance) {
    throw core::ConfigError(
        "E_USAGE",
        "--with compares two files and scores nothing: it takes no model, no "
        "recordings, no gate, no --baseline, no --junit, no --annotate, no "
        "--picture, no --report, no --by, no --threshold, no --stress and no --importance");
  }
  const auto before = eval::read_results(request.compare);
  const auto after = eval::read_results(request.with);
  EvaluationOutputs outputs(
      request.files, {{"the file before", request.compare}, {"the file after", request.with}});
  core::ThreadPool pool(request.jobs);
  const auto comparison = eval::compare(before, after, request.bootstrap, pool);
  const auto markdown = report::comparison_markdown(comparison);
  std::string text = markdown;
  if (request.format == "json") {
    text = core::json_text(eval::to_json(comparison), 2) + "\n";
  } else if (request.format == "text") {
    text = report::comparison_text(comparison);
  }
  outputs.write(text, markdown, {}, {}, {});
  return kDone;
}

int run(const EvaluationRequest& request) {
  if (!request.with.empty()) return compare_files(request);
  if (request.model.empty() || request.roots.empty()) {
    throw core::ConfigError("E_USAGE",
                            "which model, and which recordings? ser-eval --model MODEL CORPUS");
  }
  if (!request.files.page.folder.empty() && !names_report_folder(request.files.page.folder)) {
    throw core::ConfigError("E_USAGE",
                            "--report is a folder for a page; the evaluation in JSON is "
                            "--format json --out FILE");
  }
  const auto gates = gates_of(request);
  const std::string model_path = find_model(request.model);
  std::vector<std::pair<std::string, std::string>> inputs = {{"the model", model_path}};
  for (const auto& root : request.roots) inputs.emplace_back("the corpus", root.string());
  EvaluationOutputs outputs(request.files, inputs);
  std::optional<eval::Baseline> baseline;
  if (!request.baseline.empty()) baseline = eval::read_baseline(request.baseline);
  const auto recogniser = model::load_model(model_path);
  eval::require_checkable(gates, recogniser.classes(), baseline);
  Other other(request.compare);
  const auto manifest = read_manifest(request, recogniser);
  core::ThreadPool pool(request.jobs);
  talk_survey(manifest, pool);
  Scores scores = score(request, recogniser, manifest, pool);
  scores.comparison = other.compare(request, scores, manifest, pool);
  const auto& evaluation = scores.evaluation;
  talk_remarks(evaluation, manifest);
  talk_baseline(baseline, evaluation);
  const auto report = gate_report(scores, manifest, baseline, gates);

  const std::string protocol = eval::protocol_name(evaluation.protocol, evaluation.speakers);
  std::string markdown = markdown_text(scores, protocol);
  std::string text;
  if (request.format == "json") {
    text = json_text(request, scores, manifest, report.gates);
  } else if (request.format == "markdown") {
    text = markdown;
  } else {
    text = plain_text(scores, protocol);
  }
  if (const auto summary = report::gates_markdown(report); !summary.empty()) {
    markdown = summary + "\n" + markdown;
  }
  std::optional<report::PageContent> page;
  if (outputs.has_page()) {
    page = report::page_content(evaluation, scores.intervals, scores.groupings, scores.stress,
                                {request.model, recogniser, manifest}, request.bootstrap, pool);
  }
  outputs.write(text, markdown, report, pictures(request, scores, protocol), page);
  if (const auto line = report::verdict(report); !line.empty()) {
    // The last line; JSON on stdout has to stay JSON.
    if (request.format == "json" || outputs.has_out()) {
      spdlog::info("{}", line);
    } else {
      print("\n" + line + "\n");
    }
  }
  return report.passed() ? kDone : kIncomplete;
}

}  // namespace
}  // namespace ser::apps

int main(int argc, char** argv) try {
  ser::apps::begin_program("ser-eval");
  using namespace ser;
  CLI::App app("Scores a recogniser on labelled recordings.", "ser-eval");
  apps::EvaluationRequest request;
  request.bootstrap.stop_requested = apps::stop_requested;
  apps::add_evaluation_options(app, request);
  return apps::run_app(app, argc, argv, [&] { return apps::run(request); });
} catch (...) {
  return ser::apps::report_exception();
}
