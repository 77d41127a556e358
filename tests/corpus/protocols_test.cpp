// What each protocol does beside what all owe (tests/contract).
#include <chrono>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "ser/corpus/fold_list.h"
#include "ser/corpus/protocol.h"
#include "ser/corpus/split.h"

#include "corpus/error_of.h"
#include "corpus/folds.h"
#include "corpus/sample_manifest.h"

namespace ser::corpus {
namespace {

using Indices = std::vector<std::size_t>;

std::vector<Split> folds_of(const Manifest& manifest, const SplitConfig& config) {
  return make_folds(manifest, config, core::RandomStream(1));
}

std::string error_with(const Manifest& manifest, const SplitConfig& config) {
  return error_of([&] { folds_of(manifest, config); });
}

std::set<std::string> values(const Manifest& manifest, const Indices& part,
                             std::string Utterance::*member) {
  std::set<std::string> result;
  for (const std::size_t i : part) result.insert(manifest.utterances[i].*member);
  return result;
}

void expect_each_clip_is_tested_once(const Manifest& manifest, const std::vector<Split>& folds) {
  std::vector<int> tested(manifest.utterances.size());
  for (const auto& split : folds) {
    for (const std::size_t i : split.test) ++tested[i];
    EXPECT_EQ(split.train.size() + split.validation.size() + split.test.size(), tested.size());
  }
  EXPECT_EQ(std::ranges::count(tested, 1), static_cast<long>(tested.size()));
}

TEST(Loso, TestsEverySpeakerOnceAsProtocolSpeakerWouldByName) {
  const auto manifest = make_full_manifest(5, 10, 3);
  const auto folds = folds_of(manifest, with_protocol("loso"));
  ASSERT_EQ(folds.size(), 5U);
  expect_each_clip_is_tested_once(manifest, folds);
  for (std::size_t f = 0; f < folds.size(); ++f) {
    EXPECT_EQ(folds[f].fold, "s0" + std::to_string(f));
    SplitConfig config = with_protocol("speaker");
    config.test_speakers = {folds[f].fold};
    const Split single = make_split(manifest, config, core::RandomStream(1));
    EXPECT_EQ(folds[f].train, single.train);
    EXPECT_EQ(folds[f].validation, single.validation);
    EXPECT_EQ(folds[f].test, single.test);
    EXPECT_EQ(folds[f].statement, single.statement);
    EXPECT_EQ(speaker_dependence(manifest, folds[f]), "speaker-independent");
    // four are left to train, so one of them validates
    EXPECT_EQ(values(manifest, folds[f].validation, &Utterance::speaker).size(), 1U);
    EXPECT_EQ(values(manifest, folds[f].train, &Utterance::speaker).size(), 3U);
  }
}

TEST(Loso, AFoldThatCannotBeIsNamed) {
  auto manifest = make_full_manifest(3, 20, 3);
  for (auto& utterance : manifest.utterances) {
    if (utterance.label == "c01") utterance.speaker = "s02";
  }
  const std::string error = error_with(manifest, with_protocol("loso"));
  EXPECT_TRUE(has(error, "E_SPLIT_CLASS_SIZE")) << error;
  EXPECT_TRUE(has(error, "fold s02: ")) << error;
  EXPECT_TRUE(has(error, "c01")) << error;
}

TEST(Loso, NeedsSpeakersAndATestPart) {
  EXPECT_TRUE(
      has(error_with(make_full_manifest(1, 9, 3), with_protocol("loso")), "E_SPLIT_SPEAKERS"));
  auto manifest = make_full_manifest(3, 9, 3);
  SplitConfig config = with_protocol("loso");
  config.test_share = 0.0;
  EXPECT_TRUE(has(error_with(manifest, config), "test_share 0"));
  manifest.utterances[4].speaker.clear();
  EXPECT_TRUE(has(error_with(manifest, with_protocol("loso")), "the speaker of 1 is unknown"));
  EXPECT_TRUE(
      has(error_with(make_full_manifest(1001, 1, 2), with_protocol("loso")), "E_SPLIT_FOLDS"));
}

TEST(SpeakerKfold, CutsSpeakersIntoEvenGroups) {
  const auto manifest = make_full_manifest(12, 6, 3);
  SplitConfig config = with_protocol("speaker-kfold");
  config.folds = 4;
  const auto folds = folds_of(manifest, config);
  ASSERT_EQ(folds.size(), 4U);
  expect_each_clip_is_tested_once(manifest, folds);
  for (const auto& split : folds) {
    EXPECT_EQ(values(manifest, split.test, &Utterance::speaker).size(), 3U);
  }
  EXPECT_EQ(folds[1].fold, "2 of 4");
  config.folds = 13;
  EXPECT_TRUE(has(error_with(manifest, config), "12 speakers, which do not make 13 folds"));
}

TEST(SpeakerKfold, LeavesNoFoldEmptyWhereOneSpeakerHasNearlyAll) {
  std::vector<Row> rows;
  for (int i = 0; i < 200; ++i) rows.push_back({"most", "", i % 2 == 0 ? "a" : "b"});
  for (int i = 0; i < 12; ++i) {
    rows.push_back({"few" + std::to_string(i % 3), "", i % 2 == 0 ? "a" : "b"});
  }
  const auto manifest = make_manifest(rows);
  SplitConfig config = with_protocol("speaker-kfold");
  config.folds = 4;
  expect_each_clip_is_tested_once(manifest, folds_of(manifest, config));
}

TEST(Kfold, TestsEveryClipOnceWithItsPartOfEachClass) {
  std::vector<Row> rows;
  for (int i = 0; i < 103; ++i) rows.push_back({"", "", i % 4 == 0 ? "rare" : "common"});
  const auto manifest = make_manifest(rows);
  const auto folds = folds_of(manifest, with_protocol("kfold"));
  ASSERT_EQ(folds.size(), 5U);
  expect_each_clip_is_tested_once(manifest, folds);
  for (const auto& split : folds) {
    EXPECT_NEAR(static_cast<double>(split.test.size()), 20.6, 1.0);
    const auto rare = std::ranges::count_if(
        split.test, [&](std::size_t i) { return manifest.utterances[i].label == "rare"; });
    EXPECT_NEAR(static_cast<double>(rare), 5.2, 1.0);
    // a tenth of all is an eighth of what the test leaves
    EXPECT_NEAR(static_cast<double>(split.validation.size()), 10.3, 1.0);
  }
  EXPECT_EQ(speaker_dependence(manifest, folds[0]), "speakers unknown");
}

TEST(Kfold, NeedsAsManyClipsOfAClassAsFolds) {
  std::vector<Row> rows;
  for (int i = 0; i < 40; ++i) rows.push_back({"", "", i < 4 ? "rare" : "common"});
  const std::string error = error_with(make_manifest(rows), with_protocol("kfold"));
  EXPECT_TRUE(has(error, "the class rare has 4 clips, too few for every part of 5 folds")) << error;
}

TEST(SpeakerText, LeavesOutWhatSharesOneOfThem) {
  const auto manifest = make_full_manifest(10, 10, 3);
  const Split split = make_split(manifest, with_protocol("speaker+text"), core::RandomStream(1));
  // a tenth of 300 clips: about a third of the speakers and of the texts
  const auto speakers = values(manifest, split.test, &Utterance::speaker).size();
  const auto texts = values(manifest, split.test, &Utterance::text).size();
  EXPECT_EQ(speakers, 4U);
  EXPECT_NEAR(static_cast<double>(texts), 2.5, 1.0);
  EXPECT_EQ(split.test.size(), speakers * texts * 3);
  EXPECT_EQ(split.train.size() + split.validation.size(), (10 - speakers) * (10 - texts) * 3);
  const auto left_out = 300 - split.test.size() - split.train.size() - split.validation.size();
  EXPECT_TRUE(has(split.statement, "leaves out the " + std::to_string(left_out) + " clips"))
      << split.statement;
  EXPECT_EQ(speaker_dependence(manifest, split), "speaker-independent");
}

TEST(SpeakerText, TestsNamedSpeakers) {
  const auto manifest = make_full_manifest(4, 20, 3);
  SplitConfig config = with_protocol("speaker+text");
  config.test_speakers = {"s02"};
  const Split split = make_split(manifest, config, core::RandomStream(1));
  EXPECT_EQ(values(manifest, split.test, &Utterance::speaker), (std::set<std::string>{"s02"}));
  EXPECT_FALSE(values(manifest, split.train, &Utterance::speaker).contains("s02"));
  EXPECT_TRUE(has(error_with(make_full_manifest(1, 20, 3), with_protocol("speaker+text")),
                  "E_SPLIT_SPEAKERS"));
  EXPECT_TRUE(
      has(error_with(make_full_manifest(4, 1, 3), with_protocol("speaker+text")), "E_SPLIT_TEXTS"));
}

TEST(Predefined, TakesThePartsOfTheManifest) {
  auto manifest = make_full_manifest(4, 10, 3);
  const auto assign = [&](const std::string& speaker, const std::string& part) {
    for (auto& utterance : manifest.utterances) {
      if (utterance.speaker == speaker) utterance.part = part;
    }
  };
  assign("s00", "train");
  assign("s01", "validation");
  assign("s02", "test");
  const Split split = make_split(manifest, with_protocol("predefined"), core::RandomStream(1));
  EXPECT_EQ(values(manifest, split.train, &Utterance::speaker), (std::set<std::string>{"s00"}));
  EXPECT_EQ(values(manifest, split.validation, &Utterance::speaker),
            (std::set<std::string>{"s01"}));
  EXPECT_EQ(values(manifest, split.test, &Utterance::speaker), (std::set<std::string>{"s02"}));
  EXPECT_TRUE(has(split.statement, "leaves out 30 clips of no part")) << split.statement;

  // Without a validation part one is drawn from what trains, by speaker where three are left.
  assign("s01", "train");
  assign("s03", "train");
  const Split drawn = make_split(manifest, with_protocol("predefined"), core::RandomStream(1));
  EXPECT_EQ(values(manifest, drawn.validation, &Utterance::speaker).size(), 1U);
  EXPECT_EQ(drawn.train.size() + drawn.validation.size(), 90U);

  // Who did not ask for it is told that it is there.
  const Split automatic = make_split(manifest, {}, core::RandomStream(1));
  EXPECT_EQ(automatic.protocol, "speaker");
  EXPECT_TRUE(has(automatic.statement, "parts that the manifest names are not used"));
  for (auto& utterance : manifest.utterances) utterance.speaker.clear();
  EXPECT_EQ(make_split(manifest, {}, core::RandomStream(1)).protocol, "predefined");
}

TEST(Predefined, ErrorsSayWhatIsMissing) {
  auto manifest = make_full_manifest(2, 5, 2);
  EXPECT_TRUE(has(error_with(manifest, with_protocol("predefined")), "E_SPLIT_PARTS"));
  manifest.utterances[3].part = "dev";
  EXPECT_TRUE(
      has(error_with(manifest, with_protocol("predefined")), "clip0000003 is in the part \"dev\""));
  for (auto& utterance : manifest.utterances) {
    utterance.part = utterance.label == "c00" ? "train" : "test";
  }
  EXPECT_TRUE(has(error_with(manifest, with_protocol("predefined")),
                  "no clip of the class c01 is in the training part"));
}

TEST(NamedSpeakers, ValidateAndTest) {
  const auto manifest = make_full_manifest(5, 10, 3);
  for (const char* protocol : {"auto", "speaker", "predefined"}) {
    SplitConfig config = with_protocol(protocol);
    config.test_speakers = {"s01"};
    config.validation_speakers = {"s03", "s04"};
    const Split split = make_split(manifest, config, core::RandomStream(1));
    EXPECT_EQ(values(manifest, split.validation, &Utterance::speaker),
              (std::set<std::string>{"s03", "s04"}));
    EXPECT_EQ(values(manifest, split.train, &Utterance::speaker),
              (std::set<std::string>{"s00", "s02"}));
  }
  SplitConfig config;
  config.test_speakers = {"s01"};
  config.validation_speakers = {"s01"};
  EXPECT_TRUE(has(error_with(manifest, config), "named as a test speaker too"));
  config.validation_speakers = {"s09"};
  EXPECT_TRUE(has(error_with(manifest, config), "validation_speakers: the corpus has no speaker"));
  config.validation_speakers = {"s00", "s02", "s03", "s04"};
  EXPECT_TRUE(has(error_with(manifest, config), "is left to train on"));
  config.protocol = "loso";
  EXPECT_TRUE(has(error_with(manifest, config), "with protocol speaker or speaker+text or"));
  config = {};
  config.validation_speakers = {"s01"};
  EXPECT_TRUE(has(error_with(manifest, config), "nobody in test_speakers"));
  config.test_share = 0.0;
  EXPECT_EQ(values(manifest, make_split(manifest, config, core::RandomStream(1)).validation,
                   &Utterance::speaker),
            (std::set<std::string>{"s01"}));
  config.validation_share = 0.0;
  EXPECT_TRUE(has(error_with(manifest, config), "asks for no validation part"));
}

Manifest three_corpora() {
  auto manifest = make_full_manifest(6, 10, 3);
  for (auto& utterance : manifest.utterances) {
    utterance.corpus = utterance.speaker < "s02" ? "A" : utterance.speaker < "s04" ? "B" : "C";
    if (utterance.corpus == "B" && utterance.label == "c02") utterance.label = "c03";
  }
  manifest.classes.push_back("c03");
  return manifest;
}

TEST(CrossCorpus, MakesAllOrderedPairsOfSharedClasses) {
  const auto manifest = three_corpora();
  const auto folds = folds_of(manifest, with_protocol("cross-corpus"));
  ASSERT_EQ(folds.size(), 6U);
  EXPECT_EQ(folds[0].fold, "A -> B");
  EXPECT_EQ(folds[5].fold, "C -> B");
  for (const auto& split : folds) {
    const bool of_b = has(split.fold, "B");
    EXPECT_EQ(values(manifest, split.test, &Utterance::label).size(), of_b ? 2U : 3U);
    EXPECT_EQ(has(split.statement, "leaves out 40 clips of classes that one side lacks (c02, c03)"),
              of_b)
        << split.statement;
    EXPECT_EQ(values(manifest, split.test, &Utterance::corpus).size(), 1U);
  }
}

// What is asked of each clip or corpus must not look through all corpora.
TEST(CrossCorpus, AnyNumberOfCorporaTakesNoLonger) {
  auto manifest = make_random_manifest({60'000, 0, 0, 3}, core::RandomStream(1));
  for (std::size_t i = 0; i < manifest.utterances.size(); ++i) {
    manifest.utterances[i].corpus = "corpus" + std::to_string(i);
  }
  SplitConfig config;
  for (std::size_t i = 0; i < manifest.utterances.size(); i += 2) {
    config.test_corpora.push_back(manifest.utterances[i].corpus);
  }
  const auto start = std::chrono::steady_clock::now();
  const Split split = make_split(manifest, config, core::RandomStream(1));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
  EXPECT_EQ(split.test.size(), 30'000U);
  EXPECT_EQ(split.train.size() + split.validation.size(), 30'000U);
  // Ten are named, the others counted.
  EXPECT_LT(split.statement.size(), 1000U);
  EXPECT_TRUE(has(split.fold, " and 29990 more -> corpus0+")) << split.fold;
  config.test_corpora.clear();
  config.protocol = "cross-corpus";
  EXPECT_TRUE(has(error_with(manifest, config), "that would be 3599940000 folds"));
}

TEST(FoldList, MakesTheFoldsOfEveryProtocolOneAtATime) {
  auto manifest = make_full_manifest(6, 12, 3);
  for (std::size_t i = 0; i < manifest.utterances.size(); ++i) {
    manifest.utterances[i].corpus = std::string(1, "ABC"[i / 3 % 3]);
    manifest.utterances[i].part = i % 5 == 0 ? "test" : "train";
  }
  for (const auto* protocol : protocols()) {
    const auto config = with_protocol(std::string(protocol->name()));
    const auto all = folds_of(manifest, config);
    const auto list = list_folds(manifest, config, core::RandomStream(1));
    ASSERT_EQ(list->size(), all.size());
    for (std::size_t f = all.size(); f-- > 0;) {
      const Split one = list->make(f);
      EXPECT_EQ(one.protocol, all[f].protocol);
      EXPECT_EQ(one.fold, all[f].fold);
      EXPECT_EQ(one.statement, all[f].statement);
      EXPECT_EQ(one.train, all[f].train);
      EXPECT_EQ(one.validation, all[f].validation);
      EXPECT_EQ(one.test, all[f].test);
    }
  }
}

TEST(FoldList, OfMoreFoldsThanFitIntoMemoryGivesOne) {
  // 400,000 clips of 1,000 speakers: 400 million indices, were all of them kept.
  Manifest manifest;
  manifest.classes = {"x", "y"};
  manifest.utterances.resize(400'000);
  for (std::size_t i = 0; i < manifest.utterances.size(); ++i) {
    auto& utterance = manifest.utterances[i];
    utterance.id = std::to_string(1'000'000 + i);
    utterance.speaker = std::to_string(1000 + i / 400);
    utterance.label = i % 2 == 0 ? "x" : "y";
  }
  const auto config = with_protocol("loso");
  const auto list = list_folds(manifest, config, core::RandomStream(1));
  EXPECT_EQ(list->size(), 1000U);
  const Split split = list->make(999);
  EXPECT_EQ(split.fold, "1999");
  EXPECT_EQ(split.test.size(), 400U);
  EXPECT_EQ(split.test.front(), 399'600U);
}

TEST(FoldList, IsMadeAtOnceWithinABudgetOfWhatItsFoldsTake) {
  // Folds of two corpora out of twelve are not folds of all clips.
  auto manifest = make_full_manifest(12, 10, 3);
  for (auto& utterance : manifest.utterances) utterance.corpus = utterance.speaker;
  const auto list = list_folds(manifest, with_protocol("cross-corpus"), core::RandomStream(1));
  ASSERT_EQ(list->size(), 132U);
  const std::uint64_t bytes = 132 * 2 * 30 * sizeof(std::size_t);
  EXPECT_EQ(all_of(*list, FoldBudget(bytes)).size(), 132U);
  const auto error_within = [&](std::uint64_t most) {
    return error_of([&] { all_of(*list, FoldBudget(most)); });
  };
  EXPECT_TRUE(has(error_within(bytes - 1), "E_SPLIT_FOLDS the first 132 folds take more"));
  EXPECT_TRUE(has(error_within(bytes / 132), "the first 2 folds take more")) << error_within(480);
}

TEST(CrossCorpus, TrainsAndTestsOnNamedOnes) {
  const auto manifest = three_corpora();
  SplitConfig config;
  config.test_corpora = {"C"};
  Split split = make_split(manifest, config, core::RandomStream(1));
  EXPECT_EQ(split.protocol, "cross-corpus");
  EXPECT_EQ(split.fold, "A+B -> C");
  config.train_corpora = {"A"};
  split = make_split(manifest, config, core::RandomStream(1));
  EXPECT_EQ(split.fold, "A -> C");
  EXPECT_EQ(values(manifest, split.train, &Utterance::corpus), (std::set<std::string>{"A"}));
  config.train_corpora = {"A", "C"};
  EXPECT_TRUE(has(error_with(manifest, config), "is to train and to test"));
  config.train_corpora = {"D"};
  EXPECT_TRUE(has(error_with(manifest, config), "there is no corpus \"D\"; there are A, B, C"));
  config.train_corpora.clear();
  config.test_corpora = {"A", "B", "C"};
  EXPECT_TRUE(has(error_with(manifest, config), "leaves none for the other side"));
  auto half_known = make_full_manifest(3, 9, 3);
  for (std::size_t c = 0; c < 9; ++c) half_known.utterances[c].corpus = "A";
  EXPECT_TRUE(has(error_with(half_known, with_protocol("cross-corpus")), "where it is empty"));
  EXPECT_TRUE(has(error_with(make_full_manifest(3, 9, 3), with_protocol("cross-corpus")),
                  "E_SPLIT_CORPORA"));
  config.protocol = "speaker";
  EXPECT_TRUE(has(error_with(manifest, config), "test_corpora can be named with protocol"));
}

TEST(SpeakerDependence, IsToldByTheClips) {
  const auto manifest = make_full_manifest(2, 10, 3);
  EXPECT_EQ(speaker_dependence(
                manifest, make_split(manifest, with_protocol("random"), core::RandomStream(1))),
            "speaker-dependent");
  SplitConfig config;
  config.test_share = 0.0;
  EXPECT_EQ(speaker_dependence(manifest, make_split(manifest, config, core::RandomStream(1))),
            "no test part");
}

TEST(MakeSplit, IsForProtocolsOfOneSplit) {
  const std::string error = error_of([] {
    make_split(make_full_manifest(4, 9, 3), with_protocol("loso"), core::RandomStream(1));
  });
  EXPECT_TRUE(has(error, "protocol loso makes 4 splits")) << error;
}

}  // namespace
}  // namespace ser::corpus
