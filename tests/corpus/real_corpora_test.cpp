// The corpora themselves, where they are at hand: SER_CORPORA names the folder that holds TESS and
// EmoDB. They may not be passed on, so nothing of them is part of this project.
#include <cstdlib>
#include <map>

#include <gtest/gtest.h>

#include "ser/corpus/split.h"

namespace ser::corpus {
namespace {

namespace fs = std::filesystem;

using Counts = std::map<std::string, int>;

Counts counts(const Manifest& manifest, std::string Utterance::*member) {
  Counts result;
  for (const auto& utterance : manifest.utterances) ++result[utterance.*member];
  return result;
}

class RealCorpora : public testing::Test {
 protected:
  void SetUp() override {
    const char* folder = std::getenv("SER_CORPORA");
    if (folder == nullptr) {
      GTEST_SKIP() << "set SER_CORPORA to the folder that holds TESS and EmoDB to run this test";
    }
    root_ = folder;
  }

  static void expect_sound_splits(const Manifest& manifest, std::size_t test, std::size_t slack) {
    for (const char* protocol : {"speaker", "text", "random"}) {
      SplitConfig config;
      config.protocol = protocol;
      const Split split = make_split(manifest, config, core::RandomStream(1));
      EXPECT_TRUE(check_leaks(manifest, split).empty()) << protocol;
      if (split.protocol == "speaker") continue;
      EXPECT_NEAR(static_cast<double>(split.test.size()), static_cast<double>(test),
                  static_cast<double>(slack))
          << protocol;
    }
  }

  fs::path root_;
};

TEST_F(RealCorpora, Tess) {
  const Manifest manifest = read_corpus(root_ / "TESS");
  EXPECT_EQ(manifest.layout, "tess");
  EXPECT_EQ(manifest.utterances.size(), 1400U);
  EXPECT_TRUE(manifest.left_out.empty());
  EXPECT_EQ(counts(manifest, &Utterance::label), (Counts{{"angry", 200},
                                                         {"disgust", 200},
                                                         {"fear", 200},
                                                         {"happy", 200},
                                                         {"neutral", 200},
                                                         {"sad", 200},
                                                         {"surprise", 200}}));
  EXPECT_EQ(counts(manifest, &Utterance::speaker), (Counts{{"OAF", 700}, {"YAF", 700}}));
  EXPECT_EQ(manifest.texts().size(), 100U);
  for (const auto& [text, count] : counts(manifest, &Utterance::text)) EXPECT_EQ(count, 14) << text;
  expect_sound_splits(manifest, 140, 0);

  CorpusConfig config;
  config.labels = "folder";
  const Manifest by_folder = read_corpus(root_ / "TESS", config);
  EXPECT_EQ(by_folder.classes.size(), 14U);
  for (const auto& [label, count] : counts(by_folder, &Utterance::label))
    EXPECT_EQ(count, 100) << label;
}

TEST_F(RealCorpora, EmoDb) {
  const Manifest manifest = read_corpus(root_ / "EmoDB");
  EXPECT_EQ(manifest.layout, "emo_db");
  EXPECT_TRUE(manifest.left_out.empty());
  EXPECT_EQ(counts(manifest, &Utterance::label), (Counts{{"angry", 127},
                                                         {"boredom", 81},
                                                         {"disgust", 46},
                                                         {"fear", 69},
                                                         {"happy", 71},
                                                         {"neutral", 79},
                                                         {"sad", 62}}));
  EXPECT_EQ(manifest.speakers().size(), 10U);
  EXPECT_EQ(manifest.texts().size(), 10U);
  expect_sound_splits(manifest, 54, 8);  // one text of ten has 49 to 62 clips
}

TEST_F(RealCorpora, BothAsTwoCorpora) {
  const Manifest manifest = read_corpora({root_ / "TESS", root_ / "EmoDB"});
  EXPECT_EQ(counts(manifest, &Utterance::corpus), (Counts{{"EmoDB", 535}, {"TESS", 1400}}));
  EXPECT_EQ(counts(manifest, &Utterance::label), (Counts{{"angry", 327},
                                                         {"boredom", 81},
                                                         {"disgust", 246},
                                                         {"fear", 269},
                                                         {"happy", 271},
                                                         {"neutral", 279},
                                                         {"sad", 262},
                                                         {"surprise", 200}}));
  EXPECT_EQ(manifest.speakers().size(), 12U);
  EXPECT_TRUE(manifest.left_out.empty());
}

TEST_F(RealCorpora, BothTogetherAreReadAsTheLargerOne) {
  const Manifest manifest = read_corpus(root_);
  EXPECT_EQ(manifest.layout, "tess");
  EXPECT_EQ(manifest.utterances.size(), 1400U);
  EXPECT_EQ(manifest.left_out.size(), 535U);
}

}  // namespace
}  // namespace ser::corpus
