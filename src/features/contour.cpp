#include "features/contour.h"

#include <algorithm>
#include <cstddef>

#include "ser/dsp/saturate.h"

namespace ser::features {

std::vector<float> smoothed_contour(std::span<const float> values) {
  std::vector<float> result;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::size_t first = i - std::min<std::size_t>(i, 1);
    const std::size_t last = std::min(i + 2, values.size());
    double sum = 0.0;
    for (std::size_t k = first; k < last; ++k) sum += values[k];
    result.push_back(static_cast<float>(sum / static_cast<double>(last - first)));
  }
  return result;
}

void add_slopes(std::span<const float> contour, double frame_shift_s, ContourSlopes& slopes) {
  std::size_t begin = 0;
  while (begin + 1 < contour.size()) {
    const auto rises = [&](std::size_t i) { return contour[i + 1] > contour[i]; };
    const auto falls = [&](std::size_t i) { return contour[i + 1] < contour[i]; };
    std::size_t end = begin;
    if (rises(begin)) {
      while (end + 1 < contour.size() && rises(end)) ++end;
    } else if (falls(begin)) {
      while (end + 1 < contour.size() && falls(end)) ++end;
    } else {
      ++begin;
      continue;
    }
    const double change = static_cast<double>(contour[end]) - contour[begin];
    (change > 0.0 ? slopes.rising : slopes.falling)
        .push_back(
            dsp::saturate_to_float(change / (static_cast<double>(end - begin) * frame_shift_s)));
    begin = end;
  }
}

int peaks_of(std::span<const float> contour) {
  int peaks = 0;
  for (std::size_t i = 1; i + 1 < contour.size(); ++i) {
    if (contour[i] > contour[i - 1] && contour[i] >= contour[i + 1]) ++peaks;
  }
  return peaks;
}

}  // namespace ser::features
