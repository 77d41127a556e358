#include "ser/audio/write.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>

#include <sndfile.h>

#include "ser/core/error.h"
#include "ser/core/file.h"

namespace ser::audio {
namespace {

// The length field of a WAV has 32 bits; some of them go to the header.
constexpr std::uint64_t kMaxSoundBytes = 0xFFFFFFFFU - 4096;

// A file in memory, as libsndfile asks for it.
class MemoryFile {
 public:
  const std::string& bytes() const { return bytes_; }

  static SF_VIRTUAL_IO callbacks() { return {length, seek, read, write, tell}; }

 private:
  static MemoryFile& from(void* self) { return *static_cast<MemoryFile*>(self); }
  static sf_count_t length(void* self) { return static_cast<sf_count_t>(from(self).bytes_.size()); }

  static sf_count_t seek(sf_count_t offset, int whence, void* self) {
    const sf_count_t base = whence == SEEK_CUR ? tell(self) : whence == SEEK_END ? length(self) : 0;
    if (base + offset < 0) return -1;
    from(self).position_ = static_cast<std::size_t>(base + offset);
    return base + offset;
  }

  static sf_count_t read(void* target, sf_count_t count, void* self) {
    auto& file = from(self);
    if (count <= 0 || file.position_ >= file.bytes_.size()) return 0;
    const auto size =
        std::min(static_cast<std::size_t>(count), file.bytes_.size() - file.position_);
    std::memcpy(target, file.bytes_.data() + file.position_, size);
    file.position_ += size;
    return static_cast<sf_count_t>(size);
  }

  static sf_count_t write(const void* source, sf_count_t count, void* self) {
    if (count <= 0) return 0;
    auto& file = from(self);
    const auto size = static_cast<std::size_t>(count);
    // An exception must not pass through a C library; it takes a short count as a failure.
    try {
      if (file.position_ + size > file.bytes_.size()) file.bytes_.resize(file.position_ + size);
    } catch (const std::bad_alloc&) {
      return 0;
    }
    std::memcpy(file.bytes_.data() + file.position_, source, size);
    file.position_ += size;
    return count;
  }

  static sf_count_t tell(void* self) { return static_cast<sf_count_t>(from(self).position_); }

  std::string bytes_;
  std::size_t position_ = 0;
};

// The inverse of reading, which divides by 32768. libsndfile multiplies by 32767, so that a
// recording would change each time it is read and written.
std::vector<std::int16_t> quantise(const std::vector<float>& samples) {
  std::vector<std::int16_t> quantised(samples.size());
  std::transform(samples.begin(), samples.end(), quantised.begin(), [](float sample) {
    if (std::isnan(sample)) return std::int16_t{0};
    const float scaled = std::clamp(sample * 32768.0F, -32768.0F, 32767.0F);
    return static_cast<std::int16_t>(std::lrint(scaled));
  });
  return quantised;
}

std::string encode(const Waveform& waveform, WavFormat format) {
  SF_INFO info{};
  info.samplerate = waveform.sample_rate_hz;
  info.channels = 1;
  info.format = SF_FORMAT_WAV | (format == WavFormat::kPcm16     ? SF_FORMAT_PCM_16
                                 : format == WavFormat::kFloat32 ? SF_FORMAT_FLOAT
                                                                 : SF_FORMAT_ULAW);
  MemoryFile memory;
  auto callbacks = MemoryFile::callbacks();
  const auto close = [](SNDFILE* handle) { sf_close(handle); };
  std::unique_ptr<SNDFILE, decltype(close)> handle(
      sf_open_virtual(&callbacks, SFM_WRITE, &info, &memory), close);
  const auto count = static_cast<sf_count_t>(waveform.samples.size());
  sf_count_t written = -1;
  if (handle) {
    // The PEAK chunk holds the time of day.
    sf_command(handle.get(), SFC_SET_ADD_PEAK_CHUNK, nullptr, SF_FALSE);
    written = format == WavFormat::kFloat32
                  ? sf_writef_float(handle.get(), waveform.samples.data(), count)
                  : sf_writef_short(handle.get(), quantise(waveform.samples).data(), count);
  }
  const bool closed = handle && sf_close(handle.release()) == 0;
  if (written != count || !closed) {
    throw core::OutputError("E_OUTPUT_WRITE",
                            std::string("cannot encode a WAV: ") + sf_strerror(nullptr));
  }
  return memory.bytes();
}

}  // namespace

std::string wav_bytes(const Waveform& waveform, WavFormat format) {
  const auto reject = [](const std::string& why) {
    throw core::OutputError("E_OUTPUT_WRITE", "cannot make a WAV: " + why);
  };
  if (waveform.sample_rate_hz <= 0) {
    reject("a sample rate of " + std::to_string(waveform.sample_rate_hz) +
           " Hz; it must be above 0");
  }
  if (waveform.samples.size() > kMaxSoundBytes / sizeof(float)) {
    reject("a WAV holds 4 GiB at most; write the recording in parts");
  }
  return encode(waveform, format);
}

void write_wav(const std::filesystem::path& path, const Waveform& waveform, WavFormat format) {
  core::AtomicFile file(path);
  std::string bytes;
  try {
    bytes = wav_bytes(waveform, format);
  } catch (const core::OutputError& error) {
    throw core::OutputError(error.code(), "cannot write " + path.string() + ": " + error.what());
  }
  file.write(bytes);
  file.commit();
}

}  // namespace ser::audio
