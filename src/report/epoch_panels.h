#pragma once

#include <memory>
#include <span>
#include <vector>

#include "ser/train/fit.h"

#include "report/charts/panel.h"

namespace ser::report {

// Loss, and accuracy and UAR, over epochs, with the one that was chosen.
std::vector<std::shared_ptr<const charts::Panel>> epoch_panels(
    std::span<const train::EpochRecord> history, int best_epoch);

}  // namespace ser::report
