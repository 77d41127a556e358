#pragma once

#include "ser/interchange/byte_sink.h"
#include "ser/model/emotion_classifier.h"

namespace ser::interchange {

// Writes the recogniser behind its features as an ONNX model (IR version 7, operator set 13), for
// ONNX Runtime and whatever else reads that format:
//
//   input   "features"       [batch, features]  as the extractor gives them, not normalised
//   output  "logits"         [batch, classes]
//   output  "probabilities"  [batch, classes]   softmax of the logits divided by the temperature
//
// "batch" is any number. The normaliser with its limits is part of the graph. Its metadata_props
// are texts: "classes", "feature_names" (JSON lists, in the order of the tensors' columns),
// "sample_rate_hz", "temperature", and "features", "clip" and "network" (JSON, as in a model file).
// The same recogniser gives the same bytes. Takes little memory beside the recogniser. Throws
// ModelError: E_EXPORT_SIZE beyond 2 GiB, which is the format's limit; E_EXPORT_FORM for a
// recogniser of frames, whose number the padding of its layers depends on.
void write_onnx(const model::EmotionClassifier& classifier, const ByteSink& sink);

}  // namespace ser::interchange
