#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

namespace ser::core {

// A named stream of random numbers. Streams form a tree: `root.fork("dropout").fork(epoch)` is the
// same stream wherever and whenever it is made, no matter how much of its relatives has been used,
// so a result never depends on the order or the number of threads.
//
// Generator: xoshiro256++ (Blackman and Vigna, 2019), seeded by SplitMix64 from the stream's key.
// The distributions are our own, since those of the standard library differ between
// implementations.
class RandomStream {
 public:
  explicit RandomStream(std::uint64_t seed);

  RandomStream fork(std::string_view name) const;
  RandomStream fork(std::uint64_t index) const;

  // 64 random bits.
  std::uint64_t next();
  // Uniform in [0, 1), 53 bits.
  double uniform();
  // Uniform in [low, high).
  double uniform(double low, double high);
  // Standard normal (Box and Muller, 1958).
  double normal();
  // Uniform integer in [0, bound), bound > 0, without bias (Lemire, 2019).
  std::uint64_t below(std::uint64_t bound);

  // Random order of `values` (Fisher and Yates).
  template <class T>
  void shuffle(std::span<T> values) {
    for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[below(i)]);
  }

 private:
  std::uint64_t key_;
  std::array<std::uint64_t, 4> state_;
};

}  // namespace ser::core
