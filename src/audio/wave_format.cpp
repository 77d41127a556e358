#include "audio/wave_format.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <span>
#include <string>

#include "audio/refusal.h"

namespace ser::audio {
namespace {

constexpr int kPcm = 0x0001;
constexpr int kIeeeFloat = 0x0003;
constexpr int kALawCode = 0x0006;
constexpr int kMuLawCode = 0x0007;
constexpr int kExtensible = 0xFFFE;

constexpr std::size_t kPlainSize = 16;
constexpr std::size_t kExtensibleSize = 40;
constexpr std::size_t kSubFormatOffset = 24;

std::string encoding_name(int code) {
  switch (code) {
    case 0x0002:
      return "Microsoft ADPCM";
    case 0x0011:
      return "IMA ADPCM";
    case 0x0031:
      return "GSM 6.10";
    case 0x0050:
      return "MPEG";
    case 0x0055:
      return "MP3";
    case 0x00FF:
    case 0x1610:
      return "AAC";
    case 0x0160:
    case 0x0161:
      return "Windows Media Audio";
    case 0x2000:
      return "AC-3";
    default:
      return "an encoding unknown here";
  }
}

// The sub-format of an extensible format is a GUID: a 32-bit number that holds the format code, two
// of 16 bits and eight bytes, all fixed (KSDATAFORMAT_SUBTYPE_PCM and its like).
int sub_format(const unsigned char* guid, ByteOrder order) {
  constexpr std::array<unsigned char, 8> kTail = {0x80, 0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71};
  const auto code = read_number<std::uint32_t>(guid, order);
  const bool standard = code < kExtensible && read_number<std::uint16_t>(guid + 4, order) == 0 &&
                        read_number<std::uint16_t>(guid + 6, order) == 0x10 &&
                        std::equal(kTail.begin(), kTail.end(), guid + 8);
  return standard ? static_cast<int>(code) : kExtensible;
}

// Samples of any number of bits are stored in whole bytes, aligned to the left, so the unused low
// bits are zero and the size of the container alone says how to read them. That size follows from
// the number of bits, except that some writers keep up to 24 of them in four bytes and say so in
// the block alignment, which is otherwise too often wrong to be believed.
int container_bytes(int bits, int channels, int block_align) {
  const int needed = (bits + 7) / 8;
  return needed == 3 && block_align == 4 * channels ? 4 : needed;
}

}  // namespace

WaveFormat read_wave_format(const ByteSource& file, const Chunk& chunk, ByteOrder order) {
  std::array<unsigned char, kExtensibleSize> bytes{};
  const auto wanted =
      static_cast<std::size_t>(std::min<std::uint64_t>(chunk.available, bytes.size()));
  const std::size_t size = file.read_at(chunk.begin, std::span(bytes).first(wanted));
  const auto damaged = [&](const std::string& reason) {
    return refusal("E_AUDIO_DAMAGED", file.path(), reason);
  };
  if (size < kPlainSize) {
    throw damaged("its format chunk has " + std::to_string(size) + " bytes, expected at least 16");
  }
  const auto field = [&](std::size_t offset) {
    return int{read_number<std::uint16_t>(bytes.data() + offset, order)};
  };
  int code = field(0);
  WaveFormat format;
  format.channels = field(2);
  format.sample_rate_hz = read_number<std::uint32_t>(bytes.data() + 4, order);
  const int block_align = field(12);
  const int bits = field(14);
  if (format.channels == 0) throw damaged("its format chunk claims 0 channels");
  if (code == kExtensible) {
    if (size < kExtensibleSize) {
      throw damaged("its format chunk has " + std::to_string(size) +
                    " bytes, expected at least 40 for an extensible format");
    }
    code = sub_format(bytes.data() + kSubFormatOffset, order);
  }
  switch (code) {
    case kPcm:
      if (bits < 1 || bits > 64) {
        throw damaged("its format chunk claims integers of " + std::to_string(bits) + " bits");
      }
      if (bits <= 32) {
        format.encoding =
            pcm_encoding(container_bytes(bits, format.channels, block_align), Encoding::kUnsigned8);
        return format;
      }
      break;
    case kIeeeFloat:
      if (bits == 32 || bits == 64) {
        format.encoding = bits == 32 ? Encoding::kFloat : Encoding::kDouble;
        return format;
      }
      break;
    case kALawCode:
      format.encoding = Encoding::kALaw;
      return format;
    case kMuLawCode:
      format.encoding = Encoding::kMuLaw;
      return format;
    default: {
      std::array<char, 8> number{};
      std::snprintf(number.data(), number.size(), "0x%04X", static_cast<unsigned>(code) & 0xFFFFU);
      throw refusal("E_AUDIO_FORMAT", file.path(),
                    "holds " + encoding_name(code) + " (format code " + number.data() +
                        "), which is not read; convert it to 16-bit PCM, for instance with "
                        "ffmpeg -i IN -c:a pcm_s16le OUT.wav");
    }
  }
  throw refusal("E_AUDIO_FORMAT", file.path(),
                std::string(code == kPcm ? "holds integers" : "holds floating-point samples") +
                    " of " + std::to_string(bits) +
                    " bits; read are integers of up to 32 bits and floats of 32 or 64");
}

}  // namespace ser::audio
