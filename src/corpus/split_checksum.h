#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ser/corpus/manifest.h"

namespace ser::corpus {

std::vector<std::size_t> order_of_ids(const Manifest& manifest);

// XXH3 of the ids and labels in the order of ids, by which a split file knows its data.
std::string manifest_checksum(const Manifest& manifest, const std::vector<std::size_t>& order);

}  // namespace ser::corpus
