#include "ser/core/config.h"
#include "ser/core/error.h"

#include "nn/composite_layer.h"
#include "nn/folding.h"

namespace ser::nn {
namespace {

struct MultiLevelPoolConfig {
  static constexpr const char* kKind = "multi_level_pool";
  core::Json blocks = core::Json::array({core::Json::array({{{"layer", "conv1d"}}})});
  core::Json pool = {{"layer", "statistics_pool"}};
  bool input = true;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("blocks", self.blocks, "lists of layers, of which each takes what the one before gives");
    visit("pool", self.pool, "the pooling over all steps of what each of them gives");
    visit("input", self.input, "whether the input is pooled as well");
  }
};

// What is heard at once and what only a long stretch tells, side by side: blocks of layers one
// after the other, and of each, and of the input, a pooling over all its steps (as deep speaker
// networks aggregate several of their layers: Gao et al., "Improving Aggregation and Loss Function
// for Better Embedding Learning in End-to-End Speaker Verification System", 2019).
// [channels x time] -> [channels of all poolings x 1], the input's first. Parameters: those of the
// layers of all blocks, then those of the poolings.
class MultiLevelPool : public CompositeLayer<MultiLevelPoolConfig> {
 public:
  MultiLevelPool(MultiLevelPoolConfig configuration, const std::string& path)
      : CompositeLayer(std::move(configuration), path) {
    const core::Json& blocks = config().blocks;
    if (!blocks.is_array() || blocks.empty()) refuse(path + ".blocks", "lists of layers", blocks);
    std::vector<Index> levels;
    if (config().input) levels.push_back(InnerLayers::kInput);
    Index source = InnerLayers::kInput;
    for (std::size_t block = 0; block < blocks.size(); ++block) {
      const std::string block_path = path + ".blocks[" + std::to_string(block) + "]";
      if (!blocks[block].is_array() || blocks[block].empty()) {
        refuse(block_path, "layers", blocks[block]);
      }
      for (std::size_t index = 0; index < blocks[block].size(); ++index) {
        source = layers_.add(blocks[block][index], block_path + "[" + std::to_string(index) + "]",
                             source);
        names_.push_back("blocks." + std::to_string(block) + "." + std::to_string(index));
      }
      levels.push_back(source);
    }
    for (const Index level : levels) {
      pools_.push_back(layers_.add(config().pool, path + ".pool", level));
      names_.push_back("pools." + std::to_string(pools_.size() - 1));
    }
  }

  Shape output_shape(const Shape& input) const override {
    layers_.check(input, [this](Index number) { return name_of(number); });
    Shape all = {0, 1};
    for (const Index pool : pools_) {
      const Shape pooled = layers_.output_of(pool, input);
      if (pooled.time != 1) {
        throw core::ConfigError("E_NETWORK_SHAPE", name_of(pool) + ": makes " +
                                                       std::to_string(pooled.time) +
                                                       " steps, but has to make one of all");
      }
      all.channels += pooled.channels;
    }
    return all;
  }

  void forward(const Pass& pass, ConstParameters parameters, ConstBlock x, Block y,
               std::span<Scalar> scratch) const override {
    layers_.forward(pass, parameters, x, scratch);
    Index row = 0;
    for (const Index pool : pools_) {
      const Block pooled = layers_.output(pool, pass, x.cols(), scratch);
      y.middleRows(row, pooled.rows()) = pooled;
      row += pooled.rows();
    }
  }

  void backward(const Pass& pass, const Backward& arguments,
                std::span<Scalar> scratch) const override {
    Index row = 0;
    for (const Index pool : pools_) {
      Block pooled = layers_.derivative(pool, pass, arguments.x.cols(), scratch);
      pooled = arguments.dy.middleRows(row, pooled.rows());
      row += pooled.rows();
    }
    layers_.backward(pass, arguments, scratch);
  }

  GraphValue to_graph(const Shape& input, ConstParameters parameters, const GraphValue& x,
                      GraphBuilder& graph) const override {
    std::vector<GraphValue> values;
    std::vector<GraphValue> pooled;
    const GraphValue steps = graph.as_steps(x);
    for (Index number = 0; number < layers_.size(); ++number) {
      const Layer& layer = layers_.layer(number);
      GraphBuilder inner = graph.inner(name_of(number) + "." + std::string(layer.kind()));
      const Index source = layers_.source_of(number);
      values.push_back(layer.to_graph(
          layers_.input_of(number, input), layers_.parameters_of(number, input, parameters),
          source == InnerLayers::kInput ? steps : values[static_cast<std::size_t>(source)], inner));
      if (number >= pools_.front()) pooled.push_back(inner.as_steps(values.back()));
    }
    return graph.node("Concat", pooled, {{"axis", 1}});
  }

  // Each block for itself: what a block gives is pooled as it is.
  std::optional<ParametrizedLayer> folded_inside(const Shape& input,
                                                 ConstParameters parameters) const override {
    core::Json json = to_json();
    std::vector<ParametrizedLayer> all;
    bool differs = false;
    Index number = 0;
    for (core::Json& block : json["blocks"]) {
      Folding folding;
      const Index end = number + static_cast<Index>(block.size());
      for (; number < end; ++number) {
        folding.add(layers_.layer(number), layers_.input_of(number, input),
                    layers_.parameters_of(number, input, parameters));
      }
      Folding::Chain chain = folding.finish();
      if (chain.layers.empty()) return std::nullopt;
      // Dropout takes time here, unlike in a network, which leaves it out.
      differs = differs || chain.differs || chain.layers.size() != block.size();
      block = layers_of(chain.layers);
      for (auto& layer : chain.layers) all.push_back(std::move(layer));
    }
    if (!differs) return std::nullopt;
    for (const Index pool : pools_) {
      all.push_back({make_layer(config().pool), layers_.parameters_of(pool, input, parameters)});
    }
    return ParametrizedLayer{make_layer(json), parameters_of(all)};
  }

 private:
  [[noreturn]] static void refuse(const std::string& path, const char* what,
                                  const core::Json& found) {
    throw core::ConfigError("E_CONFIG_VALUE", path + ": expected a list of " + what +
                                                  " with at least one, found " +
                                                  core::config_detail::excerpt(found));
  }

  const std::string& name_of(Index number) const {
    return names_[static_cast<std::size_t>(number)];
  }

  std::vector<Index> pools_;
  std::vector<std::string> names_;  // of the layers
};

}  // namespace

LayerType multi_level_pool_layer() {
  return core::configured_part_type<MultiLevelPool>(
      R"([{"blocks": [[{"layer": "conv1d", "channels": 6, "kernel": 3}, {"layer": "batch_norm"},
                       {"layer": "silu"}],
                      [{"layer": "max_pool", "size": 2, "stride": 2},
                       {"layer": "conv1d", "channels": 18, "kernel": 5}, {"layer": "dropout"}]]},
          {"blocks": [[{"layer": "conv1d", "channels": 4, "kernel": 3, "stride": 2}],
                      [{"layer": "layer_norm"}, {"layer": "gelu"}]],
           "pool": {"layer": "attentive_pool", "units": 3}, "input": false}])");
}

}  // namespace ser::nn
