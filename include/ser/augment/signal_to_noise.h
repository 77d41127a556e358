#pragma once

#include <span>

namespace ser::augment {

// Adds `noise`, which is as long, scaled so that the energy of `samples` is `ratio_db` decibels
// above that of the noise. Silence is left silent: no noise stands in a ratio to it. Both finite
// and at most 1e6.
void add_noise(std::span<float> samples, std::span<const float> noise, double ratio_db);

}  // namespace ser::augment
