#pragma once

#include <string>

#include "ser/audio/fingerprint.h"
#include "ser/core/interrupted.h"
#include "ser/corpus/utterance.h"

namespace ser::dataset {

// What a recording is known again by, whatever its name, container and format.
struct ClipContent {
  // Checksum (16 hexadecimal digits) of the samples as they are loaded: mono float, before
  // resampling. The same for the same sound as 16 or 24 bit integers or float, in WAV, AIFF or
  // FLAC, and on two equal channels. The rate that a header claims is no part of it.
  std::string checksum;
  audio::DetailedFingerprint fingerprint;
};

// Reads the whole recording, of a segment no more than that, in memory that does not grow with its
// length. Throws AudioError as audio::load_audio(), and Interrupted: a recording of hours is long.
ClipContent clip_content(const corpus::Utterance& utterance,
                         const core::StopRequested& stop_requested = {});

}  // namespace ser::dataset
