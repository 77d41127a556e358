#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "ser/audio/waveform.h"

namespace ser::audio {

// Samples [begin, end).
struct SampleRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// The parts of a recording that are not silent, as librosa.effects.split of 0.10.2 with its
// defaults: the frames (2048 samples, one every 512) whose root mean square lies less than `top_db`
// below that of the loudest one. Ordered, apart from each other, none empty. The loudest frame is
// never silent, so a recording of nothing but zeros is one part; only an empty one has none.
std::vector<SampleRange> sounding_parts(std::span<const float> samples, double top_db);

// Without the silence before the first and after the last part that is not silent
// (librosa.effects.trim). Never empty unless the recording is.
Waveform trim_silence(const Waveform& waveform, double top_db);

// The parts that are not silent, one after the other. Never empty unless the recording is.
Waveform remove_silence(const Waveform& waveform, double top_db);

}  // namespace ser::audio
