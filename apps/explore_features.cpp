#include "explore_features.h"

#include <memory>
#include <optional>

#include <spdlog/spdlog.h>

#include "ser/core/interrupted.h"
#include "ser/core/thread_pool.h"
#include "ser/dataset/clip_loader.h"
#include "ser/features/extractor.h"
#include "ser/report/feature_table.h"

#include "app_main.h"
#include "recipe_options.h"
#include "recording_inputs.h"

namespace ser::apps {
namespace {

// Recordings whose features are in memory at one time.
constexpr std::size_t kFeatureBlock = 16;

// Turns paths into rows, block by block: features in parallel, rows in the order of the input.
class Explorer {
 public:
  Explorer(const dataset::ClipConfig& clip, const features::FeatureExtractor& extractor,
           bool by_frame, report::FeatureTable& table, core::ThreadPool& pool)
      : clip_(clip),
        extractor_(extractor),
        by_frame_(by_frame),
        table_(table),
        pool_(pool),
        workspaces_(static_cast<std::size_t>(pool.jobs())) {}

  void add(const std::string& path) {
    block_.push_back({path, {}, "", ""});
    if (block_.size() == kFeatureBlock) flush();
  }

  // A row for an input that is no recording at all.
  void add_failure(const std::string& path, const core::Error& error) {
    flush();
    write({path, {}, error.code(), error.what()});
  }

  void flush() {
    std::vector<std::vector<std::string>> warnings(block_.size());
    pool_.parallel_for(block_.size(), [&](std::size_t i, int worker) {
      if (stop_requested()) throw core::Interrupted();
      auto& recording = block_[i];
      try {
        auto loaded = dataset::load_clip(recording.path, clip_, extractor_.config().sample_rate_hz);
        warnings[i] = std::move(loaded.warnings);
        if (by_frame_) {
          recording.values = extractor_.frames(loaded.waveform).values;
        } else {
          recording.values = extractor_.clip_vector(loaded.waveform,
                                                    workspaces_[static_cast<std::size_t>(worker)]);
        }
      } catch (const core::AudioError& error) {
        recording.error_code = error.code();
        recording.error = error.what();
      }
    });
    for (std::size_t i = 0; i < block_.size(); ++i) {
      for (const auto& warning : warnings[i]) spdlog::warn("{}: {}", block_[i].path, warning);
      write(block_[i]);
    }
    block_.clear();
  }

  std::size_t recordings() const { return recordings_; }
  std::size_t failures() const { return failures_; }

 private:
  void write(const report::RecordingFeatures& recording) {
    ++recordings_;
    if (!recording.error_code.empty()) {
      ++failures_;
      spdlog::warn("{} {}", recording.error_code, recording.error);
    }
    table_.add(recording);
  }

  const dataset::ClipConfig& clip_;
  const features::FeatureExtractor& extractor_;
  bool by_frame_;
  report::FeatureTable& table_;
  core::ThreadPool& pool_;
  std::vector<features::FeatureExtractor::Workspace> workspaces_;  // one a worker
  std::vector<report::RecordingFeatures> block_;
  std::size_t recordings_ = 0;
  std::size_t failures_ = 0;
};

struct FeaturesOptions {
  explicit FeaturesOptions(CLI::App& app) : recipe(app, {"clip", "features"}) {
    add_input_options(app, inputs);
    app.add_option("-o,--out", out, "the file: NAME.csv, NAME.npy or NAME.jsonl")->required();
    app.add_flag("--frames", by_frame, "frame by frame, instead of statistics of each recording");
    add_jobs_option(app, jobs);
  }

  RecordingInputs inputs;
  std::string out;
  bool by_frame = false;
  int jobs = 1;
  RecipeOptions recipe;
};

int write_features(const FeaturesOptions& options) {
  require_inputs(options.inputs);
  const train::Recipe recipe = options.recipe.effective();
  const features::FeatureExtractor extractor(recipe.features);
  std::optional<double> frame_shift_s;
  // What a recogniser of frames meets are frames.
  const bool by_frame = options.by_frame || extractor.gives_frames();
  if (by_frame) {
    if (extractor.row_names().empty()) {
      throw core::ConfigError("E_USAGE", "features.descriptors names nothing that has frames");
    }
    frame_shift_s = extractor.frame_shift_s();
  }
  const auto& names = by_frame ? extractor.row_names() : extractor.clip_names();
  // Opened now, so that an output that cannot be written is found before the work.
  const auto table = report::FeatureTable::open(options.out, names, frame_shift_s);
  core::ThreadPool pool(options.jobs);
  Explorer explorer(recipe.clip, extractor, by_frame, *table, pool);
  for_each_recording(
      options.inputs, [&](const std::string& path) { explorer.add(path); },
      [&](const std::string& path, const core::Error& error) {
        explorer.add_failure(path, error);
      });
  explorer.flush();

  const std::size_t failures = explorer.failures();
  if (explorer.recordings() == 0) {
    throw core::CorpusError("E_CORPUS_EMPTY", "the list names no recordings");
  }
  if (failures == explorer.recordings()) {
    throw core::AudioError("E_AUDIO_NONE_USABLE", "none of the recordings could be used");
  }
  table->commit();
  spdlog::info("wrote {}: {} recordings, {} features", options.out,
               explorer.recordings() - failures, names.size());
  if (failures == 0) return kDone;
  spdlog::warn("{} of {} recordings could not be used", failures, explorer.recordings());
  return kIncomplete;
}

}  // namespace

Subcommand add_features_command(CLI::App& parent) {
  CLI::App* const app =
      parent.add_subcommand("features", "Writes the features of recordings to a file.");
  const auto options = std::make_shared<FeaturesOptions>(*app);
  return {app, [options] { return write_features(*options); }};
}

}  // namespace ser::apps
