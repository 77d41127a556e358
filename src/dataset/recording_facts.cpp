#include "ser/dataset/recording_facts.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <mutex>
#include <span>

#include "ser/audio/load.h"
#include "ser/core/error.h"

namespace ser::dataset {
namespace {

constexpr double kBlock_s = 0.02;
constexpr double kSilentBelow_db = 40.0;
constexpr float kFullScale = 0.999F;

double to_decibel(double amplitude) {
  return amplitude > 0.0 ? std::max(20.0 * std::log10(amplitude), RecordingFacts::kSilence_db)
                         : RecordingFacts::kSilence_db;
}

// Gathers numbers from samples as they come.
class Meter {
 public:
  void take(std::span<const float> samples, int sample_rate_hz) {
    block_length_ =
        std::max<std::size_t>(1, static_cast<std::size_t>(std::lround(kBlock_s * sample_rate_hz)));
    for (const float sample : samples) {
      const double value = sample;
      sum_ += value;
      peak_ = std::max(peak_, std::abs(value));
      count_clipped(sample);
      block_energy_ += value * value;
      if (++in_block_ == block_length_) end_block();
    }
    count_ += samples.size();
  }

  void finish(RecordingFacts& facts) {
    // What is left of a block tells as much of its level as it is long.
    if (in_block_ * 2 >= block_length_ || (blocks_.empty() && in_block_ > 0)) end_block();
    if (count_ == 0) return;
    const auto count = static_cast<double>(count_);
    facts.peak_db = to_decibel(peak_);
    facts.offset = sum_ / count;
    facts.clipped_share = static_cast<double>(clipped_) / count;
    const double loudest = *std::ranges::max_element(blocks_);
    const double least = loudest * std::pow(10.0, -kSilentBelow_db / 10.0);
    double energy = 0.0;
    std::size_t sounding = 0;
    for (const double block : blocks_) {
      if (block <= 0.0 || block < least) continue;
      energy += block;
      ++sounding;
    }
    if (sounding > 0)
      facts.loudness_db = to_decibel(std::sqrt(energy / static_cast<double>(sounding)));
    facts.silence_share = 1.0 - static_cast<double>(sounding) / static_cast<double>(blocks_.size());
  }

 private:
  // A wave that was cut off stays at full scale; one that touches it does so once.
  void count_clipped(float sample) {
    const bool full = std::abs(sample) >= kFullScale;
    if (full && was_full_) clipped_ += counted_ ? 1U : 2U;
    counted_ = full && was_full_;
    was_full_ = full;
  }

  void end_block() {
    blocks_.push_back(block_energy_ / static_cast<double>(in_block_));
    block_energy_ = 0.0;
    in_block_ = 0;
  }

  std::size_t block_length_ = 1;
  std::size_t count_ = 0;
  double sum_ = 0.0;
  double peak_ = 0.0;
  std::size_t clipped_ = 0;
  bool was_full_ = false;
  bool counted_ = false;
  double block_energy_ = 0.0;
  std::size_t in_block_ = 0;
  std::vector<double> blocks_;  // mean power of each
};

// What is usual in a corpus.
struct Usual {
  double low = -INFINITY;
  double high = INFINITY;

  bool holds(double value) const { return value >= low && value <= high; }
};

Usual usual(std::vector<double> values) {
  constexpr std::size_t kLeast = 20;
  constexpr double kFarOut = 3.0;
  if (values.size() < kLeast) return {};
  std::ranges::sort(values);
  const double lower = values[values.size() / 4];
  const double upper = values[values.size() * 3 / 4];
  return {lower - kFarOut * (upper - lower), upper + kFarOut * (upper - lower)};
}

// Of the recordings of one corpus that can be read.
struct UsualFacts {
  Usual log_duration;
  Usual loudness_db;
  int sample_rate_hz = 0;  // of nine tenths; 0: of none
};

UsualFacts usual_facts(const std::vector<const RecordingFacts*>& facts) {
  constexpr double kMost = 0.9;
  std::vector<double> durations;
  std::vector<double> loudness;
  std::map<int, std::size_t> rates;
  for (const auto* one : facts) {
    durations.push_back(std::log(std::max(one->duration_s, 1e-6)));
    loudness.push_back(one->loudness_db);
    ++rates[one->sample_rate_hz];
  }
  UsualFacts result{usual(std::move(durations)), usual(std::move(loudness)), 0};
  for (const auto& [rate, count] : rates) {
    if (static_cast<double>(count) >= kMost * static_cast<double>(facts.size())) {
      result.sample_rate_hz = rate;
    }
  }
  return result;
}

std::string rounded_text(double value, int digits) {
  char text[400];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

std::vector<std::string> reasons_of(const RecordingFacts& facts, const UsualFacts& corpus) {
  constexpr double kNearlySilent_db = -60.0;
  constexpr double kClipped = 0.001;
  constexpr double kOffCentre = 0.02;
  constexpr double kMostlySilent = 0.8;
  if (!facts.error_code.empty()) return {facts.error_code + ": " + facts.error};
  std::vector<std::string> reasons = facts.warnings;
  if (facts.peak_db < kNearlySilent_db) {
    reasons.push_back("nearly silent: its loudest sample is at " + rounded_text(facts.peak_db, 0) +
                      " dB");
  } else if (!corpus.loudness_db.holds(facts.loudness_db)) {
    reasons.push_back("of unusual loudness: " + rounded_text(facts.loudness_db, 1) + " dB");
  }
  if (facts.clipped_share >= kClipped) {
    reasons.push_back("clipped: " + rounded_text(100.0 * facts.clipped_share, 1) +
                      " % of the samples");
  }
  if (std::abs(facts.offset) >= kOffCentre) {
    reasons.push_back("off centre: its mean is " + rounded_text(100.0 * facts.offset, 1) +
                      " % of full scale");
  }
  if (facts.silence_share >= kMostlySilent) {
    reasons.push_back("mostly silence: " + rounded_text(100.0 * facts.silence_share, 0) + " %");
  }
  if (!corpus.log_duration.holds(std::log(std::max(facts.duration_s, 1e-6)))) {
    reasons.push_back("of unusual length: " + rounded_text(facts.duration_s, 2) + " s");
  }
  if (corpus.sample_rate_hz != 0 && facts.sample_rate_hz != corpus.sample_rate_hz) {
    reasons.push_back("of another sample rate than most: " + std::to_string(facts.sample_rate_hz) +
                      " Hz");
  }
  return reasons;
}

}  // namespace

RecordingFacts measure_recording(const corpus::Utterance& utterance,
                                 const core::StopRequested& stop_requested) {
  RecordingFacts facts;
  Meter meter;
  std::size_t samples = 0;
  int rate = 0;
  audio::LoadOptions options;
  options.offset_s = utterance.start_s.value_or(0.0);
  if (utterance.end_s) options.duration_s = *utterance.end_s - options.offset_s;
  try {
    const auto loaded = audio::stream_audio(utterance.path, options,
                                            [&](std::span<const float> piece, int sample_rate_hz) {
                                              if (stop_requested && stop_requested())
                                                throw core::Interrupted();
                                              meter.take(piece, sample_rate_hz);
                                              samples += piece.size();
                                              rate = sample_rate_hz;
                                            });
    facts.sample_rate_hz = loaded.source_sample_rate_hz;
    facts.channels = loaded.source_channels;
    facts.format = loaded.container + " " + loaded.sample_format;
    facts.warnings = loaded.warnings;
    facts.duration_s = rate > 0 ? static_cast<double>(samples) / rate : 0.0;
    meter.finish(facts);
  } catch (const core::AudioError& error) {
    facts.error_code = error.code();
    facts.error = error.what();
  }
  return facts;
}

std::vector<RecordingFacts> measure_recordings(const corpus::Manifest& manifest,
                                               core::ThreadPool& pool,
                                               const std::function<void(std::size_t)>& progress,
                                               const core::StopRequested& stop_requested) {
  std::vector<RecordingFacts> facts(manifest.utterances.size());
  std::mutex mutex;
  std::size_t done = 0;
  pool.parallel_for(facts.size(), [&](std::size_t i, int) {
    if (stop_requested && stop_requested()) throw core::Interrupted();
    facts[i] = measure_recording(manifest.utterances[i], stop_requested);
    const std::lock_guard lock(mutex);
    ++done;
    if (progress) progress(done);
  });
  return facts;
}

std::vector<OddRecording> odd_recordings(const corpus::Manifest& manifest,
                                         const std::vector<RecordingFacts>& facts) {
  std::map<std::string, std::vector<const RecordingFacts*>> by_corpus;
  for (std::size_t i = 0; i < facts.size(); ++i) {
    if (facts[i].error_code.empty()) by_corpus[manifest.utterances[i].corpus].push_back(&facts[i]);
  }
  std::map<std::string, UsualFacts> usual;
  for (const auto& [corpus, of_corpus] : by_corpus) usual[corpus] = usual_facts(of_corpus);
  std::vector<OddRecording> odd;
  for (std::size_t i = 0; i < facts.size(); ++i) {
    for (auto& reason : reasons_of(facts[i], usual[manifest.utterances[i].corpus])) {
      odd.push_back({i, std::move(reason)});
    }
  }
  return odd;
}

}  // namespace ser::dataset
