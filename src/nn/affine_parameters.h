#pragma once

#include <optional>

#include "ser/nn/affine_map.h"
#include "ser/nn/layer.h"

namespace ser::nn {

// Parameters W [outputs x terms], column-major, then b [outputs] or nothing, of y = W x + b. The
// terms are `kernel` steps of the channels of a group; an output sees its own group.
struct AffineParameters {
  Index outputs;
  Index terms;
  Index kernel = 1;
  Index groups = 1;
};

// The parameters, with b, of that and then `map`, and of `map` and then that; computed in double.
// Nothing where `map` is of another size or a number would not be finite.
std::optional<Vector> fold_behind(const ConstParameters& parameters, const AffineParameters& form,
                                  const AffineMap& map);
std::optional<Vector> fold_before(const ConstParameters& parameters, const AffineParameters& form,
                                  const AffineMap& map);

// A layer as `layer` with its "bias" and these parameters, if there are any.
std::optional<ParametrizedLayer> with_bias_and(const Layer& layer,
                                               std::optional<Vector> parameters);

}  // namespace ser::nn
