#include <algorithm>

#include "ser/dataset/group_statistics.h"
#include "ser/report/page.h"

#include "report/page/content_parts.h"
#include "report/text_table.h"

namespace ser::report {
namespace {

using page::count_of;

std::vector<Fact> calibration_facts(const eval::Calibration& calibration) {
  if (calibration.clips == 0) {
    return {{"Temperature", "none: probabilities are the network's own"}};
  }
  std::vector<Fact> facts = {{"Temperature", fixed(calibration.temperature) + ", fitted on " +
                                                 count_of(calibration.clips, "validation clip")}};
  if (calibration.altered_copies > 0) {
    facts.back()[1] +=
        " in " + std::to_string(calibration.altered_copies) + " copies by altered voices";
  }
  if (calibration.test_ece_before) {
    facts.push_back(
        {"Calibration error of the test part without it", fixed(*calibration.test_ece_before)});
  }
  return facts;
}

NamedTable member_table(const std::vector<train::MemberRecord>& members) {
  NamedTable table{"Members of the ensemble", {{"Member", "Accuracy", "UAR", "F1", "Parameters"}}};
  for (const auto& member : members) {
    const auto value = [&](double eval::Metrics::*metric) {
      return member.test ? fixed((*member.test).*metric) : std::string("-");
    };
    table.rows.push_back({member.name, value(&eval::Metrics::accuracy), value(&eval::Metrics::uar),
                          value(&eval::Metrics::macro_f1), std::to_string(member.parameter_count)});
  }
  return table;
}

std::vector<TrainingCurves> training_curves(const train::TrainingReport& report) {
  std::vector<TrainingCurves> curves;
  if (report.members.empty()) {
    curves.push_back({"", report.fit.history, report.fit.best_epoch});
  }
  for (const auto& member : report.members) {
    curves.push_back({member.name, member.fit.history, member.fit.best_epoch});
  }
  return curves;
}

}  // namespace

PageContent page_content(const train::TrainingReport& report, const eval::BootstrapConfig& config,
                         core::ThreadPool& pool) {
  const auto& manifest = report.manifest;
  const auto& split = report.split;
  PageContent content;
  content.title = "Training of recipe " + report.recipe.name;
  content.protocol =
      eval::protocol_name(split.protocol, std::string(corpus::speaker_dependence(manifest, split)));
  content.statement = split.statement;
  page::add_allowed(report.leaks.allowed, content.reservations);
  if (const auto statement = dataset::normalization_statement(report.recipe.normalization);
      !statement.empty()) {
    content.reservations.push_back(statement);
  }
  content.leak_check = {
      {"Listened to", count_of(manifest.utterances.size(), "clip")},
      {"Copies taken out of the part that their twin judges",
       page::removed_text(report.leaks.removed)},
      {"Near-identical clips found", count_of(report.sounds.near_identical.size(), "pair")},
      {"One sound with several labels", count_of(report.leaks.label_conflicts.size(), "case")},
      {"Leaks allowed", report.leaks.allowed.empty()
                            ? "none"
                            : std::to_string(report.leaks.allowed.size()) + ", see above"}};
  if (report.test) {
    content.scored = "the test part, used once";
    content.metrics = report.test;
    content.clips = eval::ScoredClips{report.classes, {}, report.probabilities};
    for (const std::size_t i : report.tested) {
      const auto& label = manifest.utterances[i].label;
      content.clips->truth.push_back(
          static_cast<int>(std::ranges::find(report.classes, label) - report.classes.begin()));
    }
    const auto speakers = eval::column_of(manifest, report.tested, "speaker");
    content.intervals = eval::bootstrap(*content.clips, speakers, config, pool);
    content.groupings = page::by_speaker(manifest, report.tested, *content.clips, config, pool);
    content.wrong =
        page::wrong_clips(manifest, report.tested, report.classes, report.probabilities);
    page::sort_by_confidence(content.wrong);
  } else if (report.validation) {
    content.scored = "the validation part";
    content.metrics = report.validation;
    content.reservations.push_back(
        "There is no test part. The validation part chose the epoch, so its score is too good.");
  }
  if (!report.members.empty()) content.tables.push_back(member_table(report.members));
  content.curves = training_curves(report);
  content.calibration = calibration_facts(report.calibration);
  content.data = page::data_facts(manifest);
  if (report.survey) {
    content.data.push_back({"Hours", fixed(report.survey->seconds / 3600.0)});
  }
  content.data.push_back({"Parts", "training " + std::to_string(split.train.size()) +
                                       ", validation " + std::to_string(split.validation.size()) +
                                       ", test " + std::to_string(split.test.size())});
  if (!report.failures.empty()) {
    content.data.push_back({"Could not be used", count_of(report.failures.size(), "recording")});
  }
  content.model = page::recipe_facts(report.recipe);
  content.model.push_back({"Parameters", std::to_string(report.parameter_count)});
  content.model.push_back(
      {"Training rows", std::to_string(report.training_examples) + ", with altered copies"});
  if (report.members.empty()) {
    content.model.push_back({"Epoch", std::to_string(report.fit.best_epoch) + " of " +
                                          std::to_string(report.fit.history.size())});
  }
  content.configuration = core::config_to_json(report.recipe);
  return content;
}

}  // namespace ser::report
