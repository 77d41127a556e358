#include <algorithm>
#include <memory>
#include <vector>

#include "ser/core/error.h"

#include "nn/configured_layer.h"
#include "nn/folding.h"
#include "nn/limits.h"

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
class Residual : public ConfiguredLayer<ResidualConfig> {
 public:
  Residual(ResidualConfig configuration, const std::string& path)
      : ConfiguredLayer(std::move(configuration), path) {
    const core::Json& layers = config().layers;
    if (!layers.is_array() || layers.empty() || layers.size() > kMaxLayers) {
      throw core::ConfigError("E_CONFIG_VALUE", path + ".layers: expected a list of 1 to " +
                                                    std::to_string(kMaxLayers) + " layers, found " +
                                                    core::config_detail::excerpt(layers));
    }
    for (std::size_t index = 0; index < layers.size(); ++index) {
      const std::string layer_path = path + ".layers[" + std::to_string(index) + "]";
      if (layers[index].is_object() &&
          layers[index].value("layer", core::Json()) == ResidualConfig::kKind) {
        throw core::ConfigError("E_CONFIG_VALUE",
                                layer_path + ": a residual block cannot hold another one");
      }
      layers_.push_back(make_layer(layers[index], layer_path));
    }
    if (config().projection > 0) {
      projection_ = make_layer(
          {{"layer", "conv1d"}, {"channels", config().projection}, {"kernel", 1}, {"bias", false}});
    }
  }

  bool examples_are_independent(Mode mode) const override {
    return std::ranges::all_of(
        layers_, [mode](const auto& layer) { return layer->examples_are_independent(mode); });
  }

  Shape output_shape(const Shape& input) const override {
    Shape shape = input;
    Index activations = 0;
    for (std::size_t index = 0; index < layers_.size(); ++index) {
      const Shape before = shape;
      shape = layers_[index]->output_shape(before);
      check_activation(shape);
      // They are all kept at once.
      activations += shape.channels;
      check_activation({activations, input.time});
      if (shape.time != input.time) {
        throw core::ConfigError("E_NETWORK_SHAPE",
                                "layer " + std::to_string(index) + " of a residual block makes " +
                                    std::to_string(shape.time) + " steps of " +
                                    std::to_string(input.time) + "; they have to stay as many");
      }
      if (layers_[index]->num_parameters(before) > kMaxParameters) {
        throw core::ConfigError("E_NETWORK_SIZE", "layer " + std::to_string(index) +
                                                      " of a residual block has more than " +
                                                      std::to_string(kMaxParameters) +
                                                      " parameters");
      }
    }
    const Shape bypass = projection_ ? projection_->output_shape(input) : input;
    if (shape != bypass) {
      throw core::ConfigError("E_NETWORK_SHAPE",
                              "the layers of a residual block give " +
                                  std::to_string(shape.channels) + " channels, its bypass " +
                                  std::to_string(bypass.channels) + "; set \"projection\" to " +
                                  std::to_string(shape.channels));
    }
    return shape;
  }

  Index num_parameters(const Shape& input) const override {
    Index count = 0;
    for_parts(input, 1, [&](const Part& part) { count += part.parameters; });
    return count;
  }

  std::vector<ParameterRange> statistics(const Shape& input) const override {
    return ranges_of_parts(input, &Layer::statistics);
  }

  std::vector<ParameterRange> variances(const Shape& input) const override {
    return ranges_of_parts(input, &Layer::variances);
  }

  void initialize(const Shape& input, Parameters parameters,
                  core::RandomStream random) const override {
    Scalar* first = parameters.data();
    for_parts(input, 1, [&](const Part& part) {
      part.layer.initialize(part.input, Parameters(first, part.parameters),
                            random.fork(static_cast<std::uint64_t>(part.index)));
      first += part.parameters;
    });
  }

  Index prepared_size(const Shape& input, Mode mode) const override {
    Index size = 0;
    for_parts(input, 1,
              [&](const Part& part) { size += part.layer.prepared_size(part.input, mode); });
    return size;
  }

  void prepare(const Shape& input, ConstParameters parameters, Mode mode,
               std::span<Scalar> prepared) const override {
    const Scalar* first = parameters.data();
    for_parts(input, 1, [&](const Part& part) {
      const auto size = static_cast<std::size_t>(part.layer.prepared_size(part.input, mode));
      part.layer.prepare(part.input, ConstParameters(first, part.parameters), mode,
                         prepared.first(size));
      first += part.parameters;
      prepared = prepared.subspan(size);
    });
  }

  // The outputs and the scratch of all parts, then two derivatives.
  Index scratch_size(const Shape& input, Index examples) const override {
    Index size = 2 * derivative_size(input, examples);
    for_parts(input, examples, [&](const Part& part) { size += part.output + part.scratch; });
    return size;
  }

  void forward(const Pass& pass, ConstParameters parameters, ConstBlock x, Block y,
               std::span<Scalar> scratch) const override {
    Cursor at(pass, prepared_for(pass), parameters.data(), scratch);
    const Scalar* from = x.data();
    y.setZero();
    for_parts(pass.input, x.cols(), [&](const Part& part) {
      const Shape output = part.layer.output_shape(part.input);
      if (part.is_projection) from = x.data();
      Block result(at.output, output.size(), x.cols());
      part.layer.forward(at.pass(part), ConstParameters(at.parameters, part.parameters),
                         ConstBlock(from, part.input.size(), x.cols()), result,
                         at.scratch_of(part));
      from = at.output;
      // The last of the layers and the projection.
      if (part.index + 1 >= std::ssize(layers_)) y += result;
      at.advance(part);
    });
    if (!projection_) y += x;
  }

  void backward(const Pass& pass, const Backward& arguments,
                std::span<Scalar> scratch) const override {
    Block dx = arguments.dx;
    const Index examples = arguments.x.cols();
    const Index buffer = derivative_size(pass.input, examples);
    Scalar* next = scratch.data() + scratch.size() - buffer;
    Scalar* other = next - buffer;
    if (dx.cols() > 0) dx.setZero();
    const Scalar* dy = arguments.dy.data();
    Parameters gradient = arguments.parameter_gradient;
    for (Index index = std::ssize(layers_) + (projection_ ? 1 : 0); index-- > 0;) {
      // Sizes are cheap to find, so the way there is walked again for each part.
      Cursor at(pass, prepared_for(pass), arguments.parameters.data(), scratch);
      const Scalar* from = arguments.x.data();
      for_parts(pass.input, examples, [&](const Part& part) {
        if (part.is_projection) from = arguments.x.data();
        if (part.index == index) {
          const bool first = index == 0 || part.is_projection;
          const Shape output = part.layer.output_shape(part.input);
          const ConstBlock out_derivative(part.is_projection ? arguments.dy.data() : dy,
                                          output.size(), examples);
          Block in_derivative(next, part.input.size(), first ? dx.cols() : examples);
          part.layer.backward(
              at.pass(part),
              {ConstParameters(at.parameters, part.parameters),
               ConstBlock(from, part.input.size(), examples),
               ConstBlock(at.output, output.size(), examples), out_derivative, in_derivative,
               Parameters(gradient.data() + (at.parameters - arguments.parameters.data()),
                          part.parameters)},
              at.scratch_of(part));
          if (first && dx.cols() > 0) dx += in_derivative;
        }
        from = at.output;
        at.advance(part);
      });
      if (index < std::ssize(layers_)) {
        dy = next;
        std::swap(next, other);
      }
    }
    if (!projection_ && dx.cols() > 0) dx += arguments.dy;
  }

  GraphValue to_graph(const Shape& input, ConstParameters parameters, const GraphValue& x,
                      GraphBuilder& graph) const override {
    GraphValue inside = x;
    GraphValue bypass = x;
    const Scalar* first = parameters.data();
    for_parts(input, 1, [&](const Part& part) {
      GraphBuilder inner =
          graph.inner(part.is_projection ? "projection"
                                         : "layers." + std::to_string(part.index) + "." +
                                               std::string(part.layer.kind()));
      GraphValue& value = part.is_projection ? bypass : inside;
      value =
          part.layer.to_graph(part.input, ConstParameters(first, part.parameters), value, inner);
      first += part.parameters;
    });
    return graph.node("Add", {graph.as_steps(inside), graph.as_steps(bypass)});
  }

  // The layers among themselves: what stands before or behind the block acts on the bypass too.
  std::optional<ParametrizedLayer> folded_inside(const Shape& input,
                                                 ConstParameters parameters) const override {
    Folding folding;
    const Scalar* first = parameters.data();
    std::vector<ParametrizedLayer> bypass;
    for_parts(input, 1, [&](const Part& part) {
      const ConstParameters own(first, part.parameters);
      first += part.parameters;
      if (part.is_projection) {
        bypass.push_back({make_layer(part.layer.to_json()), own});
      } else {
        folding.add(part.layer, part.input, own);
      }
    });
    Folding::Chain chain = folding.finish();
    // Dropout takes time here, unlike in a network, which leaves it out.
    if (chain.layers.empty() || (!chain.differs && chain.layers.size() == layers_.size())) {
      return std::nullopt;
    }
    core::Json json = to_json();
    json["layers"] = layers_of(chain.layers);
    for (auto& part : bypass) chain.layers.push_back(std::move(part));
    return ParametrizedLayer{make_layer(json), parameters_of(chain.layers)};
  }

 private:
  // Sums of their parameters must not overflow.
  static constexpr std::size_t kMaxLayers = 100;
  static constexpr Index kMaxParameters = Index{1} << 28;
  // More than a network has layers: streams of inner layers are apart from those of others.
  static constexpr Index kStreamsOfABlock = 1000;

  // One of the layers, or the projection, with the sizes of what belongs to it.
  struct Part {
    const Layer& layer;
    Index index;
    bool is_projection;
    Shape input;
    Index parameters;
    Index output;
    Index scratch;
  };

  template <class Body>
  void for_parts(const Shape& input, Index examples, const Body& body) const {
    Shape shape = input;
    Index index = 0;
    const auto visit = [&](const Layer& layer, const Shape& before) {
      const Shape output = layer.output_shape(before);
      body(Part{layer, index, &layer == projection_.get(), before, layer.num_parameters(before),
                output.size() * examples, layer.scratch_size(before, examples)});
      ++index;
      return output;
    };
    for (const auto& layer : layers_) shape = visit(*layer, shape);
    if (projection_) visit(*projection_, input);
  }

  using Ranges = std::vector<ParameterRange> (Layer::*)(const Shape&) const;

  std::vector<ParameterRange> ranges_of_parts(const Shape& input, Ranges ranges) const {
    std::vector<ParameterRange> all;
    Index begin = 0;
    for_parts(input, 1, [&](const Part& part) {
      for (const ParameterRange& range : (part.layer.*ranges)(part.input)) {
        all.push_back({begin + range.begin, range.size});
      }
      begin += part.parameters;
    });
    return all;
  }

  Index derivative_size(const Shape& input, Index examples) const {
    Index largest = 0;
    for_parts(input, examples,
              [&](const Part& part) { largest = std::max(largest, part.input.size() * examples); });
    return largest;
  }

  // What was prepared for training may serve inference, so the mode of the pass does not tell.
  Mode prepared_for(const Pass& pass) const {
    return std::ssize(pass.prepared) == prepared_size(pass.input, Mode::kTraining)
               ? Mode::kTraining
               : Mode::kInference;
  }

  // Where a part's numbers stand.
  struct Cursor {
    Cursor(const Pass& outer_pass, Mode prepared_mode, const Scalar* first_parameter,
           std::span<Scalar> all)
        : outer(outer_pass), mode(prepared_mode), parameters(first_parameter), output(all.data()) {}

    std::size_t prepared_size_of(const Part& part) const {
      return static_cast<std::size_t>(part.layer.prepared_size(part.input, mode));
    }
    Pass pass(const Part& part) const {
      return {outer.mode,
              part.input,
              (outer.layer_index + 1) * kStreamsOfABlock + part.index,
              outer.streams,
              outer.prepared.subspan(prepared, prepared_size_of(part)),
              outer.lengths};
    }
    std::span<Scalar> scratch_of(const Part& part) const {
      return {output + part.output, static_cast<std::size_t>(part.scratch)};
    }
    void advance(const Part& part) {
      parameters += part.parameters;
      output += part.output + part.scratch;
      prepared += prepared_size_of(part);
    }

    const Pass& outer;
    Mode mode;
    const Scalar* parameters;
    Scalar* output;
    std::size_t prepared = 0;
  };

  std::vector<std::unique_ptr<Layer>> layers_;
  std::unique_ptr<Layer> projection_;
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
