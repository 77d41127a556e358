#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace ser::augment {

// The recordings of a folder and of the folders in it, for augmentations that draw from them. Each
// is read once, by itself, when the folder is opened, so what cannot be used is found before
// anything is trained; later, only the stretch that is asked for is read again. Immutable, so
// threads may share one.
class RecordingFolder {
 public:
  static constexpr double kLongestRecordingS = 1800.0;

  // Recordings are told by their extension and sorted by the bytes of their paths; hidden files and
  // links to folders are left out. Throws ConfigError: E_CONFIG_VALUE (no such folder, or no
  // recordings in it), E_AUGMENT_RECORDING (one that cannot be read, is silent or longer than
  // kLongestRecordingS). `path` names the place in the configuration in messages.
  RecordingFolder(const std::filesystem::path& folder, const std::string& path);

  std::size_t size() const { return recordings_.size(); }
  double duration_s(std::size_t recording) const { return recordings_[recording].duration_s; }

  // At most `duration_s` seconds of a recording from `offset_s` on, at `sample_rate_hz`; at least
  // one sample. Throws ConfigError (E_AUGMENT_RECORDING) if the file has changed so that this
  // cannot be read.
  std::vector<float> read(std::size_t recording, double offset_s, double duration_s,
                          int sample_rate_hz) const;

 private:
  struct Recording {
    std::filesystem::path file;
    double duration_s = 0.0;
  };

  std::vector<Recording> recordings_;
};

}  // namespace ser::augment
