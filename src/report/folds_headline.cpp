#include "report/folds_headline.h"

#include <set>

#include "ser/dataset/group_statistics.h"

namespace ser::report {
namespace {

using train::CrossValidationReport;

std::string listed(const std::vector<std::uint64_t>& seeds) {
  std::string text;
  for (const auto seed : seeds) text += (text.empty() ? "" : ", ") + std::to_string(seed);
  return text;
}

// "speaker-independent", or each that occurs.
std::string dependence(const CrossValidationReport& report) {
  std::set<std::string> found;
  for (const auto& run : report.runs) {
    found.emplace(corpus::speaker_dependence(report.manifest, run.split));
  }
  std::string text;
  for (const auto& one : found) text += (text.empty() ? "" : ", ") + one;
  return text;
}

}  // namespace

std::string folds_headline(const CrossValidationReport& report) {
  const std::size_t folds = report.runs.size() / report.seeds.size();
  return "protocol " + report.protocol + " (" + dependence(report) + "), " + std::to_string(folds) +
         (folds == 1 ? " fold" : " folds") + (report.seeds.size() == 1 ? ", seed " : ", seeds ") +
         listed(report.seeds);
}

std::string reservations(const CrossValidationReport& report) {
  std::string text;
  for (const auto& leak : train::leaks_allowed(report)) {
    text += "LEAK ALLOWED: " + leak.kind + ": " + leak.statement + "\n";
  }
  const auto statement = dataset::normalization_statement(report.recipe.normalization);
  return statement.empty() ? text : text + statement + "\n";
}

}  // namespace ser::report
