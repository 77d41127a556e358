#include <algorithm>

#include "ser/core/error.h"
#include "ser/core/memory.h"
#include "ser/nn/network.h"

namespace ser::nn {
namespace {

// Behind the end of a clip that is shorter than its block, layers leave what is there, and others
// compute with it what nobody asks for: not with what memory happened to hold.
void allocate(Vector& numbers, Index size) {
  numbers.resize(size);
  core::advise_large_pages(numbers.data(), static_cast<std::size_t>(size) * sizeof(Scalar));
  numbers.setZero();
}

}  // namespace

Workspace::Workspace(const Network& network, Index capacity, Mode mode)
    : capacity_(capacity), mode_(mode), network_(network.shapes_) {
  // With the limits of Network, sizes up to here cannot overflow.
  if (capacity < 1 || capacity > (Index{1} << 20)) {
    throw core::ConfigError("E_NETWORK_SIZE", "a block must have between 1 and " +
                                                  std::to_string(Index{1} << 20) +
                                                  " examples, found " + std::to_string(capacity));
  }
  lengths_.assign(network.size() + 1, std::vector<Index>(static_cast<std::size_t>(capacity)));
  const auto activation_size = [&](const Network::Step& step) {
    return step.output.size() * capacity;
  };
  const auto scratch_size = [&](const Network::Step& step) {
    return step.layer->scratch_size(step.input, capacity);
  };
  Index largest_activation = 0;
  if (mode == Mode::kTraining) {
    activations_.resize(network.size());
    scratch_.resize(network.size());
    for (const auto& step : network.training_steps_) {
      allocate(activations_[step.last], activation_size(step));
      allocate(scratch_[step.last], scratch_size(step));
      largest_activation = std::max(largest_activation, activations_[step.last].size());
    }
    allocate(gradient_ping_, largest_activation);
    allocate(gradient_pong_, largest_activation);
  } else {
    Index largest_scratch = 0;
    for (const auto& step : network.inference_steps_) {
      largest_activation = std::max(largest_activation, activation_size(step));
      largest_scratch = std::max(largest_scratch, scratch_size(step));
    }
    // Not copied from one: that would touch memory which many networks never use.
    activations_.emplace_back(largest_activation);
    activations_.emplace_back(largest_activation);
    scratch_.emplace_back(largest_scratch);
  }
}

Vector& Workspace::activation(const Network::Step& step, std::size_t place) {
  return activations_[mode_ == Mode::kTraining ? step.last : place % 2];
}

std::span<const Index> Workspace::lengths(const Network::Step& step, Index examples) const {
  if (!has_lengths_) return {};
  return std::span(lengths_[step.first]).first(static_cast<std::size_t>(examples));
}

Vector& Workspace::scratch(const Network::Step& step) {
  return scratch_[mode_ == Mode::kTraining ? step.last : 0];
}

}  // namespace ser::nn
