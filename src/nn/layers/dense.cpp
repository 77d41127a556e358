#include "ser/core/error.h"

#include "nn/affine_parameters.h"
#include "nn/configured_layer.h"
#include "nn/glorot.h"

namespace ser::nn {
namespace {

struct DenseConfig {
  static constexpr const char* kKind = "dense";
  int units = 32;
  bool bias = true;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("units", self.units, "numbers of the output", core::Range{1, 65536});
    visit("bias", self.bias, "whether a number is added to each output");
  }
};

// y = W x + b. Parameters: W [units x inputs], column-major, then b.
class Dense : public ConfiguredLayer<DenseConfig> {
 public:
  using ConfiguredLayer::ConfiguredLayer;

  Shape output_shape(const Shape& input) const override {
    if (input.time != 1) {
      throw core::ConfigError("E_NETWORK_SHAPE",
                              "dense expects a flat input, but this one has " +
                                  std::to_string(input.time) +
                                  " steps; put {\"layer\": \"flatten\"} before it");
    }
    return {config().units, 1};
  }

  Index num_parameters(const Shape& input) const override {
    return (input.size() + (config().bias ? 1 : 0)) * config().units;
  }

  void initialize(const Shape& input, Parameters parameters,
                  core::RandomStream random) const override {
    const Index weights = input.size() * config().units;
    initialize_glorot_uniform(input.size(), config().units, Parameters(parameters.data(), weights),
                              random);
    parameters.tail(parameters.size() - weights).setZero();
  }

  void forward(const Pass& pass, ConstParameters parameters, ConstBlock x, Block y,
               std::span<Scalar> /*scratch*/) const override {
    const Index inputs = pass.input.size();
    const ConstBlock weights(parameters.data(), config().units, inputs);
    // One example at a time, because the bits of a matrix product depend on how many columns it
    // has.
    for (Index example = 0; example < x.cols(); ++example) {
      auto out = y.col(example);
      if (config().bias) {
        out = parameters.tail(config().units);
      } else {
        out.setZero();
      }
      out.noalias() += weights * x.col(example);
    }
  }

  void backward(const Pass& pass, const Backward& arguments,
                std::span<Scalar> /*scratch*/) const override {
    const Index inputs = pass.input.size();
    const ConstBlock& dy = arguments.dy;
    Parameters gradient = arguments.parameter_gradient;
    Block(gradient.data(), config().units, inputs).noalias() = dy * arguments.x.transpose();
    if (config().bias) {
      auto bias_gradient = gradient.tail(config().units);
      bias_gradient.setZero();
      for (Index example = 0; example < dy.cols(); ++example) bias_gradient += dy.col(example);
    }
    Block dx = arguments.dx;
    if (dx.cols() == 0) return;
    const ConstBlock weights(arguments.parameters.data(), config().units, inputs);
    dx.noalias() = weights.transpose() * dy;
  }

  GraphValue to_graph(const Shape& input, ConstParameters parameters, const GraphValue& x,
                      GraphBuilder& graph) const override {
    const Index units = config().units;
    std::vector<GraphValue> inputs = {
        graph.as_vector(x, input),
        graph.parameter("weight", {units, input.size()}, parameters.data(), {1, units})};
    if (config().bias) {
      inputs.push_back(graph.parameter("bias", {units}, parameters.data() + units * input.size()));
    }
    return graph.node("Gemm", inputs, {{"transB", 1}});
  }

  std::optional<ParametrizedLayer> followed_by(const Shape& input, ConstParameters parameters,
                                               const AffineMap& map) const override {
    return with_bias_and(*this, fold_behind(parameters, {config().units, input.size()}, map));
  }

  std::optional<ParametrizedLayer> preceded_by(const Shape& input, ConstParameters parameters,
                                               const AffineMap& map) const override {
    return with_bias_and(*this, fold_before(parameters, {config().units, input.size()}, map));
  }
};

}  // namespace

LayerType dense_layer() {
  return core::configured_part_type<Dense>(R"([{"units": 1}, {"units": 7, "bias": false}])");
}

}  // namespace ser::nn
