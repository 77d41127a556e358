#include "evaluation_request.h"

#include "ser/core/error.h"
#include "ser/corpus/display_name.h"
#include "ser/eval/metric_table.h"

#include "app_main.h"
#include "reading_options.h"

namespace ser::apps {
namespace {

void add_corpus_options(CLI::App& app, EvaluationRequest& request) {
  app.add_option("CORPUS", request.roots,
                 "folder with the recordings, or manifest (.csv, .tsv, .jsonl); several are one");
  app.add_option("-m,--model", request.model,
                 "the model file, or the name of one that comes with the toolkit");
  app.add_option("-f,--format", request.format, "text, json or markdown")
      ->check(CLI::IsMember({"text", "json", "markdown"}))
      ->capture_default_str();
  app.add_option("--part", request.part,
                 "clips to score: unseen (the test part and what is new to the model), test, "
                 "validation, train, left-out (in no part by the protocol) or all")
      ->check(CLI::IsMember({"unseen", "test", "validation", "train", "left-out", "all"}))
      ->capture_default_str();
  app.add_option("--layout", request.layout, "how files are named; default: found by itself");
  app.add_option("--map", request.map,
                 "a label that becomes another, as in calm=neutral; repeatable; default: as in "
                 "training")
      ->join(',');
  app.add_option("--keep", request.keep, "the labels that are scored, with commas between")
      ->join(',');
  app.add_option("--drop", request.drop, "labels that are not scored, with commas between")
      ->join(',');
}

void add_score_options(CLI::App& app, EvaluationRequest& request) {
  app.add_option("--by", request.columns,
                 "also score each speaker, text, corpus, part, or value of another column of the "
                 "manifest by itself; repeatable")
      ->allow_extra_args(false)
      ->type_name("COLUMN");
  app.add_option("--threshold", request.threshold,
                 "abstain where the most probable class has less than this; coverage is reported")
      ->check(probability());
  auto* stress =
      app.add_flag("--stress", request.stress,
                   "also score the clips in noise, clipped, filtered, padded, cropped and so on; "
                   "gates take stress.CONDITION.METRIC");
  app.add_option("--stress-picture", request.files.stress_picture,
                 "also draw that, as .svg or .png by the name's ending")
      ->needs(stress);
  auto* importance =
      app.add_flag("--importance", request.importance,
                   "also say what the score rests on: the drop of the UAR when the features of one "
                   "kind are permuted among the clips");
  app.add_option("--importance-picture", request.files.importance_picture,
                 "also draw that, as .svg or .png by the name's ending")
      ->needs(importance);
  app.add_option("--repetitions", request.importance_config.repetitions,
                 "permutations of each kind of features")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str()
      ->needs(importance);
  app.add_option("--resamples", request.bootstrap.resamples, "for the intervals")
      ->check(CLI::Range(100, 100000))
      ->capture_default_str();
  app.add_option("--seed", request.bootstrap.seed, "of the resamples and permutations")
      ->capture_default_str();
}

void add_gate_options(CLI::App& app, EvaluationRequest& request) {
  const auto add = [&](const char* flag, eval::GateKind kind, const char* help) {
    app.add_option(flag, request.gates[kind], help)
        ->allow_extra_args(false)
        ->type_name("METRIC=VALUE");
  };
  add("--min", eval::GateKind::kMin,
      "least value of a metric, e.g. uar=0.6 or recall.happy=0.2; exit code 1 if missed");
  add("--max", eval::GateKind::kMax, "largest value, of metrics that are the better the lower");
  add("--min-ci", eval::GateKind::kMinInterval, "least value of the lower end of the interval");
  add("--max-ci", eval::GateKind::kMaxInterval, "largest value of its upper end");
  add("--max-drop", eval::GateKind::kMaxDrop, "by how much it may be worse than the baseline");
  app.add_option("--baseline", request.baseline, "an earlier evaluation in JSON, for --max-drop");
}

void add_compare_options(CLI::App& app, EvaluationRequest& request) {
  auto* compare =
      app.add_option("--compare", request.compare,
                     "also compare with another model, or an earlier evaluation in JSON, on the "
                     "same clips");
  app.add_option("--with", request.with,
                 "compare that evaluation with this one, both in JSON, and score nothing")
      ->needs(compare);
}

void add_output_options(CLI::App& app, EvaluationRequest& request) {
  app.add_option("-o,--out", request.files.out, "write there and not to standard output");
  app.add_option("--junit", request.files.junit, "also write the gates as a JUnit file");
  app.add_option("--markdown", request.files.markdown, "also write a summary in Markdown");
  app.add_option(
      "--picture", request.files.picture,
      "also draw confusion matrix, reliability and risk against coverage, as .svg or .png "
      "by the name's ending");
  auto* report = app.add_option("--report", request.files.page.folder,
                                "folder for a page to look at, with the clips that are labelled "
                                "wrong, and its Markdown twin")
                     ->type_name("DIR");
  app.add_flag("--embed-audio", request.files.page.embed_audio,
               "the page holds the sound of the clips that it lists")
      ->needs(report);
  app.add_option("--annotate", request.files.annotate,
                 "github: annotations and the step summary of GitHub Actions")
      ->check(CLI::IsMember({"github"}));
  add_reading_options(app);
  add_jobs_option(app, request.jobs);
}

}  // namespace

void add_evaluation_options(CLI::App& app, EvaluationRequest& request) {
  add_corpus_options(app, request);
  add_score_options(app, request);
  add_gate_options(app, request);
  add_compare_options(app, request);
  add_output_options(app, request);
}

std::vector<eval::Gate> gates_of(const EvaluationRequest& request) {
  std::vector<eval::Gate> gates;
  for (const auto& [kind, texts] : request.gates) {
    for (const auto& text : texts) {
      gates.push_back(eval::parse_gate(kind, text));
      const std::string& metric = gates.back().metric;
      const auto* of_all = eval::find_metric(metric)->of_all;
      if (!request.threshold && of_all != nullptr && of_all->needs_threshold) {
        throw core::ConfigError("E_GATE", metric + " needs a --threshold below which to abstain");
      }
      if (!request.stress && metric.starts_with("stress.")) {
        throw core::ConfigError("E_GATE", corpus::display_name(metric) + " needs --stress");
      }
    }
  }
  return gates;
}

}  // namespace ser::apps
