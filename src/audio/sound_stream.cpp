#include "ser/audio/sound_stream.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "audio/byte_source.h"
#include "audio/chunk_walker.h"
#include "audio/container.h"
#include "audio/refusal.h"
#include "audio/riff.h"
#include "audio/samples.h"
#include "audio/sound_reader.h"
#include "audio/wave_format.h"

namespace ser::audio {
namespace {

struct RawEncoding {
  std::string_view name;
  Encoding encoding;
  ByteOrder order;
};

constexpr std::array kRawEncodings = {
    RawEncoding{"u8", Encoding::kUnsigned8, ByteOrder::kLittle},
    RawEncoding{"s8", Encoding::kSigned8, ByteOrder::kLittle},
    RawEncoding{"s16le", Encoding::kPcm16, ByteOrder::kLittle},
    RawEncoding{"s16be", Encoding::kPcm16, ByteOrder::kBig},
    RawEncoding{"s24le", Encoding::kPcm24, ByteOrder::kLittle},
    RawEncoding{"s24be", Encoding::kPcm24, ByteOrder::kBig},
    RawEncoding{"s32le", Encoding::kPcm32, ByteOrder::kLittle},
    RawEncoding{"s32be", Encoding::kPcm32, ByteOrder::kBig},
    RawEncoding{"f32le", Encoding::kFloat, ByteOrder::kLittle},
    RawEncoding{"f32be", Encoding::kFloat, ByteOrder::kBig},
    RawEncoding{"f64le", Encoding::kDouble, ByteOrder::kLittle},
    RawEncoding{"f64be", Encoding::kDouble, ByteOrder::kBig},
    RawEncoding{"alaw", Encoding::kALaw, ByteOrder::kLittle},
    RawEncoding{"mulaw", Encoding::kMuLaw, ByteOrder::kLittle},
};

const RawEncoding* find_raw_encoding(std::string_view name) {
  const auto* const found = std::ranges::find(kRawEncodings, name, &RawEncoding::name);
  return found == kRawEncodings.end() ? nullptr : &*found;
}

// Digits and nothing else.
std::optional<int> read_count(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

constexpr std::size_t kOuterHeader = 12;  // "RIFF", a size, "WAVE"
constexpr std::size_t kChunkHeader = 8;
constexpr std::size_t kId = 4;
// Of a format chunk no more is ever looked at, of one with 64-bit sizes 16 bytes.
constexpr std::size_t kMostContent = 40;
constexpr int kMostChunks = 10000;
constexpr std::size_t kEnoughToTell = 512;  // what another kind of file is

}  // namespace

std::vector<std::string> raw_encodings() {
  std::vector<std::string> names;
  names.reserve(kRawEncodings.size());
  for (const auto& raw : kRawEncodings) names.emplace_back(raw.name);
  return names;
}

RawFormat read_raw_format(std::string_view text, const AudioLimits& limits) {
  const auto fail = [](const std::string& what) { throw core::ConfigError("E_RAW_FORMAT", what); };
  const std::size_t first = std::min(text.find(','), text.size());
  const std::size_t second = std::min(text.find(',', first + 1), text.size());
  RawFormat raw;
  raw.encoding = text.substr(0, first);
  if (find_raw_encoding(raw.encoding) == nullptr) {
    std::string names;
    for (const auto& name : raw_encodings()) names += (names.empty() ? "" : ", ") + name;
    fail("samples without a header are written as one of " + names + ", found \"" + raw.encoding +
         "\"");
  }
  const auto rate = first < text.size() ? read_count(text.substr(first + 1, second - first - 1))
                                        : std::optional<int>();
  if (!rate || *rate < limits.min_sample_rate_hz || *rate > limits.max_sample_rate_hz) {
    fail("expected ENCODING,RATE,CHANNELS, such as s16le,16000,1, with a rate of " +
         std::to_string(limits.min_sample_rate_hz) + " to " +
         std::to_string(limits.max_sample_rate_hz) + " Hz, found \"" + std::string(text) + "\"");
  }
  raw.sample_rate_hz = *rate;
  if (second == text.size()) return raw;
  const auto channels = read_count(text.substr(second + 1));
  if (!channels || *channels < 1 || *channels > limits.max_channels) {
    fail("expected ENCODING,RATE,CHANNELS with 1 to " + std::to_string(limits.max_channels) +
         " channels, found \"" + std::string(text) + "\"");
  }
  raw.channels = *channels;
  return raw;
}

class SoundStream::Impl {
 public:
  Impl(std::filesystem::path name, const std::optional<RawFormat>& raw, const AudioLimits& limits)
      : name_(std::move(name)), limits_(limits) {
    if (!raw) return;
    const RawEncoding* const encoding = find_raw_encoding(raw->encoding);
    if (encoding == nullptr) {
      throw core::ConfigError("E_RAW_FORMAT", "there is no encoding \"" + raw->encoding + "\"");
    }
    sound_.container = "raw";
    sound_.encoding = encoding->encoding;
    sound_.order = encoding->order;
    sound_.channels = raw->channels;
    sound_.sample_rate_hz = static_cast<std::uint64_t>(std::max(0, raw->sample_rate_hz));
    begin_sound(std::nullopt);
  }

  void push(std::span<const unsigned char> bytes,
            const std::function<void(std::span<const float>, int)>& consume) {
    if (bytes.empty()) return;
    any_ = true;
    while (state_ != State::kSound && state_ != State::kOver && read_header(bytes)) {
    }
    if (state_ == State::kSound) decode(bytes, consume);
  }

  std::vector<std::string> finish() {
    if (!any_) throw refusal("E_AUDIO_EMPTY", name_, "has no bytes at all");
    if (state_ == State::kStart || state_ == State::kForeign) refuse();
    if (state_ != State::kSound && state_ != State::kOver) {
      throw refusal("E_AUDIO_DAMAGED", name_, "ends before its sound, inside its header");
    }
    if (frames_ == 0) {
      throw refusal("E_AUDIO_EMPTY", name_, "holds not one whole sample of sound");
    }
    std::vector<std::string> warnings;
    if (left_ && *left_ > 0) {
      warnings.push_back("truncated: " + std::to_string(*left_) +
                         " bytes fewer than its header promises");
    } else if (!left_ && !pending_.empty()) {
      warnings.push_back("truncated: the last " + std::to_string(pending_.size()) +
                         " bytes are no whole frame of " + std::to_string(frame_bytes_));
    }
    if (made_finite_ > 0) warnings.push_back(not_finite_warning(made_finite_));
    return warnings;
  }

  bool is_over() const { return state_ == State::kOver && frames_ > 0; }
  const std::optional<Format>& format() const { return format_; }

 private:
  enum class State { kStart, kForeign, kChunk, kContent, kSkip, kPadding, kSound, kOver };

  // Takes from `bytes` until so many are pending.
  bool have(std::size_t count, std::span<const unsigned char>& bytes) {
    const std::size_t some = std::min(count - std::min(count, pending_.size()), bytes.size());
    pending_.insert(pending_.end(), bytes.begin(),
                    bytes.begin() + static_cast<std::ptrdiff_t>(some));
    bytes = bytes.subspan(some);
    return pending_.size() >= count;
  }

  std::string pending_text(std::size_t begin) const {
    const auto from = pending_.begin() + static_cast<std::ptrdiff_t>(begin);
    return {from, from + kId};
  }

  // One step; false if it needs more bytes.
  bool read_header(std::span<const unsigned char>& bytes) {
    switch (state_) {
      case State::kStart:
        if (!have(kOuterHeader, bytes)) return false;
        start();
        return true;
      // What is said of it must not depend on how its bytes are cut.
      case State::kForeign:
        if (!have(kEnoughToTell, bytes)) return false;
        refuse();
      case State::kChunk:
        if (!have(kChunkHeader, bytes)) return false;
        start_chunk();
        return true;
      case State::kContent:
        if (!have(content_size(), bytes)) return false;
        take_content();
        return true;
      case State::kSkip: {
        const auto some = static_cast<std::size_t>(std::min<std::uint64_t>(skip_, bytes.size()));
        bytes = bytes.subspan(some);
        skip_ -= some;
        if (skip_ > 0) return false;
        state_ = chunk_.size % 2 == 1 ? State::kPadding : State::kChunk;
        return true;
      }
      case State::kPadding:
        // Some writers leave the padding away.
        if (!have(kId, bytes)) return false;
        if (!is_chunk_id(pending_text(0))) pending_.erase(pending_.begin());
        state_ = State::kChunk;
        return true;
      case State::kSound:
      case State::kOver:
        break;
    }
    return false;
  }

  void start() {
    const std::string outer = pending_text(0);
    wide_ = outer == "RF64" || outer == "BW64";
    if ((outer != "RIFF" && outer != "RIFX" && !wide_) || pending_text(8) != "WAVE") {
      state_ = State::kForeign;
      return;
    }
    order_ = outer == "RIFX" ? ByteOrder::kBig : ByteOrder::kLittle;
    sound_.container = outer == "RIFF" ? "WAV" : outer;
    sound_.order = order_;
    pending_.clear();
    state_ = State::kChunk;
  }

  [[noreturn]] void refuse() const {
    constexpr std::string_view kHelp =
        "; a stream is a WAV, or samples whose format is named (--raw s16le,16000,1)";
    const std::string id = pending_.size() < kId ? "" : pending_text(0);
    if (id != "fLaC" && id != "FORM") {
      try {
        find_sound(MemoryBytes(name_, pending_));
      } catch (const core::AudioError& error) {
        if (error.code() != "E_AUDIO_FORMAT") throw;
        throw core::AudioError(error.code(), error.what() + std::string(kHelp));
      }
    }
    throw refusal("E_AUDIO_FORMAT", name_,
                  "does not begin as a WAV does; AIFF and FLAC are read from files only" +
                      std::string(kHelp));
  }

  void start_chunk() {
    if (++chunks_ > kMostChunks) {
      throw refusal("E_AUDIO_DAMAGED", name_,
                    "has more than " + std::to_string(kMostChunks) +
                        " chunks before its sound; it is damaged, or not a recording");
    }
    chunk_ = {};
    chunk_.id = pending_text(0);
    chunk_.size = read_number<std::uint32_t>(pending_.data() + kId, order_);
    pending_.clear();
    skip_ = chunk_.size;
    state_ = State::kSkip;
    if (chunk_.id == "data") {
      start_data();
    } else if ((chunk_.id == "fmt " && !has_format_) || (chunk_.id == "ds64" && wide_)) {
      state_ = State::kContent;
    }
  }

  std::size_t content_size() const {
    return static_cast<std::size_t>(std::min<std::uint64_t>(chunk_.size, kMostContent));
  }

  void take_content() {
    skip_ = chunk_.size - content_size();
    if (chunk_.id == "fmt ") {
      chunk_.available = content_size();
      const WaveFormat wave = read_wave_format(MemoryBytes(name_, pending_), chunk_, order_);
      sound_.encoding = wave.encoding;
      sound_.channels = wave.channels;
      sound_.sample_rate_hz = wave.sample_rate_hz;
      has_format_ = true;
    } else if (content_size() >= 16) {
      size_64_ = read_number<std::uint64_t>(pending_.data() + 8, order_);
    }
    pending_.clear();
    state_ = State::kSkip;
  }

  void start_data() {
    if (!has_format_) {
      throw refusal("E_AUDIO_DAMAGED", name_,
                    "has no format (\"fmt \" chunk) before its sound (\"data\" chunk)");
    }
    std::uint64_t size = chunk_.size;
    if (wide_ && size == 0xFFFFFFFF) size = size_64_.value_or(0);
    if (size == 0 || is_streamed_size(size)) {
      begin_sound(std::nullopt);
    } else {
      begin_sound(size);
    }
  }

  void begin_sound(std::optional<std::uint64_t> bytes) {
    check_limits(name_, sound_.channels, static_cast<std::int64_t>(sound_.sample_rate_hz), limits_);
    left_ = bytes;
    frame_bytes_ = static_cast<std::size_t>(sound_.channels) *
                   static_cast<std::size_t>(bytes_per_sample(sound_.encoding));
    format_ = {sound_.container, sample_format_name(sound_.encoding),
               static_cast<int>(sound_.sample_rate_hz), sound_.channels};
    state_ = State::kSound;
  }

  void decode(std::span<const unsigned char> bytes,
              const std::function<void(std::span<const float>, int)>& consume) {
    if (left_) {
      bytes = bytes.first(static_cast<std::size_t>(std::min<std::uint64_t>(*left_, bytes.size())));
      *left_ -= bytes.size();
      if (*left_ == 0) state_ = State::kOver;
    }
    // Parts, so that memory does not depend on how much comes at once.
    const std::size_t part = frame_bytes_ * kPart;
    while (!bytes.empty()) {
      have(part, bytes);
      const std::size_t whole = pending_.size() / frame_bytes_ * frame_bytes_;
      if (whole == 0) return;
      decode_frames(std::span<const unsigned char>(pending_).first(whole));
      pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(whole));
      consume(mono_, static_cast<int>(sound_.sample_rate_hz));
    }
  }

  // Whole frames, into mono_.
  void decode_frames(std::span<const unsigned char> bytes) {
    const std::size_t frames = bytes.size() / frame_bytes_;
    const MemoryBytes source(name_, bytes);
    sound_.begin = 0;
    sound_.end = bytes.size();
    SoundReader reader(source, sound_, 0);
    interleaved_.resize(frames * static_cast<std::size_t>(sound_.channels));
    if (reader.read(interleaved_) != static_cast<std::int64_t>(frames)) {
      throw refusal("E_AUDIO_DAMAGED", name_, "cannot be decoded");
    }
    made_finite_ += make_finite(interleaved_);
    mono_.clear();
    append_mean(interleaved_, static_cast<std::size_t>(sound_.channels), mono_);
    frames_ += frames;
  }

  static constexpr std::size_t kPart = 16384;  // frames

  std::filesystem::path name_;
  AudioLimits limits_;
  State state_ = State::kStart;
  bool any_ = false;
  std::vector<unsigned char> pending_;  // what does not make a whole yet
  ByteOrder order_ = ByteOrder::kLittle;
  bool wide_ = false;
  Chunk chunk_;
  int chunks_ = 0;
  std::uint64_t skip_ = 0;  // bytes of the chunk
  bool has_format_ = false;
  std::optional<std::uint64_t> size_64_;
  StoredSound sound_;
  std::size_t frame_bytes_ = 0;
  std::optional<Format> format_;
  std::optional<std::uint64_t> left_;  // bytes of sound that are still promised
  std::uint64_t frames_ = 0;
  std::int64_t made_finite_ = 0;
  std::vector<float> interleaved_;
  std::vector<float> mono_;
};

SoundStream::SoundStream(const std::filesystem::path& name, const std::optional<RawFormat>& raw,
                         const AudioLimits& limits)
    : impl_(std::make_unique<Impl>(name, raw, limits)) {}
SoundStream::~SoundStream() = default;
SoundStream::SoundStream(SoundStream&&) noexcept = default;
SoundStream& SoundStream::operator=(SoundStream&&) noexcept = default;

void SoundStream::push(std::span<const unsigned char> bytes,
                       const std::function<void(std::span<const float>, int)>& consume) {
  impl_->push(bytes, consume);
}

std::vector<std::string> SoundStream::finish() { return impl_->finish(); }

bool SoundStream::is_over() const { return impl_->is_over(); }

const std::optional<SoundStream::Format>& SoundStream::format() const { return impl_->format(); }

}  // namespace ser::audio
