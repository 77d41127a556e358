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
constexpr double kColumnWidth = 560.0;  // where there are several
constexpr double kColumnGap = 24.0;
constexpr double kEdge = 16.0;
constexpr double kTitleHeight = 26.0;
constexpr double kRemarkHeight = 15.0;
constexpr std::size_t kMostRemarkLines = 4;  // of each
constexpr double kColumnHeadingHeight = 22.0;
constexpr double kHeadingHeight = 24.0;
constexpr double kPanelGap = 16.0;  // between panels
constexpr TextStyle kTitleStyle{16.0, charts::kInk, Weight::kBold};
constexpr TextStyle kRemarkStyle{10.5, charts::kFaint};
constexpr TextStyle kColumnNameStyle{12.5, charts::kInk, Weight::kBold};
constexpr TextStyle kPanelHeadingStyle{12.0, charts::kInk, Weight::kBold};

constexpr double kPngScale = 2.0;
constexpr double kMostPixels = 1e8;
constexpr double kMostPixelsHigh = 32000.0;  // Cairo's images have at most 32,767

// What is drawn on a sheet, and where everything of it stands.
class Sheet {
 public:
  // `edge`: the paper left free around.
  Sheet(const std::vector<PictureColumn>& columns, double width, double edge)
      : columns_(columns), width_(width), edge_(edge) {}

  void set_head(const std::string& title, const std::vector<std::string>& remarks) {
    title_ = title;
    const Canvas ruler = Canvas::ruler();
    for (const auto& remark : remarks) {
      for (auto& line : ruler.wrapped(remark, kRemarkStyle, content_width(), kMostRemarkLines)) {
        remarks_.push_back(std::move(line));
      }
    }
  }

  // Once all is set.
  void lay_out() {
    const Canvas ruler = Canvas::ruler();
    std::size_t rows = 0;
    for (const auto& column : columns_) {
      rows = std::max(rows, column.panels.size());
      has_names_ = has_names_ || !column.heading.empty();
      for (const auto& panel : column.panels) {
        const Margins wanted = panel->margins(ruler);
        margins_.left = std::max(margins_.left, wanted.left);
        margins_.right = std::max(margins_.right, wanted.right);
      }
    }
    double top = edge_ + kRemarkHeight * static_cast<double>(remarks_.size());
    if (!title_.empty()) top += kTitleHeight;
    names_top_ = top;
    if (has_names_) top += kColumnHeadingHeight;
    for (std::size_t row = 0; row < rows; ++row) {
      double heading = 0.0;
      double height = 0.0;
      for (const auto& column : columns_) {
        if (row >= column.panels.size()) continue;
        const auto& panel = *column.panels[row];
        if (!panel.heading().empty()) heading = kHeadingHeight;
        height = std::max(height, panel.height(ruler, plot_width()));
      }
      top += heading + (top > edge_ ? kPanelGap : 0.0);
      tops_.push_back(top);
      top += height;
    }
    height_ = std::ceil(top + edge_);
  }

  double width() const { return width_; }
  double height() const { return height_; }

  void draw(Canvas& canvas) const {
    canvas.fill({0.0, 0.0, width_, height_}, charts::kPaper);
    double y = edge_;
    if (!title_.empty()) {
      canvas.text_from({edge_, edge_ + kTitleHeight / 2.0},
                       canvas.shortened(title_, kTitleStyle, content_width()), kTitleStyle);
      y += kTitleHeight;
    }
    y += kRemarkHeight / 2.0;
    for (const auto& line : remarks_) {
      canvas.text_from({edge_, y}, line, kRemarkStyle);
      y += kRemarkHeight;
    }
    for (std::size_t i = 0; i < columns_.size(); ++i) draw_column(canvas, i);
  }

 private:
  double content_width() const { return width_ - 2.0 * edge_; }
  double column_width() const {
    const auto count = static_cast<double>(std::max(columns_.size(), std::size_t{1}));
    return (content_width() - kColumnGap * (count - 1.0)) / count;
  }
  double plot_width() const {
    return std::max(10.0, column_width() - margins_.left - margins_.right);
  }

  void draw_column(Canvas& canvas, std::size_t index) const {
    const auto& column = columns_[index];
    const double left =
        edge_ + static_cast<double>(index) * (column_width() + kColumnGap) + margins_.left;
    if (has_names_) {
      canvas.text_from({left, names_top_ + kPanelGap / 2.0 + kColumnHeadingHeight / 2.0},
                       canvas.shortened(column.heading, kColumnNameStyle, plot_width()),
                       kColumnNameStyle);
    }
    for (std::size_t row = 0; row < column.panels.size(); ++row) {
      const auto& panel = *column.panels[row];
      const charts::Place place{left, tops_[row], plot_width()};
      canvas.text_from({place.left, place.top - kHeadingHeight / 2.0},
                       canvas.shortened(panel.heading(), kPanelHeadingStyle, place.width),
                       kPanelHeadingStyle);
      panel.draw(canvas, place);
    }
  }

  const std::vector<PictureColumn>& columns_;
  double width_;
  double edge_;
  std::string title_;
  std::vector<std::string> remarks_;  // in lines
  bool has_names_ = false;
  double names_top_ = 0.0;
  Margins margins_;
  std::vector<double> tops_;  // of the rows of panels, below their headings
  double height_ = 0.0;
};

}  // namespace

PictureFormat picture_format(const std::filesystem::path& path) {
  if (path.extension() == ".svg") return PictureFormat::kSvg;
  if (path.extension() == ".png") return PictureFormat::kPng;
  throw core::ConfigError("E_CONFIG_VALUE",
                          "a picture's name ends with .svg or .png, and not as " + path.string());
}

Picture::Picture(std::string title, std::vector<std::string> remarks,
                 std::vector<std::shared_ptr<const charts::Panel>> panels)
    : title_(std::move(title)), remarks_(std::move(remarks)) {
  columns_.push_back({"", std::move(panels)});
}

Picture Picture::side_by_side(std::string title, std::vector<std::string> remarks,
                              std::vector<PictureColumn> columns) {
  Picture picture(std::move(title), std::move(remarks), {});
  picture.columns_ = std::move(columns);
  return picture;
}

std::string Picture::svg() const { return bytes(PictureFormat::kSvg); }
std::string Picture::png() const { return bytes(PictureFormat::kPng); }

std::string Picture::bytes(PictureFormat format) const {
  const auto count = static_cast<double>(columns_.size());
  const double width = columns_.size() < 2
                           ? kWidth
                           : 2.0 * kEdge + count * kColumnWidth + (count - 1.0) * kColumnGap;
  Sheet sheet(columns_, width, kEdge);
  sheet.set_head(title_, remarks_);
  sheet.lay_out();
  const double scale =
      std::min({kPngScale, kMostPixelsHigh / sheet.height(), kMostPixelsHigh / sheet.width(),
                std::sqrt(kMostPixels / (sheet.width() * sheet.height()))});
  Canvas canvas = format == PictureFormat::kSvg ? Canvas::svg(sheet.width(), sheet.height())
                                                : Canvas::png(sheet.width(), sheet.height(), scale);
  sheet.draw(canvas);
  return canvas.finish(title_);
}

std::string Picture::element(double width) const {
  constexpr double kPageEdge = 2.0;
  Sheet sheet(columns_, width, kPageEdge);
  sheet.lay_out();
  Canvas canvas = Canvas::svg(sheet.width(), sheet.height());
  sheet.draw(canvas);
  std::string document = canvas.finish(title_);
  const std::size_t root = document.find("<svg ");
  if (root == std::string::npos) return document;
  document.erase(0, root);
  return document.insert(std::string_view("<svg ").size(), "role=\"img\" ");
}

}  // namespace ser::report
