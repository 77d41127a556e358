#include "ser/audio/fingerprint.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include <Eigen/Core>

#include "ser/dsp/stft.h"

namespace ser::audio {
namespace {

constexpr int kRate_hz = 8000;
constexpr int kLength_ms = 3072;
constexpr double kLoudRange = 316.0;  // 25 dB of energy

constexpr int kFftSize = 256;
constexpr int kHop = kRate_hz / 1000 * DetailedFingerprint::kWordStep_ms;
constexpr int kBands = 33;
constexpr int kBinsPerBand = 3;
constexpr int kFirstBin = 6;
constexpr int kSmoothedFrames = 32;  // 256 ms
constexpr int kFramesBack = 8;       // energies are compared with those 64 ms before

constexpr int kSignRate_hz = 4000;
constexpr int kHighPassReach = 80;  // samples: 20 ms
constexpr int kLoudReach = 64;      // samples: 16 ms

// Values of the signal, smoothed by a cubic B-spline (whose transform is sinc^4) of 4 * `width`
// samples, at 0, step, 2 * step ...: a resampling that is good enough for signs and costs a third
// of libsoxr's.
std::vector<float> smoothed_at(std::span<const float> samples, double step, double width) {
  constexpr int kPhases = 64;
  const int reach = static_cast<int>(std::ceil(2.0 * width));
  const int taps = 2 * reach + 1;
  Eigen::MatrixXf kernel(taps, kPhases);
  for (int phase = 0; phase < kPhases; ++phase) {
    for (int tap = 0; tap < taps; ++tap) {
      const double t = std::abs(tap - reach - static_cast<double>(phase) / kPhases) / width;
      const double beyond = std::max(0.0, 2.0 - t);
      kernel(tap, phase) = static_cast<float>(t < 1.0 ? 2.0 / 3.0 - t * t + t * t * t / 2.0
                                                      : beyond * beyond * beyond / 6.0);
    }
    kernel.col(phase) /= kernel.col(phase).sum();
  }
  // Zeros around the signal, so that the kernel never leaves it.
  Eigen::VectorXf padded =
      Eigen::VectorXf::Zero(static_cast<Eigen::Index>(samples.size()) + Eigen::Index{2} * reach);
  padded.segment(reach, static_cast<Eigen::Index>(samples.size())) =
      Eigen::Map<const Eigen::VectorXf>(samples.data(), static_cast<Eigen::Index>(samples.size()));
  std::vector<float> result(static_cast<std::size_t>(static_cast<double>(samples.size()) / step));
  for (std::size_t i = 0; i < result.size(); ++i) {
    const double position = static_cast<double>(i) * step;
    const auto whole = static_cast<Eigen::Index>(position);
    const auto phase = static_cast<Eigen::Index>((position - static_cast<double>(whole)) * kPhases);
    result[i] = kernel.col(phase).dot(padded.segment(whole, taps));
  }
  return result;
}

// Sums over [i - reach, i + reach], cut at the ends, of values(i).
template <class Values>
std::vector<double> moving_sums(std::size_t count, std::size_t reach, Values&& values) {
  std::vector<double> sums(count + 1);
  for (std::size_t i = 0; i < count; ++i) sums[i + 1] = sums[i] + static_cast<double>(values(i));
  std::vector<double> moving(count);
  for (std::size_t i = 0; i < count; ++i) {
    moving[i] = sums[std::min(count, i + reach + 1)] - sums[i - std::min(i, reach)];
  }
  return moving;
}

// The stretch that is described: from just before the first loud moment. Empty for silence.
std::span<const float> loud_stretch(std::span<const float> wave) {
  constexpr std::size_t kBlock = std::size_t{kRate_hz / 1000} * 16;
  std::vector<double> energies;
  for (std::size_t begin = 0; begin < wave.size(); begin += kBlock) {
    double energy = 0.0;
    for (const float sample : wave.subspan(begin, std::min(kBlock, wave.size() - begin))) {
      energy += static_cast<double>(sample) * static_cast<double>(sample);
    }
    energies.push_back(energy);
  }
  const double loudest = energies.empty() ? 0.0 : *std::ranges::max_element(energies);
  if (!(loudest > 0.0)) return {};
  const auto first = static_cast<std::size_t>(
      std::ranges::find_if(energies, [&](double e) { return e * kLoudRange >= loudest; }) -
      energies.begin());
  const std::size_t begin = kBlock * (first - std::min<std::size_t>(first, 4));
  constexpr std::size_t kMost = static_cast<std::size_t>(kLength_ms) * (kRate_hz / 1000);
  return wave.subspan(begin, std::min(kMost, wave.size() - begin));
}

void describe_signs(std::span<const float> wave, DetailedFingerprint& result) {
  constexpr double kStep = static_cast<double>(kRate_hz) / kSignRate_hz;
  auto signal = smoothed_at(wave, kStep, 2.0 * kStep);
  const std::size_t count = signal.size();
  const auto mean = moving_sums(count, kHighPassReach, [&](std::size_t i) { return signal[i]; });
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t summed =
        std::min(count, i + kHighPassReach + 1) - (i - std::min<std::size_t>(i, kHighPassReach));
    signal[i] -= static_cast<float>(mean[i] / static_cast<double>(summed));
  }
  const auto energies =
      moving_sums(count, kLoudReach, [&](std::size_t i) { return signal[i] * signal[i]; });
  const double loudest = count == 0 ? 0.0 : *std::ranges::max_element(energies);
  constexpr auto kPhases = static_cast<std::size_t>(DetailedFingerprint::kPhases);
  const std::size_t length = std::min<std::size_t>(count / kPhases, kLength_ms);
  result.length_ms = loudest > 0.0 ? static_cast<int>(length) : 0;
  for (std::size_t phase = 0; phase < kPhases; ++phase) {
    auto& signs = result.signs[phase];
    auto& loud = result.loud[phase];
    signs.assign((length + 63) / 64, 0);
    loud.assign((length + 63) / 64, 0);
    for (std::size_t i = 0; i < length; ++i) {
      const std::size_t at = i * kPhases + phase;
      signs[i / 64] |= std::uint64_t{signal[at] > 0.0F} << (i % 64);
      loud[i / 64] |= std::uint64_t{energies[at] * kLoudRange >= loudest} << (i % 64);
    }
  }
}

void describe_words(std::span<const float> wave, DetailedFingerprint& result) {
  static const dsp::Stft stft(kFftSize, kHop);
  const Eigen::MatrixXf magnitudes = stft.magnitudes(wave);
  const auto frames = static_cast<std::size_t>(
      std::min<Eigen::Index>(magnitudes.cols(), kLength_ms / DetailedFingerprint::kWordStep_ms));
  Eigen::MatrixXd bands(kBands, static_cast<Eigen::Index>(frames));
  for (Eigen::Index band = 0; band < kBands; ++band) {
    const auto energies = moving_sums(frames, kSmoothedFrames / 2, [&](std::size_t frame) {
      return magnitudes.col(static_cast<Eigen::Index>(frame))
          .segment<kBinsPerBand>(kFirstBin + band * kBinsPerBand)
          .squaredNorm();
    });
    bands.row(band) =
        Eigen::Map<const Eigen::RowVectorXd>(energies.data(), static_cast<Eigen::Index>(frames));
  }
  const Eigen::RowVectorXd energies = bands.colwise().sum();
  const double loudest = energies.maxCoeff();
  result.words.assign(frames, 0);
  result.word_is_loud.assign(frames, 0);
  for (Eigen::Index t = kFramesBack; t < static_cast<Eigen::Index>(frames); ++t) {
    std::uint32_t word = 0;
    for (Eigen::Index band = 0; band + 1 < kBands; ++band) {
      const double growth = (bands(band, t) - bands(band + 1, t)) -
                            (bands(band, t - kFramesBack) - bands(band + 1, t - kFramesBack));
      word |= std::uint32_t{growth > 0.0} << band;
    }
    result.words[static_cast<std::size_t>(t)] = word;
    result.word_is_loud[static_cast<std::size_t>(t)] = energies(t) * kLoudRange >= loudest;
  }
}

template <class Number>
void append(std::string& bytes, Number number) {
  bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
}

// Takes a number from the front; the caller has checked the size.
template <class Number>
Number take(std::string_view& bytes) {
  Number number;
  std::memcpy(&number, bytes.data(), sizeof number);
  bytes.remove_prefix(sizeof number);
  return number;
}

}  // namespace

DetailedFingerprint fingerprint(std::span<const float> samples, int sample_rate_hz) {
  DetailedFingerprint result;
  const auto most = static_cast<std::size_t>(kFingerprintListens_s * sample_rate_hz);
  const double step = static_cast<double>(sample_rate_hz) / kRate_hz;
  const auto wave =
      smoothed_at(samples.first(std::min(most, samples.size())), step, std::max(1.0, step));
  const auto stretch = loud_stretch(wave);
  if (stretch.empty()) return result;
  describe_signs(stretch, result);
  if (result.length_ms > 0) describe_words(stretch, result);
  return result;
}

Fingerprint DetailedFingerprint::reduced() const {
  Fingerprint result;
  result.length_ms = length_ms;
  if (length_ms == 0) return result;
  result.signs = signs[0];
  constexpr std::size_t kStep = kLandmarkStep_ms / kWordStep_ms;
  for (std::size_t slot = 0; slot * kStep < words.size(); ++slot) {
    if (word_is_loud[slot * kStep] == 0) continue;
    result.landmark_slots |= std::uint64_t{1} << slot;
    result.landmarks.push_back(words[slot * kStep]);
  }
  return result;
}

std::string to_bytes(const Fingerprint& fingerprint) {
  std::string bytes;
  append(bytes, static_cast<std::uint16_t>(fingerprint.length_ms));
  for (const auto word : fingerprint.signs) append(bytes, word);
  append(bytes, fingerprint.landmark_slots);
  for (const auto word : fingerprint.landmarks) append(bytes, word);
  return bytes;
}

std::optional<Fingerprint> fingerprint_from_bytes(std::string_view bytes) {
  Fingerprint result;
  if (bytes.size() < sizeof(std::uint16_t)) return std::nullopt;
  result.length_ms = take<std::uint16_t>(bytes);
  const auto words = static_cast<std::size_t>(result.length_ms + 63) / 64;
  if (result.length_ms > kLength_ms || bytes.size() < (words + 1) * sizeof(std::uint64_t)) {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < words; ++i) result.signs.push_back(take<std::uint64_t>(bytes));
  result.landmark_slots = take<std::uint64_t>(bytes);
  const auto landmarks = static_cast<std::size_t>(std::popcount(result.landmark_slots));
  if (result.landmark_slots >> (kLength_ms / DetailedFingerprint::kLandmarkStep_ms) != 0 ||
      bytes.size() != landmarks * sizeof(std::uint32_t)) {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < landmarks; ++i) {
    result.landmarks.push_back(take<std::uint32_t>(bytes));
  }
  return result;
}

}  // namespace ser::audio
