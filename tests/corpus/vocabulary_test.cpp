#include "ser/corpus/vocabulary.h"

#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>

namespace ser::corpus {
namespace {

TEST(CanonicalLabel, KnowsTheSpellingsOfCorpora) {
  const std::map<std::string, std::vector<std::string>> spellings = {
      {"angry", {"angry", "anger", "ang", "ANG", "Wut", "Angry"}},
      {"boredom", {"boredom", "bored", "Langeweile"}},
      {"calm", {"calm", "Calm"}},
      {"contempt", {"contempt", "Contempt"}},
      {"disgust", {"disgust", "disgusted", "DIS", "Ekel"}},
      {"fear", {"fear", "Fear", "fearful", "afraid", "FEA", "Angst"}},
      {"happy", {"happy", "happiness", "joy", "hap", "Freude"}},
      {"neutral", {"neutral", "neu", "NEU", "Neutral"}},
      {"sad", {"sad", "Sadness", "SAD", "Trauer"}},
      {"surprise",
       {"ps", "PS", "surprise", "surprised", "Pleasant_surprise", "pleasant_surprised",
        "Pleasant Surprise", "pleasant-surprised"}},
  };
  for (const auto& [canonical, list] : spellings) {
    for (const auto& spelling : list) EXPECT_EQ(canonical_label(spelling), canonical) << spelling;
  }
}

TEST(CanonicalLabel, LettersMeanSomethingInEmoDbOnly) {
  const std::map<std::string, std::string> letters = {
      {"W", "angry"}, {"L", "boredom"}, {"E", "disgust"}, {"A", "fear"},
      {"F", "happy"}, {"T", "sad"},     {"N", "neutral"}};
  for (const auto& [letter, label] : letters) {
    EXPECT_EQ(canonical_label(letter, "emo_db"), label);
    EXPECT_EQ(canonical_label(letter, "tess"), std::string(1, static_cast<char>(letter[0] + 32)));
  }
  EXPECT_EQ(canonical_label("anger", "emo_db"), "angry");
}

TEST(CanonicalLabel, WhatIsNotKnownKeepsItsName) {
  EXPECT_EQ(canonical_label("OAF_Fear"), "oaf_fear");
  EXPECT_EQ(canonical_label("Cold-Anger  loud"), "cold_anger_loud");
  EXPECT_EQ(canonical_label(" _x_ "), "x");
  EXPECT_EQ(canonical_label("_-"), "_-");
  EXPECT_EQ(canonical_label(""), "");
  EXPECT_EQ(canonical_label("caf\xE9"), "caf\xE9");
}

TEST(CanonicalLabel, AppliedTwiceIsAppliedOnce) {
  for (const auto& [spelling, canonical] : known_spellings()) {
    EXPECT_EQ(canonical_label(spelling), canonical);
    EXPECT_EQ(canonical_label(canonical), canonical);
  }
}

TEST(KnownSpellings, AreSortedDistinctAndInLowerCase) {
  const auto list = known_spellings();
  EXPECT_TRUE(std::ranges::is_sorted(list));
  std::set<std::string> distinct;
  for (const auto& [spelling, canonical] : list) {
    distinct.insert(spelling);
    EXPECT_TRUE(std::ranges::all_of(spelling, [](char c) {
      return (c >= 'a' && c <= 'z') || c == '_';
    })) << spelling;
  }
  EXPECT_EQ(distinct.size(), list.size());
}

}  // namespace
}  // namespace ser::corpus
