#include "ser/report/cross_validation.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "ser/corpus/display_name.h"
#include "ser/report/evaluation.h"

#include "report/folds_headline.h"
#include "report/text_table.h"

namespace ser::report {
namespace {

using corpus::display_name;
using train::CrossValidationReport;
using train::FoldRun;
using train::Spread;

std::string name_of(const FoldRun& run) {
  return run.split.fold.empty() ? run.split.protocol : display_name(run.split.fold);
}

Table run_table(const CrossValidationReport& report) {
  Table table = {{"Fold", "Seed", "Epoch", "Train", "Validation", "Test", "Accuracy", "UAR", "F1"}};
  for (const auto& run : report.runs) {
    auto& row = table.emplace_back();
    row = {name_of(run),
           std::to_string(run.seed),
           run.members.empty() ? std::to_string(run.fit.best_epoch) : "-",
           std::to_string(run.split.train.size()),
           std::to_string(run.split.validation.size()),
           std::to_string(run.tested.size())};
    for (const auto member :
         {&eval::Metrics::accuracy, &eval::Metrics::uar, &eval::Metrics::macro_f1}) {
      row.push_back(run.test ? fixed((*run.test).*member) : "-");
    }
  }
  return table;
}

std::vector<std::string> spread_row(const std::string& name, const Spread& spread) {
  return {name, fixed(spread.mean), fixed(spread.deviation), fixed(spread.least),
          fixed(spread.most)};
}

Table spread_table(const CrossValidationReport& report) {
  Table table = {{"", "Mean", "Deviation", "Least", "Most"}};
  table.push_back(spread_row("Accuracy", report.spreads->accuracy));
  table.push_back(spread_row("UAR", report.spreads->uar));
  table.push_back(spread_row("Macro F1", report.spreads->macro_f1));
  if (report.seeds.size() > 1) {
    table.push_back(spread_row("UAR of a seed", report.spreads_of_seeds->uar));
  }
  return table;
}

// What the members of an ensemble reach alone, and together.
Table member_table(const CrossValidationReport& report) {
  Table table = {{"Member", "Accuracy", "UAR", "F1"}};
  const auto add = [&](const std::string& name, const auto& metrics_of) {
    std::vector<double> accuracy;
    std::vector<double> uar;
    std::vector<double> macro_f1;
    for (const auto& run : report.runs) {
      const std::optional<eval::Metrics>& metrics = metrics_of(run);
      if (!metrics) continue;
      accuracy.push_back(metrics->accuracy);
      uar.push_back(metrics->uar);
      macro_f1.push_back(metrics->macro_f1);
    }
    table.push_back({name, fixed(train::spread(accuracy).mean), fixed(train::spread(uar).mean),
                     fixed(train::spread(macro_f1).mean)});
  };
  const auto& members = report.runs.front().members;
  for (std::size_t m = 0; m < members.size(); ++m) {
    add(
        display_name(members[m].name), [m](const FoldRun& run) -> const auto& {
          return run.members[m].test;
        });
  }
  add(
      "together", [](const FoldRun& run) -> const auto& { return run.test; });
  return table;
}

// Which corpora a part is of, "A+B".
std::string corpora_of(const CrossValidationReport& report, const std::vector<std::size_t>& part) {
  std::set<std::string> names;
  for (const std::size_t i : part) names.insert(report.manifest.utterances[i].corpus);
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : "+") + display_name(name);
  return text;
}

// UAR by training corpus (rows) and tested corpus, the mean over seeds.
Table pair_table(const CrossValidationReport& report) {
  std::set<std::string> trained;
  std::set<std::string> tested;
  std::map<std::pair<std::string, std::string>, std::vector<double>> values;
  for (const auto& run : report.runs) {
    if (!run.test) continue;
    const auto train = corpora_of(report, run.split.train);
    const auto test = corpora_of(report, run.split.test);
    trained.insert(train);
    tested.insert(test);
    values[{train, test}].push_back(run.test->uar);
  }
  Table table = {{"Trained on"}};
  for (const auto& test : tested) table[0].push_back(test);
  for (const auto& train : trained) {
    auto& row = table.emplace_back();
    row.push_back(train);
    for (const auto& test : tested) {
      const auto found = values.find({train, test});
      row.push_back(found == values.end() ? "-" : fixed(train::spread(found->second).mean));
    }
  }
  return table;
}

Table speaker_table(const CrossValidationReport& report) {
  Table table = {{"Speaker", "Clips", "Accuracy", "UAR"}};
  for (const auto& [speaker, metrics] : report.speakers) {
    table.push_back({display_name(speaker), std::to_string(metrics.clips), fixed(metrics.accuracy),
                     fixed(metrics.uar)});
  }
  return table;
}

}  // namespace

std::string cross_validation_text(const CrossValidationReport& report) {
  std::string text = "recipe " + display_name(report.recipe.name) + ", " + folds_headline(report) +
                     "\n" + reservations(report) + "\n" + plain(run_table(report));
  if (!report.pooled) {
    return text +
           "\nno test clips: nothing is known of how well these recognisers do on other "
           "recordings\n";
  }
  text += "\nOver " + std::to_string(report.runs.size()) + " runs\n" + plain(spread_table(report));
  if (!report.runs.front().members.empty()) {
    text += "\nMembers of the ensemble, means over the runs\n" + plain(member_table(report));
  }
  if (report.protocol == "cross-corpus") {
    text += "\nUAR by pair (rows: trained on, columns: tested on)\n" + plain(pair_table(report));
  }
  text += "\nAll test predictions together\n" + evaluation_text(*report.pooled);
  if (!report.speakers.empty()) {
    text += "\nBy speaker of the test parts\n" + plain(speaker_table(report));
  }
  return text;
}

}  // namespace ser::report
