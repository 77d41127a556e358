#include <algorithm>
#include <string_view>

#include "report/text_table.h"

namespace ser::report {
namespace {

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

std::string escape_markdown(const std::string& text) {
  std::string escaped;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    // inside a word an underscore is only an underscore
    const bool inside_word = c == '_' && i > 0 && i + 1 < text.size() &&
                             is_alphanumeric(text[i - 1]) && is_alphanumeric(text[i + 1]);
    if (c == '<') {
      escaped += "&lt;";
    } else if (c == '>') {
      escaped += "&gt;";
    } else if (c == '&') {
      escaped += "&amp;";
    } else if (c == '@') {
      escaped += "&#64;";
    } else if (std::string_view("\\`*_{}[]()#+!|~$:").find(c) != std::string_view::npos &&
               !inside_word) {
      escaped += {'\\', c};
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string markdown(const Table& table) {
  std::size_t columns = 0;
  for (const auto& row : table) columns = std::max(columns, row.size());
  std::string text;
  for (std::size_t i = 0; i < table.size(); ++i) {
    text += '|';
    for (const auto& cell : table[i]) text += " " + escape_markdown(cell) + " |";
    for (std::size_t column = table[i].size(); column < columns; ++column) text += " |";
    text += '\n';
    if (i > 0) continue;
    text += "|---|";
    for (std::size_t column = 1; column < columns; ++column) text += "---:|";
    text += '\n';
  }
  return text;
}

}  // namespace ser::report
