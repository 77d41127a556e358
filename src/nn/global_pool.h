#pragma once

#include "nn/configured_layer.h"
#include "nn/step_sums.h"

namespace ser::nn {

template <class Kind>
struct GlobalPoolConfig {
  static constexpr const char* kKind = Kind::kKind;
  template <class Self, class Visitor>
  static void fields(Self& /*self*/, Visitor&& /*visit*/) {}
};

// One number of each channel for all its steps: [channels x time] -> [channels x 1]. `Kind` has the
// name of the layer, kKind, and of its operator in a graph, kOperator; pool(steps); and
// propagate(steps, result, its derivative, dx), which adds to dx, the place of the first step.
template <class Kind>
class GlobalPool : public ConfiguredLayer<GlobalPoolConfig<Kind>> {
 public:
  using ConfiguredLayer<GlobalPoolConfig<Kind>>::ConfiguredLayer;

  Shape output_shape(const Shape& input) const override { return {input.channels, 1}; }

  void forward(const Pass& pass, ConstParameters /*parameters*/, ConstBlock x, Block y,
               std::span<Scalar> /*scratch*/) const override {
    for (Index example = 0; example < x.cols(); ++example) {
      const Shape shape = pass.shape(example);
      for_channel_blocks(shape.channels, [&](Index channel, Index count) {
        Kind::pool(step_column(x, example, shape, channel, count))
            .store(y.col(example).data() + channel, count);
      });
    }
  }

  void backward(const Pass& pass, const Layer::Backward& arguments,
                std::span<Scalar> /*scratch*/) const override {
    Block dx = arguments.dx;
    dx.setZero();
    for (Index example = 0; example < dx.cols(); ++example) {
      const Shape shape = pass.shape(example);
      for_channel_blocks(shape.channels, [&](Index channel, Index count) {
        Kind::propagate(step_column(arguments.x, example, shape, channel, count),
                        ChannelBlock::load(arguments.y.col(example).data() + channel, count),
                        ChannelBlock::load(arguments.dy.col(example).data() + channel, count),
                        dx.col(example).data() + channel);
      });
    }
  }

  GraphValue to_graph(const Shape& /*input*/, ConstParameters /*parameters*/, const GraphValue& x,
                      GraphBuilder& graph) const override {
    return graph.node(Kind::kOperator, {graph.as_steps(x)});
  }
};

}  // namespace ser::nn
