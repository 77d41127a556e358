#include "corpus/split_checksum.h"

#include <algorithm>
#include <numeric>
#include <string_view>

#include "ser/core/checksum.h"

namespace ser::corpus {

std::vector<std::size_t> order_of_ids(const Manifest& manifest) {
  std::vector<std::size_t> order(manifest.utterances.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(
      order, {}, [&](std::size_t i) -> const auto& { return manifest.utterances[i].id; });
  return order;
}

// Neither ids nor labels hold a byte 0.
std::string manifest_checksum(const Manifest& manifest, const std::vector<std::size_t>& order) {
  constexpr std::string_view kEnd("\0", 1);
  core::RunningChecksum checksum;
  for (const std::size_t i : order) {
    const auto& utterance = manifest.utterances[i];
    for (const std::string* text : {&utterance.id, &utterance.label}) {
      checksum.update(*text);
      checksum.update(kEnd);
    }
  }
  return checksum.hex();
}

}  // namespace ser::corpus
