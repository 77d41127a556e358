#include "train/direct_fit.h"

#include <limits>

#include "ser/core/error.h"

#include "train/class_weights.h"
#include "train/judgement.h"

namespace ser::train {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

// W, then b, as the layer `dense` holds them.
nn::Vector discriminant_parameters(const dataset::ExampleSet& training, nn::Index classes,
                                   const FitConfig& config,
                                   const core::StopRequested& stop_requested) {
  const auto scores = fit_discriminant(training.values, training.labels, static_cast<int>(classes),
                                       class_weights(config, training.labels, classes),
                                       config.discriminant, stop_requested);
  nn::Vector parameters(scores.weights.size() + classes);
  parameters << scores.weights.reshaped().cast<nn::Scalar>(), scores.bias.cast<nn::Scalar>();
  return parameters;
}

// The vectors, then the votes of each, as the layer `nearest_neighbours` holds them.
nn::Vector neighbours_parameters(const dataset::ExampleSet& training, nn::Index classes,
                                 const FitConfig& config) {
  const auto weights = class_weights(config, training.labels, classes);
  nn::Matrix votes = nn::Matrix::Zero(classes, training.values.cols());
  for (std::size_t i = 0; i < training.size(); ++i) {
    const int label = training.labels[i];
    votes(label, static_cast<nn::Index>(i)) =
        weights.empty() ? nn::Scalar{1} : weights[static_cast<std::size_t>(label)];
  }
  nn::Vector parameters(training.values.size() + votes.size());
  parameters << training.values.reshaped(), votes.reshaped();
  return parameters;
}

}  // namespace

core::Json with_output_layer(core::Json layers, const FitConfig& config, std::size_t classes,
                             std::size_t training_examples) {
  if (!layers.is_array()) {
    throw core::ConfigError("E_CONFIG_VALUE", "network: expected a list of layers");
  }
  if (config.method == "neighbours") {
    layers.push_back({{"layer", "nearest_neighbours"},
                      {"units", classes},
                      {"examples", training_examples},
                      {"neighbours", config.neighbours.count}});
  } else {
    layers.push_back({{"layer", "dense"}, {"units", classes}});
  }
  return layers;
}

void require_trainable(const nn::Network& network, const FitConfig& config) {
  if (config.method == "gradient") return;
  for (std::size_t index = 0; index + 1 < network.size(); ++index) {
    const nn::Layer& layer = network.layer(index);
    if (layer.is_identity(nn::Mode::kTraining)) continue;
    throw core::ConfigError("E_CONFIG_VALUE",
                            "network[" + std::to_string(index) + "]: training.method " +
                                config.method + " takes the features as they are, so nothing but " +
                                "{\"layer\": \"flatten\"} can stand there, found " +
                                std::string(layer.kind()));
  }
}

FitResult fit_directly(const nn::Network& network, const dataset::ExampleSet& training,
                       const dataset::ExampleSet& validation, const FitConfig& config,
                       core::ThreadPool& pool, const core::StopRequested& stop_requested) {
  require_trainable(network, config);
  const bool holds_examples = config.method == "neighbours";
  const nn::Index classes = network.output_shape().size();
  FitResult result;
  result.best_epoch = 1;
  result.parameters = holds_examples
                          ? neighbours_parameters(training, classes, config)
                          : discriminant_parameters(training, classes, config, stop_requested);
  EpochRecord record{1, 0.0, kUnknown, kUnknown, kUnknown, kUnknown, kUnknown};
  if (!holds_examples) {
    const auto judged = judge(network, result.parameters, training, pool);
    record.loss = judged.loss;
    record.accuracy = judged.accuracy;
  }
  if (validation.size() > 0) validate(network, result.parameters, validation, pool, record);
  result.history.push_back(record);
  return result;
}

}  // namespace ser::train
