#include "ser/corpus/manifest.h"

#include <algorithm>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "corpus/error_of.h"
#include "support/temporary_folder.h"

namespace ser::corpus {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> ids(const Manifest& manifest) {
  std::vector<std::string> list;
  for (const auto& utterance : manifest.utterances) list.push_back(utterance.id);
  return list;
}

std::string reason_of(const Manifest& manifest, const std::string& relative_path) {
  for (const auto& file : manifest.left_out) {
    if (file.relative_path == relative_path) return file.reason;
  }
  return "not left out";
}

using Strings = std::vector<std::string>;

TEST(ReadCorpus, ReadsATreeLikeTess) {
  const test::TemporaryFolder folder;
  folder.write("YAF_pleasant_surprised/YAF_back_ps.wav", "1");
  folder.write("OAF_Fear/OAF_back_fear.wav", "2");
  folder.write("OAF_Fear/OAF_bar_fear.WAV", "3");
  folder.write("OAF_neutral/OA_bite_neutral.wav", "4");
  folder.write("OAF_Fear/._OAF_back_fear.wav", "5");
  folder.write(".hidden/OAF_home_fear.wav", "6");
  folder.write("readme.txt", "7");
  const Manifest manifest = read_corpus(folder.path());
  EXPECT_EQ(manifest.layout, "tess");
  EXPECT_EQ(manifest.labels, "emotion");
  EXPECT_EQ(ids(manifest),
            (Strings{"OAF_Fear/OAF_back_fear.wav", "OAF_Fear/OAF_bar_fear.WAV",
                     "OAF_neutral/OA_bite_neutral.wav", "YAF_pleasant_surprised/YAF_back_ps.wav"}));
  EXPECT_EQ(manifest.classes, (Strings{"fear", "neutral", "surprise"}));
  EXPECT_EQ(manifest.speakers(), (Strings{"OAF", "YAF"}));
  EXPECT_EQ(manifest.texts(), (Strings{"back", "bar", "bite"}));
  EXPECT_TRUE(manifest.left_out.empty());
  EXPECT_EQ(manifest.label_mapping,
            (std::map<std::string, std::string>{
                {"fear", "fear"}, {"neutral", "neutral"}, {"ps", "surprise"}}));
  EXPECT_EQ(manifest.utterances[3].path, folder / "YAF_pleasant_surprised" / "YAF_back_ps.wav");
  EXPECT_EQ(manifest.label_index(3), 2);
  EXPECT_EQ(manifest.utterances[3].corpus, "TESS");
}

TEST(ReadCorpus, FolderNamesAreTheClassesOnDemand) {
  const test::TemporaryFolder folder;
  folder.write("OAF_Fear/OAF_back_fear.wav", "1");
  folder.write("YAF_fear/YAF_back_fear.wav", "2");
  folder.write("YAF_home_fear.wav", "3");
  CorpusConfig config;
  config.labels = "folder";
  const Manifest manifest = read_corpus(folder.path(), config);
  EXPECT_EQ(manifest.layout, "tess");
  EXPECT_EQ(manifest.classes, (Strings{"OAF_Fear", "YAF_fear"}));
  EXPECT_EQ(manifest.speakers(), (Strings{"OAF", "YAF"}));
  EXPECT_EQ(manifest.texts(), (Strings{"back"}));
  EXPECT_NE(reason_of(manifest, "YAF_home_fear.wav").find("no folder"), std::string::npos);
}

TEST(ReadCorpus, ReadsAPlainTree) {
  const test::TemporaryFolder folder;
  folder.write("a/Joy/1.flac", "1");
  folder.write("b/Happy/1.aiff", "2");
  folder.write("b/Cold Anger/1.wav", "3");
  folder.write("loose.wav", "4");
  const Manifest manifest = read_corpus(folder.path());
  EXPECT_EQ(manifest.layout, "folder");
  EXPECT_EQ(manifest.classes, (Strings{"cold_anger", "happy"}));
  EXPECT_TRUE(manifest.speakers().empty());
  EXPECT_TRUE(manifest.texts().empty());
  EXPECT_NE(reason_of(manifest, "loose.wav").find("layout folder"), std::string::npos);

  CorpusConfig config;
  config.labels = "folder";
  EXPECT_EQ(read_corpus(folder.path(), config).classes, (Strings{"Cold Anger", "Happy", "Joy"}));
}

TEST(ReadCorpus, ASpecificLayoutHasToFitMoreThanHalf) {
  const test::TemporaryFolder folder;
  folder.write("x/OAF_back_fear.wav", "1");
  folder.write("y/other.wav", "2");
  EXPECT_EQ(read_corpus(folder.path()).layout, "folder");
  folder.write("x/OAF_home_fear.wav", "3");
  const Manifest manifest = read_corpus(folder.path());
  EXPECT_EQ(manifest.layout, "tess");
  EXPECT_NE(reason_of(manifest, "y/other.wav").find("layout tess"), std::string::npos);
}

TEST(ReadCorpus, TheLayoutCanBeNamed) {
  const test::TemporaryFolder folder;
  folder.write("x/OAF_back_fear.wav", "1");
  folder.write("y/03a01Fa.wav", "2");
  CorpusConfig config;
  config.layout = "emo_db";
  const Manifest manifest = read_corpus(folder.path(), config);
  EXPECT_EQ(ids(manifest), (Strings{"y/03a01Fa.wav"}));
  EXPECT_EQ(manifest.classes, (Strings{"happy"}));
  EXPECT_EQ(manifest.left_out.size(), 1U);
}

TEST(ReadCorpus, NamesThatAreNotUtf8Survive) {
  const test::TemporaryFolder folder;
  const std::string id = "w\xFCtend/caf\xE9.wav";
  try {
    folder.write(id, "1");
  } catch (const std::exception&) {
    GTEST_SKIP() << "this file system takes UTF-8 names only";
  }
  const Manifest manifest = read_corpus(folder.path());
  ASSERT_EQ(ids(manifest), (Strings{id}));
  EXPECT_EQ(test::read_text(manifest.utterances[0].path), "1");
  EXPECT_EQ(manifest.classes, (Strings{"w\\xFCtend"}));
}

TEST(ReadCorpus, LinksToFilesAreFollowedThoseToFoldersAreNot) {
  const test::TemporaryFolder folder;
  const test::TemporaryFolder elsewhere;
  elsewhere.write("clip.wav", "1");
  fs::create_directories(folder / "happy");
  fs::create_symlink(elsewhere / "clip.wav", folder / "happy" / "clip.wav");
  fs::create_symlink(elsewhere / "gone.wav", folder / "happy" / "gone.wav");
  fs::create_directory_symlink(folder.path(), folder / "happy" / "loop");
  const Manifest manifest = read_corpus(folder.path());
  EXPECT_EQ(ids(manifest), (Strings{"happy/clip.wav"}));
  EXPECT_NE(reason_of(manifest, "happy/loop").find("not followed"), std::string::npos);
  EXPECT_NE(reason_of(manifest, "happy/gone.wav").find("nowhere"), std::string::npos);

  fs::create_directory_symlink(folder.path(), elsewhere / "corpus");
  EXPECT_EQ(ids(read_corpus(elsewhere / "corpus")), (Strings{"happy/clip.wav"}));
}

TEST(ReadCorpus, WhatIsNoFileAndWhatIsNotReadIsNamed) {
  const test::TemporaryFolder folder;
  folder.write("happy/1.wav", "1");
  folder.write("happy/2.mp3", "2");
  fs::create_directories(folder / "happy" / "folder.wav");
  ASSERT_EQ(mkfifo((folder / "happy" / "pipe.wav").c_str(), 0600), 0);
  const Manifest manifest = read_corpus(folder.path());
  EXPECT_EQ(ids(manifest), (Strings{"happy/1.wav"}));
  EXPECT_NE(reason_of(manifest, "happy/2.mp3").find("convert"), std::string::npos);
  EXPECT_NE(reason_of(manifest, "happy/pipe.wav").find("regular"), std::string::npos);
}

TEST(ReadCorpus, FailuresSayWhatIsWrong) {
  const test::TemporaryFolder folder;
  const auto error = [&](const fs::path& path, const std::string& layout = "auto") {
    CorpusConfig config;
    config.layout = layout;
    return error_of([&] { read_corpus(path, config); });
  };
  EXPECT_EQ(error(folder / "none").find("E_CORPUS_MISSING"), 0U);
  EXPECT_NE(error(folder / "none").find((folder / "none").string()), std::string::npos);
  EXPECT_EQ(error(folder.path()).find("E_CORPUS_EMPTY"), 0U);
  folder.write("a.mp3", "");
  EXPECT_EQ(error(folder.path()).find("E_CORPUS_EMPTY"), 0U);
  EXPECT_NE(error(folder.path()).find("a.mp3"), std::string::npos);
  EXPECT_EQ(error(folder / "a.mp3").find("E_CORPUS_MISSING"), 0U);
  folder.write("a.wav", "1");
  EXPECT_EQ(error(folder.path()).find("E_CORPUS_LAYOUT"), 0U);
  EXPECT_EQ(error(folder.path(), "tess").find("E_CORPUS_LAYOUT"), 0U);
  EXPECT_NE(error(folder.path(), "tess").find("a.wav"), std::string::npos);
  EXPECT_EQ(error(folder.path(), "tes").find("E_CONFIG_VALUE"), 0U);
  CorpusConfig config;
  config.labels = "speaker";
  EXPECT_EQ(error_of([&] { read_corpus(folder.path(), config); }).find("E_CONFIG_VALUE"), 0U);
}

TEST(ReadCorpus, AFolderThatCannotBeReadIsAnError) {
  const test::TemporaryFolder folder;
  folder.write("happy/1.wav", "1");
  folder.write("sad/1.wav", "2");
  if (geteuid() == 0) GTEST_SKIP() << "the superuser reads every folder";
  fs::permissions(folder / "sad", fs::perms::none);
  const std::string error = error_of([&] { read_corpus(folder.path()); });
  fs::permissions(folder / "sad", fs::perms::owner_all);
  EXPECT_EQ(error.find("E_CORPUS_READ"), 0U);
  EXPECT_NE(error.find((folder / "sad").string()), std::string::npos);
}

TEST(ReadCorpus, FoldersMayBeNestedDeeplyButNotWithoutBound) {
  const test::TemporaryFolder folder;
  fs::path nested = "happy";
  for (int i = 0; i < 60; ++i) nested /= "d";
  folder.write(nested / "1.wav", "1");
  EXPECT_EQ(read_corpus(folder.path()).utterances.size(), 1U);
  for (int i = 0; i < 10; ++i) nested /= "d";
  folder.write(nested / "1.wav", "1");
  EXPECT_EQ(error_of([&] { read_corpus(folder.path()); }).find("E_CORPUS_READ"), 0U);
}

std::vector<fs::path> found_below(const fs::path& root) {
  std::vector<fs::path> paths;
  visit_recordings(root, [&](const fs::path& path) { paths.push_back(path); });
  return paths;
}

TEST(VisitRecordings, GoesOnBehindAFolderThatCannotBeRead) {
  const test::TemporaryFolder folder;
  fs::path nested = "b";
  for (int i = 0; i < 70; ++i) nested /= "d";
  folder.write("a.wav", "");
  folder.write(nested / "1.wav", "");
  folder.write("c/1.wav", "");
  EXPECT_EQ(error_of([&] { found_below(folder.path()); }).find("E_CORPUS_READ"), 0U);
  std::vector<fs::path> paths;
  std::vector<std::string> told;
  visit_recordings(
      folder.path(), [&](const fs::path& path) { paths.push_back(path); },
      [&](const fs::path& path, const core::CorpusError& error) {
        EXPECT_NE(path.native().find("/b/d/"), std::string::npos) << path;
        told.push_back(error.code());
      });
  EXPECT_EQ(paths, (std::vector<fs::path>{folder / "a.wav", folder / "c" / "1.wav"}));
  EXPECT_EQ(told, std::vector<std::string>{"E_CORPUS_READ"});
}

TEST(VisitRecordings, SortsWhatLiesBelowAFolderAndTakesAFileAsItIs) {
  const test::TemporaryFolder folder;
  folder.write("b/1.wav", "");
  folder.write("a.flac", "");
  folder.write("b.wav", "");
  folder.write("b/c/2.wav", "");
  folder.write("b/c.wav", "");
  folder.write("b-c.wav", "");
  folder.write("notes.txt", "");
  folder.write("._a.wav", "");
  EXPECT_EQ(found_below(folder.path()),
            (std::vector<fs::path>{folder / "a.flac", folder / "b-c.wav", folder / "b.wav",
                                   folder / "b" / "1.wav", folder / "b" / "c.wav",
                                   folder / "b" / "c" / "2.wav"}));
  EXPECT_EQ(found_below(folder / "notes.txt"), (std::vector<fs::path>{folder / "notes.txt"}));
  EXPECT_EQ(error_of([&] { found_below(folder / "none"); }).find("E_CORPUS_MISSING"), 0U);
  fs::create_directories(folder / "empty");
  EXPECT_EQ(error_of([&] { found_below(folder / "empty"); }).find("E_CORPUS_EMPTY"), 0U);
}

TEST(Manifest, ALabelOutsideTheClassesIsAnError) {
  Manifest manifest;
  manifest.classes = {"angry", "sad"};
  manifest.utterances.resize(1);
  manifest.utterances[0].label = "happy";
  EXPECT_EQ(error_of([&] { manifest.label_index(0); }).find("E_CORPUS_LABEL"), 0U);
}

}  // namespace
}  // namespace ser::corpus
