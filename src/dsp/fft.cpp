#include "ser/dsp/fft.h"

#include <cassert>
#include <cstddef>
#include <cstdlib>
#include <string>
#include <utility>

namespace ser::dsp {
namespace {

// pocketfft takes memory for every transform and gives it back. A thread keeps the block that it
// gave back last for its next transform. A block's first bytes hold the size of the rest. Nothing
// here has a destructor, since plans may give memory back when a thread's objects are gone.
constexpr std::size_t kBlockAlignment = 64;
thread_local std::size_t* spare_block = nullptr;
thread_local bool keeps_spare_block = true;

struct SpareBlockRelease {
  ~SpareBlockRelease() {
    std::free(std::exchange(spare_block, nullptr));
    keeps_spare_block = false;
  }
};

void* take_block(std::size_t size) {
  std::size_t* block = nullptr;
  if (spare_block != nullptr && *spare_block >= size) {
    block = std::exchange(spare_block, nullptr);
  } else {
    // pocketfft asks for sizes that are no multiple of the alignment, which C11 forbids and
    // AddressSanitizer refuses.
    const std::size_t whole = (size + 2 * kBlockAlignment - 1) / kBlockAlignment * kBlockAlignment;
    block = static_cast<std::size_t*>(std::aligned_alloc(kBlockAlignment, whole));
    if (block == nullptr) return nullptr;
    *block = whole - kBlockAlignment;
  }
  return reinterpret_cast<std::byte*>(block) + kBlockAlignment;
}

void give_back_block(void* memory) {
  if (memory == nullptr) return;
  auto* block = reinterpret_cast<std::size_t*>(static_cast<std::byte*>(memory) - kBlockAlignment);
  if (keeps_spare_block) {
    thread_local const SpareBlockRelease release;
    std::swap(block, spare_block);
  }
  std::free(block);
}

}  // namespace
}  // namespace ser::dsp

// Inside pocketfft's namespace these are found before those of the C library.
namespace pocketfft::detail {
inline void* aligned_alloc([[maybe_unused]] std::size_t alignment, std::size_t size) {
  assert(alignment <= ser::dsp::kBlockAlignment);
  return ser::dsp::take_block(size);
}
inline void free(void* memory) { ser::dsp::give_back_block(memory); }
}  // namespace pocketfft::detail

// Its own threads would come on top of those of the caller.
#define POCKETFFT_NO_MULTITHREADING
#include <pocketfft_hdronly.h>

#include "ser/core/error.h"

#include "dsp/lane_fft.h"

namespace ser::dsp {
namespace {

void check_size(int size) {
  if (size < 2) {
    throw core::ConfigError(
        "E_CONFIG_VALUE",
        "size of a Fourier transform: must be at least 2, is " + std::to_string(size));
  }
}

struct Layout {
  pocketfft::shape_t shape;
  pocketfft::stride_t real_strides;
  pocketfft::stride_t complex_strides;
};

Layout layout_of(int size, int bins, std::size_t count) {
  constexpr auto kReal = static_cast<std::ptrdiff_t>(sizeof(double));
  constexpr auto kComplex = static_cast<std::ptrdiff_t>(sizeof(std::complex<double>));
  return {
      {count, static_cast<std::size_t>(size)}, {kReal * size, kReal}, {kComplex * bins, kComplex}};
}

}  // namespace

RealFft::RealFft(int size) : size_(size) { check_size(size); }

// pocketfft keeps the plans of the last sizes in a cache of its own, behind a mutex.
void RealFft::forward(std::span<const double> signals,
                      std::span<std::complex<double>> spectra) const {
  const std::size_t count = signals.size() / static_cast<std::size_t>(size_);
  assert(signals.size() == count * static_cast<std::size_t>(size_));
  assert(spectra.size() == count * static_cast<std::size_t>(bins()));
  if (count == 0) return;
  const Layout layout = layout_of(size_, bins(), count);
  pocketfft::r2c(layout.shape, layout.real_strides, layout.complex_strides, std::size_t{1},
                 pocketfft::FORWARD, signals.data(), spectra.data(), 1.0);
}

void RealFft::inverse(std::span<const std::complex<double>> spectra,
                      std::span<double> signals) const {
  const std::size_t count = signals.size() / static_cast<std::size_t>(size_);
  assert(signals.size() == count * static_cast<std::size_t>(size_));
  assert(spectra.size() == count * static_cast<std::size_t>(bins()));
  if (count == 0) return;
  const Layout layout = layout_of(size_, bins(), count);
  pocketfft::c2r(layout.shape, layout.complex_strides, layout.real_strides, std::size_t{1},
                 pocketfft::BACKWARD, spectra.data(), signals.data(), 1.0 / size_);
}

class LaneFft::Plan : public pocketfft::detail::pocketfft_r<double> {
 public:
  using pocketfft_r::pocketfft_r;
};

LaneFft::LaneFft(int size) : size_(size) {
  check_size(size);
  plan_ = std::make_shared<const Plan>(static_cast<std::size_t>(size));
}

void LaneFft::forward(std::span<Lanes> values) const {
  assert(values.size() == static_cast<std::size_t>(size_));
  plan_->exec(values.data(), 1.0, pocketfft::FORWARD);
}

void LaneFft::inverse(std::span<Lanes> values) const {
  assert(values.size() == static_cast<std::size_t>(size_));
  plan_->exec(values.data(), 1.0 / size_, pocketfft::BACKWARD);
}

}  // namespace ser::dsp
