// Compiled with numbers of both kinds: in double the outputs differ by rounding alone, so that
// nothing but exact folding passes.
#include "ser/nn/folding.h"

#include <type_traits>

#include <gtest/gtest.h>

#include "ser/core/error.h"
#include "ser/nn/batch.h"
#include "ser/nn/loss.h"

#include "nn/layer_run.h"

namespace ser::nn {
namespace {

constexpr double kFoldingTolerance = std::is_same_v<Scalar, double> ? 1e-12 : 1e-6;

// Parameters of a network as training leaves them: no gain is one, and no running mean zero.
Vector trained_parameters(const Network& network, std::uint64_t seed) {
  const core::RandomStream random(seed);
  Vector parameters = network.initialize(random);
  const Matrix noise = test::random_matrix(parameters.size(), 1, random.fork("noise"));
  parameters += Scalar(0.1) * noise;
  for (const ParameterRange& range : network.statistics()) {
    const Index half = range.size / 2;
    parameters.segment(range.begin, half) = Scalar(0.5) * noise.block(range.begin, 0, half, 1);
    parameters.segment(range.begin + half, half) =
        noise.block(range.begin + half, 0, half, 1).cwiseAbs().array() + Scalar(0.5);
  }
  return parameters;
}

Matrix probabilities(const Network& network, const Vector& parameters, const Matrix& x) {
  core::ThreadPool pool(1);
  Matrix scores = predict_logits(network, parameters, x, pool);
  const Block block(scores.data(), scores.rows(), scores.cols());
  softmax(ConstBlock(scores.data(), scores.rows(), scores.cols()), block);
  return scores;
}

std::vector<std::string> kinds_of(const core::Json& layers) {
  std::vector<std::string> kinds;
  for (const auto& layer : layers) {
    kinds.push_back(layer["layer"]);
    core::Json inner = core::Json::array();
    if (kinds.back() == "residual") inner = layer["layers"];
    if (kinds.back() == "multi_level_pool") {
      for (const auto& block : layer["blocks"])
        inner.insert(inner.end(), block.begin(), block.end());
    }
    for (const auto& kind : kinds_of(inner)) kinds.push_back("| " + kind);
  }
  return kinds;
}

using Kinds = std::vector<std::string>;

// Folds and compares; gives the kinds of the layers that are left.
Kinds fold_and_compare(const std::string& layers, const Shape& input, bool with_map = false,
                       std::uint64_t seed = 1) {
  SCOPED_TRACE(layers);
  const Network network(core::parse_json(layers, "test"), input);
  const Vector parameters = trained_parameters(network, seed);
  std::optional<AffineMap> map;
  Matrix x = test::random_matrix(input.size(), 5, core::RandomStream(seed).fork("x"));
  Matrix mapped = x;
  if (with_map) {
    map = AffineMap{Eigen::VectorXd::LinSpaced(input.size(), 0.5, 2.0),
                    Eigen::VectorXd::LinSpaced(input.size(), -3.0, 1.0)};
    for (Index c = 0; c < x.cols(); ++c) {
      mapped.col(c) =
          (x.col(c).cast<double>().cwiseProduct(map->scale) + map->shift).cast<Scalar>();
    }
  }
  const auto folded = fold(network, parameters, map);
  if (!folded) return {"nothing"};
  const Matrix expected = probabilities(network, parameters, mapped);
  const Matrix found =
      probabilities(folded->network, folded->parameters, folded->takes_input_map ? x : mapped);
  // Probabilities of nothing but 0 and 1 would say nothing.
  EXPECT_GT((expected.rightCols(4).colwise() - expected.col(0)).cwiseAbs().maxCoeff(), 1e-4);
  EXPECT_LE((found - expected).cwiseAbs().maxCoeff(), kFoldingTolerance);
  Kinds kinds = kinds_of(folded->network.to_json());
  if (folded->takes_input_map) kinds.insert(kinds.begin(), "map");
  return kinds;
}

TEST(Folding, TakesBatchNormalisationIntoTheLayerBefore) {
  for (const char* padding : {"same", "causal", "valid"}) {
    for (const char* more : {"", R"(, "stride": 2)", R"(, "dilation": 3, "bias": false)",
                             R"(, "groups": 4, "bias": false)"}) {
      const std::string window = std::string(R"("kernel": 3, "padding": ")") + padding + '"';
      EXPECT_EQ(fold_and_compare(R"([{"layer": "conv1d", "channels": 20, )" + window + more +
                                     R"(}, {"layer": "batch_norm"}, {"layer": "relu"},
                           {"layer": "global_average_pool"}, {"layer": "dense", "units": 3}])",
                                 {8, 19}),
                (Kinds{"conv1d", "relu", "global_average_pool", "dense"}));
    }
    EXPECT_EQ(
        fold_and_compare(R"([{"layer": "depthwise_conv1d", "padding": ")" + std::string(padding) +
                             R"("}, {"layer": "channel_dropout"}, {"layer": "batch_norm"},
                 {"layer": "silu"}, {"layer": "flatten"}, {"layer": "dense", "units": 4}])",
                         {6, 11}),
        (Kinds{"depthwise_conv1d", "silu", "flatten", "dense"}));
  }
  EXPECT_EQ(fold_and_compare(R"([{"layer": "dense", "units": 9, "bias": false},
                {"layer": "batch_norm"}, {"layer": "dropout"}, {"layer": "batch_norm"},
                {"layer": "gelu"}, {"layer": "dense", "units": 3}])",
                             {12, 1}),
            (Kinds{"dense", "gelu", "dense"}));
}

TEST(Folding, TakesBatchNormalisationIntoTheLayerBehindWhereThatIsExact) {
  EXPECT_EQ(fold_and_compare(R"([{"layer": "conv1d", "channels": 4}, {"layer": "flatten"},
                {"layer": "batch_norm"}, {"layer": "dense", "units": 3}])",
                             {2, 9}),
            (Kinds{"conv1d", "flatten", "dense"}));
  EXPECT_EQ(fold_and_compare(R"([{"layer": "conv1d", "channels": 4}, {"layer": "relu"},
                {"layer": "batch_norm"}, {"layer": "flatten"}, {"layer": "batch_norm"},
                {"layer": "dropout"}, {"layer": "dense", "units": 3, "bias": false}])",
                             {2, 9}),
            (Kinds{"conv1d", "relu", "flatten", "dense"}));
  // no padding that stands behind the normalisation
  for (const char* conv : {R"("kernel": 3, "padding": "valid")", R"("kernel": 1, "groups": 2)"}) {
    EXPECT_EQ(fold_and_compare(R"([{"layer": "batch_norm"}, {"layer": "conv1d", "channels": 6, )" +
                                   std::string(conv) + R"(}, {"layer": "silu"},
                  {"layer": "global_max_pool"}, {"layer": "dense", "units": 3}])",
                               {4, 9}),
              (Kinds{"conv1d", "silu", "global_max_pool", "dense"}));
  }
}

TEST(Folding, LeavesWhatWouldNotBeExact) {
  for (const char* layers : {R"([{"layer": "batch_norm"}, {"layer": "conv1d"}, {"layer": "flatten"},
            {"layer": "dense", "units": 3}])",
                             R"([{"layer": "batch_norm"}, {"layer": "relu"}, {"layer": "flatten"},
            {"layer": "dense", "units": 3}])",
                             R"([{"layer": "conv1d"}, {"layer": "flatten"}, {"layer": "batch_norm"},
            {"layer": "relu"}, {"layer": "dense", "units": 3}])",
                             R"([{"layer": "conv1d"}, {"layer": "flatten"}, {"layer": "dropout"},
            {"layer": "dense", "units": 3}])"}) {
    EXPECT_EQ(fold_and_compare(layers, {2, 9}), Kinds{"nothing"}) << layers;
  }
}

TEST(Folding, GoesIntoResidualBlocks) {
  EXPECT_EQ(fold_and_compare(R"([{"layer": "conv1d", "channels": 6},
          {"layer": "residual", "projection": 20, "layers": [
              {"layer": "batch_norm"}, {"layer": "relu"}, {"layer": "conv1d", "channels": 20},
              {"layer": "batch_norm"}, {"layer": "dropout"}, {"layer": "silu"},
              {"layer": "conv1d", "channels": 20, "bias": false}, {"layer": "batch_norm"}]},
          {"layer": "batch_norm"}, {"layer": "residual", "layers": [
              {"layer": "depthwise_conv1d"}, {"layer": "batch_norm"}]},
          {"layer": "residual", "layers": [{"layer": "dropout"}]},
          {"layer": "residual", "layers": [{"layer": "gelu"}, {"layer": "dropout"}]},
          {"layer": "statistics_pool"}, {"layer": "batch_norm"}, {"layer": "dense", "units": 3}])",
                             {3, 25}),
            (Kinds{"conv1d", "residual", "| batch_norm", "| relu", "| conv1d", "| silu", "| conv1d",
                   "batch_norm", "residual", "| depthwise_conv1d", "residual", "| dropout",
                   "residual", "| gelu", "statistics_pool", "dense"}));
}

TEST(Folding, GoesIntoTheBlocksOfAPool) {
  EXPECT_EQ(fold_and_compare(R"([{"layer": "multi_level_pool", "pool": {"layer": "attentive_pool"},
          "blocks": [[{"layer": "conv1d", "channels": 6, "bias": false}, {"layer": "batch_norm"},
                      {"layer": "relu"}],
                     [{"layer": "max_pool"}, {"layer": "conv1d", "channels": 4},
                      {"layer": "batch_norm"}]]},
          {"layer": "dropout"}, {"layer": "dense", "units": 3}])",
                             {3, 25}),
            (Kinds{"multi_level_pool", "| conv1d", "| relu", "| max_pool", "| conv1d", "dense"}));
}

TEST(Folding, TakesTheMapOfTheInputIntoADenseLayer) {
  EXPECT_EQ(fold_and_compare(R"([{"layer": "flatten"}, {"layer": "dense", "units": 8},
                {"layer": "relu"}, {"layer": "dense", "units": 3}])",
                             {1, 30}, true),
            (Kinds{"map", "flatten", "dense", "relu", "dense"}));
  EXPECT_EQ(fold_and_compare(R"([{"layer": "batch_norm"}, {"layer": "flatten"},
                {"layer": "batch_norm"}, {"layer": "dense", "units": 8, "bias": false},
                {"layer": "batch_norm"}, {"layer": "relu"}, {"layer": "dense", "units": 3}])",
                             {1, 30}, true),
            (Kinds{"map", "flatten", "dense", "relu", "dense"}));
  // What is folded further behind does not make it forget that.
  EXPECT_EQ(fold_and_compare(R"([{"layer": "flatten"}, {"layer": "dense", "units": 8},
                {"layer": "relu"}, {"layer": "batch_norm"}, {"layer": "dense", "units": 3}])",
                             {1, 30}, true),
            (Kinds{"map", "flatten", "dense", "relu", "dense"}));
  for (const char* padding : {"same", "valid"}) {
    EXPECT_EQ(fold_and_compare(R"([{"layer": "conv1d", "channels": 5, "padding": ")" +
                                   std::string(padding) +
                                   R"("}, {"layer": "batch_norm"}, {"layer": "relu"},
                  {"layer": "flatten"}, {"layer": "dense", "units": 3}])",
                               {1, 30}, true),
              (Kinds{"conv1d", "relu", "flatten", "dense"}));
  }
}

TEST(Folding, OfRandomNetworksChangesNothing) {
  core::RandomStream random(5);
  const auto one_of = [&](const std::vector<std::string>& choices) {
    return choices[random.below(choices.size())];
  };
  const std::string norm = R"({"layer": "batch_norm"})";
  int folded = 0;
  for (std::uint64_t round = 0; round < 40; ++round) {
    std::string layers = "[";
    for (int layer = 0; layer < 6; ++layer) {
      layers += one_of({norm, norm, norm + ", " + norm, R"({"layer": "dropout"})",
                        R"({"layer": "silu"})", R"({"layer": "depthwise_conv1d"})",
                        R"({"layer": "max_pool", "size": 2})", R"({"layer": "layer_norm"})",
                        R"({"layer": "conv1d", "channels": 16, "bias": false})",
                        R"({"layer": "conv1d", "channels": 6, "kernel": 1})",
                        R"({"layer": "conv1d", "channels": 8, "kernel": 2, "padding": "valid"})",
                        R"({"layer": "conv1d", "channels": 12, "groups": 2, "kernel": 3})",
                        R"({"layer": "residual", "layers": [{"layer": "depthwise_conv1d"}, )" +
                            norm + "]}"}) +
                ", ";
    }
    layers += one_of({R"({"layer": "flatten"}, )", R"({"layer": "attentive_pool"}, )"});
    layers +=
        one_of({norm + ", ", R"({"layer": "relu"}, )"}) + R"({"layer": "dense", "units": 4}])";
    if (fold_and_compare(layers, {4, 24}, round % 2 == 0, round) != Kinds{"nothing"}) ++folded;
  }
  EXPECT_GE(folded, 30);
}

TEST(Folding, LeavesAPairWhoseParametersWouldNotBeFinite) {
  const Network network(core::parse_json(R"([{"layer": "dense", "units": 2},
      {"layer": "batch_norm"}, {"layer": "relu"}, {"layer": "dense", "units": 2},
      {"layer": "batch_norm"}])",
                                         "test"),
                        {3, 1});
  Vector parameters = trained_parameters(network, 3);
  const Scalar huge = std::numeric_limits<Scalar>::max() / 2;
  parameters[network.parameter_offset(0)] = huge;
  parameters[network.parameter_offset(1)] = 100;  // the gain
  const auto folded = fold(network, parameters);
  ASSERT_TRUE(folded);
  EXPECT_TRUE(folded->parameters.allFinite());
  EXPECT_EQ(kinds_of(folded->network.to_json()), (Kinds{"dense", "batch_norm", "relu", "dense"}));
}

TEST(Folding, LeavesAMapOfTheInputThatWouldCostDigits) {
  const Network network(core::parse_json(R"([{"layer": "dense", "units": 2}])", "test"), {3, 1});
  const Vector parameters = trained_parameters(network, 3);
  const Eigen::VectorXd one = Eigen::VectorXd::Ones(3);
  EXPECT_TRUE(fold(network, parameters, AffineMap{one, one}));
  EXPECT_FALSE(fold(network, parameters, AffineMap{one, 1e4 * one}));
  EXPECT_FALSE(fold(network, parameters, AffineMap{1e30 * one, one}));
  EXPECT_FALSE(fold(network, parameters, AffineMap{1e-30 * one, one}));
}

}  // namespace
}  // namespace ser::nn
