#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

namespace ser::test {

// An array as NumPy stores it (.npy, version 1.0), values in C order: the last index varies
// fastest.
struct NpyArray {
  std::vector<std::size_t> shape;
  std::vector<double> values;
};

// Reads little-endian float32 and float64 arrays; throws std::runtime_error for anything else.
NpyArray read_npy(const std::filesystem::path& path);

}  // namespace ser::test
