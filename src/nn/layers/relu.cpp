#include "nn/configured_layer.h"

namespace ser::nn {
namespace {

struct ReluConfig {
  static constexpr const char* kKind = "relu";
  template <class Self, class Visitor>
  static void fields(Self& /*self*/, Visitor&& /*visit*/) {}
};

// max(x, 0). Written so that NaN stays NaN: a network that has gone wrong should not look well.
class Relu : public ConfiguredLayer<ReluConfig> {
 public:
  using ConfiguredLayer::ConfiguredLayer;

  Shape output_shape(const Shape& input) const override { return input; }

  void forward(const Pass& /*pass*/, ConstParameters /*parameters*/, ConstBlock x, Block y,
               std::span<Scalar> /*scratch*/) const override {
    const Scalar* in = x.data();
    Scalar* out = y.data();
    for (Index i = 0; i < x.size(); ++i) out[i] = in[i] < 0 ? Scalar{0} : in[i];
  }

  void backward(const Pass& /*pass*/, const Backward& arguments,
                std::span<Scalar> /*scratch*/) const override {
    const Scalar* y = arguments.y.data();
    const Scalar* dy = arguments.dy.data();
    Block dx = arguments.dx;
    Scalar* out = dx.data();
    for (Index i = 0; i < dx.size(); ++i) out[i] = y[i] > 0 ? dy[i] : Scalar{0};
  }

  GraphValue to_graph(const Shape& /*input*/, ConstParameters /*parameters*/, const GraphValue& x,
                      GraphBuilder& graph) const override {
    return graph.node("Relu", {x});
  }
};

}  // namespace

LayerType relu_layer() { return core::configured_part_type<Relu>("[]"); }

}  // namespace ser::nn
