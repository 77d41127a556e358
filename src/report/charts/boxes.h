#pragma once

#include <memory>
#include <string>
#include <vector>

#include "report/charts/axis.h"
#include "report/charts/name_column.h"
#include "report/charts/panel.h"

namespace ser::report::charts {

// How the values of a name are spread.
struct Box5 {
  double low = 0.0;  // 5 % are below
  double lower_quartile = 0.0;
  double median = 0.0;
  double upper_quartile = 0.0;
  double high = 0.0;  // 5 % are above
};

// Of values in any order, of which those that are not finite are left out; all NaN of none.
Box5 box_of(std::vector<double> values);

// Box plots (Tukey, 1977), one name a row, for names of any length and any number; beyond kMostRows
// the rest is counted and not drawn.
class BoxesPanel : public Panel {
 public:
  static constexpr std::size_t kMostRows = 150;

  BoxesPanel(std::string heading, std::vector<std::string> names, std::vector<Box5> boxes,
             Axis axis);

  Margins margins(const Canvas& ruler) const override;
  double height(const Canvas& ruler, double width) const override;
  void draw(Canvas& canvas, const Place& place) const override;

 private:
  NameColumn names_;
  std::vector<Box5> boxes_;
  Axis axis_;
};

// Boxes of the values of each name, on an axis that holds all of them.
std::shared_ptr<const Panel> boxes_panel(std::string heading, std::vector<std::string> names,
                                         const std::vector<std::vector<double>>& values,
                                         std::string label);

// How many of the values lie where, in some dozen columns; what is not finite is left out.
std::shared_ptr<const Panel> histogram_panel(std::string heading, const std::vector<double>& values,
                                             std::string label);

}  // namespace ser::report::charts
