#pragma once

#include <string>
#include <vector>

#include "ser/audio/load.h"
#include "ser/audio/silence.h"

#include "system/demo.h"

namespace ser::test {

struct Turn {
  double start_s;
  double end_s;
  std::string label;
};

// A call: clips of the demo corpus, all of one emotion for some seconds, then another, with a
// second of silence between the clips.
struct Call {
  audio::Waveform waveform;
  std::vector<Turn> turns;
};

inline Call make_call(const std::vector<std::string>& emotions, std::size_t clips_of_each = 2) {
  Call call;
  for (const auto& emotion : emotions) {
    std::size_t left = clips_of_each;
    for (const auto& path : demo_recordings()) {
      if (left == 0 || !path.stem().string().ends_with("_" + emotion)) continue;
      --left;
      const auto clip = audio::trim_silence(audio::load_audio(path).waveform, 40.0);
      auto& samples = call.waveform.samples;
      call.waveform.sample_rate_hz = clip.sample_rate_hz;
      samples.resize(samples.size() + static_cast<std::size_t>(clip.sample_rate_hz), 0.0F);
      const double start_s = call.waveform.duration_s();
      samples.insert(samples.end(), clip.samples.begin(), clip.samples.end());
      call.turns.push_back({start_s, call.waveform.duration_s(), emotion});
    }
  }
  call.waveform.samples.resize(call.waveform.samples.size() + 16000, 0.0F);
  return call;
}

}  // namespace ser::test
