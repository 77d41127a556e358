#pragma once

#include <algorithm>
#include <cstring>

#include "ser/nn/tensor.h"

namespace ser::nn {

// Sixteen neighbouring channels, held in vector registers. Written with GCC's vector types, which
// Clang knows too: they compile to the target's instructions and need no library. Vectors wider
// than the target has are taken apart in memory, which is many times slower, hence the choice.
#ifdef __AVX__
inline constexpr int kVectorBytes = 32;
#else
inline constexpr int kVectorBytes = 16;
#endif
using Lanes [[gnu::vector_size(kVectorBytes), gnu::aligned(alignof(Scalar)), gnu::may_alias]] =
    Scalar;

inline constexpr Index kBlockChannels = 16;

inline Index channel_blocks(Index channels) {
  return (channels + kBlockChannels - 1) / kBlockChannels;
}

struct ChannelBlock {
  static constexpr int kLanes = kVectorBytes / static_cast<int>(sizeof(Scalar));
  static constexpr int kParts = static_cast<int>(kBlockChannels) / kLanes;
  Lanes parts[kParts];  // NOLINT: an array of a class template would drop the type's attributes

  static ChannelBlock zero() {
    ChannelBlock result;
    for (auto& part : result.parts) part = Lanes{};
    return result;
  }

  static ChannelBlock load(const Scalar* from) {
    ChannelBlock result;
    for (int i = 0; i < kParts; ++i) {
      result.parts[i] = *reinterpret_cast<const Lanes*>(from + i * kLanes);
    }
    return result;
  }

  // The first `count` numbers; zeros behind them.
  static ChannelBlock load(const Scalar* from, Index count) {
    if (count >= kBlockChannels) return load(from);
    Scalar padded[kBlockChannels] = {};  // NOLINT
    std::copy_n(from, count, padded);
    return load(padded);
  }

  void store(Scalar* to) const {
    for (int i = 0; i < kParts; ++i) *reinterpret_cast<Lanes*>(to + i * kLanes) = parts[i];
  }

  // Only the first `count` numbers.
  void store(Scalar* to, Index count) const {
    if (count >= kBlockChannels) return store(to);
    Scalar padded[kBlockChannels];  // NOLINT
    store(padded);
    std::copy_n(padded, count, to);
  }

  friend ChannelBlock operator+(ChannelBlock a, const ChannelBlock& b) {
    for (int i = 0; i < kParts; ++i) a.parts[i] += b.parts[i];
    return a;
  }
  friend ChannelBlock operator-(ChannelBlock a, const ChannelBlock& b) {
    for (int i = 0; i < kParts; ++i) a.parts[i] -= b.parts[i];
    return a;
  }
  friend ChannelBlock operator*(Scalar factor, ChannelBlock a) {
    for (int i = 0; i < kParts; ++i) a.parts[i] *= factor;
    return a;
  }
};

}  // namespace ser::nn
