// Splits that cannot be made, and what the error says about it.
#include <limits>

#include <gtest/gtest.h>

#include "ser/corpus/split.h"

#include "corpus/error_of.h"
#include "corpus/sample_manifest.h"

namespace ser::corpus {
namespace {

std::string split_error(const Manifest& manifest, const SplitConfig& config = {}) {
  return error_of([&] { make_split(manifest, config, core::RandomStream(1)); });
}

TEST(SplitErrors, FewerThanTwoClasses) {
  const std::string error = split_error(make_full_manifest(2, 5, 1));
  EXPECT_TRUE(has(error, "E_SPLIT_CLASSES")) << error;
  EXPECT_TRUE(has(error, "c00")) << error;
  EXPECT_TRUE(has(split_error(Manifest{}), "E_SPLIT_CLASSES"));
}

TEST(SplitErrors, AClassTooSmallIsNamedWithItsCount) {
  for (const char* protocol : {"auto", "speaker", "text", "random"}) {
    std::vector<Row> rows;
    for (int i = 0; i < 60; ++i) {
      rows.push_back({"s" + std::to_string(i % 3), "t" + std::to_string(i % 20),
                      i % 2 == 0 ? "angry" : "sad"});
    }
    rows.push_back({"s0", "t0", "boredom"});
    const std::string error = split_error(make_manifest(rows), with_protocol(protocol));
    EXPECT_TRUE(has(error, "E_SPLIT_CLASS_SIZE")) << protocol << error;
    EXPECT_TRUE(has(error, "boredom has 1 clip,")) << protocol << error;
  }
}

TEST(SplitErrors, EveryPartThatIsAskedForNeedsAClip) {
  std::vector<Row> rows;
  for (int i = 0; i < 20; ++i) rows.push_back({"", "", "angry"});
  rows.push_back({"", "", "sad"});
  rows.push_back({"", "", "sad"});
  SplitConfig config;
  EXPECT_TRUE(has(split_error(make_manifest(rows)), "E_SPLIT_CLASS_SIZE"));
  config.validation_share = 0.0;
  EXPECT_EQ(split_error(make_manifest(rows), config), "no error");
  config.test_share = 0.0;
  rows.pop_back();
  EXPECT_EQ(split_error(make_manifest(rows), config), "no error");
}

TEST(SplitErrors, SpeakersTooFewOrUnknown) {
  const std::string one = split_error(make_full_manifest(1, 20, 3), with_protocol("speaker"));
  EXPECT_TRUE(has(one, "E_SPLIT_SPEAKERS")) << one;
  EXPECT_TRUE(has(one, "s00")) << one;
  EXPECT_TRUE(has(one, "choose protocol text or random")) << one;
  EXPECT_TRUE(has(split_error(make_full_manifest(1, 20, 3)), "E_SPLIT_SPEAKERS"));

  auto manifest = make_full_manifest(3, 20, 3);
  manifest.utterances[7].speaker.clear();
  const std::string some = split_error(manifest);
  EXPECT_TRUE(has(some, "E_SPLIT_SPEAKERS")) << some;
  EXPECT_TRUE(has(some, "the speaker of 1 is unknown")) << some;
  for (auto& utterance : manifest.utterances) utterance.speaker.clear();
  EXPECT_TRUE(has(split_error(manifest, with_protocol("speaker")), "E_SPLIT_SPEAKERS"));
  EXPECT_EQ(split_error(manifest), "no error");
}

TEST(SplitErrors, TextsTooFewOrUnknown) {
  EXPECT_TRUE(
      has(split_error(make_full_manifest(9, 2, 3), with_protocol("text")), "E_SPLIT_TEXTS"));
  EXPECT_EQ(split_error(make_full_manifest(9, 3, 3), with_protocol("text")), "no error");
  auto manifest = make_full_manifest(2, 20, 3);
  manifest.utterances[7].text.clear();
  const std::string error = split_error(manifest, with_protocol("text"));
  EXPECT_TRUE(has(error, "E_SPLIT_TEXTS")) << error;
  EXPECT_TRUE(has(error, "the text of 1 is unknown")) << error;
}

TEST(SplitErrors, AClassBoundToTooFewTexts) {
  std::vector<Row> rows;
  for (int i = 0; i < 60; ++i) {
    rows.push_back({"s" + std::to_string(i % 2), "t" + std::to_string(i % 20), "angry"});
    rows.push_back({"s" + std::to_string(i % 2), "t" + std::to_string(i % 2), "sad"});
  }
  const std::string error = split_error(make_manifest(rows), with_protocol("text"));
  EXPECT_TRUE(has(error, "E_SPLIT_CLASS_SIZE")) << error;
  EXPECT_TRUE(has(error, "sad (60 clips) occurs in 2 texts")) << error;
}

TEST(SplitErrors, TrainingHasToHaveEveryClassBesideNamedTestSpeakers) {
  auto manifest = make_full_manifest(3, 20, 3);
  for (auto& utterance : manifest.utterances) {
    if (utterance.label == "c01") utterance.speaker = "s02";
  }
  SplitConfig config;
  config.test_speakers = {"s02"};
  const std::string error = split_error(manifest, config);
  EXPECT_TRUE(has(error, "E_SPLIT_CLASS_SIZE")) << error;
  EXPECT_TRUE(has(error, "c01")) << error;
  EXPECT_TRUE(has(error, "speaker s02")) << error;
  config.test_speakers = {"s01"};
  EXPECT_EQ(split_error(manifest, config), "no error");
}

TEST(SplitErrors, NoChoiceOfSpeakersLeavesEveryClassInTraining) {
  // each speaker has a class of its own
  std::vector<Row> rows;
  for (int i = 0; i < 40; ++i) {
    rows.push_back({i % 2 == 0 ? "anna" : "ben", "t" + std::to_string(i), i % 2 == 0 ? "a" : "b"});
  }
  EXPECT_TRUE(has(split_error(make_manifest(rows)), "E_SPLIT_CLASS_SIZE"));
}

TEST(SplitErrors, TestSpeakersThatCannotBe) {
  const auto manifest = make_full_manifest(3, 20, 3);
  SplitConfig config;
  config.test_speakers = {"s01", "s09"};
  const std::string unknown = split_error(manifest, config);
  EXPECT_TRUE(has(unknown, "E_CONFIG_VALUE")) << unknown;
  EXPECT_TRUE(has(unknown, "\"s09\"")) << unknown;
  EXPECT_TRUE(has(unknown, "s00, s01, s02")) << unknown;
  config.test_speakers = {"s00", "s01", "s02"};
  EXPECT_TRUE(has(split_error(manifest, config), "leaves nothing to train on"));
  config.test_speakers = {"s00"};
  config.protocol = "random";
  EXPECT_TRUE(has(split_error(manifest, config), "E_CONFIG_VALUE"));
  config.protocol = "auto";
  config.test_share = 0.0;
  EXPECT_TRUE(has(split_error(manifest, config), "E_CONFIG_VALUE"));
}

TEST(SplitErrors, SharesThatCannotBe) {
  const auto manifest = make_full_manifest(3, 20, 3);
  const auto error = [&](double validation, double test) {
    SplitConfig config;
    config.validation_share = validation;
    config.test_share = test;
    return split_error(manifest, config);
  };
  EXPECT_TRUE(has(error(0.5, 0.5), "leave nothing to train on"));
  EXPECT_TRUE(has(error(0.1, 0.9), "E_CONFIG_VALUE"));
  EXPECT_TRUE(has(error(0.7, 0.7), "E_CONFIG_VALUE"));
  EXPECT_TRUE(has(error(-0.1, 0.1), "E_CONFIG_VALUE"));
  EXPECT_TRUE(has(error(0.1, 0.95), "E_CONFIG_VALUE"));
  EXPECT_TRUE(has(error(std::numeric_limits<double>::quiet_NaN(), 0.1), "E_CONFIG_VALUE"));
  SplitConfig config;
  config.protocol = "leave-one-out";
  EXPECT_TRUE(has(split_error(manifest, config), "E_CONFIG_VALUE"));
}

}  // namespace
}  // namespace ser::corpus
