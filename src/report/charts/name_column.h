#pragma once

#include <string>
#include <vector>

#include "report/charts/canvas.h"

namespace ser::report::charts {

// The names of rows that are equally high, at their left: of any length and any number. Long ones
// are shortened; beyond a number of rows the rest is counted and not drawn. Lengths are in points.
class NameColumn {
 public:
  struct Size {
    double row = 0.0;     // how high one is
    double widest = 0.0;  // name
    std::size_t most_rows = 0;
  };

  NameColumn(std::vector<std::string> names, const Size& size);

  // That are drawn.
  std::size_t rows() const;
  double rows_height() const;
  // With the line that counts the others.
  double height() const;
  // With the gap to what is drawn beside it.
  double width(const Canvas& ruler) const;
  // The most that width() can be.
  double largest_width() const;
  // Where the middle of a row lies below the top of the first.
  double middle(std::size_t row) const;

  // Its right edge is at `right`.
  void draw(Canvas& canvas, double right, double top) const;

 private:
  std::string left_out() const;

  std::vector<std::string> names_;
  Size size_;
};

}  // namespace ser::report::charts
