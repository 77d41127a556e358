#include "nn/configured_layer.h"

namespace ser::nn {
namespace {

struct DropoutConfig {
  static constexpr const char* kKind = "dropout";
  double rate = 0.5;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("rate", self.rate, "share of the numbers set to zero in training",
          core::Range{0.0, 0.99});
  }
};

// Inverted dropout (Srivastava et al., 2014): what is kept in training is divided by 1 - rate, so
// that inference is the identity. The scratch holds the factor of every number: 0 or 1 / (1 -
// rate).
class Dropout : public ConfiguredLayer<DropoutConfig> {
 public:
  using ConfiguredLayer::ConfiguredLayer;

  bool is_identity(Mode mode) const override { return mode == Mode::kInference; }

  Shape output_shape(const Shape& input) const override { return input; }

  Index scratch_size(const Shape& input, Index examples) const override {
    return input.size() * examples;
  }

  void forward(const Pass& pass, ConstParameters /*parameters*/, ConstBlock x, Block y,
               std::span<Scalar> scratch) const override {
    if (pass.mode == Mode::kInference) {
      y = x;
      return;
    }
    const auto kept = static_cast<Scalar>(1.0 / (1.0 - config().rate));
    Block factors(scratch.data(), x.rows(), x.cols());
    for (Index example = 0; example < x.cols(); ++example) {
      core::RandomStream random = pass.streams[static_cast<std::size_t>(example)].fork(
          static_cast<std::uint64_t>(pass.layer_index));
      for (Index i = 0; i < x.rows(); ++i) {
        factors(i, example) = random.uniform() < config().rate ? Scalar{0} : kept;
      }
    }
    y = x.cwiseProduct(factors);
  }

  void backward(const Pass& pass, const Backward& arguments,
                std::span<Scalar> scratch) const override {
    Block dx = arguments.dx;
    if (dx.cols() == 0) return;
    if (pass.mode == Mode::kInference) {
      dx = arguments.dy;
    } else {
      dx = arguments.dy.cwiseProduct(ConstBlock(scratch.data(), dx.rows(), dx.cols()));
    }
  }
};

}  // namespace

LayerType dropout_layer() {
  return configured_layer_type<Dropout>(R"([{"rate": 0.0}, {"rate": 0.2}])");
}

}  // namespace ser::nn
