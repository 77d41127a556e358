#pragma once

#include <cstdint>
#include <string>

#include "ser/core/config.h"

namespace ser::train {

// When the watched loss has not improved for `patience` epochs, the learning rate is multiplied by
// `factor`, down to `minimum`.
struct PlateauConfig {
  std::string watch = "loss";
  double factor = 0.4;
  int patience = 2;
  double minimum = 1e-7;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    using core::Range;
    visit("watch", self.watch,
          "loss: that of the training part; validation_loss: that of the validation part",
          core::OneOf{{"loss", "validation_loss"}});
    visit("factor", self.factor, "the learning rate is multiplied by it; 1: never reduced",
          Range{0.01, 1.0});
    visit("patience", self.patience, "epochs without improvement before that", Range{0, 100000});
    visit("minimum", self.minimum, "the least learning rate", Range{0.0, 1.0});
  }
};

// The learning rate rises evenly from zero over `warm_up_epochs` (Goyal et al., 2017) and then
// falls as half a cosine from its start value to `minimum` at the end of the last epoch (Loshchilov
// and Hutter, 2017, without restarts).
struct CosineConfig {
  double warm_up_epochs = 2.0;
  double minimum = 0.0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    using core::Range;
    visit("warm_up_epochs", self.warm_up_epochs, "epochs in which the learning rate rises",
          Range{0.0, 100000.0});
    visit("minimum", self.minimum, "the learning rate at the end", Range{0.0, 1.0});
  }
};

// The learning rate of step `step` (from 0) of `steps`, of which the first `warm_up_steps` are
// those of the rise. The first step of it is not zero, but one part of the way.
double cosine_learning_rate(double start, double minimum, std::int64_t step, double warm_up_steps,
                            std::int64_t steps);

}  // namespace ser::train
