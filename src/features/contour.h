#pragma once

#include <span>
#include <vector>

namespace ser::features {

// How fast a contour rises and falls, in units a second: the slope of each part from one turning
// point to the next.
struct ContourSlopes {
  std::vector<float> rising;
  std::vector<float> falling;  // negative
};

// Mean of each value and its neighbours: the turning points that remain are those one can hear.
std::vector<float> smoothed_contour(std::span<const float> values);

// Adds the parts of one stretch without gaps.
void add_slopes(std::span<const float> contour, double frame_shift_s, ContourSlopes& slopes);

// Values that are higher than the one before and not lower than the one after.
int peaks_of(std::span<const float> contour);

}  // namespace ser::features
