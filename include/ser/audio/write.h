#pragma once

#include <filesystem>

#include "ser/audio/waveform.h"

namespace ser::audio {

enum class WavFormat { kPcm16, kFloat32, kMuLaw };

// Writes a mono WAV, whole or not at all. For the integer formats (mu-law is made from 16 bits)
// samples outside [-1, 1] are clipped and what is not a number becomes 0; a 16-bit recording that
// was loaded is written with the bits it had. The same samples give the same bytes. Throws
// OutputError (E_OUTPUT_OPEN, E_OUTPUT_WRITE).
void write_wav(const std::filesystem::path& path, const Waveform& waveform,
               WavFormat format = WavFormat::kPcm16);

}  // namespace ser::audio
