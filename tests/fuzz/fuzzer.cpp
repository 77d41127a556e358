// The program that libFuzzer makes of a reader; SER_FUZZ_READ is its function.
#include <cstddef>
#include <cstdint>

#include "fuzz/readers.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ser::fuzz::SER_FUZZ_READ({data, size});
  return 0;
}
