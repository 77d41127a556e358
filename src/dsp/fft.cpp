#include "ser/dsp/fft.h"

#include <cassert>
#include <cstddef>
#include <cstdlib>
#include <string>

// pocketfft asks aligned_alloc for sizes that are no multiple of the alignment, which C11 forbids
// and AddressSanitizer refuses. Inside its namespace this one is found first.
namespace pocketfft::detail {
inline void* aligned_alloc(std::size_t alignment, std::size_t size) {
  return std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}
}  // namespace pocketfft::detail

// Its own threads would come on top of those of the caller.
#define POCKETFFT_NO_MULTITHREADING
#include <pocketfft_hdronly.h>

#include "ser/core/error.h"

namespace ser::dsp {
namespace {

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

RealFft::RealFft(int size) : size_(size) {
  if (size < 2) {
    throw core::ConfigError(
        "E_CONFIG_VALUE",
        "size of a Fourier transform: must be at least 2, is " + std::to_string(size));
  }
}

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

}  // namespace ser::dsp
