#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ser/augment/augmentation.h"

namespace ser::augment {

// Which altered copies of a training clip are made. As JSON, a list of copies, each a list of steps
// applied in order; the empty list is the clip as it is:
//
//   [[], [{"noise": {}}], [{"time_stretch": {"rate": 0.8}}, {"pitch_shift": {"semitones": 0.7}}]]
//
// A step may be left to chance, and several copies be made by the same steps, each of which draws
// its own numbers:
//
//   [[], {"copies": 3, "steps": [{"gain": {}}, {"room_reverb": {}, "probability": 0.5}]}]
//
// The steps of a copy have the order of the stages at which they act, and one at most acts on the
// analysis.
class AugmentationPlan {
 public:
  // Only the clip as it is.
  AugmentationPlan();
  // Throws ConfigError (E_CONFIG_KEY, E_CONFIG_VALUE, E_AUGMENT_RECORDING) with the path of the
  // mistake.
  explicit AugmentationPlan(const core::Json& plan, const std::string& path = "augment");

  std::size_t copies() const { return copies_.size(); }
  // "as is", "noise", "time_stretch+pitch_shift", "gain+room_reverb?" (a step left to chance)
  std::string copy_name(std::size_t copy) const;
  // Whether a copy's steps all act on features.
  bool acts_on_features_only(std::size_t copy) const;
  // False for a copy that is the clip as it is.
  bool alters(std::size_t copy) const { return !entries_[copies_.at(copy)].steps.empty(); }
  core::Json to_json() const;

  // Copy number `copy` of a recording, stage by stage: its samples, the warp that its features are
  // computed with, and these themselves (see Augmentation). Each step draws from its own stream,
  // random.fork(copy).fork(step); whether it is applied at all, from that one's
  // fork("probability").
  audio::Waveform apply(std::size_t copy, const audio::Waveform& input,
                        const core::RandomStream& random) const;
  dsp::FrequencyWarp frequency_warp(std::size_t copy, const core::RandomStream& random) const;
  void apply_to_features(std::size_t copy, Eigen::MatrixXf& values,
                         std::span<const dsp::RowRange> spectra,
                         const core::RandomStream& random) const;

 private:
  struct Step {
    std::shared_ptr<const Augmentation> augmentation;
    double probability = 1.0;
  };
  // An entry of the list: `copies` copies by the same steps.
  struct Entry {
    std::size_t copies = 1;
    std::vector<Step> steps;
  };

  static Entry read_entry(const core::Json& entry, const std::string& path);
  static Step read_step(const core::Json& step, const std::string& path);
  // Calls use(augmentation, stream) for the steps at `stage` that chance lets through.
  void for_each_step(
      std::size_t copy, Stage stage, const core::RandomStream& random,
      const std::function<void(const Augmentation&, const core::RandomStream&)>& use) const;

  std::vector<Entry> entries_;
  std::vector<std::size_t> copies_;  // index of the entry that makes the copy
};

}  // namespace ser::augment
