#include "ser/eval/stress_conditions.h"

#include <string>

#include "ser/augment/finite.h"
#include "ser/augment/signal_to_noise.h"

namespace ser::eval {
namespace {

constexpr StressCondition kConditions[] = {
    {"white40", "white noise, 40 dB",
     R"([{"coloured_noise": {"colours": ["white"], "snr_db": [40, 40]}}])", std::nullopt,
     "noise40"},
    {"white30", "white noise, 30 dB",
     R"([{"coloured_noise": {"colours": ["white"], "snr_db": [30, 30]}}])", std::nullopt,
     "noise30"},
    {"white20", "white noise, 20 dB",
     R"([{"coloured_noise": {"colours": ["white"], "snr_db": [20, 20]}}])", std::nullopt,
     "noise20"},
    {"white10", "white noise, 10 dB",
     R"([{"coloured_noise": {"colours": ["white"], "snr_db": [10, 10]}}])", std::nullopt,
     "noise10"},
    {"pink40", "pink noise, 40 dB",
     R"([{"coloured_noise": {"colours": ["pink"], "snr_db": [40, 40]}}])"},
    {"pink30", "pink noise, 30 dB",
     R"([{"coloured_noise": {"colours": ["pink"], "snr_db": [30, 30]}}])"},
    {"pink20", "pink noise, 20 dB",
     R"([{"coloured_noise": {"colours": ["pink"], "snr_db": [20, 20]}}])"},
    {"pink10", "pink noise, 10 dB",
     R"([{"coloured_noise": {"colours": ["pink"], "snr_db": [10, 10]}}])"},
    {"babble40", "other clips, 40 dB", "[]", 40.0},
    {"babble30", "other clips, 30 dB", "[]", 30.0},
    {"babble20", "other clips, 20 dB", "[]", 20.0},
    {"babble10", "other clips, 10 dB", "[]", 10.0},
    {"gain+6", "6 dB louder", R"([{"gain": {"gain_db": [6, 6]}}])"},
    {"gain-6", "6 dB softer", R"([{"gain": {"gain_db": [-6, -6]}}])"},
    {"clip0.1", "0.1 % of the samples clipped", R"([{"overload": {"share": [0.001, 0.001]}}])"},
    {"clip0.3", "0.3 % of the samples clipped", R"([{"overload": {"share": [0.003, 0.003]}}])"},
    {"clip1", "1 % of the samples clipped", R"([{"overload": {"share": [0.01, 0.01]}}])"},
    {"highpass150", "high-pass at 150 Hz", R"([{"high_pass": {"cutoff_hz": [150, 150]}}])"},
    {"highpass300", "high-pass at 300 Hz", R"([{"high_pass": {"cutoff_hz": [300, 300]}}])"},
    {"lowpass4000", "low-pass at 4 kHz", R"([{"low_pass": {"cutoff_hz": [4000, 4000]}}])"},
    {"lowpass2000", "low-pass at 2 kHz", R"([{"low_pass": {"cutoff_hz": [2000, 2000]}}])"},
    {"telephone", "telephone band and codec", R"([{"telephone": {"peak_db": [-10, -10]}}])"},
    {"reverb0.3", "reverberation of 0.3 s, 6 dB below the direct sound",
     R"([{"room_reverb": {"reverberation_time_s": [0.3, 0.3],
                          "direct_to_reverberant_db": [6, 6]}}])"},
    {"reverb0.8", "reverberation of 0.8 s, as strong as the direct sound",
     R"([{"room_reverb": {"reverberation_time_s": [0.8, 0.8],
                          "direct_to_reverberant_db": [0, 0]}}])"},
    {"zeros100", "100 zeros before and behind",
     R"([{"padding": {"before_samples": [100, 100], "after_samples": [100, 100]}}])"},
    {"zeros1000", "1,000 zeros before and behind",
     R"([{"padding": {"before_samples": [1000, 1000], "after_samples": [1000, 1000]}}])"},
    {"crop50", "50 ms cut off at both ends",
     R"([{"cropping": {"start_s": [0.05, 0.05], "end_s": [0.05, 0.05]}}])"},
    {"crop200", "200 ms cut off at both ends",
     R"([{"cropping": {"start_s": [0.2, 0.2], "end_s": [0.2, 0.2]}}])"},
    {"resample16k", "to 16 kHz and back", R"([{"resampling": {"rate_hz": [16000, 16000]}}])"},
    {"resample8k", "to 8 kHz and back", R"([{"resampling": {"rate_hz": [8000, 8000]}}])"},
    // The band that LAME leaves at this rate, by two filters: its own is steep.
    {"mp3band", "nothing above 5.5 kHz, as in MP3 of 32 kbit/s",
     R"([{"low_pass": {"cutoff_hz": [5500, 5500]}}, {"low_pass": {"cutoff_hz": [5500, 5500]}}])"},
};

}  // namespace

augment::AugmentationPlan StressCondition::plan() const {
  const std::string path = "stress." + std::string(name);
  return augment::AugmentationPlan(core::Json::array({core::parse_json(std::string(steps), path)}),
                                   path);
}

audio::Waveform StressCondition::apply(const audio::Waveform& clip,
                                       std::span<const float> background,
                                       const core::RandomStream& random) const {
  auto stressed = plan().apply(0, clip, random);
  if (!babble_db) return stressed;
  augment::make_finite(stressed.samples);  // as far as add_noise() goes
  augment::add_noise(stressed.samples, background, *babble_db);
  return stressed;
}

std::span<const StressCondition> stress_conditions() { return kConditions; }

}  // namespace ser::eval
