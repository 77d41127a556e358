#include "ser/eval/stress.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <utility>

#include "ser/core/error.h"
#include "ser/dataset/clip_loader.h"
#include "ser/dataset/group_statistics.h"
#include "ser/eval/metric_table.h"
#include "ser/eval/predictions.h"
#include "ser/model/clip_batch.h"

namespace ser::eval {
namespace {

constexpr std::size_t kMemoryForFeatures = std::size_t{256} << 20;
constexpr std::uint64_t kStressSeed = 1;

// One condition, and every clip under it.
struct Trial {
  StressCondition condition;
  model::ClipBatch clips;
  std::vector<StressFailure> failure;  // of each clip; no code: none
};

class StressTest {
 public:
  StressTest(const model::Recogniser& recogniser, const corpus::Manifest& manifest,
             const Evaluation& evaluation, const core::StopRequested& stop_requested)
      : recogniser_(recogniser),
        manifest_(manifest),
        evaluation_(evaluation),
        stop_requested_(stop_requested),
        predicted_(most_probable(evaluation.clips.probabilities)) {}

  Trial begin(const StressCondition& condition) const {
    const std::size_t clips = evaluation_.utterances.size();
    return {condition, model::ClipBatch(recogniser_, clips), std::vector<StressFailure>(clips)};
  }

  // Puts the features of clip number `clip` into each of the trials.
  void measure(std::size_t clip, std::vector<Trial>& trials,
               features::FeatureExtractor::Workspace& workspace) const {
    const auto fail = [&](Trial& trial, const core::AudioError& error) {
      trial.failure[clip] = {evaluation_.utterances[clip], std::string(trial.condition.name),
                             error.code(), error.what()};
    };
    std::vector<Heard> heard;
    try {
      heard = hear(clip);
    } catch (const core::AudioError& error) {
      for (auto& trial : trials) fail(trial, error);
      return;
    }
    audio::Waveform altered;
    for (auto& trial : trials) {
      if (stop_requested_ && stop_requested_()) throw core::Interrupted();
      try {
        trial.clips.set(
            clip,
            [&](const dataset::ClipConfig& part, int sample_rate_hz) -> const audio::Waveform& {
              Heard& sound = *std::ranges::find_if(heard, [&](const Heard& one) {
                return *one.part == part && one.original.sample_rate_hz == sample_rate_hz;
              });
              if (trial.condition.babble_db && sound.background.empty()) {
                sound.background =
                    babble_behind(clip, sound.original.samples.size(), part, sample_rate_hz);
              }
              return altered = stressed(trial, clip, sound.original, sound.background);
            },
            workspace);
      } catch (const core::AudioError& error) {
        fail(trial, error);
      }
    }
  }

  // Adds what came of a trial to the report. Its features are used up.
  void conclude(Trial trial, core::ThreadPool& pool, StressReport& report) const {
    std::vector<std::size_t> scored;
    std::vector<std::size_t> utterances;
    for (std::size_t i = 0; i < trial.failure.size(); ++i) {
      if (!trial.failure[i].code.empty()) {
        report.failures.push_back(std::move(trial.failure[i]));
        continue;
      }
      trial.clips.move(i, scored.size());
      scored.push_back(i);
      utterances.push_back(evaluation_.utterances[i]);
    }
    if (scored.empty()) {
      report.left_out.emplace_back(trial.condition.name);
      return;
    }
    auto input = trial.clips.finish(scored.size());
    ScoredClips clips = select(evaluation_.clips, scored);
    const double uar = compute_metrics(clips).uar;
    clips.probabilities = model::probabilities_of(
        recogniser_, std::move(input),
        dataset::statistics_groups(manifest_, utterances, recogniser_.normalization()), pool);
    const ClipCounter counter(clips);
    StressResult result{trial.condition, counter.count(), 0.0};
    result.uar_change = result.metrics.uar - uar;
    std::size_t unchanged = 0;
    for (std::size_t i = 0; i < scored.size(); ++i)
      unchanged += counter.predicted()[i] == predicted_[scored[i]];
    result.metrics.unchanged = static_cast<double>(unchanged) / static_cast<double>(scored.size());
    report.results.push_back(std::move(result));
  }

 private:
  // A sound that the recogniser hears of a clip, as it is, and the babble behind it once that is
  // needed.
  struct Heard {
    const dataset::ClipConfig* part;
    audio::Waveform original;
    std::vector<float> background;
  };

  // All of them, once for all trials.
  std::vector<Heard> hear(std::size_t clip) const {
    std::vector<Heard> heard;
    for (const auto& view : recogniser_.views()) {
      if (view.sound < heard.size()) continue;
      const auto& parts = recogniser_.classifier_of(view).parts();
      heard.push_back({&parts.clip, load(clip, parts.clip, parts.features.sample_rate_hz), {}});
    }
    return heard;
  }

  audio::Waveform load(std::size_t clip, const dataset::ClipConfig& part,
                       int sample_rate_hz) const {
    return dataset::load_clip(utterance(clip), part, sample_rate_hz).waveform;
  }

  const corpus::Utterance& utterance(std::size_t clip) const {
    return manifest_.utterances[evaluation_.utterances[clip]];
  }

  // The same for every ratio, so that only the ratio differs.
  std::vector<float> babble_behind(std::size_t clip, std::size_t length,
                                   const dataset::ClipConfig& part, int sample_rate_hz) const {
    return babble(
        length, evaluation_.utterances.size() - 1,
        [&](std::size_t other) {
          return load(other < clip ? other : other + 1, part, sample_rate_hz).samples;
        },
        core::RandomStream(kStressSeed).fork("babble").fork(utterance(clip).id));
  }

  audio::Waveform stressed(const Trial& trial, std::size_t clip, const audio::Waveform& original,
                           const std::vector<float>& background) const {
    return trial.condition.apply(
        original, background,
        core::RandomStream(kStressSeed).fork(trial.condition.name).fork(utterance(clip).id));
  }

  const model::Recogniser& recogniser_;
  const corpus::Manifest& manifest_;
  const Evaluation& evaluation_;
  const core::StopRequested& stop_requested_;
  std::vector<int> predicted_;  // of the clips as they are
};

}  // namespace

std::vector<float> babble(std::size_t length, std::size_t others,
                          const std::function<std::vector<float>(std::size_t)>& read,
                          core::RandomStream random) {
  std::vector<std::size_t> talkers;
  while (talkers.size() < std::min(kTalkers, others)) {
    const auto talker = static_cast<std::size_t>(random.below(others));
    if (std::ranges::find(talkers, talker) == talkers.end()) talkers.push_back(talker);
  }
  std::vector<float> sum(length, 0.0F);
  for (const std::size_t talker : talkers) {
    const auto samples = read(talker);
    const double position = random.uniform();
    double energy = 0.0;
    for (const double sample : samples) energy += sample * sample;
    if (energy == 0.0) continue;
    const double scale = std::sqrt(static_cast<double>(samples.size()) / energy);
    auto at = static_cast<std::size_t>(static_cast<double>(samples.size()) * position);
    for (float& sample : sum) {
      sample = static_cast<float>(sample + scale * samples[at]);
      if (++at == samples.size()) at = 0;
    }
  }
  return sum;
}

StressReport stress(const model::Recogniser& recogniser, const corpus::Manifest& manifest,
                    const Evaluation& evaluation, core::ThreadPool& pool,
                    const std::function<void(std::size_t, std::size_t)>& progress,
                    const core::StopRequested& stop_requested,
                    std::span<const StressCondition> conditions) {
  const StressTest test(recogniser, manifest, evaluation, stop_requested);
  const std::size_t clips = evaluation.utterances.size();
  StressReport report;
  std::vector<StressCondition> possible;
  for (const auto& condition : conditions) {
    if (condition.babble_db && clips < 2) {
      report.left_out.emplace_back(condition.name);
    } else {
      possible.push_back(condition);
    }
  }
  const std::size_t bytes = model::ClipBatch::numbers_of_clip(recogniser) * sizeof(float) *
                            std::max(clips, std::size_t{1});
  const std::size_t together = std::max(kMemoryForFeatures / bytes, std::size_t{1});
  const std::size_t passes = (possible.size() + together - 1) / together;
  std::vector<features::FeatureExtractor::Workspace> workspaces(
      static_cast<std::size_t>(pool.jobs()));
  std::mutex progress_mutex;
  std::size_t finished = 0;
  for (std::size_t first = 0; first < possible.size(); first += together) {
    std::vector<Trial> trials;
    const std::size_t end = std::min(first + together, possible.size());
    for (std::size_t i = first; i < end; ++i) trials.push_back(test.begin(possible[i]));
    pool.parallel_for(clips, [&](std::size_t clip, int worker) {
      if (stop_requested && stop_requested()) throw core::Interrupted();
      test.measure(clip, trials, workspaces[static_cast<std::size_t>(worker)]);
      if (progress) {
        const std::scoped_lock lock(progress_mutex);
        progress(++finished, clips * passes);
      }
    });
    for (auto& trial : trials) test.conclude(std::move(trial), pool, report);
  }
  return report;
}

std::map<std::string, Metrics> metrics_of(const StressReport& report) {
  std::map<std::string, Metrics> metrics;
  for (const auto& result : report.results) {
    metrics.emplace(result.condition.name, result.metrics);
  }
  return metrics;
}

core::Json to_json(const StressReport& report, const corpus::Manifest& manifest) {
  core::Json json = {{"conditions", core::Json::array()},
                     {"left_out", report.left_out},
                     {"failures", core::Json::array()}};
  for (const auto& [condition, metrics, uar_change] : report.results) {
    json["conditions"].push_back(
        {{"name", std::string(condition.name)},
         {"description", std::string(condition.description)},
         {"steps", condition.plan().to_json()[0]},
         {"babble_db",
          condition.babble_db ? core::Json(*condition.babble_db) : core::Json(nullptr)},
         {"clips", metrics.clips},
         {"uar_change", uar_change},
         {"unchanged", metrics.unchanged ? core::Json(*metrics.unchanged) : core::Json(nullptr)},
         {"values", values_json(metrics)}});
  }
  for (const auto& failure : report.failures) {
    json["failures"].push_back({{"id", manifest.utterances[failure.utterance].id},
                                {"condition", failure.condition},
                                {"code", failure.code},
                                {"message", failure.message}});
  }
  return json;
}

}  // namespace ser::eval
