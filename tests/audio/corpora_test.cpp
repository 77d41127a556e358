#include <cmath>
#include <cstdlib>
#include <map>

#include <gtest/gtest.h>

#include "ser/audio/load.h"
#include "ser/core/error.h"

// Runs on the real corpora where they are at hand: SER_CORPORA names the folder that holds TESS and
// EmoDB.
namespace ser::audio {
namespace {

struct Census {
  std::map<std::string, int> kinds;  // "WAV PCM_16 24414"
  int files = 0;
};

Census load_all(const std::filesystem::path& folder) {
  Census census;
  LoadOptions options;
  options.truncation = Truncation::kRefuse;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".wav") continue;
    ++census.files;
    try {
      const auto loaded = load_audio(entry.path(), options);
      EXPECT_TRUE(loaded.warnings.empty()) << entry.path();
      EXPECT_EQ(loaded.source_channels, 1) << entry.path();
      EXPECT_GT(loaded.waveform.duration_s(), 0.5) << entry.path();
      ++census.kinds[loaded.container + " " + loaded.sample_format + " " +
                     std::to_string(loaded.source_sample_rate_hz)];
    } catch (const core::Error& error) {
      ADD_FAILURE() << error.code() << " " << error.what();
    }
  }
  return census;
}

std::filesystem::path corpus(const std::string& name) {
  const char* folder = std::getenv("SER_CORPORA");
  return folder == nullptr ? "" : std::filesystem::path(folder) / name;
}

TEST(Corpora, TessIsReadWholly) {
  const auto folder = corpus("TESS");
  if (folder.empty()) GTEST_SKIP() << "set SER_CORPORA to the folder that holds TESS and EmoDB";
  const auto census = load_all(folder);
  EXPECT_EQ(census.files, 1400);
  EXPECT_EQ(census.kinds,
            (std::map<std::string, int>{
                {"WAV PCM_16 24414", 1397}, {"WAV PCM_16 96000", 1}, {"AIFF PCM_16 24414", 2}}));
}

TEST(Corpora, EmoDbIsReadWholly) {
  const auto folder = corpus("EmoDB");
  if (folder.empty()) GTEST_SKIP() << "set SER_CORPORA to the folder that holds TESS and EmoDB";
  const auto census = load_all(folder);
  EXPECT_EQ(census.files, 535);
  EXPECT_EQ(census.kinds, (std::map<std::string, int>{{"WAV PCM_16 16000", 535}}));
}

}  // namespace
}  // namespace ser::audio
