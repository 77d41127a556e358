#include "nn/configured_layer.h"
#include "nn/dropout_factors.h"

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

// Dropout of single numbers. The scratch holds the factor of every number.
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
    const Block factors(scratch.data(), x.rows(), x.cols());
    draw_dropout_factors(pass, config().rate, factors);
    y = x.cwiseProduct(factors);
  }

  void backward(const Pass& /*pass*/, const Backward& arguments,
                std::span<Scalar> scratch) const override {
    Block dx = arguments.dx;
    if (dx.cols() == 0) return;
    dx = arguments.dy.cwiseProduct(ConstBlock(scratch.data(), dx.rows(), dx.cols()));
  }

  GraphValue to_graph(const Shape& /*input*/, ConstParameters /*parameters*/, const GraphValue& x,
                      GraphBuilder& /*graph*/) const override {
    return x;
  }
};

}  // namespace

LayerType dropout_layer() {
  return core::configured_part_type<Dropout>(R"([{"rate": 0.0}, {"rate": 0.2}])");
}

}  // namespace ser::nn
