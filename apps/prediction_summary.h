#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "ser/core/json.h"

namespace ser::apps {

// What became of the recordings of a run, and how fast.
class PredictionSummary {
 public:
  // Goes on from what note() of an earlier run gave; null: from nothing.
  void resume(const core::Json& note);
  core::Json note() const;

  // A recording that cannot be used.
  void add_failure(const std::string& error_code);
  enum class Outcome { kAnswered, kAbstained, kNoSpeech };
  // `sound_s`: how much of the recording was listened to.
  void add(Outcome outcome, double sound_s);

  std::uint64_t rows() const { return rows_; }
  std::uint64_t failures() const;
  // 0 where there are no rows.
  double failure_rate() const;

  // Tells it on standard error.
  void tell(bool with_threshold) const;

 private:
  std::uint64_t rows_ = 0;
  std::uint64_t abstained_ = 0;
  std::uint64_t no_speech_ = 0;
  std::map<std::string, std::uint64_t> failures_;  // by code
  std::uint64_t resumed_rows_ = 0;                 // of earlier runs
  double sound_s_ = 0.0;                           // of this run
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace ser::apps
