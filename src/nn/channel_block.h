#pragma once

#include <algorithm>
#include <cmath>

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

// Aligned as whole vectors are, because GCC forgets in places that Lanes need not be; the memory
// from which it is loaded may stand anywhere.
struct alignas(kVectorBytes) ChannelBlock {
  static constexpr int kLanes = kVectorBytes / static_cast<int>(sizeof(Scalar));
  static constexpr int kParts = static_cast<int>(kBlockChannels) / kLanes;
  Lanes parts[kParts];  // NOLINT: an array of a class template would drop the type's attributes

  static ChannelBlock zero() { return filled_with(0); }

  static ChannelBlock filled_with(Scalar number) {
    ChannelBlock result;
    for (auto& part : result.parts) part = Lanes{} + number;
    return result;
  }

  static ChannelBlock load(const Scalar* from) {
    ChannelBlock result;
    for (Index i = 0; i < kParts; ++i) {
      result.parts[i] = *reinterpret_cast<const Lanes*>(from + i * kLanes);
    }
    return result;
  }

  // The first `count` numbers; `filler` behind them.
  static ChannelBlock load(const Scalar* from, Index count, Scalar filler = 0) {
    if (count >= kBlockChannels) return load(from);
    Scalar padded[kBlockChannels];  // NOLINT
    for (Index i = 0; i < kBlockChannels; ++i) padded[i] = i < count ? from[i] : filler;
    return load(padded);
  }

  void store(Scalar* to) const {
    for (Index i = 0; i < kParts; ++i) *reinterpret_cast<Lanes*>(to + i * kLanes) = parts[i];
  }

  // Only the first `count` numbers.
  void store(Scalar* to, Index count) const {
    if (count >= kBlockChannels) return store(to);
    Scalar padded[kBlockChannels];  // NOLINT
    store(padded);
    std::copy_n(padded, count, to);
  }

  friend ChannelBlock operator+(ChannelBlock a, const ChannelBlock& b) {
    for (Index i = 0; i < kParts; ++i) a.parts[i] += b.parts[i];
    return a;
  }
  friend ChannelBlock operator-(ChannelBlock a, const ChannelBlock& b) {
    for (Index i = 0; i < kParts; ++i) a.parts[i] -= b.parts[i];
    return a;
  }
  friend ChannelBlock operator*(ChannelBlock a, const ChannelBlock& b) {
    for (Index i = 0; i < kParts; ++i) a.parts[i] *= b.parts[i];
    return a;
  }
  friend ChannelBlock operator*(Scalar factor, ChannelBlock a) {
    for (Index i = 0; i < kParts; ++i) a.parts[i] *= factor;
    return a;
  }
  // 1 / a
  friend ChannelBlock reciprocal(ChannelBlock a) {
    for (Index i = 0; i < kParts; ++i) a.parts[i] = Scalar{1} / a.parts[i];
    return a;
  }
  friend ChannelBlock square_root(ChannelBlock a) {
    Scalar numbers[kBlockChannels];  // NOLINT
    a.store(numbers);
    for (Scalar& number : numbers) number = std::sqrt(number);
    return load(numbers);
  }
  // The sum of its numbers.
  friend Scalar sum(const ChannelBlock& a) {
    Lanes lanes = a.parts[0];
    for (int i = 1; i < kParts; ++i) lanes += a.parts[i];
    Scalar result = 0;
    for (int i = 0; i < kLanes; ++i) result += lanes[i];
    return result;
  }
};

// Adds to `count` numbers in memory.
inline void add_to(Scalar* to, Index count, const ChannelBlock& numbers) {
  (ChannelBlock::load(to, count) + numbers).store(to, count);
}

// Calls body(first channel, number of channels) for blocks of sixteen and what is left.
template <class Body>
void for_channel_blocks(Index channels, const Body& body) {
  for (Index channel = 0; channel < channels; channel += kBlockChannels) {
    body(channel, std::min(kBlockChannels, channels - channel));
  }
}

// Calls body(place in memory, first channel, number of channels) for those of all steps of an
// example.
template <class Body>
void for_step_blocks(const Shape& shape, const Body& body) {
  for (Index step = 0; step < shape.time; ++step) {
    for_channel_blocks(shape.channels, [&](Index channel, Index count) {
      body(step * shape.channels + channel, channel, count);
    });
  }
}

}  // namespace ser::nn
