#include "ser/corpus/split_file.h"

#include <gtest/gtest.h>

#include "ser/core/json.h"
#include "ser/corpus/protocol.h"

#include "corpus/error_of.h"
#include "corpus/sample_manifest.h"
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

std::vector<Split> folds_of(const Manifest& manifest, const std::string& protocol) {
  SplitConfig config;
  config.protocol = protocol;
  return make_folds(manifest, config, core::RandomStream(3));
}

class SplitFile : public testing::Test {
 protected:
  SplitFile() : json_(core::parse_json(text_, "split")) {}

  std::string error() const {
    const auto path = folder_.write("split.json", json_.dump());
    return error_of([&] { read_split_file(path, manifest_); });
  }

  void expect_refused(const std::string& said) const {
    const std::string message = error();
    EXPECT_NE(message.find("E_SPLIT_FILE"), std::string::npos) << message;
    EXPECT_NE(message.find("split.json"), std::string::npos) << message;
    EXPECT_NE(message.find(said), std::string::npos) << message;
  }

  core::Json& fold(std::size_t index = 1) { return json_["folds"][index]; }

  test::TemporaryFolder folder_;
  Manifest manifest_ = sample();
  std::string text_ = split_file_text(manifest_, folds_of(manifest_, "loso"), 3);
  core::Json json_;
};

TEST_F(SplitFile, IsReadAsItWasWritten) {
  for (const auto* protocol : protocols()) {
    const std::string name(protocol->name());
    const auto folds = folds_of(manifest_, name);
    const auto path = folder_.write(name + ".json", split_file_text(manifest_, folds, 3));
    SplitConfig config;
    config.file = path.string();
    const auto read = make_folds(manifest_, config, core::RandomStream(99));
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

TEST_F(SplitFile, FitsTheSameClipsInAnotherOrder) {
  core::RandomStream(5).shuffle<Utterance>(manifest_.utterances);
  EXPECT_EQ(error(), "no error");
}

TEST_F(SplitFile, OfOtherClipsIsRefused) {
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

TEST_F(SplitFile, OfOtherLabelsIsRefused) {
  manifest_.utterances[5].label = manifest_.utterances[4].label;
  expect_refused("the labels are not those");
}

TEST_F(SplitFile, WithAClipTwiceOrNowhereIsRefused) {
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

TEST_F(SplitFile, WhosePartsLeakIsRefused) {
  const auto id = fold()["test"][0];
  fold()["test"].erase(0);
  fold()["train"].push_back(id);
  expect_refused("folds[1]: its parts leak: the speaker s01 is both in the train part");
  json_["protocol"] = "random";
  EXPECT_EQ(error(), "no error");  // which promises nothing
}

TEST_F(SplitFile, WithNothingToLearnIsRefused) {
  for (const auto& id : fold()["train"]) fold()["left_out"].push_back(id);
  fold()["train"] = core::Json::array();
  expect_refused("there is nothing to train on");
}

TEST_F(SplitFile, WithAClassThatIsNotTrainedIsRefused) {
  core::Json kept = core::Json::array();
  for (const auto& id : fold()["train"]) {
    const auto index = std::stoul(id.get<std::string>().substr(4));
    (manifest_.utterances[index].label == "c01" ? fold()["left_out"] : kept).push_back(id);
  }
  fold()["train"] = kept;
  expect_refused("the class c01 of ");
}

TEST_F(SplitFile, OfAnotherFormIsRefused) {
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
  expect_refused("\"manifest\" is missing");
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
  text_ = split_file_text(manifest_, folds_of(manifest_, "loso"), 3);
  json_ = core::parse_json(text_, "split");
  expect_refused("two clips of the data are both shown as");
}

}  // namespace
}  // namespace ser::corpus
