#pragma once

#include <complex>
#include <span>

namespace ser::dsp {

// Complex numbers to magnitudes and angles and back, written so that compilers do several at once.
// The spans of a call have the same length.

// Magnitudes are those of std::hypot(float), but at most the largest float. Angles in radians are
// those of std::atan2(float) in the GNU C library up to 2.40, to the last bit, for finite numbers:
// the algorithm is that of fdlibm's e_atan2f.c and s_atanf.c (Sun Microsystems, 1993). Other
// roundings, even better ones, would be heard in a phase vocoder, which adds up what phases differ
// by in steps as coarse as 0.01.
void to_polar(std::span<const std::complex<float>> values, std::span<float> magnitudes,
              std::span<float> angles);

// Cosine and sine are those of std::cos(float) and std::sin(float) in the GNU C library since 2.28,
// but for one in millions; correct to 0.57 units in the last place for |angle| < 1e6 and to 1e-16 *
// |angle| beyond, up to 1e15.
void from_polar(std::span<const float> magnitudes, std::span<const float> angles,
                std::span<std::complex<float>> values);

}  // namespace ser::dsp
