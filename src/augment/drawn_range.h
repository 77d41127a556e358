#pragma once

#include <string>

#include "ser/core/error.h"
#include "ser/core/json.h"
#include "ser/core/random.h"

namespace ser::augment {

// Uniform in [centre - spread, centre + spread). Without a spread nothing is drawn and the centre
// is given exactly.
inline double draw_around(double centre, double spread, core::RandomStream& random) {
  return spread > 0.0 ? random.uniform(centre - spread, centre + spread) : centre;
}

// Throws ConfigError (E_CONFIG_VALUE) when the range around `centre` leaves [min, max].
inline void check_spread(const std::string& path, double centre, double spread, double min,
                         double max) {
  if (centre - spread >= min && centre + spread <= max) return;
  throw core::ConfigError("E_CONFIG_VALUE",
                          path + ": the range from " + core::Json(centre - spread).dump() + " to " +
                              core::Json(centre + spread).dump() + " must lie between " +
                              core::Json(min).dump() + " and " + core::Json(max).dump());
}

}  // namespace ser::augment
