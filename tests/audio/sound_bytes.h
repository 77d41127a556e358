#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// Bytes of small recordings, made by hand where a test wants to break them.
namespace ser::audio {

inline std::string little(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 0xFFU);
  return text;
}

inline std::string big(std::uint64_t value, int bytes) {
  const std::string text = little(value, bytes);
  return {text.rbegin(), text.rend()};
}

// A RIFF chunk whose size field says `claim`.
inline std::string chunk(std::string_view id, std::string_view content, std::uint64_t claim) {
  return std::string(id) + little(claim, 4) + std::string(content);
}

// With its true size and its byte of padding.
inline std::string chunk(std::string_view id, std::string_view content) {
  return chunk(id, content, content.size()) + std::string(content.size() % 2, '\0');
}

inline std::string big_chunk(std::string_view id, std::string_view content) {
  return std::string(id) + big(content.size(), 4) + std::string(content) +
         std::string(content.size() % 2, '\0');
}

inline std::string riff(std::string_view chunks, std::string_view magic = "RIFF") {
  return std::string(magic) + little(chunks.size() + 4, 4) + "WAVE" + std::string(chunks);
}

inline std::string form(std::string_view chunks, std::string_view type = "AIFF") {
  return "FORM" + big(chunks.size() + 4, 4) + std::string(type) + std::string(chunks);
}

inline std::string pcm_format(int channels, std::uint32_t rate_hz, int bits, int code = 1) {
  const auto block = static_cast<std::uint64_t>(channels * (bits + 7) / 8);
  return little(static_cast<std::uint64_t>(code), 2) +
         little(static_cast<std::uint64_t>(channels), 2) + little(rate_hz, 4) +
         little(rate_hz * block, 4) + little(block, 2) +
         little(static_cast<std::uint64_t>(bits), 2);
}

// 16-bit samples 0, 100, 200, ...
inline std::string ramp16(int count) {
  std::string bytes;
  for (int i = 0; i < count; ++i) bytes += little(static_cast<std::uint64_t>(i * 100), 2);
  return bytes;
}

inline std::vector<float> ramp(int count) {
  std::vector<float> samples;
  for (int i = 0; i < count; ++i) samples.push_back(static_cast<float>(i * 100) / 32768.0F);
  return samples;
}

// A whole rate up to 65535 as the 80-bit number of AIFF.
inline std::string extended(std::uint32_t rate) {
  int exponent = 16383 + 63;
  std::uint64_t mantissa = rate;
  while (mantissa != 0 && mantissa >> 63 == 0) {
    mantissa <<= 1;
    --exponent;
  }
  return big(static_cast<std::uint64_t>(exponent), 2) + big(mantissa, 8);
}

inline std::string common(int channels, std::uint32_t frames, int bits, std::string_view rate) {
  return big(static_cast<std::uint64_t>(channels), 2) + big(frames, 4) +
         big(static_cast<std::uint64_t>(bits), 2) + std::string(rate);
}

}  // namespace ser::audio
