#pragma once

#include "ser/train/cross_validation.h"

namespace ser::train {

// Fills in what the report says of all runs together.
void summarise(CrossValidationReport& report);

}  // namespace ser::train
