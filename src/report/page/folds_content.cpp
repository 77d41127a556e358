#include "ser/dataset/group_statistics.h"
#include "ser/report/page.h"

#include "report/folds_headline.h"
#include "report/page/content_parts.h"
#include "report/text_table.h"

namespace ser::report {
namespace {

using page::count_of;
using train::CrossValidationReport;
using train::FoldRun;
using train::Spread;

NamedTable fold_table(const CrossValidationReport& report) {
  NamedTable table{
      "Folds",
      {{"Fold", "Seed", "Epoch", "Train", "Validation", "Test", "Accuracy", "UAR", "Macro F1"}}};
  for (const auto& run : report.runs) {
    const auto value = [&](double eval::Metrics::*metric) {
      return run.test ? fixed((*run.test).*metric) : std::string("-");
    };
    table.rows.push_back(
        {run.split.fold.empty() ? run.split.protocol : run.split.fold, std::to_string(run.seed),
         run.members.empty() ? std::to_string(run.fit.best_epoch) : "-",
         std::to_string(run.split.train.size()), std::to_string(run.split.validation.size()),
         std::to_string(run.tested.size()), value(&eval::Metrics::accuracy),
         value(&eval::Metrics::uar), value(&eval::Metrics::macro_f1)});
  }
  return table;
}

NamedTable over_runs_table(const CrossValidationReport& report) {
  NamedTable table{"Over " + count_of(report.runs.size(), "run"),
                   {{"", "Mean", "Deviation", "Least", "Most"}}};
  const auto add = [&](const std::string& name, const Spread& spread) {
    table.rows.push_back({name, fixed(spread.mean), fixed(spread.deviation), fixed(spread.least),
                          fixed(spread.most)});
  };
  add("Accuracy", report.spreads->accuracy);
  add("UAR", report.spreads->uar);
  add("Macro F1", report.spreads->macro_f1);
  if (report.seeds.size() > 1) add("UAR of a seed", report.spreads_of_seeds->uar);
  return table;
}

// For where there are no intervals.
NamedTable speakers_without_intervals(const CrossValidationReport& report) {
  NamedTable table{"By speaker", {{"Speaker", "Clips", "Accuracy", "UAR"}}};
  for (const auto& [speaker, metrics] : report.speakers) {
    table.rows.push_back(
        {speaker, std::to_string(metrics.clips), fixed(metrics.accuracy), fixed(metrics.uar)});
  }
  return table;
}

std::vector<Fact> leak_facts(const CrossValidationReport& report) {
  std::size_t removed = 0;
  std::size_t conflicts = 0;
  for (const auto& run : report.runs) {
    removed += run.leaks.removed.size();
    conflicts = std::max(conflicts, run.leaks.label_conflicts.size());
  }
  const auto allowed = train::leaks_allowed(report);
  return {
      {"Listened to", count_of(report.manifest.utterances.size(), "clip")},
      {"Copies taken out of the part that their twin judges",
       std::to_string(removed) + ", over all folds"},
      {"Near-identical clips found", count_of(report.sounds.near_identical.size(), "pair")},
      {"One sound with several labels", count_of(conflicts, "case")},
      {"Leaks allowed", allowed.empty() ? "none" : std::to_string(allowed.size()) + ", see above"}};
}

}  // namespace

PageContent page_content(const CrossValidationReport& report, const eval::BootstrapConfig& config,
                         core::ThreadPool& pool) {
  const auto& manifest = report.manifest;
  PageContent content;
  content.title = "Cross-validation of recipe " + report.recipe.name;
  const std::string headline = folds_headline(report);
  content.protocol = headline.substr(std::string_view("protocol ").size());
  content.statement =
      "Every fold has a model of its own; the scores are those of all test "
      "predictions counted together.";
  page::add_allowed(train::leaks_allowed(report), content.reservations);
  if (const auto statement = dataset::normalization_statement(report.recipe.normalization);
      !statement.empty()) {
    content.reservations.push_back(statement);
  }
  content.leak_check = leak_facts(report);
  if (report.pooled) {
    content.scored = "all test parts, each clip as often as it was tested";
    content.metrics = report.pooled;
    content.clips = train::scored_clips(report);
    content.tables = {over_runs_table(report), fold_table(report)};
    if (content.clips) {
      std::vector<std::size_t> tested;
      for (const auto& run : report.runs) {
        tested.insert(tested.end(), run.tested.begin(), run.tested.end());
      }
      const auto speakers = eval::column_of(manifest, tested, "speaker");
      content.intervals = eval::bootstrap(*content.clips, speakers, config, pool);
      content.groupings = page::by_speaker(manifest, tested, *content.clips, config, pool);
    } else if (!report.speakers.empty()) {
      content.tables.push_back(speakers_without_intervals(report));
    }
    for (const auto& run : report.runs) {
      if (run.seed != report.seeds.front() || run.tested.empty()) continue;
      auto wrong = page::wrong_clips(manifest, run.tested, run.classes, run.probabilities);
      content.wrong.insert(content.wrong.end(), std::make_move_iterator(wrong.begin()),
                           std::make_move_iterator(wrong.end()));
    }
    page::sort_by_confidence(content.wrong);
    if (report.seeds.size() > 1) {
      content.wrong_note = "Of seed " + std::to_string(report.seeds.front()) + " alone.";
    }
  } else {
    content.reservations.push_back("There are no test clips, and so no scores.");
  }
  content.data = page::data_facts(manifest);
  if (report.survey) content.data.push_back({"Hours", fixed(report.survey->seconds / 3600.0)});
  if (!report.failures.empty()) {
    content.data.push_back({"Could not be used", count_of(report.failures.size(), "recording")});
  }
  content.model = page::recipe_facts(report.recipe);
  content.configuration = core::config_to_json(report.recipe);
  return content;
}

}  // namespace ser::report
