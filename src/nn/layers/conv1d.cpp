#include <algorithm>

#include "nn/configured_layer.h"
#include "nn/glorot.h"
#include "nn/windows.h"

namespace ser::nn {
namespace {

struct Conv1DConfig {
  static constexpr const char* kKind = "conv1d";
  int channels = 64;
  int kernel = 5;
  int stride = 1;
  std::string padding = "same";
  bool bias = true;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("channels", self.channels, "channels of the output", core::Range{1, 65536});
    visit("kernel", self.kernel, "steps of a window", core::Range{1, 4096});
    visit("stride", self.stride, "steps from window to window", core::Range{1, 4096});
    visit("padding", self.padding,
          "whether windows may reach beyond the ends, where they see zeros",
          core::OneOf{{"same", "valid"}});
    visit("bias", self.bias, "whether a number is added to each channel");
  }
};

// Windows of an example as the columns of a matrix. Neighbours overlap in memory where the stride
// is shorter than the kernel, so nothing is copied.
using WindowColumns = Eigen::Map<const Matrix, Eigen::Unaligned, Eigen::OuterStride<>>;
using WindowBlock = Eigen::Map<Matrix, Eigen::Unaligned, Eigen::OuterStride<>>;

// Cross-correlation over time, y_t = W [x_{t s}; x_{t s + 1}; ...] + b. Parameters: W [channels x
// kernel*input channels], column-major (Keras's order in memory: kernel, input channel, channel),
// then b. The scratch holds one padded example and the gradient of one.
class Conv1D : public ConfiguredLayer<Conv1DConfig> {
 public:
  using ConfiguredLayer::ConfiguredLayer;

  Shape output_shape(const Shape& input) const override {
    return {config().channels, windows(input).count};
  }

  Index num_parameters(const Shape& input) const override {
    return (window_size(input) + (config().bias ? 1 : 0)) * config().channels;
  }

  Index scratch_size(const Shape& input, Index /*examples*/) const override {
    const Windows placed = windows(input);
    return placed.within(input.time) ? 0 : 2 * placed.extent * input.channels;
  }

  void initialize(const Shape& input, Parameters parameters,
                  core::RandomStream random) const override {
    const Index weights = window_size(input) * config().channels;
    const Index kernel = config().kernel;
    initialize_glorot_uniform(kernel * input.channels, kernel * config().channels,
                              Parameters(parameters.data(), weights), random);
    parameters.tail(parameters.size() - weights).setZero();
  }

  void forward(const Pass& pass, ConstParameters parameters, ConstBlock x, Block y,
               std::span<Scalar> scratch) const override {
    const Windows placed = windows(pass.input);
    const ConstBlock weights(parameters.data(), config().channels, window_size(pass.input));
    // One example at a time, because the bits of a matrix product depend on how many columns it
    // has.
    for (Index example = 0; example < x.cols(); ++example) {
      const Scalar* padded = pad(pass.input, placed, x.col(example).data(), scratch.data());
      const WindowColumns columns = columns_of(pass.input, placed, padded);
      Block out(y.col(example).data(), config().channels, placed.count);
      if (config().bias) {
        for (Index t = 0; t < placed.count; ++t) out.col(t) = parameters.tail(config().channels);
      } else {
        out.setZero();
      }
      if (columns.rows() < kShallow) {
        for (Index t = 0; t < placed.count; ++t) out.col(t).noalias() += weights * columns.col(t);
      } else {
        out.noalias() += weights * columns;
      }
    }
  }

  void backward(const Pass& pass, const Backward& arguments,
                std::span<Scalar> scratch) const override {
    const Windows placed = windows(pass.input);
    Parameters gradient = arguments.parameter_gradient;
    Block weight_gradient(gradient.data(), config().channels, window_size(pass.input));
    Scalar* padded_gradient = scratch.data() + scratch.size() / 2;
    Block dx = arguments.dx;
    for (Index example = 0; example < arguments.x.cols(); ++example) {
      const Scalar* padded =
          pad(pass.input, placed, arguments.x.col(example).data(), scratch.data());
      const ConstBlock dy(arguments.dy.col(example).data(), config().channels, placed.count);
      weight_gradient.noalias() += dy * columns_of(pass.input, placed, padded).transpose();
      if (config().bias) {
        auto bias_gradient = gradient.tail(config().channels);
        for (Index t = 0; t < placed.count; ++t) bias_gradient += dy.col(t);
      }
      if (dx.cols() > 0) {
        propagate(pass.input, placed, arguments.parameters, dy, padded_gradient,
                  dx.col(example).data());
      }
    }
  }

 private:
  // Small matrix products (fewer than 20 rows, columns and terms together) are evaluated by Eigen
  // in a way whose bits depend on the alignment of the result, which differs between the examples
  // of a block. Up to here products with single windows are as fast.
  static constexpr Index kShallow = 20;

  Windows windows(const Shape& input) const {
    return place_windows(input.time, config().kernel, config().stride, config().padding);
  }

  Index window_size(const Shape& input) const { return config().kernel * input.channels; }

  WindowColumns columns_of(const Shape& input, const Windows& placed, const Scalar* padded) const {
    return {padded, window_size(input), placed.count,
            Eigen::OuterStride<>(config().stride * input.channels)};
  }

  // The example with zeros around it: in `buffer`, or where it stands if no window leaves it.
  static const Scalar* pad(const Shape& input, const Windows& placed, const Scalar* x,
                           Scalar* buffer) {
    if (placed.within(input.time)) return x;
    const Index before = placed.left * input.channels;
    const Index inside = std::min(input.time, placed.extent - placed.left) * input.channels;
    const Index all = placed.extent * input.channels;
    std::fill_n(buffer, before, Scalar{0});
    std::copy_n(x, inside, buffer + before);
    std::fill_n(buffer + before + inside, all - before - inside, Scalar{0});
    return buffer;
  }

  // dx = the sum over the window's steps of W_k^T dy, each shifted to where step k of the windows
  // lies.
  void propagate(const Shape& input, const Windows& placed, const ConstParameters& parameters,
                 const ConstBlock& dy, Scalar* buffer, Scalar* dx) const {
    const bool direct = placed.within(input.time);
    Scalar* target = direct ? dx : buffer;
    std::fill_n(target, direct ? input.size() : placed.extent * input.channels, Scalar{0});
    for (Index k = 0; k < config().kernel; ++k) {
      const ConstBlock weights(parameters.data() + k * input.channels * config().channels,
                               config().channels, input.channels);
      WindowBlock shifted(target + k * input.channels, input.channels, placed.count,
                          Eigen::OuterStride<>(config().stride * input.channels));
      shifted.noalias() += weights.transpose() * dy;
    }
    if (direct) return;
    const Index used = std::min(input.time, placed.extent - placed.left) * input.channels;
    std::copy_n(buffer + placed.left * input.channels, used, dx);
    std::fill_n(dx + used, input.size() - used, Scalar{0});
  }
};

}  // namespace

LayerType conv1d_layer() {
  return configured_layer_type<Conv1D>(R"([{"channels": 3, "kernel": 1},
      {"channels": 4, "kernel": 4, "stride": 2, "bias": false},
      {"channels": 2, "kernel": 2, "stride": 3},
      {"channels": 5, "kernel": 3, "padding": "valid"},
      {"channels": 3, "kernel": 3, "stride": 2, "padding": "valid"},
      {"channels": 24, "kernel": 9}])");
}

}  // namespace ser::nn
