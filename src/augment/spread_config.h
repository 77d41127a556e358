#pragma once

#include <string>

#include "ser/core/config.h"
#include "ser/core/error.h"
#include "ser/core/random.h"

namespace ser::augment {

// One number, given by its centre and how far around it is drawn uniformly. Definition names it:
//
//   struct Rate {
//     static constexpr const char* kKind = "time_stretch";
//     static constexpr const char* kCentre = "rate";
//     static constexpr const char* kCentreHelp = "speed";
//     static constexpr const char* kSpread = "rate_spread";
//     static constexpr const char* kSpreadHelp = "the speed is drawn from ...";
//     static constexpr double kDefault = 0.8;
//     static constexpr double kDefaultSpread = 0.0;
//     static constexpr double kLeast = 0.25;
//     static constexpr double kMost = 4.0;
//   };
template <class Definition>
struct SpreadConfig {
  static constexpr const char* kKind = Definition::kKind;
  double centre = Definition::kDefault;
  double spread = Definition::kDefaultSpread;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    using core::Range;
    constexpr double kLeast = Definition::kLeast;
    constexpr double kMost = Definition::kMost;
    visit(Definition::kCentre, self.centre, Definition::kCentreHelp, Range{kLeast, kMost});
    visit(Definition::kSpread, self.spread, Definition::kSpreadHelp,
          Range{0.0, (kMost - kLeast) / 2.0});
  }

  void check(const std::string& path) const {
    const double least = centre - spread;
    const double most = centre + spread;
    if (least >= Definition::kLeast && most <= Definition::kMost) return;
    throw core::ConfigError("E_CONFIG_VALUE", path + ": the range from " + core::json_text(least) +
                                                  " to " + core::json_text(most) +
                                                  " must lie between " +
                                                  core::json_text(Definition::kLeast) + " and " +
                                                  core::json_text(Definition::kMost));
  }

  // Without a spread nothing is drawn and the centre is given exactly.
  double draw(core::RandomStream& random) const {
    return spread > 0.0 ? random.uniform(centre - spread, centre + spread) : centre;
  }
};

}  // namespace ser::augment
