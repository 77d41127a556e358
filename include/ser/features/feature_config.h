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
  // Numbers that describe a whole clip and are no statistic of one descriptor; after the others.
  std::vector<std::string> functionals;
  // 1: every descriptor's derivative over frames follows as rows of their own; 2: the second one
  // too.
  int delta_order = 0;
  double f0_lowest_hz = 65.0;
  double f0_highest_hz = 700.0;
  std::string form = "clip";
  std::string spectrum_normalization = "none";  // of form frames

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
    visit("functionals", self.functionals,
          "sets of numbers for the whole clip (see functionals.def)");
    visit("delta_order", self.delta_order, "derivatives over frames that are added as rows",
          Range{0, 2});
    visit("f0_lowest_hz", self.f0_lowest_hz, "lowest fundamental frequency that is looked for",
          Range{20.0, 500.0});
    visit("f0_highest_hz", self.f0_highest_hz, "highest fundamental frequency that is looked for",
          Range{100.0, 1000.0});
    visit(
        "form", self.form,
        "clip: statistics over frames, and functionals; frames: the frames themselves, as many as "
        "the clip has",
        core::OneOf{{"clip", "frames"}});
    visit("spectrum_normalization", self.spectrum_normalization,
          "with form frames, how spectra are made relative to their clip: none: not at all; level: "
          "the mean of all their numbers becomes 0, their deviation 1; mean: the mean of each band "
          "becomes 0; standard: the deviation of each band becomes 1 as well",
          core::OneOf{{"none", "level", "mean", "standard"}});
  }
};

}  // namespace ser::features
