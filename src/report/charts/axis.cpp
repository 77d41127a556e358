#include "report/charts/axis.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <tuple>
#include <utility>

namespace ser::report::charts {
namespace {

// No plot of ours needs numbers beyond, and within them no difference is lost.
constexpr double kLargest = 1e15;

double bounded(double value) { return std::clamp(value, -kLargest, kLargest); }

// Low and high apart, whatever they were.
std::pair<double, double> apart(double low, double high) {
  low = bounded(low);
  high = bounded(high);
  const double least = 1e-9 * std::max({std::abs(low), std::abs(high), 1e-3});
  if (high - low >= least) return {low, high};
  const double room = std::max(std::abs(low) * 0.1, 0.5);
  return {low - room, high + room};
}

double round_step(double range, std::size_t most) {
  const double rough = range / static_cast<double>(std::max(most, std::size_t{2}) - 1);
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= rough * (1.0 - 1e-9)) return factor * power;
  }
  return 10.0 * power;
}

constexpr Stroke kGridStroke{kGrid, 0.7};
constexpr Stroke kAxisStroke{kFaint, 0.8};
constexpr double kTickGap = 5.0;

}  // namespace

std::string number_text(double value, int decimals) {
  std::array<char, 400> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                 std::chars_format::fixed, decimals)
                       .ptr;
  std::string text(buffer.data(), end);
  if (text.find_first_of("123456789") == std::string::npos && text.starts_with('-'))
    text.erase(0, 1);
  const std::size_t first = text.starts_with('-') ? 1 : 0;
  for (std::size_t at = std::min(text.find('.'), text.size()); at > first + 3;) {
    at -= 3;
    text.insert(at, ",");
  }
  return text;
}

std::vector<Tick> round_ticks(double low, double high, std::size_t most) {
  std::tie(low, high) = apart(low, high);
  const double step = round_step(high - low, most);
  const int decimals = std::clamp(static_cast<int>(-std::floor(std::log10(step) + 1e-9)), 0, 12);
  const double slack = step * 1e-6;
  std::vector<Tick> ticks;
  for (double multiple = std::ceil((low - slack) / step); multiple * step <= high + slack;
       multiple += 1.0) {
    ticks.push_back({multiple * step, number_text(multiple * step, decimals)});
  }
  return ticks;
}

Axis axis_over(const std::vector<double>& values, std::size_t most_ticks, std::string label) {
  double low = 0.0;
  double high = 0.0;
  bool none = true;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    low = none ? value : std::min(low, value);
    high = none ? value : std::max(high, value);
    none = false;
  }
  std::tie(low, high) = apart(low, high);
  const double step = round_step(high - low, most_ticks);
  low = std::floor(low / step + 1e-6) * step;
  high = std::ceil(high / step - 1e-6) * step;
  return {low, high, round_ticks(low, high, most_ticks + 1), std::move(label)};
}

Axis axis_between(double low, double high, std::size_t most_ticks, std::string label) {
  std::tie(low, high) = apart(low, high);
  return {low, high, round_ticks(low, high, most_ticks), std::move(label)};
}

double last_tick_overhang(const Canvas& ruler, const Axis& axis) {
  return axis.ticks.empty() ? 0.0 : ruler.text_width(axis.ticks.back().text, kTickStyle) / 2.0;
}

double bottom_axis_height(const Axis& axis) {
  return (axis.ticks.empty() ? 0.0 : kTickTextHeight) +
         (axis.label.empty() ? 0.0 : kAxisLabelHeight);
}

void draw_bottom_axis(Canvas& canvas, const Box& plot, const Axis& axis) {
  double occupied = -1e9;
  for (const Tick& tick : axis.ticks) {
    const double x = axis.place(tick.value, plot.left, plot.right());
    canvas.line({x, plot.top}, {x, plot.bottom()}, kGridStroke);
    // Where numbers are long, not each has room.
    const double half = canvas.text_width(tick.text, kTickStyle) / 2.0;
    if (x - half < occupied) continue;
    canvas.text_about({x, plot.bottom() + kTickGap + kTickStyle.size / 2.0}, tick.text, kTickStyle);
    occupied = x + half + kTickGap;
  }
  canvas.line({plot.left, plot.bottom()}, {plot.right(), plot.bottom()}, kAxisStroke);
  if (axis.label.empty()) return;
  const double top = plot.bottom() + (axis.ticks.empty() ? 0.0 : kTickTextHeight);
  canvas.text_about({plot.middle_x(), top + kAxisLabelHeight / 2.0},
                    canvas.shortened(axis.label, kLabelStyle, plot.width), kLabelStyle);
}

double left_axis_width(const Canvas& ruler, const Axis& axis) {
  double widest = 0.0;
  for (const Tick& tick : axis.ticks) {
    widest = std::max(widest, ruler.text_width(tick.text, kTickStyle));
  }
  return widest + 2.0 * kTickGap + (axis.label.empty() ? 0.0 : kAxisLabelHeight);
}

void draw_left_axis(Canvas& canvas, const Box& plot, const Axis& axis) {
  for (const Tick& tick : axis.ticks) {
    const double y = axis.place(tick.value, plot.bottom(), plot.top);
    canvas.line({plot.left, y}, {plot.right(), y}, kGridStroke);
    canvas.text_until({plot.left - kTickGap, y}, tick.text, kTickStyle);
  }
  canvas.line({plot.left, plot.top}, {plot.left, plot.bottom()}, kAxisStroke);
  if (axis.label.empty()) return;
  canvas.upward_text_about(
      {plot.left - left_axis_width(canvas, axis) + kAxisLabelHeight / 2.0, plot.middle_y()},
      canvas.shortened(axis.label, kLabelStyle, plot.height), kLabelStyle);
}

}  // namespace ser::report::charts
