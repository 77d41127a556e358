#include <algorithm>

#include "nn/channel_block.h"
#include "nn/convolution/convolution.h"

namespace ser::nn {
namespace {

// The numbers of a window that lie within the input.
struct Taps {
  Index begin;
  Index end;
};

// Calls body(step of the output, step of the input under the window's first number, taps).
template <class Body>
void for_windows(const ConvolutionShape& shape, const Body& body) {
  for (Index output = 0; output < shape.windows.count; ++output) {
    const Index first = output * shape.stride - shape.windows.left;
    const Index begin = first < 0 ? (-first + shape.dilation - 1) / shape.dilation : 0;
    const Index end = std::min<Index>(
        shape.kernel, (shape.input.time - first + shape.dilation - 1) / shape.dilation);
    body(output, first, Taps{begin, end});
  }
}

// As many groups as channels: each channel has a filter of its own, W is [channels x kernel].
// Sixteen channels at a time, without a padded copy.
class Depthwise : public ConvolutionFormulation {
 public:
  std::string_view name() const override { return "depthwise"; }

  bool suits(const ConvolutionShape& shape) const override {
    return shape.groups == shape.input.channels && shape.groups == shape.channels;
  }

  Index prepared_size(const ConvolutionShape& /*shape*/, Mode /*mode*/) const override { return 0; }

  void prepare(const ConvolutionShape& /*shape*/, ConstParameters /*weights*/, Mode /*mode*/,
               std::span<Scalar> /*prepared*/) const override {}

  Index scratch_size(const ConvolutionShape& /*shape*/, Index /*examples*/) const override {
    return 0;
  }

  void forward(const ConvolutionShape& block, const Forward& arguments) const override {
    const Index channels = block.channels;
    const Scalar* weights = arguments.weights.data();
    const Scalar* bias = arguments.bias.size() > 0 ? arguments.bias.data() : nullptr;
    Block y = arguments.y;
    for (Index example = 0; example < arguments.x.cols(); ++example) {
      const ConvolutionShape shape = block.of_example(arguments.lengths, example);
      const Scalar* from = arguments.x.col(example).data();
      Scalar* to = y.col(example).data();
      for_windows(shape, [&](Index output, Index first, const Taps& taps) {
        for_channel_blocks(channels, [&](Index channel, Index count) {
          ChannelBlock sum =
              bias != nullptr ? ChannelBlock::load(bias + channel, count) : ChannelBlock::zero();
          for (Index k = taps.begin; k < taps.end; ++k) {
            const Index step = first + k * shape.dilation;
            sum = sum + ChannelBlock::load(weights + k * channels + channel, count) *
                            ChannelBlock::load(from + step * channels + channel, count);
          }
          sum.store(to + output * channels + channel, count);
        });
      });
    }
  }

  void backward(const ConvolutionShape& block, const Backward& arguments) const override {
    const Index channels = block.channels;
    const Scalar* weights = arguments.weights.data();
    Parameters all = arguments.weights_gradient;
    all.setZero();
    Scalar* gradient = all.data();
    Block dx = arguments.dx;
    dx.setZero();
    for (Index example = 0; example < arguments.x.cols(); ++example) {
      const ConvolutionShape shape = block.of_example(arguments.lengths, example);
      const Scalar* x = arguments.x.col(example).data();
      const Scalar* dy = arguments.dy.col(example).data();
      Scalar* to = dx.cols() > 0 ? dx.col(example).data() : nullptr;
      for_windows(shape, [&](Index output, Index first, const Taps& taps) {
        for_channel_blocks(channels, [&](Index channel, Index count) {
          const auto derivative = ChannelBlock::load(dy + output * channels + channel, count);
          for (Index k = taps.begin; k < taps.end; ++k) {
            const Index input = (first + k * shape.dilation) * channels + channel;
            const Index weight = k * channels + channel;
            add_to(gradient + weight, count, derivative * ChannelBlock::load(x + input, count));
            if (to == nullptr) continue;
            add_to(to + input, count, derivative * ChannelBlock::load(weights + weight, count));
          }
        });
      });
    }
  }
};

}  // namespace

const ConvolutionFormulation& depthwise_convolution() {
  static const Depthwise formulation;
  return formulation;
}

}  // namespace ser::nn
