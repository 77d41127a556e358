#include "features/clip_analysis.h"

#include <cstddef>

#include "ser/dsp/dct.h"
#include "ser/dsp/decibel.h"
#include "ser/dsp/tuning.h"

namespace ser::features {

AnalysisTables::AnalysisTables(const FeatureConfig& feature_config)
    : config(feature_config),
      stft(config.fft_size, config.hop_length),
      mel_filterbank(config.sample_rate_hz, config.fft_size, config.mel_bands),
      dct(dsp::dct_matrix(config.mfcc_count, config.mel_bands)) {}

const Eigen::MatrixXf& ClipAnalysis::magnitudes() {
  if (!has_magnitudes_) tables_.stft.magnitudes(samples_, buffers_.magnitudes);
  has_magnitudes_ = true;
  return buffers_.magnitudes;
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

}  // namespace ser::features
