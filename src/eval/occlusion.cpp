#include "ser/eval/occlusion.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <mutex>
#include <numbers>
#include <utility>

#include "ser/core/random.h"
#include "ser/dataset/clip_features.h"
#include "ser/dsp/fft.h"
#include "ser/eval/predictions.h"

namespace ser::eval {
namespace {

constexpr std::size_t kMostWindows = 400;
constexpr double kFade_s = 0.005;
constexpr double kLeastProbability = 1e-30;
// Noise is made of pieces no longer than that (48 s at 22,050 Hz), in 32 MiB.
constexpr std::size_t kMostTransformed = std::size_t{1} << 20U;
constexpr std::uint64_t kNoiseSeed = 1;

double log_odds(const Eigen::VectorXf& probabilities, Eigen::Index label) {
  double others = 0.0;  // 1 - p, without its rounding
  for (Eigen::Index i = 0; i < probabilities.size(); ++i) {
    if (i != label) others += static_cast<double>(probabilities(i));
  }
  return std::log2(std::max(static_cast<double>(probabilities(label)), kLeastProbability) /
                   std::max(others, kLeastProbability));
}

// First and last samples of windows that cover the clip evenly, each overlapping the next by half.
std::vector<std::pair<std::size_t, std::size_t>> windows_of(std::size_t samples,
                                                            double window_samples) {
  const auto length = static_cast<double>(samples);
  const double window = std::clamp(
      std::max(window_samples, 2.0 * length / static_cast<double>(kMostWindows + 1)), 1.0, length);
  const auto count = static_cast<std::size_t>(std::ceil(2.0 * (length - window) / window)) + 1;
  std::vector<std::pair<std::size_t, std::size_t>> windows;
  for (std::size_t i = 0; i < count; ++i) {
    const double share = count == 1 ? 0.0 : static_cast<double>(i) / static_cast<double>(count - 1);
    const auto first = static_cast<std::size_t>(std::lround((length - window) * share));
    const auto last = first + static_cast<std::size_t>(std::lround(window));
    windows.emplace_back(first, std::min(std::max(last, first + 1), samples));
  }
  return windows;
}

// A piece with the magnitudes of the original and other phases.
void scramble(std::span<const float> original, std::span<float> scrambled,
              core::RandomStream random) {
  const dsp::RealFft fft(static_cast<int>(original.size()));
  std::vector<double> signal(original.begin(), original.end());
  std::vector<std::complex<double>> spectrum(static_cast<std::size_t>(fft.bins()));
  fft.forward(signal, spectrum);
  // The first bin is the mean, and the last one of an even size is real as well.
  for (std::size_t bin = 1; 2 * bin < original.size(); ++bin) {
    spectrum[bin] =
        std::polar(std::abs(spectrum[bin]), random.uniform(0.0, 2.0 * std::numbers::pi));
  }
  fft.inverse(spectrum, signal);
  std::ranges::transform(signal, scrambled.begin(), [](double x) { return static_cast<float>(x); });
}

class Occlusion {
 public:
  Occlusion(const model::EmotionClassifier& classifier, core::ThreadPool& pool,
            const std::function<void(std::size_t, std::size_t)>& progress,
            const core::StopRequested& stop_requested)
      : classifier_(classifier),
        pool_(pool),
        progress_(progress),
        stop_requested_(stop_requested) {}

  Explanation explain(const audio::Waveform& clip, const OcclusionConfig& config) {
    const Eigen::VectorXf vector = classifier_.extractor().clip_vector(clip);
    const auto& groups = classifier_.extractor().clip_groups();
    const auto& names = classifier_.extractor().clip_names();
    const auto windows = windows_of(clip.samples.size(), config.window_s * clip.sample_rate_hz);
    total_ = windows.size() + groups.size() + names.size();

    Explanation explanation;
    explanation.classes = classifier_.classes();
    explanation.config = config;
    explanation.duration_s = clip.duration_s();
    explanation.probabilities = of_vector(vector);
    explanation.probabilities.maxCoeff(&explanation.label);
    shown_ = explanation.probabilities;
    label_ = explanation.label;

    std::vector<float> background;
    if (config.replacement == "noise") background = noise_like(clip.samples);
    explanation.windows.resize(windows.size());
    for_each(windows.size(), [&](std::size_t i) {
      const auto [first, last] = windows[i];
      const audio::Waveform hidden{hide(clip.samples, first, last, background, clip.sample_rate_hz),
                                   clip.sample_rate_hz};
      const double rate = clip.sample_rate_hz;
      auto probabilities = classifier_.probabilities(hidden);
      const double evidence = evidence_bits(shown_, probabilities, label_);
      explanation.windows[i] = {static_cast<double>(first) / rate, static_cast<double>(last) / rate,
                                std::move(probabilities), evidence};
    });
    explanation.groups.resize(groups.size());
    for_each(groups.size(), [&](std::size_t i) {
      explanation.groups[i] = without(vector, groups[i].name, groups[i].rows);
    });
    explanation.features.resize(names.size());
    for_each(names.size(), [&](std::size_t i) {
      explanation.features[i] = without(vector, names[i], {static_cast<Eigen::Index>(i)});
      // There may be tens of thousands.
      explanation.features[i].probabilities.resize(0);
    });
    return explanation;
  }

 private:
  // Each vector by itself: among others it would be the same only up to rounding, and what a
  // decision does not rest on has to come out as 0.
  Eigen::VectorXf of_vector(const Eigen::VectorXf& vector) const {
    core::ThreadPool alone(1);
    dataset::ClipFeaturesBuilder builder(classifier_.extractor(), classifier_.parts().clip, 1);
    builder.set(0, vector);
    const auto clip = builder.finish(1);
    return classifier_.probabilities(clip.values, alone, clip.lengths);
  }

  HiddenFeatures without(Eigen::VectorXf vector, const std::string& name,
                         const std::vector<Eigen::Index>& rows) const {
    const auto& mean = classifier_.parts().normalizer.mean();
    // The same in each frame, where a vector is frames one behind the other.
    for (Eigen::Index frame = 0; frame < vector.size(); frame += mean.size()) {
      for (const auto row : rows) vector(frame + row) = mean(row);
    }
    auto probabilities = of_vector(vector);
    const double evidence = evidence_bits(shown_, probabilities, label_);
    return {name, std::move(probabilities), evidence};
  }

  void for_each(std::size_t count, const std::function<void(std::size_t)>& work) {
    pool_.parallel_for(count, [&](std::size_t i, int /*worker*/) {
      if (stop_requested_ && stop_requested_()) throw core::Interrupted();
      work(i);
      if (progress_) {
        const std::scoped_lock lock(mutex_);
        progress_(++finished_, total_);
      }
    });
  }

  const model::EmotionClassifier& classifier_;
  core::ThreadPool& pool_;
  const std::function<void(std::size_t, std::size_t)>& progress_;
  const core::StopRequested& stop_requested_;
  Eigen::VectorXf shown_;
  Eigen::Index label_ = 0;
  std::mutex mutex_;
  std::size_t finished_ = 0;
  std::size_t total_ = 0;
};

core::Json numbers(const Eigen::VectorXf& values) {
  return std::vector<float>(values.begin(), values.end());
}

}  // namespace

double evidence_bits(const Eigen::VectorXf& shown, const Eigen::VectorXf& hidden,
                     Eigen::Index label) {
  return log_odds(shown, label) - log_odds(hidden, label);
}

std::vector<float> hide(std::vector<float> samples, std::size_t first, std::size_t last,
                        std::span<const float> background, int sample_rate_hz) {
  const auto length = static_cast<double>(last - first);
  const double fade = std::min(kFade_s * sample_rate_hz, length / 2.0);
  for (std::size_t i = first; i < last; ++i) {
    const auto at = static_cast<double>(i - first) + 0.5;
    const double edge = std::min({at, length - at, fade});
    // 1 at the edges, where all of the sample is left; 0 within
    const double left = fade > 0.0 ? 0.5 + 0.5 * std::cos(std::numbers::pi * edge / fade) : 0.0;
    const double other = background.empty() ? 0.0 : static_cast<double>(background[i]);
    samples[i] = static_cast<float>(left * samples[i] + (1.0 - left) * other);
  }
  return samples;
}

std::vector<float> noise_like(std::span<const float> samples) {
  std::vector<float> noise(samples.begin(), samples.end());
  const std::size_t pieces = (samples.size() + kMostTransformed - 1) / kMostTransformed;
  for (std::size_t i = 0; i < pieces; ++i) {
    const std::size_t first = samples.size() * i / pieces;
    const std::size_t count = samples.size() * (i + 1) / pieces - first;
    if (count < 2) continue;
    scramble(samples.subspan(first, count), std::span(noise).subspan(first, count),
             core::RandomStream(kNoiseSeed).fork("noise").fork(i));
  }
  return noise;
}

Explanation explain(const model::EmotionClassifier& classifier, const audio::Waveform& clip,
                    const OcclusionConfig& config, core::ThreadPool& pool,
                    const std::function<void(std::size_t, std::size_t)>& progress,
                    const core::StopRequested& stop_requested) {
  core::check_config(config, "explain");
  return Occlusion(classifier, pool, progress, stop_requested).explain(clip, config);
}

core::Json to_json(const Explanation& explanation) {
  core::Json json = {{"schema", std::string(kExplanationSchema)},
                     {"classes", explanation.classes},
                     {"label", explanation.classes[static_cast<std::size_t>(explanation.label)]},
                     {"probabilities", numbers(explanation.probabilities)},
                     {"duration_s", explanation.duration_s},
                     {"occlusion", core::config_to_json(explanation.config)},
                     {"windows", core::Json::array()},
                     {"groups", core::Json::array()},
                     {"features", core::Json::array()}};
  for (const auto& window : explanation.windows) {
    json["windows"].push_back({{"start_s", window.start_s},
                               {"end_s", window.end_s},
                               {"evidence_bits", window.evidence},
                               {"probabilities", numbers(window.probabilities)}});
  }
  for (const auto& group : explanation.groups) {
    json["groups"].push_back({{"name", group.name},
                              {"evidence_bits", group.evidence},
                              {"probabilities", numbers(group.probabilities)}});
  }
  for (const auto& feature : explanation.features) {
    json["features"].push_back({{"name", feature.name}, {"evidence_bits", feature.evidence}});
  }
  return json;
}

}  // namespace ser::eval
