#pragma once

#include <cstdint>

namespace ser::dsp {

// The 8-bit code of a sample at full scale [-1, 1] by the mu-law of ITU-T G.711, from 16 bits; what
// lies outside is clipped, what is not a number counts as 0.
std::uint8_t mu_law_encode(float sample);

// The sample that a code stands for, in [-32124/32768, 32124/32768].
float mu_law_decode(std::uint8_t code);

}  // namespace ser::dsp
