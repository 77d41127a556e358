#pragma once

#include <span>
#include <vector>

namespace ser::features {

// A part of a contour from one turning point to the next; where it stays level it still belongs to
// the part before, or at the beginning to the one after.
struct ContourPart {
  double slope = 0.0;  // in units a second
  double length_s = 0.0;
};

struct ContourSlopes {
  std::vector<ContourPart> rising;
  std::vector<ContourPart> falling;
};

// Mean of each value and its neighbours: the turning points that remain are those one can hear.
std::vector<float> smoothed_contour(std::span<const float> values);

// Adds the parts of one stretch without gaps.
void add_slopes(std::span<const float> contour, double frame_shift_s, ContourSlopes& slopes);

// Values that are higher than the one before and not lower than the one after.
int peaks_of(std::span<const float> contour);

}  // namespace ser::features
