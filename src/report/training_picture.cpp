#include <algorithm>
#include <cmath>

#include "ser/report/training.h"

#include "report/charts/plot.h"
#include "report/epoch_panels.h"

namespace ser::report {
namespace {

using train::EpochRecord;

struct Curve {
  const char* name;
  double EpochRecord::*value;
};

std::shared_ptr<const charts::Panel> curves(const std::string& heading, charts::Axis x,
                                            charts::Axis y, std::span<const Curve> curves,
                                            std::span<const EpochRecord> history, int best_epoch) {
  charts::Plot plot{std::move(x), std::move(y)};
  for (const auto& [name, value] : curves) {
    charts::Series series;
    series.name = name;
    for (const auto& record : history) {
      series.points.push_back({static_cast<double>(record.epoch), record.*value});
    }
    // There may be no validation part.
    const bool any = std::ranges::any_of(
        series.points, [](const charts::Point& point) { return std::isfinite(point.y); });
    if (any) plot.series.push_back(std::move(series));
  }
  plot.mark = {static_cast<double>(best_epoch), "epoch " + std::to_string(best_epoch)};
  return std::make_shared<charts::PlotPanel>(heading, std::move(plot));
}

constexpr Curve kLosses[] = {{"training", &EpochRecord::loss},
                             {"validation", &EpochRecord::validation_loss}};
constexpr Curve kAccuracies[] = {{"accuracy, training", &EpochRecord::accuracy},
                                 {"accuracy, validation", &EpochRecord::validation_accuracy},
                                 {"UAR, validation", &EpochRecord::validation_uar}};

}  // namespace

std::vector<std::shared_ptr<const charts::Panel>> epoch_panels(std::span<const EpochRecord> history,
                                                               int best_epoch) {
  std::vector<double> losses = {0.0};
  int last = 1;
  for (const auto& record : history) {
    losses.push_back(record.loss);
    losses.push_back(record.validation_loss);
    last = std::max(last, record.epoch);
  }
  constexpr std::size_t kMostTicks = 11;
  const auto epochs = [&](const char* label) {
    auto axis = charts::axis_between(1.0, last, kMostTicks, label);
    // There are no halves of an epoch.
    std::erase_if(axis.ticks,
                  [](const auto& tick) { return tick.text.find('.') != std::string::npos; });
    return axis;
  };
  return {curves("Loss", epochs("epoch"), charts::axis_over(losses, 6, ""), kLosses, history,
                 best_epoch),
          curves("Accuracy and UAR", epochs("epoch"), charts::axis_between(0.0, 1.0, 6, ""),
                 kAccuracies, history, best_epoch)};
}

Picture epochs_picture(std::span<const EpochRecord> history, int best_epoch,
                       const std::string& statement) {
  return {"Training", {statement}, epoch_panels(history, best_epoch)};
}

}  // namespace ser::report
