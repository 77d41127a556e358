#pragma once

#include <optional>
#include <span>
#include <vector>

#include <Eigen/Core>

#include "ser/dsp/mel.h"
#include "ser/dsp/pitch.h"
#include "ser/dsp/stft.h"
#include "ser/dsp/voice_quality.h"
#include "ser/features/feature_config.h"

namespace ser::features {

// What depends on the configuration alone and is computed once. Immutable.
struct AnalysisTables {
  explicit AnalysisTables(const FeatureConfig& config);

  FeatureConfig config;
  dsp::Stft stft;
  dsp::MelFilterbank mel_filterbank;
  Eigen::MatrixXd dct;  // [mfcc_count x mel_bands]
  dsp::PitchTracker pitch_tracker;
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
  // The same for one frame.
  std::span<const float> magnitudes_of(Eigen::Index frame);
  // Power in mel bands: [mel_bands x frames].
  const Eigen::MatrixXf& mel();
  // The same in decibels, at most 80 dB below the clip's maximum.
  const Eigen::MatrixXf& mel_db();
  // Deviation of the clip's pitches from A = 440 Hz, in semitones.
  double tuning();
  // Mean frequency of each frame's spectrum in Hz.
  const std::vector<double>& spectral_centroids_hz();
  // Loudness of each frame.
  const std::vector<float>& loudness();
  // Fundamental frequency and voicing of each frame.
  const dsp::PitchTrack& pitch();
  // Harmonics-to-noise ratio of each frame in decibels; 0 where it is not voiced.
  const std::vector<float>& harmonics_to_noise_db();
  // The periods of the voice in the voiced stretches.
  const std::vector<dsp::GlottalPeriod>& glottal_periods();

 private:
  const AnalysisTables& tables_;
  std::span<const float> samples_;
  ClipBuffers& buffers_;
  dsp::FrequencyWarp warp_;
  bool has_magnitudes_ = false;
  bool has_mel_ = false;
  bool has_mel_db_ = false;
  std::optional<double> tuning_;
  std::optional<std::vector<double>> spectral_centroids_hz_;
  std::optional<std::vector<float>> loudness_;
  std::optional<dsp::PitchTrack> pitch_;
  std::optional<std::vector<float>> harmonics_to_noise_db_;
  std::optional<std::vector<dsp::GlottalPeriod>> glottal_periods_;
};

}  // namespace ser::features
