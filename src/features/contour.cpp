#include "features/contour.h"

#include <algorithm>
#include <cstddef>

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
  bool is_open = false;
  bool is_rising = false;
  const auto close = [&](std::size_t end) {
    const double length_s = static_cast<double>(end - begin) * frame_shift_s;
    const double change = static_cast<double>(contour[end]) - contour[begin];
    (is_rising ? slopes.rising : slopes.falling).push_back({change / length_s, length_s});
    begin = end;
  };
  for (std::size_t i = 0; i + 1 < contour.size(); ++i) {
    if (contour[i + 1] == contour[i]) continue;
    const bool rises = contour[i + 1] > contour[i];
    if (is_open && rises != is_rising) close(i);
    is_open = true;
    is_rising = rises;
  }
  if (is_open) close(contour.size() - 1);
}

int peaks_of(std::span<const float> contour) {
  int peaks = 0;
  for (std::size_t i = 1; i + 1 < contour.size(); ++i) {
    if (contour[i] > contour[i - 1] && contour[i] >= contour[i + 1]) ++peaks;
  }
  return peaks;
}

}  // namespace ser::features
