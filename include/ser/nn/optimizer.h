#pragma once

#include <cstdint>

#include "ser/core/config.h"
#include "ser/core/thread_pool.h"
#include "ser/nn/tensor.h"

namespace ser::nn {

// Adam (Kingma and Ba, 2015), with the decoupled weight decay of AdamW (Loshchilov and Hutter,
// 2019).
struct AdamConfig {
  double learning_rate = 0.001;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-7;
  double weight_decay = 0.0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    using core::Range;
    visit("learning_rate", self.learning_rate, "step size at the start", Range{0.0, 10.0});
    visit("beta1", self.beta1, "decay of the mean of gradients", Range{0.0, 0.999999});
    visit("beta2", self.beta2, "decay of the mean of squared gradients", Range{0.0, 0.999999999});
    visit("epsilon", self.epsilon, "added to the root of the latter", Range{1e-15, 1.0});
    visit("weight_decay", self.weight_decay, "decoupled decay a step, times the learning rate",
          Range{0.0, 10.0});
  }
};

class Adam {
 public:
  Adam(const AdamConfig& config, Index num_parameters);

  double learning_rate() const { return learning_rate_; }
  void set_learning_rate(double value) { learning_rate_ = value; }

  // One update. The result does not depend on the number of workers.
  void step(Vector& parameters, const Vector& gradient, core::ThreadPool& pool);

 private:
  AdamConfig config_;
  double learning_rate_;
  std::int64_t steps_ = 0;
  Vector mean_;
  Vector mean_square_;
};

}  // namespace ser::nn
