#include "nn/configured_layer.h"
#include "nn/pooling_windows.h"

namespace ser::nn {
namespace {

struct AveragePoolKind {
  static constexpr const char* kKind = "average_pool";
};

// The mean of each channel over the steps of each window; padded steps do not count.
class AveragePool : public ConfiguredLayer<PoolConfig<AveragePoolKind>> {
 public:
  using ConfiguredLayer::ConfiguredLayer;

  Shape output_shape(const Shape& input) const override {
    return {input.channels, config().windows(input.time).count};
  }

  void forward(const Pass& pass, ConstParameters /*parameters*/, ConstBlock x, Block y,
               std::span<Scalar> /*scratch*/) const override {
    for (Index example = 0; example < x.cols(); ++example) {
      for_pooling_windows(config(), pass.shape(example), [&](const PoolingWindow& window) {
        mean_of_steps(window.steps_of(x, example))
            .store(y.col(example).data() + window.output, window.channels);
      });
    }
  }

  void backward(const Pass& pass, const Backward& arguments,
                std::span<Scalar> /*scratch*/) const override {
    Block dx = arguments.dx;
    if (dx.cols() == 0) return;
    dx.setZero();
    for (Index example = 0; example < dx.cols(); ++example) {
      for_pooling_windows(config(), pass.shape(example), [&](const PoolingWindow& window) {
        add_mean_derivative(
            window.steps_of(arguments.x, example),
            ChannelBlock::load(arguments.dy.col(example).data() + window.output, window.channels),
            dx.col(example).data() + window.input);
      });
    }
  }

  GraphValue to_graph(const Shape& input, ConstParameters /*parameters*/, const GraphValue& x,
                      GraphBuilder& graph) const override {
    auto attributes = config().graph_attributes(input.time);
    attributes.push_back({"count_include_pad", 0});
    return graph.node("AveragePool", {graph.as_steps(x)}, std::move(attributes));
  }
};

}  // namespace

LayerType average_pool_layer() {
  return core::configured_part_type<AveragePool>(R"([{"size": 5, "stride": 2},
      {"size": 1, "stride": 3}, {"size": 3, "stride": 1, "padding": "valid"},
      {"size": 9, "stride": 4}])");
}

}  // namespace ser::nn
