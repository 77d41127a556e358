#include "ser/audio/load.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <limits>
#include <span>
#include <utility>

#include "ser/core/error.h"
#include "ser/dsp/resample.h"

#include "audio/container.h"
#include "audio/file_bytes.h"
#include "audio/load_bytes.h"
#include "audio/refusal.h"
#include "audio/samples.h"
#include "audio/sound_reader.h"
#include "audio/stored_sound.h"

namespace ser::audio {
namespace {

constexpr std::int64_t kUnbounded = std::numeric_limits<std::int64_t>::max();
std::int64_t saturated(std::uint64_t number) {
  return static_cast<std::int64_t>(std::min<std::uint64_t>(number, kUnbounded));
}

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

std::string seconds(double value) { return number(value) + " s"; }

LoadDefaults& defaults_of_this_program() {
  static LoadDefaults defaults;
  return defaults;
}

void check_options(const LoadOptions& options) {
  const auto check = [](bool allowed, const std::string& what) {
    if (!allowed) throw core::ConfigError("E_CONFIG_VALUE", what);
  };
  // written so that NaN fails
  check(options.offset_s >= 0.0 && std::isfinite(options.offset_s),
        "offset_s: must be finite and not negative, found " + number(options.offset_s));
  if (options.duration_s) {
    check(*options.duration_s > 0.0 && std::isfinite(*options.duration_s),
          "duration_s: must be finite and above 0, found " + number(*options.duration_s));
  }
  if (options.sample_rate_hz) {
    // What a program wants of a recording is not what it allows it to be.
    const AudioLimits usual;
    const int rate = *options.sample_rate_hz;
    check(rate >= usual.min_sample_rate_hz && rate <= usual.max_sample_rate_hz,
          "sample_rate_hz: must lie between " + std::to_string(usual.min_sample_rate_hz) + " and " +
              std::to_string(usual.max_sample_rate_hz) + ", found " + std::to_string(rate));
  }
}

// int(seconds * rate), as librosa counts.
std::int64_t to_frames(double time_s, int rate) {
  const double frames = time_s * rate;
  return frames < 0x1p62 ? static_cast<std::int64_t>(frames) : kUnbounded;
}

// Says that part of the recording is missing, in the way that was asked for.
void report_truncation(const ByteSource& file, const std::string& what, Truncation truncation,
                       std::vector<std::string>& warnings) {
  if (truncation == Truncation::kRefuse) {
    throw refusal("E_AUDIO_TRUNCATED", file.path(),
                  what + "; copy the recording again, or allow truncated recordings");
  }
  warnings.push_back("truncated: " + what);
}

std::string missing_bytes(const StoredSound& sound) {
  const std::uint64_t present = sound.end - sound.begin;
  const double bytes_per_second =
      static_cast<double>(sound.sample_rate_hz) * sound.channels * bytes_per_sample(sound.encoding);
  return "its header promises " + std::to_string(present + sound.missing_bytes) +
         " bytes of sound, " + std::to_string(present) +
         " are there: " + std::to_string(sound.missing_bytes) + " bytes (" +
         seconds(static_cast<double>(sound.missing_bytes) / bytes_per_second) + ") are missing";
}

std::string missing_frames(const StoredSound& sound, std::int64_t end) {
  const std::string there =
      seconds(static_cast<double>(end) / static_cast<double>(sound.sample_rate_hz));
  if (!sound.frames) return "its stream is cut off after " + there;
  return "its header promises " + std::to_string(*sound.frames) + " frames, of which " +
         std::to_string(end) + " (" + there + ") can be read";
}

core::AudioError too_short(const std::filesystem::path& source, double length_s, double offset_s) {
  return refusal("E_AUDIO_TOO_SHORT", source,
                 "lasts " + seconds(length_s) + ", so nothing is left behind the offset of " +
                     seconds(offset_s) + "; use an offset below " + seconds(length_s) +
                     ", or leave this recording out");
}

struct Stretch {
  std::int64_t first = 0;
  std::int64_t count = kUnbounded;  // at most
};

// `frames`: how many the source has, if that is known.
Stretch choose_stretch(const std::filesystem::path& source, int rate,
                       std::optional<std::int64_t> frames, const LoadOptions& options) {
  Stretch stretch;
  stretch.first = to_frames(options.offset_s, rate);
  if (options.duration_s) {
    stretch.count = to_frames(*options.duration_s, rate);
    if (stretch.count == 0) {
      throw refusal("E_AUDIO_TOO_SHORT", source,
                    "a duration of " + seconds(*options.duration_s) +
                        " is less than one sample at its " + std::to_string(rate) + " Hz");
    }
  }
  if (!frames) return stretch;
  if (stretch.first >= *frames) {
    throw too_short(source, static_cast<double>(*frames) / rate, options.offset_s);
  }
  stretch.count = std::min(stretch.count, *frames - stretch.first);
  return stretch;
}

// The longest stretch that the limits allow, at the file's rate and after resampling.
std::int64_t most_frames(int rate, const LoadOptions& options) {
  const double growth =
      std::max(1.0, static_cast<double>(options.sample_rate_hz.value_or(rate)) / rate);
  const double frames = std::min(options.limits.max_duration_s * rate,
                                 static_cast<double>(options.limits.max_frames) / growth);
  return static_cast<std::int64_t>(std::clamp(frames, 0.0, 0x1p62));
}

// What the decoder had to say of a stretch that it read.
struct Decoded {
  std::int64_t made_finite = 0;
  std::int64_t end = 0;  // the frame of the sound behind the last one that was read
  bool cut_off = false;
};

// Reads at most `stretch.count` frames and hands them over piece by piece, channels interleaved.
Decoded decode(const ByteSource& file, const StoredSound& sound, const Stretch& stretch,
               const std::function<void(std::span<const float>)>& consume) {
  Decoded decoded;
  SoundReader reader(file, sound, stretch.first);
  constexpr std::int64_t kBlock = 16384;
  const auto channels = static_cast<std::size_t>(sound.channels);
  std::vector<float> block(static_cast<std::size_t>(std::min(stretch.count, kBlock)) * channels);
  std::int64_t left = stretch.count;
  while (left > 0) {
    const auto wanted = static_cast<std::size_t>(std::min(left, kBlock)) * channels;
    const auto got = reader.read(std::span(block).first(wanted));
    if (got == 0) break;
    left -= got;
    const auto read = std::span(block).first(static_cast<std::size_t>(got) * channels);
    decoded.made_finite += make_finite(read);
    consume(read);
  }
  decoded.end = reader.position();
  decoded.cut_off = reader.cut_off();
  return decoded;
}

// Reads the wanted stretch: all that is checked and reported is alike whether the sound is kept or
// only looked at. `prepare` is told the stretch before it is read.
LoadedAudio read_sound(
    const ByteSource& file, const LoadOptions& options,
    const std::function<void(const Stretch&, int rate, Encoding)>& prepare,
    const std::function<void(std::span<const float>, std::size_t channels)>& consume) {
  check_options(options);
  const std::filesystem::path& path = file.path();
  if (file.size() > options.limits.max_bytes) {
    throw refusal("E_AUDIO_LIMIT", path,
                  "has " + std::to_string(file.size()) + " bytes; at most " +
                      std::to_string(options.limits.max_bytes) + " are read");
  }
  const StoredSound sound = find_sound(file);
  check_limits(path, sound.channels, saturated(sound.sample_rate_hz), options.limits);
  const int rate = static_cast<int>(sound.sample_rate_hz);

  LoadedAudio loaded;
  loaded.container = sound.container;
  loaded.sample_format = sound.sample_format;
  loaded.source_sample_rate_hz = rate;
  loaded.source_channels = sound.channels;
  loaded.waveform.sample_rate_hz = rate;
  if (sound.missing_bytes > 0) {
    report_truncation(file, missing_bytes(sound), options.truncation, loaded.warnings);
  }
  if (sound.frames == 0) {
    throw refusal("E_AUDIO_EMPTY", path,
                  "its header promises sound, but not one whole sample of it is there");
  }

  const Stretch stretch = choose_stretch(path, rate, sound.frames, options);
  prepare(stretch, rate, sound.encoding);
  std::int64_t frames = 0;
  const auto channels = static_cast<std::size_t>(sound.channels);
  const auto [made_finite, end, cut_off] =
      decode(file, sound, stretch, [&](std::span<const float> interleaved) {
        frames += static_cast<std::int64_t>(interleaved.size() / channels);
        consume(interleaved, channels);
      });
  const bool ends_early =
      stretch.count != kUnbounded && sound.frames && end < stretch.first + stretch.count;
  loaded.source_frames = ends_early ? end : sound.frames.value_or(end);
  if (ends_early || cut_off) {
    report_truncation(file, missing_frames(sound, end), options.truncation, loaded.warnings);
  }
  if (frames == 0 && end == 0) {
    throw refusal("E_AUDIO_DAMAGED", path, "not one sample of its sound can be decoded");
  }
  if (frames == 0) throw too_short(path, static_cast<double>(end) / rate, options.offset_s);
  if (made_finite > 0) {
    loaded.warnings.push_back(not_finite_warning(made_finite));
  }
  return loaded;
}

core::AudioError beyond_limit(const std::filesystem::path& path, std::int64_t limit, int rate) {
  return refusal("E_AUDIO_LIMIT", path,
                 "more than " + seconds(static_cast<double>(limit) / rate) +
                     " would be read at once; read it in parts, by offset and duration");
}

}  // namespace

LoadDefaults load_defaults() { return defaults_of_this_program(); }

void set_load_defaults(const LoadDefaults& defaults) { defaults_of_this_program() = defaults; }

LoadedAudio load_audio(const std::filesystem::path& path, const LoadOptions& options) {
  check_options(options);
  return load_audio(FileBytes(path), options);
}

LoadedAudio load_audio(const ByteSource& bytes, const LoadOptions& options) {
  std::vector<float> samples;
  std::function<void()> check_length;
  auto loaded = read_sound(
      bytes, options,
      [&](const Stretch& stretch, int rate, Encoding encoding) {
        const std::int64_t limit = most_frames(rate, options);
        const auto too_long = [&path = bytes.path(), limit, rate] {
          return beyond_limit(path, limit, rate);
        };
        if (stretch.count != kUnbounded && stretch.count > limit) throw too_long();
        // Except in FLAC the number of frames follows from the bytes that are there.
        if (encoding != Encoding::kFlac) samples.reserve(static_cast<std::size_t>(stretch.count));
        check_length = [&samples, limit, too_long] {
          if (static_cast<std::int64_t>(samples.size()) > limit) throw too_long();
        };
      },
      [&](std::span<const float> interleaved, std::size_t channels) {
        append_mean(interleaved, channels, samples);
        check_length();
      });
  const int rate = loaded.waveform.sample_rate_hz;
  loaded.waveform.sample_rate_hz = options.sample_rate_hz.value_or(rate);
  loaded.waveform.samples = loaded.waveform.sample_rate_hz == rate
                                ? std::move(samples)
                                : dsp::resample(samples, rate, loaded.waveform.sample_rate_hz);
  return loaded;
}

std::vector<float> mean_of_channels(std::span<const float> interleaved, int channels) {
  std::vector<float> samples;
  samples.reserve(interleaved.size() / static_cast<std::size_t>(channels));
  append_mean(interleaved, static_cast<std::size_t>(channels), samples);
  return samples;
}

Waveform stretch_of(const Waveform& recording, const LoadOptions& options) {
  const std::filesystem::path source = "samples in memory";
  check_options(options);
  check_limits(source, 1, recording.sample_rate_hz, options.limits);
  if (recording.samples.empty()) throw refusal("E_AUDIO_EMPTY", source, "there are none");
  const auto strange =
      std::ranges::find_if_not(recording.samples, is_sound) - recording.samples.begin();
  if (strange != std::ssize(recording.samples)) {
    throw refusal("E_AUDIO_NOT_FINITE", source,
                  "sample " + std::to_string(strange) +
                      " is no number, or beyond 1e6 times full scale, which is 1");
  }
  const int rate = recording.sample_rate_hz;
  const Stretch stretch = choose_stretch(source, rate, std::ssize(recording.samples), options);
  if (stretch.count > most_frames(rate, options)) {
    throw beyond_limit(source, most_frames(rate, options), rate);
  }
  const auto samples = std::span(recording.samples)
                           .subspan(static_cast<std::size_t>(stretch.first),
                                    static_cast<std::size_t>(stretch.count));
  const int target = options.sample_rate_hz.value_or(rate);
  // of equal rates a copy
  return {dsp::resample(samples, rate, target), target};
}

LoadedAudio stream_audio(const std::filesystem::path& path, const LoadOptions& options,
                         const std::function<void(std::span<const float>, int)>& consume) {
  check_options(options);
  return stream_audio(FileBytes(path), options, consume);
}

LoadedAudio stream_audio(const ByteSource& bytes, const LoadOptions& options,
                         const std::function<void(std::span<const float>, int)>& consume) {
  std::vector<float> mono;
  int rate_hz = 0;
  std::int64_t left = 0;  // frames; a small file of compressed silence can hold years
  return read_sound(
      bytes, options,
      [&](const Stretch&, int rate, Encoding) {
        rate_hz = rate;
        left = most_frames(rate, options);
      },
      [&](std::span<const float> interleaved, std::size_t channels) {
        mono.clear();
        append_mean(interleaved, channels, mono);
        left -= static_cast<std::int64_t>(mono.size());
        if (left < 0) throw beyond_limit(bytes.path(), most_frames(rate_hz, options), rate_hz);
        consume(mono, rate_hz);
      });
}

}  // namespace ser::audio
