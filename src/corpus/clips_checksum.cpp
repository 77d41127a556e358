#include "ser/corpus/clips_checksum.h"

#include <string_view>

#include "ser/core/checksum.h"

namespace ser::corpus {

// No field holds a byte 0.
std::string clips_checksum(const Manifest& manifest, std::span<const std::size_t> clips,
                           std::initializer_list<std::string Utterance::*> fields) {
  constexpr std::string_view kFieldEnd("\0", 1);
  core::RunningChecksum checksum;
  for (const std::size_t i : clips) {
    for (const auto field : fields) {
      checksum.update(manifest.utterances[i].*field);
      checksum.update(kFieldEnd);
    }
  }
  return checksum.hex();
}

}  // namespace ser::corpus
