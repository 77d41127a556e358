#include "ser/report/picture.h"

#include <algorithm>
#include <cmath>

#include "ser/core/error.h"

#include "report/charts/panel.h"

namespace ser::report {
namespace {

using charts::Canvas;
using charts::Margins;
using charts::TextStyle;
using charts::Weight;

constexpr double kWidth = 900.0;
constexpr double kEdge = 16.0;
constexpr double kTitleHeight = 26.0;
constexpr double kRemarkHeight = 15.0;
constexpr std::size_t kMostRemarkLines = 4;  // of each
constexpr double kHeadingHeight = 24.0;
constexpr double kPanelGap = 16.0;  // between panels
constexpr TextStyle kTitleStyle{16.0, charts::kInk, Weight::kBold};
constexpr TextStyle kRemarkStyle{10.5, charts::kFaint};
constexpr TextStyle kPanelHeadingStyle{12.0, charts::kInk, Weight::kBold};

constexpr double kPngScale = 2.0;
constexpr double kMostPixels = 1e8;
constexpr double kMostPixelsHigh = 32000.0;  // Cairo's images have at most 32,767

// Where everything of a picture stands.
struct Layout {
  std::vector<std::string> remarks;  // in lines
  Margins margins;
  std::vector<double> tops;  // of the panels, below their headings
  double height = 0.0;

  double plot_width() const { return kWidth - 2.0 * kEdge - margins.left - margins.right; }
};

Layout lay_out(const std::vector<std::string>& remarks,
               const std::vector<std::shared_ptr<const charts::Panel>>& panels) {
  const Canvas ruler = Canvas::ruler();
  Layout layout;
  for (const auto& remark : remarks) {
    for (auto& line : ruler.wrapped(remark, kRemarkStyle, kWidth - 2.0 * kEdge, kMostRemarkLines)) {
      layout.remarks.push_back(std::move(line));
    }
  }
  for (const auto& panel : panels) {
    const Margins wanted = panel->margins(ruler);
    layout.margins.left = std::max(layout.margins.left, wanted.left);
    layout.margins.right = std::max(layout.margins.right, wanted.right);
  }
  double top = kEdge + kTitleHeight + kRemarkHeight * static_cast<double>(layout.remarks.size());
  for (const auto& panel : panels) {
    top += kPanelGap + (panel->heading().empty() ? 0.0 : kHeadingHeight);
    layout.tops.push_back(top);
    top += panel->height(ruler, layout.plot_width());
  }
  layout.height = std::ceil(top + kEdge);
  return layout;
}

}  // namespace

PictureFormat picture_format(const std::filesystem::path& path) {
  if (path.extension() == ".svg") return PictureFormat::kSvg;
  if (path.extension() == ".png") return PictureFormat::kPng;
  throw core::ConfigError("E_CONFIG_VALUE",
                          "a picture's name ends with .svg or .png, and not as " + path.string());
}

Picture::Picture(std::string title, std::vector<std::string> remarks,
                 std::vector<std::shared_ptr<const charts::Panel>> panels)
    : title_(std::move(title)), remarks_(std::move(remarks)), panels_(std::move(panels)) {}

std::string Picture::svg() const { return bytes(PictureFormat::kSvg); }
std::string Picture::png() const { return bytes(PictureFormat::kPng); }

std::string Picture::bytes(PictureFormat format) const {
  const Layout layout = lay_out(remarks_, panels_);
  const double scale = std::min({kPngScale, kMostPixelsHigh / layout.height,
                                 std::sqrt(kMostPixels / (kWidth * layout.height))});
  Canvas canvas = format == PictureFormat::kSvg ? Canvas::svg(kWidth, layout.height)
                                                : Canvas::png(kWidth, layout.height, scale);
  canvas.fill({0.0, 0.0, kWidth, layout.height}, charts::kPaper);
  canvas.text_from({kEdge, kEdge + kTitleHeight / 2.0},
                   canvas.shortened(title_, kTitleStyle, kWidth - 2.0 * kEdge), kTitleStyle);
  double y = kEdge + kTitleHeight + kRemarkHeight / 2.0;
  for (const auto& line : layout.remarks) {
    canvas.text_from({kEdge, y}, line, kRemarkStyle);
    y += kRemarkHeight;
  }
  for (std::size_t i = 0; i < panels_.size(); ++i) {
    const charts::Place place{kEdge + layout.margins.left, layout.tops[i], layout.plot_width()};
    canvas.text_from({place.left, place.top - kHeadingHeight / 2.0},
                     canvas.shortened(panels_[i]->heading(), kPanelHeadingStyle, place.width),
                     kPanelHeadingStyle);
    panels_[i]->draw(canvas, place);
  }
  return canvas.finish(title_);
}

}  // namespace ser::report
