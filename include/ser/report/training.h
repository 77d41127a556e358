#pragma once

#include <span>
#include <string>

#include "ser/report/picture.h"
#include "ser/train/fit.h"

namespace ser::report {

// Loss and accuracy over epochs, in training and on the validation part, with the epoch that was
// chosen. `statement` says what was trained; it may be any text.
Picture epochs_picture(std::span<const train::EpochRecord> history, int best_epoch,
                       const std::string& statement);

}  // namespace ser::report
