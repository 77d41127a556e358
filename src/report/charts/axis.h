#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "report/charts/canvas.h"

namespace ser::report::charts {

struct Tick {
  double value = 0.0;
  std::string text;
};

// From numbers to places along a line.
struct Axis {
  double low = 0.0;
  double high = 1.0;
  std::vector<Tick> ticks{};
  std::string label{};

  // Where a value lies between `from` (low) and `to` (high); outside of them where it is outside.
  double place(double value, double from, double to) const {
    return from + (value - low) / (high - low) * (to - from);
  }
};

// 1,234,567 with `decimals` digits behind the point.
std::string number_text(double value, int decimals);

// Ticks at 1, 2 or 5 times a power of ten, at most `most` of them, within low and high (Heckbert,
// "Nice Numbers for Graph Labels", Graphics Gems, 1990).
std::vector<Tick> round_ticks(double low, double high, std::size_t most);

// An axis that holds the values and ends at ticks. What is not finite is not looked at.
Axis axis_over(const std::vector<double>& values, std::size_t most_ticks, std::string label);
// One whose ends are given.
Axis axis_between(double low, double high, std::size_t most_ticks, std::string label);

// Heights below a plot, and the style of numbers.
inline constexpr double kTickTextHeight = 18.0;
inline constexpr double kAxisLabelHeight = 18.0;
inline constexpr TextStyle kTickStyle{10.0, kFaint};
inline constexpr TextStyle kLabelStyle{11.0, kInk};

double bottom_axis_height(const Axis& axis);
// How far the last number below a plot reaches beyond it, if it stands at its end.
double last_tick_overhang(const Canvas& ruler, const Axis& axis);
// Lines of the grid through the plot, numbers and label below it.
void draw_bottom_axis(Canvas& canvas, const Box& plot, const Axis& axis);

// The room left of a plot for numbers and label.
double left_axis_width(const Canvas& ruler, const Axis& axis);
void draw_left_axis(Canvas& canvas, const Box& plot, const Axis& axis);

}  // namespace ser::report::charts
