#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ser/audio/load.h"

namespace ser::audio {

// How samples are written that come without a header.
struct RawFormat {
  std::string encoding;  // one of raw_encodings()
  int sample_rate_hz = 0;
  int channels = 1;
};

// "s16le", "f32be", "mulaw" ...: what ffmpeg and sox call them.
std::vector<std::string> raw_encodings();

// Reads "s16le,16000,2", or "s16le,16000" for one channel. Throws ConfigError (E_RAW_FORMAT) for
// what is written otherwise, and for what the limits do not allow.
RawFormat read_raw_format(std::string_view text,
                          const AudioLimits& limits = load_defaults().limits);

// Sound whose bytes come one after the other, from a pipe: samples as RawFormat says, or a WAV,
// whose header tells it. Its sizes need not be right: 0 and what else programs write that cannot
// know them stand for all that follows. Otherwise no more is taken for sound than the header
// promises. Memory does not grow with what comes.
class SoundStream {
 public:
  // What is known of the sound once it begins.
  struct Format {
    std::string container;      // "WAV", "raw", ...
    std::string sample_format;  // "PCM_16", "FLOAT", ...
    int sample_rate_hz = 0;
    int channels = 0;
  };

  // `name`: where it comes from, for messages.
  explicit SoundStream(const std::filesystem::path& name, const std::optional<RawFormat>& raw = {},
                       const AudioLimits& limits = load_defaults().limits);
  ~SoundStream();
  SoundStream(SoundStream&&) noexcept;
  SoundStream& operator=(SoundStream&&) noexcept;

  // The next bytes, any number of them. `consume` gets all samples (mono, as load_audio() makes
  // them) that are whole now, and their rate in Hz. Throws AudioError as load_audio() does.
  void push(std::span<const unsigned char> bytes,
            const std::function<void(std::span<const float>, int)>& consume);

  // There are no more bytes. Returns what a user should know, as LoadedAudio::warnings. Throws
  // AudioError where there was no sound.
  std::vector<std::string> finish();

  // All sound that the header promises was handed on: what follows is none.
  bool is_over() const;

  // None before the header is read.
  const std::optional<Format>& format() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ser::audio
