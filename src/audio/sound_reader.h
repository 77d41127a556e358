#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <span>
#include <string>

#include <sndfile.h>

#include "audio/byte_source.h"
#include "audio/stored_sound.h"

namespace ser::audio {

// Decodes samples with libsndfile, which is shown a virtual file that holds the sound and nothing
// else: headerless samples whose format we state, or a FLAC stream reduced to STREAMINFO and its
// frames. Its own parsers of chunks never see a byte of the recording (some inputs keep them busy
// for ever).
class SoundReader {
 public:
  // Starts at frame `first`. Throws AudioError.
  SoundReader(const ByteSource& file, const StoredSound& sound, std::int64_t first);
  SoundReader(const SoundReader&) = delete;
  SoundReader& operator=(const SoundReader&) = delete;

  // Fills whole frames of `interleaved` samples, full scale [-1, 1], and returns how many frames
  // were read: fewer than asked only at the end of the sound. Throws AudioError (E_AUDIO_DAMAGED,
  // E_AUDIO_READ).
  std::int64_t read(std::span<float> interleaved);

  // The frame that read() continues with, counted from the start of the sound.
  std::int64_t position() const { return next_frame_; }
  // Whether the end that read() came to was that of a FLAC stream cut off inside a frame.
  bool cut_off() const { return cut_off_; }

 private:
  static sf_count_t length(void* self);
  static sf_count_t seek(sf_count_t offset, int whence, void* self);
  static sf_count_t read_bytes(void* target, sf_count_t count, void* self);
  static sf_count_t write_bytes(const void* source, sf_count_t count, void* self);
  static sf_count_t tell(void* self);

  void skip(std::int64_t frames);
  std::int64_t read_part(std::span<float> interleaved);
  [[noreturn]] void fail();

  struct Close {
    void operator()(SNDFILE* handle) const { sf_close(handle); }
  };

  const ByteSource& file_;
  int channels_;
  std::string header_;
  std::uint64_t begin_;
  std::uint64_t end_;
  bool is_flac_;
  bool cut_off_ = false;
  std::int64_t next_frame_ = 0;
  std::uint64_t position_ = 0;  // in the virtual file
  std::exception_ptr input_error_;
  std::unique_ptr<SNDFILE, Close> handle_;
};

}  // namespace ser::audio
