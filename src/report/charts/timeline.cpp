#include "report/charts/timeline.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace ser::report::charts {
namespace {

constexpr double kRow = 22.0;
constexpr double kBlock = 15.0;  // high
constexpr double kGap = 6.0;
constexpr double kHair = 0.6;  // wide
constexpr double kMostNameWidth = 300.0;
constexpr TextStyle kNameStyle{10.5, kInk};
constexpr Stroke kLaneStroke{kGrid, 0.7};

}  // namespace

std::size_t TimelinePanel::rows() const { return std::min(rows_.size(), kMostRows); }

std::string TimelinePanel::left_out() const {
  if (rows() == rows_.size()) return "";
  return "and " + number_text(static_cast<double>(rows_.size() - rows()), 0) + " more";
}

Margins TimelinePanel::margins(const Canvas& ruler) const {
  double widest = ruler.text_width(left_out(), kNameStyle);
  for (std::size_t i = 0; i < rows(); ++i) {
    widest = std::max(widest, ruler.text_width(rows_[i].name, kNameStyle));
  }
  // The last number below the plot reaches beyond it by half.
  const double beyond =
      time_.ticks.empty() ? 0.0 : ruler.text_width(time_.ticks.back().text, kTickStyle) / 2.0;
  return {std::min(widest, kMostNameWidth) + kGap, beyond};
}

double TimelinePanel::height(const Canvas& /*ruler*/, double /*width*/) const {
  const std::size_t lines = rows() + (left_out().empty() ? 0 : 1);
  return kRow * static_cast<double>(lines) + bottom_axis_height(time_);
}

void TimelinePanel::draw(Canvas& canvas, const Place& place) const {
  const std::size_t lines = rows() + (left_out().empty() ? 0 : 1);
  const Box plot{place.left, place.top, place.width, kRow * static_cast<double>(lines)};
  draw_bottom_axis(canvas, plot, time_);
  const auto inside = canvas.clip({plot.left - kMostNameWidth - kGap, plot.top,
                                   plot.width + kMostNameWidth + kGap, plot.height});
  for (std::size_t i = 0; i < rows(); ++i) {
    const double y = plot.top + kRow * (static_cast<double>(i) + 0.5);
    canvas.text_until({plot.left - kGap, y},
                      canvas.shortened(rows_[i].name, kNameStyle, kMostNameWidth), kNameStyle);
    canvas.line({plot.left, y}, {plot.right(), y}, kLaneStroke);
    std::optional<Block> piece;  // in points
    const auto end_piece = [&] {
      if (!piece) return;
      canvas.fill({piece->from, y - kBlock / 2.0, piece->to - piece->from, kBlock},
                  series_colour(i));
      piece.reset();
    };
    for (const Block& block : rows_[i].blocks) {
      if (!std::isfinite(block.from) || !std::isfinite(block.to)) continue;
      const double from = time_.place(block.from, plot.left, plot.right());
      const double to = std::max(time_.place(block.to, plot.left, plot.right()), from + kHair);
      if (piece && from - piece->to >= kHair) end_piece();
      piece = piece ? Block{piece->from, std::max(piece->to, to)} : Block{from, to};
    }
    end_piece();
  }
  if (const auto rest = left_out(); !rest.empty()) {
    canvas.text_until({plot.left - kGap, plot.bottom() - kRow / 2.0}, rest, kNameStyle);
  }
}

}  // namespace ser::report::charts
