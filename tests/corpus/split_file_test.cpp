#include "ser/corpus/split_file.h"

#include <stdexcept>

#include <gtest/gtest.h>

#include "ser/core/json.h"
#include "ser/corpus/display_name.h"
#include "ser/corpus/protocol.h"

#include "corpus/error_of.h"
#include "corpus/folds.h"
#include "corpus/sample_manifest.h"
#include "corpus/split_parts.h"
#include "support/temporary_folder.h"

namespace ser::corpus {
namespace {

Manifest sample() {
  auto manifest = make_full_manifest(6, 12, 3);
  for (std::size_t i = 0; i < manifest.utterances.size(); ++i) {
    auto& utterance = manifest.utterances[i];
    utterance.corpus = utterance.speaker < "s03" ? "A" : "B";
    utterance.part = i % 5 == 0 ? "test" : i % 7 == 0 ? "" : "train";
  }
  return manifest;
}

std::vector<Split> planned_folds(const Manifest& manifest, const std::string& protocol) {
  SplitConfig config;
  config.protocol = protocol;
  return make_folds(manifest, config, core::RandomStream(3));
}

std::string text_of(const Manifest& manifest, const std::vector<Split>& folds) {
  SplitFileText text(manifest, folds.front().protocol, 3);
  for (const auto& fold : folds) text.add(fold);
  return text.finish();
}

// Every fold of a file.
std::vector<Split> read_all(const std::filesystem::path& path, const Manifest& manifest) {
  return all_of(*list_split_file(path, manifest));
}

// The same split file as ser-split/1 had it: with the ids of each part in each fold.
core::Json in_first_form(core::Json json) {
  const core::Json ids = json["ids"];
  json["schema"] = "ser-split/1";
  json.erase("ids");
  for (auto& fold : json["folds"]) {
    for (const char* list : {"train", "validation", "test", "left_out"}) {
      fold[list] = core::Json::array();
    }
    const auto letters = letters_of(fold["parts"].get<std::string>(), ids.size());
    for (std::size_t i = 0; i < letters.size(); ++i) {
      fold[letters[i] == 't'   ? "train"
           : letters[i] == 'v' ? "validation"
           : letters[i] == 'e' ? "test"
                               : "left_out"]
          .push_back(ids[i]);
    }
    fold.erase("parts");
  }
  return json;
}

class SplitFile : public testing::Test {
 protected:
  SplitFile() : json_(core::parse_json(text_, "split")) {}

  std::string error() const {
    const auto path = folder_.write("split.json", json_.dump());
    return error_of([&] { read_all(path, manifest_); });
  }

  void expect_refused(const std::string& said) const {
    const std::string message = error();
    EXPECT_NE(message.find("E_SPLIT_FILE"), std::string::npos) << message;
    EXPECT_NE(message.find("split.json"), std::string::npos) << message;
    EXPECT_NE(message.find(said), std::string::npos) << message;
  }

  core::Json& fold(std::size_t index = 1) { return json_["folds"][index]; }

  // The letters of a fold, to be changed and put back.
  std::string letters() {
    const auto list = letters_of(fold()["parts"].get<std::string>(), json_["ids"].size());
    return {list.begin(), list.end()};
  }

  test::TemporaryFolder folder_;
  Manifest manifest_ = sample();
  std::string text_ = text_of(manifest_, planned_folds(manifest_, "loso"));
  core::Json json_;
};

class SplitFileOfTheFirstForm : public SplitFile {
 protected:
  SplitFileOfTheFirstForm() { json_ = in_first_form(json_); }
};

TEST(PartsOfASplitFile, AreLettersWithTheirNumber) {
  EXPECT_EQ(parts_text({}), "");
  EXPECT_EQ(parts_text({'t', 't', 'v', 'e', 'e', 'e', '-'}), "2tv3e-");
  EXPECT_EQ(letters_of("2tv3e-", 7), (std::vector<char>{'t', 't', 'v', 'e', 'e', 'e', '-'}));
  EXPECT_EQ(letters_of("tt1v03e-", 7), (std::vector<char>{'t', 't', 'v', 'e', 'e', 'e', '-'}));
  core::RandomStream random(1);
  for (int round = 0; round < 200; ++round) {
    std::vector<char> letters(random.below(50));
    for (char& letter : letters) letter = kPartLetters[random.below(round % 4 + 1)];
    EXPECT_EQ(letters_of(parts_text(letters), letters.size()), letters);
  }
  for (const char* wrong : {"6t", "8t", "7x", "7", "t7", "0t7t", "-1t", "7T", "1000000000t",
                            "99999999999999999999t", "7t\x1B", " 7t", "7t "}) {
    EXPECT_THROW(letters_of(wrong, 7), std::invalid_argument) << wrong;
  }
}

TEST_F(SplitFile, SharesOneListOfIds) {
  EXPECT_EQ(json_["schema"], "ser-split/2");
  EXPECT_EQ(json_["ids"].size(), manifest_.utterances.size());
  const auto folds = planned_folds(manifest_, "loso");
  for (std::size_t f = 0; f < folds.size(); ++f) {
    const auto parts = fold(f)["parts"].get<std::string>();
    const auto in_fold = letters_of(parts, manifest_.utterances.size());
    for (const std::size_t i : folds[f].train) EXPECT_EQ(in_fold[i], 't');
    for (const std::size_t i : folds[f].validation) EXPECT_EQ(in_fold[i], 'v');
    for (const std::size_t i : folds[f].test) EXPECT_EQ(in_fold[i], 'e');
  }
  // A hundred folds of ten thousand clips are not a hundred lists of their ids.
  const Manifest large = make_full_manifest(100, 20, 5);
  const auto all = planned_folds(large, "loso");
  const std::string text = text_of(large, all);
  EXPECT_LT(text.size(), std::size_t{400'000});
  const auto read = read_all(folder_.write("large.json", text), large);
  ASSERT_EQ(read.size(), 100U);
  for (std::size_t f = 0; f < read.size(); ++f) EXPECT_EQ(read[f].train, all[f].train);
}

TEST_F(SplitFile, IsWrittenOnlyIfItCanBeReadAgain) {
  const auto folds = planned_folds(manifest_, "loso");
  const auto written = [&](std::uint64_t most) {
    return error_of([&] {
      SplitFileText text(manifest_, "loso", 3, most);
      for (const auto& one : folds) text.add(one);
      EXPECT_EQ(text.finish(), text_);
    });
  };
  EXPECT_EQ(written(text_.size()), "no error");
  for (const std::size_t most : {text_.size() - 1, text_.size() / 2, std::size_t{100}}) {
    EXPECT_EQ(written(most).find("E_SPLIT_FILE the split cannot be written"), 0U) << written(most);
    EXPECT_NE(written(most).find("bytes that are read again"), std::string::npos);
  }
  Split wrong = folds.front();
  wrong.test.push_back(wrong.train.front());
  EXPECT_NE(error_of([&] { text_of(manifest_, {wrong}); }).find("in two parts"), std::string::npos);
  wrong.test.back() = manifest_.utterances.size();
  EXPECT_NE(error_of([&] { text_of(manifest_, {wrong}); }).find("do not have"), std::string::npos);
  manifest_.utterances[0].id = "a\x1B";
  manifest_.utterances[1].id = "a\\x1B";
  EXPECT_NE(error_of([&] {
              text_of(manifest_, folds);
            }).find("two clips of the data are both shown as \"a\\x1B\""),
            std::string::npos);
}

TEST_F(SplitFile, MakesItsFoldsOneAtATime) {
  auto parts = letters();
  parts[0] = 'x';
  fold()["parts"] = parts;
  const auto folds = list_split_file(folder_.write("split.json", json_.dump()), manifest_);
  ASSERT_EQ(folds->size(), 6U);
  const auto sound = planned_folds(manifest_, "loso");
  for (const std::size_t f : {2, 0, 2}) EXPECT_EQ(folds->make(f).test, sound[f].test);
  EXPECT_NE(error_of([&] { folds->make(1); }).find("folds[1]: "), std::string::npos);
}

TEST_F(SplitFile, WhosePartsDoNotFitItsIdsIsRefused) {
  const std::string sound = letters();
  const auto with = [&](const std::string& parts) { fold()["parts"] = parts; };
  with(sound + "t");
  expect_refused("folds[1]: \"parts\" does not fit \"ids\": it tells of more than the 216 clips");
  with("999999999t");
  expect_refused("more than the 216 clips");
  with(sound.substr(1));
  expect_refused("it tells of 215 of the 216 clips");
  with(sound.substr(1) + "\x1B");
  expect_refused("the character \"\\x1B\"");
  with(sound);
  EXPECT_EQ(error(), "no error");
  std::string leaking = sound;
  leaking[sound.find('e')] = 't';
  with(leaking);
  expect_refused("folds[1]: its parts leak: the speaker s01 is both in the train part");
  with("216-");
  expect_refused("there is nothing to train on");
  with("t215-");
  expect_refused("has one class only");
}

TEST_F(SplitFile, OfAnotherFormThanItShouldHaveIsRefused) {
  const core::Json sound = json_;
  for (const char* key : {"schema", "protocol", "folds", "ids"}) {
    json_ = sound;
    json_.erase(key);
    expect_refused("\"" + std::string(key) + "\"");
  }
  for (const char* key : {"fold", "statement", "parts"}) {
    json_ = sound;
    fold().erase(key);
    expect_refused("folds[1]: \"" + std::string(key) + "\" is missing");
    fold()[key] = 7;
    expect_refused("folds[1]: \"" + std::string(key) + "\" is not a text");
  }
  json_ = sound;
  json_["ids"].push_back(json_["ids"][0]);
  expect_refused("the clip \"clip0000000\" stands twice, in \"ids\" and in \"ids\"");
  json_ = sound;
  json_["ids"].erase(3);
  expect_refused("of the data's 216 clips 1 are not in \"ids\", the first of them \"clip0000003\"");
  json_ = sound;
  json_["ids"][3] = core::Json::array();
  expect_refused("\"ids\" holds something that is no id");
  json_ = sound;
  fold()["train"] = json_["ids"];
  expect_refused("\"train\" does not belong into a file of ser-split/2");
  json_ = in_first_form(sound);
  json_["ids"] = sound["ids"];
  expect_refused("\"ids\" does not belong into a file of ser-split/1");
  json_ = sound;
  json_["folds"] = core::Json::array();
  for (int f = 0; f < 1001; ++f) json_["folds"].push_back(sound["folds"][0]);
  for (int f = 0; f < 1001; ++f)
    json_["folds"][static_cast<std::size_t>(f)]["fold"] = std::to_string(f);
  expect_refused("more than 1000 folds");
}

TEST_F(SplitFile, MayHaveFurtherMembersInAnyOrder) {
  core::Json changed;
  changed["author"] = {{"name", {1, 2, {{"deep", nullptr}}}}, {"folds", 3}};
  changed["schema"] = json_["schema"];
  changed["folds"] = json_["folds"];
  changed["folds"][0]["note"] = {1.5, true, "x"};
  changed["manifest"] = json_["manifest"];
  changed["protocol"] = json_["protocol"];
  changed["ids"] = json_["ids"];
  json_ = changed;
  EXPECT_EQ(error(), "no error");
}

// What would be a document many times its size if it were kept as one.
TEST_F(SplitFile, HostileTextsAreRefusedEarly) {
  const std::string head = "{\"schema\":\"ser-split/1\",\"folds\":[{\"train\":[";
  const std::string id = "\"clip0000000\",";
  std::vector<std::pair<std::string, std::string>> texts = {
      {"{\"schema\":\"ser-split/1\",\"schema\":\"x\"}", "\"schema\" stands twice"},
      {head + id + id, "stands twice"},
      {head + "1,1", "holds something that is no id"},
      {"{\"folds\":[{\"train\":[" + id, "\"schema\" does not stand before"},
      {"{\"x\":" + std::string(100, '['), "nested deeper than 32"},
      {"{\"x\":" + std::string(100'000, '['), "nested deeper than 32"},
      {"[", "expected an object"}};
  for (const auto& [text, said] : texts) {
    const auto path = folder_.write("split.json", text);
    const std::string message = error_of([&] { read_all(path, manifest_); });
    EXPECT_EQ(message.find("E_SPLIT_FILE"), 0U) << message;
    EXPECT_NE(message.find(said), std::string::npos) << message;
  }
  // Control characters, in JSON as such and as bytes of UTF-8, are shown.
  for (const std::string text :
       {"{\"schema\":\"\\u001b[2J\"}", "{\"schema\":\"ser-split/2\",\"ids\":[\"\\u001b\xC2\x9B\"]}",
        "{\"\xC2\x9B\xE2\x80\xAE\" 1}", "\x1B", "{\"a\":\"\xC2\x9B\xFF\"}",
        "{\"schema\":\"ser-split/2\",\"protocol\":\"\\u009b\"}"}) {
    const auto path = folder_.write("split.json", text);
    const std::string message = error_of([&] { read_all(path, manifest_); });
    EXPECT_NE(message, "no error");
    EXPECT_EQ(message, display_name(message));
  }
}

// Sound files with wrong, missing and added bytes: read as they were, or refused.
TEST_F(SplitFile, DamagedFilesAreReadOrRefused) {
  core::RandomStream random(9);
  const std::string first = in_first_form(json_).dump();
  for (int i = 0; i < 600; ++i) {
    std::string text = i % 2 == 0 ? text_ : first;
    const auto at = random.below(text.size());
    if (i % 3 == 0) text[at] = static_cast<char>(random.below(256));
    if (i % 3 == 1) text.erase(at, 1 + random.below(20));
    if (i % 3 == 2) text.insert(at, text.substr(random.below(text.size()), random.below(20)));
    const auto path = folder_.write("split.json", text);
    try {
      for (const auto& split : read_all(path, manifest_)) {
        ASSERT_TRUE(check_leaks(manifest_, split).empty());
      }
    } catch (const core::Error& error) {
      ASSERT_TRUE(error.code() == "E_SPLIT_FILE" || error.code() == "E_JSON") << error.code();
    }
  }
}

TEST_F(SplitFile, IsReadAsItWasWritten) {
  for (const auto* protocol : protocols()) {
    const std::string name(protocol->name());
    const auto folds = planned_folds(manifest_, name);
    const auto path = folder_.write(name + ".json", text_of(manifest_, folds));
    SplitConfig config;
    config.file = path.string();
    const auto first = folder_.write(
        "first.json", in_first_form(core::parse_json(test::read_text(path), "split")).dump());
    for (const auto& read :
         {make_folds(manifest_, config, core::RandomStream(99)), read_all(first, manifest_)}) {
      ASSERT_EQ(read.size(), folds.size()) << name;
      for (std::size_t f = 0; f < folds.size(); ++f) {
        EXPECT_EQ(read[f].protocol, name);
        EXPECT_EQ(read[f].fold, folds[f].fold);
        EXPECT_EQ(read[f].statement, folds[f].statement);
        EXPECT_EQ(read[f].train, folds[f].train);
        EXPECT_EQ(read[f].validation, folds[f].validation);
        EXPECT_EQ(read[f].test, folds[f].test);
      }
    }
  }
}

TEST_F(SplitFile, FitsTheSameClipsInAnotherOrder) {
  core::RandomStream(5).shuffle<Utterance>(manifest_.utterances);
  EXPECT_EQ(error(), "no error");
  json_ = in_first_form(json_);
  EXPECT_EQ(error(), "no error");
}

TEST_F(SplitFileOfTheFirstForm, OfOtherClipsIsRefused) {
  manifest_.utterances[5].id = "renamed";
  expect_refused("the data have no clip \"clip0000005\", which stands in ");
  manifest_ = sample();
  manifest_.utterances.pop_back();
  expect_refused("the data have no clip \"clip0000215\"");
  manifest_ = sample();
  auto more = manifest_.utterances.front();
  more.id = "zz";
  manifest_.utterances.push_back(more);
  expect_refused("of the data's 217 clips 1 are in none of its lists, the first of them \"zz\"");
}

TEST_F(SplitFile, OfOtherClipsIsRefused) {
  manifest_.utterances[5].id = "renamed";
  expect_refused("the data have no clip \"clip0000005\", which stands in \"ids\"");
}

TEST_F(SplitFile, OfOtherLabelsIsRefused) {
  manifest_.utterances[5].label = manifest_.utterances[4].label;
  expect_refused("the labels are not those");
}

TEST_F(SplitFileOfTheFirstForm, WithAClipTwiceOrNowhereIsRefused) {
  const auto id = fold()["test"][0];
  fold()["test"].push_back(id);
  expect_refused("folds[1]: the clip " + id.dump() + " stands twice, in \"test\" and in \"test\"");
  fold()["test"].erase(0);
  EXPECT_EQ(error(), "no error");
  fold()["train"].push_back(id);
  expect_refused("stands twice, in \"train\" and in \"test\"");
  fold()["train"].erase(fold()["train"].size() - 1);
  fold()["train"].erase(0);
  expect_refused("are in none of its lists");
}

TEST_F(SplitFileOfTheFirstForm, WhosePartsLeakIsRefused) {
  const auto id = fold()["test"][0];
  fold()["test"].erase(0);
  fold()["train"].push_back(id);
  expect_refused("folds[1]: its parts leak: the speaker s01 is both in the train part");
  json_["protocol"] = "random";
  EXPECT_EQ(error(), "no error");  // which promises nothing
}

TEST_F(SplitFileOfTheFirstForm, WithNothingToLearnIsRefused) {
  for (const auto& id : fold()["train"]) fold()["left_out"].push_back(id);
  fold()["train"] = core::Json::array();
  expect_refused("there is nothing to train on");
}

TEST_F(SplitFileOfTheFirstForm, WithAClassThatIsNotTrainedIsRefused) {
  core::Json kept = core::Json::array();
  for (const auto& id : fold()["train"]) {
    const auto index = std::stoul(id.get<std::string>().substr(4));
    (manifest_.utterances[index].label == "c01" ? fold()["left_out"] : kept).push_back(id);
  }
  fold()["train"] = kept;
  expect_refused("the class c01 of ");
}

TEST_F(SplitFileOfTheFirstForm, OfAnotherFormIsRefused) {
  const core::Json sound = json_;
  json_["schema"] = "ser-split/9";
  expect_refused("it is not a split file");
  json_ = sound;
  json_["protocol"] = "magic";
  expect_refused("there is no protocol \"magic\"");
  json_ = sound;
  json_["folds"] = core::Json::array();
  expect_refused("\"folds\" is empty");
  json_ = sound;
  json_["folds"] = 3;
  expect_refused("\"folds\" is not a list");
  json_ = sound;
  fold().erase("left_out");
  expect_refused("\"left_out\" is missing");
  json_ = sound;
  fold()["train"].push_back(7);
  expect_refused("\"train\" holds something that is no id");
  json_ = sound;
  fold()["fold"] = fold(0)["fold"];
  expect_refused("another fold is called \"s00\" too");
  json_ = sound;
  json_.erase("manifest");
  expect_refused("\"checksum\" is missing");
  json_ = core::Json::array();
  expect_refused("expected an object");
}

TEST_F(SplitFile, OfAnotherProtocolThanAskedForIsRefused) {
  SplitConfig config;
  config.file = folder_.write("split.json", text_).string();
  config.protocol = "kfold";
  const std::string error = error_of([&] { make_folds(manifest_, config, core::RandomStream(1)); });
  EXPECT_NE(error.find("it is of protocol loso, but kfold was asked for"), std::string::npos)
      << error;
  config.protocol = "loso";
  config.test_speakers = {"s01"};
  EXPECT_NE(
      error_of([&] { make_folds(manifest_, config, core::RandomStream(1)); }).find("not both"),
      std::string::npos);
  config.test_speakers.clear();
  config.file = (folder_ / "none.json").string();
  EXPECT_NE(error_of([&] {
              make_folds(manifest_, config, core::RandomStream(1));
            }).find("E_FILE_MISSING"),
            std::string::npos);
}

TEST_F(SplitFile, NamesThatLookAlikeCannotBeTold) {
  manifest_.utterances[0].id = "a\x1B";
  manifest_.utterances[1].id = "a\\x1B";
  json_["ids"][0] = "a\\x1B";
  expect_refused("two clips of the data are both shown as");
}

}  // namespace
}  // namespace ser::corpus
