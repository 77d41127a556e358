#include "report/charts/sound_panels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "ser/dsp/mel.h"
#include "ser/dsp/stft.h"
#include "ser/features/extractor.h"

#include "report/charts/plot.h"
#include "report/charts/raster_panel.h"

namespace ser::report::charts {
namespace {

constexpr std::size_t kStretches = 800;
constexpr double kFloor_db = -80.0;  // as far below the loudest as mel_db goes

// So that a clip has some hundred frames, however long it is.
int hop_of(const audio::Waveform& clip) {
  constexpr int kShortestHop = 128;
  constexpr int kLongestHop = 65536;
  return static_cast<int>(
      std::clamp<std::size_t>(clip.samples.size() / kStretches, kShortestHop, kLongestHop));
}

// The power of two that is nearest to so many seconds.
int frame_length(double seconds, int sample_rate_hz) {
  return 1 << std::clamp(static_cast<int>(std::lround(std::log2(seconds * sample_rate_hz))), 8, 15);
}

Eigen::MatrixXf frames_of(const audio::Waveform& clip, const std::string& descriptor) {
  constexpr double kFrame_s = 0.09;
  features::FeatureConfig config;
  config.sample_rate_hz = clip.sample_rate_hz;
  config.fft_size = frame_length(kFrame_s, clip.sample_rate_hz);
  config.hop_length = hop_of(clip);
  config.descriptors = {descriptor};
  return features::FeatureExtractor(config).frames(clip).values;
}

// Rows of the matrix from below; `share` makes 0 to 1 of a value.
Raster raster_of(const Eigen::MatrixXf& values, Colour (*colours)(double),
                 const std::function<double(double)>& share) {
  Raster raster{static_cast<int>(values.cols()), static_cast<int>(values.rows()), {}};
  raster.colours.reserve(static_cast<std::size_t>(values.size()));
  for (Eigen::Index row = values.rows() - 1; row >= 0; --row) {
    for (Eigen::Index column = 0; column < values.cols(); ++column) {
      raster.colours.push_back(colours(share(static_cast<double>(values(row, column)))));
    }
  }
  return raster;
}

// In decibels below the largest of all.
std::shared_ptr<const Panel> decibel_panel(const std::string& heading,
                                           const Eigen::MatrixXf& decibels, double duration_s,
                                           Axis time, Axis frequency) {
  const double loudest = decibels.maxCoeff();
  RasterPlot plot{std::move(time), std::move(frequency)};
  plot.raster = raster_of(decibels, plot.colours,
                          [&](double value) { return 1.0 - (value - loudest) / kFloor_db; });
  plot.until = duration_s;
  plot.key = axis_between(kFloor_db, 0.0, 5, "dB");
  return std::make_shared<RasterPanel>(heading, std::move(plot));
}

}  // namespace

Axis mel_axis(int sample_rate_hz) {
  Axis axis{0.0, dsp::hz_to_mel(sample_rate_hz / 2.0), {}, "Hz"};
  for (const double hz : {0.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0, 16000.0, 32000.0, 64000.0}) {
    if (hz > sample_rate_hz / 2.0) break;
    axis.ticks.push_back({dsp::hz_to_mel(hz), number_text(hz, 0)});
  }
  return axis;
}

Axis time_axis(double duration_s, std::string label) {
  constexpr std::size_t kMostTicks = 11;
  return axis_between(0.0, duration_s, kMostTicks, std::move(label));
}

std::shared_ptr<const Panel> waveform_panel(const audio::Waveform& clip, Axis time,
                                            std::optional<double> wanted_peak) {
  const auto& samples = clip.samples;
  const std::size_t stretches = std::min(kStretches, samples.size());
  std::vector<Point> upper;
  std::vector<Point> lower;
  double peak = 0.0;
  for (std::size_t i = 0; i < stretches; ++i) {
    const auto first = static_cast<std::ptrdiff_t>(samples.size() * i / stretches);
    const auto last = static_cast<std::ptrdiff_t>(samples.size() * (i + 1) / stretches);
    const auto [low, high] = std::minmax_element(samples.begin() + first, samples.begin() + last);
    const double at = static_cast<double>(first + last) / 2.0 / clip.sample_rate_hz;
    upper.push_back({at, *high});
    lower.push_back({at, *low});
    peak =
        std::max({peak, std::abs(static_cast<double>(*high)), std::abs(static_cast<double>(*low))});
  }
  if (wanted_peak) peak = *wanted_peak;
  if (peak == 0.0) peak = 1.0;
  Plot plot{std::move(time), axis_over({-peak, peak}, 5, ""), 70.0};
  // A steady line has to be seen as well.
  const double hair = 0.004 * (plot.y.high - plot.y.low);
  for (auto& point : upper) point.y += hair;
  for (auto& point : lower) point.y -= hair;
  plot.area = std::move(upper);
  plot.area.insert(plot.area.end(), lower.rbegin(), lower.rend());
  return std::make_shared<PlotPanel>("Waveform", std::move(plot));
}

std::shared_ptr<const Panel> spectrogram_panel(const audio::Waveform& clip, Axis time) {
  constexpr double kFrame_s = 0.023;
  const dsp::Stft stft(frame_length(kFrame_s, clip.sample_rate_hz), hop_of(clip));
  const Eigen::MatrixXf magnitudes = stft.magnitudes(clip.samples);
  const float floor = std::max(magnitudes.maxCoeff() * 1e-5F, 1e-20F);
  const Eigen::MatrixXf decibels = (20.0F * magnitudes.array().max(floor).log10()).matrix();
  return decibel_panel("Spectrogram", decibels, clip.duration_s(), std::move(time),
                       axis_between(0.0, clip.sample_rate_hz / 2.0, 6, "Hz"));
}

Eigen::MatrixXf mel_bands_db(const audio::Waveform& clip, const features::Alteration& alteration) {
  features::FeatureConfig config;
  config.sample_rate_hz = clip.sample_rate_hz;
  config.fft_size = 1024;
  config.hop_length = hop_of(clip);
  config.mel_bands = 80;
  config.mfcc_count = 1;
  config.descriptors = {"mel_db"};
  config.form = "frames";
  features::FeatureExtractor::Workspace workspace;
  const Eigen::VectorXf values =
      features::FeatureExtractor(config).clip_vector(clip, workspace, alteration);
  return values.reshaped(config.mel_bands, values.size() / config.mel_bands);
}

std::shared_ptr<const Panel> mel_panel(const audio::Waveform& clip, Axis time,
                                       const features::Alteration& alteration,
                                       const std::string& heading) {
  const Eigen::MatrixXf bands = mel_bands_db(clip, alteration);
  // What changes the tempo of frames changes how long they last.
  const double duration_s = static_cast<double>(bands.cols()) * hop_of(clip) / clip.sample_rate_hz;
  return decibel_panel(heading, bands, alteration.frames ? duration_s : clip.duration_s(),
                       std::move(time), mel_axis(clip.sample_rate_hz));
}

std::shared_ptr<const Panel> chroma_panel(const audio::Waveform& clip, Axis time) {
  static constexpr std::array kNames = {"C", "D", "E", "G", "A", "B"};
  static constexpr std::array kSteps = {0, 2, 4, 7, 9, 11};
  constexpr double kClasses = 12.0;
  Axis classes{0.0, kClasses};
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    classes.ticks.push_back({kSteps[i] + 0.5, kNames[i]});
  }
  RasterPlot plot{std::move(time), std::move(classes), 110.0};
  plot.raster =
      raster_of(frames_of(clip, "chroma"), plot.colours, [](double value) { return value; });
  plot.until = clip.duration_s();
  plot.key = axis_between(0.0, 1.0, 3, "");
  return std::make_shared<RasterPanel>("Chroma", std::move(plot));
}

std::shared_ptr<const Panel> mfcc_panel(const audio::Waveform& clip, Axis time) {
  constexpr double kMostDeviations = 3.0;
  const Eigen::MatrixXf all = frames_of(clip, "mfcc");
  Eigen::MatrixXf coefficients = all.bottomRows(all.rows() - 1);
  coefficients.colwise() -= coefficients.rowwise().mean().eval();
  for (Eigen::Index row = 0; row < coefficients.rows(); ++row) {
    const float deviation =
        coefficients.row(row).norm() / std::sqrt(static_cast<float>(coefficients.cols()));
    if (deviation > 0.0F) coefficients.row(row) /= deviation;
  }
  const auto count = static_cast<double>(coefficients.rows());
  Axis numbers{0.0, count, {}, "coefficient"};
  for (const int number : {1, 5, 10, 15, 19}) {
    if (number <= count) numbers.ticks.push_back({number - 0.5, std::to_string(number)});
  }
  RasterPlot plot{std::move(time), std::move(numbers), 110.0};
  plot.colours = orange_to_blue;
  plot.raster =
      raster_of(coefficients, plot.colours, [](double value) { return value / kMostDeviations; });
  plot.until = clip.duration_s();
  plot.lowest_colour = -1.0;
  plot.key = {-kMostDeviations, kMostDeviations, {{-3.0, "-3"}, {0.0, "0"}, {3.0, "3"}}, "dev."};
  return std::make_shared<RasterPanel>("MFCC", std::move(plot));
}

std::vector<Point> pitch_contour(const audio::Waveform& clip) {
  const Eigen::MatrixXf pitch = frames_of(clip, "f0_hz");
  const double frame_s = static_cast<double>(hop_of(clip)) / clip.sample_rate_hz;
  std::vector<Point> contour;
  for (Eigen::Index i = 0; i < pitch.cols(); ++i) {
    const double hz = pitch(0, i) > 0.0F ? pitch(0, i) : std::nan("");
    contour.push_back({static_cast<double>(i) * frame_s, hz});
  }
  return contour;
}

Axis pitch_axis(const std::vector<std::vector<Point>>& contours) {
  std::vector<double> values;
  for (const auto& contour : contours) {
    for (const auto& point : contour) {
      if (std::isfinite(point.y)) values.push_back(point.y);
    }
  }
  constexpr double kUsual_hz = 500.0;
  return values.empty() ? axis_between(0.0, kUsual_hz, 5, "Hz") : axis_over(values, 5, "Hz");
}

std::shared_ptr<const Panel> pitch_panel(std::vector<Point> contour, Axis time, Axis frequency) {
  const bool any =
      std::ranges::any_of(contour, [](const Point& point) { return std::isfinite(point.y); });
  Plot plot{std::move(time), std::move(frequency), 110.0};
  plot.series.push_back({"", std::move(contour)});
  return std::make_shared<PlotPanel>(any ? "Pitch" : "Pitch: none was found", std::move(plot));
}

}  // namespace ser::report::charts
