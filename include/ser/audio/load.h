#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ser/audio/waveform.h"

namespace ser::audio {

// What a recording may be. Anything outside is refused with an AudioError before memory is spent on
// it.
struct AudioLimits {
  int max_channels = 16;
  int min_sample_rate_hz = 4000;
  int max_sample_rate_hz = 768000;
  // Longest stretch that is read at once, after offset and duration are applied.
  double max_duration_s = 4.0 * 3600.0;
  // The same in frames, before and after resampling; it bounds memory at 4 bytes each, also for a
  // small file that is compressed silence.
  std::int64_t max_frames = 4LL * 3600 * 48000;
  // Of the whole file, however much of it is read.
  std::uint64_t max_bytes = std::uint64_t{1} << 38;
};

enum class Truncation { kWarn, kRefuse };

// What LoadOptions begin with: how careful a program is with all recordings that it reads.
struct LoadDefaults {
  Truncation truncation = Truncation::kWarn;
  AudioLimits limits;
  // In place of max_duration_s, of recordings of which little is kept: only the time they take is a
  // limit.
  double max_streamed_duration_s = 7.0 * 24.0 * 3600.0;
};

LoadDefaults load_defaults();
// For a program to say once, before it reads and before it has threads.
void set_load_defaults(const LoadDefaults& defaults);

struct LoadOptions {
  double offset_s = 0.0;              // skipped at the start
  std::optional<double> duration_s;   // read from there; all that follows if absent
  std::optional<int> sample_rate_hz;  // resampled to (libsoxr HQ); the file's own rate if absent
  Truncation truncation = load_defaults().truncation;
  AudioLimits limits = load_defaults().limits;
};

struct LoadedAudio {
  Waveform waveform;
  // Facts about the file as it is stored.
  std::string container;      // "WAV", "AIFF", "AIFF-C", "FLAC", ...
  std::string sample_format;  // "PCM_16", "FLOAT", "ULAW", ...
  int source_sample_rate_hz = 0;
  int source_channels = 0;
  std::int64_t source_frames = 0;
  // What a user should know although the file could be read: missing bytes, samples made finite.
  std::vector<std::string> warnings;
};

// Reads a recording, told by its content and not by its name: WAV (also RIFX, RF64 and extensible;
// 8, 16, 24 and 32 bit integers, float, double, A-law, mu-law), AIFF, AIFF-C and FLAC. Channels are
// averaged. The order of steps is librosa.load's: seek int(offset*rate) frames, read
// int(duration*rate) frames as float, average, resample; the result has ceil(frames*target/rate)
// samples.
//
// Samples that are not numbers become 0; infinite ones and those beyond 1e6 times full scale become
// -1 or 1; a warning counts them. Only the stretch that is wanted is read, except that a FLAC
// stream is decoded from its start.
//
// Throws AudioError; the code says which: E_AUDIO_MISSING, E_AUDIO_EMPTY, E_AUDIO_FORMAT (not a
// recording, or one of an unsupported kind), E_AUDIO_DAMAGED, E_AUDIO_TRUNCATED (only with
// kRefuse), E_AUDIO_LIMIT, E_AUDIO_TOO_SHORT (nothing left behind the offset), E_AUDIO_READ.
// Options that no file could satisfy (a negative offset, a duration of 0, a rate outside the
// limits) are a ConfigError (E_CONFIG_VALUE).
LoadedAudio load_audio(const std::filesystem::path& path, const LoadOptions& options = {});

// The mean of each frame's channels, which lie beside each other, in single precision and in their
// order, as numpy takes it.
std::vector<float> mean_of_channels(std::span<const float> interleaved, int channels);

// What load_audio() makes of a file that holds these samples. Throws as it does, AudioError for
// what cannot be used: E_AUDIO_EMPTY, E_AUDIO_TOO_SHORT, E_AUDIO_LIMIT (also of the rate), and
// E_AUDIO_NOT_FINITE where load_audio() would change a sample.
Waveform stretch_of(const Waveform& recording, const LoadOptions& options = {});

// The sound of load_audio() piece by piece, at the file's own rate, in memory that does not grow
// with its length: `consume` gets the next samples (mono) and their rate in Hz. Returns what else
// load_audio() would, without samples. `sample_rate_hz` is not looked at.
LoadedAudio stream_audio(const std::filesystem::path& path, const LoadOptions& options,
                         const std::function<void(std::span<const float>, int)>& consume);

}  // namespace ser::audio
