#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "ser/core/json.h"

namespace ser::train {

// What a trial of a search scored in one inner fold: a UAR, or why it has none.
struct TrialScore {
  std::size_t trial = 0;
  std::size_t fold = 0;  // which of the inner folds, from 0
  std::optional<double> uar;
  std::string error;  // "E_TRAIN_DIVERGED ..."
};

// {"trial", "fold", "uar"} or {"trial", "fold", "error"}; and back. Throws ConfigError
// (E_SEARCH_RESULT) for anything else; `where` is for messages.
core::Json to_json(const TrialScore& score);
TrialScore trial_score_from_json(const core::Json& json, std::string_view where);

}  // namespace ser::train
