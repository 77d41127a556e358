#pragma once

#include <string>

#include "ser/train/cross_validation.h"

namespace ser::report {

// What stands on a terminal after cross-validation: a line a run, means and deviations, the matrix
// of pairs if corpora were trained and tested on in pairs, the pooled scores with their confusion
// matrix, and a line a speaker. Names are made harmless.
std::string cross_validation_text(const train::CrossValidationReport& report);

}  // namespace ser::report
