#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "ser/nn/tensor.h"

namespace ser::nn {

class Network;

// A trained network as other programs take it: tensors and what is done with them, in the operators
// of ONNX's operator set 13 (onnx.ai/onnx/operators). What depends on the batch has it as its first
// dimension. Every tensor has a name of its own.

// A value on its way through the graph.
struct GraphValue {
  // kSteps: [batch, channels, time]; kVector: [batch, channels], of one step only. Parameters and
  // constants have no batch.
  enum class Form { kSteps, kVector, kFixed };
  std::string name;
  Form form = Form::kFixed;
};

struct GraphAttribute {
  std::string name;
  std::variant<std::int64_t, float, std::vector<std::int64_t>> value;
};

// Every node has results that no other node has. Only one of them is used; where it is not the
// operator's first, those before it have names too.
struct GraphNode {
  std::string op;
  std::vector<std::string> inputs;
  std::string output;
  std::vector<GraphAttribute> attributes;
  std::vector<std::string> unused_outputs = {};
};

// Learnt numbers, seen in the order that is usual elsewhere: element (i, j, ...) is values[i *
// strides[0] + j * strides[1] + ...]. They belong to somebody else, who has to live longer.
struct GraphParameter {
  std::string name;
  std::vector<Index> shape;
  std::vector<Index> strides;
  const Scalar* values;

  Index size() const;
};

// A number, or a list of dimensions, that an operator takes as an input.
struct GraphConstant {
  std::string name;
  std::variant<float, std::vector<std::int64_t>> value;
};

// What goes in or comes out: [batch, shape...].
struct GraphPort {
  std::string name;
  std::vector<Index> shape;
};

struct Graph {
  std::vector<GraphPort> inputs;
  std::vector<GraphParameter> parameters;
  std::vector<GraphConstant> constants;
  std::vector<GraphNode> nodes;  // each after those whose results it takes
  std::vector<GraphPort> outputs;
};

// Adds to a graph what belongs to one part of a network, under names that begin with that of the
// part.
class GraphBuilder {
 public:
  GraphBuilder(Graph& graph, std::string part) : graph_(graph), part_(std::move(part)) {}

  // For a part of this part.
  GraphBuilder inner(const std::string& name) const;

  // `strides` as in GraphParameter; empty: row-major, as the numbers stand in memory.
  GraphValue parameter(const std::string& name, std::vector<Index> shape, const Scalar* values,
                       std::vector<Index> strides = {});
  GraphValue constant(double number);
  GraphValue dimensions(std::vector<std::int64_t> list);

  // The result has the form of the first input.
  GraphValue node(const std::string& op, const std::vector<GraphValue>& inputs,
                  std::vector<GraphAttribute> attributes = {});

  // The operator's second result.
  GraphValue second_of_node(const std::string& op, const std::vector<GraphValue>& inputs,
                            std::vector<GraphAttribute> attributes = {});

  // The same numbers in the other form. A vector is made of all of a value's numbers in our order
  // in memory: (time, channel).
  GraphValue as_steps(const GraphValue& value);
  GraphValue as_vector(const GraphValue& value, const Shape& shape);
  // [channels] in a form that is broadcast over the value's batch and time.
  GraphValue per_channel(const GraphValue& fixed, const GraphValue& value);

 private:
  Graph& graph_;
  std::string part_;
};

// Adds an input [batch, shape...].
GraphValue add_input(Graph& graph, const std::string& name, const std::vector<Index>& shape,
                     GraphValue::Form form);
// Makes a node's result an output [batch, shape...] and gives it this name, throughout the graph.
GraphValue add_output(Graph& graph, const GraphValue& value, const std::string& name,
                      const std::vector<Index>& shape);

// The layers of the network in inference: layer i's parts are named "network.<i>.<kind>...". Gives
// the result as a vector. The graph refers to `parameters` [network.num_parameters()].
GraphValue add_network(Graph& graph, const Network& network, const Vector& parameters,
                       const GraphValue& x);

}  // namespace ser::nn
