#pragma once

#include <string>

#include "ser/eval/stress.h"
#include "ser/report/picture.h"

namespace ser::report {

// A line for each condition: UAR, its change and the share of unchanged predictions, and below them
// what could not be tried. `uar` is that of the clips as they are.
std::string stress_text(const eval::StressReport& report, double uar);
std::string stress_markdown(const eval::StressReport& report, double uar);

// The change of the UAR and the share of unchanged predictions as bars, a row a condition.
// `statement` says what was scored; it may be any text.
Picture stress_picture(const eval::StressReport& report, double uar, const std::string& statement);

}  // namespace ser::report
