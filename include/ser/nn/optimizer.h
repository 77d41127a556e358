#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "ser/core/config.h"
#include "ser/core/thread_pool.h"
#include "ser/nn/tensor.h"

namespace ser::nn {

struct OptimizerConfig {
  std::string kind = "adam";
  double learning_rate = 0.001;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-7;
  double momentum = 0.9;
  double weight_decay = 0.0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    using core::Range;
    visit("kind", self.kind, "adam; sgd: gradient descent with momentum",
          core::OneOf{{"adam", "sgd"}});
    visit("learning_rate", self.learning_rate, "step size at the start", Range{0.0, 10.0});
    visit("beta1", self.beta1, "adam: decay of the mean of gradients", Range{0.0, 0.999999});
    visit("beta2", self.beta2, "adam: decay of the mean of squared gradients",
          Range{0.0, 0.999999999});
    visit("epsilon", self.epsilon, "adam: added to the root of the latter", Range{1e-15, 1.0});
    visit("momentum", self.momentum, "sgd: decay of the sum of gradients", Range{0.0, 0.999999});
    visit("weight_decay", self.weight_decay, "decoupled decay a step, times the learning rate",
          Range{0.0, 10.0});
  }
};

class Optimizer {
 public:
  virtual ~Optimizer() = default;

  double learning_rate() const { return learning_rate_; }
  void set_learning_rate(double value) { learning_rate_ = value; }

  // One update. The result does not depend on the number of workers; nothing is allocated. Throws
  // ConfigError (E_NETWORK_SHAPE) where the vectors do not have the size that it was made for.
  void step(Vector& parameters, const Vector& gradient, core::ThreadPool& pool);

  // All that steps carry on, so that another optimizer of the same configuration and size goes on
  // to the bit.
  struct State {
    double learning_rate = 0.0;
    std::int64_t steps = 0;
    std::vector<Vector> moments;  // each as long as the parameters
  };
  State state() const;
  // Throws ConfigError (E_NETWORK_SHAPE) where the state is not that of such an optimizer.
  void restore(const State& state);

 protected:
  // `moments`: how many vectors it carries from step to step.
  Optimizer(const OptimizerConfig& config, Index num_parameters, std::size_t moments);

  const OptimizerConfig& config() const { return config_; }
  Vector& moment(std::size_t index) { return moments_[index]; }
  // Of the step under way, from 1.
  std::int64_t steps() const { return steps_; }
  // What an update keeps of a parameter, for the decoupled weight decay.
  Scalar decay() const;

 private:
  virtual void prepare_step() = 0;
  // Updates part of the parameters; called by several workers at once.
  virtual void update(ParameterRange range, Vector& parameters, const Vector& gradient) = 0;

  OptimizerConfig config_;
  Index num_parameters_;
  double learning_rate_;
  std::int64_t steps_ = 0;
  std::vector<Vector> moments_;
};

// Adam (Kingma and Ba, 2015), with the decoupled weight decay of AdamW (Loshchilov and Hutter,
// 2019).
class Adam : public Optimizer {
 public:
  Adam(const OptimizerConfig& config, Index num_parameters);

 private:
  void prepare_step() override;
  void update(ParameterRange range, Vector& parameters, const Vector& gradient) override;

  Scalar rate_ = 0;
};

// Stochastic gradient descent with momentum (Polyak, 1964): velocity = momentum * velocity +
// gradient, parameters -= learning rate * velocity. Weight decay is decoupled here too.
class GradientDescent : public Optimizer {
 public:
  GradientDescent(const OptimizerConfig& config, Index num_parameters);

 private:
  void prepare_step() override {}
  void update(ParameterRange range, Vector& parameters, const Vector& gradient) override;
};

std::unique_ptr<Optimizer> make_optimizer(const OptimizerConfig& config, Index num_parameters);

}  // namespace ser::nn
