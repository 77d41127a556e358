#pragma once

#include "ser/model/emotion_classifier.h"

namespace ser::model {

// An untrained classifier of three classes over five numbers.
inline ClassifierParts small_parts() {
  ClassifierParts parts;
  parts.classes = {"angry", "happy", "traurig \xC3\xBC"};
  parts.clip.offset_s = 0.0;
  parts.features.descriptors = {"zero_crossing_rate", "rms", "mfcc"};
  parts.features.mfcc_count = 3;
  parts.normalizer = dataset::Normalizer(Eigen::VectorXf::LinSpaced(5, -1.0F, 1.0F),
                                         Eigen::VectorXf::LinSpaced(5, 0.5F, 2.0F));
  parts.network = core::Json::parse(
      R"([{"layer": "conv1d", "channels": 4, "kernel": 3}, {"layer": "relu"}, {"layer": "flatten"},
          {"layer": "dropout", "rate": 0.5}, {"layer": "dense", "units": 3}])");
  const nn::Network network(parts.network, {1, 5});
  parts.parameters = network.initialize(core::RandomStream(2));
  parts.provenance = {{"note", "made by a test"}};
  return parts;
}

}  // namespace ser::model
