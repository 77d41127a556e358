#pragma once

namespace ser::augment {

// What definitions of a speed (see SpreadConfig) have in common.
struct Rate {
  static constexpr const char* kCentre = "rate";
  static constexpr const char* kSpread = "rate_spread";
  static constexpr const char* kSpreadHelp =
      "the speed is drawn uniformly from rate - rate_spread to rate + rate_spread";
  static constexpr double kLeast = 0.25;
  static constexpr double kMost = 4.0;
};

}  // namespace ser::augment
