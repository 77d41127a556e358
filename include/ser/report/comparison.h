#pragma once

#include <string>

#include "ser/eval/comparison.h"

namespace ser::report {

// Metrics before and after with the interval of their difference, recall by class, McNemar's test
// and the first clips whose prediction changed. Names come out harmless.
std::string comparison_text(const eval::Comparison& comparison);
std::string comparison_markdown(const eval::Comparison& comparison);

}  // namespace ser::report
