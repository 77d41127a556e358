#include "corpus/split_checksum.h"

#include <algorithm>
#include <numeric>

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
  std::string bytes;
  for (const std::size_t i : order) {
    const auto& utterance = manifest.utterances[i];
    bytes.append(utterance.id).push_back('\0');
    bytes.append(utterance.label).push_back('\0');
  }
  return core::checksum64_hex(bytes);
}

}  // namespace ser::corpus
