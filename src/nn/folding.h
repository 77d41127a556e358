#pragma once

#include <optional>
#include <vector>

#include "ser/nn/affine_map.h"
#include "ser/nn/layer.h"

namespace ser::nn {

// Folds a chain of layers for inference, layer by layer in their order (see ser/nn/folding.h).
class Folding {
 public:
  // `input_map`: what stands before the chain and may be folded into it.
  explicit Folding(std::optional<AffineMap> input_map = std::nullopt);

  void add(const Layer& layer, const Shape& input, const ConstParameters& parameters);

  struct Chain {
    std::vector<ParametrizedLayer> layers;
    bool differs;  // by more than layers that change nothing
    bool takes_input_map;
  };
  // After the last layer. The layers may be none.
  Chain finish();

 private:
  struct Link {
    ParametrizedLayer numbers;
    Shape input;
  };

  void keep_waiting();

  std::vector<Link> done_;
  // Layers behind done_ of which map_ says what they do, with what stands before the chain if
  // nothing is done: maps, and layers that change the shape only.
  std::vector<Link> waiting_;
  std::optional<AffineMap> map_;
  bool holds_input_map_;
  bool differs_ = false;
  bool takes_input_map_ = false;
};

// The layers as a list of JSON objects, and their parameters one behind the other.
core::Json layers_of(const std::vector<ParametrizedLayer>& chain);
Vector parameters_of(const std::vector<ParametrizedLayer>& chain);

}  // namespace ser::nn
