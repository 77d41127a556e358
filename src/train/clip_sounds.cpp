#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "ser/audio/fingerprint_index.h"
#include "ser/core/error.h"
#include "ser/dataset/clip_content.h"
#include "ser/train/leaks.h"

namespace ser::train {
namespace {

// Clips whose detailed fingerprints (5 KiB each) are in memory at one time.
constexpr std::size_t kBatch = 256;

using Matches = std::vector<audio::FingerprintIndex::Match>;

// Finds near-identical clips. A search finds some dozens, the latest of those that have a stretch
// in common; so that the copies of a recording are one family however many there are, those that
// have one are compared with the first of every family too.
class Likeness {
 public:
  // A clip (an index into the manifest) that is like no other by its checksum.
  void add(std::size_t clip, audio::Fingerprint fingerprint) {
    parents_.push_back(clips_.size());
    clips_.push_back(clip);
    all_.add(std::move(fingerprint));
  }

  // Compares clips that were added with all that were. `details` of each stay as they are.
  void compare(const std::vector<std::size_t>& numbers,
               const std::vector<const audio::DetailedFingerprint*>& details,
               core::ThreadPool& pool, const core::StopRequested& stop_requested) {
    std::vector<Matches> matches(numbers.size());
    pool.parallel_for(numbers.size(), [&](std::size_t i, int) {
      if (stop_requested && stop_requested()) throw core::Interrupted();
      matches[i] = all_.find(*details[i]);
    });
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      for (const auto& match : matches[i]) unite(numbers[i], match.number, match.difference);
    }
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      // A search finds the clip itself too.
      std::erase_if(matches[i], [&](const auto& match) { return match.number == numbers[i]; });
      if (!matches[i].empty()) represent(root_of(numbers[i]), numbers[i], *details[i]);
    }
    pool.parallel_for(numbers.size(), [&](std::size_t i, int) {
      if (stop_requested && stop_requested()) throw core::Interrupted();
      if (!matches[i].empty()) matches[i] = firsts_.find(*details[i]);
    });
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      for (const auto& match : matches[i]) {
        unite(numbers[i], represented_[match.number], match.difference);
      }
    }
  }

  std::vector<SoundPair> pairs() const {
    std::vector<SoundPair> list;
    for (const auto& [pair, difference] : differences_) {
      list.push_back({pair.first, pair.second, SoundPair::Kind::kNearIdentical, difference});
    }
    return list;
  }

  std::size_t size() const { return clips_.size(); }

  // The first clip of the family of each number; nothing where it is the only one.
  std::vector<std::optional<std::size_t>> families() {
    std::vector<std::optional<std::size_t>> first(clips_.size());
    for (std::size_t number = 0; number < clips_.size(); ++number) {
      const std::size_t root = root_of(number);
      if (root == number) continue;
      first[number] = clips_[root];
      first[root] = clips_[root];
    }
    return first;
  }

 private:
  void unite(std::size_t a, std::size_t b, double difference) {
    if (a == b) return;
    // found once from each side
    const auto pair = std::minmax(clips_[a], clips_[b]);
    const auto [found, is_new] = differences_.try_emplace(pair, difference);
    if (!is_new) found->second = std::min(found->second, difference);
    const std::size_t first = root_of(a);
    const std::size_t second = root_of(b);
    parents_[std::max(first, second)] = std::min(first, second);
  }

  std::size_t root_of(std::size_t number) {
    while (parents_[number] != number) {
      parents_[number] = parents_[parents_[number]];
      number = parents_[number];
    }
    return number;
  }

  // Makes a clip the first of its family, if the family has none; one that was several has more.
  void represent(std::size_t root, std::size_t number, const audio::DetailedFingerprint& detail) {
    if (!has_first_.insert(root).second) return;
    firsts_.add(detail.reduced());
    represented_.push_back(number);
  }

  audio::FingerprintIndex all_;
  std::vector<std::size_t> clips_;    // of each number of the index
  std::vector<std::size_t> parents_;  // of a number in its family; a family's first is its own
  std::map<std::pair<std::size_t, std::size_t>, double> differences_;  // by clips
  audio::FingerprintIndex firsts_;
  std::vector<std::size_t> represented_;       // number of each of the firsts
  std::unordered_set<std::size_t> has_first_;  // families, by their root at that time
};

}  // namespace

ClipSounds listen_to_clips(const corpus::Manifest& manifest, std::vector<std::size_t> utterances,
                           core::ThreadPool& pool, const core::StopRequested& stop_requested) {
  std::ranges::sort(utterances);
  ClipSounds sounds;
  sounds.checksums.resize(manifest.utterances.size());
  sounds.fingerprints.resize(manifest.utterances.size());
  sounds.families.resize(manifest.utterances.size());
  Likeness likeness;
  std::unordered_map<std::string, std::size_t> number_of;  // of the first of identical clips
  for (std::size_t begin = 0; begin < utterances.size(); begin += kBatch) {
    const auto batch =
        std::span(utterances).subspan(begin, std::min(kBatch, utterances.size() - begin));
    std::vector<std::optional<dataset::ClipContent>> contents(batch.size());
    std::vector<dataset::Remark> failures(batch.size());
    pool.parallel_for(batch.size(), [&](std::size_t i, int) {
      if (stop_requested && stop_requested()) throw core::Interrupted();
      try {
        contents[i] = dataset::clip_content(manifest.utterances[batch[i]], stop_requested);
      } catch (const core::AudioError& error) {
        failures[i] = {batch[i], error.code(), error.what()};
      }
    });
    // Identical clips are looked for once; a pair within the batch is found twice.
    std::vector<std::size_t> numbers;
    std::vector<const audio::DetailedFingerprint*> details;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      if (!contents[i]) {
        sounds.unheard.push_back(std::move(failures[i]));
        continue;
      }
      auto reduced = contents[i]->fingerprint.reduced();
      sounds.checksums[batch[i]] = contents[i]->checksum;
      sounds.fingerprints[batch[i]] = audio::to_bytes(reduced);
      if (!number_of.try_emplace(contents[i]->checksum, likeness.size()).second) continue;
      numbers.push_back(likeness.size());
      details.push_back(&contents[i]->fingerprint);
      likeness.add(batch[i], std::move(reduced));
    }
    likeness.compare(numbers, details, pool, stop_requested);
  }
  sounds.near_identical = likeness.pairs();
  const auto families = likeness.families();
  for (const std::size_t clip : utterances) {
    if (const auto found = number_of.find(sounds.checksums[clip]); found != number_of.end()) {
      sounds.families[clip] = families[found->second];
    }
  }
  return sounds;
}

void warn_of_unheard(const ClipSounds& sounds, const std::vector<dataset::Remark>& failures,
                     std::vector<dataset::Remark>& warnings) {
  std::vector<dataset::Remark> unheard = sounds.unheard;
  std::erase_if(unheard, [&](const dataset::Remark& remark) {
    return std::ranges::binary_search(failures, remark.utterance, {}, &dataset::Remark::utterance);
  });
  for (auto& remark : unheard) {
    remark.message =
        "could not be read when clips were compared, so that copies of it would not be found: " +
        remark.code + " " + remark.message;
    remark.code.clear();
  }
  // Before other warnings of the same clip: add_remarks() keeps one.
  dataset::add_remarks(unheard, std::move(warnings));
  warnings = std::move(unheard);
}

}  // namespace ser::train
