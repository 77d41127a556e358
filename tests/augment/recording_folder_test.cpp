#include "augment/recording_folder.h"

#include <gtest/gtest.h>

#include "ser/audio/write.h"
#include "ser/core/error.h"

#include "support/temporary_folder.h"

namespace ser::augment {
namespace {

class RecordingFolderTest : public testing::Test {
 protected:
  void record(const std::filesystem::path& name, std::size_t length, float level = 0.5F) {
    std::filesystem::create_directories((folder_ / name).parent_path());
    audio::write_wav(folder_ / name, {std::vector<float>(length, level), 8000},
                     audio::WavFormat::kFloat32);
  }

  std::string error() {
    try {
      const RecordingFolder folder(folder_.path(), "augment[0][0].recorded_noise.folder");
    } catch (const core::ConfigError& error) {
      return error.code() + " " + error.what();
    }
    return "no error";
  }

  test::TemporaryFolder folder_;
};

TEST_F(RecordingFolderTest, ListsRecordingsInTheOrderOfTheirPaths) {
  record("b/two.WAV", 200);
  record("c.wav", 300);
  record("a.wav", 100);
  record(".hidden/x.wav", 400);
  folder_.write("README.txt", "noises");
  const RecordingFolder folder(folder_.path(), "folder");
  ASSERT_EQ(folder.size(), 3U);
  EXPECT_EQ(folder.duration_s(0), 100 / 8000.0);
  EXPECT_EQ(folder.duration_s(1), 200 / 8000.0);
  EXPECT_EQ(folder.duration_s(2), 300 / 8000.0);
  EXPECT_EQ(folder.read(2, 0.0125, 0.0125, 8000).size(), 100U);
  EXPECT_EQ(folder.read(2, 0.0, 10.0, 16000).size(), 600U);
}

TEST_F(RecordingFolderTest, WhatCannotBeUsedIsRefusedByName) {
  EXPECT_TRUE(error().starts_with(
      "E_CONFIG_VALUE augment[0][0].recorded_noise.folder: there are no recordings in"))
      << error();
  record("a.wav", 100);
  EXPECT_EQ(error(), "no error");
  folder_.write("b.wav", "not a recording");
  EXPECT_TRUE(error().starts_with("E_AUGMENT_RECORDING " + (folder_ / "b.wav").string() +
                                  " cannot be used for augmentation: E_AUDIO_FORMAT"))
      << error();
  record("b.wav", 100, 0.0F);
  EXPECT_TRUE(error().starts_with("E_AUGMENT_RECORDING " + (folder_ / "b.wav").string() +
                                  " cannot be used for augmentation: it is silent"))
      << error();
}

TEST_F(RecordingFolderTest, LinksThatLeadNowhereAreRefusedByName) {
  std::filesystem::create_symlink("nowhere", folder_ / "a.wav");
  EXPECT_TRUE(error().starts_with("E_AUGMENT_RECORDING " + (folder_ / "a.wav").string()))
      << error();
}

TEST_F(RecordingFolderTest, FoldersThatAreNotThereAreRefused) {
  EXPECT_THROW(RecordingFolder("", "folder"), core::ConfigError);
  EXPECT_THROW(RecordingFolder(folder_ / "nowhere", "folder"), core::ConfigError);
}

TEST_F(RecordingFolderTest, ARecordingThatDisappearsIsNotTheFaultOfTheClip) {
  record("a.wav", 100);
  const RecordingFolder folder(folder_.path(), "folder");
  std::filesystem::remove(folder_ / "a.wav");
  EXPECT_THROW(folder.read(0, 0.0, 1.0, 8000), core::ConfigError);
}

}  // namespace
}  // namespace ser::augment
