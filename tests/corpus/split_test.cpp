#include "ser/corpus/split.h"

#include <map>
#include <set>

#include <gtest/gtest.h>

#include "corpus/sample_manifest.h"

namespace ser::corpus {
namespace {

using Indices = std::vector<std::size_t>;

std::map<std::string, int> counts_of(const Manifest& manifest, const Indices& part,
                                     std::string Utterance::*member) {
  std::map<std::string, int> result;
  for (const std::size_t i : part) ++result[manifest.utterances[i].*member];
  return result;
}

TEST(RandomSplit, EveryClassIsCutByTheShares) {
  const auto manifest = make_full_manifest(2, 100, 7);
  const Split split = make_split(manifest, with_protocol("random"), core::RandomStream(1));
  EXPECT_EQ(split.protocol, "random");
  EXPECT_EQ(split.train.size(), 1120U);
  EXPECT_EQ(split.validation.size(), 140U);
  EXPECT_EQ(split.test.size(), 140U);
  for (const auto& [label, count] : counts_of(manifest, split.test, &Utterance::label)) {
    EXPECT_EQ(count, 20) << label;
  }
  for (const auto& [label, count] : counts_of(manifest, split.validation, &Utterance::label)) {
    EXPECT_EQ(count, 20) << label;
  }
  EXPECT_TRUE(has(split.statement, "trains on 1120 clips, validates on 140, tests on 140"));
}

TEST(RandomSplit, TheRestOfTheRoundingGoesToTheLargestRemainders) {
  std::vector<Row> rows;  // shares of the test: 4.7, 1.6, 1.5, 1.3, 0.9
  for (const auto& [label, count] : std::vector<std::pair<std::string, int>>{
           {"a", 47}, {"b", 16}, {"c", 15}, {"d", 13}, {"e", 9}}) {
    for (int i = 0; i < count; ++i) rows.push_back({"", "", label});
  }
  const auto manifest = make_manifest(rows);
  SplitConfig config;
  config.validation_share = 0.0;
  const Split split = make_split(manifest, config, core::RandomStream(1));
  EXPECT_EQ(split.protocol, "random");  // no speakers are known
  EXPECT_EQ(counts_of(manifest, split.test, &Utterance::label),
            (std::map<std::string, int>{{"a", 5}, {"b", 2}, {"c", 1}, {"d", 1}, {"e", 1}}));
  EXPECT_TRUE(split.validation.empty());
}

TEST(RandomSplit, RareClassesAreInEveryPart) {
  std::vector<Row> rows;
  for (int i = 0; i < 300; ++i) rows.push_back({"", "", "common"});
  for (int i = 0; i < 3; ++i) rows.push_back({"", "", "rare"});
  const auto manifest = make_manifest(rows);
  const Split split = make_split(manifest, {}, core::RandomStream(1));
  for (const auto* part : {&split.train, &split.validation, &split.test}) {
    EXPECT_EQ(counts_of(manifest, *part, &Utterance::label)["rare"], 1);
  }
  EXPECT_EQ(split.test.size(), 30U);
  EXPECT_EQ(split.validation.size(), 30U);
}

TEST(RandomSplit, LargeSharesLeaveAClipOfEachClassToTrainOn) {
  const auto manifest = make_full_manifest(1, 2, 4);
  SplitConfig config = with_protocol("random");
  config.validation_share = 0.0;
  config.test_share = 0.9;
  const Split split = make_split(manifest, config, core::RandomStream(1));
  EXPECT_EQ(counts_of(manifest, split.train, &Utterance::label).size(), 4U);
  EXPECT_EQ(split.test.size(), 4U);
}

TEST(TextSplit, DrawsWholeTexts) {
  const auto manifest = make_full_manifest(2, 100, 7);
  const Split split = make_split(manifest, with_protocol("text"), core::RandomStream(1));
  EXPECT_EQ(split.protocol, "text");
  EXPECT_EQ(counts_of(manifest, split.test, &Utterance::text).size(), 10U);
  EXPECT_EQ(counts_of(manifest, split.validation, &Utterance::text).size(), 10U);
  EXPECT_EQ(counts_of(manifest, split.train, &Utterance::text).size(), 80U);
  EXPECT_EQ(split.test.size(), 140U);
  EXPECT_TRUE(check_leaks(manifest, split).empty());
  EXPECT_TRUE(has(split.statement, "tests on 140 clips of 10 texts")) << split.statement;
}

TEST(TextSplit, AClassThatFewTextsHaveGetsIntoEveryPart) {
  std::vector<Row> rows;
  for (int i = 0; i < 600; ++i) rows.push_back({"s", "t" + std::to_string(i % 60), "common"});
  for (int i = 0; i < 3; ++i) rows.push_back({"s", "t" + std::to_string(i), "rare"});
  const auto manifest = make_manifest(rows);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Split split = make_split(manifest, with_protocol("text"), core::RandomStream(seed));
    for (const auto* part : {&split.train, &split.validation, &split.test}) {
      EXPECT_EQ(counts_of(manifest, *part, &Utterance::label)["rare"], 1);
    }
    EXPECT_TRUE(check_leaks(manifest, split).empty());
  }
}

// Sizes that differ must not make one draw the best for every seed.
TEST(TextSplit, TheSeedDrawsAmongFewTextsToo) {
  std::vector<Row> rows;
  for (int i = 0; i < 540; ++i) {
    const int text = i % 55 % 10;  // 50 to 59 clips each
    rows.push_back({"s", "t" + std::to_string(text), i * 7 % 3 == 0 ? "angry" : "sad"});
  }
  const auto manifest = make_manifest(rows);
  std::set<std::string> tested;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const Split split = make_split(manifest, with_protocol("text"), core::RandomStream(seed));
    for (const auto& [text, count] : counts_of(manifest, split.test, &Utterance::text)) {
      tested.insert(text);
    }
  }
  EXPECT_EQ(tested.size(), 10U);
}

TEST(SpeakerSplit, OfTwoSpeakersOneTests) {
  const auto manifest = make_full_manifest(2, 100, 7);
  std::set<std::string> tested;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Split split = make_split(manifest, {}, core::RandomStream(seed));
    EXPECT_EQ(split.protocol, "speaker");
    EXPECT_EQ(split.test.size(), 700U);
    // a tenth of all is a ninth of what the test would leave: 77.8 of 700 clips, 11 of 100 texts
    EXPECT_EQ(split.validation.size(), 77U);
    EXPECT_EQ(split.train.size(), 623U);
    const auto speakers = counts_of(manifest, split.test, &Utterance::speaker);
    ASSERT_EQ(speakers.size(), 1U);
    tested.insert(speakers.begin()->first);
    EXPECT_TRUE(
        has(split.statement, "tests on speaker " + speakers.begin()->first + " (700 clips)"));
    EXPECT_TRUE(has(split.statement, "whose 11 texts do not occur in training")) << split.statement;
    EXPECT_TRUE(check_leaks(manifest, split).empty());
  }
  EXPECT_EQ(tested.size(), 2U);  // the seed decides who
}

TEST(SpeakerSplit, WithManySpeakersWholeOnesValidate) {
  const auto manifest = make_full_manifest(10, 10, 7);
  const Split split = make_split(manifest, {}, core::RandomStream(1));
  EXPECT_EQ(counts_of(manifest, split.test, &Utterance::speaker).size(), 1U);
  EXPECT_EQ(counts_of(manifest, split.validation, &Utterance::speaker).size(), 1U);
  EXPECT_EQ(counts_of(manifest, split.train, &Utterance::speaker).size(), 8U);
  EXPECT_TRUE(check_leaks(manifest, split).empty());
}

TEST(SpeakerSplit, SpeakersAreDrawnUntilTheShareIsReached) {
  const auto manifest = make_full_manifest(10, 10, 7);
  SplitConfig config;
  config.test_share = 0.25;
  const Split split = make_split(manifest, config, core::RandomStream(1));
  EXPECT_EQ(counts_of(manifest, split.test, &Utterance::speaker).size(), 3U);
  // a tenth of all is 2/15 of what the test would leave: 65 of 490 clips
  EXPECT_EQ(counts_of(manifest, split.validation, &Utterance::speaker).size(), 1U);
}

TEST(SpeakerSplit, NamedSpeakersTest) {
  const auto manifest = make_full_manifest(10, 10, 7);
  SplitConfig config;
  config.test_speakers = {"s07", "s02", "s07"};
  const Split split = make_split(manifest, config, core::RandomStream(1));
  EXPECT_EQ(counts_of(manifest, split.test, &Utterance::speaker),
            (std::map<std::string, int>{{"s02", 70}, {"s07", 70}}));
  EXPECT_TRUE(has(split.statement, "tests on speakers s02 and s07 (140 clips)")) << split.statement;
}

TEST(SpeakerSplit, ASpeakerWithoutAClassTestsIfItHasToAndTheStatementTells) {
  auto manifest = make_full_manifest(2, 20, 3);
  for (auto& utterance : manifest.utterances) {
    if (utterance.label == "c01") utterance.speaker = "s01";
  }
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const Split split = make_split(manifest, {}, core::RandomStream(seed));
    EXPECT_EQ(counts_of(manifest, split.test, &Utterance::speaker).begin()->first, "s00");
    EXPECT_TRUE(has(split.statement, "none of c01")) << split.statement;
  }
}

TEST(SpeakerSplit, WhereTextsAreUnknownClipsValidate) {
  auto manifest = make_full_manifest(2, 20, 3);
  for (auto& utterance : manifest.utterances) utterance.text.clear();
  const Split split = make_split(manifest, {}, core::RandomStream(1));
  EXPECT_EQ(split.validation.size(), 7U);  // a ninth of 60
  EXPECT_TRUE(has(split.statement, "whose texts may occur in training")) << split.statement;
  EXPECT_TRUE(check_leaks(manifest, split).empty());
}

TEST(SpeakerSplit, WithoutATestPartOneSpeakerIsEnough) {
  const auto manifest = make_full_manifest(1, 20, 3);
  SplitConfig config;
  config.test_share = 0.0;
  const Split split = make_split(manifest, config, core::RandomStream(1));
  EXPECT_EQ(split.protocol, "speaker");
  EXPECT_TRUE(split.test.empty());
  EXPECT_EQ(counts_of(manifest, split.validation, &Utterance::text).size(), 2U);
  EXPECT_TRUE(check_leaks(manifest, split).empty());
}

TEST(SpeakerSplit, ManySpeakersAreCountedNotNamed) {
  const auto manifest = make_full_manifest(40, 4, 3);
  SplitConfig config;
  config.test_share = 0.5;
  const Split split = make_split(manifest, config, core::RandomStream(1));
  EXPECT_TRUE(has(split.statement, "tests on 20 speakers (240 clips)")) << split.statement;
}

TEST(Split, NothingAskedForTrainsOnEverything) {
  for (const char* protocol : {"speaker", "text", "random"}) {
    const auto manifest = make_full_manifest(1, 1, 3);
    SplitConfig config = with_protocol(protocol);
    config.validation_share = 0.0;
    config.test_share = 0.0;
    const Split split = make_split(manifest, config, core::RandomStream(1));
    EXPECT_EQ(split.train, (Indices{0, 1, 2}));
    EXPECT_TRUE(split.validation.empty());
    EXPECT_TRUE(split.test.empty());
    EXPECT_FALSE(split.statement.empty());
  }
}

TEST(Split, BecomesJson) {
  auto manifest = make_manifest({{"", "", "a"}, {"", "", "a"}, {"", "", "b"}});
  manifest.utterances[2].id = "caf\xE9.wav";
  Split split;
  split.protocol = "random";
  split.statement = "drawn";
  split.train = {0, 2};
  split.test = {1};
  EXPECT_EQ(to_json(manifest, split).dump(),
            R"({"protocol":"random","statement":"drawn","train":["clip0000000","caf\\xE9.wav"],)"
            R"("validation":[],"test":["clip0000001"]})");
}

}  // namespace
}  // namespace ser::corpus
