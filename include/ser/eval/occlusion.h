#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <Eigen/Core>

#include "ser/audio/waveform.h"
#include "ser/core/config.h"
#include "ser/core/interrupted.h"
#include "ser/core/json.h"
#include "ser/core/thread_pool.h"
#include "ser/model/emotion_classifier.h"

namespace ser::eval {

struct OcclusionConfig {
  double window_s = 0.25;
  std::string replacement = "silence";

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit(
        "window_s", self.window_s,
        "seconds that are hidden at once; each window overlaps the next by half, and windows grow "
        "where a clip would have more than 400",
        core::Range{0.01, 60.0});
    visit("replacement", self.replacement,
          "what is put in their place: silence, so that a pause rests on nothing; noise: sound "
          "without events, of the clip's own spectrum and level",
          core::OneOf{{"silence", "noise"}});
  }
};

// How much a decision rests on something, in bits: by how much the binary logarithm of the odds of
// the class, p / (1 - p), falls when that is hidden (Robnik-Sikonja and Kononenko, "Explaining
// Classifications for Individual Instances", 2008). Positive: it speaks for the class; at 1 the
// odds halve without it; negative: against it. Unlike a difference of probabilities, it does not
// vanish where the recogniser is sure. Both [classes]; what is below 1e-30 counts as that.
double evidence_bits(const Eigen::VectorXf& shown, const Eigen::VectorXf& hidden,
                     Eigen::Index label);

struct HiddenWindow {
  double start_s = 0.0;  // in the clip
  double end_s = 0.0;
  Eigen::VectorXf probabilities;  // [classes], without it
  double evidence = 0.0;
};

struct HiddenFeatures {
  std::string name;
  Eigen::VectorXf probabilities;  // [classes], without them; empty for a single one
  double evidence = 0.0;
};

// What the label of one clip rests on.
struct Explanation {
  std::vector<std::string> classes;
  Eigen::VectorXf probabilities;  // [classes] of the clip as it is
  Eigen::Index label = 0;         // the most probable class, which all evidence is for
  double duration_s = 0.0;
  OcclusionConfig config;
  std::vector<HiddenWindow> windows;
  // Rows of the feature vector replaced by the training part's mean: those of each group, and each
  // by itself.
  std::vector<HiddenFeatures> groups;
  std::vector<HiddenFeatures> features;
};

// `clip` is the part of the recording that the model looks at (dataset::load_clip()). Where a model
// normalises by speaker or corpus, the statistics are the training part's, as for any clip alone.
// Nothing is added up in an order that depends on the number of workers. `progress` gets the number
// of finished and of all passes. Throws ConfigError (E_CONFIG_VALUE) for a configuration out of
// range, what EmotionClassifier::probabilities() does, and Interrupted.
Explanation explain(const model::EmotionClassifier& classifier, const audio::Waveform& clip,
                    const OcclusionConfig& config, core::ThreadPool& pool,
                    const std::function<void(std::size_t, std::size_t)>& progress = {},
                    const core::StopRequested& stop_requested = {});

// The samples, of which those from `first` to before `last` are replaced by `background`, which is
// as long, or, if that is empty, by silence. Both fade over 5 ms within, so that no click is made.
std::vector<float> hide(std::vector<float> samples, std::size_t first, std::size_t last,
                        std::span<const float> background, int sample_rate_hz);

// As long as the samples, with their energy and magnitude spectrum but random phases (a surrogate;
// Theiler et al., 1992): the same for the same samples. Where they are more than a million, piece
// by piece.
std::vector<float> noise_like(std::span<const float> samples);

inline constexpr std::string_view kExplanationSchema = "ser-explanation/1";
// {"schema", "classes", "label", "probabilities", "duration_s", "occlusion": {"window_s",
// "replacement"}, "windows": [{"start_s", "end_s", "evidence_bits", "probabilities"}], "groups":
// [{"name", "evidence_bits", "probabilities"}], "features": [{"name", "evidence_bits"}]}.
core::Json to_json(const Explanation& explanation);

}  // namespace ser::eval
