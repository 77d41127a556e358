#include <algorithm>

#include "nn/convolution/convolution.h"
#include "nn/convolution/padded_example.h"
#include "nn/step_products.h"

namespace ser::nn {
namespace {

// Windows of an example as the columns of a matrix. Neighbours overlap in memory where the stride
// is shorter than the kernel, so nothing is copied.
using WindowColumns = Eigen::Map<const Matrix, Eigen::Unaligned, Eigen::OuterStride<>>;
using WindowBlock = Eigen::Map<Matrix, Eigen::Unaligned, Eigen::OuterStride<>>;

// A matrix product with the windows of one example at a time, or, where dilation tears a window
// apart, one product for each of its steps. The scratch holds one padded example and the gradient
// of one.
class Direct : public ConvolutionFormulation {
 public:
  std::string_view name() const override { return "direct"; }

  bool suits(const ConvolutionShape& /*shape*/) const override { return true; }

  Index prepared_size(const ConvolutionShape& /*shape*/, Mode /*mode*/) const override { return 0; }

  void prepare(const ConvolutionShape& /*shape*/, ConstParameters /*weights*/, Mode /*mode*/,
               std::span<Scalar> /*prepared*/) const override {}

  Index scratch_size(const ConvolutionShape& shape, Index /*examples*/) const override {
    if (!shape.may_pad()) return 0;
    return 2 * shape.windows.extent * shape.input.channels;
  }

  void forward(const ConvolutionShape& block, const Forward& arguments) const override {
    // One example at a time, because the bits of a matrix product depend on how many columns it
    // has.
    for (Index example = 0; example < arguments.x.cols(); ++example) {
      const ConvolutionShape shape = block.of_example(arguments.lengths, example);
      const Scalar* padded = pad_example(shape.input, shape.windows,
                                         arguments.x.col(example).data(), arguments.scratch.data());
      Block y = arguments.y;
      Block out(y.col(example).data(), shape.channels, shape.windows.count);
      if (arguments.bias.size() > 0) {
        for (Index t = 0; t < out.cols(); ++t) out.col(t) = arguments.bias;
      } else {
        out.setZero();
      }
      for (Index piece = 0; piece < pieces(shape); ++piece) {
        add_step_products(weights_of(shape, arguments.weights.data(), piece),
                          columns_of(shape, padded, piece), out);
      }
    }
  }

  void backward(const ConvolutionShape& block, const Backward& arguments) const override {
    const std::span<Scalar> scratch = arguments.scratch;
    Parameters gradient = arguments.weights_gradient;
    gradient.setZero();
    Scalar* padded_gradient = scratch.data() + scratch.size() / 2;
    Block dx = arguments.dx;
    for (Index example = 0; example < arguments.x.cols(); ++example) {
      const ConvolutionShape shape = block.of_example(arguments.lengths, example);
      const Scalar* padded =
          pad_example(shape.input, shape.windows, arguments.x.col(example).data(), scratch.data());
      const ConstBlock dy(arguments.dy.col(example).data(), shape.channels, shape.windows.count);
      for (Index piece = 0; piece < pieces(shape); ++piece) {
        Block(gradient.data() + piece * shape.channels * shape.input.channels, shape.channels,
              piece_size(shape))
            .noalias() += dy * columns_of(shape, padded, piece).transpose();
      }
      if (dx.cols() > 0) {
        propagate(shape, arguments.weights, dy, padded_gradient, dx.col(example).data());
      }
    }
  }

 private:
  // Neighbouring steps of a window are multiplied together.
  static Index pieces(const ConvolutionShape& shape) {
    return shape.dilation == 1 ? 1 : shape.kernel;
  }
  static Index piece_size(const ConvolutionShape& shape) {
    return shape.window_size() / pieces(shape);
  }

  static ConstBlock weights_of(const ConvolutionShape& shape, const Scalar* weights, Index piece) {
    return {weights + piece * shape.channels * shape.input.channels, shape.channels,
            piece_size(shape)};
  }

  static WindowColumns columns_of(const ConvolutionShape& shape, const Scalar* padded,
                                  Index piece) {
    return {padded + piece * shape.dilation * shape.input.channels, piece_size(shape),
            shape.windows.count, Eigen::OuterStride<>(shape.stride * shape.input.channels)};
  }

  // dx = the sum over the window's steps of W_k^T dy, each shifted to where step k of the windows
  // lies.
  static void propagate(const ConvolutionShape& shape, const ConstParameters& all_weights,
                        const ConstBlock& dy, Scalar* buffer, Scalar* dx) {
    const Shape& input = shape.input;
    const Windows& windows = shape.windows;
    const bool direct = windows.within(input.time);
    Scalar* target = direct ? dx : buffer;
    std::fill_n(target, direct ? input.size() : windows.extent * input.channels, Scalar{0});
    for (Index k = 0; k < shape.kernel; ++k) {
      const ConstBlock weights(all_weights.data() + k * input.channels * shape.channels,
                               shape.channels, input.channels);
      WindowBlock shifted(target + k * shape.dilation * input.channels, input.channels,
                          windows.count, Eigen::OuterStride<>(shape.stride * input.channels));
      shifted.noalias() += weights.transpose() * dy;
    }
    if (direct) return;
    const Index used = std::min(input.time, windows.extent - windows.left) * input.channels;
    std::copy_n(buffer + windows.left * input.channels, used, dx);
    std::fill_n(dx + used, input.size() - used, Scalar{0});
  }
};

}  // namespace

const ConvolutionFormulation& direct_convolution() {
  static const Direct formulation;
  return formulation;
}

}  // namespace ser::nn
