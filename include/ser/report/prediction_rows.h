#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <Eigen/Core>

#include "ser/core/json.h"

namespace ser::report {

// What became of one recording: probabilities, or an error.
struct PredictionRow {
  std::string path;
  Eigen::VectorXf probabilities;  // one a class; empty if there was an error, or no speech
  bool has_speech = true;         // as far as was looked for
  std::string error_code;         // "E_AUDIO_..."; empty if there was none
  std::string error;
  std::vector<std::string> warnings;  // what the reader had to say
};

// The label of a row whose recogniser is not sure enough to name a class, and of one in which
// nobody speaks, which has no probabilities.
inline constexpr std::string_view kUnknown = "unknown";
inline constexpr std::string_view kNoSpeech = "no_speech";

enum class RowFormat { kText, kCsv, kJsonLines };

struct RowOptions {
  RowFormat format = RowFormat::kText;
  int top = 1;  // classes named in a row, most probable first
  // Where the most probable class has less than this, the row names none: the label is kUnknown, in
  // JSON beside "abstained": true. The other classes of `top` stand as they are.
  double threshold = 0.0;
  enum class Probabilities { kNamedOnly, kAll } probabilities = Probabilities::kNamedOnly;
};

// One line a recording. Paths and names are untrusted text: control characters are escaped in text,
// fields quoted in CSV (RFC 4180), and bytes that are not UTF-8 replaced in JSON.
class PredictionRowWriter {
 public:
  // `top` is cut to the number of classes.
  PredictionRowWriter(std::vector<std::string> classes, const RowOptions& options);

  // What stands before the first row: the column names of CSV; otherwise nothing.
  std::string header() const;
  // Whether the recogniser is not sure enough to name a class.
  bool abstains(const PredictionRow& row) const;
  // One row, with its line end.
  std::string row(const PredictionRow& row) const;

 private:
  // The label and probability of the classes that the row names; both empty where there are none.
  struct Named {
    std::string label;
    std::string probability;
  };
  std::vector<Named> named(const PredictionRow& row) const;
  // Indices of the classes, most probable first.
  std::vector<std::size_t> ranking(const PredictionRow& row) const;
  std::string text_row(const PredictionRow& row) const;
  std::string csv_row(const PredictionRow& row) const;
  std::string json_row(const PredictionRow& row) const;

  std::vector<std::string> classes_;
  RowOptions options_;
};

}  // namespace ser::report
