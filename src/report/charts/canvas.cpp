#include "report/charts/canvas.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include <cairo-svg.h>
#include <cairo.h>

#include "ser/core/error.h"
#include "ser/corpus/display_name.h"

#include "report/charts/svg_text.h"

#ifdef __SANITIZE_ADDRESS__
// What fontconfig keeps for the life of the program hangs on offsets, which the leak checker does
// not take for pointers.
extern "C" {
// NOLINTBEGIN(bugprone-reserved-identifier)
const char* __lsan_default_suppressions() { return "leak:libfontconfig"; }
const char* __lsan_default_options() { return "print_suppressions=0"; }
// NOLINTEND(bugprone-reserved-identifier)
}
#endif

namespace ser::report::charts {
namespace {

void check(cairo_status_t status) {
  if (status == CAIRO_STATUS_SUCCESS) return;
  throw core::OutputError(
      "E_PICTURE", std::string("the picture cannot be drawn: ") + cairo_status_to_string(status));
}

template <auto kDestroy>
struct Destroy {
  template <class T>
  void operator()(T* object) const {
    kDestroy(object);
  }
};

using Surface = std::unique_ptr<cairo_surface_t, Destroy<cairo_surface_destroy>>;
using Context = std::unique_ptr<cairo_t, Destroy<cairo_destroy>>;
using FontOptions = std::unique_ptr<cairo_font_options_t, Destroy<cairo_font_options_destroy>>;

cairo_status_t append(void* bytes, const unsigned char* data, unsigned length) noexcept {
  try {
    static_cast<std::string*>(bytes)->append(reinterpret_cast<const char*>(data), length);
  } catch (...) {
    return CAIRO_STATUS_NO_MEMORY;
  }
  return CAIRO_STATUS_SUCCESS;
}

// The place behind `count` characters.
std::size_t bytes_of(std::string_view text, std::size_t count) {
  std::size_t at = 0;
  while (at < text.size() && count > 0) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) ++at;
    --count;
  }
  return at;
}

std::string shown(std::string_view text) {
  // No more bytes than the characters can have, so that what is thrown away costs nothing.
  std::string name = corpus::display_name(text.substr(0, 4 * Canvas::kMostCharacters));
  const std::size_t end = bytes_of(name, Canvas::kMostCharacters);
  const bool complete = end == name.size() && text.size() <= 4 * Canvas::kMostCharacters;
  name.resize(end);
  return complete ? name : name + "...";
}

// `kept` characters of the text, two thirds of them from its beginning.
std::string abridged(const std::string& text, std::size_t kept) {
  const std::size_t tail = kept / 3;
  const std::size_t characters = corpus::display_width(text);
  return text.substr(0, bytes_of(text, kept - tail)) + "..." +
         text.substr(bytes_of(text, characters - tail));
}

}  // namespace

struct Canvas::State {
  enum class Kind { kRuler, kSvg, kPng } kind = Kind::kRuler;
  std::string bytes;  // that Cairo has written; the surface goes before it
  Surface surface;
  Context context;

  cairo_t* cr() const { return context.get(); }

  void begin() {
    check(cairo_surface_status(surface.get()));
    context.reset(cairo_create(surface.get()));
    check(cairo_status(cr()));
    // Letters are as wide at every size and on every surface.
    const FontOptions options(cairo_font_options_create());
    cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_antialias(options.get(), CAIRO_ANTIALIAS_GRAY);
    cairo_set_font_options(cr(), options.get());
    cairo_set_line_join(cr(), CAIRO_LINE_JOIN_ROUND);
  }

  void use(const TextStyle& style) const {
    cairo_select_font_face(
        cr(), "sans", CAIRO_FONT_SLANT_NORMAL,
        style.weight == Weight::kBold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(cr(), style.size);
    use(style.colour, 1.0);
  }

  void use(const Colour& colour, double opacity) const {
    cairo_set_source_rgba(cr(), colour.red, colour.green, colour.blue, opacity);
  }

  void stroke(const Stroke& how) const {
    use(how.colour, 1.0);
    cairo_set_line_width(cr(), how.width);
    cairo_set_dash(cr(), how.dashes.data(), static_cast<int>(how.dashes.size()), 0.0);
    cairo_stroke(cr());
  }

  void follow(std::span<const Point> points) const {
    for (const Point& point : points) cairo_line_to(cr(), point.x, point.y);
  }

  // Of text that is fit to be shown.
  double width(const std::string& text, const TextStyle& style) const {
    use(style);
    cairo_text_extents_t extents;
    cairo_text_extents(cr(), text.c_str(), &extents);
    check(cairo_status(
        cr()));  // Without a font nothing has a width, and everything its place at the edge.
    return extents.x_advance;
  }
};

Canvas::Canvas(std::unique_ptr<State> state) : state_(std::move(state)) { state_->begin(); }
Canvas::~Canvas() = default;
Canvas::Canvas(Canvas&&) noexcept = default;
Canvas& Canvas::operator=(Canvas&&) noexcept = default;

Canvas Canvas::svg(double width, double height) {
  auto state = std::make_unique<State>();
  state->kind = State::Kind::kSvg;
  state->surface.reset(cairo_svg_surface_create_for_stream(append, &state->bytes, width, height));
  check(cairo_surface_status(state->surface.get()));
  cairo_svg_surface_set_document_unit(state->surface.get(), CAIRO_SVG_UNIT_PX);
  return Canvas(std::move(state));
}

Canvas Canvas::png(double width, double height, double scale) {
  auto state = std::make_unique<State>();
  state->kind = State::Kind::kPng;
  state->surface.reset(cairo_image_surface_create(
      CAIRO_FORMAT_RGB24, static_cast<int>(width * scale), static_cast<int>(height * scale)));
  Canvas canvas(std::move(state));
  cairo_scale(canvas.state_->cr(), scale, scale);
  return canvas;
}

Canvas Canvas::ruler() {
  auto state = std::make_unique<State>();
  state->surface.reset(cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1));
  return Canvas(std::move(state));
}

double Canvas::text_width(std::string_view text, const TextStyle& style) const {
  return state_->width(shown(text), style);
}

std::string Canvas::shortened(std::string_view text, const TextStyle& style, double width) const {
  std::string whole = shown(text);
  if (state_->width(whole, style) <= width) return whole;
  std::size_t fits = 0;
  std::size_t too_many = corpus::display_width(whole);
  while (fits + 1 < too_many) {
    const std::size_t middle = (fits + too_many) / 2;
    (state_->width(abridged(whole, middle), style) <= width ? fits : too_many) = middle;
  }
  return abridged(whole, fits);
}

std::vector<std::string> Canvas::wrapped(std::string_view text, const TextStyle& style,
                                         double width, std::size_t most_lines) const {
  const std::string whole = shown(text);
  std::vector<std::string> lines;
  std::string line;
  for (std::size_t begin = 0; begin < whole.size();) {
    const std::size_t end = std::min(whole.find(' ', begin), whole.size());
    const std::string word = whole.substr(begin, end - begin);
    std::string longer = line;
    if (!line.empty()) longer += ' ';
    longer += word;
    if (line.empty() || lines.size() + 1 == most_lines || state_->width(longer, style) <= width) {
      line = longer;
    } else {
      lines.push_back(std::exchange(line, word));
    }
    begin = end + 1;
  }
  if (!line.empty()) lines.push_back(line);
  for (auto& each : lines) each = shortened(each, style, width);
  return lines;
}

void Canvas::fill(const Box& box, const Colour& colour, double opacity) {
  state_->use(colour, opacity);
  cairo_rectangle(state_->cr(), box.left, box.top, box.width, box.height);
  cairo_fill(state_->cr());
}

void Canvas::outline(const Box& box, const Stroke& stroke) {
  cairo_rectangle(state_->cr(), box.left, box.top, box.width, box.height);
  state_->stroke(stroke);
}

void Canvas::line(Point from, Point to, const Stroke& stroke) {
  path(std::vector<Point>{from, to}, stroke);
}

void Canvas::path(std::span<const Point> points, const Stroke& stroke) {
  state_->follow(points);
  state_->stroke(stroke);
}

void Canvas::area(std::span<const Point> corners, const Colour& colour, double opacity) {
  state_->follow(corners);
  state_->use(colour, opacity);
  cairo_fill(state_->cr());
}

void Canvas::dot(Point centre, double radius, const Colour& colour) {
  state_->use(colour, 1.0);
  cairo_new_sub_path(state_->cr());
  cairo_arc(state_->cr(), centre.x, centre.y, radius, 0.0, 2.0 * std::numbers::pi);
  cairo_fill(state_->cr());
}

void Canvas::raster(const Box& box, const Raster& raster) {
  if (raster.columns <= 0 || raster.rows <= 0) return;
  const Surface image(cairo_image_surface_create(CAIRO_FORMAT_RGB24, raster.columns, raster.rows));
  check(cairo_surface_status(image.get()));
  unsigned char* const pixels = cairo_image_surface_get_data(image.get());
  const int stride = cairo_image_surface_get_stride(image.get());
  const auto level = [](double value) {
    return static_cast<unsigned>(std::lround(std::clamp(value, 0.0, 1.0) * 255.0));
  };
  for (int row = 0; row < raster.rows; ++row) {
    for (int column = 0; column < raster.columns; ++column) {
      const Colour& colour =
          raster.colours[static_cast<std::size_t>(row) * static_cast<std::size_t>(raster.columns) +
                         static_cast<std::size_t>(column)];
      const unsigned pixel =
          level(colour.red) << 16U | level(colour.green) << 8U | level(colour.blue);
      std::copy_n(reinterpret_cast<const unsigned char*>(&pixel), sizeof(pixel),
                  pixels + static_cast<std::ptrdiff_t>(row) * stride +
                      static_cast<std::ptrdiff_t>(column) * 4);
    }
  }
  cairo_surface_mark_dirty(image.get());
  cairo_t* const cr = state_->cr();
  cairo_save(cr);
  cairo_rectangle(cr, box.left, box.top, box.width, box.height);
  cairo_clip(cr);
  cairo_translate(cr, box.left, box.top);
  cairo_scale(cr, box.width / raster.columns, box.height / raster.rows);
  cairo_set_source_surface(cr, image.get(), 0.0, 0.0);
  cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_NEAREST);
  cairo_pattern_set_extend(cairo_get_source(cr), CAIRO_EXTEND_PAD);
  cairo_paint(cr);
  cairo_restore(cr);
}

void Canvas::text(Point at, double share_left, double angle, std::string_view text,
                  const TextStyle& style) {
  // Of the size of letters without their descent, so that names stand in line whatever they hold.
  constexpr double kHalfHeight = 0.36;
  const std::string line = shown(text);
  const double width = state_->width(line, style);
  cairo_t* const cr = state_->cr();
  cairo_save(cr);
  cairo_translate(cr, at.x, at.y);
  cairo_rotate(cr, angle);
  cairo_move_to(cr, -share_left * width, kHalfHeight * style.size);
  cairo_show_text(cr, line.c_str());
  cairo_new_path(cr);
  cairo_restore(cr);
}

void Canvas::text_from(Point at, std::string_view text, const TextStyle& style) {
  this->text(at, 0.0, 0.0, text, style);
}
void Canvas::text_about(Point at, std::string_view text, const TextStyle& style) {
  this->text(at, 0.5, 0.0, text, style);
}
void Canvas::text_until(Point at, std::string_view text, const TextStyle& style) {
  this->text(at, 1.0, 0.0, text, style);
}
void Canvas::upward_text_from(Point at, std::string_view text, const TextStyle& style) {
  this->text(at, 0.0, -std::numbers::pi / 2.0, text, style);
}
void Canvas::upward_text_about(Point at, std::string_view text, const TextStyle& style) {
  this->text(at, 0.5, -std::numbers::pi / 2.0, text, style);
}

Canvas::Clip::Clip(State& state, const Box& box) : state_(state) {
  cairo_save(state_.cr());
  cairo_rectangle(state_.cr(), box.left, box.top, box.width, box.height);
  cairo_clip(state_.cr());
}

Canvas::Clip::~Clip() { cairo_restore(state_.cr()); }

Canvas::Clip Canvas::clip(const Box& box) { return {*state_, box}; }

std::string Canvas::finish(std::string_view title) {
  check(cairo_status(state_->cr()));
  cairo_surface_t* const surface = state_->surface.get();
  if (state_->kind == State::Kind::kPng) {
    cairo_surface_flush(surface);
    check(cairo_surface_write_to_png_stream(surface, append, &state_->bytes));
    return std::move(state_->bytes);
  }
  state_->context.reset();
  cairo_surface_finish(surface);
  check(cairo_surface_status(surface));
  return with_title(with_stable_ids(state_->bytes), shown(title));
}

}  // namespace ser::report::charts
