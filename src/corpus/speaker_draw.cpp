#include "corpus/speaker_draw.h"

#include <algorithm>
#include <numeric>
#include <span>

namespace ser::corpus {
namespace {

constexpr int kMaxSpeakerDraws = 64;

}  // namespace

SpeakerChoice judge(const std::vector<Group>& speakers, SpeakerChoice choice,
                    std::size_t class_count, std::int64_t needed_in_rest) {
  std::vector<std::int64_t> chosen_counts(class_count);
  choice.rest_counts.assign(class_count, 0);
  const auto add = [&](const std::vector<std::size_t>& list, std::vector<std::int64_t>& counts) {
    for (const std::size_t g : list) {
      for (const auto& [label, count] : speakers[g].class_counts) {
        counts[static_cast<std::size_t>(label)] += count;
      }
    }
    return std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
  };
  choice.heavy = add(choice.chosen, chosen_counts) > add(choice.rest, choice.rest_counts);
  choice.scarce = static_cast<std::size_t>(std::ranges::count_if(
      choice.rest_counts, [&](std::int64_t count) { return count < needed_in_rest; }));
  choice.lacking = static_cast<std::size_t>(std::ranges::count(chosen_counts, 0));
  std::ranges::sort(choice.chosen);
  std::ranges::sort(choice.rest);
  return choice;
}

SpeakerChoice draw_speakers(const std::vector<Group>& speakers, const WantedSpeakers& wanted,
                            std::size_t class_count, const core::RandomStream& random) {
  SpeakerChoice best;
  for (int attempt = 0; attempt < kMaxSpeakerDraws; ++attempt) {
    std::vector<std::size_t> order(speakers.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    random.fork(static_cast<std::uint64_t>(attempt)).shuffle<std::size_t>(order);
    SpeakerChoice choice;
    double clips = 0.0;
    for (std::size_t i = 0; i < order.size(); ++i) {
      const bool enough = !choice.chosen.empty() && clips >= wanted.clips;
      if (enough || order.size() - i <= wanted.speakers_left) {
        choice.rest.push_back(order[i]);
      } else {
        choice.chosen.push_back(order[i]);
        clips += static_cast<double>(speakers[order[i]].members.size());
      }
    }
    choice = judge(speakers, std::move(choice), class_count, wanted.clips_left);
    if (attempt == 0 || choice.badness() < best.badness()) best = std::move(choice);
    if (best.badness() == std::tuple(std::size_t{0}, std::size_t{0}, false)) break;
  }
  return best;
}

std::vector<std::size_t> members_of(const std::vector<Group>& groups,
                                    const std::vector<std::size_t>& chosen) {
  std::vector<std::size_t> members;
  for (const std::size_t g : chosen) {
    members.insert(members.end(), groups[g].members.begin(), groups[g].members.end());
  }
  return members;
}

}  // namespace ser::corpus
