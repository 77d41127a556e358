#include "nn/configured_layer.h"
#include "nn/convolution/convolution.h"
#include "nn/convolution/window_config.h"
#include "nn/glorot.h"
#include "nn/limits.h"

namespace ser::nn {
namespace {

struct Conv1DConfig : ConvolutionWindowConfig {
  static constexpr const char* kKind = "conv1d";
  int channels = 64;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("channels", self.channels, "channels of the output", core::Range{1, 65536});
    ConvolutionWindowConfig::fields(self, visit);
  }
};

// Cross-correlation over time, y_t = W [x_{t s}; x_{t s + d}; ...] + b. Parameters: W [channels x
// kernel*input channels], column-major (Keras's order in memory: kernel, input channel, channel),
// then b. How it is computed depends on the shape: see nn/convolution/convolution.h.
class Conv1D : public ConfiguredLayer<Conv1DConfig> {
 public:
  using ConfiguredLayer::ConfiguredLayer;

  Shape output_shape(const Shape& input) const override {
    const Windows windows = shape_of(input).windows;
    // So much an example takes with its padding.
    check_activation({input.channels, windows.extent});
    return {config().channels, windows.count};
  }

  Index num_parameters(const Shape& input) const override {
    return (config().kernel * input.channels + (config().bias ? 1 : 0)) * config().channels;
  }

  Index prepared_size(const Shape& input, Mode mode) const override {
    const ConvolutionShape shape = shape_of(input);
    return choose_formulation(shape).prepared_size(shape, mode);
  }

  void prepare(const Shape& input, ConstParameters parameters, Mode mode,
               std::span<Scalar> prepared) const override {
    const ConvolutionShape shape = shape_of(input);
    choose_formulation(shape).prepare(shape, weights_of(shape, parameters), mode, prepared);
  }

  Index scratch_size(const Shape& input, Index examples) const override {
    const ConvolutionShape shape = shape_of(input);
    return choose_formulation(shape).scratch_size(shape, examples);
  }

  void initialize(const Shape& input, Parameters parameters,
                  core::RandomStream random) const override {
    const Index kernel = config().kernel;
    const Index weights = kernel * input.channels * config().channels;
    initialize_glorot_uniform(kernel * input.channels, kernel * config().channels,
                              Parameters(parameters.data(), weights), random);
    parameters.tail(parameters.size() - weights).setZero();
  }

  void forward(const Pass& pass, ConstParameters parameters, ConstBlock x, Block y,
               std::span<Scalar> scratch) const override {
    const ConvolutionShape shape = shape_of(pass.input);
    const Index weights = shape.num_weights();
    const ConstParameters bias(parameters.data() + weights, parameters.size() - weights);
    choose_formulation(shape).forward(
        shape, {pass.prepared, weights_of(shape, parameters), bias, x, y, scratch, pass.lengths});
  }

  void backward(const Pass& pass, const Backward& arguments,
                std::span<Scalar> scratch) const override {
    const ConvolutionShape shape = shape_of(pass.input);
    const Index weights = shape.num_weights();
    Parameters gradient = arguments.parameter_gradient;
    choose_formulation(shape).backward(
        shape, {pass.prepared, weights_of(shape, arguments.parameters), arguments.x, arguments.dy,
                arguments.dx, Parameters(gradient.data(), weights), scratch, pass.lengths});
    if (!config().bias) return;
    auto bias_gradient = gradient.tail(config().channels);
    for (Index example = 0; example < arguments.dy.cols(); ++example) {
      const ConstBlock dy(arguments.dy.col(example).data(), config().channels,
                          shape.of_example(pass.lengths, example).windows.count);
      for (Index t = 0; t < dy.cols(); ++t) bias_gradient += dy.col(t);
    }
  }

  GraphValue to_graph(const Shape& input, ConstParameters parameters, const GraphValue& x,
                      GraphBuilder& graph) const override {
    const ConvolutionShape shape = shape_of(input);
    const Index channels = config().channels;
    std::vector<GraphValue> inputs = {
        graph.as_steps(x),
        graph.parameter("weight", {channels, input.channels, shape.kernel}, parameters.data(),
                        {1, channels, channels * input.channels})};
    if (config().bias) {
      inputs.push_back(
          graph.parameter("bias", {channels}, parameters.data() + shape.num_weights()));
    }
    return graph.node("Conv", inputs, config().graph_attributes(input.time, 1));
  }

 private:
  ConvolutionShape shape_of(const Shape& input) const {
    return {input,           config().channels, config().kernel,
            config().stride, config().dilation, config().padding};
  }

  static ConstParameters weights_of(const ConvolutionShape& shape,
                                    const ConstParameters& parameters) {
    return {parameters.data(), shape.num_weights()};
  }
};

}  // namespace

LayerType conv1d_layer() {
  return core::configured_part_type<Conv1D>(R"([{"channels": 3, "kernel": 1},
      {"channels": 4, "kernel": 4, "stride": 2, "bias": false},
      {"channels": 2, "kernel": 2, "stride": 3},
      {"channels": 5, "kernel": 3, "padding": "valid"},
      {"channels": 3, "kernel": 3, "stride": 2, "padding": "valid"},
      {"channels": 3, "kernel": 3, "dilation": 4},
      {"channels": 4, "kernel": 2, "dilation": 3, "stride": 2, "padding": "causal"},
      {"channels": 18, "kernel": 3, "dilation": 2, "padding": "valid", "bias": false},
      {"channels": 3, "kernel": 4, "padding": "causal"},
      {"channels": 20, "kernel": 5, "padding": "causal"},
      {"channels": 20, "kernel": 5, "dilation": 3},
      {"channels": 24, "kernel": 9}, {"channels": 20, "kernel": 5},
      {"channels": 33, "kernel": 5, "padding": "valid", "bias": false}])");
}

}  // namespace ser::nn
