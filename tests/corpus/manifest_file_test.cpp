#include <chrono>
#include <cmath>

#include <gtest/gtest.h>

#include "ser/core/random.h"
#include "ser/corpus/display_name.h"
#include "ser/corpus/manifest.h"

#include "corpus/error_of.h"
#include "corpus/manifest_rows.h"
#include "corpus/row_budget.h"
#include "corpus/text_lines.h"
#include "corpus/time_text.h"
#include "support/temporary_folder.h"

namespace ser::corpus {
namespace {

using Strings = std::vector<std::string>;

// A folder with recordings a.wav, b.wav and c.wav, and manifests of them.
class ManifestFile : public testing::Test {
 protected:
  ManifestFile() {
    for (const char* name : {"a.wav", "b.wav", "sub/c.wav"}) folder_.write(name, name);
  }

  Manifest read(const std::string& content, const std::string& name = "list.csv") const {
    return read_corpus(folder_.write(name, content));
  }

  std::string error(const std::string& content, const std::string& name = "list.csv") const {
    return error_of([&] { read(content, name); });
  }

  // The code, and the place and words that the message has.
  void expect_error(const std::string& content, const std::string& code, int line,
                    const std::string& said, const std::string& name = "list.csv") const {
    const std::string message = error(content, name);
    EXPECT_EQ(
        message.find(code + " " + (folder_ / name).string() + ":" + std::to_string(line) + ": "),
        0U)
        << message;
    EXPECT_NE(message.find(said), std::string::npos) << message;
  }

  test::TemporaryFolder folder_;
};

TEST_F(ManifestFile, ReadsEveryColumn) {
  const Manifest manifest = read(
      "path,label,speaker,text,corpus,split,start,end,noise\n"
      "b.wav,Fear,S2,hello,Mine,test,,,low\n"
      "a.wav,angry,S1,\"say \"\"no\"\", now\",Mine,train,0.5,2.25,\n"
      "a.wav,ANG, S1 ,,Mine , dev,2.25,,\n");
  EXPECT_EQ(manifest.layout, "csv");
  ASSERT_EQ(manifest.utterances.size(), 3U);
  EXPECT_EQ(manifest.classes, (Strings{"angry", "fear"}));
  EXPECT_EQ(manifest.attribute_names, (Strings{"noise"}));
  const auto& first = manifest.utterances[0];
  EXPECT_EQ(first.id, "a.wav#0.5-2.25");
  EXPECT_EQ(first.path, (folder_ / "a.wav").string());
  EXPECT_EQ(first.speaker, "S1");
  EXPECT_EQ(first.text, "say \"no\", now");
  EXPECT_EQ(first.corpus, "Mine");
  EXPECT_EQ(first.part, "train");
  EXPECT_EQ(first.start_s, 0.5);
  EXPECT_EQ(first.end_s, 2.25);
  EXPECT_EQ(first.label, "angry");
  EXPECT_EQ(manifest.attribute(0, "noise"), "");
  EXPECT_EQ(manifest.utterances[1].id, "a.wav#2.25-");
  // Blanks beside a value would make two speakers of one.
  EXPECT_EQ(manifest.utterances[1].speaker, "S1");
  EXPECT_EQ(manifest.utterances[1].corpus, "Mine");
  EXPECT_EQ(manifest.utterances[1].part, "validation");
  EXPECT_EQ(manifest.utterances[1].end_s, std::nullopt);
  const auto& last = manifest.utterances[2];
  EXPECT_EQ(last.id, "b.wav");
  EXPECT_EQ(last.part, "test");
  EXPECT_EQ(last.start_s, std::nullopt);
  EXPECT_EQ(manifest.attribute(2, "noise"), "low");
  EXPECT_EQ(manifest.attribute(2, "none"), "");
}

TEST_F(ManifestFile, TheFormatsAndTheirSpellingsSayTheSame) {
  const std::string path = (folder_ / "sub" / "c.wav").string();
  for (const auto& [name, content] : std::map<std::string, std::string>{
           {"plain.csv", "path,label\na.wav,happy\nsub/c.wav,sad\n"},
           {"crlf.CSV", "\xEF\xBB\xBFpath,label\r\n./a.wav,happy\r\n\r\nsub//c.wav,sad"},
           {"quoted.csv", "\"label\" , \"path\"\n\"happy\",\"a.wav\"\nsad," + path + "\n"},
           {"tabs.tsv", "label\tpath\nhappy\ta.wav\nsad\tsub/../sub/c.wav\n"},
           {"lines.jsonl",
            "{\"path\":\"a.wav\",\"label\":\"happy\",\"start\":null}\n\n"
            "{\"label\":\"sad\",\"path\":\"sub/c.wav\"}\r\n"}}) {
    SCOPED_TRACE(name);
    if (name == "quoted.csv") {
      expect_error(content, "E_MANIFEST_FORMAT", 1, "quotes", name);  // a space behind quotes
      continue;
    }
    const Manifest manifest = read(content, name);
    ASSERT_EQ(manifest.utterances.size(), 2U);
    EXPECT_EQ(manifest.utterances[0].id, "a.wav");
    EXPECT_EQ(manifest.utterances[0].label, "happy");
    EXPECT_EQ(manifest.utterances[0].start_s, std::nullopt);
    EXPECT_EQ(manifest.utterances[1].id, "sub/c.wav");
    EXPECT_EQ(test::read_text(manifest.utterances[1].path), "sub/c.wav");
  }
}

TEST_F(ManifestFile, NamesMayBeOfAnyLanguageAndHoldQuotesAndCommas) {
  const Strings names = {"\xC3\xA4rgerlich, \"sehr\".wav", "\xE6\x80\x92\xE3\x82\x8A.wav",
                         "two\nlines.wav", "semi;colon'.wav"};
  std::string content = "path,label,text\n";
  for (const auto& name : names) {
    folder_.write(name, name);
    std::string quoted = name;
    for (std::size_t at = quoted.find('"'); at != std::string::npos; at = quoted.find('"', at + 2))
      quoted.insert(at, 1, '"');
    content += "\"" + quoted + "\",angry,\"\"\n";
  }
  const Manifest manifest = read(content);
  ASSERT_EQ(manifest.utterances.size(), names.size());
  for (const auto& utterance : manifest.utterances) {
    EXPECT_EQ(test::read_text(utterance.path), utterance.id);
  }
}

TEST_F(ManifestFile, AbsolutePathsAndAnyNamesOfTypesOfFiles) {
  folder_.write("take1", "sound");
  folder_.write("b.mp3", "sound");
  const Manifest manifest =
      read("path,label\n" + (folder_ / "a.wav").string() + ",happy\ntake1,sad\nb.mp3,sad\n");
  EXPECT_EQ(manifest.utterances.size(), 2U);
  ASSERT_EQ(manifest.left_out.size(), 1U);
  EXPECT_EQ(manifest.left_out[0].relative_path, "b.mp3");
}

TEST_F(ManifestFile, LabelsMayBeTakenAsWritten) {
  CorpusConfig config;
  config.labels = "folder";
  const auto file = folder_.write("list.csv", "path,label\na.wav,ANG\nb.wav,Anger\n");
  EXPECT_EQ(read_corpus(file).classes, (Strings{"angry"}));
  EXPECT_EQ(read_corpus(file, config).classes, (Strings{"ANG", "Anger"}));
}

TEST_F(ManifestFile, ReadsTablesOfAudformat) {
  const Manifest manifest = read(
      "file,start,end,emotion,speaker,emotion.confidence\n"
      "a.wav,0 days 00:00:00,0 days 00:00:01.500000,anger,3,0.9\n"
      "a.wav,0 days 00:00:01.500000000,NaT,happiness,3,\n"
      "b.wav,0 days 00:00:00,NaT,,8,0.1\n"
      "sub/c.wav,,,fear,8,1\n",
      "db.segments.csv");
  EXPECT_EQ(manifest.layout, "audformat");
  ASSERT_EQ(manifest.utterances.size(), 3U);
  EXPECT_EQ(manifest.classes, (Strings{"angry", "fear", "happy"}));
  EXPECT_EQ(manifest.speakers(), (Strings{"3", "8"}));
  EXPECT_EQ(manifest.utterances[0].start_s, 0.0);
  EXPECT_EQ(manifest.utterances[0].end_s, 1.5);
  EXPECT_EQ(manifest.utterances[1].start_s, 1.5);
  EXPECT_EQ(manifest.utterances[1].end_s, std::nullopt);
  EXPECT_EQ(manifest.attribute(0, "emotion.confidence"), "0.9");
  ASSERT_EQ(manifest.left_out.size(), 1U);
  EXPECT_NE(manifest.left_out[0].reason.find("no label"), std::string::npos);
}

TEST_F(ManifestFile, SpeakersOfAudformatMayStandInItsTableOfFiles) {
  folder_.write("db.files.csv",
                "file,duration,speaker,transcription\n"
                "sub/../a.wav,0 days 00:00:01,3,a01\nb.wav,0 days 00:00:02,8,\n");
  const std::string table = "file,emotion\na.wav,anger\nb.wav,fear\nsub/c.wav,anger\n";
  const Manifest manifest = read(table, "db.emotion.csv");
  EXPECT_EQ(manifest.utterances[0].speaker, "3");
  EXPECT_EQ(manifest.utterances[0].text, "a01");
  EXPECT_EQ(manifest.utterances[1].speaker, "8");
  EXPECT_EQ(manifest.utterances[2].speaker, "");
  EXPECT_TRUE(read(table, "other.emotion.csv").speakers().empty());
  folder_.write("db.files.csv", "file,speaker\n\"a.wav,3\n");
  expect_error("", "E_MANIFEST_COLUMNS", 1, "path", "db.emotion.csv");
  EXPECT_NE(error(table, "db.emotion.csv").find("db.files.csv:2: "), std::string::npos);
}

TEST_F(ManifestFile, ATableOfFilesThatSaysNothingSoundIsRefused) {
  const std::string table = "file,emotion,speaker\na.wav,anger,3\nb.wav,fear,\n";
  const auto refused = [&](const std::string& files, const std::string& code, int line,
                           const std::string& said) {
    folder_.write("db.files.csv", files);
    const std::string message = error(table, "db.emotion.csv");
    const std::string place = (folder_ / "db.files.csv").string() + ":" + std::to_string(line);
    EXPECT_EQ(message.find(code + " " + place + ": "), 0U) << message;
    EXPECT_NE(message.find(said), std::string::npos) << message;
  };
  refused("path,speaker\na.wav,3\n", "E_MANIFEST_COLUMNS", 1, "no column file");
  refused("", "E_MANIFEST_COLUMNS", 1, "no column file");
  refused("file,file\na.wav,3\n", "E_MANIFEST_COLUMNS", 1, "\"file\" stands twice");
  refused("file,speaker\n\na.wav,3\nb.wav\n", "E_MANIFEST_FORMAT", 4, "expected 2 fields");
  refused("file,speaker\n,3\n", "E_MANIFEST_VALUE", 2, "the file is empty");
  refused("file,speaker\nnone.wav,3\n", "E_MANIFEST_VALUE", 1, "none of its files");
  refused(
      "file,speaker\nb.wav,4\na.wav,8\n", "E_MANIFEST_VALUE", 3,
      "the speaker of a.wav is \"8\" here, but \"3\" in " + (folder_ / "db.emotion.csv").string());
  refused("file,text\nb.wav,no\na.wav,\n./b.wav,yes\n", "E_MANIFEST_VALUE", 4,
          "the text of b.wav is \"yes\" here, but \"no\" in line 2");
  folder_.write("db.files.csv",
                "file , speaker\n" + (folder_ / "b.wav").string() + ", 4\na.wav,3 \nx.wav,9\n");
  EXPECT_EQ(read(table, "db.emotion.csv").speakers(), (Strings{"3", "4"}));
}

TEST_F(ManifestFile, WhatIsSaidInASegmentIsNotWhatIsSaidInItsFile) {
  folder_.write("db.files.csv", "file,transcription\na.wav,well no\n");
  const Manifest manifest =
      read("file,start,end,emotion,text\na.wav,0,1,anger,well\na.wav,1,2,fear,\n", "db.seg.csv");
  EXPECT_EQ(manifest.texts(), (Strings{"well", "well no"}));
}

TEST_F(ManifestFile, OneRecordingHasOneIdHoweverItIsWritten) {
  std::filesystem::create_directory_symlink(folder_.path(), folder_ / "sub" / "link");
  const std::string inside = (folder_ / "sub" / "c.wav").string();
  const std::string own = folder_.path().filename().string();
  for (const std::string& written :
       Strings{"sub/c.wav", inside, "../" + own + "/sub/c.wav",
               (folder_ / "sub" / "link" / "sub" / "c.wav").string(), "sub/../sub//c.wav"}) {
    SCOPED_TRACE(written);
    EXPECT_EQ(read("path,label\n" + written + ",happy\n").utterances[0].id, "sub/c.wav");
    expect_error("path,label\nsub/c.wav,happy\n" + written + ",happy\n", "E_MANIFEST_DUPLICATE", 3,
                 "line 2");
  }
  expect_error("path,label\nsub/link/a.wav,happy\na.wav,happy\n", "E_MANIFEST_DUPLICATE", 3, "");

  // Of a recording elsewhere the path at least is one, by which overlapping segments are found.
  const test::TemporaryFolder other;
  other.write("d.wav", "d");
  const std::string elsewhere = (other / "d.wav").string();
  const auto relative = std::filesystem::relative(elsewhere, folder_.path()).string();
  const Manifest segments =
      read("path,label,start,end\n" + elsewhere + ",happy,0,2\n" + relative + ",happy,1,3\n");
  EXPECT_EQ(segments.utterances[0].path, elsewhere);
  EXPECT_EQ(segments.utterances[1].path, elsewhere);
  expect_error("path,label\n" + elsewhere + ",happy\n" + relative + ",happy\n",
               "E_MANIFEST_DUPLICATE", 3, "line 2");

  // A list is the same whether it is named by a relative or an absolute path.
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder_.path());
  const std::string absolute = (folder_ / "a.wav").string();
  folder_.write("list.csv", "path,label\na.wav,happy\n" + absolute + ",happy\n");
  const std::string twice = error_of([] { read_corpus("list.csv"); });
  folder_.write("list.csv", "path,label\n" + absolute + ",happy\nsub/../b.wav,sad\n");
  const auto manifest = read_corpus("list.csv");
  std::filesystem::current_path(before);
  EXPECT_EQ(twice.find("E_MANIFEST_DUPLICATE list.csv:3: "), 0U) << twice;
  EXPECT_EQ(manifest.utterances[0].id, "a.wav");
  EXPECT_EQ(manifest.utterances[1].id, "b.wav");
}

TEST_F(ManifestFile, OneSegmentHasOneIdHoweverItIsWritten) {
  const std::string head = "path,label,start,end\n";
  const Strings zeros = {"", "0", "-0", "0.0", " 0 ", "NaT", "0 days 00:00:00"};
  for (const auto& zero : zeros) {
    SCOPED_TRACE(zero);
    const auto whole = read(head + "a.wav,happy," + zero + ",\n").utterances[0];
    EXPECT_EQ(whole.id, "a.wav");
    EXPECT_EQ(whole.start_s, std::nullopt);
    const auto begun = read(head + "a.wav,happy," + zero + ",2\n").utterances[0];
    EXPECT_EQ(begun.id, "a.wav#0-2");
    ASSERT_TRUE(begun.start_s);
    EXPECT_FALSE(std::signbit(*begun.start_s));
    for (const auto& other : zeros) {
      expect_error(head + "a.wav,x," + zero + ",\na.wav,x," + other + ",\n", "E_MANIFEST_DUPLICATE",
                   3, "a.wav stands in line 2");
      expect_error(head + "a.wav,x," + zero + ",2\na.wav,x," + other + ",2.0\n",
                   "E_MANIFEST_DUPLICATE", 3, "a.wav#0-2 stands in line 2");
    }
  }
}

// Bytes that would steer a terminal, wherever they stand in a file.
TEST_F(ManifestFile, NothingOfAFileReachesAMessageUnshown) {
  const std::string evil = "\x1B[2J\xC2\x9B\xE2\x80\xAE\x07";
  const std::string escaped = "\\u001b[2J\xC2\x9B\xE2\x80\xAE\\u0007";
  std::vector<std::pair<std::string, std::string>> files = {
      {"l.jsonl", "{\"" + escaped + "\":1,\"" + escaped + "\":2}\n"},
      {"l.jsonl", "{\"" + escaped + "\":[1]}\n"},
      {"l.jsonl", "{\"" + escaped + "\":\"\\u0000\"}\n"},
      {"l.jsonl", "{\"" + escaped + "\":1}\n"},
      {"l.jsonl", "{\"path\":\"" + escaped + "\",\"label\":\"x\"}\n"},
      {"l.jsonl", "{\"path\":\"a.wav\",\"label\":\"x\",\"start\":\"" + escaped + "\"}\n"},
      {"l.jsonl", "{\"\xC2\x9B\xE2\x80\xAE\" 1}\n"},
      {"l.jsonl", evil + "\n"},
      {"l.csv", "path," + evil + "\na.wav,x\n"},
      {"l.csv", "path,label," + evil + "," + evil + "\na.wav,x,,\n"},
      {"l.csv", "path,label,split\na.wav,x," + evil + "\n"},
      {"l.csv", "path,label,end\na.wav,x," + evil + "\n"},
      {"l.csv", "path,label\n" + evil + ",x\n"},
      {"l.csv", "path,label\na.wav,\xFF" + evil + "\n"}};
  for (const auto& [name, content] : files) {
    const std::string message = error(content, name);
    EXPECT_NE(message, "no error") << display_name(content);
    EXPECT_EQ(message, display_name(message)) << display_name(content);
  }
}

TEST_F(ManifestFile, RowsMayNotTakeMuchMoreMemoryThanTheirFile) {
  // The worst row that there is: one short value in the last of many columns.
  ManifestRows rows(folder_ / "list.jsonl", "jsonl", RowBudget(100'000));
  const Strings names = {"path", "label", "start"};
  rows.choose_columns(1, names);
  std::vector<ManifestRows::Column> columns;
  for (const auto& name : names) columns.push_back(rows.column_named(1, name));
  for (int i = 0; i < 127; ++i) rows.column_named(1, "c" + std::to_string(i));
  columns.push_back(rows.column_named(1, "last"));
  const auto add = [&](std::size_t line) {
    Strings values = {"a.wav", "x", std::to_string(line), "1"};
    rows.add(line, columns, values);
  };
  // Each takes 320 + 128 * 32 bytes for 8 times the 14 bytes or so of its values.
  for (std::size_t line = 2; line < 24; ++line) add(line);
  const std::string message = error_of([&] {
    for (std::size_t line = 24; line < 30; ++line) add(line);
  });
  EXPECT_EQ(message.find("E_MANIFEST_FORMAT " + (folder_ / "list.jsonl").string() + ":2"), 0U);
  EXPECT_NE(message.find("too much memory"), std::string::npos) << message;
}

TEST(RowBudgetOfAList, LetsAMillionRowsInWhateverTheirLength) {
  RowBudget shortest;
  for (int i = 0; i < 1'000'000; ++i) ASSERT_TRUE(shortest.add(12, 0)) << i;
  RowBudget plain;  // speakers and texts beside the path; any number
  for (int i = 0; i < 10'000'000; ++i) ASSERT_TRUE(plain.add(60, 4)) << i;
  RowBudget hostile;  // 64 MiB
  std::uint64_t kept = 0;
  while (hostile.add(4, 0) && kept < (16U << 20)) ++kept;
  EXPECT_LT(kept * RowBudget::kRowBytes,
            (std::uint64_t{256} << 20) + 8 * (std::uint64_t{64} << 20));
}

TEST_F(ManifestFile, LabelsMustNotBeAsManyAsRows) {
  std::string rows = "path,label,start\n";
  for (int i = 1; i <= 4096; ++i) {
    rows += "a.wav,label" + std::to_string(i) + "," + std::to_string(i) + "\n";
  }
  EXPECT_EQ(read(rows).classes.size(), 4096U);
  expect_error(rows + "a.wav,label1,0\na.wav,another,9999\n", "E_MANIFEST_VALUE", 4099,
               "more than 4096 labels");
}

TEST_F(ManifestFile, TooManyBytesAreRefused) {
  const auto file = folder_.write("list.csv", std::string(1000, '\n'));
  std::size_t lines = 0;
  read_lines(
      file, [&](std::size_t, std::string_view) { ++lines; }, 1000);
  EXPECT_EQ(lines, 1000U);
  const std::string message = error_of([&] {
    read_lines(
        file, [](std::size_t, std::string_view) {}, 999);
  });
  EXPECT_EQ(message.find("E_MANIFEST_FORMAT " + file.string()), 0U) << message;
  EXPECT_NE(message.find("cut it into several"), std::string::npos) << message;
}

TEST(ParseSeconds, KnowsNumbersAndTimes) {
  const std::map<std::string, double> times = {{"1.5", 1.5},
                                               {"0", 0.0},
                                               {"2e1", 20.0},
                                               {"0 days 00:00:01.5", 1.5},
                                               {"0 days 00:00:00", 0.0},
                                               {"1 day 01:02:03", 90123.0},
                                               {"10 days 00:00:01.500000000", 864001.5},
                                               {"00:01:02.25", 62.25}};
  for (const auto& [text, seconds] : times) EXPECT_EQ(parse_seconds(text), seconds) << text;
  for (const char* text : {"", "x", "1.5s", " 1", "-1", "nan", "inf", "1e10", "1:2", "00:00:60",
                           "00:60:00", "00:00:", "0 days", "-1 days 00:00:01", "0 days +00:00:01",
                           "0 days 00:00:-1", "a days 00:00:01", "99999999999 days 00:00:01"}) {
    EXPECT_EQ(parse_seconds(text), std::nullopt) << text;
  }
}

TEST_F(ManifestFile, MistakesInColumnsNameTheFileAndTheLine) {
  expect_error("path,emotions\na.wav,happy\n", "E_MANIFEST_COLUMNS", 1, "no column label");
  expect_error("path,emotions\na.wav,happy\n", "E_MANIFEST_COLUMNS", 1, "\"emotions\"");
  expect_error("", "E_MANIFEST_COLUMNS", 1, "no column path");
  expect_error("label,path,label\na.wav,happy,x\n", "E_MANIFEST_COLUMNS", 1, "twice");
  std::string many = "path,label";
  for (int i = 0; i < 200; ++i) many += ",c" + std::to_string(i);
  expect_error(many + "\n", "E_MANIFEST_COLUMNS", 1, "more than 128");
  expect_error("path;label\na.wav;happy\n", "E_MANIFEST_COLUMNS", 1, "path;label");
  expect_error("{\"path\":\"a.wav\"}\n", "E_MANIFEST_COLUMNS", 1, "no column label", "l.jsonl");
  expect_error("{\"path\":\"a.wav\",\"label\":\"x\"}\n{\"label\":\"x\"}\n", "E_MANIFEST_COLUMNS", 2,
               "no path", "l.jsonl");
}

TEST_F(ManifestFile, MistakesInRowsNameTheFileAndTheLine) {
  const std::string head = "path,label,split,start,end\n";
  expect_error(head + "a.wav,happy\n", "E_MANIFEST_FORMAT", 2, "expected 5 fields");
  expect_error(head + "a.wav,happy,train,0,1,2\n", "E_MANIFEST_FORMAT", 2, "found 6");
  expect_error(head + "\na.wav,happy,holdout,,\n", "E_MANIFEST_VALUE", 3, "\"holdout\"");
  expect_error(head + "a.wav,happy,,2,1\n", "E_MANIFEST_VALUE", 2, "end must be after start");
  expect_error(head + "a.wav,happy,,1,1\n", "E_MANIFEST_VALUE", 2, "end must be after start");
  expect_error(head + "a.wav,happy,,0,0\n", "E_MANIFEST_VALUE", 2, "end must be after start");
  expect_error(head + "a.wav,happy,,-1,\n", "E_MANIFEST_VALUE", 2, "start: expected seconds");
  expect_error(head + "a.wav,happy,,,soon\n", "E_MANIFEST_VALUE", 2, "end: expected seconds");
  expect_error(head + "a.wav,,,,\n", "E_MANIFEST_VALUE", 2, "label is empty");
  expect_error(head + ",happy,,,\n", "E_MANIFEST_VALUE", 2, "path is empty");
  expect_error(head + "a.wav,happy,,,\nnone.wav,sad,,,\n", "E_MANIFEST_PATH", 3, "none.wav");
  expect_error(head + "/none/a.wav,happy,,,\n", "E_MANIFEST_PATH", 2, "/none/a.wav");
  expect_error(head + "sub,happy,,,\n", "E_MANIFEST_PATH", 2, "not a file");
  expect_error(head + "a.wav,happy,,,\nb.wav,happy,,,\n./a.wav,happy,,,\n", "E_MANIFEST_DUPLICATE",
               4, "line 2");
  expect_error(head + "a.wav,happy,,,\n" + (folder_ / "a.wav").string() + ",happy,,,\n",
               "E_MANIFEST_DUPLICATE", 3, "line 2");
  expect_error(head + "a.wav,happy,,1,2\na.wav,sad,,1.0,2.0\n", "E_MANIFEST_DUPLICATE", 3,
               "a.wav#1-2");
}

TEST_F(ManifestFile, MistakesInTheTextNameTheFileAndTheLine) {
  const std::string head = "path,label\n";
  expect_error(head + "a.wav,caf\xE9\n", "E_MANIFEST_FORMAT", 2, "not UTF-8");
  expect_error(head + "a.wav,\"x\ny\"z\n", "E_MANIFEST_FORMAT", 2, "quotes of field 2");
  expect_error(head + "a.wav,happy\n\"b.wav,sad\nc.wav,sad\n", "E_MANIFEST_FORMAT", 3,
               "not closed");
  expect_error(head + std::string(2 << 20, 'a'), "E_MANIFEST_FORMAT", 2, "longer than");
  std::string open = head + "\"";
  for (int i = 0; i < 40; ++i) open += std::string(60000, 'a') + "\n";
  expect_error(open, "E_MANIFEST_FORMAT", 2, "quotes not closed");
  expect_error(head + std::string(5000, ','), "E_MANIFEST_FORMAT", 2, "1024 fields");
  expect_error(head + std::string("a.wav,x\0y\n", 10), "E_MANIFEST_FORMAT", 2, "UTF-8");
  expect_error("{\"path\":\"a.wav\",\"label\":\"x\"}\n[1]\n", "E_MANIFEST_FORMAT", 2, "object",
               "l.jsonl");
  expect_error("{\"path\":\"a.wav\",\"label\":\"x\"}\n{\"path\":\n", "E_MANIFEST_FORMAT", 2, "",
               "l.jsonl");
  expect_error("{\"path\":[],\"label\":\"x\"}\n", "E_MANIFEST_VALUE", 1, "path", "l.jsonl");
  expect_error("{\"path\":\"a.wav\",\"path\":\"x\"}\n", "E_MANIFEST_FORMAT", 1, "twice", "l.jsonl");
}

TEST_F(ManifestFile, WhatIsNoManifestIsRefused) {
  EXPECT_EQ(error("path,label\n").find("E_CORPUS_EMPTY"), 0U);
  EXPECT_EQ(error("", "l.jsonl").find("E_CORPUS_EMPTY"), 0U);
  EXPECT_EQ(error("path,label\na.wav,happy\n", "list.txt").find("E_CORPUS_MISSING"), 0U);
  EXPECT_NE(error("", "list.txt").find(".jsonl"), std::string::npos);
  EXPECT_EQ(error_of([&] { read_corpus(folder_ / "none.csv"); }).find("E_CORPUS_MISSING"), 0U);
  std::filesystem::create_directories(folder_ / "d.csv" / "happy");
  folder_.write("d.csv/happy/1.wav", "1");  // a folder with such a name is a folder
  EXPECT_EQ(read_corpus(folder_ / "d.csv").utterances.size(), 1U);
}

// Random bytes, and manifests with wrong, missing and added bytes: read or refused, and soon.
TEST_F(ManifestFile, DamagedManifestsAreReadOrRefused) {
  const std::map<std::string, std::string> sound = {
      {"m.csv",
       "path,label,split,start,end,x\r\na.wav,happy,train,0 days 00:00:01.5,2,\"q\"\"\n\"\n"},
      {"m.tsv", "path\tlabel\na.wav\thappy\nb.wav\tsad\n"},
      {"m.jsonl",
       "{\"path\":\"a.wav\",\"label\":\"happy\",\"end\":1.5}\n{\"path\":\"b.wav\","
       "\"label\":\"sad\",\"x\":true}\n"}};
  const auto start = std::chrono::steady_clock::now();
  core::RandomStream random(3);
  for (const auto& [name, content] : sound) {
    for (int i = 0; i < 400; ++i) {
      std::string text = content;
      if (i % 5 == 0) {
        text.resize(random.below(300));
        for (char& c : text) c = static_cast<char>(random.below(256));
      } else {
        for (std::uint64_t edits = 1 + random.below(3); edits > 0; --edits) {
          const auto at = random.below(text.size());
          const auto byte = static_cast<char>(random.below(256));
          if (i % 5 == 1) text[at] = byte;
          if (i % 5 == 2) text.erase(at, 1);
          if (i % 5 == 3) text.insert(at, 1, byte);
          if (i % 5 == 4) text.insert(at, text.substr(random.below(text.size())));
        }
      }
      try {
        for (const auto& utterance : read(text, name).utterances) {
          ASSERT_FALSE(utterance.label.empty());
          ASSERT_TRUE(std::filesystem::is_regular_file(utterance.path));
        }
      } catch (const core::CorpusError& error) {
        ASSERT_NE(std::string_view(error.what()).find(name), std::string_view::npos)
            << error.what();
      }
    }
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(60));
}

}  // namespace
}  // namespace ser::corpus
