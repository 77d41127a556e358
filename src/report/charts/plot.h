#pragma once

#include <optional>
#include <string>
#include <vector>

#include "report/charts/axis.h"
#include "report/charts/panel.h"

namespace ser::report::charts {

// Everything below is in the numbers of the axes, and what is not finite is left out.

enum class Look { kLine, kDots, kSteps };

// Dots: a line with its points marked. Steps: each value holds until the next.
struct Series {
  std::string name{};  // in the key above the plot; none there without
  std::vector<Point> points;
  Look look = Look::kLine;
};

// A bar from 0 to its value.
struct Column {
  double from = 0.0;
  double to = 0.0;
  double value = 0.0;
  Colour colour = series_colour(0);
};

// An upright line with its text above the plot.
struct Mark {
  double at = 0.0;
  std::string text;
};

struct Plot {
  Axis x;
  Axis y;
  double height = 200.0;
  std::vector<Series> series{};
  std::vector<Column> columns{};
  std::vector<Point> area{};   // the corners of one that is filled
  std::vector<Point> guide{};  // a thin line of what would be ideal
  std::optional<Mark> mark{};
};

// Numbers against numbers: curves over epochs or coverage, bars over time, a waveform.
class PlotPanel : public Panel {
 public:
  PlotPanel(std::string heading, Plot plot) : Panel(std::move(heading)), plot_(std::move(plot)) {}

  Margins margins(const Canvas& ruler) const override;
  double height(const Canvas& ruler, double width) const override;
  void draw(Canvas& canvas, const Place& place) const override;

 private:
  double key_height(const Canvas& ruler, double width) const;
  void draw_key(Canvas& canvas, const Place& place) const;
  void draw_content(Canvas& canvas, const Box& box) const;
  void draw_series(Canvas& canvas, const Box& box, std::size_t index) const;

  Plot plot_;
};

}  // namespace ser::report::charts
