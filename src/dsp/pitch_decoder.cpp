#include "dsp/pitch_decoder.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>
#include <limits>

namespace ser::dsp {
namespace {

constexpr float kImpossible = -1e30F;
// Change of voicing from one frame to the next.
const float kLogSwitch = std::log(0.01F);
const float kLogStay = std::log(0.99F);

// As many floats as fill a vector register, and integers beside them.
#if defined(__AVX__)
constexpr std::size_t kScoreLanes = 8;
#else
constexpr std::size_t kScoreLanes = 4;
#endif
using Scores = float __attribute__((vector_size(kScoreLanes * sizeof(float))));
using Offsets = std::int32_t __attribute__((vector_size(kScoreLanes * sizeof(std::int32_t))));
// States that stay in registers while all their predecessors are looked at.
constexpr std::size_t kTile = 4 * kScoreLanes;

// Probabilities of 0 are the least number that is not, so that no path is excluded.
float log_of(double probability) {
  return static_cast<float>(std::log(probability + std::numeric_limits<double>::min()));
}

}  // namespace

PitchDecoder::PitchDecoder(int bins, int reach)
    : bins_(static_cast<std::size_t>(bins)),
      reach_(static_cast<std::size_t>(std::min(reach, bins - 1))),
      log_row_sums_(bins_),
      observed_(bins_) {
  assert(2 * bins_ <= std::numeric_limits<std::uint16_t>::max());
  const auto weight = [reach](std::size_t distance) {
    return 1.0 - static_cast<double>(distance) / (reach + 1.0);
  };
  for (std::size_t i = 0; i <= 2 * reach_; ++i) {
    log_steps_.push_back(log_of(weight(i < reach_ ? reach_ - i : i - reach_)));
  }
  for (std::size_t from = 0; from < bins_; ++from) {
    double sum = 0.0;
    const std::size_t last = std::min(bins_ - 1, from + reach_);
    for (std::size_t to = from - std::min(from, reach_); to <= last; ++to) {
      sum += weight(to < from ? from - to : to - from);
    }
    log_row_sums_[from] = log_of(sum);
  }
  for (Voicing* voicing : {&voiced_, &unvoiced_}) {
    voicing->score.assign(bins_ + 2 * reach_ + kTile, kImpossible);
    voicing->best.resize(bins_ + kTile);
    voicing->from.resize(bins_ + kTile);
  }
  // It begins unvoiced, at any pitch.
  for (std::size_t bin = 0; bin < bins_; ++bin) {
    voiced_.score[reach_ + bin] = log_of(0.0);
    unvoiced_.score[reach_ + bin] = log_of(1.0 / static_cast<double>(bins_));
  }
}

void PitchDecoder::reach_for_predecessors(Voicing& voicing) {
  for (std::size_t bin = 0; bin < bins_; ++bin) voicing.score[reach_ + bin] -= log_row_sums_[bin];
  for (std::size_t first = 0; first < bins_; first += kTile) {
    Scores best[kTile / kScoreLanes];
    Offsets from[kTile / kScoreLanes] = {};
    for (Scores& part : best) part = Scores{} + 2.0F * kImpossible;
    for (std::size_t step = 0; step <= 2 * reach_; ++step) {
      const Scores log_step = Scores{} + log_steps_[step];
      const Offsets offset =
          Offsets{} + (static_cast<std::int32_t>(step) - static_cast<std::int32_t>(reach_));
      const float* score = voicing.score.data() + first + step;
      for (std::size_t part = 0; part < kTile / kScoreLanes; ++part, score += kScoreLanes) {
        Scores path;
        std::memcpy(&path, score, sizeof path);
        path += log_step;
        const Offsets better = path > best[part];
        best[part] = better ? path : best[part];
        from[part] = better ? offset : from[part];
      }
    }
    std::memcpy(voicing.best.data() + first, best, sizeof best);
    std::memcpy(voicing.from.data() + first, from, sizeof from);
  }
}

void PitchDecoder::add(const PitchObservation& observation) {
  std::fill(observed_.begin(), observed_.end(), log_of(0.0));
  for (const auto& candidate : observation.candidates) {
    observed_[static_cast<std::size_t>(candidate.bin)] = log_of(candidate.probability);
  }
  const float observed_unvoiced =
      log_of((1.0 - observation.voicing_probability) / static_cast<double>(bins_));
  const std::size_t base = previous_.size();
  previous_.resize(base + 2 * bins_);
  if (frames_++ == 0) {
    for (std::size_t bin = 0; bin < bins_; ++bin) {
      voiced_.score[reach_ + bin] += observed_[bin];
      unvoiced_.score[reach_ + bin] += observed_unvoiced;
    }
    return;
  }
  reach_for_predecessors(voiced_);
  reach_for_predecessors(unvoiced_);
  float highest = kImpossible;
  const auto choose = [&](Voicing& target, std::size_t bin, float from_voiced, float from_unvoiced,
                          float observed, std::uint16_t& previous) {
    const bool unvoiced_before = from_unvoiced > from_voiced;
    const float score = (unvoiced_before ? from_unvoiced : from_voiced) + observed;
    const Voicing& before = unvoiced_before ? unvoiced_ : voiced_;
    previous = static_cast<std::uint16_t>(static_cast<std::int32_t>(bin) + before.from[bin] +
                                          (unvoiced_before ? static_cast<int>(bins_) : 0));
    target.score[reach_ + bin] = score;
    highest = std::max(highest, score);
  };
  for (std::size_t bin = 0; bin < bins_; ++bin) {
    const float voiced = voiced_.best[bin];
    const float unvoiced = unvoiced_.best[bin];
    choose(voiced_, bin, voiced + kLogStay, unvoiced + kLogSwitch, observed_[bin],
           previous_[base + bin]);
    choose(unvoiced_, bin, voiced + kLogSwitch, unvoiced + kLogStay, observed_unvoiced,
           previous_[base + bins_ + bin]);
  }
  // Only differences matter; without this, long recordings would use up the digits of a float.
  for (std::size_t bin = 0; bin < bins_; ++bin) {
    voiced_.score[reach_ + bin] -= highest;
    unvoiced_.score[reach_ + bin] -= highest;
  }
}

std::vector<std::optional<int>> PitchDecoder::best_path() const {
  std::vector<std::optional<int>> path(frames_);
  if (frames_ == 0) return path;
  const auto first_of = [this](const Voicing& voicing) {
    return voicing.score.begin() + static_cast<std::ptrdiff_t>(reach_);
  };
  const auto count = static_cast<std::ptrdiff_t>(bins_);
  const auto voiced = std::max_element(first_of(voiced_), first_of(voiced_) + count);
  const auto unvoiced = std::max_element(first_of(unvoiced_), first_of(unvoiced_) + count);
  auto state = static_cast<std::size_t>(
      *voiced >= *unvoiced ? voiced - first_of(voiced_) : count + (unvoiced - first_of(unvoiced_)));
  for (std::size_t frame = frames_; frame-- > 0;) {
    if (state < bins_) path[frame] = static_cast<int>(state);
    state = previous_[frame * 2 * bins_ + state];
  }
  return path;
}

}  // namespace ser::dsp
