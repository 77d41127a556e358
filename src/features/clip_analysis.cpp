#include "features/clip_analysis.h"

#include <cstddef>

#include "ser/dsp/dct.h"
#include "ser/dsp/decibel.h"
#include "ser/dsp/loudness.h"
#include "ser/dsp/spectral_shape.h"
#include "ser/dsp/tuning.h"

#include "features/pitch_features.h"

namespace ser::features {

AnalysisTables::AnalysisTables(const FeatureConfig& feature_config)
    : config(feature_config),
      stft(config.fft_size, config.hop_length),
      mel_filterbank(config.sample_rate_hz, config.fft_size, config.mel_bands),
      dct(dsp::dct_matrix(config.mfcc_count, config.mel_bands)),
      pitch_tracker(pitch_config(config)) {}

const Eigen::MatrixXf& ClipAnalysis::magnitudes() {
  if (!has_magnitudes_) tables_.stft.magnitudes(samples_, buffers_.magnitudes);
  has_magnitudes_ = true;
  return buffers_.magnitudes;
}

std::span<const float> ClipAnalysis::magnitudes_of(Eigen::Index frame) {
  const auto column = magnitudes().col(frame);
  return {column.data(), static_cast<std::size_t>(column.size())};
}

const Eigen::MatrixXf& ClipAnalysis::mel() {
  if (!has_mel_) {
    const auto& config = tables_.config;
    if (warp_.factor == 1.0) {
      tables_.mel_filterbank.apply_to_magnitudes(magnitudes(), buffers_.mel);
    } else {
      dsp::MelFilterbank(config.sample_rate_hz, config.fft_size, config.mel_bands, warp_)
          .apply_to_magnitudes(magnitudes(), buffers_.mel);
    }
  }
  has_mel_ = true;
  return buffers_.mel;
}

const Eigen::MatrixXf& ClipAnalysis::mel_db() {
  if (!has_mel_db_) {
    Eigen::MatrixXf& values = buffers_.mel_db;
    values = mel();
    dsp::power_to_db({values.data(), static_cast<std::size_t>(values.size())});
  }
  has_mel_db_ = true;
  return buffers_.mel_db;
}

double ClipAnalysis::tuning() {
  if (!tuning_) {
    tuning_ =
        dsp::estimate_tuning(magnitudes(), tables_.config.sample_rate_hz, tables_.config.fft_size);
  }
  return *tuning_;
}

const std::vector<double>& ClipAnalysis::spectral_centroids_hz() {
  if (!spectral_centroids_hz_) {
    const auto& config = tables_.config;
    const double bin_hz = dsp::bin_width_hz(config.sample_rate_hz, config.fft_size);
    auto& centroids = spectral_centroids_hz_.emplace();
    for (Eigen::Index frame = 0; frame < frames(); ++frame) {
      centroids.push_back(dsp::spectral_centroid_hz(magnitudes_of(frame), bin_hz));
    }
  }
  return *spectral_centroids_hz_;
}

const std::vector<float>& ClipAnalysis::loudness() {
  if (!loudness_) {
    const auto& config = tables_.config;
    loudness_ =
        dsp::loudness(mel(), dsp::mel_band_centres_hz(config.sample_rate_hz, config.mel_bands));
  }
  return *loudness_;
}

const dsp::PitchTrack& ClipAnalysis::pitch() {
  if (!pitch_) pitch_ = tables_.pitch_tracker.track(samples_);
  return *pitch_;
}

const std::vector<float>& ClipAnalysis::harmonics_to_noise_db() {
  if (!harmonics_to_noise_db_) {
    harmonics_to_noise_db_ = dsp::harmonics_to_noise_db(
        samples_, tables_.config.sample_rate_hz, pitch(), tables_.pitch_tracker.frame_length() / 2);
  }
  return *harmonics_to_noise_db_;
}

const std::vector<dsp::GlottalPeriod>& ClipAnalysis::glottal_periods() {
  if (!glottal_periods_) {
    glottal_periods_ = dsp::glottal_periods(samples_, tables_.config.sample_rate_hz, pitch());
  }
  return *glottal_periods_;
}

}  // namespace ser::features
