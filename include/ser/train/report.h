#pragma once

#include "ser/core/json.h"
#include "ser/train/train_classifier.h"

namespace ser::train {

inline constexpr std::string_view kTrainingReportSchema = "ser-training-report/1";

// The whole report: recipe, corpus, split with the ids of each part, remarks, history, results,
// times.
core::Json to_json(const TrainingReport& report);

// What a model carries of it: recipe, corpus, protocol, what the clips of each part sound like (so
// that one is known again under any name and in any format), likewise those that the protocol left
// out and the copies that were removed, and results. No wall times and no paths of the machine that
// trained.
core::Json provenance(const TrainingReport& report);

}  // namespace ser::train
