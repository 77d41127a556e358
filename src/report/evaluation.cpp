#include "ser/report/evaluation.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "ser/corpus/display_name.h"

namespace ser::report {
namespace {

using corpus::display_name;
using corpus::display_width;

// Wider confusion matrices get numbers for column headings.
constexpr std::size_t kMaxWidth = 100;

// A table of text: the first row is the heading, the first column is aligned to the left, the
// others to the right.
using Table = std::vector<std::vector<std::string>>;

std::string fixed(double value) {
  std::array<char, 400> text{};  // the longest double has 309 digits before its point
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, 4).ptr;
  return {text.data(), end};
}

Table overall_table(const eval::Metrics& metrics) {
  return {{"Clips", std::to_string(metrics.clips)},
          {"Accuracy", fixed(metrics.accuracy)},
          {"UAR", fixed(metrics.uar)},
          {"Macro F1", fixed(metrics.macro_f1)}};
}

Table class_table(const eval::Metrics& metrics) {
  Table table = {{"Class", "Precision", "Recall", "F1", "Clips"}};
  for (const auto& one : metrics.per_class) {
    table.push_back({display_name(one.name), fixed(one.precision), fixed(one.recall), fixed(one.f1),
                     std::to_string(one.support)});
  }
  return table;
}

enum class Headings { kNames, kNumbers };

Table confusion_table(const eval::Metrics& metrics, Headings headings) {
  Table table = {{"True class"}};
  const auto count =
      std::min(metrics.classes.size(), static_cast<std::size_t>(metrics.confusion.rows()));
  for (std::size_t row = 0; row < count; ++row) {
    const std::string name = display_name(metrics.classes[row]);
    const std::string number = std::to_string(row + 1);
    table[0].push_back(headings == Headings::kNames ? name : number);
    auto& line = table.emplace_back();
    line.push_back(headings == Headings::kNames ? name : number + " " + name);
    for (std::size_t column = 0; column < count; ++column) {
      line.push_back(std::to_string(
          metrics.confusion(static_cast<Eigen::Index>(row), static_cast<Eigen::Index>(column))));
    }
  }
  return table;
}

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

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Keeps Markdown and the HTML inside it from reading anything into a name.
std::string escape_markdown(const std::string& name) {
  std::string escaped;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    // inside a word an underscore is only an underscore
    const bool inside_word = c == '_' && i > 0 && i + 1 < name.size() &&
                             is_alphanumeric(name[i - 1]) && is_alphanumeric(name[i + 1]);
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
  std::string text;
  for (std::size_t i = 0; i < table.size(); ++i) {
    text += '|';
    for (const auto& cell : table[i]) text += " " + escape_markdown(cell) + " |";
    text += '\n';
    if (i > 0) continue;
    text += "|---|";
    for (std::size_t column = 1; column < table[0].size(); ++column) text += "---:|";
    text += '\n';
  }
  return text;
}

}  // namespace

std::string evaluation_text(const eval::Metrics& metrics) {
  Table confusion = confusion_table(metrics, Headings::kNames);
  if (total_width(confusion) > kMaxWidth) {
    confusion = confusion_table(metrics, Headings::kNumbers);
  }
  return plain(overall_table(metrics)) + "\n" + plain(class_table(metrics)) +
         "\nConfusion matrix (rows: true class, columns: predicted class)\n" + plain(confusion);
}

std::string evaluation_markdown(const eval::Metrics& metrics) {
  Table overall = overall_table(metrics);
  overall.insert(overall.begin(), {"Measure", "Value"});
  return markdown(overall) + "\n" + markdown(class_table(metrics)) +
         "\nConfusion matrix (rows: true class, columns: predicted class)\n\n" +
         markdown(confusion_table(metrics, Headings::kNames));
}

}  // namespace ser::report
