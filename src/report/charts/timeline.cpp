#include "report/charts/timeline.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace ser::report::charts {
namespace {

constexpr double kBlock = 15.0;  // high
constexpr double kHair = 0.6;    // wide
constexpr Stroke kLaneStroke{kGrid, 0.7};

std::vector<std::string> names_of(const std::vector<TimelineRow>& rows) {
  std::vector<std::string> names;
  names.reserve(rows.size());
  for (const auto& row : rows) names.push_back(row.name);
  return names;
}

}  // namespace

TimelinePanel::TimelinePanel(std::string heading, std::vector<TimelineRow> rows, Axis time)
    : Panel(std::move(heading)),
      rows_(std::move(rows)),
      names_(names_of(rows_), {22.0, 300.0, kMostRows}),
      time_(std::move(time)) {}

Margins TimelinePanel::margins(const Canvas& ruler) const {
  return {names_.width(ruler), last_tick_overhang(ruler, time_)};
}

double TimelinePanel::height(const Canvas& /*ruler*/, double /*width*/) const {
  return names_.height() + bottom_axis_height(time_);
}

void TimelinePanel::draw(Canvas& canvas, const Place& place) const {
  const Box plot{place.left, place.top, place.width, names_.height()};
  draw_bottom_axis(canvas, plot, time_);
  const double names_width = names_.largest_width();
  const auto inside =
      canvas.clip({plot.left - names_width, plot.top, plot.width + names_width, plot.height});
  names_.draw(canvas, plot.left, plot.top);
  for (std::size_t i = 0; i < names_.rows(); ++i) {
    const double y = plot.top + names_.middle(i);
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
}

}  // namespace ser::report::charts
