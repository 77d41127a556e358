#include "ser/nn/graph.h"

#include "ser/nn/network.h"

namespace ser::nn {
namespace {

using Form = GraphValue::Form;

std::vector<Index> row_major_strides(const std::vector<Index>& shape) {
  std::vector<Index> strides(shape.size());
  Index stride = 1;
  for (std::size_t i = shape.size(); i-- > 0;) {
    strides[i] = stride;
    stride *= shape[i];
  }
  return strides;
}

}  // namespace

Index GraphParameter::size() const {
  Index size = 1;
  for (const Index dimension : shape) size *= dimension;
  return size;
}

GraphBuilder GraphBuilder::inner(const std::string& name) const {
  return {graph_, part_ + "." + name};
}

GraphValue GraphBuilder::parameter(const std::string& name, std::vector<Index> shape,
                                   const Scalar* values, std::vector<Index> strides) {
  if (strides.empty()) strides = row_major_strides(shape);
  graph_.parameters.push_back({part_ + "." + name, std::move(shape), std::move(strides), values});
  return {graph_.parameters.back().name};
}

GraphValue GraphBuilder::constant(double number) {
  const std::string name = part_ + "/constant_" + std::to_string(graph_.constants.size());
  graph_.constants.push_back({name, static_cast<float>(number)});
  return {name};
}

GraphValue GraphBuilder::dimensions(std::vector<std::int64_t> list) {
  const std::string name = part_ + "/constant_" + std::to_string(graph_.constants.size());
  graph_.constants.push_back({name, std::move(list)});
  return {name};
}

GraphValue GraphBuilder::node(const std::string& op, const std::vector<GraphValue>& inputs,
                              std::vector<GraphAttribute> attributes) {
  GraphNode node{
      op, {}, part_ + "/" + op + "_" + std::to_string(graph_.nodes.size()), std::move(attributes)};
  for (const GraphValue& input : inputs) node.inputs.push_back(input.name);
  graph_.nodes.push_back(std::move(node));
  return {graph_.nodes.back().output, inputs.front().form};
}

GraphValue GraphBuilder::second_of_node(const std::string& op,
                                        const std::vector<GraphValue>& inputs,
                                        std::vector<GraphAttribute> attributes) {
  GraphValue result = node(op, inputs, std::move(attributes));
  graph_.nodes.back().unused_outputs.push_back(result.name + "_first");
  return result;
}

GraphValue GraphBuilder::as_steps(const GraphValue& value) {
  if (value.form == Form::kSteps) return value;
  return {node("Unsqueeze", {value, dimensions({2})}).name, Form::kSteps};
}

GraphValue GraphBuilder::as_vector(const GraphValue& value, const Shape& shape) {
  if (value.form == Form::kVector) return value;
  GraphValue ordered = value;
  if (shape.channels > 1 && shape.time > 1) {
    ordered = node("Transpose", {value}, {{"perm", std::vector<std::int64_t>{0, 2, 1}}});
  }
  return {node("Flatten", {ordered}, {{"axis", 1}}).name, Form::kVector};
}

GraphValue GraphBuilder::per_channel(const GraphValue& fixed, const GraphValue& value) {
  if (value.form == Form::kVector) return fixed;
  return node("Unsqueeze", {fixed, dimensions({1})});
}

GraphValue add_input(Graph& graph, const std::string& name, const std::vector<Index>& shape,
                     Form form) {
  graph.inputs.push_back({name, shape});
  return {name, form};
}

GraphValue add_output(Graph& graph, const GraphValue& value, const std::string& name,
                      const std::vector<Index>& shape) {
  for (GraphNode& node : graph.nodes) {
    if (node.output == value.name) node.output = name;
    for (std::string& input : node.inputs) {
      if (input == value.name) input = name;
    }
  }
  graph.outputs.push_back({name, shape});
  return {name, value.form};
}

GraphValue add_network(Graph& graph, const Network& network, const Vector& parameters,
                       const GraphValue& x) {
  GraphValue value = x;
  for (std::size_t index = 0; index < network.size(); ++index) {
    const Layer& layer = network.layer(index);
    const Shape& shape = network.shape_before(index);
    GraphBuilder builder(graph,
                         "network." + std::to_string(index) + "." + std::string(layer.kind()));
    value = layer.to_graph(shape,
                           ConstParameters(parameters.data() + network.parameter_offset(index),
                                           layer.num_parameters(shape)),
                           value, builder);
  }
  return GraphBuilder(graph, "network").as_vector(value, network.output_shape());
}

}  // namespace ser::nn
