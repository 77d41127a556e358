#include "nn/folding.h"

#include "ser/nn/folding.h"

namespace ser::nn {
namespace {

ParametrizedLayer copy_of(const Layer& layer, const ConstParameters& parameters) {
  return {make_layer(layer.to_json()), parameters};
}

ConstParameters view(const Vector& parameters) { return {parameters.data(), parameters.size()}; }

// Whether a layer behind the map may take it. What it adds is added up in the layer's products, and
// the digits that the sum has more than the result are lost: with 32 at most five bits. The range
// of scales keeps the layer's weights from those that float cannot hold.
bool keeps_digits(const AffineMap& map) {
  constexpr double kLargestShift = 32.0;
  constexpr double kFarthestScale = 1e12;
  const auto scale = map.scale.array().abs();
  return (map.shift.array().abs() <= kLargestShift).all() &&
         (scale == 0.0 || (scale <= kFarthestScale && scale >= 1.0 / kFarthestScale)).all();
}

}  // namespace

Folding::Folding(std::optional<AffineMap> input_map)
    : map_(std::move(input_map)), holds_input_map_(map_.has_value()) {}

void Folding::add(const Layer& layer, const Shape& input, const ConstParameters& parameters) {
  if (layer.is_identity(Mode::kInference)) {
    const Shape output = layer.output_shape(input);
    if (output == input) return;
    if (map_) map_ = map_->of_numbers(input);
    (map_ ? waiting_ : done_).push_back({copy_of(layer, parameters), input});
    return;
  }
  if (const auto map = layer.as_affine_map(input, parameters)) {
    if (map_) {
      if (map_->size() == map->size()) {
        map_ = map_->then(*map);
      } else {
        map_ = map_->of_numbers(input).then(map->of_numbers(input));
      }
    } else if (!done_.empty()) {
      const Link& before = done_.back();
      if (auto one = before.numbers.layer->followed_by(before.input,
                                                       view(before.numbers.parameters), *map)) {
        done_.back().numbers = std::move(*one);
        differs_ = true;
        return;
      }
    }
    if (!map_) map_ = map;
    waiting_.push_back({copy_of(layer, parameters), input});
    return;
  }
  Link link = {copy_of(layer, parameters), input};
  if (map_ && keeps_digits(*map_)) {
    if (auto one = layer.preceded_by(input, parameters, *map_)) {
      link.numbers = std::move(*one);
      takes_input_map_ = takes_input_map_ || holds_input_map_;
      std::erase_if(waiting_, [](const Link& waiting) {
        return !waiting.numbers.layer->is_identity(Mode::kInference);
      });
      differs_ = true;
    }
  }
  keep_waiting();
  if (auto inner = link.numbers.layer->folded_inside(input, view(link.numbers.parameters))) {
    link.numbers = std::move(*inner);
    differs_ = true;
  }
  done_.push_back(std::move(link));
}

void Folding::keep_waiting() {
  for (Link& link : waiting_) done_.push_back(std::move(link));
  waiting_.clear();
  map_.reset();
  holds_input_map_ = false;
}

Folding::Chain Folding::finish() {
  keep_waiting();
  Chain chain = {{}, differs_, takes_input_map_};
  for (Link& link : done_) chain.layers.push_back(std::move(link.numbers));
  return chain;
}

core::Json layers_of(const std::vector<ParametrizedLayer>& chain) {
  core::Json layers = core::Json::array();
  for (const auto& link : chain) layers.push_back(link.layer->to_json());
  return layers;
}

Vector parameters_of(const std::vector<ParametrizedLayer>& chain) {
  Index size = 0;
  for (const auto& link : chain) size += link.parameters.size();
  Vector all(size);
  Index begin = 0;
  for (const auto& link : chain) {
    all.segment(begin, link.parameters.size()) = link.parameters;
    begin += link.parameters.size();
  }
  return all;
}

std::optional<FoldedNetwork> fold(const Network& network, const Vector& parameters,
                                  const std::optional<AffineMap>& input_map) {
  constexpr Index kMostParameters = Index{1} << 26;
  if (parameters.size() > kMostParameters) return std::nullopt;
  Folding folding(input_map);
  for (std::size_t index = 0; index < network.size(); ++index) {
    const Layer& layer = network.layer(index);
    const Shape& input = network.shape_before(index);
    folding.add(layer, input,
                ConstParameters(parameters.data() + network.parameter_offset(index),
                                layer.num_parameters(input)));
  }
  const Folding::Chain chain = folding.finish();
  if (!chain.differs) return std::nullopt;
  return FoldedNetwork{Network(layers_of(chain.layers), network.input_shape()),
                       parameters_of(chain.layers), chain.takes_input_map};
}

}  // namespace ser::nn
