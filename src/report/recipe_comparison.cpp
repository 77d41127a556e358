#include "ser/report/recipe_comparison.h"

#include <algorithm>
#include <map>
#include <sstream>

#include "ser/corpus/display_name.h"

#include "report/folds_headline.h"
#include "report/text_table.h"

namespace ser::report {
namespace {

using train::ComparedRecipe;
using train::Spread;
using Compared = std::vector<ComparedRecipe>;

std::size_t clips_tested(const train::CrossValidationReport& report) {
  std::size_t clips = 0;
  for (const auto& run : report.runs) clips += run.tested.size();
  return clips;
}

std::int64_t most_parameters(const train::CrossValidationReport& report) {
  std::int64_t most = 0;
  for (const auto& run : report.runs) most = std::max(most, run.parameter_count);
  return most;
}

Table comparison_table(const Compared& recipes) {
  Table table = {{"Recipe", "Accuracy", "Deviation", "UAR", "Deviation", "UAR together",
                  "Test clips", "Parameters", "Training, s"}};
  for (const auto& [name, report] : recipes) {
    auto& row = table.emplace_back();
    row.push_back(corpus::display_name(name));
    // One value deviates from nothing.
    const auto add = [&, runs = report.runs.size()](const Spread& spread) {
      row.push_back(fixed(spread.mean));
      row.push_back(runs > 1 ? fixed(spread.deviation) : "-");
    };
    if (report.spreads) {
      add(report.spreads->accuracy);
      add(report.spreads->uar);
      row.push_back(fixed(report.pooled->uar));
    } else {
      row.insert(row.end(), 5, "-");
    }
    row.push_back(std::to_string(clips_tested(report)));
    row.push_back(std::to_string(most_parameters(report)));
    row.push_back(fixed(report.timing.training_s));
  }
  return table;
}

// A recording that one recipe can use may be too short for another.
bool same_clips(const Compared& recipes) {
  return std::ranges::all_of(recipes, [&](const ComparedRecipe& compared) {
    return std::ranges::equal(compared.report.runs, recipes.front().report.runs, {},
                              &train::FoldRun::tested, &train::FoldRun::tested);
  });
}

// Each line once, with the recipes that it is of unless it is of all.
std::string shared_reservations(const Compared& recipes) {
  std::vector<std::string> order;
  std::map<std::string, std::vector<std::string>> names;
  for (const auto& [name, report] : recipes) {
    std::istringstream lines(reservations(report));
    for (std::string line; std::getline(lines, line);) {
      if (names[line].empty()) order.push_back(line);
      names[line].push_back(corpus::display_name(name));
    }
  }
  std::string text;
  for (const auto& line : order) {
    text += line;
    if (names[line].size() < recipes.size()) {
      std::string list;
      for (const auto& name : names[line]) list += (list.empty() ? "" : ", ") + name;
      text += " (" + list + ")";
    }
    text += "\n";
  }
  if (!same_clips(recipes)) {
    text += "NOT THE SAME CLIPS: some recordings can be used by some of the recipes only\n";
  }
  return text;
}

}  // namespace

std::string recipe_comparison_text(const Compared& recipes) {
  return std::to_string(recipes.size()) + " recipes, " + folds_headline(recipes.front().report) +
         "\n" + shared_reservations(recipes) + "\n" + plain(comparison_table(recipes));
}

std::string recipe_comparison_markdown(const Compared& recipes) {
  std::string text = folds_headline(recipes.front().report) + "\n\n";
  std::istringstream lines(shared_reservations(recipes));
  for (std::string line; std::getline(lines, line);) text += escape_markdown(line) + "\n\n";
  return text + markdown(comparison_table(recipes));
}

}  // namespace ser::report
