#include "audio/flac.h"

#include <array>

#include "audio/refusal.h"

namespace ser::audio {
namespace {

constexpr int kMaxBlocks = 10000;
constexpr std::uint64_t kMarkerSize = 4;
constexpr std::uint64_t kBlockHeaderSize = 4;
constexpr std::size_t kStreamInfoSize = 34;
constexpr unsigned kLastBlock = 0x80;
constexpr unsigned kInvalidType = 0x7F;

}  // namespace

StoredSound find_flac_sound(const ByteSource& file, std::uint64_t begin) {
  const auto damaged = [&](const std::string& reason) {
    return refusal("E_AUDIO_DAMAGED", file.path(), reason);
  };
  std::array<unsigned char, kMarkerSize + kBlockHeaderSize + kStreamInfoSize> header{};
  if (file.read_at(begin, header) < header.size()) {
    throw damaged("ends inside the first block of FLAC metadata");
  }
  const unsigned char* const info = header.data() + kMarkerSize + kBlockHeaderSize;
  const auto first = read_number<std::uint32_t>(header.data() + kMarkerSize, ByteOrder::kBig);
  if ((first & 0x7FFFFFFF) != kStreamInfoSize) {
    throw damaged("does not start with a FLAC STREAMINFO block of 34 bytes");
  }
  StoredSound sound;
  sound.container = "FLAC";
  sound.encoding = Encoding::kFlac;
  // from bit 80 on: 20 bits of rate, 3 of channels - 1, 5 of bits - 1, 36 of frames (0: unknown)
  const auto packed = read_number<std::uint64_t>(info + 10, ByteOrder::kBig);
  sound.sample_rate_hz = packed >> 44;
  sound.channels = static_cast<int>(packed >> 41 & 0x7U) + 1;
  const int bits = static_cast<int>(packed >> 36 & 0x1FU) + 1;
  const auto frames = static_cast<std::int64_t>(packed & 0xFFFFFFFFFU);
  if (frames > 0) sound.frames = frames;
  if (bits != 8 && bits != 16 && bits != 24) {
    throw refusal("E_AUDIO_FORMAT", file.path(),
                  "holds FLAC of " + std::to_string(bits) +
                      " bits; read are 8, 16 and 24 bits: convert it, for instance with "
                      "ffmpeg -i IN -c:a pcm_s24le OUT.wav");
  }
  sound.sample_format = sample_format_name(pcm_encoding(bits / 8, Encoding::kSigned8));

  std::uint64_t position = begin + header.size();
  bool last = (header[kMarkerSize] & kLastBlock) != 0;
  for (int count = 1; !last; ++count) {
    std::array<unsigned char, kBlockHeaderSize> block{};
    if (file.read_at(position, block) < block.size()) {
      throw damaged("ends inside its FLAC metadata");
    }
    const std::uint64_t size = read_number<std::uint32_t>(block.data(), ByteOrder::kBig) & 0xFFFFFF;
    const std::uint64_t left = file.size() - position - block.size();
    if (size > left || (block[0] & kInvalidType) == kInvalidType || count > kMaxBlocks) {
      throw damaged("its FLAC metadata is broken at byte " + std::to_string(position) +
                    ": a block of " + std::to_string(size) + " bytes where " +
                    std::to_string(left) + " follow");
    }
    last = (block[0] & kLastBlock) != 0;
    position += block.size() + size;
  }
  header[kMarkerSize] |= kLastBlock;
  sound.stream_header.assign(header.begin(), header.end());
  sound.begin = position;
  sound.end = file.size();
  if (sound.begin == sound.end) {
    throw refusal("E_AUDIO_EMPTY", file.path(), "has FLAC metadata but no sound behind it");
  }
  return sound;
}

}  // namespace ser::audio
