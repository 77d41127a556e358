#include <optional>

#include "ser/core/error.h"

#include "nn/composite_layer.h"
#include "nn/folding.h"

namespace ser::nn {
namespace {

struct ResidualConfig {
  static constexpr const char* kKind = "residual";
  core::Json layers = core::Json::array({{{"layer", "depthwise_conv1d"}}});
  int projection = 0;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("layers", self.layers, "the layers that the input bypasses");
    visit("projection", self.projection,
          "channels of a convolution with kernel 1 in the bypass; 0: the input itself",
          core::Range{0, 65536});
  }
};

// y = layers(x) + bypass(x) (He et al., 2016). The layers keep the number of steps; where they
// change that of channels, a projection has to do the same. Parameters: those of the layers in
// their order, then those of the projection.
class Residual : public CompositeLayer<ResidualConfig> {
 public:
  Residual(ResidualConfig configuration, const std::string& path)
      : CompositeLayer(std::move(configuration), path) {
    const core::Json& layers = config().layers;
    if (!layers.is_array() || layers.empty()) {
      throw core::ConfigError(
          "E_CONFIG_VALUE", path + ".layers: expected a list of layers with at least one, found " +
                                core::config_detail::excerpt(layers));
    }
    for (std::size_t index = 0; index < layers.size(); ++index) {
      last_ = layers_.add(layers[index], path + ".layers[" + std::to_string(index) + "]", last_);
    }
    if (config().projection > 0) {
      projection_ = layers_.add(
          {{"layer", "conv1d"}, {"channels", config().projection}, {"kernel", 1}, {"bias", false}},
          path + ".projection", InnerLayers::kInput);
    }
  }

  Shape output_shape(const Shape& input) const override {
    layers_.check(input, [](Index number) {
      return "layer " + std::to_string(number) + " of a residual block";
    });
    for (Index number = 0; number <= last_; ++number) {
      const Shape shape = layers_.output_of(number, input);
      if (shape.time == input.time) continue;
      throw core::ConfigError("E_NETWORK_SHAPE",
                              "layer " + std::to_string(number) + " of a residual block makes " +
                                  std::to_string(shape.time) + " steps of " +
                                  std::to_string(input.time) + "; they have to stay as many");
    }
    const Shape shape = layers_.output_of(last_, input);
    const Shape bypass = projection_ ? layers_.output_of(*projection_, input) : input;
    if (shape != bypass) {
      throw core::ConfigError("E_NETWORK_SHAPE",
                              "the layers of a residual block give " +
                                  std::to_string(shape.channels) + " channels, its bypass " +
                                  std::to_string(bypass.channels) + "; set \"projection\" to " +
                                  std::to_string(shape.channels));
    }
    return shape;
  }

  void forward(const Pass& pass, ConstParameters parameters, ConstBlock x, Block y,
               std::span<Scalar> scratch) const override {
    layers_.forward(pass, parameters, x, scratch);
    y = layers_.output(last_, pass, x.cols(), scratch);
    if (projection_) {
      y += layers_.output(*projection_, pass, x.cols(), scratch);
    } else {
      y += x;
    }
  }

  void backward(const Pass& pass, const Backward& arguments,
                std::span<Scalar> scratch) const override {
    const Index examples = arguments.x.cols();
    layers_.derivative(last_, pass, examples, scratch) = arguments.dy;
    if (projection_) layers_.derivative(*projection_, pass, examples, scratch) = arguments.dy;
    layers_.backward(pass, arguments, scratch);
    Block dx = arguments.dx;
    if (!projection_ && dx.cols() > 0) dx += arguments.dy;
  }

  GraphValue to_graph(const Shape& input, ConstParameters parameters, const GraphValue& x,
                      GraphBuilder& graph) const override {
    GraphValue inside = x;
    GraphValue bypass = x;
    for (Index number = 0; number < layers_.size(); ++number) {
      const Layer& layer = layers_.layer(number);
      const bool is_projection = number == projection_;
      GraphBuilder inner = graph.inner(is_projection ? "projection"
                                                     : "layers." + std::to_string(number) + "." +
                                                           std::string(layer.kind()));
      GraphValue& value = is_projection ? bypass : inside;
      value = layer.to_graph(layers_.input_of(number, input),
                             layers_.parameters_of(number, input, parameters), value, inner);
    }
    return graph.node("Add", {graph.as_steps(inside), graph.as_steps(bypass)});
  }

  // The layers among themselves: what stands before or behind the block acts on the bypass too.
  std::optional<ParametrizedLayer> folded_inside(const Shape& input,
                                                 ConstParameters parameters) const override {
    Folding folding;
    for (Index number = 0; number <= last_; ++number) {
      folding.add(layers_.layer(number), layers_.input_of(number, input),
                  layers_.parameters_of(number, input, parameters));
    }
    Folding::Chain chain = folding.finish();
    // Dropout takes time here, unlike in a network, which leaves it out.
    if (chain.layers.empty() || (!chain.differs && std::ssize(chain.layers) == last_ + 1)) {
      return std::nullopt;
    }
    core::Json json = to_json();
    json["layers"] = layers_of(chain.layers);
    if (projection_) {
      chain.layers.push_back({make_layer(layers_.layer(*projection_).to_json()),
                              layers_.parameters_of(*projection_, input, parameters)});
    }
    return ParametrizedLayer{make_layer(json), parameters_of(chain.layers)};
  }

 private:
  Index last_ = InnerLayers::kInput;  // of the layers that are bypassed
  std::optional<Index> projection_;
};

}  // namespace

LayerType residual_layer() {
  return core::configured_part_type<Residual>(
      R"([{"layers": [{"layer": "conv1d", "channels": 4, "kernel": 3}, {"layer": "batch_norm"},
                      {"layer": "silu"}, {"layer": "dropout", "rate": 0.3}],
           "projection": 4},
          {"layers": [{"layer": "conv1d", "channels": 20}, {"layer": "layer_norm"},
                      {"layer": "relu"}, {"layer": "conv1d", "channels": 5, "kernel": 5}],
           "projection": 5}])");
}

}  // namespace ser::nn
