#include "report/charts/matrix.h"

#include <algorithm>

#include "report/charts/axis.h"

namespace ser::report::charts {
namespace {

constexpr double kMostRowNameWidth = 200.0;
constexpr double kMostColumnNameHeight = 150.0;
constexpr double kMatrixGap = 6.0;
constexpr double kLabel = 20.0;
constexpr double kWidestCell = 110.0;
constexpr double kHighestCell = 44.0;
constexpr double kLowestCell = 13.0;  // has room for a name
constexpr TextStyle kClassNameStyle{10.5, kInk};
constexpr double kLargestCount = 11.0;
constexpr double kSmallestCount = 6.0;
constexpr double kShareSize = 8.5;

double widest_of(const Canvas& ruler, const std::vector<std::string>& names) {
  double widest = 0.0;
  for (const auto& name : names) widest = std::max(widest, ruler.text_width(name, kClassNameStyle));
  return widest;
}

}  // namespace

// Cells, and whether the names of columns have to be written upwards.
struct MatrixPanel::Geometry {
  double cell_width = 0.0;
  double cell_height = 0.0;
  bool upright = false;
  double names = 0.0;  // their height
};

MatrixPanel::MatrixPanel(
    std::string heading, std::vector<std::string> names,
    const std::function<std::int64_t(std::size_t row, std::size_t column)>& count,
    std::string row_label, std::string column_label)
    : MatrixPanel(std::move(heading), names, names, count, std::move(row_label),
                  std::move(column_label)) {}

MatrixPanel::MatrixPanel(
    std::string heading, std::vector<std::string> rows, std::vector<std::string> columns,
    const std::function<std::int64_t(std::size_t row, std::size_t column)>& count,
    std::string row_label, std::string column_label)
    : Panel(std::move(heading)),
      row_names_(std::move(rows)),
      column_names_(std::move(columns)),
      row_label_(std::move(row_label)),
      column_label_(std::move(column_label)) {
  for (std::size_t row = 0; row < row_names_.size() && row < kMostNames; ++row) {
    // A share is one of all columns, drawn or not.
    std::int64_t total = 0;
    auto& counts = counts_.emplace_back();
    for (std::size_t column = 0; column < column_names_.size(); ++column) {
      total += count(row, column);
      if (column < kMostNames) counts.push_back(count(row, column));
    }
    totals_.push_back(total);
  }
  row_names_.resize(counts_.size());
  column_names_.resize(std::min(column_names_.size(), kMostNames));
}

Margins MatrixPanel::margins(const Canvas& ruler) const {
  return {std::min(widest_of(ruler, row_names_), kMostRowNameWidth) + kMatrixGap + kLabel, 0.0};
}

MatrixPanel::Geometry MatrixPanel::geometry(const Canvas& ruler, double width) const {
  Geometry geometry;
  const auto count = static_cast<double>(std::max(column_names_.size(), std::size_t{1}));
  geometry.cell_width = std::min(width / count, kWidestCell);
  geometry.cell_height = std::clamp(geometry.cell_width, kLowestCell, kHighestCell);
  // Of a square no cell is higher than it is wide.
  if (row_names_.size() == column_names_.size()) {
    geometry.cell_height = std::min(geometry.cell_width, kHighestCell);
  }
  const double widest = widest_of(ruler, column_names_);
  geometry.upright = widest > geometry.cell_width - kMatrixGap;
  geometry.names = geometry.upright ? std::min(widest, kMostColumnNameHeight) + kMatrixGap
                                    : kClassNameStyle.size + kMatrixGap;
  return geometry;
}

double MatrixPanel::height(const Canvas& ruler, double width) const {
  const Geometry geometry = this->geometry(ruler, width);
  return kLabel + geometry.names + geometry.cell_height * static_cast<double>(row_names_.size());
}

void MatrixPanel::draw(Canvas& canvas, const Place& place) const {
  const Geometry geometry = this->geometry(canvas, place.width);
  const Box box{place.left, place.top + kLabel + geometry.names,
                geometry.cell_width * static_cast<double>(column_names_.size()),
                geometry.cell_height * static_cast<double>(row_names_.size())};
  canvas.text_from({box.left, place.top + kLabel / 2.0},
                   canvas.shortened(column_label_, kLabelStyle, place.width), kLabelStyle);
  const double row_names = margins(canvas).left - kLabel - kMatrixGap;
  canvas.upward_text_about({box.left - kMatrixGap - row_names - kLabel / 2.0, box.middle_y()},
                           canvas.shortened(row_label_, kLabelStyle, box.height), kLabelStyle);
  for (std::size_t column = 0; column < column_names_.size(); ++column) {
    const double x = box.left + geometry.cell_width * (static_cast<double>(column) + 0.5);
    if (geometry.upright) {
      canvas.upward_text_from(
          {x, box.top - kMatrixGap},
          canvas.shortened(column_names_[column], kClassNameStyle, kMostColumnNameHeight),
          kClassNameStyle);
    } else {
      canvas.text_about({x, box.top - kMatrixGap - kClassNameStyle.size / 2.0},
                        column_names_[column], kClassNameStyle);
    }
  }
  for (std::size_t row = 0; row < row_names_.size(); ++row) {
    const double y = box.top + geometry.cell_height * (static_cast<double>(row) + 0.5);
    canvas.text_until({box.left - kMatrixGap, y},
                      canvas.shortened(row_names_[row], kClassNameStyle, row_names),
                      kClassNameStyle);
    for (std::size_t column = 0; column < column_names_.size(); ++column) {
      const Box cell{box.left + geometry.cell_width * static_cast<double>(column),
                     y - geometry.cell_height / 2.0, geometry.cell_width, geometry.cell_height};
      const std::int64_t clips = counts_[row][column];
      draw_cell(
          canvas, cell, clips,
          totals_[row] == 0 ? 0.0 : static_cast<double>(clips) / static_cast<double>(totals_[row]));
    }
  }
  canvas.outline(box, {kFaint, 0.8});
}

void MatrixPanel::draw_cell(Canvas& canvas, const Box& cell, std::int64_t count,
                            double share) const {
  const Colour colour = white_to_blue(share);
  canvas.fill(cell, colour);
  canvas.outline(cell, {kGrid, 0.5});
  if (count == 0) return;
  const Colour ink = legible_on(colour);
  const std::string text = number_text(static_cast<double>(count), 0);
  TextStyle style{std::min(kLargestCount, cell.height * 0.7), ink};
  const double width = canvas.text_width(text, style);
  style.size *= std::min(1.0, (cell.width - 2.0) / width);
  if (style.size < kSmallestCount) return;
  const std::string percent = number_text(100.0 * share, 0) + " %";
  const TextStyle percent_style{kShareSize, ink};
  const bool both = cell.height >= style.size + kShareSize + 4.0 &&
                    canvas.text_width(percent, percent_style) <= cell.width - 2.0;
  const double above = both ? (kShareSize + 3.0) / 2.0 : 0.0;
  canvas.text_about({cell.middle_x(), cell.middle_y() - above}, text, style);
  if (both) {
    canvas.text_about({cell.middle_x(), cell.middle_y() + (style.size + 3.0) / 2.0}, percent,
                      percent_style);
  }
}

}  // namespace ser::report::charts
