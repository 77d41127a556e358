#include <algorithm>

#include "nn/channel_block.h"
#include "nn/convolution/convolution.h"
#include "nn/convolution/padded_example.h"

namespace ser::nn {
namespace {

// One channel in, which is how a vector of features enters a network: bound by writing the output,
// so a loop that keeps the weights of sixteen channels in registers and passes over time. The
// scratch holds one padded example.
class SingleChannel : public ConvolutionFormulation {
 public:
  std::string_view name() const override { return "single channel"; }

  bool suits(const ConvolutionShape& shape) const override {
    return shape.input.channels == 1 && shape.kernel == kKernel && shape.dilation == 1 &&
           shape.channels >= kBlockChannels;
  }

  Index prepared_size(const ConvolutionShape& /*shape*/, Mode /*mode*/) const override { return 0; }

  void prepare(const ConvolutionShape& /*shape*/, ConstParameters /*weights*/, Mode /*mode*/,
               std::span<Scalar> /*prepared*/) const override {}

  Index scratch_size(const ConvolutionShape& shape, Index /*examples*/) const override {
    return shape.may_pad() ? shape.windows.extent : 0;
  }

  void forward(const ConvolutionShape& block, const Forward& arguments) const override {
    Block y = arguments.y;
    for (Index example = 0; example < arguments.x.cols(); ++example) {
      const ConvolutionShape shape = block.of_example(arguments.lengths, example);
      const Scalar* padded = pad_example(shape.input, shape.windows,
                                         arguments.x.col(example).data(), arguments.scratch.data());
      for (Index channel = 0; channel < shape.channels; channel += kBlockChannels) {
        const Index count = shape.channels - channel;
        const Filter filter = load_filter(shape, arguments.weights.data(), channel, count);
        const ChannelBlock bias = arguments.bias.size() > 0
                                      ? ChannelBlock::load(arguments.bias.data() + channel, count)
                                      : ChannelBlock::zero();
        Scalar* out = y.col(example).data() + channel;
        for (Index t = 0; t < shape.windows.count; ++t, out += shape.channels) {
          const Scalar* window = padded + t * shape.stride;
          ChannelBlock sum = bias;
          for (int k = 0; k < kKernel; ++k) sum = sum + window[k] * filter.steps[k];
          sum.store(out, count);
        }
      }
    }
  }

  void backward(const ConvolutionShape& block, const Backward& arguments) const override {
    Parameters gradient = arguments.weights_gradient;
    for (Index example = 0; example < arguments.x.cols(); ++example) {
      const ConvolutionShape shape = block.of_example(arguments.lengths, example);
      const Scalar* padded = pad_example(shape.input, shape.windows,
                                         arguments.x.col(example).data(), arguments.scratch.data());
      for (Index channel = 0; channel < shape.channels; channel += kBlockChannels) {
        const Index count = shape.channels - channel;
        Filter sums = load_filter(shape, gradient.data(), channel, count);
        const Scalar* dy = arguments.dy.col(example).data() + channel;
        for (Index t = 0; t < shape.windows.count; ++t, dy += shape.channels) {
          const Scalar* window = padded + t * shape.stride;
          const ChannelBlock derivative = ChannelBlock::load(dy, count);
          for (int k = 0; k < kKernel; ++k) sums.steps[k] = sums.steps[k] + window[k] * derivative;
        }
        for (int k = 0; k < kKernel; ++k) {
          sums.steps[k].store(gradient.data() + k * shape.channels + channel, count);
        }
      }
      if (arguments.dx.cols() > 0) propagate(shape, arguments, example);
    }
  }

 private:
  static constexpr int kKernel = 5;

  struct Filter {
    ChannelBlock steps[kKernel];  // NOLINT: as in ChannelBlock
  };

  static Filter load_filter(const ConvolutionShape& shape, const Scalar* weights, Index channel,
                            Index count) {
    Filter filter;
    for (int k = 0; k < kKernel; ++k) {
      filter.steps[k] = ChannelBlock::load(weights + k * shape.channels + channel, count);
    }
    return filter;
  }

  static void propagate(const ConvolutionShape& shape, const Backward& arguments, Index example) {
    const ConstBlock weights(arguments.weights.data(), shape.channels, kKernel);
    const ConstBlock dy(arguments.dy.col(example).data(), shape.channels, shape.windows.count);
    Block all = arguments.dx;
    auto dx = all.col(example);
    dx.setZero();
    for (Index t = 0; t < dy.cols(); ++t) {
      const Index first = t * shape.stride - shape.windows.left;
      for (Index k = std::max<Index>(0, -first);
           k < std::min<Index>(kKernel, shape.input.time - first); ++k) {
        dx[first + k] += weights.col(k).dot(dy.col(t));
      }
    }
  }
};

}  // namespace

const ConvolutionFormulation& single_channel_convolution() {
  static const SingleChannel formulation;
  return formulation;
}

}  // namespace ser::nn
