#include "interchange/onnx_model.h"

#include "ser/core/error.h"
#include "ser/core/version.h"

#include "interchange/numbers.h"

namespace ser::interchange {
namespace {

constexpr std::uint64_t kLargestMessage = (std::uint64_t{1} << 31) - 1;
constexpr std::int64_t kFormatVersion = 7;  // the first with this operator set
constexpr std::int64_t kOperatorSet = 13;

// The fields of the messages, and what values of theirs mean, as onnx/onnx.proto has them.
struct ModelProto {
  enum { kIrVersion = 1, kProducerName = 2, kProducerVersion = 3, kGraph = 7, kOpsetImport = 8 };
  enum { kMetadataProps = 14 };
};
struct OperatorSetIdProto {
  enum { kVersion = 2 };
};
struct StringStringEntryProto {
  enum { kKey = 1, kValue = 2 };
};
struct GraphProto {
  enum { kNode = 1, kName = 2, kInitializer = 5, kInput = 11, kOutput = 12 };
};
struct NodeProto {
  enum { kInput = 1, kOutput = 2, kName = 3, kOpType = 4, kAttribute = 5 };
};
struct AttributeProto {
  enum { kName = 1, kFloat = 2, kInt = 3, kInts = 8, kType = 20 };
  enum Type { kTypeFloat = 1, kTypeInt = 2, kTypeInts = 7 };
};
struct TensorProto {
  enum { kDims = 1, kDataType = 2, kName = 8, kRawData = 9 };
  enum DataType { kTypeFloat = 1, kTypeInt64 = 7 };
};
struct ValueInfoProto {
  enum { kName = 1, kType = 2 };
};
struct TypeProto {
  enum { kTensorType = 1 };
};
struct TypeProtoTensor {
  enum { kElemType = 1, kShape = 2 };
};
struct TensorShapeProto {
  enum { kDim = 1 };
};
struct Dimension {
  enum { kDimValue = 1, kDimParam = 2 };
};

ProtobufMessage attribute_message(const nn::GraphAttribute& attribute) {
  ProtobufMessage message;
  message.add_text(AttributeProto::kName, attribute.name);
  if (const auto* number = std::get_if<std::int64_t>(&attribute.value)) {
    message.add_integer(AttributeProto::kInt, *number);
    message.add_integer(AttributeProto::kType, AttributeProto::kTypeInt);
  } else if (const auto* real = std::get_if<float>(&attribute.value)) {
    message.add_float(AttributeProto::kFloat, *real);
    message.add_integer(AttributeProto::kType, AttributeProto::kTypeFloat);
  } else {
    for (const std::int64_t entry : std::get<std::vector<std::int64_t>>(attribute.value)) {
      message.add_integer(AttributeProto::kInts, entry);
    }
    message.add_integer(AttributeProto::kType, AttributeProto::kTypeInts);
  }
  return message;
}

ProtobufMessage node_message(const nn::GraphNode& node) {
  ProtobufMessage message;
  for (const auto& input : node.inputs) message.add_text(NodeProto::kInput, input);
  for (const auto& output : node.unused_outputs) message.add_text(NodeProto::kOutput, output);
  message.add_text(NodeProto::kOutput, node.output);
  message.add_text(NodeProto::kName, node.output);
  message.add_text(NodeProto::kOpType, node.op);
  for (const auto& attribute : node.attributes) {
    message.add_message(NodeProto::kAttribute, attribute_message(attribute));
  }
  return message;
}

ProtobufMessage parameter_message(const nn::GraphParameter& parameter) {
  ProtobufMessage message;
  for (const nn::Index dimension : parameter.shape) {
    message.add_integer(TensorProto::kDims, dimension);
  }
  message.add_integer(TensorProto::kDataType, TensorProto::kTypeFloat);
  message.add_text(TensorProto::kName, parameter.name);
  message.add_bytes(TensorProto::kRawData, size_of_numbers(parameter),
                    [&parameter](const ByteSink& sink) { write_numbers(parameter, sink); });
  return message;
}

template <class Number>
std::string_view bytes_of(const Number* numbers, std::size_t count) {
  return {reinterpret_cast<const char*>(numbers), count * sizeof(Number)};
}

ProtobufMessage constant_message(const nn::GraphConstant& constant) {
  ProtobufMessage message;
  if (const auto* real = std::get_if<float>(&constant.value)) {
    message.add_integer(TensorProto::kDataType, TensorProto::kTypeFloat);
    message.add_text(TensorProto::kName, constant.name);
    message.add_text(TensorProto::kRawData, bytes_of(real, 1));
    return message;
  }
  const auto& list = std::get<std::vector<std::int64_t>>(constant.value);
  message.add_integer(TensorProto::kDims, std::ssize(list));
  message.add_integer(TensorProto::kDataType, TensorProto::kTypeInt64);
  message.add_text(TensorProto::kName, constant.name);
  message.add_text(TensorProto::kRawData, bytes_of(list.data(), list.size()));
  return message;
}

ProtobufMessage port_message(const nn::GraphPort& port) {
  ProtobufMessage batch;
  batch.add_text(Dimension::kDimParam, "batch");
  ProtobufMessage shape;
  shape.add_message(TensorShapeProto::kDim, std::move(batch));
  for (const nn::Index number : port.shape) {
    ProtobufMessage dimension;
    dimension.add_integer(Dimension::kDimValue, number);
    shape.add_message(TensorShapeProto::kDim, std::move(dimension));
  }
  ProtobufMessage tensor;
  tensor.add_integer(TypeProtoTensor::kElemType, TensorProto::kTypeFloat);
  tensor.add_message(TypeProtoTensor::kShape, std::move(shape));
  ProtobufMessage type;
  type.add_message(TypeProto::kTensorType, std::move(tensor));
  ProtobufMessage message;
  message.add_text(ValueInfoProto::kName, port.name);
  message.add_message(ValueInfoProto::kType, std::move(type));
  return message;
}

ProtobufMessage graph_message(const nn::Graph& graph) {
  ProtobufMessage message;
  message.add_text(GraphProto::kName, "ser");
  for (const auto& port : graph.inputs) {
    message.add_message(GraphProto::kInput, port_message(port));
  }
  for (const auto& port : graph.outputs) {
    message.add_message(GraphProto::kOutput, port_message(port));
  }
  for (const auto& node : graph.nodes) {
    message.add_message(GraphProto::kNode, node_message(node));
  }
  for (const auto& constant : graph.constants) {
    message.add_message(GraphProto::kInitializer, constant_message(constant));
  }
  for (const auto& parameter : graph.parameters) {
    message.add_message(GraphProto::kInitializer, parameter_message(parameter));
  }
  return message;
}

}  // namespace

ProtobufMessage onnx_model(const nn::Graph& graph, const Metadata& metadata) {
  ProtobufMessage message;
  message.add_integer(ModelProto::kIrVersion, kFormatVersion);
  message.add_text(ModelProto::kProducerName, "ser");
  message.add_text(ModelProto::kProducerVersion, core::kVersion);
  ProtobufMessage operators;
  operators.add_integer(OperatorSetIdProto::kVersion, kOperatorSet);
  message.add_message(ModelProto::kOpsetImport, std::move(operators));
  for (const auto& [key, value] : metadata) {
    ProtobufMessage entry;
    entry.add_text(StringStringEntryProto::kKey, key);
    entry.add_text(StringStringEntryProto::kValue, value);
    message.add_message(ModelProto::kMetadataProps, std::move(entry));
  }
  message.add_message(ModelProto::kGraph, graph_message(graph));
  if (message.size() > kLargestMessage) {
    throw core::ModelError("E_EXPORT_SIZE", "as ONNX the model would have " +
                                                std::to_string(message.size()) +
                                                " bytes, but the format ends at 2 GiB; write it as "
                                                "safetensors, or train a smaller network");
  }
  return message;
}

}  // namespace ser::interchange
