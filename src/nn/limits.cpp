#include "nn/limits.h"

#include <string>

#include "ser/core/error.h"

namespace ser::nn {
namespace {

std::string describe(const Shape& shape) {
  return std::to_string(shape.channels) + " channels x " + std::to_string(shape.time) + " steps";
}

}  // namespace

// Called in passes too, so that nothing may be allocated as long as all is well.
void check_activation(const Shape& shape) {
  if (shape.channels < 1 || shape.time < 1) {
    throw core::ConfigError("E_NETWORK_SHAPE",
                            "channels and time must be at least 1, found " + describe(shape));
  }
  if (shape.time > kMaxActivation / shape.channels) {
    throw core::ConfigError("E_NETWORK_SIZE", describe(shape) + " exceed the limit of " +
                                                  std::to_string(kMaxActivation) + " numbers");
  }
}

}  // namespace ser::nn
