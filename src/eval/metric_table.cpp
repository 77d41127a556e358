#include "ser/eval/metric_table.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ser/corpus/display_name.h"
#include "ser/eval/stress_conditions.h"

namespace ser::eval {
namespace {

using Value = std::optional<double>;

constexpr double kNoBound = std::numeric_limits<double>::infinity();

template <double ProbabilityMetrics::*member>
Value of_probabilities(const Metrics& metrics) {
  return metrics.of_probabilities ? Value((*metrics.of_probabilities).*member) : std::nullopt;
}

// The largest error rate e for which n clips show no error with this probability, (1 - e)^n
// (Clopper and Pearson, 1934).
double unseen_errors(double clips, double probability) {
  return 1.0 - std::pow(probability, 1.0 / clips);
}

Value unseen_of_clips(const Metrics& metrics, double probability) {
  if (metrics.clips == 0) return std::nullopt;
  return unseen_errors(static_cast<double>(metrics.clips), probability);
}

Value unseen_of_answered(const Metrics& metrics, double probability) {
  if (!metrics.answered || metrics.answered->clips == 0) return std::nullopt;
  return unseen_errors(static_cast<double>(metrics.answered->clips), probability);
}

// The same for a mean over classes: the largest mean of error rates e_k with product (1 -
// e_k)^n_k = probability, which is where 1 - e_k = min(1, m n_k) (by Lagrange); m by bisection.
Value unseen_of_classes(const Metrics& metrics, double probability) {
  std::vector<double> counts;
  for (const auto& one : metrics.per_class) {
    if (one.support > 0) counts.push_back(static_cast<double>(one.support));
  }
  if (counts.empty()) return std::nullopt;
  const auto right = [](double m, double count) { return std::min(1.0, m * count); };
  double low = 0.0;
  double high = 1.0;
  for (int step = 0; step < 200; ++step) {
    const double m = (low + high) / 2.0;
    double logarithm = 0.0;
    for (const double count : counts) logarithm += count * std::log(right(m, count));
    (logarithm < std::log(probability) ? low : high) = m;
  }
  double errors = 0.0;
  for (const double count : counts) errors += 1.0 - right(high, count);
  return errors / static_cast<double>(counts.size());
}

constexpr auto kPercentile = IntervalKind::kPercentile;

constexpr MetricEntry kMetrics[] = {
    {"accuracy", "Accuracy", Better::kHigher, 1.0, kPercentile, unseen_of_clips,
     [](const Metrics& m) { return Value(m.accuracy); }},
    {"uar", "UAR", Better::kHigher, 1.0, kPercentile, unseen_of_classes,
     [](const Metrics& m) { return Value(m.uar); }},
    {"macro_f1", "Macro F1", Better::kHigher, 1.0, kPercentile, unseen_of_classes,
     [](const Metrics& m) { return Value(m.macro_f1); }},
    {"weighted_f1", "Weighted F1", Better::kHigher, 1.0, kPercentile, unseen_of_clips,
     [](const Metrics& m) { return Value(m.weighted_f1); }},
    {"log_loss", "Log loss", Better::kLower, kNoBound, kPercentile, nullptr,
     of_probabilities<&ProbabilityMetrics::log_loss>},
    {"brier", "Brier score", Better::kLower, 2.0, kPercentile, nullptr,
     of_probabilities<&ProbabilityMetrics::brier>},
    // Noise makes accuracy and confidence of a bin differ, and resampling adds noise.
    {"ece", "Calibration error", Better::kLower, 1.0, IntervalKind::kRaisedByNoise, nullptr,
     of_probabilities<&ProbabilityMetrics::ece>},
    {"aurc", "Risk-coverage area", Better::kLower, 1.0, kPercentile, nullptr,
     of_probabilities<&ProbabilityMetrics::aurc>},
    {"coverage", "Coverage", Better::kHigher, 1.0, kPercentile, unseen_of_clips,
     [](const Metrics& m) { return m.answered ? Value(m.answered->coverage) : std::nullopt; },
     true},
    {"answered_accuracy", "Accuracy if answered", Better::kHigher, 1.0, kPercentile,
     unseen_of_answered,
     [](const Metrics& m) { return m.answered ? m.answered->accuracy : std::nullopt; }, true},
    {"answered_uar", "UAR if answered", Better::kHigher, 1.0, kPercentile, unseen_of_answered,
     [](const Metrics& m) { return m.answered ? m.answered->uar : std::nullopt; }, true},
};

// Of a comparison with the clips as they are, so only under a condition.
constexpr MetricEntry kUnchanged = {"unchanged",
                                    "Unchanged predictions",
                                    Better::kHigher,
                                    1.0,
                                    kPercentile,
                                    nullptr,
                                    [](const Metrics& m) { return m.unchanged; }};

constexpr std::string_view kStress = "stress.";

constexpr ClassMetricEntry kClassMetrics[] = {
    {"precision", "Precision", &ClassMetrics::precision,
     [](const ClassMetrics& one) { return one.predicted; }},
    {"recall", "Recall", &ClassMetrics::recall,
     [](const ClassMetrics& one) { return one.support; }},
    {"f1", "F1", &ClassMetrics::f1,
     [](const ClassMetrics& one) { return one.support + one.predicted; }},
};

Value value_of(const ClassMetricEntry& entry, const ClassMetrics& one) {
  return entry.clips(one) > 0 ? Value(one.*(entry.member)) : std::nullopt;
}

// What stands behind `first` and a dot; none where `name` does not begin so.
std::optional<std::string_view> behind_dot(std::string_view name, std::string_view first) {
  const std::size_t dot = first.size();
  if (dot == 0 || name.size() <= dot || !name.starts_with(first) || name[dot] != '.') {
    return std::nullopt;
  }
  return name.substr(dot + 1);
}

// `name` is what stands behind "stress.".
std::optional<MetricName> find_stressed(std::string_view name) {
  for (const auto& condition : stress_conditions()) {
    auto rest = behind_dot(name, condition.name);
    if (!rest) rest = behind_dot(name, condition.other_name);
    if (!rest) continue;
    auto metric = *rest == kUnchanged.name     ? MetricName{&kUnchanged}
                  : rest->starts_with(kStress) ? std::nullopt
                                               : find_metric(*rest);
    if (!metric || (metric->of_all != nullptr && metric->of_all->needs_threshold)) {
      return std::nullopt;
    }
    metric->condition = condition.name;
    return metric;
  }
  return std::nullopt;
}

}  // namespace

std::span<const MetricEntry> metric_table() { return kMetrics; }
std::span<const ClassMetricEntry> class_metric_table() { return kClassMetrics; }

std::string MetricName::name() const {
  std::string text = condition.empty() ? "" : std::string(kStress) + condition + ".";
  text += of_all != nullptr ? of_all->name : of_class->name;
  return of_all != nullptr ? text : text + "." + class_name;
}

std::optional<double> MetricName::value(const Metrics& metrics) const {
  if (of_all != nullptr) return of_all->value(metrics);
  const auto found = std::ranges::find(metrics.per_class, class_name, &ClassMetrics::name);
  return found == metrics.per_class.end() ? std::nullopt : value_of(*of_class, *found);
}

std::optional<double> MetricName::unseen(const Metrics& metrics, double probability) const {
  if (of_all != nullptr) {
    return of_all->unseen == nullptr ? std::nullopt : of_all->unseen(metrics, probability);
  }
  const auto found = std::ranges::find(metrics.per_class, class_name, &ClassMetrics::name);
  if (found == metrics.per_class.end() || of_class->clips(*found) == 0) return std::nullopt;
  return unseen_errors(static_cast<double>(of_class->clips(*found)), probability);
}

std::optional<MetricName> find_metric(std::string_view name) {
  for (const auto& entry : kMetrics) {
    if (entry.name == name) return MetricName{&entry};
  }
  if (name.starts_with(kStress)) return find_stressed(name.substr(kStress.size()));
  for (const auto& entry : kClassMetrics) {
    const std::size_t dot = entry.name.size();
    if (name.size() > dot + 1 && name.starts_with(entry.name) && name[dot] == '.') {
      return MetricName{nullptr, &entry, std::string(name.substr(dot + 1))};
    }
  }
  return std::nullopt;
}

std::string list_metrics() {
  std::string list;
  for (const auto& entry : kMetrics) {
    list += (list.empty() ? "" : ", ") + std::string(entry.name);
  }
  for (const auto& entry : kClassMetrics) list += ", " + std::string(entry.name) + ".CLASS";
  list +=
      "; with --stress also stress.CONDITION.unchanged, and these, but for those of --threshold, "
      "behind stress.CONDITION.,";
  std::string conditions;
  for (const auto& condition : stress_conditions()) {
    conditions += (conditions.empty() ? "" : ", ") + std::string(condition.name);
  }
  list += " where CONDITION is one of " + conditions;
  return list;
}

std::vector<std::string> metric_names(const std::vector<std::string>& classes) {
  std::vector<std::string> names;
  for (const auto& entry : kMetrics) names.emplace_back(entry.name);
  for (const auto& entry : kClassMetrics) {
    for (const auto& name : classes) names.push_back(std::string(entry.name) + "." + name);
  }
  return names;
}

std::vector<std::optional<double>> metric_values(const Metrics& metrics) {
  std::vector<std::optional<double>> values;
  for (const auto& entry : kMetrics) values.push_back(entry.value(metrics));
  for (const auto& entry : kClassMetrics) {
    for (const auto& one : metrics.per_class) values.push_back(value_of(entry, one));
  }
  return values;
}

core::Json values_json(const Metrics& metrics) {
  core::Json json = core::Json::object();
  const auto names = metric_names(metrics.classes);
  const auto values = metric_values(metrics);
  for (std::size_t i = 0; i < names.size(); ++i) {
    json[corpus::display_name(names[i])] = values[i] ? core::Json(*values[i]) : core::Json(nullptr);
  }
  return json;
}

}  // namespace ser::eval
