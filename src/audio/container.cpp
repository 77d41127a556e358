#include "audio/container.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "audio/aiff.h"
#include "audio/flac.h"
#include "audio/refusal.h"
#include "audio/riff.h"

namespace ser::audio {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kConvert =
    "; convert it to WAV or FLAC, for instance with ffmpeg -i IN -c:a pcm_s16le OUT.wav";

std::string read_start(const ByteSource& file, std::uint64_t offset) {
  std::array<unsigned char, 512> bytes{};
  const std::size_t size = file.read_at(offset, bytes);
  return std::string(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
}

// Some taggers put an ID3v2 tag before any kind of file. Its size has seven bits in each byte.
std::uint64_t tag_size(std::string_view start) {
  if (!start.starts_with("ID3") || start.size() < 10) return 0;
  std::uint64_t size = 0;
  for (const char c : start.substr(6, 4))
    size = size << 7 | (static_cast<unsigned char>(c) & 0x7FU);
  const bool footer = (static_cast<unsigned char>(start[5]) & 0x10U) != 0;
  return 10 + size + (footer ? 10 : 0);
}

bool is_mpeg_frame(std::string_view start) {
  if (start.size() < 2 || static_cast<unsigned char>(start[0]) != 0xFF) return false;
  const auto second = static_cast<unsigned char>(start[1]);
  return (second & 0xE0U) == 0xE0 && second != 0xFE && second != 0xFF;
}

// Foreign kinds of file by their first bytes.
struct Signature {
  std::size_t offset;
  std::string_view bytes;
  std::string_view name;
};

constexpr std::array kSignatures = {
    Signature{0, "OggS"sv, "an Ogg file (Vorbis, Opus)"},
    Signature{0, "ID3"sv, "an MP3 file"},
    Signature{4, "ftyp"sv, "an MPEG-4 file (M4A, MP4)"},
    Signature{0, "\x1A\x45\xDF\xA3"sv, "a Matroska or WebM file"},
    Signature{0, "riff\x2E\x91\xCF\x11"sv, "a Wave64 file"},
    Signature{0, "\x30\x26\xB2\x75"sv, "a Windows Media file"},
    Signature{0, ".snd"sv, "a Sun AU file"},
    Signature{0, "caff"sv, "a Core Audio file"},
    Signature{0, "NIST_1A"sv, "a NIST SPHERE file"},
    Signature{0, "#!AMR"sv, "an AMR file"},
    Signature{0, "wvpk"sv, "a WavPack file"},
    Signature{0, "MAC "sv, "a Monkey's Audio file"},
    Signature{0, "PK\x03\x04"sv, "a ZIP archive"},
    Signature{0, "\x1F\x8B"sv, "a gzip archive"},
    Signature{0, "\x89PNG"sv, "a PNG picture"},
};

bool looks_like_text(std::string_view start) {
  return std::all_of(start.begin(), start.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 ? byte != 0x7F : c == '\n' || c == '\r' || c == '\t' || c == '\f';
  });
}

[[noreturn]] void refuse(const ByteSource& file, std::string_view start) {
  const auto format_error = [&](const std::string& reason) {
    return refusal("E_AUDIO_FORMAT", file.path(), reason);
  };
  if (start.starts_with("version https://git-lfs.github.com/spec/")) {
    throw format_error(
        "is a Git LFS pointer in place of the recording; fetch the recording with git lfs pull");
  }
  for (const auto& signature : kSignatures) {
    if (start.size() > signature.offset &&
        start.substr(signature.offset).starts_with(signature.bytes)) {
      throw format_error("is " + std::string(signature.name) + ", which is not read" +
                         std::string(kConvert));
    }
  }
  if (is_mpeg_frame(start)) {
    throw format_error("seems to be an MP3 file, which is not read" + std::string(kConvert));
  }
  if (start.starts_with("RIFF") || start.starts_with("FORM")) {
    if (start.size() < 12) {
      throw refusal("E_AUDIO_DAMAGED", file.path(), "ends inside the first 12 bytes of its header");
    }
    throw format_error(
        "is a file of chunks, but holds something else than a recording "
        "(WAVE, AIFF or AIFC are read)");
  }
  if (std::all_of(start.begin(), start.end(), [](char c) { return c == '\0'; })) {
    throw format_error("starts with nothing but zero bytes; was its transfer interrupted?");
  }
  if (start.starts_with("<!DOCTYPE") || start.starts_with("<!doctype") ||
      start.starts_with("<html")) {
    throw format_error("is a web page in place of a recording; download the recording again");
  }
  if (looks_like_text(start)) throw format_error("holds text, not sound");
  throw format_error("is not a recording of a known kind (WAV, AIFF, AIFF-C and FLAC are read)");
}

}  // namespace

StoredSound find_sound(const ByteSource& file) {
  if (file.size() == 0) {
    throw refusal("E_AUDIO_EMPTY", file.path(), "has no bytes at all");
  }
  std::string start = read_start(file, 0);
  std::uint64_t begin = 0;
  if (const std::uint64_t tag = tag_size(start); tag > 0) {
    // Behind most tags there is an MP3 stream, which is named by its tag.
    const std::string behind = read_start(file, tag);
    if (behind.starts_with("fLaC") || behind.starts_with("RIFF") || behind.starts_with("FORM")) {
      start = behind;
      begin = tag;
    }
  }
  if (start.size() >= 12) {
    const std::string_view outer = std::string_view(start).substr(0, 4);
    const std::string_view inner = std::string_view(start).substr(8, 4);
    const bool riff = outer == "RIFF" || outer == "RIFX" || outer == "RF64" || outer == "BW64";
    if (riff && inner == "WAVE") return find_riff_sound(file, begin);
    if (outer == "FORM" && (inner == "AIFF" || inner == "AIFC"))
      return find_aiff_sound(file, begin);
  }
  if (start.starts_with("fLaC")) return find_flac_sound(file, begin);
  refuse(file, start);
}

}  // namespace ser::audio
