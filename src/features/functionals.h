#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ser/features/feature_config.h"

#include "features/clip_analysis.h"

namespace ser::features {

// Numbers that describe a whole clip and are no statistic over the frames of one descriptor.
struct Functionals {
  std::string_view name;
  // Of the numbers; each begins with the set's own name.
  std::vector<std::string> (*names)();
  // As RowLayout::working_values().
  int (*working_values)(const FeatureConfig& config);
  // Fills [names().size()] with finite numbers, whatever the clip holds.
  void (*compute)(ClipAnalysis& clip, std::span<float> values);
};

#define SER_FUNCTIONALS(name)                                \
  namespace name {                                           \
  std::vector<std::string> names();                          \
  int working_values(const FeatureConfig& config);           \
  void compute(ClipAnalysis& clip, std::span<float> values); \
  }
#include "features/functionals.def"
#undef SER_FUNCTIONALS

inline constexpr Functionals kFunctionals[] = {
#define SER_FUNCTIONALS(name) {#name, &name::names, &name::working_values, &name::compute},
#include "features/functionals.def"
#undef SER_FUNCTIONALS
};

}  // namespace ser::features
