#pragma once

#include <string>
#include <string_view>
#include <unistd.h>

#include <gtest/gtest.h>

#include "ser/audio/load.h"
#include "ser/core/error.h"

#include "support/temporary_folder.h"

namespace ser::audio {

// "CODE message" of the AudioError, or "read".
inline std::string outcome(const std::filesystem::path& path, const LoadOptions& options = {}) {
  try {
    load_audio(path, options);
  } catch (const core::AudioError& error) {
    return error.code() + " " + error.what();
  }
  return "read";
}

// Tests of files that may keep a reader busy for ever: the program is stopped if they do.
class LoadTest : public ::testing::Test {
 protected:
  void SetUp() override { ::alarm(60); }
  void TearDown() override { ::alarm(0); }

  std::string outcome_of(std::string_view bytes, const LoadOptions& options = {}) const {
    return outcome(write(bytes), options);
  }
  LoadedAudio load(std::string_view bytes, const LoadOptions& options = {}) const {
    return load_audio(write(bytes), options);
  }
  // A new file each time: some file systems flush one that is overwritten to the disk.
  std::filesystem::path write(std::string_view bytes) const {
    return folder_.write("recording" + std::to_string(files_++), bytes);
  }

  const test::TemporaryFolder folder_;

 private:
  mutable int files_ = 0;
};

}  // namespace ser::audio
