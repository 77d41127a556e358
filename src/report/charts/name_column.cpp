#include "report/charts/name_column.h"

#include <algorithm>

#include "report/charts/axis.h"

namespace ser::report::charts {
namespace {

constexpr double kNameGap = 6.0;
constexpr TextStyle kRowNameStyle{10.5, kInk};

}  // namespace

NameColumn::NameColumn(std::vector<std::string> names, const Size& size)
    : names_(std::move(names)), size_(size) {}

std::size_t NameColumn::rows() const { return std::min(names_.size(), size_.most_rows); }

std::string NameColumn::left_out() const {
  if (rows() == names_.size()) return "";
  return "and " + number_text(static_cast<double>(names_.size() - rows()), 0) + " more";
}

double NameColumn::rows_height() const { return size_.row * static_cast<double>(rows()); }

double NameColumn::height() const {
  return rows_height() + (rows() == names_.size() ? 0.0 : size_.row);
}

double NameColumn::width(const Canvas& ruler) const {
  double widest = ruler.text_width(left_out(), kRowNameStyle);
  for (std::size_t i = 0; i < rows(); ++i) {
    widest = std::max(widest, ruler.text_width(names_[i], kRowNameStyle));
  }
  return std::min(widest, size_.widest) + kNameGap;
}

double NameColumn::largest_width() const { return size_.widest + kNameGap; }

double NameColumn::middle(std::size_t row) const {
  return size_.row * (static_cast<double>(row) + 0.5);
}

void NameColumn::draw(Canvas& canvas, double right, double top) const {
  for (std::size_t i = 0; i < rows(); ++i) {
    canvas.text_until({right - kNameGap, top + middle(i)},
                      canvas.shortened(names_[i], kRowNameStyle, size_.widest), kRowNameStyle);
  }
  if (const auto rest = left_out(); !rest.empty()) {
    canvas.text_until({right - kNameGap, top + middle(rows())}, rest, kRowNameStyle);
  }
}

}  // namespace ser::report::charts
