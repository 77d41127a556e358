#include "ser/audio/fingerprint_index.h"

#include <algorithm>
#include <bit>
#include <map>

namespace ser::audio {
namespace {

constexpr int kWordStep_ms = DetailedFingerprint::kWordStep_ms;
constexpr int kLandmarkStep_ms = DetailedFingerprint::kLandmarkStep_ms;
constexpr std::size_t kMostEntries = 64;     // looked at for one word
constexpr std::size_t kMostAlignments = 48;  // tried for one query
constexpr int kAlignmentReach_ms = 4;
constexpr int kLeastBits = 128;
constexpr double kLeastOverlap = 0.75;
// Landmarks of a copy differ more than its signs do; of other recordings, in half of the bits.
constexpr double kMostDifferentLandmarkBits = 0.35;
constexpr int kLeastLandmarks = 3;

// 64 bits from `bit` on, with zeros outside.
std::uint64_t bits_at(const std::vector<std::uint64_t>& words, long bit) {
  const long index = bit >> 6;
  const int offset = static_cast<int>(bit & 63);
  const auto word = [&](long i) {
    return i >= 0 && i < static_cast<long>(words.size()) ? words[static_cast<std::size_t>(i)] : 0;
  };
  if (offset == 0) return word(index);
  return word(index) >> offset | word(index + 1) << (64 - offset);
}

// The bits of a word of which `first` is the first that are below `length` and not below 0.
std::uint64_t bits_inside(long first, long length) {
  if (first >= length || first <= -64) return 0;
  std::uint64_t mask = ~std::uint64_t{0};
  if (first < 0) mask &= mask << -first;
  if (length - first < 64) mask &= (std::uint64_t{1} << (length - first)) - 1;
  return mask;
}

int count_bits(const std::vector<std::uint64_t>& words) {
  int count = 0;
  for (const auto word : words) count += std::popcount(word);
  return count;
}

bool landmarks_agree(const DetailedFingerprint& query, const Fingerprint& stored, int lag_ms) {
  int bits = 0;
  int compared = 0;
  std::size_t landmark = 0;
  for (int slot = 0; slot < 64; ++slot) {
    if ((stored.landmark_slots >> slot & 1) == 0) continue;
    const std::uint32_t word = stored.landmarks[landmark++];
    const int frame = (slot * kLandmarkStep_ms - lag_ms) / kWordStep_ms;
    if (slot * kLandmarkStep_ms < lag_ms || frame >= static_cast<int>(query.words.size())) continue;
    if (query.word_is_loud[static_cast<std::size_t>(frame)] == 0) continue;
    bits += std::popcount(word ^ query.words[static_cast<std::size_t>(frame)]);
    ++compared;
  }
  return compared >= kLeastLandmarks && bits <= kMostDifferentLandmarkBits * 32.0 * compared;
}

}  // namespace

double sign_difference(const DetailedFingerprint& query, const Fingerprint& stored, int lag_ms) {
  double least = 1.0;
  const int stored_loud = std::popcount(stored.landmark_slots) * kLandmarkStep_ms;
  for (std::size_t phase = 0; phase < query.signs.size(); ++phase) {
    const auto& signs = query.signs[phase];
    const auto& loud = query.loud[phase];
    const double enough =
        std::max<double>(kLeastBits, kLeastOverlap * std::min(count_bits(loud), stored_loud));
    for (int lag = lag_ms - kAlignmentReach_ms; lag < lag_ms + kAlignmentReach_ms; ++lag) {
      int compared = 0;
      int different = 0;
      for (std::size_t w = 0; w < signs.size(); ++w) {
        const long at = static_cast<long>(w) * 64 + lag;
        const std::uint64_t mask = loud[w] & bits_inside(at, stored.length_ms);
        compared += std::popcount(mask);
        different += std::popcount((signs[w] ^ bits_at(stored.signs, at)) & mask);
      }
      if (compared >= enough) least = std::min(least, static_cast<double>(different) / compared);
    }
  }
  return least;
}

std::size_t FingerprintIndex::place(std::uint64_t word) const {
  return (word * std::uint64_t{0x9E3779B97F4A7C15} >> 32) & (heads_.size() - 1);
}

std::uint64_t FingerprintIndex::word_of(const Entry& entry) const {
  return fingerprints_[entry.number].signs[entry.slot];
}

void FingerprintIndex::grow() {
  heads_.assign(std::max<std::size_t>(1024, 2 * heads_.size()), 0);
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    auto& head = heads_[place(word_of(entries_[i]))];
    entries_[i].next = head;
    head = static_cast<std::uint32_t>(i + 1);
  }
}

void FingerprintIndex::add(Fingerprint fingerprint) {
  const auto number = static_cast<std::uint32_t>(fingerprints_.size());
  fingerprints_.push_back(std::move(fingerprint));
  const auto& added = fingerprints_.back();
  // The last word is full only if the length is a multiple of 64 ms.
  const auto words = static_cast<std::uint32_t>(added.length_ms / kLandmarkStep_ms);
  for (std::uint32_t slot = 0; slot < words; ++slot) {
    if ((added.landmark_slots >> slot & 1) == 0) continue;
    if (entries_.size() >= heads_.size()) grow();
    auto& head = heads_[place(added.signs[slot])];
    entries_.push_back({number, slot, head});
    head = static_cast<std::uint32_t>(entries_.size());
  }
}

std::vector<FingerprintIndex::Match> FingerprintIndex::find(const DetailedFingerprint& query,
                                                            double most_different) const {
  if (entries_.empty()) return {};
  // Alignments that equal words propose: (number, lag), packed so that they can be sorted.
  constexpr int kLagOffset = 1 << 15;
  std::vector<std::uint64_t> proposed;
  for (std::size_t phase = 0; phase < query.signs.size(); ++phase) {
    for (int time_ms = 0; time_ms + 64 <= query.length_ms; ++time_ms) {
      if (bits_at(query.loud[phase], time_ms) != ~std::uint64_t{0}) continue;
      const std::uint64_t word = bits_at(query.signs[phase], time_ms);
      std::size_t looked_at = 0;
      for (auto next = heads_[place(word)]; next != 0 && looked_at < kMostEntries;
           next = entries_[next - 1].next, ++looked_at) {
        const Entry& entry = entries_[next - 1];
        if (word_of(entry) != word) continue;
        const int lag = static_cast<int>(entry.slot) * kLandmarkStep_ms - time_ms;
        proposed.push_back(std::uint64_t{entry.number} << 16 |
                           static_cast<std::uint64_t>(lag + kLagOffset));
      }
    }
  }
  std::ranges::sort(proposed);
  struct Alignment {
    std::size_t votes;
    std::uint64_t packed;
  };
  std::vector<Alignment> alignments;
  for (std::size_t begin = 0; begin < proposed.size();) {
    std::size_t end = begin + 1;
    while (end < proposed.size() && proposed[end] == proposed[begin]) ++end;
    const int lag = static_cast<int>(proposed[begin] & 0xFFFF) - kLagOffset;
    if (landmarks_agree(query, fingerprints_[proposed[begin] >> 16], lag)) {
      alignments.push_back({end - begin, proposed[begin]});
    }
    begin = end;
  }
  std::ranges::sort(alignments, [](const Alignment& a, const Alignment& b) {
    return a.votes != b.votes ? a.votes > b.votes : a.packed < b.packed;
  });
  alignments.resize(std::min(alignments.size(), kMostAlignments));

  std::map<std::size_t, double> least;
  for (const auto& alignment : alignments) {
    const auto number = static_cast<std::size_t>(alignment.packed >> 16);
    const int lag = static_cast<int>(alignment.packed & 0xFFFF) - kLagOffset;
    const double difference = sign_difference(query, fingerprints_[number], lag);
    if (difference > most_different) continue;
    const auto [found, is_new] = least.try_emplace(number, difference);
    if (!is_new) found->second = std::min(found->second, difference);
  }
  std::vector<Match> matches;
  matches.reserve(least.size());
  for (const auto& [number, difference] : least) matches.push_back({number, difference});
  return matches;
}

}  // namespace ser::audio
