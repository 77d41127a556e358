#include "report/text_table.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "ser/corpus/display_name.h"

namespace ser::report {
namespace {

using corpus::display_width;

std::vector<std::size_t> column_widths(const Table& table) {
  std::vector<std::size_t> widths;
  for (const auto& row : table) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], display_width(row[i]));
    }
  }
  return widths;
}

}  // namespace

std::string fixed(double value) {
  std::array<char, 400> text{};  // the longest double has 309 digits before its point
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, 4).ptr;
  return {text.data(), end};
}

std::size_t total_width(const Table& table) {
  std::size_t total = 0;
  for (const std::size_t width : column_widths(table)) total += width + 2;
  return total;
}

std::string plain(const Table& table) {
  const auto widths = column_widths(table);
  std::string text;
  for (const auto& row : table) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string padding(widths[i] - display_width(row[i]), ' ');
      text += i == 0 ? row[i] + padding : "  " + padding + row[i];
    }
    text += '\n';
  }
  return text;
}

}  // namespace ser::report
