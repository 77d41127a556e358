#include "prediction_summary.h"

#include <algorithm>

#include <spdlog/spdlog.h>

#include "ser/core/error.h"

namespace ser::apps {

void PredictionSummary::resume(const core::Json& note) {
  if (note.is_null()) return;
  try {
    resumed_rows_ = rows_ = note.at("rows").get<std::uint64_t>();
    abstained_ = note.at("abstained").get<std::uint64_t>();
    no_speech_ = note.at("no_speech").get<std::uint64_t>();
    failures_ = note.at("failures").get<std::map<std::string, std::uint64_t>>();
  } catch (const core::Json::exception&) {
    throw core::ConfigError("E_RESUME_STATE",
                            "the state of the earlier run does not say how many rows it wrote; "
                            "remove it and the partial output to begin anew");
  }
}

core::Json PredictionSummary::note() const {
  return {{"rows", rows_},
          {"abstained", abstained_},
          {"no_speech", no_speech_},
          {"failures", failures_}};
}

void PredictionSummary::add_failure(const std::string& error_code) {
  ++rows_;
  ++failures_[error_code];
}

void PredictionSummary::add(Outcome outcome, double sound_s) {
  ++rows_;
  if (outcome == Outcome::kAbstained) ++abstained_;
  if (outcome == Outcome::kNoSpeech) ++no_speech_;
  sound_s_ += sound_s;
}

std::uint64_t PredictionSummary::failures() const {
  std::uint64_t count = 0;
  for (const auto& [code, failures] : failures_) count += failures;
  return count;
}

double PredictionSummary::failure_rate() const {
  return rows_ == 0 ? 0.0 : static_cast<double>(failures()) / static_cast<double>(rows_);
}

void PredictionSummary::tell(bool with_threshold) const {
  const std::uint64_t usable = rows_ - failures() - no_speech_;
  if (no_speech_ > 0) spdlog::info("no speech in {} of {} recordings", no_speech_, rows_);
  if (with_threshold && usable > 0) {
    const std::uint64_t answered = usable - abstained_;
    spdlog::info("answered {} of {} recordings, abstained from {} (coverage {:.4f})", answered,
                 usable, abstained_, static_cast<double>(answered) / static_cast<double>(usable));
  }
  if (failures() > 0) {
    std::string codes;
    for (const auto& [code, count] : failures_) {
      codes += (codes.empty() ? "" : ", ") + code + " " + std::to_string(count);
    }
    spdlog::warn("{} of {} recordings could not be used: {}", failures(), rows_, codes);
  }
  const double elapsed_s = std::max(
      1e-6, std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count());
  const std::uint64_t now = rows_ - resumed_rows_;
  spdlog::info("{} recordings{} in {:.3f} s: {:.1f} a second, real-time factor {:.5f}", now,
               resumed_rows_ > 0 ? " behind " + std::to_string(resumed_rows_) + " of before" : "",
               elapsed_s, static_cast<double>(now) / elapsed_s,
               sound_s_ > 0.0 ? elapsed_s / sound_s_ : 0.0);
}

}  // namespace ser::apps
