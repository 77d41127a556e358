#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "ser/core/interrupted.h"
#include "ser/core/thread_pool.h"
#include "ser/corpus/manifest.h"

namespace ser::dataset {

// What an utterance sounds like in a few numbers. Levels are in decibels, of which 0 is full scale;
// kSilence_db stands for nothing at all.
struct RecordingFacts {
  static constexpr double kSilence_db = -120.0;

  double duration_s = 0.0;
  int sample_rate_hz = 0;  // of the file
  int channels = 0;
  std::string format;  // "WAV PCM_16"
  double peak_db = kSilence_db;
  // Root mean square of all blocks of 20 ms that are not silent: lie less than 40 dB below the
  // loudest one.
  double loudness_db = kSilence_db;
  double silence_share = 0.0;         // of the blocks
  double clipped_share = 0.0;         // of the samples: at full scale, two or more in a row
  double offset = 0.0;                // mean of the samples
  std::vector<std::string> warnings;  // of the reader
  std::string error_code;             // of one that cannot be read, of which nothing else is known
  std::string error;
};

// Reads the whole utterance, in memory that does not grow with its length but for 8 bytes a block.
// One that cannot be read is told of and no exception.
RecordingFacts measure_recording(const corpus::Utterance& utterance,
                                 const core::StopRequested& stop_requested = {});

// Of every utterance of the manifest. `progress` is called with the number of finished ones, from
// any worker but never by two at once. Throws Interrupted.
std::vector<RecordingFacts> measure_recordings(
    const corpus::Manifest& manifest, core::ThreadPool& pool,
    const std::function<void(std::size_t)>& progress = {},
    const core::StopRequested& stop_requested = {});

// A recording to be looked at before a model is trained on it.
struct OddRecording {
  std::size_t utterance = 0;  // in the manifest
  std::string reason;
};

// Those that cannot be read or only with a warning; are nearly silent, clipped (0.1 % of the
// samples), off centre (2 % of full scale) or mostly silence (80 %); have another sample rate than
// nine tenths of their corpus; or lie far outside of its usual lengths and loudness (Tukey, 1977:
// beyond the quartiles by three times their distance, of 20 recordings or more). Sorted by
// utterance; one may have several reasons.
std::vector<OddRecording> odd_recordings(const corpus::Manifest& manifest,
                                         const std::vector<RecordingFacts>& facts);

}  // namespace ser::dataset
