#pragma once

#include <optional>
#include <string>

#include "report/charts/axis.h"
#include "report/charts/panel.h"

namespace ser::report::charts {

// A matrix of colours over time or anything else, such as a spectrogram, with a key of the colours.
struct RasterPlot {
  Axis x;
  Axis y;
  double height = 150.0;
  Raster raster{};
  std::optional<double> until{};               // where on the x axis it ends; its end otherwise
  Colour (*colours)(double) = blue_to_yellow;  // from lowest_colour to 1
  double lowest_colour = 0.0;
  Axis key{};  // what these stand for
};

class RasterPanel : public Panel {
 public:
  RasterPanel(std::string heading, RasterPlot plot)
      : Panel(std::move(heading)), plot_(std::move(plot)) {}

  Margins margins(const Canvas& ruler) const override;
  double height(const Canvas& ruler, double width) const override;
  void draw(Canvas& canvas, const Place& place) const override;

 private:
  RasterPlot plot_;
};

}  // namespace ser::report::charts
