#pragma once

#include <optional>

#include "ser/nn/affine_map.h"
#include "ser/nn/network.h"

namespace ser::nn {

// A network for inference that does what another does.
struct FoldedNetwork {
  Network network;
  Vector parameters;
  // Whether it does what stood before the other network too.
  bool takes_input_map = false;
};

// The network with maps of its channels (batch normalisation) folded into the convolution or dense
// layer before or behind them, also in residual blocks, and without dropout. `input_map`, of the
// numbers of the input, is what its inputs go through before: it is folded into the first layer
// where that is exact. Outputs are the same up to rounding: a pair of layers is left alone where
// folding would cost digits, or numbers that are finite. Nothing where there is nothing to fold, or
// where the network is so large (2^26 parameters) that a copy of it is not worth the memory.
std::optional<FoldedNetwork> fold(const Network& network, const Vector& parameters,
                                  const std::optional<AffineMap>& input_map = std::nullopt);

}  // namespace ser::nn
