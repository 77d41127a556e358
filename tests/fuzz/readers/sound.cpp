#include "fuzz/readers/sound.h"

#include <algorithm>
#include <cmath>

#include "ser/core/error.h"

#include "audio/byte_source.h"
#include "audio/load_bytes.h"

namespace ser::fuzz {
namespace {

// Of compressed silence a few bytes are hours.
constexpr std::int64_t kMostFrames = 20000;

std::uint64_t least_bytes(const audio::LoadedAudio& loaded) {
  const std::string& format = loaded.sample_format;
  int bytes = 1;
  if (format == "PCM_16") bytes = 2;
  if (format == "PCM_24") bytes = 3;
  if (format == "PCM_32" || format == "FLOAT") bytes = 4;
  if (format == "DOUBLE") bytes = 8;
  return static_cast<std::uint64_t>(loaded.source_frames) *
         static_cast<std::uint64_t>(loaded.source_channels) * static_cast<std::uint64_t>(bytes);
}

void check(const audio::LoadedAudio& loaded, Bytes bytes) {
  const auto& samples = loaded.waveform.samples;
  require(!samples.empty(), "a recording without samples was read");
  require(std::ssize(samples) <= kMostFrames, "more was read than is allowed");
  require(std::ranges::all_of(samples, [](float s) { return std::abs(s) <= 1e6F; }),
          "a sample is no sound");
  require(loaded.source_channels >= 1 && loaded.source_channels <= 16, "channels beyond limits");
  require(loaded.source_sample_rate_hz >= 4000 && loaded.source_sample_rate_hz <= 768000,
          "sample rate beyond limits");
  require(loaded.waveform.sample_rate_hz == loaded.source_sample_rate_hz, "another sample rate");
  require(std::ssize(samples) <= loaded.source_frames, "more samples than the file has");
  require(loaded.container == "FLAC" || least_bytes(loaded) <= bytes.size(),
          "samples that cannot be those of the file");
}

}  // namespace

bool read_sound(Bytes bytes) {
  static const std::filesystem::path kName = "input";
  const audio::MemoryBytes source(kName, bytes);
  audio::LoadOptions options;
  options.limits.max_frames = kMostFrames;
  // The size is as good as any other number for a choice.
  const std::size_t way = bytes.size() % 8;
  if (way == 1) options.offset_s = 0.001;
  if (way == 2) options.truncation = audio::Truncation::kRefuse;
  if (way == 3) options.duration_s = 0.001;
  try {
    if (way == 4) {
      std::size_t count = 0;
      const auto streamed = audio::stream_audio(
          source, options, [&](std::span<const float> samples, int) { count += samples.size(); });
      require(static_cast<std::int64_t>(count) <= streamed.source_frames,
              "more samples than the file has");
    } else {
      check(audio::load_audio(source, options), bytes);
    }
    return true;
  } catch (const core::AudioError&) {
    return false;
  }
}

}  // namespace ser::fuzz
