#pragma once

#include <string>

#include "ser/train/cross_validation.h"

namespace ser::report {

// "protocol loso (speaker-independent), 10 folds, seeds 1, 2"
std::string folds_headline(const train::CrossValidationReport& report);

// What a reader of the scores has to know of them first: a line each, or nothing.
std::string reservations(const train::CrossValidationReport& report);

}  // namespace ser::report
