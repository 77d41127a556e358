#include "nn/convolution/single_channel.h"

#include <algorithm>

#include "nn/convolution/padded_example.h"

namespace ser::nn {
namespace {

using single_channel::Filter;
using single_channel::kKernel;

// One channel in, which is how a vector of features enters a network: bound by writing the output,
// so a loop that keeps the weights of sixteen channels in registers and passes over time. The
// scratch holds one padded example.
class SingleChannel : public ConvolutionFormulation {
 public:
  std::string_view name() const override { return "single channel"; }

  bool suits(const ConvolutionShape& shape) const override { return single_channel::suits(shape); }

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
        const auto filter = Filter::load(arguments.weights.data() + channel, shape.channels, count);
        const ChannelBlock bias = arguments.bias.size() > 0
                                      ? ChannelBlock::load(arguments.bias.data() + channel, count)
                                      : ChannelBlock::zero();
        Scalar* out = y.col(example).data() + channel;
        for (Index t = 0; t < shape.windows.count; ++t, out += shape.channels) {
          single_channel::convolve(shape, padded, t, filter, bias).store(out, count);
        }
      }
    }
  }

  void backward(const ConvolutionShape& block, const Backward& arguments) const override {
    Parameters gradient = arguments.weights_gradient;
    gradient.setZero();
    for (Index example = 0; example < arguments.x.cols(); ++example) {
      const ConvolutionShape shape = block.of_example(arguments.lengths, example);
      const Scalar* padded = pad_example(shape.input, shape.windows,
                                         arguments.x.col(example).data(), arguments.scratch.data());
      for (Index channel = 0; channel < shape.channels; channel += kBlockChannels) {
        const Index count = shape.channels - channel;
        auto sums = Filter::load(gradient.data() + channel, shape.channels, count);
        const Scalar* dy = arguments.dy.col(example).data() + channel;
        for (Index t = 0; t < shape.windows.count; ++t, dy += shape.channels) {
          single_channel::add_derivative(shape, padded, t, ChannelBlock::load(dy, count), sums);
        }
        sums.store(gradient.data() + channel, shape.channels, count);
      }
      if (arguments.dx.cols() > 0) propagate(shape, arguments, example);
    }
  }

 private:
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
