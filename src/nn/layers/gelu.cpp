#include "nn/self_gated.h"

namespace ser::nn {
namespace {

// x times the probability that a normal number is below x, in the approximation x / 2 (1 + tanh u)
// with u = sqrt(2 / pi) (x + 0.044715 x^3) of Hendrycks and Gimpel (2016), which is off by less
// than 5e-4. 1/2 (1 + tanh u) is sigmoid(2 u).
struct Gelu {
  static constexpr const char* kKind = "gelu";
  static constexpr auto kTwiceRoot = static_cast<Scalar>(1.5957691216057308);
  static constexpr auto kCubic = static_cast<Scalar>(0.044715);

  static void evaluate(const ChannelBlock& x, ChannelBlock& gate, ChannelBlock& slope) {
    const auto one = ChannelBlock::filled_with(1);
    const ChannelBlock square = x * x;
    gate = kTwiceRoot * x * (one + kCubic * square);
    slope = kTwiceRoot * (one + 3 * kCubic * square);
  }

  static GraphValue to_graph(const GraphValue& x, GraphBuilder& graph) {
    const GraphValue cubic = graph.node("Mul", {graph.node("Mul", {x, x}), graph.constant(kCubic)});
    const GraphValue factor = graph.node("Add", {cubic, graph.constant(1)});
    return graph.node("Mul", {graph.node("Mul", {x, factor}), graph.constant(kTwiceRoot)});
  }
};

}  // namespace

LayerType gelu_layer() { return core::configured_part_type<SelfGated<Gelu>>("[]"); }

}  // namespace ser::nn
