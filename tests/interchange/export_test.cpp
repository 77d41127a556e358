#include <cstring>

#include <gtest/gtest.h>

#include "ser/core/error.h"
#include "ser/interchange/onnx.h"
#include "ser/interchange/safetensors.h"

#include "interchange/exported_model.h"
#include "interchange/protobuf_reader.h"
#include "model/small_classifier.h"
#include "nn/graph_evaluation.h"

namespace ser::interchange {
namespace {

using test::MessageReader;
using Write = void(const model::EmotionClassifier&, const ByteSink&);

std::string exported_bytes(Write write, const model::EmotionClassifier& classifier) {
  std::string bytes;
  write(classifier, [&](std::string_view piece) { bytes += piece; });
  return bytes;
}

const model::EmotionClassifier& small_classifier() {
  static const model::EmotionClassifier classifier(model::small_parts());
  return classifier;
}

std::vector<float> floats_of(std::string_view bytes) {
  std::vector<float> numbers(bytes.size() / sizeof(float));
  std::memcpy(numbers.data(), bytes.data(), numbers.size() * sizeof(float));
  return numbers;
}

std::vector<float> list_of(const Eigen::VectorXf& vector) { return {vector.begin(), vector.end()}; }

// What the first layer's weights are in the order [channel, input channel, kernel].
std::vector<float> first_weights() {
  constexpr int kChannels = 4;
  constexpr int kKernel = 3;
  std::vector<float> weights;
  for (int channel = 0; channel < kChannels; ++channel) {
    for (int k = 0; k < kKernel; ++k) {
      weights.push_back(small_classifier().parts().parameters[k * kChannels + channel]);
    }
  }
  return weights;
}

TEST(Onnx, SaysWhatItIs) {
  const std::string bytes = exported_bytes(write_onnx, small_classifier());
  EXPECT_EQ(bytes.substr(0, 7), "\x08\x07\x12\x03ser") << "IR version 7, made by ser";
  const MessageReader onnx(bytes);
  EXPECT_EQ(onnx.message(8).integer(2), 13U) << "operator set";
  std::map<std::string, std::string> metadata;
  for (const auto& entry : onnx.messages(14)) {
    metadata.emplace(entry.text(1), entry.text(2));
  }
  EXPECT_EQ(core::Json::parse(metadata.at("classes")), core::Json(small_classifier().classes()));
  EXPECT_EQ(core::Json::parse(metadata.at("feature_names")),
            core::Json(small_classifier().extractor().clip_names()));
  EXPECT_EQ(metadata.at("sample_rate_hz"), "22050");
  EXPECT_EQ(metadata.at("normalization"), "training");
  EXPECT_EQ(core::Json::parse(metadata.at("features"))["mfcc_count"], 3);
  EXPECT_EQ(core::Json::parse(metadata.at("clip"))["offset_s"], 0.0);
  EXPECT_EQ(core::Json::parse(metadata.at("network"))[0]["layer"], "conv1d");
}

TEST(Onnx, HasTheNormaliserTheNetworkAndASoftmax) {
  const std::string bytes = exported_bytes(write_onnx, small_classifier());
  const MessageReader graph = MessageReader(bytes).message(7);
  std::vector<std::string> operators;
  for (const auto& node : graph.messages(1)) operators.emplace_back(node.text(4));
  EXPECT_EQ(operators, (std::vector<std::string>{"Sub", "Div", "Clip", "Unsqueeze", "Conv", "Relu",
                                                 "Transpose", "Flatten", "Gemm", "Softmax"}));
  const auto port = [](const MessageReader& value) {
    std::string text(value.text(1));
    for (const auto& dimension : test::dimensions_of(value)) text += " " + dimension;
    EXPECT_EQ(value.message(2).message(1).integer(1), 1U) << "float";
    return text;
  };
  EXPECT_EQ(port(graph.message(11)), "features batch 5");
  ASSERT_EQ(graph.messages(12).size(), 2U);
  EXPECT_EQ(port(graph.messages(12)[0]), "logits batch 3");
  EXPECT_EQ(port(graph.messages(12)[1]), "probabilities batch 3");

  std::map<std::string, std::vector<float>> numbers;
  for (const auto& tensor : graph.messages(5)) {
    std::size_t size = tensor.integer(2) == 1 ? sizeof(float) : sizeof(std::int64_t);
    for (const auto dimension : tensor.integers(1)) size *= dimension;
    EXPECT_EQ(tensor.text(9).size(), size) << tensor.text(8);
    if (tensor.integer(2) == 1) {
      numbers.emplace(std::string(tensor.text(8)), floats_of(tensor.text(9)));
    }
  }
  const auto& parts = small_classifier().parts();
  EXPECT_EQ(numbers.at("normalizer.mean"), list_of(parts.normalizer.mean()));
  EXPECT_EQ(numbers.at("normalizer.scale"), list_of(parts.normalizer.scale()));
  EXPECT_EQ(numbers.at("network.0.conv1d.weight"), first_weights());
  EXPECT_EQ(numbers.at("network.4.dense.bias"), list_of(parts.parameters.tail(3)));
}

TEST(Onnx, GivesTheScoresOfTheRecogniser) {
  Eigen::MatrixXf vectors = Eigen::MatrixXf::Random(5, 6);
  vectors(2, 1) = 1e9F;  // beyond the normaliser's limit
  vectors(4, 2) = -1e9F;
  vectors.col(3) *= 1e6F;
  const nn::Graph graph = graph_of(small_classifier());
  nn::test::Tensor features{{6, 5}, {vectors.reshaped().begin(), vectors.reshaped().end()}};
  const auto all = nn::test::evaluate(graph, {{"features", features}});
  core::ThreadPool pool(1);
  const Eigen::MatrixXf expected = small_classifier().probabilities(vectors, pool);
  ASSERT_EQ(all.at("probabilities").shape, (std::vector<nn::Index>{6, 3}));
  for (Eigen::Index i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(all.at("probabilities").values[static_cast<std::size_t>(i)], expected.data()[i],
                1e-5);
  }
}

TEST(Onnx, DividesByTheTemperatureBeforeTheSoftmax) {
  auto parts = model::small_parts();
  parts.temperature = 0.4;
  const model::EmotionClassifier classifier(parts);
  const nn::Graph graph = graph_of(classifier);
  const Eigen::MatrixXf vectors = Eigen::MatrixXf::Random(5, 6);
  const nn::test::Tensor features{{6, 5}, {vectors.reshaped().begin(), vectors.reshaped().end()}};
  const auto all = nn::test::evaluate(graph, {{"features", features}});
  core::ThreadPool pool(1);
  const Eigen::MatrixXf expected = classifier.probabilities(vectors, pool);
  const Eigen::MatrixXf without = small_classifier().probabilities(vectors, pool);
  EXPECT_GT((expected - without).cwiseAbs().maxCoeff(), 1e-2F);
  for (Eigen::Index i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(all.at("probabilities").values[static_cast<std::size_t>(i)], expected.data()[i],
                1e-5);
  }
  const std::string bytes = exported_bytes(write_onnx, classifier);
  bool told = false;
  for (const auto& entry : MessageReader(bytes).messages(14)) {
    told = told || (entry.text(1) == "temperature" && entry.text(2) == "0.4");
  }
  EXPECT_TRUE(told);
}

TEST(Onnx, EndsAtTwoGigabytes) {
  const float zero = 0;
  nn::Graph graph;
  // A view that repeats one number takes no memory.
  graph.parameters.push_back({"large", {1 << 14, (1 << 15) - 1}, {0, 0}, &zero});
  const std::uint64_t size = onnx_model(graph, {}).size();
  EXPECT_GT(size, std::uint64_t{1} << 30);
  graph.parameters.push_back({"small", {1 << 14, 1}, {0, 0}, &zero});
  try {
    onnx_model(graph, {});
    ADD_FAILURE() << "accepted";
  } catch (const core::ModelError& error) {
    EXPECT_EQ(error.code(), "E_EXPORT_SIZE");
  }
}

TEST(Safetensors, HoldsTheNumbersByName) {
  const std::string bytes = exported_bytes(write_safetensors, small_classifier());
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), sizeof length);
  EXPECT_EQ(length % 8, 0U);
  const auto header = core::Json::parse(bytes.substr(8, length));
  const std::string_view data = std::string_view(bytes).substr(8 + length);
  std::uint64_t end = 0;
  std::vector<std::string> names;
  for (const auto& [name, tensor] : header.items()) {
    if (name == "__metadata__") continue;
    names.push_back(name);
    EXPECT_EQ(tensor["dtype"], "F32");
    std::uint64_t size = sizeof(float);
    for (const auto& dimension : tensor["shape"]) size *= dimension.get<std::uint64_t>();
    EXPECT_EQ(tensor["data_offsets"][0], end) << "no gap is allowed";
    end = tensor["data_offsets"][1].get<std::uint64_t>();
    EXPECT_EQ(end - tensor["data_offsets"][0].get<std::uint64_t>(), size);
  }
  EXPECT_EQ(end, data.size());
  EXPECT_EQ(names, (std::vector<std::string>{"normalizer.mean", "normalizer.scale",
                                             "network.0.conv1d.weight", "network.0.conv1d.bias",
                                             "network.4.dense.weight", "network.4.dense.bias"}));
  const auto numbers = [&](const char* name) {
    const auto& offsets = header[name]["data_offsets"];
    const auto begin = offsets[0].get<std::size_t>();
    return floats_of(data.substr(begin, offsets[1].get<std::size_t>() - begin));
  };
  const auto& parts = small_classifier().parts();
  EXPECT_EQ(numbers("normalizer.scale"), list_of(parts.normalizer.scale()));
  EXPECT_EQ(header["network.0.conv1d.weight"]["shape"], core::Json({4, 1, 3}));
  EXPECT_EQ(numbers("network.0.conv1d.weight"), first_weights());
  EXPECT_EQ(header["network.4.dense.weight"]["shape"], core::Json({3, 20}));
  EXPECT_EQ(numbers("network.4.dense.bias"), list_of(parts.parameters.tail(3)));
  const auto& metadata = header["__metadata__"];
  for (const auto& [key, value] : metadata.items()) EXPECT_TRUE(value.is_string()) << key;
  EXPECT_EQ(core::Json::parse(metadata["classes"].get<std::string>()),
            core::Json(small_classifier().classes()));
}

}  // namespace
}  // namespace ser::interchange
