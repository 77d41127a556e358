#pragma once

#include <filesystem>
#include <string>

#include "ser/audio/waveform.h"

namespace ser::audio {

enum class WavFormat { kPcm16, kFloat32, kMuLaw };

// A mono WAV in memory. For the integer formats (mu-law is made from 16 bits)
// samples outside [-1, 1] are clipped and what is not a number becomes 0; a 16-bit recording that
// was loaded is written with the bits it had. The same samples give the same bytes. Throws
// OutputError (E_OUTPUT_WRITE) for more than 4 GiB and a rate that is not above 0.
std::string wav_bytes(const Waveform& waveform, WavFormat format = WavFormat::kPcm16);

// The same as a file, whole or not at all. Throws OutputError (E_OUTPUT_OPEN, E_OUTPUT_WRITE).
void write_wav(const std::filesystem::path& path, const Waveform& waveform,
               WavFormat format = WavFormat::kPcm16);

}  // namespace ser::audio
