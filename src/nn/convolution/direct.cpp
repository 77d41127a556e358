#include <algorithm>

#include "nn/convolution/convolution.h"
#include "nn/convolution/padded_example.h"

namespace ser::nn {
namespace {

// Windows of an example as the columns of a matrix. Neighbours overlap in memory where the stride
// is shorter than the kernel, so nothing is copied.
using WindowColumns = Eigen::Map<const Matrix, Eigen::Unaligned, Eigen::OuterStride<>>;
using WindowBlock = Eigen::Map<Matrix, Eigen::Unaligned, Eigen::OuterStride<>>;

// A matrix product with the windows of one example at a time. The scratch holds one padded example
// and the gradient of one.
class Direct : public ConvolutionFormulation {
 public:
  std::string_view name() const override { return "direct"; }

  bool suits(const ConvolutionShape& /*shape*/) const override { return true; }

  Index prepared_size(const ConvolutionShape& /*shape*/, Mode /*mode*/) const override { return 0; }

  void prepare(const ConvolutionShape& /*shape*/, ConstParameters /*weights*/, Mode /*mode*/,
               std::span<Scalar> /*prepared*/) const override {}

  Index scratch_size(const ConvolutionShape& shape, Index /*examples*/) const override {
    if (shape.windows.within(shape.input.time)) return 0;
    return 2 * shape.windows.extent * shape.input.channels;
  }

  void forward(const ConvolutionShape& shape, const Forward& arguments) const override {
    const ConstBlock weights(arguments.weights.data(), shape.channels, shape.window_size());
    // One example at a time, because the bits of a matrix product depend on how many columns it
    // has.
    for (Index example = 0; example < arguments.x.cols(); ++example) {
      const Scalar* padded = pad_example(shape.input, shape.windows,
                                         arguments.x.col(example).data(), arguments.scratch.data());
      const WindowColumns columns = columns_of(shape, padded);
      Block y = arguments.y;
      Block out(y.col(example).data(), shape.channels, shape.windows.count);
      if (arguments.bias.size() > 0) {
        for (Index t = 0; t < out.cols(); ++t) out.col(t) = arguments.bias;
      } else {
        out.setZero();
      }
      if (columns.rows() < kShallow) {
        for (Index t = 0; t < out.cols(); ++t) out.col(t).noalias() += weights * columns.col(t);
      } else {
        out.noalias() += weights * columns;
      }
    }
  }

  void backward(const ConvolutionShape& shape, const Backward& arguments) const override {
    const std::span<Scalar> scratch = arguments.scratch;
    Parameters gradient = arguments.weights_gradient;
    Block weights_gradient(gradient.data(), shape.channels, shape.window_size());
    Scalar* padded_gradient = scratch.data() + scratch.size() / 2;
    Block dx = arguments.dx;
    for (Index example = 0; example < arguments.x.cols(); ++example) {
      const Scalar* padded =
          pad_example(shape.input, shape.windows, arguments.x.col(example).data(), scratch.data());
      const ConstBlock dy(arguments.dy.col(example).data(), shape.channels, shape.windows.count);
      weights_gradient.noalias() += dy * columns_of(shape, padded).transpose();
      if (dx.cols() > 0) {
        propagate(shape, arguments.weights, dy, padded_gradient, dx.col(example).data());
      }
    }
  }

 private:
  // Small matrix products (fewer than 20 rows, columns and terms together) are evaluated by Eigen
  // in a way whose bits depend on the alignment of the result, which differs between the examples
  // of a block. Up to here products with single windows are as fast.
  static constexpr Index kShallow = 20;

  static WindowColumns columns_of(const ConvolutionShape& shape, const Scalar* padded) {
    return {padded, shape.window_size(), shape.windows.count,
            Eigen::OuterStride<>(shape.stride * shape.input.channels)};
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
      WindowBlock shifted(target + k * input.channels, input.channels, windows.count,
                          Eigen::OuterStride<>(shape.stride * input.channels));
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
