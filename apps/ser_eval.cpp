#include <filesystem>
#include <map>
#include <optional>

#include <spdlog/spdlog.h>

#include "ser/core/file.h"
#include "ser/dataset/group_statistics.h"
#include "ser/eval/evaluate.h"
#include "ser/eval/gate.h"
#include "ser/model/model_file.h"
#include "ser/report/evaluation.h"

#include "app_main.h"
#include "corpus_talk.h"
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

std::string verdict(const std::vector<eval::GateResult>& results) {
  std::string missed;
  for (const auto& result : results) {
    if (result.outcome == eval::GateResult::Outcome::kPassed) continue;
    missed +=
        fmt::format("{}{} is {:.4f}, at least {:.4f} was asked for", missed.empty() ? "" : "; ",
                    result.gate.metric, result.value, result.gate.minimum);
  }
  if (!missed.empty()) return "GATE MISSED: " + missed + "\n";
  return fmt::format("GATE PASSED: {} of {}\n", results.size(), results.size());
}

core::Json gates_json(const std::vector<eval::GateResult>& results) {
  core::Json list = core::Json::array();
  for (const auto& result : results) {
    list.push_back({{"metric", result.gate.metric},
                    {"minimum", result.gate.minimum},
                    {"value", result.value},
                    {"passed", result.outcome == eval::GateResult::Outcome::kPassed}});
  }
  return list;
}

// One is a text, as it always was; several are a list.
core::Json corpora_json(const std::vector<std::filesystem::path>& roots) {
  if (roots.size() == 1) return roots.front().string();
  core::Json list = core::Json::array();
  for (const auto& root : roots) list.push_back(root.string());
  return list;
}

}  // namespace
}  // namespace ser::apps

int main(int argc, char** argv) {
  using namespace ser;
  CLI::App app("Scores a recogniser on labelled recordings.", "ser-eval");
  std::vector<std::filesystem::path> roots;
  std::string model_path;
  std::string format = "text";
  std::string part = "unseen";
  std::string layout = "auto";
  std::string map;
  std::string keep;
  std::string drop;
  std::vector<std::string> minima;
  std::string out;
  int jobs = 1;
  app.add_option("CORPUS", roots,
                 "folder with the recordings, or manifest (.csv, .tsv, .jsonl); several are one")
      ->required();
  app.add_option("-m,--model", model_path, "the model file")->required();
  app.add_option("-f,--format", format, "text, json or markdown")
      ->check(CLI::IsMember({"text", "json", "markdown"}))
      ->capture_default_str();
  app.add_option("--part", part,
                 "clips to score: unseen (the test part and what is new to the model), test, "
                 "validation, train, left-out (in no part by the protocol) or all")
      ->check(CLI::IsMember({"unseen", "test", "validation", "train", "left-out", "all"}))
      ->capture_default_str();
  app.add_option("--layout", layout, "how files are named; default: found by itself");
  app.add_option("--map", map,
                 "a label that becomes another, as in calm=neutral; repeatable; default: as in "
                 "training")
      ->join(',');
  app.add_option("--keep", keep, "the labels that are scored, with commas between")->join(',');
  app.add_option("--drop", drop, "labels that are not scored, with commas between")->join(',');
  app.add_option("--min", minima,
                 "least value of a metric, e.g. uar=0.6 or recall.happy=0.2; exit code 1 if missed")
      ->expected(1)
      ->type_name("METRIC=VALUE");
  app.add_option("-o,--out", out, "write there and not to standard output");
  apps::add_jobs_option(app, jobs);

  return apps::run_app(app, argc, argv, [&]() -> int {
    std::vector<eval::Gate> gates;
    for (const auto& text : minima) gates.push_back(eval::parse_gate(text));
    const auto classifier = model::load_model(model_path);
    std::optional<core::AtomicFile> file;
    if (!out.empty()) file.emplace(out);

    corpus::CorpusConfig config;
    config.layout = layout;
    config.labels = eval::label_mode(classifier);
    auto manifest = corpus::read_corpora(roots, config);
    config.map = map.empty() ? eval::label_map(classifier, manifest) : apps::split_list(map);
    config.keep = apps::split_list(keep);
    config.drop = apps::split_list(drop);
    corpus::select_labels(manifest, config);
    apps::talk_lines(corpus::describe(manifest));
    core::ThreadPool pool(jobs);
    apps::talk_survey(manifest, pool);
    apps::Progress progress("clips");
    const auto evaluation = eval::evaluate(
        classifier, manifest, apps::kParts.at(part), pool,
        [&](std::size_t done, std::size_t total) {
          if (apps::talks_to_terminal()) progress.update(done, total);
        },
        apps::stop_requested);
    progress.finish();
    apps::talk_remarks(evaluation, manifest);
    const auto results = eval::check_gates(evaluation.metrics, gates);

    const std::string protocol =
        evaluation.protocol + (evaluation.speakers.empty() ? "" : " (" + evaluation.speakers + ")");
    std::string text;
    if (format == "json") {
      auto json = eval::to_json(evaluation, manifest);
      json["model"] = model_path;
      json["corpus"] = apps::corpora_json(roots);
      json["gates"] = apps::gates_json(results);
      text = json.dump(2, ' ', false, core::Json::error_handler_t::replace) + "\n";
    } else if (format == "markdown") {
      text = "Protocol: **" + protocol + "**. " + evaluation.statement + "\n\n" +
             report::evaluation_markdown(evaluation.metrics);
    } else {
      text = "protocol " + protocol + "; " + evaluation.statement + "\n\n" +
             report::evaluation_text(evaluation.metrics);
    }
    if (file) {
      file->write(text);
      file->commit();
    } else {
      apps::print(text);
    }
    bool missed = false;
    for (const auto& result : results) {
      missed = missed || result.outcome == eval::GateResult::Outcome::kMissed;
    }
    if (!results.empty()) {
      // The last line; JSON on stdout has to stay JSON.
      if (format == "json" || file) {
        spdlog::info("{}", apps::verdict(results).substr(0, apps::verdict(results).size() - 1));
      } else {
        apps::print("\n" + apps::verdict(results));
      }
    }
    return missed || !evaluation.failures.empty() ? apps::kIncomplete : apps::kDone;
  });
}
