#pragma once

#include <filesystem>

#include "ser/audio/waveform.h"

namespace ser::audio {

enum class WavFormat { kPcm16, kFloat32, kMuLaw };

// Writes a mono WAV, whole or not at all. Samples outside [-1, 1] are clipped for integer formats.
// Throws OutputError (E_OUTPUT_OPEN, E_OUTPUT_WRITE).
void write_wav(const std::filesystem::path& path, const Waveform& waveform,
               WavFormat format = WavFormat::kPcm16);

}  // namespace ser::audio
