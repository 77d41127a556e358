#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "ser/core/config.h"
#include "ser/core/interrupted.h"
#include "ser/core/thread_pool.h"
#include "ser/corpus/manifest.h"
#include "ser/corpus/split.h"
#include "ser/dataset/examples.h"

namespace ser::train {

// What is done with a leak that is named here; any other stops training. A copy can be taken out of
// the part that it would be judged by; a speaker or text on both sides cannot.
struct LeakConfig {
  std::vector<std::string> remove = {"identical"};
  std::vector<std::string> allow;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("remove", self.remove,
          "copies that are taken out of the part that is judged by their twins",
          core::OneOf{{"identical", "near-identical"}});
    visit("allow", self.allow, "leaks that do not stop training; they are told beside every score",
          core::OneOf{{"identical", "near-identical", "speaker", "text"}});
  }
};

// Two clips of one sound; the first comes first in the manifest.
struct SoundPair {
  std::size_t first = 0;
  std::size_t second = 0;
  enum class Kind { kIdentical, kNearIdentical } kind = Kind::kIdentical;
  double difference = 0.0;  // as audio::FingerprintIndex::Match
};

// What the clips of a manifest sound like, made once for all of its splits. One entry an utterance,
// empty where a recording could not be read or was not asked for.
struct ClipSounds {
  std::vector<std::string> checksums;     // dataset::ClipContent::checksum
  std::vector<std::string> fingerprints;  // audio::Fingerprint as bytes
  // The first clip of its family, which are clips of which each is near-identical to another of
  // them, and so all copies of one recording in the end: of a large family not every pair is known.
  // Nothing for a clip that is near-identical to no other.
  std::vector<std::optional<std::size_t>> families;
  // All that are near-identical and not identical, sorted; those of identical clips only once.
  std::vector<SoundPair> near_identical;
  // Recordings that could not be read, sorted, with why; so nobody knows whether they have copies.
  std::vector<dataset::Remark> unheard;
};

// Adds a warning for each clip that was not heard and yet is used: one that is not among the
// failures, since the next time it could be read.
void warn_of_unheard(const ClipSounds& sounds, const std::vector<dataset::Remark>& failures,
                     std::vector<dataset::Remark>& warnings);

// Reads each of the utterances (indices into the manifest). The same for any number of workers.
ClipSounds listen_to_clips(const corpus::Manifest& manifest, std::vector<std::size_t> utterances,
                           core::ThreadPool& pool, const core::StopRequested& stop_requested);

struct RemovedClip {
  std::size_t clip = 0;
  std::size_t twin = 0;  // which judges
  SoundPair::Kind kind = SoundPair::Kind::kIdentical;
};

struct AllowedLeak {
  std::string kind;       // as in LeakConfig
  std::string statement;  // "12 clips ..., e.g. a (as b)"
};

// Clips of the same samples that are labelled differently.
using LabelConflict = std::vector<std::size_t>;

struct LeakFindings {
  std::vector<RemovedClip> removed;  // sorted by clip, each once
  std::vector<AllowedLeak> allowed;
  std::vector<LabelConflict> label_conflicts;
};

// Looks for identical and near-identical clips in two parts, and for what the protocol forbids.
// Takes out of the training part what stands in the validation or test part, and out of the
// validation part what stands in the test part, where the configuration says so. Throws CorpusError
// (E_SPLIT_LEAK) for a leak that is neither removed nor allowed, naming the clips.
LeakFindings settle_leaks(const corpus::Manifest& manifest, corpus::Split& split,
                          const ClipSounds& sounds, const LeakConfig& config);

}  // namespace ser::train
