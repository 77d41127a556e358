#include "corpus/split_checksum.h"

#include <algorithm>
#include <numeric>

#include "ser/corpus/clips_checksum.h"

namespace ser::corpus {

std::vector<std::size_t> order_of_ids(const Manifest& manifest) {
  std::vector<std::size_t> order(manifest.utterances.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(
      order, {}, [&](std::size_t i) -> const auto& { return manifest.utterances[i].id; });
  return order;
}

std::string manifest_checksum(const Manifest& manifest, const std::vector<std::size_t>& order) {
  return clips_checksum(manifest, order, {&Utterance::id, &Utterance::label});
}

}  // namespace ser::corpus
