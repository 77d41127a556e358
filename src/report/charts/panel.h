#pragma once

#include <string>

#include "report/charts/canvas.h"

namespace ser::report::charts {

// What stands beside a plot: names or numbers to its left, notes or a key to its right.
struct Margins {
  double left = 0.0;
  double right = 0.0;
};

// Where a panel is drawn: its plot from left over width, everything from top on.
struct Place {
  double left = 0.0;
  double top = 0.0;
  double width = 0.0;
};

// One chart of a picture, with its heading above and its axis below. The picture gives the plots of
// all panels the same left and right ends, so that axes of time stand above each other.
class Panel {
 public:
  explicit Panel(std::string heading) : heading_(std::move(heading)) {}
  virtual ~Panel() = default;
  Panel(const Panel&) = delete;
  Panel& operator=(const Panel&) = delete;

  const std::string& heading() const { return heading_; }

  // What it needs beside the plot.
  virtual Margins margins(const Canvas& ruler) const = 0;
  // The height of all but the heading, for a plot of this width.
  virtual double height(const Canvas& ruler, double width) const = 0;
  // `place` is below the heading.
  virtual void draw(Canvas& canvas, const Place& place) const = 0;

 private:
  std::string heading_;
};

}  // namespace ser::report::charts
