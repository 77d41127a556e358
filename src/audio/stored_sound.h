#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "audio/byte_order.h"

namespace ser::audio {

enum class Encoding {
  kUnsigned8,
  kSigned8,
  kPcm16,
  kPcm24,
  kPcm32,
  kFloat,
  kDouble,
  kMuLaw,
  kALaw,
  kFlac
};

// Where in a file the sound lies and how it is written there: all that is taken from a container.
struct StoredSound {
  std::string container;      // as in LoadedAudio
  std::string sample_format;  // as in LoadedAudio
  Encoding encoding = Encoding::kPcm16;
  ByteOrder order = ByteOrder::kLittle;
  // As the file claims them: not zero channels, everything else is still to be checked.
  std::uint64_t sample_rate_hz = 0;
  int channels = 0;
  // The sound is the bytes [begin, end) of the file; `missing_bytes` more were promised. They hold
  // `frames` frames, which in FLAC is the file's claim (absent: it does not say).
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::uint64_t missing_bytes = 0;
  std::optional<std::int64_t> frames;
  // FLAC: the marker and the STREAMINFO block, as the only metadata, to be put before the sound.
  std::string stream_header;
};

// Bytes that one sample takes; 0 for FLAC.
int bytes_per_sample(Encoding encoding);

// "PCM_16", "ULAW" ...; empty for FLAC.
std::string sample_format_name(Encoding encoding);

// Integer samples that occupy 1 to 4 bytes each.
Encoding pcm_encoding(int bytes, Encoding one_byte);

}  // namespace ser::audio
