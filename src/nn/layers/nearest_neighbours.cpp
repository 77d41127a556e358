#include <algorithm>

#include "ser/core/error.h"

#include "nn/configured_layer.h"

namespace ser::nn {
namespace {

struct NearestNeighboursConfig {
  static constexpr const char* kKind = "nearest_neighbours";
  // A place in the list of vectors is kept as a Scalar, which counts no further in float.
  static constexpr int kMostExamples = 1 << 24;
  int units = 32;
  int examples = 1;
  int neighbours = 5;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    using core::Range;
    visit("units", self.units, "numbers of the output", Range{1, 65536});
    visit("examples", self.examples, "vectors that it holds", Range{1, kMostExamples});
    visit("neighbours", self.neighbours, "how many of them vote; of fewer all do", Range{1, 128});
  }
};

// Each of the vectors that the layer holds has votes, one for each output; the output is the sum of
// the votes of those that are nearest to the input (Fix and Hodges, 1951), by Euclidean distance,
// of equals the first. With one vote for its class, the output counts the neighbours of a class.
// Parameters: vectors [inputs x examples], then votes [units x examples]. The neighbours do not
// change with a small step, so nothing flows back but to their votes. The scratch holds the places
// of the neighbours of each input and their distances, [neighbours] each.
class NearestNeighbours : public ConfiguredLayer<NearestNeighboursConfig> {
 public:
  using ConfiguredLayer::ConfiguredLayer;

  Shape output_shape(const Shape& input) const override {
    if (input.time != 1) {
      throw core::ConfigError("E_NETWORK_SHAPE",
                              "nearest_neighbours expects a flat input, but this one has " +
                                  std::to_string(input.time) +
                                  " steps; put {\"layer\": \"flatten\"} before it");
    }
    return {config().units, 1};
  }

  Index num_parameters(const Shape& input) const override {
    return (input.size() + config().units) * config().examples;
  }

  Index scratch_size(const Shape& /*input*/, Index examples) const override {
    return 2 * voters() * examples;
  }

  void initialize(const Shape& /*input*/, Parameters parameters,
                  core::RandomStream random) const override {
    for (Scalar& number : parameters) number = static_cast<Scalar>(random.normal());
  }

  void forward(const Pass& pass, ConstParameters parameters, ConstBlock x, Block y,
               std::span<Scalar> scratch) const override {
    const ConstBlock vectors(parameters.data(), pass.input.size(), config().examples);
    const ConstBlock votes = votes_of(parameters.data(), pass.input);
    for (Index example = 0; example < x.cols(); ++example) {
      const Parameters nearest = places(scratch, example);
      find(vectors, x.col(example), nearest, distances(scratch, example));
      auto out = y.col(example);
      out.setZero();
      for (const Scalar place : nearest) out += votes.col(static_cast<Index>(place));
    }
  }

  void backward(const Pass& pass, const Backward& arguments,
                std::span<Scalar> scratch) const override {
    Parameters gradient = arguments.parameter_gradient;
    gradient.setZero();
    Block votes(gradient.data() + pass.input.size() * config().examples, config().units,
                config().examples);
    const ConstBlock& dy = arguments.dy;
    for (Index example = 0; example < dy.cols(); ++example) {
      for (const Scalar place : places(scratch, example)) {
        votes.col(static_cast<Index>(place)) += dy.col(example);
      }
    }
    Block dx = arguments.dx;
    dx.setZero();
  }

  // The nearest is where 2 x'v - v'v is the largest.
  GraphValue to_graph(const Shape& input, ConstParameters parameters, const GraphValue& x,
                      GraphBuilder& graph) const override {
    const Index examples = config().examples;
    const Index units = config().units;
    const GraphValue vectors =
        graph.parameter("vectors", {examples, input.size()}, parameters.data());
    const GraphValue votes =
        graph.parameter("votes", {examples, units}, votes_of(parameters.data(), input).data());
    const GraphValue squares =
        graph.node("ReduceSum", {graph.node("Mul", {vectors, vectors}), graph.dimensions({1})});
    const GraphValue products =
        graph.node("Gemm", {graph.as_vector(x, input), vectors}, {{"transB", 1}});
    const GraphValue nearness = graph.node(
        "Sub", {graph.node("Mul", {products, graph.constant(2.0)}),
                graph.node("Transpose", {squares}, {{"perm", std::vector<std::int64_t>{1, 0}}})});
    const GraphValue nearest =
        graph.second_of_node("TopK", {nearness, graph.dimensions({voters()})}, {{"axis", 1}});
    const GraphValue theirs = graph.node("Gather", {votes, nearest}, {{"axis", 0}});
    return {graph.node("ReduceSum", {theirs, graph.dimensions({1})}, {{"keepdims", 0}}).name,
            GraphValue::Form::kVector};
  }

 private:
  Index voters() const { return std::min(config().neighbours, config().examples); }

  ConstBlock votes_of(const Scalar* parameters, const Shape& input) const {
    return {parameters + input.size() * config().examples, config().units, config().examples};
  }

  Parameters places(std::span<Scalar> scratch, Index example) const {
    return {scratch.data() + 2 * voters() * example, voters()};
  }

  Parameters distances(std::span<Scalar> scratch, Index example) const {
    return {scratch.data() + 2 * voters() * example + voters(), voters()};
  }

  // Keeps the nearest so far in order. Distances are only compared, so that every place is one in
  // the list also where some are not numbers.
  template <class Input>
  static void find(const ConstBlock& vectors, const Input& x, Parameters places,
                   Parameters distances) {
    Index known = 0;
    for (Index candidate = 0; candidate < vectors.cols(); ++candidate) {
      const Scalar distance = (vectors.col(candidate) - x).squaredNorm();
      if (known == places.size() && !(distance < distances(known - 1))) continue;
      Index at = known < places.size() ? known++ : known - 1;
      for (; at > 0 && distance < distances(at - 1); --at) {
        places(at) = places(at - 1);
        distances(at) = distances(at - 1);
      }
      places(at) = static_cast<Scalar>(candidate);
      distances(at) = distance;
    }
  }
};

}  // namespace

LayerType nearest_neighbours_layer() {
  return core::configured_part_type<NearestNeighbours>(
      R"([{"units": 3, "examples": 9, "neighbours": 2}, {"units": 1, "examples": 2}])");
}

}  // namespace ser::nn
