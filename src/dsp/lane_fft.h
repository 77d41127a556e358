#pragma once

#include <memory>
#include <span>

#include "dsp/lanes.h"

namespace ser::dsp {

// Discrete Fourier transforms of kLanes real signals at once, in place, in double precision. The
// spectrum is packed: the real part of bin 0, then real and imaginary part of bin 1, of bin 2 ...;
// of an even size's last bin, whose imaginary part is 0, only the real part. The bits of a signal's
// spectrum do not depend on its lane or on the other signals. Immutable, so threads may share one;
// after a thread's first transform nothing is allocated.
class LaneFft {
 public:
  // size >= 2, otherwise ConfigError (E_CONFIG_VALUE).
  explicit LaneFft(int size);

  int size() const { return size_; }

  // values: [size].
  void forward(std::span<Lanes> values) const;
  // The inverse, scaled by 1/size.
  void inverse(std::span<Lanes> values) const;

 private:
  class Plan;

  int size_;
  std::shared_ptr<const Plan> plan_;
};

}  // namespace ser::dsp
