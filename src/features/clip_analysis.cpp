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
  if (!magnitudes_) magnitudes_ = tables_.stft.magnitudes(samples_);
  return *magnitudes_;
}

const Eigen::MatrixXf& ClipAnalysis::mel() {
  if (!mel_) {
    const auto& config = tables_.config;
    mel_ = warp_.factor == 1.0
               ? tables_.mel_filterbank.apply_to_magnitudes(magnitudes())
               : dsp::MelFilterbank(config.sample_rate_hz, config.fft_size, config.mel_bands, warp_)
                     .apply_to_magnitudes(magnitudes());
  }
  return *mel_;
}

const Eigen::MatrixXf& ClipAnalysis::mel_db() {
  if (!mel_db_) {
    mel_db_ = mel();
    dsp::power_to_db({mel_db_->data(), static_cast<std::size_t>(mel_db_->size())});
  }
  return *mel_db_;
}

double ClipAnalysis::tuning() {
  if (!tuning_) {
    tuning_ =
        dsp::estimate_tuning(magnitudes(), tables_.config.sample_rate_hz, tables_.config.fft_size);
  }
  return *tuning_;
}

}  // namespace ser::features
