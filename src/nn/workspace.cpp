#include <algorithm>

#include "ser/core/error.h"
#include "ser/nn/network.h"

namespace ser::nn {

Workspace::Workspace(const Network& network, Index capacity, Use use)
    : capacity_(capacity), use_(use), network_(network.shapes_) {
  // With the limits of Network, sizes up to here cannot overflow.
  if (capacity < 1 || capacity > (Index{1} << 20)) {
    throw core::ConfigError("E_NETWORK_SIZE", "a block must have between 1 and " +
                                                  std::to_string(Index{1} << 20) +
                                                  " examples, found " + std::to_string(capacity));
  }
  Index largest_activation = 0;
  Index largest_scratch = 0;
  for (std::size_t index = 0; index < network.size(); ++index) {
    const Index activation = network.shapes_[index + 1].size() * capacity;
    const Index scratch = network.layer(index).scratch_size(network.shape_before(index), capacity);
    largest_activation = std::max(largest_activation, activation);
    largest_scratch = std::max(largest_scratch, scratch);
    if (use == Use::kTraining) {
      activations_.emplace_back(activation);
      scratch_.emplace_back(scratch);
    }
  }
  if (use == Use::kTraining) {
    gradient_ping_.resize(largest_activation);
    gradient_pong_.resize(largest_activation);
  } else {
    activations_.assign(2, Vector(largest_activation));
    scratch_.assign(1, Vector(largest_scratch));
  }
}

Vector& Workspace::activation(std::size_t layer) {
  return activations_[use_ == Use::kTraining ? layer : layer % 2];
}

Vector& Workspace::scratch(std::size_t layer) {
  return scratch_[use_ == Use::kTraining ? layer : 0];
}

}  // namespace ser::nn
