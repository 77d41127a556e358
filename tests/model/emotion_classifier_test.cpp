#include "ser/model/emotion_classifier.h"

#include <gtest/gtest.h>

#include "ser/audio/write.h"
#include "ser/core/error.h"
#include "ser/dataset/clip_features.h"
#include "ser/nn/batch.h"
#include "ser/nn/loss.h"

#include "model/folded_recogniser.h"
#include "model/small_classifier.h"
#include "support/temporary_folder.h"

namespace ser::model {
namespace {

audio::Waveform white_noise(int sample_rate_hz, std::size_t samples) {
  audio::Waveform waveform{std::vector<float>(samples), sample_rate_hz};
  core::RandomStream random(9);
  for (float& sample : waveform.samples) sample = static_cast<float>(random.uniform(-0.5, 0.5));
  return waveform;
}

TEST(EmotionClassifier, GivesOneProbabilityAClass) {
  const EmotionClassifier classifier(small_parts());
  const auto probabilities = classifier.probabilities(white_noise(22050, 5000));
  ASSERT_EQ(probabilities.size(), 3);
  EXPECT_NEAR(probabilities.sum(), 1.0F, 1e-6F);
  EXPECT_GT(probabilities.minCoeff(), 0.0F);
}

TEST(EmotionClassifier, AgreesWithItselfInEveryWayOfAsking) {
  const EmotionClassifier classifier(small_parts());
  const test::TemporaryFolder folder;
  const auto waveform = white_noise(22050, 4000);
  audio::write_wav(folder / "clip.wav", waveform, audio::WavFormat::kFloat32);
  const auto single = classifier.probabilities(waveform);
  EXPECT_EQ(classifier.probabilities(folder / "clip.wav"), single);
  Eigen::MatrixXf vectors(5, 70);
  for (Eigen::Index c = 0; c < vectors.cols(); ++c) {
    vectors.col(c) = classifier.extractor().clip_vector(waveform);
  }
  core::ThreadPool pool(3);
  const auto many = classifier.probabilities(vectors, pool);
  for (Eigen::Index c = 0; c < many.cols(); ++c) {
    EXPECT_LT((many.col(c) - single).cwiseAbs().maxCoeff(), 1e-6F);
  }
}

TEST(EmotionClassifier, StaysFiniteOnExtremeFeatures) {
  const EmotionClassifier classifier(small_parts());
  core::ThreadPool pool(1);
  const Eigen::MatrixXf extreme = Eigen::MatrixXf::Constant(5, 1, 3e38F);
  EXPECT_TRUE(classifier.probabilities(extreme, pool).allFinite());
  EXPECT_TRUE(classifier.probabilities(Eigen::MatrixXf(-extreme), pool).allFinite());
}

// Parts whose first layer can take the normaliser.
ClassifierParts dense_parts() {
  ClassifierParts parts = small_parts();
  parts.network = core::Json::parse(
      R"([{"layer": "flatten"}, {"layer": "dense", "units": 6}, {"layer": "batch_norm"},
          {"layer": "relu"}, {"layer": "dropout"}, {"layer": "dense", "units": 3}])");
  const nn::Network network(parts.network, {1, 5});
  parts.parameters = network.initialize(core::RandomStream(4));
  for (const nn::ParameterRange& range : network.statistics()) {
    parts.parameters.segment(range.begin, range.size).setLinSpaced(0.2F, 2.0F);
  }
  return parts;
}

TEST(EmotionClassifier, DoesWhatItsNormaliserAndNetworkDoWithFewerLayers) {
  for (const ClassifierParts& parts : {small_parts(), dense_parts()}) {
    const EmotionClassifier classifier(parts);
    Eigen::MatrixXf vectors(5, 60);
    core::RandomStream random(3);
    for (float& number : vectors.reshaped()) number = static_cast<float>(3 * random.normal());
    Eigen::MatrixXf values = vectors;
    parts.normalizer.apply(values);
    core::ThreadPool pool(1);
    Eigen::MatrixXf expected =
        nn::predict_logits(classifier.network(), parts.parameters, values, pool);
    nn::softmax(nn::ConstBlock(expected.data(), 3, 60), nn::Block(expected.data(), 3, 60));
    EXPECT_LE((classifier.probabilities(vectors, pool) - expected).cwiseAbs().maxCoeff(), 1e-6F);
    // What is saved is what was trained.
    EXPECT_EQ(classifier.network().to_json().size(), parts.network.size());
    EXPECT_EQ(classifier.parts().parameters, parts.parameters);
  }
  const auto fold = [](const ClassifierParts& parts) {
    return FoldedRecogniser(std::make_shared<nn::Network>(parts.network, nn::Shape{1, 5}),
                            std::make_shared<ClassifierParts>(parts));
  };
  EXPECT_TRUE(fold(dense_parts()).normalizer_is_folded());
  EXPECT_EQ(fold(dense_parts()).num_layers(), 4U);  // without batch_norm and dropout
  EXPECT_FALSE(fold(small_parts()).normalizer_is_folded());
}

ClassifierParts frame_parts() {
  ClassifierParts parts = small_parts();
  parts.features.form = "frames";
  parts.clip.duration_s = 1.0;
  parts.network = core::Json::parse(
      R"([{"layer": "multi_level_pool", "blocks": [
            [{"layer": "conv1d", "channels": 4, "kernel": 3}, {"layer": "batch_norm"},
             {"layer": "relu"}]]},
          {"layer": "dense", "units": 3}])");
  const nn::Network network(parts.network, {5, 44});
  parts.parameters = network.initialize(core::RandomStream(2));
  return parts;
}

TEST(EmotionClassifier, HearsAsManyFramesAsAClipHas) {
  const EmotionClassifier classifier(frame_parts());
  EXPECT_EQ(classifier.network().input_shape(), (nn::Shape{5, 44}));
  core::RandomStream random(3);
  dataset::ClipFeaturesBuilder builder(classifier.extractor(), classifier.parts().clip, 3);
  std::vector<audio::Waveform> clips;
  for (const std::size_t samples : {9000U, 22050U, 1U}) {
    audio::Waveform clip{std::vector<float>(samples), 22050};
    for (float& sample : clip.samples) sample = static_cast<float>(0.1 * random.normal());
    builder.set(clips.size(), classifier.extractor().clip_vector(clip));
    clips.push_back(std::move(clip));
  }
  Eigen::MatrixXf(Eigen::MatrixXf::Constant(220, 3, NAN)).resize(0, 0);  // memory that was used
  auto features = builder.finish(3);
  EXPECT_EQ(features.lengths, (std::vector<Eigen::Index>{18, 44, 1}));
  // Whether training may go on is decided by a checksum of all.
  EXPECT_TRUE(features.values.col(0).tail(26 * 5).isZero(0.0F));
  EXPECT_TRUE(features.values.col(2).tail(43 * 5).isZero(0.0F));
  features.values.col(2).tail(43 * 5).setConstant(NAN);
  core::ThreadPool pool(2);
  const auto together = classifier.probabilities(features.values, pool, features.lengths);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(classifier.probabilities(clips[i]), together.col(static_cast<Eigen::Index>(i)));
  }
  // What is behind the configured duration is not heard.
  audio::Waveform longer = clips[1];
  longer.samples.resize(44100, 0.5F);
  EXPECT_TRUE(classifier.probabilities(longer).allFinite());
}

TEST(EmotionClassifier, RefusesNetworksThatFramesDoNotFit) {
  const auto code_of = [](const char* network) -> std::string {
    ClassifierParts parts = frame_parts();
    parts.network = core::Json::parse(network);
    parts.parameters = nn::Network(parts.network, {5, 44}).initialize(core::RandomStream(2));
    try {
      const EmotionClassifier classifier(parts);
    } catch (const core::Error& error) {
      return error.code() + " " + error.what();
    }
    return "none";
  };
  EXPECT_NE(code_of(R"([{"layer": "flatten"}, {"layer": "dense", "units": 3}])")
                .find("takes clips of one length only"),
            std::string::npos);
  EXPECT_NE(code_of(R"([{"layer": "conv1d", "kernel": 3, "padding": "valid"},
                        {"layer": "statistics_pool"}, {"layer": "dense", "units": 3}])")
                .find("E_NETWORK_SHAPE network[0]: a clip may have one frame only"),
            std::string::npos);
}

TEST(EmotionClassifier, StaysFiniteOnExtremeFeaturesWithAFoldedNormaliser) {
  ClassifierParts parts = dense_parts();
  core::ThreadPool pool(1);
  for (const float scale : {1e-10F, 1.0F, 1e10F}) {
    parts.normalizer = dataset::Normalizer(Eigen::VectorXf::Constant(5, scale),
                                           Eigen::VectorXf::Constant(5, scale));
    ASSERT_TRUE(FoldedRecogniser(std::make_shared<nn::Network>(parts.network, nn::Shape{1, 5}),
                                 std::make_shared<ClassifierParts>(parts))
                    .normalizer_is_folded());
    const EmotionClassifier classifier(parts);
    for (const float extreme : {3e38F, std::numeric_limits<float>::infinity()}) {
      const Eigen::MatrixXf high = Eigen::MatrixXf::Constant(5, 1, extreme);
      EXPECT_TRUE(classifier.probabilities(high, pool).allFinite());
      EXPECT_TRUE(classifier.probabilities(Eigen::MatrixXf(-high), pool).allFinite());
    }
  }
}

TEST(EmotionClassifier, DividesLogitsByTheTemperatureInEveryWayOfAsking) {
  for (ClassifierParts parts : {small_parts(), dense_parts()}) {
    Eigen::MatrixXf vectors(5, 20);
    core::RandomStream random(3);
    for (float& number : vectors.reshaped()) number = static_cast<float>(3 * random.normal());
    Eigen::MatrixXf values = vectors;
    parts.normalizer.apply(values);
    core::ThreadPool pool(1);
    const EmotionClassifier as_is(parts);
    parts.temperature = 2.5;
    const EmotionClassifier classifier(parts);
    Eigen::MatrixXf expected = as_is.logits_of_normalized(values, pool) / 2.5F;
    EXPECT_EQ(classifier.logits_of_normalized(values, pool),
              as_is.logits_of_normalized(values, pool));
    nn::softmax(nn::ConstBlock(expected.data(), 3, 20), nn::Block(expected.data(), 3, 20));
    EXPECT_EQ(classifier.probabilities_of_normalized(values, pool), expected);
    EXPECT_LE((classifier.probabilities(vectors, pool) - expected).cwiseAbs().maxCoeff(), 1e-6F);
    EXPECT_GT((as_is.probabilities(vectors, pool) - expected).cwiseAbs().maxCoeff(), 1e-2F);
  }
}

TEST(EmotionClassifier, RefusesPartsThatDoNotFit) {
  const auto code = [](const std::function<void(ClassifierParts&)>& spoil) -> std::string {
    auto parts = small_parts();
    spoil(parts);
    try {
      const EmotionClassifier classifier(std::move(parts));
    } catch (const core::Error& error) {
      return error.code();
    }
    return "accepted";
  };
  EXPECT_EQ(code([](auto&) {}), "accepted");
  EXPECT_EQ(code([](auto& p) { p.classes.pop_back(); }), "E_MODEL_SIZE");
  EXPECT_EQ(code([](auto& p) { p.classes = {"one"}; }), "E_MODEL_CONTENT");
  EXPECT_EQ(code([](auto& p) { p.classes[1] = p.classes[0]; }), "E_MODEL_CONTENT");
  EXPECT_EQ(code([](auto& p) { p.classes[1] = ""; }), "E_MODEL_CONTENT");
  EXPECT_EQ(code([](auto& p) { p.features.mfcc_count = 4; }), "E_MODEL_SIZE");
  EXPECT_EQ(code([](auto& p) { p.parameters.conservativeResize(3); }), "E_MODEL_SIZE");
  EXPECT_EQ(code([](auto& p) { p.parameters(0) = std::numeric_limits<float>::infinity(); }),
            "E_MODEL_CONTENT");
  for (const double bad : {0.0, -1.0, 1e-9, 1e9, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_EQ(code([bad](auto& p) { p.temperature = bad; }), "E_MODEL_CONTENT") << bad;
  }
  EXPECT_EQ(code([](auto& p) { p.network = core::Json::object(); }), "E_CONFIG_VALUE");
}

// The network counts what is below zero as zero, but other programs that a model is exported for
// take the root of it.
TEST(EmotionClassifier, RefusesToAnswerWithNumbersThatAreNotFinite) {
  auto parts = small_parts();
  parts.parameters.setConstant(3e38F);
  const EmotionClassifier classifier(std::move(parts));
  try {
    classifier.probabilities(white_noise(22050, 5000));
    FAIL() << "an answer was given";
  } catch (const core::ModelError& error) {
    EXPECT_EQ(error.code(), "E_MODEL_CONTENT");
  }
}

TEST(EmotionClassifier, RefusesAVarianceBelowZero) {
  for (const bool inside : {false, true}) {
    ClassifierParts parts = small_parts();
    const core::Json norm = {{"layer", "batch_norm"}};
    parts.network.insert(parts.network.begin() + 1,
                         inside ? core::Json{{"layer", "residual"}, {"layers", {norm}}} : norm);
    const nn::Network network(parts.network, {1, 5});
    parts.parameters = network.initialize(core::RandomStream(2));
    EXPECT_NO_THROW(EmotionClassifier{parts});
    ASSERT_EQ(network.variances().size(), 1U);
    const auto& variances = network.variances().front();
    parts.parameters(variances.begin + variances.size - 1) = -1e-6F;
    try {
      const EmotionClassifier classifier(parts);
      ADD_FAILURE() << "accepted";
    } catch (const core::ModelError& error) {
      EXPECT_EQ(error.code(), "E_MODEL_CONTENT");
      EXPECT_NE(std::string(error.what()).find("variance"), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace ser::model
