#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "report/charts/palette.h"

namespace ser::report::charts {

// In points from the upper left corner.
struct Point {
  double x = 0.0;
  double y = 0.0;
};

struct Box {
  double left = 0.0;
  double top = 0.0;
  double width = 0.0;
  double height = 0.0;

  double right() const { return left + width; }
  double bottom() const { return top + height; }
  double middle_x() const { return left + width / 2.0; }
  double middle_y() const { return top + height / 2.0; }
};

enum class Weight { kRegular, kBold };

struct TextStyle {
  double size = 11.0;
  Colour colour = kInk;
  Weight weight = Weight::kRegular;
};

struct Stroke {
  Colour colour = kInk;
  double width = 1.0;
  std::span<const double> dashes{};
};

// Colours in rows from the top.
struct Raster {
  int columns = 0;
  int rows = 0;
  std::vector<Colour> colours;  // [rows x columns], a row after the other
};

// What pictures are drawn on: SVG, PNG, or nothing but a ruler. Text is measured alike on all
// three, so one drawing has the same layout on each; SVG holds it as outlines, and so looks the
// same whatever fonts its reader has. The font is the system's "sans"; without any, Cairo has
// letters of its own for ASCII.
//
// Text may be any bytes: it comes out as corpus::display_name() and cut to kMostCharacters.
class Canvas {
 public:
  static constexpr std::size_t kMostCharacters = 400;

  // The sizes are in points; PNG has `scale` pixels for each. Throws OutputError (E_PICTURE) where
  // Cairo cannot make one.
  static Canvas svg(double width, double height);
  static Canvas png(double width, double height, double scale);
  static Canvas ruler();

  ~Canvas();
  Canvas(Canvas&&) noexcept;
  Canvas& operator=(Canvas&&) noexcept;

  double text_width(std::string_view text, const TextStyle& style) const;
  // The text, or, where it is wider, its beginning and end with dots between.
  std::string shortened(std::string_view text, const TextStyle& style, double width) const;
  // Lines no wider than `width`, cut at spaces; what goes beyond `most_lines` is cut off with dots.
  std::vector<std::string> wrapped(std::string_view text, const TextStyle& style, double width,
                                   std::size_t most_lines) const;

  void fill(const Box& box, const Colour& colour, double opacity = 1.0);
  void outline(const Box& box, const Stroke& stroke);
  void line(Point from, Point to, const Stroke& stroke);
  void path(std::span<const Point> points, const Stroke& stroke);
  void area(std::span<const Point> corners, const Colour& colour, double opacity = 1.0);
  void dot(Point centre, double radius, const Colour& colour);
  void raster(const Box& box, const Raster& raster);

  // `at`: the middle of the text's height, and its left end, centre or right end.
  void text_from(Point at, std::string_view text, const TextStyle& style);
  void text_about(Point at, std::string_view text, const TextStyle& style);
  void text_until(Point at, std::string_view text, const TextStyle& style);
  // Turned to be read from below; `at`: the middle of its height, and its lower end or centre.
  void upward_text_from(Point at, std::string_view text, const TextStyle& style);
  void upward_text_about(Point at, std::string_view text, const TextStyle& style);

  // Nothing is drawn outside the box until the guard goes.
  class Clip;
  [[nodiscard]] Clip clip(const Box& box);

  // The file; the canvas is used up. `title` stands in SVG for those who do not see the picture.
  // The same drawing gives the same bytes, however much was drawn before. Throws OutputError
  // (E_PICTURE).
  std::string finish(std::string_view title);

 private:
  struct State;
  explicit Canvas(std::unique_ptr<State> state);
  void text(Point at, double share_left, double angle, std::string_view text,
            const TextStyle& style);

  std::unique_ptr<State> state_;
};

class Canvas::Clip {
 public:
  Clip(State& state, const Box& box);
  ~Clip();
  Clip(const Clip&) = delete;
  Clip& operator=(const Clip&) = delete;

 private:
  State& state_;
};

}  // namespace ser::report::charts
