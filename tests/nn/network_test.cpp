#include "ser/nn/network.h"

#include <gtest/gtest.h>

#include "ser/core/error.h"
#include "ser/nn/prepared_parameters.h"

#include "nn/layer_run.h"

namespace ser::nn {
namespace {

const char* const kClassic = R"([
    {"layer": "conv1d", "channels": 256, "kernel": 5}, {"layer": "relu"},
    {"layer": "max_pool", "size": 5, "stride": 2},
    {"layer": "conv1d", "channels": 256, "kernel": 5}, {"layer": "relu"},
    {"layer": "max_pool", "size": 5, "stride": 2},
    {"layer": "conv1d", "channels": 128, "kernel": 5}, {"layer": "relu"},
    {"layer": "max_pool", "size": 5, "stride": 2}, {"layer": "dropout", "rate": 0.2},
    {"layer": "conv1d", "channels": 64, "kernel": 5}, {"layer": "relu"},
    {"layer": "max_pool", "size": 5, "stride": 2}, {"layer": "flatten"},
    {"layer": "dense", "units": 32}, {"layer": "relu"}, {"layer": "dropout", "rate": 0.3},
    {"layer": "dense", "units": 7}])";

core::Json parse(const std::string& text) { return core::parse_json(text, "test"); }

std::string error_of(const core::Json& layers, const Shape& input) {
  try {
    const Network network(layers, input, "model.network");
  } catch (const core::ConfigError& error) {
    return error.code() + " " + error.what();
  }
  return "no error";
}

void expect_error(const core::Json& layers, const Shape& input, const std::string& beginning) {
  const std::string error = error_of(layers, input);
  EXPECT_TRUE(error.starts_with(beginning)) << error << "\nexpected: " << beginning;
}

TEST(Network, TheClassicOneHasTheShapesAndParametersOfKeras) {
  const Network network(parse(kClassic), {1, 162});
  EXPECT_EQ(network.shape_before(6), (Shape{256, 41}));
  EXPECT_EQ(network.shape_before(14), (Shape{704, 1}));
  EXPECT_EQ(network.output_shape(), (Shape{7, 1}));
  // as Keras's summary() counts them
  EXPECT_EQ(network.num_parameters(), 1536 + 327936 + 163968 + 41024 + 22560 + 231);
  EXPECT_EQ(network.parameter_offset(3), 1536);
}

TEST(Network, JsonRoundTrips) {
  const Network network(parse(kClassic), {1, 162});
  const core::Json json = network.to_json();
  EXPECT_EQ(json.size(), 18U);
  EXPECT_EQ(Network(parse(json.dump()), {1, 162}).to_json(), json);
}

TEST(Network, LayersStartDifferently) {
  const Network network(
      parse(R"([{"layer": "dense", "units": 3}, {"layer": "dense", "units": 3}])"), {3, 1});
  const Vector parameters = network.initialize(core::RandomStream(1));
  EXPECT_EQ(parameters, network.initialize(core::RandomStream(1)));
  EXPECT_NE(parameters, network.initialize(core::RandomStream(2)));
  EXPECT_NE(parameters.head(9), parameters.segment(12, 9));
}

TEST(Network, InferenceEqualsTrainingWithoutDropout) {
  const Network network(
      parse(R"([{"layer": "conv1d", "channels": 4}, {"layer": "relu"}, {"layer": "max_pool"},
                {"layer": "flatten"}, {"layer": "dense", "units": 3}])"),
      {2, 9});
  const Vector parameters = network.initialize(core::RandomStream(1));
  const Matrix x = test::random_matrix(18, 4, core::RandomStream(2));
  const ConstBlock block(x.data(), 18, 4);
  const std::vector<core::RandomStream> streams(4, core::RandomStream(1));
  Workspace training(network, 4, Mode::kTraining);
  Workspace inference(network, 6, Mode::kInference);
  core::ThreadPool pool(1);
  PreparedParameters prepared(network, Mode::kTraining);
  prepared.update(parameters, pool);
  const Matrix a = network.forward(parameters, prepared, block, Mode::kTraining, streams, training);
  const Matrix b = network.forward(parameters, prepared, block, Mode::kInference, {}, inference);
  EXPECT_EQ(a, b);
}

TEST(Network, RefusesWhatIsNotAList) {
  expect_error(parse("{}"), {1, 9}, "E_CONFIG_VALUE model.network: expected a list");
  expect_error(parse("[]"), {1, 9}, "E_CONFIG_VALUE model.network: expected a list");
  expect_error(parse("[3]"), {1, 9}, "E_CONFIG_VALUE model.network[0]: expected an object");
  expect_error(parse(R"([{"layer": "relu"}, {"units": 3}])"), {1, 9},
               "E_CONFIG_VALUE model.network[1].layer: expected the kind");
  expect_error(parse(R"([{"layer": 7}])"), {1, 9}, "E_CONFIG_VALUE model.network[0].layer:");
  expect_error(parse(R"([{"layer": "lstm"}])"), {1, 9},
               "E_CONFIG_VALUE model.network[0].layer: must be one of conv1d, ");
}

TEST(Network, RefusesBadHyperParametersWithTheirPath) {
  const auto expect = [](const std::string& layer, const std::string& beginning) {
    expect_error(parse(R"([{"layer": "relu"}, )" + layer + "]"), {2, 9}, beginning);
  };
  expect(R"({"layer": "conv1d", "filters": 3})",
         "E_CONFIG_KEY unknown key \"model.network[1].filters\"");
  expect(R"({"layer": "conv1d", "channels": 0})", "E_CONFIG_VALUE model.network[1].channels:");
  expect(R"({"layer": "conv1d", "channels": -3})", "E_CONFIG_VALUE model.network[1].channels:");
  expect(R"({"layer": "conv1d", "channels": 65537})", "E_CONFIG_VALUE model.network[1].channels:");
  expect(R"({"layer": "conv1d", "kernel": 2.5})", "E_CONFIG_VALUE model.network[1].kernel:");
  expect(R"({"layer": "conv1d", "kernel": 99999999999})",
         "E_CONFIG_VALUE model.network[1].kernel:");
  expect(R"({"layer": "conv1d", "stride": 0})", "E_CONFIG_VALUE model.network[1].stride:");
  expect(R"({"layer": "conv1d", "padding": "full"})", "E_CONFIG_VALUE model.network[1].padding:");
  expect(R"({"layer": "max_pool", "size": 0})", "E_CONFIG_VALUE model.network[1].size:");
  expect(R"({"layer": "max_pool", "stride": 0})", "E_CONFIG_VALUE model.network[1].stride:");
  expect(R"({"layer": "dropout", "rate": 1})", "E_CONFIG_VALUE model.network[1].rate:");
  expect(R"({"layer": "dropout", "rate": -0.1})", "E_CONFIG_VALUE model.network[1].rate:");
  expect(R"({"layer": "dense", "units": 0})", "E_CONFIG_VALUE model.network[1].units:");
  expect(R"({"layer": "relu", "slope": 0})", "E_CONFIG_KEY unknown key \"model.network[1].slope\"");
}

TEST(Network, RefusesShapesThatDoNotFit) {
  expect_error(parse(R"([{"layer": "dense", "units": 3}])"), {2, 9},
               "E_NETWORK_SHAPE model.network[0]: dense expects a flat input");
  expect_error(parse(R"([{"layer": "conv1d", "kernel": 10, "padding": "valid"}])"), {2, 9},
               "E_NETWORK_SHAPE model.network[0]: a window of 10 steps");
  expect_error(parse(R"([{"layer": "max_pool", "size": 10, "padding": "valid"}])"), {2, 9},
               "E_NETWORK_SHAPE model.network[0]: a window of 10 steps");
  for (const Shape& shape : {Shape{0, 9}, Shape{2, 0}, Shape{-1, 9}, Shape{2, -9}}) {
    expect_error(parse(R"([{"layer": "relu"}])"), shape,
                 "E_NETWORK_SHAPE model.network (its input)");
  }
}

TEST(Network, RefusesSizesBeforeAnythingIsAllocated) {
  const core::Json relu = parse(R"([{"layer": "relu"}])");
  constexpr Index kHuge = std::numeric_limits<Index>::max();
  for (const Shape& shape :
       {Shape{kHuge, kHuge}, Shape{1, kHuge}, Shape{Index{1} << 32, Index{1} << 32},
        Shape{(Index{1} << 13) + 1, Index{1} << 13}}) {
    expect_error(relu, shape, "E_NETWORK_SIZE model.network (its input)");
  }
  EXPECT_EQ(error_of(relu, {Index{1} << 13, Index{1} << 13}), "no error");
  // an activation of 2^26 + 2^16 numbers
  expect_error(parse(R"([{"layer": "conv1d", "channels": 65536, "kernel": 1}])"), {1, 1025},
               "E_NETWORK_SIZE model.network[0]");
  // 2^28 + 2^16 parameters, in one layer and in two
  expect_error(parse(R"([{"layer": "dense", "units": 65536}])"), {4096, 1},
               "E_NETWORK_SIZE model.network[0]");
  const char* const half =
      R"({"layer": "dense", "units": 65536, "bias": false}, {"layer": "dense", "units": 2048})";
  expect_error(parse(std::string("[") + half + "," + half + "]"), {2048, 1},
               "E_NETWORK_SIZE model.network[1]");
  // the largest that each hyper-parameter allows, on the largest input
  expect_error(parse(R"([{"layer": "conv1d", "channels": 65536, "kernel": 4096}])"),
               {Index{1} << 26, 1}, "E_NETWORK_SIZE model.network[0]");
  core::Json many = core::Json::array();
  for (int i = 0; i < 1001; ++i) many.push_back({{"layer", "relu"}});
  expect_error(many, {1, 1}, "E_NETWORK_SIZE model.network: 1001 layers");
  many.erase(0);
  EXPECT_EQ(error_of(many, {1, 1}), "no error");
  // 17 activations of 2^26 numbers
  many.erase(many.begin() + 17, many.end());
  expect_error(many, {Index{1} << 13, Index{1} << 13}, "E_NETWORK_SIZE model.network[16]: ");
  many.erase(0);
  EXPECT_EQ(error_of(many, {Index{1} << 13, Index{1} << 13}), "no error");
}

TEST(Network, RefusesCallsThatDoNotFit) {
  const core::Json layers = parse(R"([{"layer": "conv1d", "channels": 2, "kernel": 3}])");
  const Network network(layers, {1, 4});
  Vector parameters = network.initialize(core::RandomStream(1));
  Vector gradient = Vector::Zero(parameters.size());
  const Matrix x = test::random_matrix(4, 3, core::RandomStream(2));
  const Matrix dy = test::random_matrix(8, 3, core::RandomStream(3));
  const std::vector<core::RandomStream> streams(3, core::RandomStream(1));
  Workspace training(network, 3, Mode::kTraining);
  Workspace inference(network, 3, Mode::kInference);
  core::ThreadPool pool(1);
  PreparedParameters prepared(network, Mode::kTraining);
  prepared.update(parameters, pool);
  const auto block = [](const Matrix& matrix, Index rows, Index cols) {
    return ConstBlock(matrix.data(), rows, cols);
  };
  const auto forward = [&](const Vector& p, const ConstBlock& input, std::size_t count,
                           Workspace& workspace) {
    network.forward(p, prepared, input, Mode::kTraining, std::span(streams).first(count),
                    workspace);
  };
  EXPECT_NO_THROW(forward(parameters, block(x, 4, 3), 3, training));
  EXPECT_THROW(forward(parameters, block(x, 4, 2), 2, inference), core::ConfigError);
  EXPECT_THROW(forward(parameters.head(7), block(x, 4, 3), 3, training), core::ConfigError);
  EXPECT_THROW(forward(parameters, block(x, 3, 3), 3, training), core::ConfigError);
  EXPECT_THROW(forward(parameters, block(x, 4, 3), 2, training), core::ConfigError);
  Workspace small(network, 2, Mode::kTraining);
  EXPECT_THROW(forward(parameters, block(x, 4, 3), 3, small), core::ConfigError);
  // the same shapes, but a longer kernel needs more scratch
  const Network shorter(parse(R"([{"layer": "conv1d", "channels": 2, "kernel": 1}])"), {1, 4});
  Workspace other(shorter, 3, Mode::kTraining);
  EXPECT_THROW(forward(parameters, block(x, 4, 3), 3, other), core::ConfigError);

  const PreparedParameters for_inference(network, parameters);
  EXPECT_THROW(network.forward(parameters, for_inference, block(x, 4, 3), Mode::kTraining, streams,
                               training),
               core::ConfigError);
  EXPECT_NO_THROW(
      network.forward(parameters, for_inference, block(x, 4, 3), Mode::kInference, {}, inference));
  EXPECT_THROW(PreparedParameters(network, parameters.head(7)), core::ConfigError);
  EXPECT_THROW(prepared.update(parameters.head(7), pool), core::ConfigError);
  const PreparedParameters of_other(shorter, shorter.initialize(core::RandomStream(1)));
  EXPECT_THROW(
      network.forward(parameters, of_other, block(x, 4, 3), Mode::kInference, {}, inference),
      core::ConfigError);

  const auto backward = [&](const ConstBlock& derivative, Workspace& workspace, Vector& into) {
    forward(parameters, block(x, 4, 3), 3, workspace);
    network.backward(parameters, prepared, block(x, 4, 3), derivative, Mode::kTraining, streams,
                     workspace, into);
  };
  EXPECT_NO_THROW(backward(block(dy, 8, 3), training, gradient));
  EXPECT_THROW(backward(block(dy, 7, 3), training, gradient), core::ConfigError);
  EXPECT_THROW(backward(block(dy, 8, 2), training, gradient), core::ConfigError);
  EXPECT_THROW(backward(block(dy, 8, 3), inference, gradient), core::ConfigError);
  Vector wrong = gradient.head(7);
  EXPECT_THROW(backward(block(dy, 8, 3), training, wrong), core::ConfigError);
}

TEST(Workspace, RefusesSizesThatCannotBe) {
  const Network network(parse(R"([{"layer": "relu"}])"), {1, 1});
  EXPECT_THROW(Workspace(network, 0, Mode::kInference), core::ConfigError);
  EXPECT_THROW(Workspace(network, std::numeric_limits<Index>::max(), Mode::kTraining),
               core::ConfigError);
}

}  // namespace
}  // namespace ser::nn
