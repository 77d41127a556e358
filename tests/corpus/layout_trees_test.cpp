// Trees as corpora come: every recording found, every field right.
#include <cstdio>
#include <map>

#include <gtest/gtest.h>

#include "ser/corpus/split.h"

#include "corpus/error_of.h"
#include "corpus/sample_manifest.h"
#include "support/temporary_folder.h"

namespace ser::corpus {
namespace {

using Counts = std::map<std::string, int>;
using Strings = std::vector<std::string>;

Counts counts_by(const Manifest& manifest, std::string Utterance::*member) {
  Counts result;
  for (const auto& utterance : manifest.utterances) ++result[utterance.*member];
  return result;
}

Counts counts_by(const Manifest& manifest, std::string_view attribute) {
  Counts result;
  for (std::size_t i = 0; i < manifest.utterances.size(); ++i) {
    ++result[std::string(manifest.attribute(i, attribute))];
  }
  return result;
}

std::string number(int value, int width = 2) {
  char text[16];
  std::snprintf(text, sizeof text, "%0*d", width, value);
  return text;
}

void expect_splits(const Manifest& manifest, const Strings& protocols) {
  for (const auto& protocol : protocols) {
    SplitConfig config;
    config.protocol = protocol;
    const Split split = make_split(manifest, config, core::RandomStream(1));
    EXPECT_TRUE(check_leaks(manifest, split).empty()) << protocol;
    EXPECT_EQ(split.train.size() + split.validation.size() + split.test.size(),
              manifest.utterances.size())
        << protocol;
    EXPECT_FALSE(split.test.empty()) << protocol;
  }
}

// 24 actors; per channel neutral in one intensity, the others in two; two statements, twice each.
Strings ravdess_names(int channel, int emotions) {
  Strings names;
  for (int actor = 1; actor <= 24; ++actor) {
    for (int emotion = 1; emotion <= emotions; ++emotion) {
      for (int intensity = 1; intensity <= (emotion == 1 ? 1 : 2); ++intensity) {
        for (int take = 0; take < 4; ++take) {
          names.push_back("Actor_" + number(actor) + "/03-" + number(channel) + "-" +
                          number(emotion) + "-" + number(intensity) + "-" + number(1 + take / 2) +
                          "-" + number(1 + take % 2) + "-" + number(actor) + ".wav");
        }
      }
    }
  }
  return names;
}

TEST(LayoutTrees, Ravdess) {
  const Manifest speech = lay_out("/data/RAVDESS", ravdess_names(1, 8));
  EXPECT_EQ(speech.layout, "ravdess");
  EXPECT_TRUE(speech.left_out.empty());
  ASSERT_EQ(speech.utterances.size(), 24U * 60U);
  EXPECT_EQ(counts_by(speech, &Utterance::label), (Counts{{"neutral", 96},
                                                          {"calm", 192},
                                                          {"happy", 192},
                                                          {"sad", 192},
                                                          {"angry", 192},
                                                          {"fear", 192},
                                                          {"disgust", 192},
                                                          {"surprise", 192}}));
  const auto speakers = counts_by(speech, &Utterance::speaker);
  EXPECT_EQ(speakers.size(), 24U);
  for (const auto& [speaker, count] : speakers) EXPECT_EQ(count, 60) << speaker;
  EXPECT_EQ(counts_by(speech, &Utterance::text),
            (Counts{{"Kids are talking by the door", 720}, {"Dogs are sitting by the door", 720}}));
  EXPECT_EQ(counts_by(speech, "gender"), (Counts{{"female", 720}, {"male", 720}}));
  EXPECT_EQ(counts_by(speech, "intensity"), (Counts{{"normal", 768}, {"strong", 672}}));
  EXPECT_EQ(counts_by(speech, "repetition"), (Counts{{"1", 720}, {"2", 720}}));
  EXPECT_EQ(counts_by(speech, "channel"), (Counts{{"speech", 1440}}));
  expect_splits(speech, {"speaker", "random"});

  Strings both = ravdess_names(1, 8);
  for (auto& name : ravdess_names(2, 6)) both.push_back(std::move(name));
  const Manifest all = lay_out("/data/RAVDESS", both);
  EXPECT_EQ(counts_by(all, "channel"), (Counts{{"speech", 1440}, {"song", 1056}}));
  EXPECT_EQ(counts_by(all, &Utterance::corpus), (Counts{{"RAVDESS", 2496}}));
}

TEST(LayoutTrees, Savee) {
  Strings names;
  for (const char* speaker : {"DC", "JE", "JK", "KL"}) {
    for (const char* emotion : {"a", "d", "f", "h", "n", "sa", "su"}) {
      const int sentences = *emotion == 'n' ? 30 : 15;
      for (int sentence = 1; sentence <= sentences; ++sentence) {
        names.push_back(std::string(speaker) + "/" + emotion + number(sentence) + ".wav");
      }
    }
  }
  const Counts labels = {{"angry", 60},    {"disgust", 60}, {"fear", 60},    {"happy", 60},
                         {"neutral", 120}, {"sad", 60},     {"surprise", 60}};
  const Counts speakers = {{"DC", 120}, {"JE", 120}, {"JK", 120}, {"KL", 120}};
  Strings flat;
  for (const auto& name : names) flat.push_back("ALL/" + name.substr(0, 2) + "_" + name.substr(3));
  for (const auto& list : {names, flat}) {
    const Manifest manifest = lay_out("/data/SAVEE", list);
    EXPECT_EQ(manifest.layout, "savee");
    EXPECT_TRUE(manifest.left_out.empty());
    EXPECT_EQ(counts_by(manifest, &Utterance::label), labels);
    EXPECT_EQ(counts_by(manifest, &Utterance::speaker), speakers);
    expect_splits(manifest, {"speaker", "random"});
  }
}

TEST(LayoutTrees, CremaD) {
  Strings names;
  const Strings sentences = {"IEO", "TIE", "IOM", "IWW", "TAI", "MTI",
                             "IWL", "ITH", "DFA", "ITS", "TSI", "WSI"};
  for (int actor = 1001; actor <= 1091; ++actor) {
    for (const auto& sentence : sentences) {
      for (const char* emotion : {"ANG", "DIS", "FEA", "HAP", "NEU", "SAD"}) {
        names.push_back("AudioWAV/" + std::to_string(actor) + "_" + sentence + "_" + emotion +
                        (sentence == "IEO" ? "_HI.wav" : "_XX.wav"));
      }
    }
  }
  const Manifest manifest = lay_out("/data/CREMA-D", names);
  EXPECT_EQ(manifest.layout, "crema_d");
  EXPECT_TRUE(manifest.left_out.empty());
  const int each = 91 * 12;
  EXPECT_EQ(counts_by(manifest, &Utterance::label), (Counts{{"angry", each},
                                                            {"disgust", each},
                                                            {"fear", each},
                                                            {"happy", each},
                                                            {"neutral", each},
                                                            {"sad", each}}));
  EXPECT_EQ(manifest.speakers().size(), 91U);
  EXPECT_EQ(manifest.texts().size(), 12U);
  EXPECT_EQ(counts_by(manifest, "intensity"), (Counts{{"high", 546}, {"unspecified", 6006}}));
  expect_splits(manifest, {"speaker", "text", "random"});
}

TEST(LayoutTrees, LabelsOfIemocapStandInItsTables) {
  const test::TemporaryFolder folder;
  const std::string session = "Session1/";
  const std::string wav = session + "sentences/wav/Ses01F_impro01/Ses01F_impro01_";
  for (const char* turn : {"F000", "F001", "M000", "M001"}) {
    folder.write(wav + turn + ".wav", turn);
  }
  folder.write(session + "dialog/wav/Ses01F_impro01.wav", "whole");
  folder.write(session + "dialog/EmoEvaluation/Categorical/e1.txt", "Ses01F_impro01_F000 :Sad");
  folder.write(session + "dialog/EmoEvaluation/Ses01F_impro01.txt",
               "% [START_TIME - END_TIME] TURN_NAME EMOTION [V, A, D]\n\n"
               "[6.2901 - 8.2357]\tSes01F_impro01_F000\tneu\t[2.5000, 2.0000, 3.5000]\n"
               "C-E2:\tNeutral;\t()\n"
               "[10.01 - 11.39]\tSes01F_impro01_F001\txxx\t[2.5000, 2.5000, 2.5000]\n"
               "[12.01 - 13.39]\tSes01F_impro01_M000\texc\t[4.0000, 2.5000, 2.5000]\n");
  const Manifest manifest = read_corpus(folder.path());
  EXPECT_EQ(manifest.layout, "iemocap");
  ASSERT_EQ(manifest.utterances.size(), 2U);
  EXPECT_EQ(manifest.utterances[0].label, "neutral");
  EXPECT_EQ(manifest.utterances[0].speaker, "01F");
  EXPECT_EQ(manifest.utterances[0].text, "impro01");
  EXPECT_EQ(manifest.attribute(0, "activation"), "2.0000");
  EXPECT_EQ(manifest.attribute(0, "gender"), "female");
  EXPECT_EQ(manifest.utterances[1].label, "excited");
  EXPECT_EQ(manifest.utterances[1].speaker, "01M");
  ASSERT_EQ(manifest.left_out.size(), 3U);
  EXPECT_NE(manifest.left_out[0].reason.find("does not fit"), std::string::npos);
  EXPECT_NE(manifest.left_out[1].reason.find("no agreement"), std::string::npos);
  EXPECT_NE(manifest.left_out[2].reason.find("no table"), std::string::npos);

  folder.write("Session2/dialog/EmoEvaluation/x.txt", "[1 - 2]\tSes01F_impro01_F000\tang\t[]\n");
  const std::string error = error_of([&] { read_corpus(folder.path()); });
  EXPECT_EQ(error.find("E_CORPUS_TABLE " +
                       (folder / "Session2/dialog/EmoEvaluation/x.txt").string() + ":1: "),
            0U)
      << error;
  EXPECT_TRUE(has(error, "Ses01F_impro01.txt:3 does")) << error;
  folder.write("Session2/dialog/EmoEvaluation/x.txt", "\n" + std::string(2 << 20, 'x'));
  const std::string too_long = error_of([&] { read_corpus(folder.path()); });
  EXPECT_EQ(too_long.find("E_CORPUS_TABLE "), 0U) << too_long;
  EXPECT_TRUE(has(too_long, "x.txt:2: the line is longer")) << too_long;
}

TEST(LayoutTrees, TheTableOfNemoTellsWhatIsSaid) {
  const test::TemporaryFolder folder;
  folder.write("samples/EB0_anger_1.wav", "1");
  folder.write("samples/EB0_surprised_2.wav", "2");
  EXPECT_EQ(read_corpus(folder.path()).texts(), (Strings{"1", "2"}));
  folder.write("data.tsv",
               "file_id\temotion\traw_text\tnormalized_text\tspeaker_id\tgender\tage\n"
               "EB0_anger_1.wav\tanger\tTak.\ttak\t        EB0\tfemale\t27\n");
  const Manifest manifest = read_corpus(folder.path());
  EXPECT_EQ(manifest.layout, "nemo");
  EXPECT_EQ(manifest.classes, (Strings{"angry", "surprise"}));
  EXPECT_EQ(manifest.speakers(), (Strings{"EB0"}));
  EXPECT_EQ(manifest.attribute(0, "age"), "27");
  // Of the other clip only the number of the sentence is known, so both are called by theirs.
  EXPECT_EQ(manifest.texts(), (Strings{"1", "2"}));
  folder.write("data.tsv",
               "file_id\temotion\tnormalized_text\nEB0_surprised_2.wav\t\tnie\n"
               "EB0_anger_1.wav\tanger\ttak\n");
  EXPECT_EQ(read_corpus(folder.path()).texts(), (Strings{"nie", "tak"}));
}

TEST(LayoutTrees, TextsOfNemoThatMightHaveTwoNamesAreRefused) {
  const test::TemporaryFolder folder;
  for (const char* name : {"EB0_anger_1", "EB0_fear_1", "EB0_anger_2", "EB0_anger_3"}) {
    folder.write("samples/" + std::string(name) + ".wav", name);
  }
  const std::string head = "file_id\tnormalized_text\n";
  // One number for two texts, and one text for two numbers: who knows what the others are?
  for (const char* rows : {"EB0_anger_1.wav\ttak\nEB0_fear_1.wav\tnie\n",
                           "EB0_anger_1.wav\ttak\nEB0_anger_3.wav\ttak\n"}) {
    folder.write("data.tsv", head + rows);
    const std::string error = error_of([&] { read_corpus(folder.path()); });
    EXPECT_EQ(error.find("E_CORPUS_TABLE"), 0U) << error;
    EXPECT_TRUE(has(error, ".wav, but not in samples/EB0_")) << error;
  }
}

TEST(LayoutTrees, MistakesInTheTableOfNemoNameFileAndLine) {
  const test::TemporaryFolder folder;
  folder.write("samples/EB0_anger_1.wav", "1");
  const auto expect_error = [&](const std::string& table, int line, const std::string& said) {
    folder.write("data.tsv", table);
    const std::string error = error_of([&] { read_corpus(folder.path()); });
    const std::string place = (folder / "data.tsv").string() + ":" + std::to_string(line) + ": ";
    EXPECT_EQ(error.find("E_CORPUS_TABLE " + place), 0U) << error;
    EXPECT_TRUE(has(error, said)) << error;
  };
  expect_error("\nname\temotion\n", 2, "no column file_id");
  expect_error("file_id\ttext\nx\t\"a\n", 2, "not closed");
  expect_error("file_id\ttext\nx\ty\nz\t\xFF\n", 3, "not UTF-8");
  expect_error("file_id\temotion\nEB0_anger_1.wav\tanger\n\nEB0_anger_1.wav\tfear\n", 4,
               "EB0_anger_1 than line 2 does");
  // Of rows that no recording needs nothing is remembered, but there is an end to their number.
  std::string many = "file_id\n";
  for (int i = 0; i < 4'000'001; ++i) many += "x\n";
  expect_error(many, 4'000'002, "more than 4000000 rows");
}

TEST(LayoutTrees, PartsThatEsdNamesAreKept) {
  const Manifest manifest = lay_out(
      "/data/ESD", {"0011/Angry/train/0011_000351.wav", "0011/Sad/evaluation/0011_001051.wav",
                    "0012/Sad/test/0012_001052.wav"});
  EXPECT_EQ(counts_by(manifest, &Utterance::part),
            (Counts{{"train", 1}, {"validation", 1}, {"test", 1}}));
  EXPECT_NE(describe(manifest).find("Parts       train (1), validation (1), test (1)\n"),
            std::string::npos)
      << describe(manifest);
}

// The benchmark of a million names (tests/bench/corpus_scale.cpp) in small, without its limits.
TEST(LayoutTrees, ManyNamesAreLaidOutSplitAndChecked) {
  Strings names;
  for (int i = 0; i < 20000; ++i) {
    names.push_back("Actor_" + number(1 + i % 24) + "/" + std::to_string(i) + "/03-01-" +
                    number(1 + i % 8) + "-01-" + number(1 + i / 8 % 2) + "-01-" +
                    number(1 + i % 24) + ".wav");
  }
  const Manifest manifest = lay_out("/data", names);
  EXPECT_EQ(manifest.utterances.size(), names.size());
  EXPECT_EQ(manifest.utterances[0].path, "/data/" + manifest.utterances[0].id);
  expect_splits(manifest, {"random"});
}

}  // namespace
}  // namespace ser::corpus
