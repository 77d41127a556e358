// Several corpora as one, and the choice of labels.
#include <gtest/gtest.h>

#include "ser/corpus/split.h"

#include "corpus/error_of.h"
#include "support/temporary_folder.h"

namespace ser::corpus {
namespace {

using Strings = std::vector<std::string>;

class Corpora : public testing::Test {
 protected:
  Corpora() {
    folder_.write("tess/OAF_back_fear.wav", "1");
    folder_.write("tess/OAF_back_ps.wav", "2");
    folder_.write("tess/notes.wav", "3");
    folder_.write("berlin/wav/03a01Fa.wav", "4");
    folder_.write("berlin/wav/03a01Wa.wav", "5");
    folder_.write("berlin/wav/08a01Wa.wav", "6");
    folder_.write("other/list.csv", "path,label,speaker,noise\n1.wav,calm,03,low\n");
    folder_.write("other/1.wav", "7");
  }

  Manifest read(const Strings& names, const CorpusConfig& config = {}) const {
    std::vector<std::filesystem::path> roots;
    for (const auto& name : names) roots.push_back(folder_ / name);
    return read_corpora(roots, config);
  }

  test::TemporaryFolder folder_;
};

TEST_F(Corpora, AreReadEachByItsLayout) {
  const Manifest manifest = read({"tess", "berlin", "other/list.csv"});
  Strings ids;
  for (const auto& utterance : manifest.utterances) ids.push_back(utterance.id);
  EXPECT_EQ(ids, (Strings{"EmoDB/wav/03a01Fa.wav", "EmoDB/wav/03a01Wa.wav", "EmoDB/wav/08a01Wa.wav",
                          "TESS/OAF_back_fear.wav", "TESS/OAF_back_ps.wav", "list/1.wav"}));
  EXPECT_EQ(manifest.layout, "tess, emo_db, csv");
  EXPECT_EQ(manifest.classes, (Strings{"angry", "calm", "fear", "happy", "surprise"}));
  // 03 of one corpus is not 03 of another
  EXPECT_EQ(manifest.speakers(), (Strings{"EmoDB/03", "EmoDB/08", "TESS/OAF", "list/03"}));
  EXPECT_EQ(manifest.utterances[5].corpus, "list");
  EXPECT_EQ(manifest.attribute(5, "noise"), "low");
  EXPECT_EQ(manifest.attribute(0, "noise"), "");
  EXPECT_EQ(manifest.label_mapping.at("EmoDB: W"), "angry");
  EXPECT_EQ(manifest.label_mapping.at("TESS: ps"), "surprise");
  ASSERT_EQ(manifest.left_out.size(), 1U);
  EXPECT_EQ(manifest.left_out[0].relative_path, "TESS/notes.wav");
  ASSERT_EQ(manifest.sources.size(), 3U);
  EXPECT_EQ(manifest.sources[1].name, "EmoDB");
  EXPECT_EQ(manifest.sources[1].utterances, 3U);
  const std::string text = describe(manifest);
  EXPECT_EQ(text.find("Corpora     3\n  TESS   layout tess, 2 recordings, "), 0U) << text;
  EXPECT_NE(text.find("  EmoDB  layout emo_db, 3 recordings, "), std::string::npos) << text;
}

TEST_F(Corpora, OneAloneKeepsItsIdsAndSpeakers) {
  const Manifest manifest = read({"berlin"});
  EXPECT_EQ(manifest.utterances[0].id, "wav/03a01Fa.wav");
  EXPECT_EQ(manifest.speakers(), (Strings{"03", "08"}));
  EXPECT_EQ(manifest.sources[0].name, "EmoDB");
}

TEST_F(Corpora, OfOneNameAreToldApartByANumber) {
  folder_.write("a/set/happy/1.wav", "1");
  folder_.write("b/set/happy/1.wav", "2");
  const Manifest manifest = read({"a/set", "b/set"});
  EXPECT_EQ(manifest.utterances[0].id, "set-2/happy/1.wav");  // by their bytes
  EXPECT_EQ(manifest.utterances[0].corpus, "set-2");
  EXPECT_EQ(manifest.utterances[1].id, "set/happy/1.wav");
  // but a second half of TESS has the speakers of the first
  folder_.write("tess2/OAF_bar_fear.wav", "9");
  EXPECT_EQ(read({"tess", "tess2"}).speakers(), (Strings{"OAF"}));
}

TEST_F(Corpora, MayEachHaveALayoutByName) {
  CorpusConfig config;
  config.layout = "folder,emo_db";
  EXPECT_EQ(error_of([&] { read({"tess", "berlin"}, config); }).find("E_CORPUS_LAYOUT"), 0U);
  config.layout = "auto,emo_db";
  EXPECT_EQ(read({"tess", "berlin"}, config).layout, "tess, emo_db");
  EXPECT_EQ(error_of([&] { read({"tess"}, config); }).find("E_CONFIG_VALUE"), 0U);
}

TEST_F(Corpora, MayNotBeNamedTwice) {
  for (const Strings& names : {Strings{"tess", "tess"}, Strings{"tess", "berlin/../tess"},
                               Strings{"berlin", "berlin/wav"}, Strings{"berlin/wav", "berlin"}}) {
    EXPECT_EQ(error_of([&] { read(names); }).find("E_CONFIG_VALUE"), 0U);
  }
}

TEST_F(Corpora, OfOneManifestHaveSpeakersOfTheirOwn) {
  folder_.write("other/2.wav", "8");
  folder_.write("other/two.csv", "path,label,speaker,corpus\n1.wav,sad,03,A\n2.wav,sad,03,B\n");
  EXPECT_EQ(read({"other/two.csv"}).speakers(), (Strings{"A/03", "B/03"}));
}

class Labels : public Corpora {};

TEST_F(Labels, AreMappedKeptAndDroppedByName) {
  CorpusConfig config;
  config.map = {"surprise=happy", "calm=at ease"};
  Manifest manifest = read({"tess", "berlin", "other/list.csv"}, config);
  EXPECT_EQ(manifest.classes, (Strings{"angry", "at ease", "fear", "happy"}));
  EXPECT_EQ(manifest.label_mapping.at("TESS: ps"), "happy");
  EXPECT_TRUE(manifest.dropped.empty());

  config.keep = {"happy", "angry"};
  manifest = read({"tess", "berlin", "other/list.csv"}, config);
  EXPECT_EQ(manifest.classes, (Strings{"angry", "happy"}));
  EXPECT_EQ(manifest.utterances.size(), 4U);
  EXPECT_EQ(manifest.dropped, (std::map<std::string, std::size_t>{{"at ease", 1}, {"fear", 1}}));
  EXPECT_NE(describe(manifest).find("Dropped by their labels: 2\n  at ease  1\n  fear     1\n"),
            std::string::npos)
      << describe(manifest);

  config.keep.clear();
  config.drop = {"at ease"};
  EXPECT_EQ(read({"other/list.csv", "tess"}, config).classes, (Strings{"fear", "happy"}));
}

TEST_F(Labels, ThatDoNotExistAreErrorsThatNameThoseThatDo) {
  const auto error = [&](const Strings& map, const Strings& keep, const Strings& drop) {
    CorpusConfig config;
    config.map = map;
    config.keep = keep;
    config.drop = drop;
    return error_of([&] { read({"berlin"}, config); });
  };
  for (const auto& message : {error({"clam=neutral"}, {}, {}), error({}, {"hapy"}, {}),
                              error({}, {}, {"calm"}), error({"angry=happy"}, {"angry"}, {})}) {
    EXPECT_EQ(message.find("E_CONFIG_VALUE"), 0U) << message;
    EXPECT_NE(message.find("happy"), std::string::npos) << message;
  }
  for (const char* entry : {"angry", "angry=", "=angry", ""}) {
    EXPECT_EQ(error({entry}, {}, {}).find("E_CONFIG_VALUE map: expected LABEL=LABEL"), 0U);
  }
  EXPECT_NE(error({"angry=happy", "angry=sad"}, {}, {}).find("twice"), std::string::npos);
  EXPECT_EQ(error({}, {}, {"angry", "happy"}).find("E_CORPUS_EMPTY"), 0U);
}

TEST(FilesInSegments, LeakWhereTheyOverlapOnTwoSides) {
  Manifest manifest;
  manifest.classes = {"a", "b"};
  const auto add = [&](std::optional<double> start_s, std::optional<double> end_s) {
    Utterance utterance;
    utterance.path = "/x/long.wav";
    utterance.label = manifest.utterances.size() % 2 == 0 ? "a" : "b";
    utterance.start_s = start_s;
    utterance.end_s = end_s;
    utterance.id = std::to_string(manifest.utterances.size());
    manifest.utterances.push_back(utterance);
  };
  add(0.0, 2.0);
  add(1.0, 3.0);
  add(3.0, 4.0);
  add(3.5, std::nullopt);
  const auto leaks = [&](std::vector<std::size_t> train, std::vector<std::size_t> test) {
    return check_leaks(manifest, {"random", "", std::move(train), {}, std::move(test)}).size();
  };
  EXPECT_EQ(leaks({0, 1}, {2, 3}), 0U);  // on one side they may overlap, and touch on two
  EXPECT_EQ(leaks({0}, {1}), 1U);
  EXPECT_EQ(leaks({0, 2}, {1, 3}), 2U);
  add(std::nullopt, std::nullopt);
  EXPECT_EQ(leaks({0}, {4}), 1U);
}

}  // namespace
}  // namespace ser::corpus
