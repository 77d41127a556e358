#include "ser/eval/calibration.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "ser/core/error.h"

namespace ser::eval {
namespace {

// The steps in ln T of the first search.
constexpr double kStep = 0.25;

// What is least for the fitted temperature, by u = ln(1 / T): the sum over clips of -ln
// softmax(exp(u) logits)[label], each with its weight, and that of the prior, u^2 / (2 ln(2)^2).
double cost(const Eigen::MatrixXd& logits, std::span<const int> labels, double weight, double u) {
  const double inverse_temperature = std::exp(u);
  double sum = 0.0;
  for (Eigen::Index i = 0; i < logits.cols(); ++i) {
    const double most = logits.col(i).maxCoeff();
    const double others = (inverse_temperature * (logits.col(i).array() - most)).exp().sum();
    sum += std::log(others) -
           inverse_temperature * (logits(labels[static_cast<std::size_t>(i)], i) - most);
  }
  return weight * sum + u * u / (2.0 * std::numbers::ln2 * std::numbers::ln2);
}

// Where a function with one minimum between two places has it (golden section).
template <class Function>
double least(double low, double high, Function&& function) {
  const double ratio = 1.0 / std::numbers::phi;
  double left = high - ratio * (high - low);
  double right = low + ratio * (high - low);
  double at_left = function(left);
  double at_right = function(right);
  constexpr int kSteps = 45;
  for (int step = 0; step < kSteps; ++step) {
    if (at_left <= at_right) {
      high = right;
      right = left;
      at_right = at_left;
      left = high - ratio * (high - low);
      at_left = function(left);
    } else {
      low = left;
      left = right;
      at_left = at_right;
      right = low + ratio * (high - low);
      at_right = function(right);
    }
  }
  return (low + high) / 2.0;
}

}  // namespace

double fit_temperature(const Eigen::MatrixXf& logits, std::span<const int> labels, double worth) {
  const auto reject = [](const char* why) { throw core::ConfigError("E_METRICS_INPUT", why); };
  if (logits.cols() != static_cast<Eigen::Index>(labels.size())) {
    reject("a label is needed for every column of logits");
  }
  if (logits.size() > 0 && !logits.allFinite()) reject("logits have to be finite");
  for (const int label : labels) {
    if (label < 0 || label >= logits.rows()) reject("a label is outside the classes");
  }
  const Eigen::MatrixXd values = logits.cast<double>();
  const auto clips = static_cast<double>(labels.size());
  const double weight = clips > worth ? worth / clips : 1.0;
  const auto cost_at = [&](double u) { return cost(values, labels, weight, u); };
  // Where temperatures are far from 1 there may be a second minimum: a search by steps finds the
  // lower.
  const double end = std::log(kMostTemperature);
  double best = 0.0;
  double least_cost = cost_at(best);
  for (int step = 1; step * kStep <= end; ++step) {
    for (const double u : {-step * kStep, step * kStep}) {
      const double here = cost_at(u);
      if (here < least_cost) {
        least_cost = here;
        best = u;
      }
    }
  }
  return std::exp(-least(std::max(best - kStep, -end), std::min(best + kStep, end), cost_at));
}

core::Json to_json(const Calibration& calibration) {
  const auto number_or_null = [](const std::optional<double>& number) {
    return number ? core::Json(*number) : core::Json(nullptr);
  };
  return {{"temperature", calibration.temperature},
          {"clips", calibration.clips},
          {"altered_copies", calibration.altered_copies},
          {"validation_ece_before", number_or_null(calibration.validation_ece_before)},
          {"test_ece_before", number_or_null(calibration.test_ece_before)}};
}

}  // namespace ser::eval
