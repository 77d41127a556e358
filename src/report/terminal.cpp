#include "ser/report/terminal.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "ser/corpus/display_name.h"

#include "report/charts/axis.h"
#include "report/charts/palette.h"

namespace ser::report {
namespace {

using charts::Colour;
using Colours = TerminalStyle::Colours;

constexpr std::string_view kShades = " .:-=+*#%@";

// A number of the cube of 6 x 6 x 6 colours.
std::string cube(const Colour& colour) {
  const auto level = [](double value) {
    return static_cast<int>(std::lround(std::clamp(value, 0.0, 1.0) * 5.0));
  };
  return std::to_string(16 + 36 * level(colour.red) + 6 * level(colour.green) + level(colour.blue));
}

std::string painted(std::string_view text, const Colour& background, const TerminalStyle& style) {
  if (style.colours == Colours::kNone) return std::string(text);
  const bool dark = charts::legible_on(background).red < 0.5;
  return "\033[48;5;" + cube(background) + ";38;5;" + (dark ? "16" : "231") + "m" +
         std::string(text) + "\033[0m";
}

char shade(double share) {
  const auto last = static_cast<double>(kShades.size() - 1);
  return kShades[static_cast<std::size_t>(std::lround(std::clamp(share, 0.0, 1.0) * last))];
}

// The first characters of a name, with dots where there were more.
std::string cut(const std::string& name, std::size_t width) {
  if (corpus::display_width(name) <= width) return name;
  std::size_t end = 0;
  for (std::size_t kept = 0; end < name.size(); ++end) {
    if ((static_cast<unsigned char>(name[end]) & 0xC0U) != 0x80U && kept++ + 2 >= width) break;
  }
  return name.substr(0, end) + "..";
}

std::string padded_left(const std::string& text, std::size_t width) {
  const std::size_t own = corpus::display_width(text);
  return std::string(width > own ? width - own : 0, ' ') + text;
}

std::string padded_right(const std::string& text, std::size_t width) {
  const std::size_t own = corpus::display_width(text);
  return text + std::string(width > own ? width - own : 0, ' ');
}

}  // namespace

std::string terminal_bars(const std::vector<std::pair<std::string, double>>& bars, int decimals,
                          const TerminalStyle& style) {
  constexpr std::size_t kMostName = 28;
  std::size_t names = 0;
  std::size_t numbers = 0;
  double most = 0.0;
  for (const auto& [name, value] : bars) {
    names = std::max(names, corpus::display_width(corpus::display_name(name)));
    numbers = std::max(numbers, charts::number_text(value, decimals).size());
    if (std::isfinite(value)) most = std::max(most, value);
  }
  names = std::min({names, kMostName, style.width / 2});
  const std::size_t beside = names + numbers + 2;
  const std::size_t room = style.width > beside + 4 ? style.width - beside : 4;
  const std::string colour = "\033[38;5;" + cube(charts::series_colour(0)) + "m";
  std::string text;
  for (const auto& [name, value] : bars) {
    const double share = std::isfinite(value) && most > 0.0 ? std::max(value, 0.0) / most : 0.0;
    const auto length = static_cast<std::size_t>(std::lround(share * static_cast<double>(room)));
    std::string bar(length, '#');
    if (style.colours == Colours::k256 && length > 0) bar.insert(0, colour).append("\033[0m");
    text += padded_right(cut(corpus::display_name(name), names), names) + " " +
            padded_left(charts::number_text(value, decimals), numbers) + " " + bar + "\n";
  }
  return text;
}

std::string terminal_confusion(const eval::Metrics& metrics, const TerminalStyle& style) {
  constexpr std::size_t kMostName = 20;
  const auto classes = static_cast<std::size_t>(metrics.confusion.rows());
  if (classes == 0) return "";
  std::size_t names = 0;
  std::int64_t largest = 0;
  for (std::size_t i = 0; i < classes; ++i) {
    names = std::max(names, corpus::display_width(corpus::display_name(metrics.classes[i])));
  }
  largest = metrics.confusion.maxCoeff();
  names = std::min(names, kMostName);
  const std::size_t numbers = std::to_string(classes).size();
  const std::size_t cell =
      std::max(std::to_string(largest).size(), numbers) + (style.colours == Colours::kNone ? 3 : 1);
  const std::size_t beside = names + numbers + 2;
  const std::size_t room = style.width > beside + cell ? (style.width - beside) / cell : 1;
  const std::size_t shown = std::min(classes, room);
  std::string text = std::string(beside, ' ');
  // Without colours what is right stands in brackets, and all else has room for them.
  const std::string behind = style.colours == Colours::kNone ? " " : "";
  for (std::size_t i = 0; i < shown; ++i) text += padded_left(std::to_string(i + 1) + behind, cell);
  text += "\n";
  for (std::size_t row = 0; row < shown; ++row) {
    text += padded_left(std::to_string(row + 1), numbers) + " " +
            padded_right(cut(corpus::display_name(metrics.classes[row]), names), names) + " ";
    const auto r = static_cast<Eigen::Index>(row);
    const auto total = static_cast<double>(metrics.confusion.row(r).sum());
    for (std::size_t column = 0; column < shown; ++column) {
      const auto count = metrics.confusion(r, static_cast<Eigen::Index>(column));
      const double share = total > 0.0 ? static_cast<double>(count) / total : 0.0;
      const std::string number = count == 0 ? "." : std::to_string(count);
      if (style.colours == Colours::k256) {
        text += painted(padded_left(number, cell), charts::white_to_blue(share), style);
      } else {
        text += row == column ? padded_left("[" + number + "]", cell)
                              : padded_left(number + behind, cell);
      }
    }
    text += "\n";
  }
  if (shown < classes) {
    text += "and " + std::to_string(classes - shown) + " more classes\n";
  }
  return text;
}

std::string terminal_raster(const Eigen::MatrixXf& shares, std::size_t rows,
                            const TerminalStyle& style) {
  if (shares.size() == 0 || rows == 0) return "";
  const auto height = static_cast<Eigen::Index>(rows);
  const auto width = std::min(static_cast<Eigen::Index>(style.width), shares.cols());
  std::string text;
  for (Eigen::Index line = height - 1; line >= 0; --line) {
    for (Eigen::Index column = 0; column < width; ++column) {
      const Eigen::Index left = column * shares.cols() / width;
      const Eigen::Index right = std::max((column + 1) * shares.cols() / width, left + 1);
      const Eigen::Index low = std::min(line * shares.rows() / height, shares.rows() - 1);
      const Eigen::Index high = std::max((line + 1) * shares.rows() / height, low + 1);
      const double share =
          static_cast<double>(shares.block(low, left, high - low, right - left).mean());
      const std::string sign(1, style.colours == Colours::kNone ? shade(share) : ' ');
      text += painted(sign, charts::blue_to_yellow(share), style);
    }
    text += "\n";
  }
  return text;
}

std::string terminal_wave(const std::vector<float>& samples, std::size_t rows,
                          const TerminalStyle& style) {
  if (samples.empty() || rows == 0) return "";
  const std::size_t width = std::min(style.width, samples.size());
  std::vector<std::string> lines(rows, std::string(width, ' '));
  float peak = 0.0F;
  for (const float sample : samples) peak = std::max(peak, std::abs(sample));
  if (peak == 0.0F) peak = 1.0F;
  const auto row_of = [&](float value) {
    const double place = (1.0 - static_cast<double>(value / peak)) / 2.0;
    return static_cast<std::size_t>(
        std::lround(std::clamp(place, 0.0, 1.0) * static_cast<double>(rows - 1)));
  };
  for (std::size_t column = 0; column < width; ++column) {
    const auto first = static_cast<std::ptrdiff_t>(column * samples.size() / width);
    const auto last = static_cast<std::ptrdiff_t>((column + 1) * samples.size() / width);
    const auto [low, high] = std::minmax_element(samples.begin() + first, samples.begin() + last);
    for (std::size_t row = row_of(*high); row <= row_of(*low); ++row) lines[row][column] = '#';
  }
  std::string text;
  for (const auto& line : lines) {
    text += style.colours == Colours::kNone
                ? line
                : "\033[38;5;" + cube(charts::series_colour(0)) + "m" + line + "\033[0m";
    text += "\n";
  }
  return text;
}

}  // namespace ser::report
