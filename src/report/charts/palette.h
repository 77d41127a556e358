#pragma once

#include <cstddef>
#include <span>

namespace ser::report::charts {

// sRGB, each from 0 to 1.
struct Colour {
  double red = 0.0;
  double green = 0.0;
  double blue = 0.0;
};

// Dark on light.
inline constexpr Colour kPaper{1.0, 1.0, 1.0};
inline constexpr Colour kInk{0.13, 0.13, 0.13};
inline constexpr Colour kFaint{0.42, 0.42, 0.42};  // secondary text; 5:1 on white
inline constexpr Colour kGrid{0.87, 0.87, 0.87};

// Colours that people of any colour vision tell apart (Okabe and Ito, "Color Universal Design",
// 2008), without the yellow, which white paper swallows. Those beyond the last begin anew, so lines
// also differ by their dashes.
Colour series_colour(std::size_t index);
// Lengths of dash and gap in points; nothing: a full line.
std::span<const double> series_dashes(std::size_t index);

// From 0 to 1, clamped; brightness rises or falls steadily in each, so that they can be read
// without colour.
Colour blue_to_yellow(double value);  // cividis (Nunez, Anderton and Renslow, 2018)
Colour white_to_blue(double value);
// From -1 (orange) over 0 (white) to 1 (blue): for changes of either sign (ColorBrewer's PuOr and
// Blues, which the colour-blind tell apart).
Colour orange_to_blue(double value);

// Black or white, whichever is read more easily on the colour (contrast as in WCAG 2).
Colour legible_on(const Colour& background);

}  // namespace ser::report::charts
