#pragma once

#include "ser/model/emotion_classifier.h"
#include "ser/nn/graph.h"

#include "interchange/onnx_model.h"

namespace ser::interchange {

// The graph of ser/interchange/onnx.h. It refers to the recogniser, which has to live longer.
nn::Graph graph_of(const model::EmotionClassifier& classifier);

// JSON without line breaks; what is no UTF-8 is replaced.
std::string json_text(const core::Json& json);

// What a program needs beside the graph, as texts.
Metadata metadata_of(const model::EmotionClassifier& classifier);

}  // namespace ser::interchange
