// What every layer of layers.def has to keep. The numerical gradients are checked in double by
// tests/nn/layer_gradient_test.cpp, and that nothing is allocated by tests/nn/allocation_test.cpp.
#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "nn/layer_cases.h"
#include "nn/layer_run.h"

namespace ser::nn {
namespace {

using test::LayerCase;
using test::LayerRun;

void expect_near(const Matrix& a, const Matrix& b, double relative) {
  ASSERT_EQ(a.rows(), b.rows());
  ASSERT_EQ(a.cols(), b.cols());
  if (a.size() == 0) return;
  ASSERT_TRUE(a.allFinite() && b.allFinite());
  EXPECT_LE((a - b).cwiseAbs().maxCoeff(), relative * std::max(1.0F, b.cwiseAbs().maxCoeff()));
}

TEST(LayersContract, EveryKindIsTriedWithItsDefaultsAndExamples) {
  std::set<std::string> kinds;
  for (const LayerCase& layer_case : test::layer_cases()) kinds.insert(layer_case.json["layer"]);
  const auto listed = layer_kinds();
  EXPECT_EQ(kinds, std::set<std::string>(listed.begin(), listed.end()));
  EXPECT_EQ(kinds.size(), listed.size()) << "a kind stands twice";
}

TEST(LayersContract, JsonRoundTrips) {
  for (const LayerCase& layer_case : test::layer_cases()) {
    SCOPED_TRACE(layer_case.name);
    const auto layer = make_layer(layer_case.json);
    const core::Json json = layer->to_json();
    EXPECT_EQ(json["layer"], layer->kind());
    for (const auto& [key, value] : layer_case.json.items()) EXPECT_EQ(json[key], value);
    EXPECT_EQ(make_layer(core::parse_json(json.dump(), "test"))->to_json(), json);
  }
}

TEST(LayersContract, UnknownHyperParametersAreRefusedWithTheirPath) {
  for (const LayerCase& layer_case : test::layer_cases()) {
    core::Json json = layer_case.json;
    json["nonsense"] = 1;
    try {
      make_layer(json, "network[4]");
      ADD_FAILURE() << json;
    } catch (const core::ConfigError& error) {
      EXPECT_EQ(error.code(), "E_CONFIG_KEY");
      EXPECT_NE(std::string(error.what()).find("network[4].nonsense"), std::string::npos);
    }
  }
}

TEST(LayersContract, EveryNumberIsSetAndNoneOutsideItsPlace) {
  for (const LayerCase& layer_case : test::layer_cases()) {
    for (const Mode mode : {Mode::kInference, Mode::kTraining}) {
      SCOPED_TRACE(layer_case.name);
      const auto layer = make_layer(layer_case.json);
      LayerRun run(*layer, layer_case.input, 3, mode);
      const LayerRun before = run;
      run.forward();
      run.backward();
      EXPECT_TRUE(run.y.allFinite());
      EXPECT_TRUE(run.dx.allFinite());
      EXPECT_TRUE(run.gradient.allFinite());
      EXPECT_EQ(run.x, before.x);
      EXPECT_EQ(run.dy, before.dy);
      EXPECT_EQ(run.parameters, before.parameters);
    }
  }
}

TEST(LayersContract, InitialParametersAreFiniteAndTheSameForAStream) {
  for (const LayerCase& layer_case : test::layer_cases()) {
    SCOPED_TRACE(layer_case.name);
    const auto layer = make_layer(layer_case.json);
    const Index count = layer->num_parameters(layer_case.input);
    Vector first = Vector::Constant(count, NAN);
    Vector second = first;
    layer->initialize(layer_case.input, Parameters(first.data(), count), core::RandomStream(5));
    layer->initialize(layer_case.input, Parameters(second.data(), count), core::RandomStream(5));
    EXPECT_TRUE(first.allFinite());
    EXPECT_EQ(first, second);
  }
}

TEST(LayersContract, ABlockIsAsManyBlocksOfOne) {
  constexpr Index kExamples = 5;
  for (const LayerCase& layer_case : test::layer_cases()) {
    for (const Mode mode : {Mode::kInference, Mode::kTraining}) {
      SCOPED_TRACE(layer_case.name);
      const auto layer = make_layer(layer_case.json);
      if (!layer->examples_are_independent(mode)) continue;
      LayerRun block(*layer, layer_case.input, kExamples, mode);
      block.forward();
      block.backward();
      Matrix dx(block.dx.rows(), kExamples);
      Vector gradient = Vector::Zero(block.gradient.size());
      for (Index example = 0; example < kExamples; ++example) {
        LayerRun single(*layer, layer_case.input, 1, mode);
        single.parameters = block.parameters;
        single.x = block.x.col(example);
        single.dy = block.dy.col(example);
        single.streams = {block.streams[static_cast<std::size_t>(example)]};
        single.forward();
        // Bit by bit, so that a recording's scores do not depend on its company.
        EXPECT_EQ(single.y, block.y.col(example));
        single.backward();
        dx.col(example) = single.dx;
        gradient += single.gradient;
      }
      expect_near(dx, block.dx, 1e-5);
      expect_near(gradient, block.gradient, 1e-5);
    }
  }
}

// The trait that excuses a layer from the test before: declared by few, and in training only, since
// a recording's scores must not depend on its company.
TEST(LayersContract, ExamplesDependOnEachOtherWhereALayerSaysSo) {
  for (const LayerCase& layer_case : test::layer_cases()) {
    SCOPED_TRACE(layer_case.name);
    const auto layer = make_layer(layer_case.json);
    EXPECT_TRUE(layer->examples_are_independent(Mode::kInference));
    if (layer->examples_are_independent(Mode::kTraining)) continue;
    // Several, because dropout may leave little of one.
    LayerRun run(*layer, layer_case.input, 9, Mode::kTraining);
    run.forward();
    const Matrix before = run.y.leftCols(8);
    run.x.col(8) *= 2;
    run.forward();
    EXPECT_NE(run.y.leftCols(8), before);
  }
}

TEST(LayersContract, StatisticsAreParametersThatOnlyTrainingChanges) {
  std::size_t seen = 0;
  for (const LayerCase& layer_case : test::layer_cases()) {
    SCOPED_TRACE(layer_case.name);
    const auto layer = make_layer(layer_case.json);
    for (const Mode mode : {Mode::kInference, Mode::kTraining}) {
      LayerRun run(*layer, layer_case.input, 3, mode);
      run.forward();
      run.backward();
      Index end = 0;
      for (const ParameterRange& range : layer->statistics(layer_case.input)) {
        EXPECT_GE(range.begin, end);
        EXPECT_GT(range.size, 0);
        end = range.begin + range.size;
        ASSERT_LE(end, run.gradient.size());
        const auto change = run.gradient.segment(range.begin, range.size).array();
        EXPECT_EQ((change != 0).any(), mode == Mode::kTraining);
        ++seen;
      }
    }
  }
  EXPECT_GT(seen, 0U);
}

// Lengths that a layer takes in one block, the full one first; only that where it takes no other.
std::vector<Index> lengths_for(const Layer& layer, const Shape& input) {
  std::vector<Index> lengths = {input.time};
  const Shape output = layer.output_shape(input);
  for (const Index length : {input.time - 1, (input.time + 1) / 2, Index{1}}) {
    try {
      if (length < 1 || length >= lengths.back()) continue;
      if (layer.output_shape({input.channels, length}).channels != output.channels) continue;
      lengths.push_back(length);
    } catch (const core::ConfigError& error) {
      if (error.code() != "E_NETWORK_SHAPE") throw;
    }
  }
  return lengths;
}

void fill_behind(Matrix& block, Index example, Index size, Scalar garbage) {
  block.col(example).tail(block.rows() - size).setConstant(garbage);
}

TEST(LayersContract, AShorterExampleIsAsItWouldBeAlone) {
  std::set<std::string> kinds;
  for (const LayerCase& layer_case : test::layer_cases()) {
    const Shape& input = layer_case.input;
    const auto layer = make_layer(layer_case.json);
    const std::vector<Index> lengths = lengths_for(*layer, input);
    if (lengths.size() == 1) continue;
    kinds.insert(layer_case.json["layer"]);
    const Index examples = std::ssize(lengths);
    for (const Mode mode : {Mode::kInference, Mode::kTraining}) {
      SCOPED_TRACE(layer_case.name);
      const auto shape_of = [&](Index example) {
        return Shape{input.channels, lengths[static_cast<std::size_t>(example)]};
      };
      const auto run_with = [&](Scalar garbage) {
        LayerRun block(*layer, input, examples, mode);
        block.lengths = lengths;
        for (Index example = 0; example < examples; ++example) {
          fill_behind(block.x, example, shape_of(example).size(), garbage);
          fill_behind(block.dy, example, layer->output_shape(shape_of(example)).size(), garbage);
        }
        block.forward();
        block.backward();
        return block;
      };
      const LayerRun block = run_with(std::numeric_limits<Scalar>::quiet_NaN());
      const LayerRun other = run_with(1e6F);
      EXPECT_EQ(other.gradient, block.gradient);
      Vector gradient = Vector::Zero(block.gradient.size());
      for (Index example = 0; example < examples; ++example) {
        const Shape shape = shape_of(example);
        const Index outputs = layer->output_shape(shape).size();
        ASSERT_LE(outputs, block.y.rows());
        const Matrix y = block.y.col(example).head(outputs);
        const Matrix dx = block.dx.col(example).head(shape.size());
        EXPECT_EQ(y, other.y.col(example).head(outputs));
        EXPECT_EQ(dx, other.dx.col(example).head(shape.size()));
        if (!layer->examples_are_independent(mode)) continue;
        LayerRun single(*layer, shape, 1, mode);
        single.parameters = block.parameters;
        single.x = block.x.col(example).head(shape.size());
        single.dy = block.dy.col(example).head(outputs);
        single.streams = {block.streams[static_cast<std::size_t>(example)]};
        single.forward();
        single.backward();
        EXPECT_EQ(single.y, y);
        expect_near(single.dx, dx, 1e-5);
        gradient += single.gradient;
      }
      if (layer->examples_are_independent(mode)) expect_near(gradient, block.gradient, 1e-5);
    }
  }
  // These take what all steps make together.
  auto listed = layer_kinds();
  std::set<std::string> expected(listed.begin(), listed.end());
  expected.erase("flatten");
  expected.erase("dense");
  expected.erase("nearest_neighbours");
  EXPECT_EQ(kinds, expected);
}

TEST(LayersContract, BackwardSetsAllThatItGives) {
  for (const LayerCase& layer_case : test::layer_cases()) {
    SCOPED_TRACE(layer_case.name);
    const auto layer = make_layer(layer_case.json);
    LayerRun once(*layer, layer_case.input, 2, Mode::kTraining);
    once.forward();
    LayerRun twice = once;
    once.backward();
    twice.backward();
    twice.backward();
    EXPECT_EQ(twice.dx, once.dx);
    EXPECT_EQ(twice.gradient, once.gradient);
  }
}

TEST(LayersContract, AFirstLayerHasTheSameGradientWithoutTheInputs) {
  for (const LayerCase& layer_case : test::layer_cases()) {
    SCOPED_TRACE(layer_case.name);
    const auto layer = make_layer(layer_case.json);
    LayerRun inner(*layer, layer_case.input, 2, Mode::kTraining);
    inner.forward();
    LayerRun first = inner;
    inner.backward();
    first.backward(/*inner=*/false);
    EXPECT_EQ(first.gradient, inner.gradient);
    EXPECT_TRUE(first.dx.array().isNaN().all());
  }
}

}  // namespace
}  // namespace ser::nn
