#include "ser/eval/metrics.h"

#include "ser/core/error.h"
#include "ser/corpus/display_name.h"

namespace ser::eval {
namespace {

[[noreturn]] void reject_counts(const std::string& why) {
  throw core::ConfigError("E_METRICS_INPUT", why);
}

double ratio(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

double mean(double sum, int count) { return count == 0 ? 0.0 : sum / count; }

core::Json number_or_null(const std::optional<double>& number) {
  return number ? core::Json(*number) : core::Json(nullptr);
}

}  // namespace

ConfusionMatrix confusion_matrix(std::span<const int> truth, std::span<const int> predicted,
                                 int class_count) {
  if (class_count < 0 || class_count > kMaxClasses) {
    reject_counts("the number of classes must lie between 0 and " + std::to_string(kMaxClasses) +
                  ", found " + std::to_string(class_count));
  }
  if (truth.size() != predicted.size()) {
    reject_counts("there are " + std::to_string(truth.size()) + " true labels and " +
                  std::to_string(predicted.size()) +
                  " predicted ones; one of each is needed for a clip");
  }
  ConfusionMatrix counts = ConfusionMatrix::Zero(class_count, class_count);
  const auto check = [&](const char* what, std::size_t clip, int label) {
    if (label < 0 || label >= class_count) {
      reject_counts("the " + std::string(what) + " label of clip " + std::to_string(clip) + " is " +
                    std::to_string(label) + ", but there are " + std::to_string(class_count) +
                    " classes, counted from 0");
    }
  };
  for (std::size_t i = 0; i < truth.size(); ++i) {
    check("true", i, truth[i]);
    check("predicted", i, predicted[i]);
    ++counts(truth[i], predicted[i]);
  }
  return counts;
}

Metrics compute_metrics(const ConfusionMatrix& confusion, const std::vector<std::string>& classes) {
  const auto class_count = static_cast<Eigen::Index>(classes.size());
  if (confusion.rows() != class_count || confusion.cols() != class_count) {
    reject_counts("a confusion matrix of " + std::to_string(confusion.rows()) + " x " +
                  std::to_string(confusion.cols()) + " does not go with " +
                  std::to_string(class_count) + " classes");
  }
  if (class_count > 0 && confusion.minCoeff() < 0)
    reject_counts("a confusion matrix has no negative counts");

  Metrics metrics;
  metrics.classes = classes;
  metrics.confusion = confusion;
  metrics.clips = confusion.sum();
  metrics.accuracy = ratio(confusion.trace(), metrics.clips);
  double recalls = 0.0;
  double f1s = 0.0;
  double weighted_f1s = 0.0;
  int classes_with_clips = 0;
  int classes_seen = 0;
  for (Eigen::Index c = 0; c < class_count; ++c) {
    const std::int64_t right = confusion(c, c);
    const std::int64_t support = confusion.row(c).sum();
    const std::int64_t predicted = confusion.col(c).sum();
    ClassMetrics one;
    one.name = classes[static_cast<std::size_t>(c)];
    one.precision = ratio(right, predicted);
    one.recall = ratio(right, support);
    // 2PR / (P + R), with the denominators cancelled
    one.f1 = ratio(2 * right, support + predicted);
    one.support = support;
    one.predicted = predicted;
    if (support > 0) {
      recalls += one.recall;
      weighted_f1s += one.f1 * static_cast<double>(support);
      ++classes_with_clips;
    }
    if (support > 0 || predicted > 0) {
      f1s += one.f1;
      ++classes_seen;
    }
    metrics.per_class.push_back(std::move(one));
  }
  metrics.uar = mean(recalls, classes_with_clips);
  metrics.macro_f1 = mean(f1s, classes_seen);
  if (metrics.clips > 0) metrics.weighted_f1 = weighted_f1s / static_cast<double>(metrics.clips);
  return metrics;
}

core::Json to_json(const Metrics& metrics) {
  core::Json json = core::Json::object();
  json["clips"] = metrics.clips;
  json["accuracy"] = metrics.accuracy;
  json["uar"] = metrics.uar;
  json["macro_f1"] = metrics.macro_f1;
  json["weighted_f1"] = metrics.weighted_f1;
  if (const auto& known = metrics.of_probabilities) {
    json["log_loss"] = known->log_loss;
    json["brier"] = known->brier;
    json["ece"] = known->ece;
    json["aurc"] = known->aurc;
  }
  if (const auto& answered = metrics.answered) {
    json["answered"] = {{"threshold", answered->threshold},
                        {"clips", answered->clips},
                        {"coverage", answered->coverage},
                        {"accuracy", number_or_null(answered->accuracy)},
                        {"uar", number_or_null(answered->uar)}};
  }
  json["per_class"] = core::Json::array();
  for (const auto& one : metrics.per_class) {
    json["per_class"].push_back({{"name", corpus::display_name(one.name)},
                                 {"precision", one.precision},
                                 {"recall", one.recall},
                                 {"f1", one.f1},
                                 {"support", one.support},
                                 {"predicted", one.predicted}});
  }
  core::Json names = core::Json::array();
  for (const auto& name : metrics.classes) names.push_back(corpus::display_name(name));
  core::Json counts = core::Json::array();
  for (Eigen::Index row = 0; row < metrics.confusion.rows(); ++row) {
    core::Json line = core::Json::array();
    for (Eigen::Index column = 0; column < metrics.confusion.cols(); ++column) {
      line.push_back(metrics.confusion(row, column));
    }
    counts.push_back(std::move(line));
  }
  json["confusion"] = {{"classes", std::move(names)}, {"counts", std::move(counts)}};
  return json;
}

}  // namespace ser::eval
