#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <Eigen/Core>

namespace ser::report {

// What became of one recording: numbers, or an error.
struct RecordingFeatures {
  std::string path;
  Eigen::MatrixXf values;  // [names x rows]: one row of the table a column; empty after an error
  std::string error_code;  // "E_AUDIO_..."; empty if there was no error
  std::string error;
};

// A file of features for other programs, in the format that its name ends with. It appears whole,
// by commit(), or not at all.
//
// .csv (RFC 4180): a line a row, `path`, for frames `time_s` (of their centres), the names,
// `error_code` and `error`. A recording that failed has one line, without numbers.
//
// .jsonl: a line a recording, {"path", "features": {name: number}}; for frames {"path",
// "frame_shift_s", "features": {name: [numbers]}}; or {"path", "error": {"code", "message"}}.
//
// .npy (NumPy, version 1.0): little-endian float32, [rows x names] in C order, without recordings
// that failed. Beside it stands NAME.npy.json: {"names", "frame_shift_s" (null unless these are
// frames), "recordings": [{"path", "first_row", "rows"} or {"path", "error"}]}.
//
// Floats are written with the digits that distinguish them. Paths are untrusted text: bytes that
// are not UTF-8 are replaced in JSON.
class FeatureTable {
 public:
  // `frame_shift_s`: rows are frames; without it there is one row a recording. Throws ConfigError
  // (E_CONFIG_VALUE) for a name of another ending, OutputError if the file cannot be written.
  static std::unique_ptr<FeatureTable> open(const std::filesystem::path& path,
                                            std::vector<std::string> names,
                                            std::optional<double> frame_shift_s);
  virtual ~FeatureTable() = default;

  // `values` must be finite.
  virtual void add(const RecordingFeatures& recording) = 0;
  virtual void commit() = 0;

 protected:
  FeatureTable(std::vector<std::string> names, std::optional<double> frame_shift_s)
      : names_(std::move(names)), frame_shift_s_(frame_shift_s) {}

  std::vector<std::string> names_;
  std::optional<double> frame_shift_s_;
};

}  // namespace ser::report
