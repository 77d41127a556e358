#pragma once

#include <vector>

#include <Eigen/Core>

namespace ser::dsp {

// Sensitivity of hearing at 40 phon relative to that at 1 kHz, as a factor of power
// (Hermansky, 1990: the equal-loudness curve of perceptual linear prediction). 0 at 0 Hz.
double equal_loudness(double frequency_hz);

// Loudness of each frame, for `mel` [bands x frames], the power in bands of a MelFilterbank whose
// centres lie at `centres_hz`: the mean over bands of the cube root (Stevens' power law) of power
// times equal_loudness(), as the auditory spectrum of perceptual linear prediction. Relative, since
// recordings are not calibrated: 1,000 times the power is 10 times as loud.
std::vector<float> loudness(const Eigen::MatrixXf& mel, const std::vector<double>& centres_hz);

}  // namespace ser::dsp
