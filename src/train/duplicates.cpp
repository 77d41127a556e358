#include "train/duplicates.h"

#include <algorithm>
#include <map>

#include "ser/core/error.h"

namespace ser::train {

ContentChecksums checksum_contents(const corpus::Manifest& manifest, const corpus::Split& split,
                                   core::ThreadPool& pool,
                                   const core::StopRequested& stop_requested) {
  ContentChecksums checksums(manifest.utterances.size());
  std::vector<std::size_t> members;
  for (const auto* part : {&split.train, &split.validation, &split.test}) {
    members.insert(members.end(), part->begin(), part->end());
  }
  pool.parallel_for(members.size(), [&](std::size_t i, int) {
    if (stop_requested && stop_requested()) throw core::Interrupted();
    const std::size_t utterance = members[i];
    try {
      checksums[utterance] = corpus::content_checksum(manifest.utterances[utterance]);
    } catch (const core::ConfigError&) {
      // It stays empty: reading the recording will fail with a better message.
    }
  });
  return checksums;
}

std::vector<std::pair<std::size_t, std::size_t>> remove_duplicates(
    corpus::Split& split, const ContentChecksums& checksums) {
  std::map<std::string, std::size_t> judging;  // content -> clip that judges
  std::vector<std::pair<std::size_t, std::size_t>> removed;
  const auto add = [&](const std::vector<std::size_t>& part) {
    for (const std::size_t utterance : part) {
      if (!checksums[utterance].empty()) judging.emplace(checksums[utterance], utterance);
    }
  };
  const auto clean = [&](std::vector<std::size_t>& part) {
    std::erase_if(part, [&](std::size_t utterance) {
      const auto twin = judging.find(checksums[utterance]);
      if (checksums[utterance].empty() || twin == judging.end()) return false;
      removed.emplace_back(utterance, twin->second);
      return true;
    });
  };
  add(split.test);
  clean(split.validation);
  add(split.validation);
  clean(split.train);
  std::sort(removed.begin(), removed.end());
  return removed;
}

}  // namespace ser::train
