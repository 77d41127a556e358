#include "audio/aiff.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <span>

#include "audio/chunk_walker.h"
#include "audio/refusal.h"

namespace ser::audio {
namespace {

constexpr std::size_t kCommonSize = 18;
constexpr std::size_t kCommonSizeCompressed = 22;
constexpr std::uint64_t kSoundHeaderSize = 8;  // offset and block size before the samples

struct Common {
  int channels = 0;
  std::uint64_t frames = 0;
  std::uint64_t sample_rate_hz = 0;
  Encoding encoding = Encoding::kPcm16;
  ByteOrder order = ByteOrder::kBig;
};

// An 80-bit extended number as a whole rate, rounded down as other readers do with the rates of old
// Macintosh files (22254.54 Hz); nothing if it is negative, not a number or too large for any rate.
std::optional<std::uint64_t> read_rate(const unsigned char* bytes) {
  const int sign_and_exponent = read_number<std::uint16_t>(bytes, ByteOrder::kBig);
  const auto mantissa = read_number<std::uint64_t>(bytes + 2, ByteOrder::kBig);
  if (mantissa == 0 && sign_and_exponent == 0) return 0;
  const int exponent = sign_and_exponent - 16383;  // a sign makes it huge
  if (exponent > 40) return std::nullopt;
  if (exponent < 0) return 0;
  return mantissa >> (63 - exponent);
}

// How the samples of a compression type are stored; nothing for one that is not read.
std::optional<Common> read_compression(const std::string& type, int bits) {
  Common common;
  const auto pcm = [&](int sample_bits, ByteOrder order) {
    common.encoding = pcm_encoding((sample_bits + 7) / 8, Encoding::kSigned8);
    common.order = order;
    return common;
  };
  const auto other = [&](Encoding encoding) {
    common.encoding = encoding;
    return common;
  };
  if (type == "NONE" || type == "twos") return pcm(bits, ByteOrder::kBig);
  if (type == "sowt") return pcm(bits, ByteOrder::kLittle);
  if (type == "in24") return pcm(24, ByteOrder::kBig);
  if (type == "in32") return pcm(32, ByteOrder::kBig);
  // libsndfile writes a 1 for the i
  if (type == "42ni" || type == "42n1") return pcm(24, ByteOrder::kLittle);
  if (type == "23ni" || type == "23n1") return pcm(32, ByteOrder::kLittle);
  if (type == "raw ") return other(Encoding::kUnsigned8);
  if (type == "fl32" || type == "FL32") return other(Encoding::kFloat);
  if (type == "fl64" || type == "FL64") return other(Encoding::kDouble);
  if (type == "ulaw" || type == "ULAW") return other(Encoding::kMuLaw);
  if (type == "alaw" || type == "ALAW") return other(Encoding::kALaw);
  return std::nullopt;
}

Common read_common(const ByteSource& file, const Chunk& chunk, bool compressed) {
  std::array<unsigned char, kCommonSizeCompressed> bytes{};
  const auto wanted =
      static_cast<std::size_t>(std::min<std::uint64_t>(chunk.available, bytes.size()));
  const std::size_t size = file.read_at(chunk.begin, std::span(bytes).first(wanted));
  const std::size_t expected = compressed ? kCommonSizeCompressed : kCommonSize;
  const auto damaged = [&](const std::string& reason) {
    return refusal("E_AUDIO_DAMAGED", file.path(), reason);
  };
  if (size < expected) {
    throw damaged("its COMM chunk has " + std::to_string(size) + " bytes, expected at least " +
                  std::to_string(expected));
  }
  const int channels = read_number<std::uint16_t>(bytes.data(), ByteOrder::kBig);
  const int bits = read_number<std::uint16_t>(bytes.data() + 6, ByteOrder::kBig);
  const auto rate = read_rate(bytes.data() + 8);
  if (channels == 0) throw damaged("its COMM chunk claims 0 channels");
  if (!rate) throw damaged("its COMM chunk holds no usable sample rate");
  const std::string type = compressed ? std::string(bytes.begin() + 18, bytes.end()) : "NONE";
  const bool sized_by_bits = type == "NONE" || type == "twos" || type == "sowt";
  if (sized_by_bits && (bits < 1 || bits > 32)) {
    throw damaged("its COMM chunk claims integers of " + std::to_string(bits) +
                  " bits, expected 1 to 32");
  }
  auto common = read_compression(type, bits);
  if (!common) {
    throw refusal("E_AUDIO_FORMAT", file.path(),
                  "holds AIFF-C compression " + quoted(type) +
                      ", which is not read; convert it to 16-bit PCM, for instance with "
                      "ffmpeg -i IN -c:a pcm_s16le OUT.wav");
  }
  common->channels = channels;
  common->frames = read_number<std::uint32_t>(bytes.data() + 2, ByteOrder::kBig);
  common->sample_rate_hz = *rate;
  return *common;
}

}  // namespace

StoredSound find_aiff_sound(const ByteSource& file, std::uint64_t begin) {
  std::array<unsigned char, 4> type{};
  file.read_at(begin + 8, type);
  const bool compressed = type[3] == 'C';

  ChunkWalker walker(file, begin + 12, ByteOrder::kBig);
  std::optional<Chunk> common_chunk;
  std::optional<Chunk> sound_chunk;
  while (!common_chunk || !sound_chunk) {
    const auto chunk = walker.next();
    if (!chunk) break;
    if (chunk->id == "COMM" && !common_chunk) common_chunk = chunk;
    if (chunk->id == "SSND" && !sound_chunk) sound_chunk = chunk;
  }
  if (!common_chunk || (!sound_chunk && read_common(file, *common_chunk, compressed).frames > 0)) {
    throw refusal("E_AUDIO_DAMAGED", file.path(),
                  std::string("has no ") +
                      (common_chunk ? "sound (\"SSND\" chunk)" : "format (\"COMM\" chunk)") + ": " +
                      walker.ending());
  }
  const Common common = read_common(file, *common_chunk, compressed);
  if (common.frames == 0) {
    const std::uint64_t bytes = sound_chunk ? sound_chunk->available : 0;
    throw refusal("E_AUDIO_EMPTY", file.path(),
                  bytes <= kSoundHeaderSize
                      ? "has a header but no sound: its COMM chunk claims 0 frames"
                      : "its COMM chunk claims 0 frames although its SSND chunk has " +
                            std::to_string(bytes - kSoundHeaderSize) +
                            " bytes; the recording was not closed properly");
  }
  std::array<unsigned char, kSoundHeaderSize> header{};
  if (sound_chunk->available < header.size() ||
      file.read_at(sound_chunk->begin, header) < header.size()) {
    throw refusal("E_AUDIO_DAMAGED", file.path(),
                  "its SSND chunk has " + std::to_string(sound_chunk->available) +
                      " bytes, expected at least 8 before the sound");
  }
  const std::uint64_t space = sound_chunk->available - header.size();
  const std::uint64_t offset = read_number<std::uint32_t>(header.data(), ByteOrder::kBig);
  if (offset > space) {
    throw refusal("E_AUDIO_DAMAGED", file.path(),
                  "its SSND chunk places the sound " + std::to_string(offset) +
                      " bytes behind its start, but has only " + std::to_string(space));
  }
  const std::uint64_t frame_bytes = static_cast<std::uint64_t>(common.channels) *
                                    static_cast<std::uint64_t>(bytes_per_sample(common.encoding));
  const std::uint64_t promised = common.frames * frame_bytes;
  const std::uint64_t present = std::min(promised, space - offset);

  StoredSound sound;
  sound.container = compressed ? "AIFF-C" : "AIFF";
  sound.encoding = common.encoding;
  sound.sample_format = sample_format_name(common.encoding);
  sound.order = common.order;
  sound.sample_rate_hz = common.sample_rate_hz;
  sound.channels = common.channels;
  sound.begin = sound_chunk->begin + header.size() + offset;
  sound.end = sound.begin + present;
  sound.missing_bytes = promised - present;
  sound.frames = static_cast<std::int64_t>(present / frame_bytes);
  return sound;
}

}  // namespace ser::audio
