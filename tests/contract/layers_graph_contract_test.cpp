// Every layer of layers.def can be handed to other programs: as a graph it gives what it gives
// itself, and each of its parameters stands in the graph once.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "nn/graph_evaluation.h"
#include "nn/layer_cases.h"
#include "nn/layer_run.h"

namespace ser::nn {
namespace {

using Form = GraphValue::Form;
using test::LayerCase;
using test::LayerRun;

// [examples, channels, time], or [examples, channels].
test::Tensor tensor_of(const Matrix& block, const Shape& shape, Form form) {
  test::Tensor tensor{{block.cols(), shape.channels}, {}};
  if (form == Form::kSteps) tensor.shape.push_back(shape.time);
  for (Index example = 0; example < block.cols(); ++example) {
    for (Index channel = 0; channel < shape.channels; ++channel) {
      for (Index step = 0; step < shape.time; ++step) {
        tensor.values.push_back(
            static_cast<double>(block(step * shape.channels + channel, example)));
      }
    }
  }
  return tensor;
}

// How often each of a layer's parameters stands in the graph.
std::vector<int> uses_of_parameters(const Graph& graph, const Vector& parameters) {
  std::vector<int> uses(static_cast<std::size_t>(parameters.size()), 0);
  for (const auto& parameter : graph.parameters) {
    std::vector<Index> offsets = {parameter.values - parameters.data()};
    for (std::size_t d = 0; d < parameter.shape.size(); ++d) {
      std::vector<Index> next;
      for (const Index offset : offsets) {
        for (Index i = 0; i < parameter.shape[d]; ++i) {
          next.push_back(offset + i * parameter.strides.at(d));
        }
      }
      offsets = std::move(next);
    }
    for (const Index offset : offsets) ++uses.at(static_cast<std::size_t>(offset));
  }
  return uses;
}

TEST(LayersGraphContract, AGraphGivesWhatTheLayerGives) {
  for (const LayerCase& layer_case : test::layer_cases()) {
    for (const Form form : {Form::kSteps, Form::kVector}) {
      if (form == Form::kVector && layer_case.input.time > 1) continue;
      SCOPED_TRACE(layer_case.name);
      const auto layer = make_layer(layer_case.json);
      const Shape output = layer->output_shape(layer_case.input);
      LayerRun run(*layer, layer_case.input, 3, Mode::kInference);
      run.forward();

      Graph graph;
      const GraphValue x = add_input(graph, "x", {}, form);
      GraphBuilder builder(graph, "part");
      const GraphValue result = layer->to_graph(
          layer_case.input, ConstParameters(run.parameters.data(), run.parameters.size()), x,
          builder);
      ASSERT_NE(result.form, Form::kFixed);
      ASSERT_TRUE(result.form == Form::kSteps || output.time == 1);
      EXPECT_EQ(uses_of_parameters(graph, run.parameters),
                std::vector<int>(static_cast<std::size_t>(run.parameters.size()), 1));
      for (const auto& parameter : graph.parameters) {
        EXPECT_TRUE(parameter.name.starts_with("part.")) << parameter.name;
      }

      const auto all = test::evaluate(graph, {{"x", tensor_of(run.x, layer_case.input, form)}});
      const test::Tensor& found = all.at(result.name);
      const test::Tensor expected = tensor_of(run.y, output, result.form);
      ASSERT_EQ(found.shape, expected.shape);
      // Convolutions by Winograd round in proportion to the largest number.
      double largest = 1;
      for (const double number : expected.values) largest = std::max(largest, std::abs(number));
      for (std::size_t i = 0; i < expected.values.size(); ++i) {
        ASSERT_NEAR(found.values[i], expected.values[i], 1e-5 * largest);
      }
    }
  }
}

}  // namespace
}  // namespace ser::nn
