#pragma once

#include <string>
#include <vector>

#include "report/charts/axis.h"
#include "report/charts/name_column.h"
#include "report/charts/panel.h"

namespace ser::report::charts {

// A stretch of time, in the numbers of the axis.
struct Block {
  double from = 0.0;
  double to = 0.0;
};

// When something was, such as a label.
struct TimelineRow {
  std::string name;
  std::vector<Block> blocks;  // in order, apart from each other
};

// Rows of blocks over time. What is thinner than a hair is drawn as one, and what touches is one
// piece, so that its size does not grow with the number of blocks.
class TimelinePanel : public Panel {
 public:
  static constexpr std::size_t kMostRows = 60;

  TimelinePanel(std::string heading, std::vector<TimelineRow> rows, Axis time);

  Margins margins(const Canvas& ruler) const override;
  double height(const Canvas& ruler, double width) const override;
  void draw(Canvas& canvas, const Place& place) const override;

 private:
  std::vector<TimelineRow> rows_;
  NameColumn names_;
  Axis time_;
};

}  // namespace ser::report::charts
