#pragma once

#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "ser/core/json.h"
#include "ser/model/recogniser.h"
#include "ser/report/prediction_rows.h"

#include "explain_recording.h"
#include "prediction_run.h"
#include "recording_inputs.h"
#include "segment_run.h"

namespace ser::apps {

// What ser-predict was asked to do.
struct PredictionRequest {
  std::string model_path;
  RecordingInputs inputs;
  std::string out;
  bool resume = false;
  bool segments = false;
  SegmentRequest segmentation;
  std::string rows;                // "segments", "windows", or what fits the input
  std::string segment_option;      // one of those that need segments, if any was given
  std::optional<std::string> raw;  // how samples on standard input are written
  std::string out_dir;
  std::string summary;
  std::string picture;
  std::string format = "text";
  int top = 1;
  double threshold = 0.0;
  bool find_silence = false;
  bool all_probabilities = false;
  bool one_speaker = false;
  bool one_corpus = false;
  double max_fail_rate = 0.0;
  ExplainRequest explain;
  int jobs = 1;

  bool in_segments() const { return segments || inputs.is_stream(); }
  std::string together() const { return one_speaker ? "speaker" : (one_corpus ? "corpus" : ""); }
  report::RowOptions row_options() const;
  // All that rows depend on, besides the recordings: a run goes on only with the same.
  core::Json settings(const model::Recogniser& recogniser) const;
};

void add_options(CLI::App& app, PredictionRequest& request);

// Throws ConfigError (E_USAGE) for what does not go together, or not with the model.
void check_request(const PredictionRequest& request, const model::Recogniser& recogniser);

// Whether the model's normalisation and what is known of the inputs fit each other.
Inputs check_inputs(const PredictionRequest& request, const model::Recogniser& recogniser);

}  // namespace ser::apps
