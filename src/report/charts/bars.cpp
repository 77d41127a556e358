#include "report/charts/bars.h"

#include <algorithm>
#include <cmath>

namespace ser::report::charts {
namespace {

constexpr double kRow = 17.0;
constexpr double kBar = 11.0;  // thick
constexpr double kBarGap = 6.0;
constexpr double kBetweenColumns = 22.0;
constexpr double kHeading = 18.0;
constexpr TextStyle kNoteStyle{10.0, kInk};
constexpr TextStyle kColumnHeadingStyle{10.5, kFaint, Weight::kBold};
constexpr Stroke kBarZeroStroke{kInk, 1.0};
constexpr Stroke kSpreadStroke{kInk, 1.2};

}  // namespace

BarsPanel::BarsPanel(std::string heading, std::vector<std::string> names,
                     std::vector<BarColumn> columns)
    : Panel(std::move(heading)),
      names_(std::move(names), {kRow, 380.0, kMostRows}),
      columns_(std::move(columns)) {}

double BarsPanel::column_headings() const {
  const bool any = std::ranges::any_of(columns_, [](const auto& c) { return !c.heading.empty(); });
  return any ? kHeading : 0.0;
}

Margins BarsPanel::margins(const Canvas& ruler) const { return {names_.width(ruler), 0.0}; }

double BarsPanel::height(const Canvas& /*ruler*/, double /*width*/) const {
  double axis = 0.0;
  for (const auto& column : columns_) axis = std::max(axis, bottom_axis_height(column.axis));
  return column_headings() + names_.height() + axis;
}

double BarsPanel::note_width(const Canvas& ruler, const BarColumn& column) const {
  double widest = 0.0;
  for (std::size_t i = 0; i < names_.rows(); ++i) {
    widest = std::max(widest, ruler.text_width(column.bars[i].note, kNoteStyle));
  }
  return widest == 0.0 ? 0.0 : widest + kBarGap;
}

void BarsPanel::draw(Canvas& canvas, const Place& place) const {
  const double top = place.top + column_headings();
  names_.draw(canvas, place.left, top);
  const auto count = static_cast<double>(columns_.size());
  const double width = (place.width - kBetweenColumns * (count - 1.0)) / count;
  double left = place.left;
  for (const auto& column : columns_) {
    const Box plot{left, top, width - note_width(canvas, column), names_.rows_height()};
    canvas.text_from({left, place.top + kHeading / 2.0},
                     canvas.shortened(column.heading, kColumnHeadingStyle, width),
                     kColumnHeadingStyle);
    draw_column(canvas, plot, column);
    left += width + kBetweenColumns;
  }
}

void BarsPanel::draw_column(Canvas& canvas, const Box& plot, const BarColumn& column) const {
  const Axis& axis = column.axis;
  draw_bottom_axis(canvas, plot, axis);
  const auto place = [&](double value) {
    return std::clamp(axis.place(value, plot.left, plot.right()), plot.left, plot.right());
  };
  const double zero = place(0.0);
  const double right = plot.right() + note_width(canvas, column);
  for (std::size_t i = 0; i < names_.rows(); ++i) {
    const Bar& bar = column.bars[i];
    const double y = plot.top + names_.middle(i);
    canvas.text_until({right, y}, bar.note, kNoteStyle);
    if (!std::isfinite(bar.value)) continue;
    const double end = place(bar.value);
    canvas.fill({std::min(zero, end), y - kBar / 2.0, std::abs(end - zero), kBar},
                series_colour(bar.value < 0.0 ? 1 : 0));
    if (!bar.spread) continue;
    const double low = place(bar.spread->first);
    const double high = place(bar.spread->second);
    canvas.line({low, y}, {high, y}, kSpreadStroke);
    canvas.line({low, y - 3.0}, {low, y + 3.0}, kSpreadStroke);
    canvas.line({high, y - 3.0}, {high, y + 3.0}, kSpreadStroke);
  }
  canvas.line({zero, plot.top}, {zero, plot.bottom()}, kBarZeroStroke);
}

}  // namespace ser::report::charts
