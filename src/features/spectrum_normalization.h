#pragma once

#include <string>

#include <Eigen/Core>

namespace ser::features {

// Makes a spectrum [bands x frames] relative to its clip, in place, as
// FeatureConfig::spectrum_normalization says: what the level of a recording adds to its logarithms
// is gone (level), or whatever stays the same throughout the clip, as a channel and part of a voice
// do (mean, standard; for cepstra: Atal, 1974). What does not vary is only centred.
void normalize_spectrum(const std::string& mode, Eigen::Ref<Eigen::MatrixXf> spectrum);

}  // namespace ser::features
