#include "ser/report/comparison.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "ser/corpus/display_name.h"
#include "ser/eval/metric_table.h"

#include "report/text_table.h"

namespace ser::report {
namespace {

using corpus::display_name;

// The JSON lists all.
constexpr std::size_t kClipsShown = 20;

Table change_table(const eval::Comparison& comparison) {
  const auto level = std::to_string(std::lround(100.0 * comparison.level));
  Table table = {{"", "Before", "After", "Difference, " + level + " % interval"}};
  for (const auto& [metric, before, after, difference] : comparison.metrics) {
    const auto name = eval::find_metric(metric);
    const bool is_recall = name->of_class != nullptr && name->of_class->name == "recall";
    if (!before || !after || (name->of_class != nullptr && !is_recall)) continue;
    table.push_back({name->of_all != nullptr ? std::string(name->of_all->title)
                                             : "Recall of " + display_name(name->class_name),
                     fixed(*before), fixed(*after),
                     difference ? fixed(difference->low) + " to " + fixed(difference->high) : "-"});
  }
  return table;
}

Table clip_table(const eval::Comparison& comparison) {
  Table table = {{"Clip", "Label", "Before", "After"}};
  for (std::size_t i = 0; i < std::min(kClipsShown, comparison.changed.size()); ++i) {
    const auto& [id, label, before, after] = comparison.changed[i];
    table.push_back(
        {display_name(id), display_name(label), display_name(before), display_name(after)});
  }
  return table;
}

std::string headline(const eval::Comparison& comparison) {
  std::string text = "Compared on " + std::to_string(comparison.clips) + " clips";
  if (comparison.only_before + comparison.only_after > 0) {
    text += " (" + std::to_string(comparison.only_before) + " of the first and " +
            std::to_string(comparison.only_after) +
            " of the second are left out, being unknown to the other or labelled otherwise)";
  }
  return text + "; " + comparison.statement;
}

std::string test_line(const eval::Comparison& comparison) {
  return "Right now and wrong before: " + std::to_string(comparison.fixed) +
         "; wrong now and right before: " + std::to_string(comparison.broken) +
         "; p = " + fixed(comparison.mcnemar_p) + " (McNemar, exact; of clips, not of speakers)";
}

std::string clips_line(const eval::Comparison& comparison) {
  const std::size_t count = comparison.changed.size();
  if (count == 0) return "No prediction changed";
  std::string text = "Predictions that changed: " + std::to_string(count);
  if (count > kClipsShown) text += "; the first " + std::to_string(kClipsShown);
  return text;
}

}  // namespace

std::string comparison_text(const eval::Comparison& comparison) {
  std::string text = headline(comparison) + "\nbefore: " + display_name(comparison.before) +
                     "; protocol " + display_name(comparison.before_protocol) +
                     "\nafter:  " + display_name(comparison.after) + "; protocol " +
                     display_name(comparison.after_protocol) + "\n\n" +
                     plain(change_table(comparison)) + "\n" + test_line(comparison) + "\n\n" +
                     clips_line(comparison) + "\n";
  if (!comparison.changed.empty()) text += plain(clip_table(comparison));
  return text;
}

std::string comparison_markdown(const eval::Comparison& comparison) {
  std::string text =
      headline(comparison) + "\n\n" +
      markdown(
          {{"", "Model or file", "Protocol"},
           {"Before", display_name(comparison.before), display_name(comparison.before_protocol)},
           {"After", display_name(comparison.after), display_name(comparison.after_protocol)}}) +
      "\n" + markdown(change_table(comparison)) + "\n" + test_line(comparison) + "\n\n" +
      clips_line(comparison) + "\n";
  if (!comparison.changed.empty()) text += "\n" + markdown(clip_table(comparison));
  return text;
}

}  // namespace ser::report
