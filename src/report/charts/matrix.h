#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "report/charts/panel.h"

namespace ser::report::charts {

// Counts in a table of names by names, coloured by their share of the row; in a square rows and
// columns have the same names.
// Where there is room, the share stands below the count; where there is none for the count, colour
// alone tells. Of more than kMostNames
// the rest is not drawn.
class MatrixPanel : public Panel {
 public:
  static constexpr std::size_t kMostNames = 60;

  MatrixPanel(std::string heading, const std::vector<std::string>& names,
              const std::function<std::int64_t(std::size_t row, std::size_t column)>& count,
              std::string row_label, std::string column_label);
  MatrixPanel(std::string heading, std::vector<std::string> rows, std::vector<std::string> columns,
              const std::function<std::int64_t(std::size_t row, std::size_t column)>& count,
              std::string row_label, std::string column_label);

  Margins margins(const Canvas& ruler) const override;
  double height(const Canvas& ruler, double width) const override;
  void draw(Canvas& canvas, const Place& place) const override;

 private:
  struct Geometry;
  Geometry geometry(const Canvas& ruler, double width) const;
  void draw_cell(Canvas& canvas, const Box& cell, std::int64_t count, double share) const;

  std::vector<std::string> row_names_;
  std::vector<std::string> column_names_;
  std::vector<std::vector<std::int64_t>> counts_;
  std::vector<std::int64_t> totals_;  // of the rows
  std::string row_label_;
  std::string column_label_;
};

}  // namespace ser::report::charts
