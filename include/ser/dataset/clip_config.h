#pragma once

#include <optional>
#include <string>

#include "ser/core/config.h"

namespace ser::dataset {

// Which part of a recording stands for it.
struct ClipConfig {
  double offset_s = 0.6;
  std::optional<double> duration_s = 2.5;
  // Of that part: "trim" cuts off silence at its ends, "remove" takes all out
  // (ser/audio/silence.h).
  std::string silence = "keep";
  double silence_top_db = 60.0;

  bool operator==(const ClipConfig&) const = default;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    using core::Range;
    visit("offset_s", self.offset_s, "seconds skipped at the start of a recording",
          Range{0.0, 86400.0});
    visit("duration_s", self.duration_s, "seconds used from there; null: all that follows",
          Range{0.001, 14400.0});
    visit("silence", self.silence, "what is done with silence in that part",
          core::OneOf{{"keep", "trim", "remove"}});
    visit("silence_top_db", self.silence_top_db,
          "what lies this many decibels below the loudest frame is silent", Range{1.0, 200.0});
  }
};

}  // namespace ser::dataset
