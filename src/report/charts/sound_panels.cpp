#include "report/charts/sound_panels.h"

#include <algorithm>
#include <cmath>

#include "ser/dsp/mel.h"
#include "ser/features/extractor.h"

#include "report/charts/plot.h"
#include "report/charts/raster_panel.h"

namespace ser::report::charts {
namespace {

constexpr std::size_t kStretches = 800;
constexpr double kFloor_db = -80.0;  // as far below the loudest as mel_db goes

Axis mel_axis(int sample_rate_hz) {
  Axis axis{0.0, dsp::hz_to_mel(sample_rate_hz / 2.0), {}, "Hz"};
  for (const double hz : {0.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0, 16000.0, 32000.0, 64000.0}) {
    if (hz > sample_rate_hz / 2.0) break;
    axis.ticks.push_back({dsp::hz_to_mel(hz), number_text(hz, 0)});
  }
  return axis;
}

}  // namespace

Axis time_axis(double duration_s, std::string label) {
  constexpr std::size_t kMostTicks = 11;
  return axis_between(0.0, duration_s, kMostTicks, std::move(label));
}

std::shared_ptr<const Panel> waveform_panel(const audio::Waveform& clip, Axis time) {
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

std::shared_ptr<const Panel> mel_panel(const audio::Waveform& clip, Axis time) {
  constexpr int kShortestHop = 128;
  constexpr int kLongestHop = 65536;
  features::FeatureConfig config;
  config.sample_rate_hz = clip.sample_rate_hz;
  config.fft_size = 1024;
  config.hop_length = static_cast<int>(
      std::clamp<std::size_t>(clip.samples.size() / kStretches, kShortestHop, kLongestHop));
  config.mel_bands = 80;
  config.mfcc_count = 1;
  config.descriptors = {"mel_db"};
  const auto frames = features::FeatureExtractor(config).frames(clip).values;
  const double loudest = frames.maxCoeff();
  RasterPlot plot{std::move(time), mel_axis(clip.sample_rate_hz)};
  plot.raster = {static_cast<int>(frames.cols()), static_cast<int>(frames.rows()), {}};
  for (Eigen::Index row = frames.rows() - 1; row >= 0; --row) {
    for (Eigen::Index column = 0; column < frames.cols(); ++column) {
      const double db = static_cast<double>(frames(row, column)) - loudest;
      plot.raster.colours.push_back(plot.colours(1.0 - db / kFloor_db));
    }
  }
  plot.key = axis_between(kFloor_db, 0.0, 5, "dB");
  return std::make_shared<RasterPanel>("Mel spectrogram", std::move(plot));
}

}  // namespace ser::report::charts
