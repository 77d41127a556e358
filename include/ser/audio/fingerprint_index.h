#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ser/audio/fingerprint.h"

namespace ser::audio {

// Two recordings are taken for copies of one if at most this share of the signs differs at the best
// alignment, over at least three quarters of what is loud in the shorter one. On TESS (1,400 clips)
// and EmoDB (535), copies (8 bits, mu-law, 16 kHz, +-12 dB, +-50 ms, noise at 20 dB) that the
// search finds differ in at most 0.078, and the nearest pair of distinct clips in 0.271 (as
// ser_copy_detection measures it); one voice of a speech synthesiser that says two words alike in
// 0.145.
inline constexpr double kMostDifferentSigns = 0.10;

// Fingerprints by number, in which near-identical recordings are found without comparing each with
// each: stretches of 64 ms whose signs are all equal propose alignments, those that the landmarks
// contradict are dropped, and the 48 with the most equal stretches are tried; of equal stretches no
// more than the latest 64 are looked at, which bounds the time of a search. About 1.5 KiB a
// fingerprint. Threads may search at one time.
class FingerprintIndex {
 public:
  struct Match {
    std::size_t number = 0;   // in the order of adding
    double difference = 0.0;  // share of the signs that differ, at the best alignment
  };

  void add(Fingerprint fingerprint);
  std::size_t size() const { return fingerprints_.size(); }

  // All that are near-identical to the query, by number: those that the search proposes and of
  // which at most this share of the signs differs. Another share than the usual is for measuring.
  std::vector<Match> find(const DetailedFingerprint& query,
                          double most_different = kMostDifferentSigns) const;

 private:
  struct Entry {
    std::uint32_t number;
    std::uint32_t slot;
    std::uint32_t next;  // entry with the same place in heads_, plus 1; 0: none
  };

  std::size_t place(std::uint64_t word) const;
  std::uint64_t word_of(const Entry& entry) const;
  void grow();

  std::vector<Fingerprint> fingerprints_;
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> heads_;  // a power of two of places; number of an entry plus 1
};

// Share of the signs that differ when the stored recording is `lag_ms` late, within 4 ms of that,
// at the best alignment; 1 if too little of both overlaps. Exposed for measuring.
double sign_difference(const DetailedFingerprint& query, const Fingerprint& stored, int lag_ms);

}  // namespace ser::audio
