#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "dsp/pitch_candidates.h"

namespace ser::dsp {

// The most probable sequence of pitches (Viterbi, 1967) of pYIN's hidden Markov model: for each
// pitch a voiced and an unvoiced state, pitches that move by a triangular distribution, voicing
// that seldom changes.
class PitchDecoder {
 public:
  // `reach`: the pitch moves by at most so many bins from one frame to the next.
  PitchDecoder(int bins, int reach);

  void add(const PitchObservation& observation);

  // One entry an added frame: the bin of its pitch, nothing if it is not voiced.
  std::vector<std::optional<int>> best_path() const;

 private:
  // Logarithms of probability of the states at one time, with room on both sides for what lies
  // outside the range of pitches, and behind all for what is read beside them; and, while a step is
  // made, where the best path comes from.
  struct Voicing {
    std::vector<float> score;
    std::vector<float> best;
    std::vector<std::int32_t> from;
  };

  void reach_for_predecessors(Voicing& voicing);

  std::size_t bins_;
  std::size_t reach_;
  std::vector<float> log_steps_;     // by distance, from -reach to reach
  std::vector<float> log_row_sums_;  // what is missing at the ends of the range
  Voicing voiced_;
  Voicing unvoiced_;
  std::vector<float> observed_;
  // The state before, for each frame and state; voiced states first.
  std::vector<std::uint16_t> previous_;
  std::size_t frames_ = 0;
};

}  // namespace ser::dsp
