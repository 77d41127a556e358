#include "nn/configured_layer.h"

namespace ser::nn {
namespace {

struct FlattenConfig {
  static constexpr const char* kKind = "flatten";
  template <class Self, class Visitor>
  static void fields(Self& /*self*/, Visitor&& /*visit*/) {}
};

// [channels x time] -> [channels*time x 1]. The order in memory, (time, channel), is kept; it is
// the order in which Keras flattens.
class Flatten : public ConfiguredLayer<FlattenConfig> {
 public:
  using ConfiguredLayer::ConfiguredLayer;

  bool is_identity(Mode /*mode*/) const override { return true; }

  Shape output_shape(const Shape& input) const override { return {input.size(), 1}; }

  void forward(const Pass& /*pass*/, ConstParameters /*parameters*/, ConstBlock x, Block y,
               std::span<Scalar> /*scratch*/) const override {
    y = x;
  }

  void backward(const Pass& /*pass*/, const Backward& arguments,
                std::span<Scalar> /*scratch*/) const override {
    Block dx = arguments.dx;
    if (dx.cols() > 0) dx = arguments.dy;
  }

  GraphValue to_graph(const Shape& input, ConstParameters /*parameters*/, const GraphValue& x,
                      GraphBuilder& graph) const override {
    return graph.as_vector(x, input);
  }
};

}  // namespace

LayerType flatten_layer() { return core::configured_part_type<Flatten>("[]"); }

}  // namespace ser::nn
