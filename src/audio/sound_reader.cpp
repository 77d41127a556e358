#include "audio/sound_reader.h"

#include <algorithm>
#include <vector>

#include "audio/refusal.h"

namespace ser::audio {
namespace {

constexpr std::size_t kFlacPart = 256;  // frames

int headerless_format(Encoding encoding, ByteOrder order) {
  const int base = SF_FORMAT_RAW | (order == ByteOrder::kBig ? SF_ENDIAN_BIG : SF_ENDIAN_LITTLE);
  switch (encoding) {
    case Encoding::kUnsigned8:
      return base | SF_FORMAT_PCM_U8;
    case Encoding::kSigned8:
      return base | SF_FORMAT_PCM_S8;
    case Encoding::kPcm16:
      return base | SF_FORMAT_PCM_16;
    case Encoding::kPcm24:
      return base | SF_FORMAT_PCM_24;
    case Encoding::kPcm32:
      return base | SF_FORMAT_PCM_32;
    case Encoding::kFloat:
      return base | SF_FORMAT_FLOAT;
    case Encoding::kDouble:
      return base | SF_FORMAT_DOUBLE;
    case Encoding::kMuLaw:
      return base | SF_FORMAT_ULAW;
    case Encoding::kALaw:
      return base | SF_FORMAT_ALAW;
    case Encoding::kFlac:
      return 0;  // the stream says it
  }
  return 0;
}

}  // namespace

SoundReader::SoundReader(const ByteSource& file, const StoredSound& sound, std::int64_t first)
    : file_(file),
      channels_(sound.channels),
      header_(sound.stream_header),
      begin_(sound.begin),
      end_(sound.end),
      is_flac_(sound.encoding == Encoding::kFlac) {
  if (!is_flac_) {
    const auto frame_bytes = static_cast<std::uint64_t>(bytes_per_sample(sound.encoding)) *
                             static_cast<std::uint64_t>(channels_);
    begin_ = std::min(end_, begin_ + static_cast<std::uint64_t>(first) * frame_bytes);
  }
  SF_INFO info{};
  info.format = headerless_format(sound.encoding, sound.order);
  if (!is_flac_) {
    info.samplerate = static_cast<int>(sound.sample_rate_hz);
    info.channels = channels_;
  }
  SF_VIRTUAL_IO callbacks{length, seek, read_bytes, write_bytes, tell};
  handle_.reset(sf_open_virtual(&callbacks, SFM_READ, &info, this));
  if (handle_ == nullptr) fail();
  if (info.channels != channels_) {
    throw refusal("E_AUDIO_DAMAGED", file_.path(), "changes its number of channels");
  }
  // A FLAC stream is decoded up to the wanted frame: seeking in it trusts what a damaged stream
  // says.
  if (is_flac_) {
    skip(first);
  } else {
    next_frame_ = first;
  }
}

std::int64_t SoundReader::read(std::span<float> interleaved) {
  const auto channels = static_cast<std::size_t>(channels_);
  const std::size_t frames = interleaved.size() / channels;
  // libsndfile goes on behind a broken FLAC frame as if nothing were missing, and says at the end
  // of the call that there was one. Small parts tell where.
  const std::size_t part = is_flac_ ? kFlacPart : frames;
  std::size_t done = 0;
  while (done < frames && !cut_off_) {
    const std::size_t wanted = std::min(part, frames - done);
    const auto got = static_cast<std::size_t>(
        read_part(interleaved.subspan(done * channels, wanted * channels)));
    done += got;
    if (got < wanted) break;
  }
  next_frame_ += static_cast<std::int64_t>(done);
  return static_cast<std::int64_t>(done);
}

std::int64_t SoundReader::read_part(std::span<float> interleaved) {
  const auto frames = static_cast<sf_count_t>(interleaved.size()) / channels_;
  const sf_count_t got = sf_readf_float(handle_.get(), interleaved.data(), frames);
  if (input_error_) fail();
  if (sf_error(handle_.get()) == SF_ERR_NO_ERROR) return got;
  // A full part, or bytes that were not asked for any more, mean that the stream is broken rather
  // than cut. What an incomplete part holds may come from behind a break, so it is left out.
  const bool at_end = length(this) == static_cast<sf_count_t>(position_);
  if (!is_flac_ || got == frames || !at_end) fail();
  cut_off_ = true;
  return 0;
}

void SoundReader::skip(std::int64_t frames) {
  std::vector<float> scratch(static_cast<std::size_t>(channels_) * 4096);
  while (frames > 0) {
    const auto block = std::min<std::int64_t>(frames, 4096);
    const std::int64_t got =
        read(std::span(scratch).first(static_cast<std::size_t>(block * channels_)));
    if (got == 0) return;
    frames -= got;
  }
}

void SoundReader::fail() {
  if (input_error_) std::rethrow_exception(input_error_);
  throw refusal("E_AUDIO_DAMAGED", file_.path(),
                std::string("its sound cannot be decoded: ") + sf_strerror(handle_.get()));
}

sf_count_t SoundReader::length(void* self) {
  const auto& reader = *static_cast<SoundReader*>(self);
  return static_cast<sf_count_t>(reader.header_.size() + (reader.end_ - reader.begin_));
}

sf_count_t SoundReader::seek(sf_count_t offset, int whence, void* self) {
  auto& reader = *static_cast<SoundReader*>(self);
  const sf_count_t base = whence == SEEK_CUR   ? static_cast<sf_count_t>(reader.position_)
                          : whence == SEEK_END ? length(self)
                                               : 0;
  // Offsets lie within the file, whose length is that of a real one: the sum cannot overflow unless
  // a decoder asks for nonsense, which is refused.
  sf_count_t target = 0;
  if (__builtin_add_overflow(base, offset, &target) || target < 0 || target > length(self)) {
    return -1;
  }
  reader.position_ = static_cast<std::uint64_t>(target);
  return target;
}

sf_count_t SoundReader::read_bytes(void* target, sf_count_t count, void* self) {
  auto& reader = *static_cast<SoundReader*>(self);
  if (count <= 0 || reader.input_error_) return 0;
  auto* out = static_cast<unsigned char*>(target);
  auto left = static_cast<std::uint64_t>(
      std::min<sf_count_t>(count, length(self) - static_cast<sf_count_t>(reader.position_)));
  const auto start = reader.position_;
  if (reader.position_ < reader.header_.size()) {
    const auto part = std::min<std::uint64_t>(left, reader.header_.size() - reader.position_);
    std::copy_n(reader.header_.data() + reader.position_, part, out);
    out += part;
    left -= part;
    reader.position_ += part;
  }
  // An exception must not pass through a C library.
  try {
    const std::uint64_t offset = reader.begin_ + (reader.position_ - reader.header_.size());
    if (left > 0) reader.position_ += reader.file_.read_at(offset, std::span(out, left));
  } catch (...) {
    reader.input_error_ = std::current_exception();
  }
  return static_cast<sf_count_t>(reader.position_ - start);
}

sf_count_t SoundReader::write_bytes(const void*, sf_count_t, void*) { return 0; }

sf_count_t SoundReader::tell(void* self) {
  return static_cast<sf_count_t>(static_cast<SoundReader*>(self)->position_);
}

}  // namespace ser::audio
