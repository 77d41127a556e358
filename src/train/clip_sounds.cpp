#include <algorithm>
#include <map>
#include <optional>
#include <unordered_set>

#include "ser/audio/fingerprint_index.h"
#include "ser/core/error.h"
#include "ser/dataset/clip_content.h"
#include "ser/train/leaks.h"

namespace ser::train {
namespace {

// Clips whose detailed fingerprints (5 KiB each) are in memory at one time.
constexpr std::size_t kBatch = 256;

}  // namespace

ClipSounds listen_to_clips(const corpus::Manifest& manifest, std::vector<std::size_t> utterances,
                           core::ThreadPool& pool, const core::StopRequested& stop_requested) {
  std::ranges::sort(utterances);
  ClipSounds sounds;
  sounds.checksums.resize(manifest.utterances.size());
  sounds.fingerprints.resize(manifest.utterances.size());
  audio::FingerprintIndex index;
  std::vector<std::size_t> indexed;  // utterance of each number of the index
  std::unordered_set<std::string> met;
  std::map<std::pair<std::size_t, std::size_t>, double> pairs;
  for (std::size_t begin = 0; begin < utterances.size(); begin += kBatch) {
    const auto batch =
        std::span(utterances).subspan(begin, std::min(kBatch, utterances.size() - begin));
    std::vector<std::optional<dataset::ClipContent>> contents(batch.size());
    pool.parallel_for(batch.size(), [&](std::size_t i, int) {
      if (stop_requested && stop_requested()) throw core::Interrupted();
      try {
        contents[i] = dataset::clip_content(manifest.utterances[batch[i]], stop_requested);
      } catch (const core::AudioError&) {
        // It stays empty: reading the recording for its features will say what is wrong.
      }
    });
    // Identical clips are looked for once.
    std::vector<std::size_t> fresh;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      if (!contents[i]) continue;
      auto reduced = contents[i]->fingerprint.reduced();
      sounds.checksums[batch[i]] = contents[i]->checksum;
      sounds.fingerprints[batch[i]] = audio::to_bytes(reduced);
      if (!met.insert(contents[i]->checksum).second) continue;
      index.add(std::move(reduced));
      indexed.push_back(batch[i]);
      fresh.push_back(i);
    }
    // Clips of earlier batches and of this one; a pair within this one is found twice.
    std::vector<std::vector<audio::FingerprintIndex::Match>> matches(fresh.size());
    pool.parallel_for(fresh.size(), [&](std::size_t i, int) {
      if (stop_requested && stop_requested()) throw core::Interrupted();
      matches[i] = index.find(contents[fresh[i]]->fingerprint);
    });
    for (std::size_t i = 0; i < fresh.size(); ++i) {
      for (const auto& match : matches[i]) {
        const auto pair = std::minmax(batch[fresh[i]], indexed[match.number]);
        if (pair.first == pair.second) continue;
        const auto [found, is_new] = pairs.try_emplace(pair, match.difference);
        if (!is_new) found->second = std::min(found->second, match.difference);
      }
    }
  }
  for (const auto& [pair, difference] : pairs) {
    sounds.near_identical.push_back(
        {pair.first, pair.second, SoundPair::Kind::kNearIdentical, difference});
  }
  return sounds;
}

}  // namespace ser::train
