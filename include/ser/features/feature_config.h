#pragma once

#include <string>
#include <vector>

#include "ser/core/config.h"

namespace ser::features {

// Which numbers describe a clip. The defaults are the classic 162 of the usual librosa recipe: zero
// crossing rate (1), chroma (12), MFCC (20), root mean square (1) and mel spectrogram (128), means
// over frames.
struct FeatureConfig {
  int sample_rate_hz = 22050;
  int fft_size = 2048;
  int hop_length = 512;
  int mel_bands = 128;
  int mfcc_count = 20;
  std::vector<std::string> descriptors = {"zero_crossing_rate", "chroma", "mfcc", "rms", "mel"};
  std::vector<std::string> statistics = {"mean"};

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    using core::Range;
    visit("sample_rate_hz", self.sample_rate_hz, "rate that clips are resampled to",
          Range{4000, 192000});
    visit("fft_size", self.fft_size, "samples in a frame", Range{64, 65536});
    visit("hop_length", self.hop_length, "samples from one frame to the next", Range{1, 65536});
    visit("mel_bands", self.mel_bands, "bands of the mel spectrogram", Range{2, 1024});
    visit("mfcc_count", self.mfcc_count, "mel-frequency cepstral coefficients", Range{1, 1024});
    visit("descriptors", self.descriptors, "features, in order (see features.def)");
    visit("statistics", self.statistics, "statistics over frames, in order");
  }
};

}  // namespace ser::features
