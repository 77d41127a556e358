#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "ser/core/interrupted.h"
#include "ser/core/json.h"
#include "ser/core/thread_pool.h"
#include "ser/corpus/manifest.h"

namespace ser::dataset {

// Of manifests with more utterances than this, kSurveySample of them are looked at.
inline constexpr std::size_t kLargestFullSurvey = 20000;
inline constexpr std::size_t kSurveySample = 2000;

// What the headers of a manifest's recordings say.
struct Survey {
  std::size_t utterances = 0;  // of the manifest
  std::size_t looked_at = 0;   // all, or evenly spaced ones
  std::size_t unreadable = 0;  // of these
  std::size_t untold = 0;      // FLAC streams that do not say how long they are
  double seconds = 0.0;        // of those looked at; a segment counts as long as it is
  std::map<int, std::size_t> sample_rates_hz;  // with the number of recordings
};

// Reads headers only. A recording that cannot be read is counted and not an exception.
Survey survey_recordings(const corpus::Manifest& manifest, core::ThreadPool& pool,
                         const core::StopRequested& stop_requested = {});

// "Hours        0.81" and "Sample rates 24414 Hz (1400)", a line each; a sample is called one.
std::string describe(const Survey& survey);

// {"hours": 0.81, "sample_rates": [{"hz": 24414, "recordings": 1400}], "headers_read": 1400,
// "unreadable": 0, "without_length": 0}. The hours are those of all utterances, estimated where not
// all headers were read.
core::Json to_json(const Survey& survey);

}  // namespace ser::dataset
