#pragma once

#include <string>

#include "ser/eval/metrics.h"

namespace ser::report {

// Overall figures, a table by class and the confusion matrix (rows: true class), as aligned text
// for a terminal. Class names may be any UTF-8 and come out harmless (control characters replaced).
std::string evaluation_text(const eval::Metrics& metrics);

// The same as Markdown tables; names are escaped.
std::string evaluation_markdown(const eval::Metrics& metrics);

}  // namespace ser::report
