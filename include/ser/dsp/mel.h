#pragma once

#include <vector>

#include <Eigen/Core>

#include "ser/dsp/frequency_warp.h"

namespace ser::dsp {

// The mel scale of Slaney's Auditory Toolbox (1998): linear below 1 kHz (200/3 Hz a mel),
// logarithmic above (27 mels for a factor of 6.4).
double hz_to_mel(double frequency_hz);
double mel_to_hz(double mel);

// Where the triangles of a MelFilterbank have their tips.
std::vector<double> mel_band_centres_hz(int sample_rate_hz, int bands);

// Triangular filters, equally spaced in mel from 0 Hz to half the sample rate, each of area 1
// (Slaney): band i rises from edge i to edge i+1, falls to edge i+2 and is scaled by 2/(edge[i+2] -
// edge[i]). A band that lies between two bins of the transform is empty. A warp moves the edges.
// Immutable.
class MelFilterbank {
 public:
  MelFilterbank(int sample_rate_hz, int fft_size, int bands, const FrequencyWarp& warp = {});

  int bands() const { return static_cast<int>(bands_.size()); }
  int bins() const { return bins_; }

  // [bands x bins]
  Eigen::MatrixXf dense() const;

  // Power in each band: [bands x frames], for `magnitudes` [bins x frames]. Magnitudes are squared
  // in float and summed in double.
  Eigen::MatrixXf apply_to_magnitudes(const Eigen::MatrixXf& magnitudes) const;
  // The same, into a matrix whose memory is used again.
  void apply_to_magnitudes(const Eigen::MatrixXf& magnitudes, Eigen::MatrixXf& result) const;

 private:
  // weights_[offset .. offset + count) belong to the bins from `first_bin` on.
  struct Band {
    int first_bin = 0;
    int count = 0;
    int offset = 0;
  };

  int bins_;
  std::vector<Band> bands_;
  std::vector<double> weights_;
};

}  // namespace ser::dsp
