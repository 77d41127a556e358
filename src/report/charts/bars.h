#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "report/charts/axis.h"
#include "report/charts/name_column.h"
#include "report/charts/panel.h"

namespace ser::report::charts {

struct Bar {
  double value = 0.0;
  std::string note{};                                 // beside the bar
  std::optional<std::pair<double, double>> spread{};  // low and high
};

// Bars that belong to the names of a panel, in a column of their own.
struct BarColumn {
  std::string heading{};  // of the column, where there are several
  std::vector<Bar> bars;  // one a name
  Axis axis;              // holds 0, where bars begin
};

// Horizontal bars, one name a row and one or more columns of them: for names of any length and any
// number; beyond kMostRows the rest is counted and not drawn.
class BarsPanel : public Panel {
 public:
  static constexpr std::size_t kMostRows = 150;

  BarsPanel(std::string heading, std::vector<std::string> names, std::vector<BarColumn> columns);

  Margins margins(const Canvas& ruler) const override;
  double height(const Canvas& ruler, double width) const override;
  void draw(Canvas& canvas, const Place& place) const override;

 private:
  double column_headings() const;
  double note_width(const Canvas& ruler, const BarColumn& column) const;
  void draw_column(Canvas& canvas, const Box& plot, const BarColumn& column) const;

  NameColumn names_;
  std::vector<BarColumn> columns_;
};

}  // namespace ser::report::charts
