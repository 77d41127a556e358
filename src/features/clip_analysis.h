#pragma once

#include <optional>
#include <span>

#include <Eigen/Core>

#include "ser/dsp/mel.h"
#include "ser/dsp/stft.h"
#include "ser/features/feature_config.h"

namespace ser::features {

// What depends on the configuration alone and is computed once. Immutable.
struct AnalysisTables {
  explicit AnalysisTables(const FeatureConfig& config);

  FeatureConfig config;
  dsp::Stft stft;
  dsp::MelFilterbank mel_filterbank;
  Eigen::MatrixXd dct;  // [mfcc_count x mel_bands]
};

// Memory that is used again from clip to clip.
struct ClipBuffers {
  Eigen::MatrixXf magnitudes;
  Eigen::MatrixXf mel;
  Eigen::MatrixXf mel_db;
};

// What several descriptors need of one clip, computed when the first of them asks. Used by one
// thread; the tables, samples and buffers must outlive it.
class ClipAnalysis {
 public:
  // A warp moves the mel bands.
  ClipAnalysis(const AnalysisTables& tables, std::span<const float> samples, ClipBuffers& buffers,
               const dsp::FrequencyWarp& warp)
      : tables_(tables), samples_(samples), buffers_(buffers), warp_(warp) {}

  const AnalysisTables& tables() const { return tables_; }
  std::span<const float> samples() const { return samples_; }
  Eigen::Index frames() const { return tables_.stft.frames(samples_.size()); }

  // Absolute values of the short-time Fourier transform: [fft_size / 2 + 1 x frames].
  const Eigen::MatrixXf& magnitudes();
  // Power in mel bands: [mel_bands x frames].
  const Eigen::MatrixXf& mel();
  // The same in decibels, at most 80 dB below the clip's maximum.
  const Eigen::MatrixXf& mel_db();
  // Deviation of the clip's pitches from A = 440 Hz, in semitones.
  double tuning();

 private:
  const AnalysisTables& tables_;
  std::span<const float> samples_;
  ClipBuffers& buffers_;
  dsp::FrequencyWarp warp_;
  bool has_magnitudes_ = false;
  bool has_mel_ = false;
  bool has_mel_db_ = false;
  std::optional<double> tuning_;
};

}  // namespace ser::features
