// Vectors of the instruction set that the including file is compiled for, for the kernels of
// vector_kernels.h. Everything is local to that file, and headers beside this one may only declare:
// a function that several files share would be compiled for several instruction sets, and the
// linker would keep any one of them.
#pragma once

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "ser/nn/scalar.h"

namespace ser::nn {
namespace {  // NOLINT: see above

#if defined(__AVX512F__)
constexpr int kVectorBytes = 64;
#elif defined(__AVX__)
constexpr int kVectorBytes = 32;
#else
constexpr int kVectorBytes = 16;
#endif
using Lanes [[gnu::vector_size(kVectorBytes)]] = Scalar;
// The same anywhere in memory.
using LanesInMemory
    [[gnu::vector_size(kVectorBytes), gnu::aligned(alignof(Scalar)), gnu::may_alias]] = Scalar;

constexpr Index kBlock = 16;  // channels
constexpr int kLanes = kVectorBytes / static_cast<int>(sizeof(Scalar));
constexpr int kParts = static_cast<int>(kBlock) / kLanes;  // vectors of a block

inline Lanes load_lanes(const Scalar* from) {
  return *reinterpret_cast<const LanesInMemory*>(from);
}
inline void store_lanes(const Lanes& lanes, Scalar* to) {
  *reinterpret_cast<LanesInMemory*>(to) = lanes;
}

// Neighbouring channels in one vector. A type of the file's own, so that what the transforms of
// winograd_transforms.h make of it is too.
struct Channels {
  Lanes lanes;

  static Channels zero() { return {Lanes{}}; }
  static Channels load(const Scalar* from) { return {load_lanes(from)}; }
  static Channels load(const Scalar* from, Index count) {
    if (count >= kLanes) return load(from);
    Channels some = zero();
    for (Index i = 0; i < count; ++i) some.lanes[i] = from[i];
    return some;
  }
  void store(Scalar* to) const { store_lanes(lanes, to); }
  void store(Scalar* to, Index count) const {
    if (count >= kLanes) return store(to);
    for (Index i = 0; i < count; ++i) to[i] = lanes[i];
  }

  friend Channels operator+(const Channels& a, const Channels& b) { return {a.lanes + b.lanes}; }
  friend Channels operator-(const Channels& a, const Channels& b) { return {a.lanes - b.lanes}; }
};

// factor * channels, not multiplied yet. Where a product stands in a sum the two are one operation
// of one rounding, if the instruction set has it, and nowhere else: left to itself the compiler
// decides from case to case, differently for vectors of another width or another processor, and
// numbers would differ in their last bits.
struct Product {
  Scalar factor;
  const Channels& channels;

  operator Channels() const {  // NOLINT: a product is what it stands for
    Lanes product = factor * channels.lanes;
#if defined(__AVX512F__)
    asm("" : "+v"(product));
#elif defined(__x86_64__)
    asm("" : "+x"(product));
#endif
    return {product};
  }
};

// a + factor * b.
inline Lanes add_product(const Lanes& a, Scalar factor, const Lanes& b) {
#if defined(__AVX512F__)
  if constexpr (sizeof(Scalar) == sizeof(float)) {
    return Lanes(_mm512_fmadd_ps(_mm512_set1_ps(static_cast<float>(factor)), __m512(b), __m512(a)));
  } else {
    return Lanes(_mm512_fmadd_pd(_mm512_set1_pd(factor), __m512d(b), __m512d(a)));
  }
#elif defined(__AVX__) && defined(__FMA__)
  if constexpr (sizeof(Scalar) == sizeof(float)) {
    return Lanes(_mm256_fmadd_ps(_mm256_set1_ps(static_cast<float>(factor)), __m256(b), __m256(a)));
  } else {
    return Lanes(_mm256_fmadd_pd(_mm256_set1_pd(factor), __m256d(b), __m256d(a)));
  }
#else
  return a + factor * b;
#endif
}

inline Product operator*(Scalar factor, const Channels& channels) { return {factor, channels}; }
inline Channels operator+(const Channels& a, const Product& b) {
  return {add_product(a.lanes, b.factor, b.channels.lanes)};
}
inline Channels operator+(const Product& a, const Product& b) { return Channels(a) + b; }

}  // namespace
}  // namespace ser::nn
