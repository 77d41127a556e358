#pragma once

#include <string>

#include "ser/audio/waveform.h"
#include "ser/eval/occlusion.h"
#include "ser/eval/permutation_importance.h"
#include "ser/report/picture.h"

namespace ser::report {

// What the label of a clip rests on: over time, above the clip's waveform and mel spectrogram; by
// group of features; and the single features that matter most. `name` is the recording's and may be
// any bytes.
Picture explanation_picture(const eval::Explanation& explanation, const audio::Waveform& clip,
                            const std::string& name);

// A line for each group of features, that with the largest drop first.
std::string importance_text(const eval::ImportanceReport& report);
std::string importance_markdown(const eval::ImportanceReport& report);
// The same as bars, with the deviation of the permutations. `statement` says what was scored.
Picture importance_picture(const eval::ImportanceReport& report, const std::string& statement);

}  // namespace ser::report
