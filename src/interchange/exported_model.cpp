#include "interchange/exported_model.h"

namespace ser::interchange {
namespace {

using Form = nn::GraphValue::Form;

// As Normalizer::apply(), then as the one channel that the network takes.
nn::GraphValue add_normalizer(nn::Graph& graph, const dataset::Normalizer& normalizer,
                              const nn::GraphValue& x) {
  nn::GraphBuilder builder(graph, "normalizer");
  const nn::Index features = normalizer.mean().size();
  const auto mean = builder.parameter("mean", {features}, normalizer.mean().data());
  const auto scale = builder.parameter("scale", {features}, normalizer.scale().data());
  const auto scaled = builder.node("Div", {builder.node("Sub", {x, mean}), scale});
  const auto limited =
      builder.node("Clip", {scaled, builder.constant(-dataset::Normalizer::kFarthest),
                            builder.constant(dataset::Normalizer::kFarthest)});
  return {builder.node("Unsqueeze", {limited, builder.dimensions({1})}).name, Form::kSteps};
}

}  // namespace

nn::Graph graph_of(const model::EmotionClassifier& classifier) {
  const auto& parts = classifier.parts();
  const auto classes = static_cast<nn::Index>(parts.classes.size());
  nn::Graph graph;
  const auto features =
      add_input(graph, "features", {parts.normalizer.mean().size()}, Form::kVector);
  const auto normalized = add_normalizer(graph, parts.normalizer, features);
  const auto logits =
      add_output(graph, add_network(graph, classifier.network(), parts.parameters, normalized),
                 "logits", {classes});
  nn::GraphBuilder scores(graph, "scores");
  const auto divided = parts.temperature == 1.0
                           ? logits
                           : scores.node("Div", {logits, scores.constant(parts.temperature)});
  const auto probabilities = scores.node("Softmax", {divided}, {{"axis", 1}});
  add_output(graph, probabilities, "probabilities", {classes});
  return graph;
}

std::string json_text(const core::Json& json) { return core::json_text(json); }

Metadata metadata_of(const model::EmotionClassifier& classifier) {
  const auto& parts = classifier.parts();
  return {{"classes", json_text(parts.classes)},
          {"feature_names", json_text(classifier.extractor().clip_names())},
          {"sample_rate_hz", std::to_string(parts.features.sample_rate_hz)},
          {"features", json_text(core::config_to_json(parts.features))},
          {"normalization", parts.normalization},
          {"temperature", json_text(parts.temperature)},
          {"clip", json_text(core::config_to_json(parts.clip))},
          {"network", json_text(classifier.network().to_json())}};
}

}  // namespace ser::interchange
