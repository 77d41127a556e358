#pragma once

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>

#include "ser/corpus/manifest.h"

namespace ser::corpus {

// XXH3 of these fields of these clips (indices into the manifest), as 16 hexadecimal digits: tells
// whether work is about the same clips, in the same order.
std::string clips_checksum(const Manifest& manifest, std::span<const std::size_t> clips,
                           std::initializer_list<std::string Utterance::*> fields);

}  // namespace ser::corpus
