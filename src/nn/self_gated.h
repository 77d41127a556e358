#pragma once

#include "nn/configured_layer.h"
#include "nn/vector_functions.h"

namespace ser::nn {

// y = x sigmoid(g(x)), number by number. `Gate` has the name of the layer, kKind;
// evaluate(x, g, derivative of g); and to_graph(x, graph), which adds g to a graph.
template <class Gate>
struct SelfGatedConfig {
  static constexpr const char* kKind = Gate::kKind;
  template <class Self, class Visitor>
  static void fields(Self& /*self*/, Visitor&& /*visit*/) {}
};

template <class Gate>
class SelfGated : public ConfiguredLayer<SelfGatedConfig<Gate>> {
 public:
  using ConfiguredLayer<SelfGatedConfig<Gate>>::ConfiguredLayer;

  Shape output_shape(const Shape& input) const override { return input; }

  void forward(const Pass& /*pass*/, ConstParameters /*parameters*/, ConstBlock x, Block y,
               std::span<Scalar> /*scratch*/) const override {
    for_channel_blocks(x.size(), [&](Index place, Index count) {
      const ChannelBlock value = ChannelBlock::load(x.data() + place, count);
      ChannelBlock gate;
      ChannelBlock slope;
      Gate::evaluate(value, gate, slope);
      (value * sigmoid(gate)).store(y.data() + place, count);
    });
  }

  void backward(const Pass& /*pass*/, const Layer::Backward& arguments,
                std::span<Scalar> /*scratch*/) const override {
    Block dx = arguments.dx;
    const auto one = ChannelBlock::filled_with(1);
    for_channel_blocks(dx.size(), [&](Index place, Index count) {
      const ChannelBlock value = ChannelBlock::load(arguments.x.data() + place, count);
      ChannelBlock gate;
      ChannelBlock slope;
      Gate::evaluate(value, gate, slope);
      const ChannelBlock open = sigmoid(gate);
      (ChannelBlock::load(arguments.dy.data() + place, count) * open *
       (one + value * (one - open) * slope))
          .store(dx.data() + place, count);
    });
  }

  GraphValue to_graph(const Shape& /*input*/, ConstParameters /*parameters*/, const GraphValue& x,
                      GraphBuilder& graph) const override {
    return graph.node("Mul", {x, graph.node("Sigmoid", {Gate::to_graph(x, graph)})});
  }
};

}  // namespace ser::nn
