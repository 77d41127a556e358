#pragma once

#include <vector>

#include "ser/features/feature_config.h"

#include "features/descriptor.h"
#include "features/functionals.h"
#include "features/statistics.h"

namespace ser::features {

// What a configuration names, looked up.
struct FeatureSelection {
  std::vector<const Descriptor*> descriptors;
  std::vector<const Statistic*> statistics;
  std::vector<const Functionals*> functionals;
  int rows = 0;  // of all descriptors, without their derivatives
};

// Throws ConfigError (E_CONFIG_VALUE) for a configuration that no extractor can be made from.
FeatureSelection select_features(const FeatureConfig& config);

}  // namespace ser::features
