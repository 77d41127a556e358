#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ser/core/json.h"
#include "ser/core/random.h"
#include "ser/nn/affine_map.h"
#include "ser/nn/graph.h"
#include "ser/nn/tensor.h"

namespace ser::nn {

enum class Mode { kInference, kTraining };

// What a layer is told in a pass over a block of examples.
struct Pass {
  Mode mode = Mode::kInference;
  Shape input;            // of one example
  Index layer_index = 0;  // for the layer's own random stream
  // One stream for each example of the block (training only): a layer draws from
  // streams[example].fork(layer_index), so an example meets the same numbers wherever it is
  // computed.
  std::span<const core::RandomStream> streams = {};
  std::span<const Scalar> prepared = {};  // what prepare() made of the layer's parameters
  // Steps of each example, or empty where all have those of `input`. A shorter example stands at
  // the beginning of its column. It gives what it would give alone, as an input of its own shape;
  // the numbers behind the end of x, dy, y and dx mean nothing and nothing may depend on them.
  std::span<const Index> lengths = {};

  Index length(Index example) const {
    return lengths.empty() ? input.time : lengths[static_cast<std::size_t>(example)];
  }
  Shape shape(Index example) const { return {input.channels, length(example)}; }
};

class Layer;

// A layer with numbers for its parameters.
struct ParametrizedLayer {
  std::unique_ptr<Layer> layer;
  Vector parameters;
};

// A layer holds hyper-parameters only: parameters, activations and scratch belong to others and are
// passed in, so one layer serves any number of threads. forward() and backward() allocate nothing.
class Layer {
 public:
  virtual ~Layer() = default;

  virtual std::string_view kind() const = 0;
  // The hyper-parameters.
  virtual core::Json configuration() const = 0;
  // The same as an object that make_layer() takes; "layer" names the kind.
  core::Json to_json() const;

  // Whether the output is the input, number by number in memory: such a layer need not be executed.
  virtual bool is_identity(Mode mode) const;
  // Whether what becomes of an example does not depend on the other examples of its block.
  virtual bool examples_are_independent(Mode mode) const;
  // Throws ConfigError (E_NETWORK_SHAPE) where the input does not fit. Of inputs that differ in
  // time only, a longer one has no shorter output.
  virtual Shape output_shape(const Shape& input) const = 0;
  virtual Index num_parameters(const Shape& input) const;
  // Those parameters that follow the data and not the gradient of a loss, e.g. a running mean. In
  // training, backward() sets their place in the gradient to what the block changes them by; in
  // inference to zero.
  virtual std::vector<ParameterRange> statistics(const Shape& input) const;
  // Those of the statistics that are variances: never below zero.
  virtual std::vector<ParameterRange> variances(const Shape& input) const;
  // Numbers of scratch for a block of `examples`, kept from forward() to backward() of the same
  // block.
  virtual Index scratch_size(const Shape& input, Index examples) const;
  virtual void initialize(const Shape& input, Parameters parameters,
                          core::RandomStream random) const;

  // Some layers work on a transform of their parameters, which is made once for many blocks:
  // prepare() sets all prepared_size() numbers of it. What serves training serves inference too,
  // and what serves one number of steps serves any.
  virtual Index prepared_size(const Shape& input, Mode mode) const;
  virtual void prepare(const Shape& input, ConstParameters parameters, Mode mode,
                       std::span<Scalar> prepared) const;

  // y = layer(x). x: [input.size() x n], y: [output.size() x n].
  virtual void forward(const Pass& pass, ConstParameters parameters, ConstBlock x, Block y,
                       std::span<Scalar> scratch) const = 0;

  // How layers are folded into one another for inference (see ser/nn/folding.h). Each of the four
  // gives nothing by default. What the layer does in inference, if that is a map of its channels
  // [input.channels]; finite where the parameters are. The next two give nothing where one layer
  // would not do the same exactly, or would have weights that are not finite.
  virtual std::optional<AffineMap> as_affine_map(const Shape& input,
                                                 ConstParameters parameters) const;
  // One layer that does what this layer and then `map` do.
  virtual std::optional<ParametrizedLayer> followed_by(const Shape& input,
                                                       ConstParameters parameters,
                                                       const AffineMap& map) const;
  // One layer that does what `map` and then this layer do.
  virtual std::optional<ParametrizedLayer> preceded_by(const Shape& input,
                                                       ConstParameters parameters,
                                                       const AffineMap& map) const;
  // The layer with its inner layers folded, if there is something to fold.
  virtual std::optional<ParametrizedLayer> folded_inside(const Shape& input,
                                                         ConstParameters parameters) const;

  // What a layer needs to know to propagate back. dx is empty (0 columns) where nobody needs it: in
  // the first layer.
  struct Backward {
    ConstParameters parameters;
    ConstBlock x;
    ConstBlock y;
    ConstBlock dy;
    Block dx;                       // dx =
    Parameters parameter_gradient;  // =
  };
  // After forward(pass, x) on the same scratch. Sets dx and the gradient of the parameters.
  virtual void backward(const Pass& pass, const Backward& arguments,
                        std::span<Scalar> scratch) const = 0;

  // Adds to a graph what forward() does in inference, and the parameters under their names. x and
  // the result are [batch, channels, time] or, where time is 1, [batch, channels].
  virtual GraphValue to_graph(const Shape& input, ConstParameters parameters, const GraphValue& x,
                              GraphBuilder& graph) const = 0;
};

// Makes the layer that {"layer": kind, ...} names (layers.def). Throws ConfigError (E_CONFIG_KEY,
// E_CONFIG_VALUE) with `path`.
std::unique_ptr<Layer> make_layer(const core::Json& json, const std::string& path = "layer");

std::vector<std::string> layer_kinds();

}  // namespace ser::nn
