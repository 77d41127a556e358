#include <limits>

#include "nn/configured_layer.h"
#include "nn/fusion.h"
#include "nn/maximum.h"

namespace ser::nn {
namespace {

// The largest number of each channel in each window; padded steps never win. Of equal numbers the
// first wins and alone receives the gradient. NaN wins over everything. No output is below the
// floor, and where none of a window's numbers is above it, none has a gradient: with a floor of 0
// this is a rectifier and max pooling in one, without its output in memory.
class MaxPool : public ConfiguredLayer<MaxPoolConfig> {
 public:
  MaxPool(MaxPoolConfig config, const std::string& path,
          Scalar floor = -std::numeric_limits<Scalar>::infinity())
      : ConfiguredLayer(std::move(config), path), floor_(floor) {}

  Shape output_shape(const Shape& input) const override {
    return {input.channels, config().windows(input.time).count};
  }

  void forward(const Pass& pass, ConstParameters /*parameters*/, ConstBlock x, Block y,
               std::span<Scalar> /*scratch*/) const override {
    for (Index example = 0; example < x.cols(); ++example) {
      for_pooling_windows(config(), pass.shape(example), [&](const PoolingWindow& window) {
        at_least(floor_, maximum_of_steps(window.steps_of(x, example)))
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
        add_maximum_derivative(
            window.steps_of(arguments.x, example),
            ChannelBlock::load(arguments.y.col(example).data() + window.output, window.channels),
            ChannelBlock::load(arguments.dy.col(example).data() + window.output, window.channels),
            floor_, dx.col(example).data() + window.input);
      });
    }
  }

  GraphValue to_graph(const Shape& input, ConstParameters /*parameters*/, const GraphValue& x,
                      GraphBuilder& graph) const override {
    const GraphValue largest =
        graph.node("MaxPool", {graph.as_steps(x)}, config().graph_attributes(input.time));
    return floor_ < 0 ? largest : graph.node("Relu", {largest});
  }

 private:
  Scalar floor_;
};

}  // namespace

LayerType max_pool_layer() {
  return core::configured_part_type<MaxPool>(R"([{"size": 5, "stride": 2}, {"size": 1, "stride": 3},
      {"size": 3, "stride": 1, "padding": "valid"}, {"size": 2, "stride": 3, "padding": "valid"},
      {"size": 9, "stride": 4}])");
}

std::unique_ptr<Layer> rectified_max_pool(const Layer& max_pool) {
  const std::string path = MaxPoolConfig::kKind;
  return std::make_unique<MaxPool>(
      core::config_from_json<MaxPoolConfig>(max_pool.configuration(), path), path, Scalar{0});
}

}  // namespace ser::nn
