#include "ser/report/evaluation.h"

#include <algorithm>
#include <vector>

#include "ser/corpus/display_name.h"

#include "report/text_table.h"

namespace ser::report {
namespace {

using corpus::display_name;

// Wider confusion matrices get numbers for column headings.
constexpr std::size_t kMaxWidth = 100;

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
