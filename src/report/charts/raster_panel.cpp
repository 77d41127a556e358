#include "report/charts/raster_panel.h"

#include <algorithm>
#include <cmath>

namespace ser::report::charts {
namespace {

constexpr double kColourKeyGap = 10.0;
constexpr double kKeyWidth = 10.0;
constexpr int kKeySteps = 64;
constexpr double kTextGap = 5.0;

}  // namespace

Margins RasterPanel::margins(const Canvas& ruler) const {
  double widest = ruler.text_width(plot_.key.label, kTickStyle) - kTextGap;
  for (const Tick& tick : plot_.key.ticks) {
    widest = std::max(widest, ruler.text_width(tick.text, kTickStyle));
  }
  return {left_axis_width(ruler, plot_.y), kColourKeyGap + kKeyWidth + kTextGap + widest};
}

double RasterPanel::height(const Canvas& /*ruler*/, double /*width*/) const {
  return plot_.height + bottom_axis_height(plot_.x);
}

void RasterPanel::draw(Canvas& canvas, const Place& place) const {
  const Box box{place.left, place.top, place.width, plot_.height};
  draw_bottom_axis(canvas, box, plot_.x);
  draw_left_axis(canvas, box, plot_.y);
  Box covered = box;
  if (plot_.until) {
    covered.width = std::clamp(plot_.x.place(*plot_.until, 0.0, box.width), 0.0, box.width);
  }
  if (covered.width > 0.0) canvas.raster(covered, plot_.raster);
  canvas.outline(box, {kFaint, 0.8});

  // The label of the key stands above its colours.
  const double label = plot_.key.label.empty() ? 0.0 : kTickTextHeight;
  const Box key{box.right() + kColourKeyGap, box.top + label, kKeyWidth, box.height - label};
  canvas.text_from({key.left, box.top + label / 2.0}, plot_.key.label, kTickStyle);
  Raster colours{1, kKeySteps, {}};
  for (int i = 0; i < kKeySteps; ++i) {
    const double share = static_cast<double>(i) / (kKeySteps - 1);
    colours.colours.push_back(plot_.colours(std::lerp(1.0, plot_.lowest_colour, share)));
  }
  canvas.raster(key, colours);
  canvas.outline(key, {kFaint, 0.8});
  for (const Tick& tick : plot_.key.ticks) {
    canvas.text_from({key.right() + kTextGap, plot_.key.place(tick.value, key.bottom(), key.top)},
                     tick.text, kTickStyle);
  }
}

}  // namespace ser::report::charts
