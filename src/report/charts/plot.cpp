#include "report/charts/plot.h"

#include <algorithm>
#include <cmath>

namespace ser::report::charts {
namespace {

constexpr double kKeyRow = 17.0;
constexpr double kKeyLine = 22.0;  // the stroke before a name
constexpr double kKeyGap = 16.0;
constexpr double kMostKeyWidth = 200.0;  // of a name
constexpr std::size_t kMostInKey = 40;
constexpr double kMarkRow = 16.0;
constexpr TextStyle kKeyStyle{10.5, kInk};
constexpr Stroke kPlotZeroStroke{kFaint, 0.8};
constexpr Stroke kGuideStroke{kFaint, 1.0};
constexpr double kMarkDashes[] = {4.0, 3.0};
constexpr Stroke kMarkStroke{kInk, 1.0, kMarkDashes};

struct KeyEntry {
  std::size_t series = 0;
  std::string name;
  double x = 0.0;
  std::size_t row = 0;
};

// Names one after the other, in as many rows as they take.
std::vector<KeyEntry> lay_out_key(const Canvas& ruler, const std::vector<Series>& series,
                                  double width) {
  std::vector<KeyEntry> entries;
  double x = 0.0;
  std::size_t row = 0;
  for (std::size_t i = 0; i < series.size() && entries.size() < kMostInKey; ++i) {
    if (series[i].name.empty()) continue;
    const auto name =
        ruler.shortened(series[i].name, kKeyStyle, std::min(kMostKeyWidth, width - kKeyLine));
    const double needed = kKeyLine + ruler.text_width(name, kKeyStyle);
    if (x > 0.0 && x + needed > width) {
      x = 0.0;
      ++row;
    }
    entries.push_back({i, name, x, row});
    x += needed + kKeyGap;
  }
  return entries;
}

Stroke series_stroke(std::size_t index) {
  return {series_colour(index), 1.7, series_dashes(index)};
}

bool is_finite(const Point& point) { return std::isfinite(point.x) && std::isfinite(point.y); }

}  // namespace

Margins PlotPanel::margins(const Canvas& ruler) const {
  // The last number below the plot reaches beyond it by half.
  const double beyond = last_tick_overhang(ruler, plot_.x);
  return {left_axis_width(ruler, plot_.y), beyond};
}

double PlotPanel::key_height(const Canvas& ruler, double width) const {
  const auto key = lay_out_key(ruler, plot_.series, width);
  return key.empty() ? 0.0 : kKeyRow * static_cast<double>(key.back().row + 1);
}

double PlotPanel::height(const Canvas& ruler, double width) const {
  return key_height(ruler, width) + (plot_.mark ? kMarkRow : 0.0) + plot_.height +
         bottom_axis_height(plot_.x);
}

void PlotPanel::draw_key(Canvas& canvas, const Place& place) const {
  for (const auto& entry : lay_out_key(canvas, plot_.series, place.width)) {
    const double x = place.left + entry.x;
    const double y = place.top + kKeyRow * (static_cast<double>(entry.row) + 0.5);
    canvas.line({x, y}, {x + kKeyLine - 6.0, y}, series_stroke(entry.series));
    if (plot_.series[entry.series].look == Look::kDots) {
      canvas.dot({x + (kKeyLine - 6.0) / 2.0, y}, 2.6, series_colour(entry.series));
    }
    canvas.text_from({x + kKeyLine, y}, entry.name, kKeyStyle);
  }
}

void PlotPanel::draw(Canvas& canvas, const Place& place) const {
  draw_key(canvas, place);
  const double top = place.top + key_height(canvas, place.width) + (plot_.mark ? kMarkRow : 0.0);
  const Box box{place.left, top, place.width, plot_.height};
  draw_bottom_axis(canvas, box, plot_.x);
  draw_left_axis(canvas, box, plot_.y);
  draw_content(canvas, box);
  if (!plot_.mark || !std::isfinite(plot_.mark->at)) return;
  const double x = plot_.x.place(plot_.mark->at, box.left, box.right());
  canvas.line({x, box.top - 2.0}, {x, box.bottom()}, kMarkStroke);
  const auto text = canvas.shortened(plot_.mark->text, kTickStyle, box.width);
  const double half = canvas.text_width(text, kTickStyle) / 2.0;
  canvas.text_about({std::clamp(x, box.left + half, std::max(box.left + half, box.right() - half)),
                     box.top - kMarkRow / 2.0},
                    text, kTickStyle);
}

void PlotPanel::draw_content(Canvas& canvas, const Box& box) const {
  // Dots on the edge are drawn whole.
  constexpr double kEdge = 3.0;
  const auto inside = canvas.clip(
      {box.left - kEdge, box.top - kEdge, box.width + 2.0 * kEdge, box.height + 2.0 * kEdge});
  const auto at = [&](const Point& point) {
    return Point{plot_.x.place(point.x, box.left, box.right()),
                 plot_.y.place(point.y, box.bottom(), box.top)};
  };
  for (const Column& column : plot_.columns) {
    if (!std::isfinite(column.value)) continue;
    const Point from = at({column.from, std::max(column.value, 0.0)});
    const Point to = at({column.to, std::min(column.value, 0.0)});
    // A hair of paper between two of them.
    const double width = to.x - from.x;
    const double hair = width > 4.0 ? 0.5 : 0.0;
    canvas.fill({from.x + hair, from.y, width - 2.0 * hair, to.y - from.y}, column.colour);
  }
  if (plot_.y.low < 0.0 && plot_.y.high > 0.0) {
    canvas.line(at({plot_.x.low, 0.0}), at({plot_.x.high, 0.0}), kPlotZeroStroke);
  }
  std::vector<Point> corners;
  for (const Point& point : plot_.area) {
    if (is_finite(point)) corners.push_back(at(point));
  }
  if (!corners.empty()) canvas.area(corners, series_colour(0));
  std::vector<Point> guide;
  for (const Point& point : plot_.guide) guide.push_back(at(point));
  if (!guide.empty()) canvas.path(guide, kGuideStroke);
  for (std::size_t i = 0; i < plot_.series.size(); ++i) draw_series(canvas, box, i);
}

void PlotPanel::draw_series(Canvas& canvas, const Box& box, std::size_t index) const {
  const Series& series = plot_.series[index];
  std::vector<Point> run;  // of points without a gap
  const auto end_run = [&] {
    if (run.size() > 1) canvas.path(run, series_stroke(index));
    // A point alone would be no line.
    if (series.look == Look::kDots || run.size() == 1) {
      for (const Point& point : run) canvas.dot(point, 2.6, series_colour(index));
    }
    run.clear();
  };
  for (const Point& point : series.points) {
    if (!is_finite(point)) {
      end_run();
      continue;
    }
    const Point at{plot_.x.place(point.x, box.left, box.right()),
                   plot_.y.place(point.y, box.bottom(), box.top)};
    if (series.look == Look::kSteps && !run.empty()) run.push_back({at.x, run.back().y});
    run.push_back(at);
  }
  end_run();
}

}  // namespace ser::report::charts
