#pragma once

#include "nn/affine_parameters.h"
#include "nn/configured_layer.h"
#include "nn/convolution/convolution.h"
#include "nn/convolution/window_config.h"
#include "nn/glorot.h"
#include "nn/limits.h"

namespace ser::nn {

// A convolution over time. Config is a ConvolutionWindowConfig that says for an input how many
// channels come out and in how many groups: `output_channels(input)`, `num_groups(input)`.
// Parameters: W [channels x kernel*input channels of a group], column-major (Keras's order in
// memory: kernel, input channel, channel), then b. How it is computed depends on the shape: see
// nn/convolution/convolution.h.
template <class Config>
class ConvolutionLayer : public ConfiguredLayer<Config> {
 public:
  using ConfiguredLayer<Config>::ConfiguredLayer;

  Shape output_shape(const Shape& input) const override {
    const ConvolutionShape shape = shape_of(input);
    // So much an example takes with its padding.
    check_activation({input.channels, shape.windows.extent});
    return {shape.channels, shape.windows.count};
  }

  Index num_parameters(const Shape& input) const override {
    const ConvolutionShape shape = shape_of(input);
    return shape.num_weights() + (config().bias ? shape.channels : 0);
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
    const ConvolutionShape shape = shape_of(input);
    const Index weights = shape.num_weights();
    initialize_glorot_uniform(shape.window_size(), shape.kernel * (shape.channels / shape.groups),
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

  void backward(const Pass& pass, const Layer::Backward& arguments,
                std::span<Scalar> scratch) const override {
    const ConvolutionShape shape = shape_of(pass.input);
    const Index weights = shape.num_weights();
    Parameters gradient = arguments.parameter_gradient;
    choose_formulation(shape).backward(
        shape, {pass.prepared, weights_of(shape, arguments.parameters), arguments.x, arguments.dy,
                arguments.dx, Parameters(gradient.data(), weights), scratch, pass.lengths});
    if (!config().bias) return;
    auto bias_gradient = gradient.tail(shape.channels);
    bias_gradient.setZero();
    for (Index example = 0; example < arguments.dy.cols(); ++example) {
      const ConstBlock dy(arguments.dy.col(example).data(), shape.channels,
                          shape.of_example(pass.lengths, example).windows.count);
      for (Index t = 0; t < dy.cols(); ++t) bias_gradient += dy.col(t);
    }
  }

  GraphValue to_graph(const Shape& input, ConstParameters parameters, const GraphValue& x,
                      GraphBuilder& graph) const override {
    const ConvolutionShape shape = shape_of(input);
    const Index channels = shape.channels;
    const Index seen = input.channels / shape.groups;
    std::vector<GraphValue> inputs = {
        graph.as_steps(x), graph.parameter("weight", {channels, seen, shape.kernel},
                                           parameters.data(), {1, channels, channels * seen})};
    if (config().bias) {
      inputs.push_back(
          graph.parameter("bias", {channels}, parameters.data() + shape.num_weights()));
    }
    return graph.node("Conv", inputs, config().graph_attributes(input.time, shape.groups));
  }

  std::optional<ParametrizedLayer> followed_by(const Shape& input, ConstParameters parameters,
                                               const AffineMap& map) const override {
    return with_bias_and(*this, fold_behind(parameters, form_of(shape_of(input)), map));
  }

  // The zeros of the padding stand behind the map: it would have to give them too. And one that
  // differs from step to step, as a normaliser of features does, would take weights of every step.
  std::optional<ParametrizedLayer> preceded_by(const Shape& input, ConstParameters parameters,
                                               const AffineMap& map) const override {
    const ConvolutionShape shape = shape_of(input);
    if (shape.may_pad()) return std::nullopt;
    return with_bias_and(*this, fold_before(parameters, form_of(shape), map));
  }

  ConvolutionShape shape_of(const Shape& input) const {
    return {input,
            config().output_channels(input),
            config().kernel,
            config().stride,
            config().dilation,
            config().padding,
            config().num_groups(input)};
  }

 private:
  using ConfiguredLayer<Config>::config;

  static ConstParameters weights_of(const ConvolutionShape& shape,
                                    const ConstParameters& parameters) {
    return {parameters.data(), shape.num_weights()};
  }

  static AffineParameters form_of(const ConvolutionShape& shape) {
    return {shape.channels, shape.window_size(), shape.kernel, shape.groups};
  }
};

}  // namespace ser::nn
