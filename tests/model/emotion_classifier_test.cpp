#include "ser/model/emotion_classifier.h"

#include <gtest/gtest.h>

#include "ser/audio/write.h"
#include "ser/core/error.h"

#include "model/small_classifier.h"
#include "support/temporary_folder.h"

namespace ser::model {
namespace {

audio::Waveform noise(int sample_rate_hz, std::size_t samples) {
  audio::Waveform waveform{std::vector<float>(samples), sample_rate_hz};
  core::RandomStream random(9);
  for (float& sample : waveform.samples) sample = static_cast<float>(random.uniform(-0.5, 0.5));
  return waveform;
}

TEST(EmotionClassifier, GivesOneProbabilityAClass) {
  const EmotionClassifier classifier(small_parts());
  const auto probabilities = classifier.probabilities(noise(22050, 5000));
  ASSERT_EQ(probabilities.size(), 3);
  EXPECT_NEAR(probabilities.sum(), 1.0F, 1e-6F);
  EXPECT_GT(probabilities.minCoeff(), 0.0F);
}

TEST(EmotionClassifier, AgreesWithItselfInEveryWayOfAsking) {
  const EmotionClassifier classifier(small_parts());
  const test::TemporaryFolder folder;
  const auto waveform = noise(22050, 4000);
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
  EXPECT_EQ(code([](auto& p) { p.network = core::Json::object(); }), "E_CONFIG_VALUE");
}

}  // namespace
}  // namespace ser::model
