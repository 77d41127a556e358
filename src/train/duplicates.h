#pragma once

#include <utility>
#include <vector>

#include "ser/core/thread_pool.h"
#include "ser/corpus/manifest.h"
#include "ser/corpus/split.h"
#include "ser/train/train_classifier.h"

namespace ser::train {

ContentChecksums checksum_contents(const corpus::Manifest& manifest, const corpus::Split& split,
                                   core::ThreadPool& pool,
                                   const core::StopRequested& stop_requested);

// Takes out of the training part what stands byte for byte in the validation or test part, and out
// of the validation part what stands in the test part: a copy under another name is the plainest of
// leaks. Returns [clip taken out, its twin].
std::vector<std::pair<std::size_t, std::size_t>> remove_duplicates(
    corpus::Split& split, const ContentChecksums& checksums);

}  // namespace ser::train
