#include <gtest/gtest.h>

#include "ser/corpus/split.h"

#include "corpus/sample_manifest.h"

namespace ser::corpus {
namespace {

using Indices = std::vector<std::size_t>;

Split make(const std::string& protocol, Indices train, Indices validation, Indices test) {
  return {protocol, "by hand", std::move(train), std::move(validation), std::move(test)};
}

// speakers a a b b c c, texts 1 2 1 2 1 2
Manifest six() {
  std::vector<Row> rows;
  for (const char* speaker : {"a", "b", "c"}) {
    for (const char* text : {"1", "2"}) rows.push_back({speaker, text, "x"});
  }
  return make_manifest(rows);
}

std::size_t leak_count(const Manifest& manifest, const Split& split) {
  return check_leaks(manifest, split).size();
}

TEST(CheckLeaks, FindsNothingInASoundSplit) {
  EXPECT_EQ(leak_count(six(), make("speaker", {0, 1}, {2, 3}, {4, 5})), 0U);
  EXPECT_EQ(leak_count(six(), make("speaker", {0, 2}, {1, 3}, {4, 5})), 0U);
  EXPECT_EQ(leak_count(six(), make("text", {0, 2, 4}, {}, {1, 3, 5})), 0U);
  EXPECT_EQ(leak_count(six(), make("random", {0, 1, 2}, {3}, {4, 5})), 0U);
  EXPECT_EQ(leak_count(six(), make("random", {0}, {}, {5})), 0U);  // others left out on purpose
}

TEST(CheckLeaks, FindsASpeakerOnBothSidesOfTheTest) {
  const auto in_train = check_leaks(six(), make("speaker", {0, 1, 4}, {2, 3}, {5}));
  ASSERT_EQ(in_train.size(), 1U);
  EXPECT_EQ(in_train[0],
            "the speaker c is both in the train part (clip0000004) and in the test part "
            "(clip0000005)");
  EXPECT_EQ(leak_count(six(), make("speaker", {0, 1}, {2, 3, 4}, {5})), 1U);
}

TEST(CheckLeaks, FindsATextThatASpeakerTrainsAndValidatesWith) {
  // speaker a trains and validates; text 1 stands in both
  EXPECT_EQ(leak_count(six(), make("speaker", {0}, {1, 2}, {4, 5})), 1U);
}

TEST(CheckLeaks, FindsATextOnTwoSides) {
  EXPECT_EQ(leak_count(six(), make("text", {0}, {2}, {1})), 1U);
  EXPECT_EQ(leak_count(six(), make("text", {0, 1}, {}, {2, 3})), 2U);
  EXPECT_EQ(leak_count(six(), make("text", {}, {1}, {3})), 1U);
}

TEST(CheckLeaks, FindsAnIndexTwice) {
  const auto leaks = check_leaks(six(), make("random", {0, 1}, {2}, {1}));
  ASSERT_EQ(leaks.size(), 1U);
  EXPECT_EQ(leaks[0], "clip0000001 is both in the train part and in the test part");
  EXPECT_EQ(leak_count(six(), make("random", {0, 0}, {}, {1})), 1U);
}

TEST(CheckLeaks, FindsAFileUnderTwoIndices) {
  auto manifest = six();
  manifest.utterances[5].path = manifest.utterances[0].path;
  EXPECT_EQ(leak_count(manifest, make("random", {0}, {}, {5})), 1U);
}

TEST(CheckLeaks, WhatIsUnknownMayLeak) {
  auto manifest = six();
  manifest.utterances[0].speaker.clear();
  EXPECT_EQ(leak_count(manifest, make("speaker", {0, 1}, {}, {4, 5})), 1U);
  EXPECT_EQ(leak_count(manifest, make("speaker", {4, 5}, {}, {0})), 1U);
}

TEST(CheckLeaks, FindsWhatIsNoSplitAtAll) {
  EXPECT_EQ(leak_count(six(), make("random", {0}, {}, {6})), 1U);
  EXPECT_EQ(leak_count(six(), make("", {0}, {}, {1})), 1U);
}

TEST(CheckLeaks, DoesNotFloodTheReader) {
  const auto manifest = make_full_manifest(1, 100, 2);
  Indices all;
  for (std::size_t i = 0; i < manifest.utterances.size(); ++i) all.push_back(i);
  const auto leaks = check_leaks(manifest, make("random", all, {}, all));
  ASSERT_EQ(leaks.size(), 21U);
  EXPECT_EQ(leaks.back(), "and 180 more");
}

}  // namespace
}  // namespace ser::corpus
