#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <Eigen/Core>

#include "ser/audio/waveform.h"
#include "ser/augment/augmentation.h"
#include "ser/core/random.h"
#include "ser/report/picture.h"
#include "ser/report/terminal.h"

namespace ser::report {

// A recording of at least one sample, and what it is called; any bytes.
struct NamedSound {
  std::string name;
  audio::Waveform clip;
};

// Waveform, spectrogram, mel spectrogram, chroma, MFCC and pitch, one under the other; several
// recordings side by side, over the same seconds. Throws as features::FeatureExtractor::frames().
Picture sounds_picture(const std::vector<NamedSound>& sounds, std::vector<std::string> remarks);

// Waveform and mel spectrogram of each, one after the other.
std::string sounds_text(const std::vector<NamedSound>& sounds, const TerminalStyle& style);

// What an augmentation made of a recording.
struct AlteredSound {
  std::string kind;
  std::string parameters;  // effective, as JSON
  augment::Stage stage = augment::Stage::kWaveform;
  audio::Waveform clip;  // as it sounds; of augmentations of other stages the recording itself
  Picture picture;       // beside the recording
  std::string file;      // beside the page, with the sound; empty: it cannot be heard
};

// Draws from random.fork(kind).
AlteredSound alter_sound(const NamedSound& sound, const augment::Augmentation& augmentation,
                         const core::RandomStream& random);

// Mel spectrograms of the recording and of all that was made of it, side by side.
Picture altered_sounds_picture(const NamedSound& sound,
                               const std::vector<const augment::Augmentation*>& augmentations,
                               const core::RandomStream& random);

// One HTML page as write_page() writes it (ser/report/page.h), with a player for each of them.
// `left_out` are kinds and why they were not tried.
void write_augmentation_page(const NamedSound& sound, const std::string& file,
                             const std::vector<AlteredSound>& altered,
                             const std::vector<std::vector<std::string>>& left_out,
                             const std::function<void(std::string_view)>& sink);

// The clips of one class: mean level of each mel band in decibels [bands x clips], and numbers that
// describe them [features x clips].
struct ClassSounds {
  std::string name;
  Eigen::MatrixXf mel_db;
  Eigen::MatrixXf features;
};

struct ClassComparison {
  std::vector<ClassSounds> classes;
  std::vector<std::string> features;  // their names
  int sample_rate_hz = 0;
  std::string corpus;
};

// A feature and how far classes are apart in it: the share of its variance that the class explains
// (eta squared), from 0 to 1.
struct FeatureEffect {
  std::size_t feature = 0;
  double explained = 0.0;
};

// The largest first. Features without variance come last, with 0.
std::vector<FeatureEffect> feature_effects(const ClassComparison& comparison);

// The first of them, at most so many, without those that say nearly the same as one before: whose
// correlation with it over all clips is beyond 0.9.
std::vector<FeatureEffect> distinct_effects(const ClassComparison& comparison, std::size_t most);

// Average spectra by class, and the features that differ most, as boxes.
Picture comparison_picture(const ClassComparison& comparison);

// Medians by class of the features that differ most.
std::string comparison_by_class_text(const ClassComparison& comparison);

}  // namespace ser::report
