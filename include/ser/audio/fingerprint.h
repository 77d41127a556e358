#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ser::audio {

// What is kept of a recording to know it again when it was re-encoded, resampled, made louder or
// softer, cropped or padded a little, or mixed with faint noise: at most 570 bytes for the 3 s that
// follow its first loud moment (looked for in its first 10 s). None of it depends on the gain.
//
// The signs of the wave (smoothed to about 100 to 1,000 Hz), one each millisecond, tell recordings
// apart: they follow every period of the voice, so that the same word, said again by the same
// speaker in the same way, differs in 2 of 5 signs, and a copy in 1 of 20. The landmarks confirm
// it, since signs of steady tones agree by chance: every 64 ms, where it is loud, 32 bits that say
// in which of 33 bands from 190 to 3,280 Hz the energy (over 256 ms) grows against the next band
// (Haitsma and Kalker, "A Highly Robust Audio Fingerprinting System", ISMIR 2002).
struct Fingerprint {
  int length_ms = 0;                 // 0: silence, or shorter than a few periods
  std::vector<std::uint64_t> signs;  // bit i % 64 of word i / 64: the wave is above 0 at i ms
  std::uint64_t landmark_slots =
      0;  // bit i: there is a landmark at i * DetailedFingerprint::kLandmarkStep_ms
  std::vector<std::uint32_t> landmarks;

  friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
};

// The same recording in the detail that a comparison needs on one of its two sides, since the
// samples of a copy need not lie on the same milliseconds.
struct DetailedFingerprint {
  static constexpr int kPhases = 4;  // signs at 0, 1/4, 2/4 and 3/4 ms
  static constexpr int kWordStep_ms = 8;
  static constexpr int kLandmarkStep_ms = 64;

  int length_ms = 0;
  std::array<std::vector<std::uint64_t>, kPhases> signs;
  std::array<std::vector<std::uint64_t>, kPhases> loud;  // bit set: within 25 dB of the loudest
  std::vector<std::uint32_t> words;                      // bits as those of a landmark
  std::vector<std::uint8_t> word_is_loud;

  Fingerprint reduced() const;
};

inline constexpr double kFingerprintListens_s = 10.0;

// `samples` from the beginning of a recording, mono; those behind kFingerprintListens_s are not
// looked at. Takes about 0.4 ms for a clip of 2.5 s.
DetailedFingerprint fingerprint(std::span<const float> samples, int sample_rate_hz);

// As bytes: u16 length in ms, the signs, u64 slots, u32 landmarks; little-endian. Nothing for bytes
// that are not such.
std::string to_bytes(const Fingerprint& fingerprint);
std::optional<Fingerprint> fingerprint_from_bytes(std::string_view bytes);

}  // namespace ser::audio
