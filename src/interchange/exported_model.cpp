#include "interchange/exported_model.h"

namespace ser::interchange {
namespace {

using Form = nn::GraphValue::Form;

// As Normalizer::apply(), then as the network takes it: frames as they are, a vector as one
// channel.
nn::GraphValue add_normalizer(nn::Graph& graph, const dataset::Normalizer& normalizer,
                              const nn::GraphValue& x) {
  nn::GraphBuilder builder(graph, "normalizer");
  const nn::Index features = normalizer.mean().size();
  const auto mean =
      builder.per_channel(builder.parameter("mean", {features}, normalizer.mean().data()), x);
  const auto scale =
      builder.per_channel(builder.parameter("scale", {features}, normalizer.scale().data()), x);
  const auto scaled = builder.node("Div", {builder.node("Sub", {x, mean}), scale});
  auto limited = builder.node("Clip", {scaled, builder.constant(-dataset::Normalizer::kFarthest),
                                       builder.constant(dataset::Normalizer::kFarthest)});
  if (x.form == Form::kSteps) return limited;
  return {builder.node("Unsqueeze", {limited, builder.dimensions({1})}).name, Form::kSteps};
}

}  // namespace

nn::Graph graph_of(const model::EmotionClassifier& classifier) {
  const auto& parts = classifier.parts();
  const auto classes = static_cast<nn::Index>(parts.classes.size());
  nn::Graph graph;
  const bool takes_frames = classifier.extractor().gives_frames();
  const auto& input = classifier.network().input_shape();
  const auto features =
      takes_frames ? add_input(graph, "frames", {input.channels, input.time}, Form::kSteps)
                   : add_input(graph, "features", {parts.normalizer.mean().size()}, Form::kVector);
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
