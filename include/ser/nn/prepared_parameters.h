#pragma once

#include <span>
#include <vector>

#include "ser/core/thread_pool.h"
#include "ser/nn/network.h"

namespace ser::nn {

// What the layers of a network make of its parameters once for many blocks of examples, e.g. the
// transformed weights of a convolution. Has to be updated whenever the parameters have changed.
class PreparedParameters {
 public:
  // Allocates only; `network` has to live longer. What is made for training serves inference too.
  PreparedParameters(const Network& network, Mode mode);
  // For inference with these parameters.
  PreparedParameters(const Network& network, const Vector& parameters);

  // The workers share out the layers. Allocates nothing. Throws ConfigError (E_NETWORK_SHAPE)
  // unless parameters are [network.num_parameters()].
  void update(const Vector& parameters, core::ThreadPool& pool);

 private:
  friend class Network;

  void check(const Vector& parameters) const;
  void prepare_step(const Vector& parameters, std::size_t step);
  std::span<const Scalar> of_layer(std::size_t first) const;

  const Network& network_;
  Mode mode_;
  std::vector<Vector> values_;  // of the step that begins with this layer
};

}  // namespace ser::nn
