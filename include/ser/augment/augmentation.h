#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <Eigen/Core>

#include "ser/audio/waveform.h"
#include "ser/core/json.h"
#include "ser/core/random.h"
#include "ser/dsp/frequency_warp.h"
#include "ser/dsp/row_range.h"

namespace ser::augment {

// Where on the way from a recording to its features an augmentation acts; the way is gone in this
// order.
enum class Stage {
  kWaveform,  // the samples
  kAnalysis,  // how features are computed from them
  kFeatures,  // the features frame by frame
};

// Changes a clip at random, as training wants it: same clip, same stream, same result. An
// augmentation acts at one stage; at the others it leaves what it is given as it is.
class Augmentation {
 public:
  virtual ~Augmentation() = default;
  virtual std::string_view kind() const = 0;
  // The effective parameters, as an object that make_augmentation() takes.
  virtual core::Json configuration() const = 0;
  virtual Stage stage() const = 0;

  // kWaveform. Keeps the sample rate and gives finite samples, whatever it is given.
  virtual audio::Waveform apply(const audio::Waveform& input, core::RandomStream random) const;

  // kAnalysis.
  virtual dsp::FrequencyWarp frequency_warp(core::RandomStream random) const;

  // kFeatures: of `values` [features x frames], finite and left so. `spectra` are the rows that
  // stand for bands of rising frequency. The frames may become more or fewer, but for none at all.
  virtual void apply_to_features(Eigen::MatrixXf& values, std::span<const dsp::RowRange> spectra,
                                 core::RandomStream random) const;
};

// Makes the augmentation `kind` of augmentations.def from its parameters (an object; what it does
// not name keeps its default). Throws ConfigError: E_CONFIG_KEY for an unknown kind or parameter,
// E_CONFIG_VALUE, E_AUGMENT_RECORDING for a recording of a folder that cannot be used; `path` names
// the place in messages.
std::unique_ptr<Augmentation> make_augmentation(std::string_view kind, const core::Json& parameters,
                                                const std::string& path = "augment");

std::vector<std::string> augmentation_kinds();

}  // namespace ser::augment
