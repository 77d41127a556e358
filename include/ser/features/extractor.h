#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "ser/audio/waveform.h"
#include "ser/dsp/frequency_warp.h"
#include "ser/dsp/row_range.h"
#include "ser/features/feature_config.h"
#include "ser/features/feature_matrix.h"

namespace ser::features {

// What augmentation changes while the features of a clip are computed.
struct Alteration {
  dsp::FrequencyWarp warp;                         // of the mel bands
  std::function<void(Eigen::MatrixXf&)> frames{};  // in what frames() gives, before the statistics
};

// Rows of clip_vector() that say one thing: all statistics of a descriptor ("mfcc") or of its
// derivative ("delta_mfcc"), or a set of functionals ("prosody").
struct FeatureGroup {
  std::string name;
  std::vector<Eigen::Index> rows;
};

// Computes the features that a configuration names. Immutable once made (window, filter banks and
// FFT plans are built by the constructor), so many threads may share one.
class FeatureExtractor {
 public:
  // Throws ConfigError (E_CONFIG_VALUE) for a member out of its range, an unknown descriptor,
  // statistic or set of functionals, one that stands twice or nothing at all, more coefficients
  // than mel bands, a range of pitch below an octave, and a hop so short that the numbers of all
  // frames would outweigh the clip's samples by more than 64 to 1.
  explicit FeatureExtractor(const FeatureConfig& config);
  ~FeatureExtractor();
  FeatureExtractor(FeatureExtractor&&) noexcept;
  FeatureExtractor& operator=(FeatureExtractor&&) noexcept;

  const FeatureConfig& config() const;

  // "zero_crossing_rate", "chroma_0" ... "mel_127": the rows of frames(). Their derivatives follow
  // as "delta_..." and "delta2_..." if the configuration asks for them (ser/dsp/delta.h).
  const std::vector<std::string>& row_names() const;
  // The rows of frames() that stand for bands of rising frequency, one range a descriptor. With
  // form frames also those of their derivatives.
  const std::vector<dsp::RowRange>& spectra() const;
  // The rows of clip_vector(): "mfcc_3_mean", statistics outermost (all means, then all
  // deviations), then the functionals. With form frames those of one frame, row_names().
  const std::vector<std::string>& clip_names() const;
  // Each row of clip_vector() is in one of them.
  const std::vector<FeatureGroup>& clip_groups() const;
  // Whether a clip is described by as many frames as it has, and not by numbers for all of it.
  bool gives_frames() const { return config().form == "frames"; }

  // Seconds from one frame to the next.
  double frame_shift_s() const;

  // [rows x (1 + n / hop_length)]. The waveform must be at the configured rate (ConfigError
  // E_SAMPLE_RATE) and not empty (AudioError E_AUDIO_EMPTY), its samples finite (AudioError
  // E_AUDIO_NOT_FINITE). Values beyond float's range are set to its largest number, so the result
  // is finite. With form frames spectra are normalised as configured.
  FeatureMatrix frames(const audio::Waveform& waveform) const;

  // The statistics over frames: [clip_names().size()]; with form frames the columns of frames(),
  // one behind the other. Always finite. Throws as frames() does.
  Eigen::VectorXf clip_vector(const audio::Waveform& waveform) const;

  // Memory for one clip after the other, of any extractor; used by one thread at a time. Unless a
  // clip was longer than minutes, its memory is kept for the next.
  class Workspace;
  Eigen::VectorXf clip_vector(const audio::Waveform& waveform, Workspace& workspace,
                              const Alteration& alteration = {}) const;

 private:
  class Impl;
  std::unique_ptr<const Impl> impl_;
};

class FeatureExtractor::Workspace {
 public:
  Workspace();
  ~Workspace();
  Workspace(Workspace&&) noexcept;
  Workspace& operator=(Workspace&&) noexcept;

 private:
  friend class FeatureExtractor;
  struct Buffers;
  std::unique_ptr<Buffers> buffers_;
};

// Names of features.def, of the statistics and of functionals.def, in order of declaration.
std::vector<std::string> descriptor_names();
std::vector<std::string> statistic_names();
std::vector<std::string> functionals_names();

}  // namespace ser::features
