#pragma once

#include <map>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include "ser/audio/waveform.h"

namespace ser::golden {

// Rounded to float from nearly equal doubles, the two may lie one float apart.
inline constexpr double kOneFloat = 1.2e-7;

// The classic 162 numbers of a signal, and how many samples it has.
struct ReferenceVector {
  std::size_t samples = 0;
  Eigen::VectorXd values;
};

// One line of vectors.jsonl.
struct ReferenceClip {
  std::string path;
  double tuning = 0.0;
  ReferenceVector plain;
  std::map<std::string, ReferenceVector> effects;  // by name: "time_stretch_0.8" ...
};

// For GoogleTest, which names a test's parameter.
std::ostream& operator<<(std::ostream& out, const ReferenceClip& clip);

const std::vector<ReferenceClip>& reference_clips();

// The recording of a clip as librosa.load(path, offset=0.6, duration=2.5) gives it: 22050 Hz, mono.
audio::Waveform load_clip(const std::string& path);

// Stored arrays of signals/: "speech12_24414.mag".
Eigen::MatrixXd reference_matrix(const std::string& name);
std::vector<float> reference_signal(const std::string& name);

// What librosa's trim and split give for the signal that make_descriptors.py makes of a stored one.
struct ReferenceSilence {
  double top_db = 0.0;
  std::pair<std::size_t, std::size_t> trim;
  std::vector<std::pair<std::size_t, std::size_t>> split;
};
std::vector<ReferenceSilence> reference_silence(const std::string& name);

// How far the classic numbers of `samples` are from `expected`: the largest difference of each
// group; that of mel is relative.
struct Deviation {
  double zero_crossing_rate = 0.0;
  double chroma = 0.0;
  double mfcc = 0.0;
  double rms = 0.0;
  double mel = 0.0;
};
Deviation deviation_from(const ReferenceVector& expected, const audio::Waveform& waveform);

// Fails unless every group stays within `tolerance`.
void expect_within(const Deviation& deviation, const Deviation& tolerance);

// Twice what is reachable on real recordings (README.md beside this file).
inline constexpr Deviation kTolerance = {.zero_crossing_rate = 0.0,
                                         .chroma = 2 * 3.4e-7,
                                         .mfcc = 2 * 2.2e-4,
                                         .rms = 2 * 2.7e-8,
                                         .mel = 2 * 5e-7};

// For the name of a test: "wav/speech00_24414.wav" -> "speech00_24414".
std::string test_name(const std::string& path);

}  // namespace ser::golden
