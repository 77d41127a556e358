#pragma once

#include <cstdint>
#include <tuple>
#include <vector>

#include "ser/core/random.h"

#include "corpus/group_draw.h"

namespace ser::corpus {

// Speakers taken out of a list of them (indices into it, sorted), and what that leaves undone.
struct SpeakerChoice {
  std::vector<std::size_t> chosen;
  std::vector<std::size_t> rest;
  std::size_t scarce = 0;                 // classes of which the rest has fewer clips than it needs
  std::size_t lacking = 0;                // classes that the chosen speakers do not have
  bool heavy = false;                     // the chosen have more clips than the rest
  std::vector<std::int64_t> rest_counts;  // by class

  auto badness() const { return std::tuple(scarce, lacking, heavy); }
};

// The choice with all but `chosen` and `rest` filled in.
SpeakerChoice judge(const std::vector<Group>& speakers, SpeakerChoice choice,
                    std::size_t class_count, std::int64_t needed_in_rest);

struct WantedSpeakers {
  double clips = 0.0;             // speakers are drawn until they have as many
  std::size_t speakers_left = 1;  // at least so many stay
  std::int64_t clips_left = 1;    // of each class
};

// Draws speakers in random order; the first draw that leaves nothing undone, or the one that leaves
// the least.
SpeakerChoice draw_speakers(const std::vector<Group>& speakers, const WantedSpeakers& wanted,
                            std::size_t class_count, const core::RandomStream& random);

std::vector<std::size_t> members_of(const std::vector<Group>& groups,
                                    const std::vector<std::size_t>& chosen);

}  // namespace ser::corpus
