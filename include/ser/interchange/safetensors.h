#pragma once

#include "ser/interchange/byte_sink.h"
#include "ser/model/emotion_classifier.h"

namespace ser::interchange {

// Writes the numbers of a recogniser in the safetensors format
// (github.com/huggingface/safetensors):
//
//   u64       length of the header, little-endian
//   header    JSON: {"__metadata__": {name: text}, name: {"dtype": "F32", "shape": [...],
//             "data_offsets": [begin, end]}, ...}, filled up with spaces to a multiple of 8 bytes
//   float32   the tensors one behind the other, little-endian, row-major
//
// "normalizer.mean" and "normalizer.scale" are [features]. Layer i of the network has the tensors
// "network.<i>.<kind>.<name>", in PyTorch's shapes: "weight" is [units, inputs] of a dense layer,
// [channels, input channels, kernel] of a convolution and [channels, 1, kernel] of a depthwise one;
// "bias" has one number an output; batch and layer normalisation have "weight" and "bias", the
// former also "running_mean" and "running_var"; attentive_pool has "hidden.weight" [units,
// channels, 1], "hidden.bias" and "direction" [1, units, 1]; squeeze_excitation has
// "squeeze.weight" [units, channels], "excitation.weight" [channels, units] and their biases;
// residual has "layers.<j>.<kind>.<name>" and "projection.weight"; multi_level_pool has
// "blocks.<i>.<j>.<kind>.<name>" and "pools.<i>.<kind>.<name>". A dense layer behind `flatten`
// takes its inputs in the order (time, channel). __metadata__ holds the texts of write_onnx().
//
// Throws ModelError (E_EXPORT_SIZE) where the header is longer than the 100 MB that readers take.
void write_safetensors(const model::EmotionClassifier& classifier, const ByteSink& sink);

}  // namespace ser::interchange
