#include "ser/report/search.h"

#include "ser/core/json.h"
#include "ser/corpus/display_name.h"

#include "report/text_table.h"

namespace ser::report {
namespace {

using corpus::display_name;

constexpr std::size_t kLongestValue = 60;

std::string value_text(const core::Json& value) {
  const std::string text = display_name(core::json_text(value));
  return text.size() > kLongestValue ? display_name(text.substr(0, kLongestValue)) + "..." : text;
}

std::string drawn(const train::Trial& trial) {
  if (!trial.error.empty()) return display_name(trial.error);
  std::string text;
  for (const auto& [path, value] : trial.values.items()) {
    text += (text.empty() ? "" : ", ") + display_name(path) + " " + value_text(value);
  }
  return text.empty() ? "the recipe as it is" : text;
}

Table trial_table(const train::SearchReport& report) {
  Table table = {{"Trial", "Folds", "UAR", "Deviation", "Drawn"}};
  for (const auto& trial : report.trials) {
    const bool scored = trial.error.empty() && !trial.uars.empty();
    table.push_back({std::to_string(trial.number), std::to_string(trial.uars.size()),
                     scored ? fixed(trial.mean) : "-",
                     scored && trial.uars.size() > 1 ? fixed(trial.deviation) : "-", drawn(trial)});
  }
  return table;
}

std::string search_headline(const train::SearchReport& report) {
  return std::to_string(report.trials.size()) + " trials of recipe " +
         display_name(report.recipe.name) + ", seed " + std::to_string(report.recipe.seed) + "; " +
         report.statement + "; the test part was not read";
}

// The score that chose is no score of what was chosen: the best of many is better by chance, too.
constexpr const char* kCaution =
    "the best score of many trials is too good to be that of the recipe: the test part tells it";

}  // namespace

std::string search_text(const train::SearchReport& report) {
  return search_headline(report) + "\n" + kCaution + "\n\n" + plain(trial_table(report));
}

std::string search_markdown(const train::SearchReport& report) {
  return escape_markdown(search_headline(report)) + "\n\n" + kCaution + "\n\n" +
         markdown(trial_table(report));
}

}  // namespace ser::report
