#pragma once

#include <memory>
#include <vector>

#include "ser/eval/bootstrap.h"
#include "ser/eval/groups.h"
#include "ser/eval/metrics.h"
#include "ser/eval/scored_clips.h"
#include "ser/eval/stress.h"

#include "report/charts/panel.h"

namespace ser::report {

// The charts of a score, for pictures and pages alike.

// Counts and shares of the true class; where not all classes have room, those with the most clips.
std::shared_ptr<const charts::Panel> confusion_panel(const eval::Metrics& metrics);

// The reliability diagram, and below it how many clips each of its points stands for.
std::vector<std::shared_ptr<const charts::Panel>> reliability_panels(
    const eval::ClipCounter& counter);

std::shared_ptr<const charts::Panel> coverage_panel(const eval::ClipCounter& counter, double aurc);

// Recall of each class, with its interval where there are some (`intervals` may be null).
std::shared_ptr<const charts::Panel> class_panel(const eval::Metrics& metrics,
                                                 const eval::Intervals* intervals);

// UAR of each group, with its interval where it is known.
std::shared_ptr<const charts::Panel> group_panel(const eval::Grouping& grouping);

// Change of the UAR and unchanged predictions, a row a condition.
std::shared_ptr<const charts::Panel> stress_panel(const eval::StressReport& report);

}  // namespace ser::report
