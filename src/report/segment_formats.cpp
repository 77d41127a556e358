#include "report/segment_formats.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace ser::report {
namespace {

constexpr std::array kFormats = {
#define SER_SEGMENT_FORMAT(name, holds, ending)                                      \
  SegmentFormat{#name, ending, SegmentFormat::Holds::holds, name##_segments::header, \
                name##_segments::recording},
#include "report/segment_formats.def"
#undef SER_SEGMENT_FORMAT
};

}  // namespace

std::span<const SegmentFormat> segment_formats() { return kFormats; }

const SegmentFormat* find_segment_format(std::string_view name) {
  const auto found = std::ranges::find(kFormats, name, &SegmentFormat::name);
  return found == kFormats.end() ? nullptr : &*found;
}

std::string subtitle_time(double time_s, char point) {
  const long long milliseconds = std::llround(std::max(0.0, time_s) * 1000.0);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%02lld:%02lld:%02lld%c%03lld", milliseconds / 3'600'000,
                milliseconds / 60'000 % 60, milliseconds / 1000 % 60, point, milliseconds % 1000);
  return text.data();
}

}  // namespace ser::report
