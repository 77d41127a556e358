#pragma once

#include <string>
#include <utility>
#include <vector>

#include "ser/nn/graph.h"

#include "interchange/protobuf.h"

namespace ser::interchange {

// Names and texts that travel with a model.
using Metadata = std::vector<std::pair<std::string, std::string>>;

// The ModelProto of onnx/onnx.proto with this graph, which has to live longer. Throws ModelError
// (E_EXPORT_SIZE).
ProtobufMessage onnx_model(const nn::Graph& graph, const Metadata& metadata);

}  // namespace ser::interchange
