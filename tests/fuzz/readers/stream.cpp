#include <algorithm>
#include <cmath>

#include "ser/audio/sound_stream.h"
#include "ser/core/error.h"

#include "fuzz/readers.h"

namespace ser::fuzz {
namespace {

struct Heard {
  std::string error;
  std::vector<std::string> warnings;
  std::vector<float> samples;

  bool operator==(const Heard&) const = default;
};

Heard hear(Bytes sound, const std::optional<audio::RawFormat>& raw, std::size_t piece) {
  Heard heard;
  try {
    audio::SoundStream stream("input", raw);
    while (!sound.empty()) {
      const auto some = sound.first(std::min(piece, sound.size()));
      stream.push(some, [&](std::span<const float> samples, int rate_hz) {
        require(rate_hz >= 4000 && rate_hz <= 768000, "sample rate beyond limits");
        heard.samples.insert(heard.samples.end(), samples.begin(), samples.end());
      });
      sound = sound.subspan(some.size());
    }
    heard.warnings = stream.finish();
  } catch (const core::AudioError& error) {
    heard.error = error.code();
  }
  return heard;
}

bool read_description(std::string_view text) {
  try {
    const auto raw = audio::read_raw_format(text);
    require(raw.channels >= 1 && raw.channels <= 16, "channels beyond limits");
    return true;
  } catch (const core::ConfigError&) {
    return false;
  }
}

}  // namespace

// The first byte says which samples follow without a header, or that a WAV does.
bool read_stream(Bytes bytes) {
  static const std::vector<std::string> kEncodings = audio::raw_encodings();
  if (bytes.empty()) return false;
  const std::size_t choice = bytes.front();
  const Bytes sound = bytes.subspan(1);
  if (choice == 0xFF) return read_description(text_of(sound));
  std::optional<audio::RawFormat> raw;
  if (choice % 32 < kEncodings.size()) {
    raw = {kEncodings[choice % 32], 16000, static_cast<int>(1 + choice / 32)};
  }
  const Heard whole = hear(sound, raw, std::max<std::size_t>(sound.size(), 1));
  require(std::ranges::all_of(whole.samples, [](float s) { return std::abs(s) <= 1e6F; }),
          "a sample is no sound");
  require(whole.samples.size() <= sound.size(), "more samples than bytes");
  // How the bytes are cut does not matter.
  require(hear(sound, raw, 1 + sound.size() / 7) == whole, "another sound in pieces");
  return whole.error.empty();
}

}  // namespace ser::fuzz
