#include "report/charts/boxes.h"

#include <algorithm>
#include <cmath>

#include "report/charts/plot.h"

namespace ser::report::charts {
namespace {

constexpr double kBoxHeight = 11.0;
constexpr Stroke kWhiskerStroke{kInk, 1.0};
constexpr Stroke kMedianStroke{kInk, 2.0};

void keep_finite(std::vector<double>& values) {
  std::erase_if(values, [](double value) { return !std::isfinite(value); });
}

// Of sorted values, between the nearest two.
double quantile(const std::vector<double>& values, double share) {
  const double place = share * static_cast<double>(values.size() - 1);
  const auto first = static_cast<std::size_t>(place);
  const std::size_t second = std::min(first + 1, values.size() - 1);
  return std::lerp(values[first], values[second], place - static_cast<double>(first));
}

}  // namespace

Box5 box_of(std::vector<double> values) {
  keep_finite(values);
  const double none = std::nan("");
  if (values.empty()) return {none, none, none, none, none};
  std::ranges::sort(values);
  return {quantile(values, 0.05), quantile(values, 0.25), quantile(values, 0.5),
          quantile(values, 0.75), quantile(values, 0.95)};
}

BoxesPanel::BoxesPanel(std::string heading, std::vector<std::string> names, std::vector<Box5> boxes,
                       Axis axis)
    : Panel(std::move(heading)),
      names_(std::move(names), {19.0, 300.0, kMostRows}),
      boxes_(std::move(boxes)),
      axis_(std::move(axis)) {}

Margins BoxesPanel::margins(const Canvas& ruler) const {
  return {names_.width(ruler), last_tick_overhang(ruler, axis_)};
}

double BoxesPanel::height(const Canvas& /*ruler*/, double /*width*/) const {
  return names_.height() + bottom_axis_height(axis_);
}

void BoxesPanel::draw(Canvas& canvas, const Place& place) const {
  const Box plot{place.left, place.top, place.width, names_.height()};
  draw_bottom_axis(canvas, plot, axis_);
  names_.draw(canvas, plot.left, plot.top);
  const auto at = [&](double value) {
    return std::clamp(axis_.place(value, plot.left, plot.right()), plot.left, plot.right());
  };
  for (std::size_t i = 0; i < names_.rows(); ++i) {
    const double y = plot.top + names_.middle(i);
    const Box5& box = boxes_[i];
    if (!std::isfinite(box.median)) continue;
    canvas.line({at(box.low), y}, {at(box.high), y}, kWhiskerStroke);
    for (const double end : {at(box.low), at(box.high)}) {
      canvas.line({end, y - 3.0}, {end, y + 3.0}, kWhiskerStroke);
    }
    const double from = at(box.lower_quartile);
    const Box middle{from, y - kBoxHeight / 2.0, at(box.upper_quartile) - from, kBoxHeight};
    canvas.fill(middle, series_colour(5));
    canvas.outline(middle, kWhiskerStroke);
    const double median = at(box.median);
    canvas.line({median, middle.top}, {median, middle.bottom()}, kMedianStroke);
  }
}

std::shared_ptr<const Panel> boxes_panel(std::string heading, std::vector<std::string> names,
                                         const std::vector<std::vector<double>>& values,
                                         std::string label) {
  std::vector<Box5> boxes;
  std::vector<double> ends;
  for (const auto& of_name : values) {
    boxes.push_back(box_of(of_name));
    ends.push_back(boxes.back().low);
    ends.push_back(boxes.back().high);
  }
  return std::make_shared<BoxesPanel>(std::move(heading), std::move(names), std::move(boxes),
                                      axis_over(ends, 8, std::move(label)));
}

std::shared_ptr<const Panel> histogram_panel(std::string heading, const std::vector<double>& values,
                                             std::string label) {
  constexpr std::size_t kColumns = 40;
  std::vector<double> kept = values;
  keep_finite(kept);
  Plot plot{axis_over(kept, 9, std::move(label)), {}, 110.0};
  std::vector<double> counts(kColumns, 0.0);
  const double width = (plot.x.high - plot.x.low) / kColumns;
  for (const double value : kept) {
    const double place = (value - plot.x.low) / width;
    ++counts[static_cast<std::size_t>(std::clamp(place, 0.0, kColumns - 1.0))];
  }
  for (std::size_t i = 0; i < kColumns; ++i) {
    const double from = plot.x.low + width * static_cast<double>(i);
    plot.columns.push_back({from, from + width, counts[i]});
  }
  counts.push_back(0.0);
  plot.y = axis_over(counts, 4, "clips");
  return std::make_shared<PlotPanel>(std::move(heading), std::move(plot));
}

}  // namespace ser::report::charts
