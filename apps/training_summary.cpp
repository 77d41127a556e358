#include "training_summary.h"

#include <optional>

#include <spdlog/spdlog.h>

#include "ser/corpus/display_name.h"
#include "ser/dataset/group_statistics.h"
#include "ser/report/evaluation.h"

namespace ser::apps {
namespace {

// What a reader of the score has to know of it first.
std::string reservations(const train::TrainingReport& report) {
  std::string text;
  for (const auto& leak : report.leaks.allowed) {
    text += "LEAK ALLOWED: " + leak.kind + ": " + leak.statement + "\n";
  }
  const auto statement = dataset::normalization_statement(report.recipe.normalization);
  return statement.empty() ? text : text + statement + "\n";
}

// The temperature and what it did.
std::string calibration_line(const train::TrainingReport& report) {
  const auto& calibration = report.calibration;
  if (calibration.clips == 0) return "not calibrated: probabilities are the network's own\n";
  std::string text = fmt::format("temperature {:.3f}, fitted on {} validation clips",
                                 calibration.temperature, calibration.clips);
  if (calibration.altered_copies > 0) {
    text += fmt::format(" in {} copies by altered voices, as their own are trained on",
                        calibration.altered_copies);
  }
  const auto add = [&](const char* part, const std::optional<double>& before,
                       const std::optional<eval::Metrics>& after) {
    if (!before || !after) return;
    text += fmt::format("; calibration error of the {} part {:.4f} before, {:.4f} after", part,
                        *before, after->of_probabilities->ece);
  };
  add("validation", calibration.validation_ece_before, report.validation);
  add("test", calibration.test_ece_before, report.test);
  return text + "\n";
}

// Of a report or of a member's record.
template <class Trained>
std::string fit_line(const Trained& trained) {
  return fmt::format("best epoch {} of {}; {} parameters; {} training rows", trained.fit.best_epoch,
                     trained.fit.history.size(), trained.parameter_count,
                     trained.training_examples);
}

}  // namespace

std::string training_statement(const train::TrainingReport& report) {
  return fmt::format("recipe {}, seed {}, protocol {} ({}): {}", report.recipe.name,
                     report.recipe.seed, report.split.protocol,
                     corpus::speaker_dependence(report.manifest, report.split),
                     report.split.statement);
}

std::string training_summary(const train::TrainingReport& report) {
  std::string text = training_statement(report) + "\n";
  for (const auto& member : report.members) {
    text += fmt::format("member {}: {}", corpus::display_name(member.name), fit_line(member));
    if (member.test) text += fmt::format("; UAR of the test part {:.4f}", member.test->uar);
    text += "\n";
  }
  text += report.members.empty() ? fit_line(report) + "\n" : "the mean of their probabilities:\n";
  text += calibration_line(report);
  if (report.test) {
    text +=
        "\ntest part, used once:\n" + reservations(report) + report::evaluation_text(*report.test);
  } else if (report.validation) {
    text += "\nno test part; validation part (it chose the epoch, so this is too good):\n" +
            reservations(report) + report::evaluation_text(*report.validation);
  } else {
    text += "\nno test part and no validation part: nothing is known about this model\n";
  }
  return text;
}

}  // namespace ser::apps
