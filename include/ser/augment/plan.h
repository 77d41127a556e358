#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ser/augment/augmentation.h"

namespace ser::augment {

// Which altered copies of a training clip are made. As JSON, a list of copies, each a list of steps
// applied in order; the empty list is the clip as it is:
//
//   [[], [{"noise": {}}], [{"time_stretch": {"rate": 0.8}}, {"pitch_shift": {"semitones": 0.7}}]]
class AugmentationPlan {
 public:
  // Only the clip as it is.
  AugmentationPlan();
  // Throws ConfigError (E_CONFIG_KEY, E_CONFIG_VALUE) with the path of the mistake.
  explicit AugmentationPlan(const core::Json& plan, const std::string& path = "augment");

  std::size_t copies() const { return copies_.size(); }
  // "as is", "noise", "time_stretch+pitch_shift"
  std::string copy_name(std::size_t copy) const;
  core::Json to_json() const;

  // Copy number `copy` of a recording. Each step draws from its own stream,
  // random.fork(copy).fork(step).
  audio::Waveform apply(std::size_t copy, const audio::Waveform& input,
                        const core::RandomStream& random) const;

 private:
  std::vector<std::vector<std::shared_ptr<const Augmentation>>> copies_;
};

}  // namespace ser::augment
