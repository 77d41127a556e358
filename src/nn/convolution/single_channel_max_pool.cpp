#include <algorithm>

#include "nn/convolution/padded_example.h"
#include "nn/convolution/single_channel.h"
#include "nn/fusion.h"
#include "nn/maximum.h"

namespace ser::nn {
namespace {

using single_channel::Filter;

// Convolution, rectifier and pooling of sixteen channels at a time. Their convolved steps stay in
// the first-level cache and are computed again for the derivative, which takes less time than to
// keep those of all channels in memory.
class SingleChannelMaxPool : public Layer {
 public:
  SingleChannelMaxPool(const Layer& conv1d, const Layer& max_pool)
      : convolution_(make_layer(conv1d.to_json())),
        pool_(make_layer(max_pool.to_json())),
        windows_(core::config_from_json<MaxPoolConfig>(max_pool.configuration(),
                                                       MaxPoolConfig::kKind)) {}

  std::string_view kind() const override { return "single_channel_max_pool"; }
  core::Json configuration() const override {
    return {{"conv1d", convolution_->configuration()}, {"max_pool", pool_->configuration()}};
  }

  Shape output_shape(const Shape& input) const override {
    return pool_->output_shape(convolution_->output_shape(input));
  }

  Index num_parameters(const Shape& input) const override {
    return convolution_->num_parameters(input);
  }

  // The padded example, the convolved steps of a block of channels, and their derivatives.
  Index scratch_size(const Shape& input, Index /*examples*/) const override {
    const ConvolutionShape shape = shape_of(input);
    return shape.windows.extent + 2 * shape.windows.count * kBlockChannels;
  }

  void forward(const Pass& pass, ConstParameters parameters, ConstBlock x, Block y,
               std::span<Scalar> scratch) const override {
    for (Index example = 0; example < x.cols(); ++example) {
      const Place place(*this, pass, x, example, scratch);
      for_channel_blocks(place.shape.channels, [&](Index channel, Index count) {
        convolve(place, parameters.data(), channel, count);
        for_windows(place, [&](const PoolingWindow& window, Index output) {
          at_least(0, maximum_of_steps(place.steps_of(window)))
              .store(y.col(example).data() + output + channel, count);
        });
      });
    }
  }

  void backward(const Pass& pass, const Backward& arguments,
                std::span<Scalar> scratch) const override {
    Parameters gradient = arguments.parameter_gradient;
    gradient.setZero();
    Block all = arguments.dx;
    for (Index example = 0; example < arguments.x.cols(); ++example) {
      const Place place(*this, pass, arguments.x, example, scratch);
      const Index channels = place.shape.channels;
      const Scalar* y = arguments.y.col(example).data();
      const Scalar* dy = arguments.dy.col(example).data();
      Scalar* dx = all.cols() > 0 ? all.col(example).data() : nullptr;
      if (dx != nullptr) std::fill_n(dx, place.shape.input.time, Scalar{0});
      for_channel_blocks(channels, [&](Index channel, Index count) {
        convolve(place, arguments.parameters.data(), channel, count);
        std::fill_n(place.derivatives, place.shape.windows.count * kBlockChannels, Scalar{0});
        for_windows(place, [&](const PoolingWindow& window, Index output) {
          add_maximum_derivative(place.steps_of(window),
                                 ChannelBlock::load(y + output + channel, count),
                                 ChannelBlock::load(dy + output + channel, count), 0,
                                 place.derivatives + window.input);
        });
        auto sums = Filter::load(gradient.data() + channel, channels, count);
        ChannelBlock bias = bias_of(place.shape, gradient.data(), channel, count);
        for (Index t = 0; t < place.shape.windows.count; ++t) {
          const ChannelBlock derivative =
              ChannelBlock::load(place.derivatives + t * kBlockChannels);
          single_channel::add_derivative(place.shape, place.padded, t, derivative, sums);
          bias = bias + derivative;
        }
        sums.store(gradient.data() + channel, channels, count);
        if (has_bias_) bias.store(gradient.data() + place.shape.num_weights() + channel, count);
        if (dx != nullptr) propagate(place, arguments.parameters.data(), channel, count, dx);
      });
    }
  }

  GraphValue to_graph(const Shape& input, ConstParameters parameters, const GraphValue& x,
                      GraphBuilder& graph) const override {
    const GraphValue convolved = convolution_->to_graph(input, parameters, x, graph);
    return pool_->to_graph(convolution_->output_shape(input), ConstParameters(nullptr, 0),
                           graph.node("Relu", {convolved}), graph);
  }

 private:
  // An example and its scratch.
  struct Place {
    Place(const SingleChannelMaxPool& layer, const Pass& pass, const ConstBlock& x, Index example,
          std::span<Scalar> scratch)
        : shape(layer.shape_of(pass.shape(example))),
          convolved(scratch.data() + layer.shape_of(pass.input).windows.extent),
          derivatives(convolved + layer.shape_of(pass.input).windows.count * kBlockChannels),
          padded(pad_example(shape.input, shape.windows, x.col(example).data(), scratch.data())) {}

    StepColumn steps_of(const PoolingWindow& window) const {
      return {convolved + window.input, window.stride, window.steps, window.channels};
    }

    ConvolutionShape shape;
    Scalar* convolved;    // [16 x windows.count]
    Scalar* derivatives;  // likewise
    const Scalar* padded;
  };

  ConvolutionShape shape_of(const Shape& input) const { return conv1d_shape(*convolution_, input); }

  ChannelBlock bias_of(const ConvolutionShape& shape, const Scalar* parameters, Index channel,
                       Index count) const {
    return has_bias_ ? ChannelBlock::load(parameters + shape.num_weights() + channel, count)
                     : ChannelBlock::zero();
  }

  void convolve(const Place& place, const Scalar* parameters, Index channel, Index count) const {
    const auto filter = Filter::load(parameters + channel, place.shape.channels, count);
    const ChannelBlock bias = bias_of(place.shape, parameters, channel, count);
    for (Index t = 0; t < place.shape.windows.count; ++t) {
      single_channel::convolve(place.shape, place.padded, t, filter, bias)
          .store(place.convolved + t * kBlockChannels);
    }
  }

  // Calls body(window of the convolved steps, place of its step in the output).
  template <class Body>
  void for_windows(const Place& place, const Body& body) const {
    for_pooling_windows(windows_, {kBlockChannels, place.shape.windows.count},
                        [&](const PoolingWindow& window) {
                          body(window, window.output / kBlockChannels * place.shape.channels);
                        });
  }

  static void propagate(const Place& place, const Scalar* parameters, Index channel, Index count,
                        Scalar* dx) {
    const auto filter = Filter::load(parameters + channel, place.shape.channels, count);
    for (Index t = 0; t < place.shape.windows.count; ++t) {
      const ChannelBlock derivative = ChannelBlock::load(place.derivatives + t * kBlockChannels);
      const Index first = t * place.shape.stride - place.shape.windows.left;
      for (Index k = std::max<Index>(0, -first);
           k < std::min<Index>(single_channel::kKernel, place.shape.input.time - first); ++k) {
        dx[first + k] += sum(filter.steps[k] * derivative);
      }
    }
  }

  std::unique_ptr<const Layer> convolution_;
  std::unique_ptr<const Layer> pool_;
  MaxPoolConfig windows_;
  bool has_bias_ = convolution_->configuration().at("bias").get<bool>();
};

}  // namespace

std::unique_ptr<Layer> single_channel_max_pool(const Layer& conv1d, const Layer& max_pool,
                                               const Shape& input) {
  if (!single_channel::suits(conv1d_shape(conv1d, input))) return nullptr;
  return std::make_unique<SingleChannelMaxPool>(conv1d, max_pool);
}

}  // namespace ser::nn
