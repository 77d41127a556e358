#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "ser/audio/waveform.h"
#include "ser/augment/plan.h"
#include "ser/core/random.h"

namespace ser::eval {

// A way in which recordings are worse than those that a model was trained on.
struct StressCondition {
  // "white20", as gates and JSON say it: stress.white20.uar.
  std::string_view name;
  std::string_view description;  // for people
  // What is done to the clip: the steps of one copy of an augmentation plan, as JSON.
  std::string_view steps;
  // Other clips of the same evaluation in the background, at this signal-to-noise ratio, in
  // decibels.
  std::optional<double> babble_db{};
  // Another name that gates take: "noise20" for white noise, which is what noise alone means.
  std::string_view other_name{};

  augment::AugmentationPlan plan() const;
  // The clip under the condition. `background` is babble as long as the clip, and only looked at
  // where the condition has some.
  audio::Waveform apply(const audio::Waveform& clip, std::span<const float> background,
                        const core::RandomStream& random) const;
};

// The open list of conditions: a row here makes one known to ser-eval --stress, gates and reports.
// Steps act at the stage of samples, since a condition is one of recordings.
std::span<const StressCondition> stress_conditions();

}  // namespace ser::eval
