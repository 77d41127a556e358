#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "ser/audio/waveform.h"
#include "ser/features/extractor.h"

#include "report/charts/axis.h"
#include "report/charts/panel.h"

namespace ser::report::charts {

// Pictures of a clip over time. The axis may go on behind its end, so that several clips have the
// same. A clip has at least one sample. All but the waveform throw as FeatureExtractor::frames().

// Frequencies up to half the rate, in mel.
Axis mel_axis(int sample_rate_hz);

// From 0 to the end of the clip, in seconds; without a label unless it is the lowest of a stack.
Axis time_axis(double duration_s, std::string label = {});

// Least and largest sample of each of some hundred stretches; `peak`: what the axis reaches, the
// largest sample if there is none.
std::shared_ptr<const Panel> waveform_panel(const audio::Waveform& clip, Axis time,
                                            std::optional<double> peak = std::nullopt);

// In decibels below the loudest of all bins and frames, over frequency.
std::shared_ptr<const Panel> spectrogram_panel(const audio::Waveform& clip, Axis time);

// In decibels below the loudest of all bands and frames, over mel (ser/dsp/mel.h).
std::shared_ptr<const Panel> mel_panel(const audio::Waveform& clip, Axis time,
                                       const features::Alteration& alteration = {},
                                       const std::string& heading = "Mel spectrogram");
// What that draws: [bands x frames], as augmentation alters it.
Eigen::MatrixXf mel_bands_db(const audio::Waveform& clip,
                             const features::Alteration& alteration = {});

// Energy by pitch class, relative to the largest of each frame.
std::shared_ptr<const Panel> chroma_panel(const audio::Waveform& clip, Axis time);

// Mel-frequency cepstral coefficients from the second on (the first is the level, which would
// outshine them), each relative to its mean over the clip and in units of its deviation.
std::shared_ptr<const Panel> mfcc_panel(const audio::Waveform& clip, Axis time);

// The fundamental frequency over time in seconds, in Hz; NaN where there is none.
std::vector<Point> pitch_contour(const audio::Waveform& clip);
std::shared_ptr<const Panel> pitch_panel(std::vector<Point> contour, Axis time, Axis frequency);
// One for contours of some clips.
Axis pitch_axis(const std::vector<std::vector<Point>>& contours);

}  // namespace ser::report::charts
