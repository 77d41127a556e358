#include "report/charts/palette.h"

#include <algorithm>
#include <cmath>

namespace ser::report::charts {
namespace {

constexpr Colour rgb(unsigned code) {
  return {static_cast<double>(code >> 16U & 0xFFU) / 255.0,
          static_cast<double>(code >> 8U & 0xFFU) / 255.0,
          static_cast<double>(code & 0xFFU) / 255.0};
}

constexpr Colour kSeries[] = {rgb(0x0072B2), rgb(0xD55E00), rgb(0x009E73), rgb(0xCC79A7),
                              rgb(0xE69F00), rgb(0x56B4E9), rgb(0x000000)};
constexpr Colour kBlueToYellow[] = {rgb(0x00204C), rgb(0x213D6B), rgb(0x555B6C), rgb(0x7B7A77),
                                    rgb(0xA59C74), rgb(0xD3C064), rgb(0xFFE945)};
constexpr Colour kWhiteToBlue[] = {rgb(0xFFFFFF), rgb(0xC6DBEF), rgb(0x6BAED6), rgb(0x2171B5),
                                   rgb(0x08306B)};
constexpr Colour kOrangeToBlue[] = {rgb(0xB35806), rgb(0xF1A340), rgb(0xFFFFFF), rgb(0x6BAED6),
                                    rgb(0x08519C)};

constexpr double kLong[] = {7.0, 3.0};
constexpr double kShort[] = {2.0, 2.0};

// Between equally spaced colours, at a place from 0 to 1.
Colour between(std::span<const Colour> stops, double place) {
  if (!(place > 0.0)) return stops.front();  // so is what is no number
  const double scaled = std::min(place, 1.0) * static_cast<double>(stops.size() - 1);
  const auto first = std::min(static_cast<std::size_t>(scaled), stops.size() - 2);
  const double share = scaled - static_cast<double>(first);
  const Colour& a = stops[first];
  const Colour& b = stops[first + 1];
  return {std::lerp(a.red, b.red, share), std::lerp(a.green, b.green, share),
          std::lerp(a.blue, b.blue, share)};
}

double luminance(const Colour& colour) {
  const auto linear = [](double value) {
    return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) + 0.0722 * linear(colour.blue);
}

}  // namespace

Colour series_colour(std::size_t index) { return kSeries[index % std::size(kSeries)]; }

std::span<const double> series_dashes(std::size_t index) {
  switch (index / std::size(kSeries) % 3) {
    case 0:
      return {};
    case 1:
      return kLong;
    default:
      return kShort;
  }
}

Colour blue_to_yellow(double value) { return between(kBlueToYellow, value); }
Colour white_to_blue(double value) { return between(kWhiteToBlue, value); }
Colour orange_to_blue(double value) { return between(kOrangeToBlue, (value + 1.0) / 2.0); }

Colour legible_on(const Colour& background) {
  const double light = luminance(background);
  return 1.05 / (light + 0.05) > (light + 0.05) / (luminance(kInk) + 0.05) ? kPaper : kInk;
}

}  // namespace ser::report::charts
