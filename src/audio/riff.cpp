#include "audio/riff.h"

#include <array>
#include <optional>

#include "audio/chunk_walker.h"
#include "audio/refusal.h"
#include "audio/wave_format.h"

namespace ser::audio {
namespace {

std::uint64_t read_data_size_64(const ByteSource& file, const Chunk& chunk, ByteOrder order) {
  std::array<unsigned char, 16> bytes{};  // sizes of the file and of the data chunk
  if (chunk.available < bytes.size() || file.read_at(chunk.begin, bytes) < bytes.size()) {
    throw refusal("E_AUDIO_DAMAGED", file.path(),
                  "its ds64 chunk is shorter than 16 bytes, so the length of the sound is unknown");
  }
  return read_number<std::uint64_t>(bytes.data() + 8, order);
}

core::AudioError nothing_to_hear(const ByteSource& file, const std::optional<Chunk>& format,
                                 const ChunkWalker& walker, std::uint64_t begin) {
  if (file.size() <= begin + 12) {
    return refusal("E_AUDIO_EMPTY", file.path(),
                   "holds a RIFF header and nothing else: neither a format nor sound");
  }
  const std::string missing = format ? "sound (\"data\" chunk)" : "format (\"fmt \" chunk)";
  return refusal("E_AUDIO_DAMAGED", file.path(), "has no " + missing + ": " + walker.ending());
}

}  // namespace

bool is_streamed_size(std::uint64_t size) {
  for (const std::uint64_t known :
       {0xFFFFFFFFU, 0x80000000U, 0x7FFFFFFFU, 0x7FFFFF00U, 0x7FFFF000U}) {
    if (size == known) return true;
  }
  return size == ~std::uint64_t{0};
}

StoredSound find_riff_sound(const ByteSource& file, std::uint64_t begin) {
  std::array<unsigned char, 4> magic{};
  file.read_at(begin, magic);
  const std::string id(magic.begin(), magic.end());
  const bool wide = id == "RF64" || id == "BW64";
  const ByteOrder order = id == "RIFX" ? ByteOrder::kBig : ByteOrder::kLittle;

  ChunkWalker walker(file, begin + 12, order);
  std::optional<Chunk> format;
  std::optional<Chunk> data;
  std::optional<std::uint64_t> data_size_64;
  while (!format || !data) {
    auto chunk = walker.next();
    if (!chunk) break;
    if (chunk->id == "ds64" && wide && !data_size_64) {
      data_size_64 = read_data_size_64(file, *chunk, order);
    } else if (chunk->id == "fmt " && !format) {
      format = chunk;
    } else if (chunk->id == "data" && !data) {
      if (wide && chunk->size == 0xFFFFFFFF && data_size_64) {
        // a streamed RF64 file was never told its length either
        if (*data_size_64 != 0) walker.resize(*chunk, *data_size_64);
      }
      data = chunk;
    }
  }
  if (!format || !data) throw nothing_to_hear(file, format, walker, begin);

  const WaveFormat wave = read_wave_format(file, *format, order);
  StoredSound sound;
  sound.container = id == "RIFF" ? "WAV" : id;
  sound.encoding = wave.encoding;
  sound.sample_format = sample_format_name(wave.encoding);
  sound.order = order;
  sound.sample_rate_hz = wave.sample_rate_hz;
  sound.channels = wave.channels;
  sound.begin = data->begin;
  sound.end = data->begin + data->available;
  if (data->available < data->size && !is_streamed_size(data->size)) {
    sound.missing_bytes = data->size - data->available;
  }
  if (data->size == 0) {
    const std::uint64_t behind = file.size() - data->begin;
    throw refusal("E_AUDIO_EMPTY", file.path(),
                  behind == 0 ? "has a header but no sound: its data chunk has 0 bytes"
                              : "its data chunk claims 0 bytes although " + std::to_string(behind) +
                                    " bytes follow; if they are sound, the recording was not "
                                    "closed properly: write their number into the header");
  }
  const std::uint64_t frame_bytes = static_cast<std::uint64_t>(wave.channels) *
                                    static_cast<std::uint64_t>(bytes_per_sample(wave.encoding));
  sound.frames = static_cast<std::int64_t>(data->available / frame_bytes);
  return sound;
}

}  // namespace ser::audio
