#include <algorithm>
#include <limits>
#include <map>

#include <spdlog/spdlog.h>

#include "ser/core/error.h"
#include "ser/core/interrupted.h"
#include "ser/dataset/clip_features.h"
#include "ser/dataset/clip_loader.h"
#include "ser/dataset/group_statistics.h"
#include "ser/model/model_file.h"
#include "ser/report/prediction_rows.h"

#include "app_main.h"
#include "explain_recording.h"
#include "recording_inputs.h"

namespace ser::apps {
namespace {

// Recordings whose features are in memory at one time.
constexpr std::size_t kBlock = 64;

// All inputs are of one speaker (one corpus), so that they can be normalised by their own
// statistics; otherwise each is normalised by those of the training part.
enum class Inputs { kUnrelated, kTogether };

struct Counts {
  std::size_t rows = 0;
  std::size_t failures = 0;
  std::size_t abstained = 0;
};

// Turns paths into rows, block by block: features in parallel, one pass of the network, rows in the
// order of the input.
class Predictor {
 public:
  Predictor(const model::EmotionClassifier& classifier, const report::PredictionRowWriter& writer,
            core::ThreadPool& pool, Inputs inputs)
      : classifier_(classifier),
        writer_(writer),
        pool_(pool),
        block_(inputs == Inputs::kTogether ? std::numeric_limits<std::size_t>::max() : kBlock),
        workspaces_(static_cast<std::size_t>(pool.jobs())) {}

  void add(std::string path) {
    paths_.push_back(std::move(path));
    if (paths_.size() >= block_) flush();
  }

  // A row for an input that is no recording at all.
  void add_failure(const std::string& path, const core::Error& error) {
    refused_[paths_.size()] = {path, {}, error.code(), error.what(), {}};
    add(path);
  }

  void flush() {
    if (stop_requested()) throw core::Interrupted();
    if (paths_.empty()) return;
    std::vector<report::PredictionRow> rows(paths_.size());
    dataset::ClipFeaturesBuilder builder(classifier_.extractor(), classifier_.parts().clip,
                                         paths_.size());
    pool_.parallel_for(paths_.size(), [&](std::size_t i, int worker) {
      if (stop_requested()) throw core::Interrupted();
      if (const auto refused = refused_.find(i); refused != refused_.end()) {
        rows[i] = refused->second;
        return;
      }
      rows[i].path = paths_[i];
      try {
        auto loaded = dataset::load_clip(paths_[i], classifier_.parts().clip,
                                         classifier_.parts().features.sample_rate_hz);
        rows[i].warnings = std::move(loaded.warnings);
        builder.set(i, classifier_.extractor().clip_vector(
                           loaded.waveform, workspaces_[static_cast<std::size_t>(worker)]));
      } catch (const core::AudioError& error) {
        rows[i].error_code = error.code();
        rows[i].error = error.what();
      }
    });
    std::size_t usable = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i].error_code.empty()) builder.move(i, usable++);
    }
    const Eigen::MatrixXf probabilities = probabilities_of(builder.finish(usable));
    Eigen::Index next = 0;
    for (auto& row : rows) {
      if (row.error_code.empty()) row.probabilities = probabilities.col(next++);
      write(row);
    }
    paths_.clear();
    refused_.clear();
    flush_output();
  }

  const Counts& counts() const { return counts_; }

 private:
  Eigen::MatrixXf probabilities_of(dataset::ClipFeatures clips) {
    const Eigen::Index good = clips.values.cols();
    if (good == 0) return {};
    if (block_ == kBlock) return classifier_.probabilities(clips.values, pool_, clips.lengths);
    const std::vector<std::string> groups(static_cast<std::size_t>(good), "inputs");
    if (good < dataset::kLeastGroupSize) {
      spdlog::warn(
          "{} usable recordings are too few for statistics of their own; those of the "
          "training part are used",
          good);
    }
    dataset::normalize_by_group(clips, groups, classifier_.parts().normalizer);
    return classifier_.probabilities_of_normalized(clips.values, pool_, clips.lengths);
  }

  void write(const report::PredictionRow& row) {
    ++counts_.rows;
    if (!row.error_code.empty()) ++counts_.failures;
    if (writer_.abstains(row)) ++counts_.abstained;
    for (const auto& warning : row.warnings) spdlog::warn("{}: {}", row.path, warning);
    print(writer_.row(row));
  }

  const model::EmotionClassifier& classifier_;
  const report::PredictionRowWriter& writer_;
  core::ThreadPool& pool_;
  std::size_t block_;
  std::vector<features::FeatureExtractor::Workspace> workspaces_;  // one a worker
  std::vector<std::string> paths_;
  std::map<std::size_t, report::PredictionRow> refused_;  // by place in paths_
  Counts counts_;
};

// Whether the model's normalisation and what is known of the inputs fit each other.
Inputs check_inputs(const std::string& normalization, const std::string& together) {
  if (together.empty()) {
    if (dataset::is_transductive(normalization)) {
      spdlog::warn(
          "this model normalises by {}, which nothing is known of here: the statistics of "
          "its training part are used, and labels will be worse; where all inputs are of "
          "one {}, say so with --one-{}",
          normalization, normalization, normalization);
    }
    return Inputs::kUnrelated;
  }
  if (together != normalization) {
    throw core::ConfigError(
        "E_USAGE", "--one-" + together +
                       " is of no use: this model normalises "
                       "by " +
                       (normalization == "training" ? "its training part" : normalization));
  }
  spdlog::info("{}", dataset::normalization_statement(normalization));
  return Inputs::kTogether;
}

report::RowFormat row_format(const std::string& name) {
  if (name == "csv") return report::RowFormat::kCsv;
  return name == "jsonl" ? report::RowFormat::kJsonLines : report::RowFormat::kText;
}

}  // namespace
}  // namespace ser::apps

int main(int argc, char** argv) {
  using namespace ser;
  CLI::App app("Labels recordings with the emotion that a recogniser hears in them.",
               "ser-predict");
  apps::RecordingInputs inputs;
  std::string model_path;
  std::string format = "text";
  report::RowOptions row_options;
  int jobs = 1;
  app.add_option("-m,--model", model_path, "the model file")->required();
  apps::add_input_options(app, inputs);
  app.add_option("-f,--format", format, "text (tabs between), csv or jsonl")
      ->check(CLI::IsMember({"text", "csv", "jsonl"}))
      ->capture_default_str();
  app.add_option("-k,--top", row_options.top, "classes named in a row, most probable first")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
  app.add_option("--threshold", row_options.threshold,
                 "abstain where the most probable class has less than this: its label is empty")
      ->check(apps::probability());
  bool all_probabilities = false;
  app.add_flag("-p,--probabilities", all_probabilities, "add the probability of every class");
  bool one_speaker = false;
  bool one_corpus = false;
  app.add_flag("--one-speaker", one_speaker,
               "all inputs are of one speaker; for models that normalise by speaker. Nothing is "
               "printed before all are read, and their features (about 1 KB each) stay in memory");
  app.add_flag("--one-corpus", one_corpus, "the same for models that normalise by corpus")
      ->excludes("--one-speaker");
  apps::ExplainRequest explain;
  apps::add_explain_options(app, explain);
  apps::add_jobs_option(app, jobs);

  return apps::run_app(app, argc, argv, [&]() -> int {
    apps::require_inputs(inputs);
    row_options.format = apps::row_format(format);
    if (all_probabilities) {
      row_options.probabilities = report::RowOptions::Probabilities::kAll;
    }
    apps::Explainer explainer(explain, model_path);
    const auto classifier = model::load_model(model_path);
    const report::PredictionRowWriter writer(classifier.classes(), row_options);
    core::ThreadPool pool(jobs);
    const auto together = apps::check_inputs(
        classifier.parts().normalization, one_speaker ? "speaker" : (one_corpus ? "corpus" : ""));
    apps::Predictor predictor(classifier, writer, pool, together);
    apps::print(writer.header());
    apps::for_each_recording(
        inputs,
        [&](const std::string& path) {
          explainer.add(path);
          predictor.add(path);
        },
        [&](const std::string& path, const core::Error& error) {
          predictor.add_failure(path, error);
        });
    predictor.flush();

    const auto& counts = predictor.counts();
    if (counts.rows == 0) throw core::CorpusError("E_CORPUS_EMPTY", "the list names no recordings");
    if (row_options.threshold > 0.0 && counts.rows > counts.failures) {
      const std::size_t usable = counts.rows - counts.failures;
      const std::size_t answered = usable - counts.abstained;
      spdlog::info("answered {} of {} recordings, abstained from {} (coverage {:.4f})", answered,
                   usable, counts.abstained,
                   static_cast<double>(answered) / static_cast<double>(usable));
    }
    if (counts.failures > 0) {
      spdlog::warn("{} of {} recordings could not be used", counts.failures, counts.rows);
    }
    if (counts.failures == counts.rows) return apps::kNoData;
    explainer.explain(classifier, pool);
    return counts.failures > 0 ? apps::kIncomplete : apps::kDone;
  });
}
