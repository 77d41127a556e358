#pragma once

#include <cstddef>

namespace ser::core {

// Asks the system to back memory that will be used as a whole with large pages, as far as it covers
// them: work on megabytes otherwise waits for the translation of addresses. Only a hint: it changes
// no contents, and where the system does not know it, nothing happens.
void advise_large_pages(const void* memory, std::size_t bytes);

}  // namespace ser::core
