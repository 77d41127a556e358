#include "fuzz/readers.h"

#include <array>

namespace ser::fuzz {
namespace {

constexpr auto kReaders = std::to_array<Reader>({
#define SER_FUZZ_READER(name) {#name, &read_##name},
#include "fuzz/readers.def"
#undef SER_FUZZ_READER
});

}  // namespace

std::span<const Reader> readers() { return kReaders; }

}  // namespace ser::fuzz
