#pragma once

#include <optional>

#include "ser/core/config.h"

namespace ser::dataset {

// Which part of a recording stands for it.
struct ClipConfig {
  double offset_s = 0.6;
  std::optional<double> duration_s = 2.5;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    using core::Range;
    visit("offset_s", self.offset_s, "seconds skipped at the start of a recording",
          Range{0.0, 86400.0});
    visit("duration_s", self.duration_s, "seconds used from there; null: all that follows",
          Range{0.001, 14400.0});
  }
};

}  // namespace ser::dataset
