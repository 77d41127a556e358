#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "audio/byte_order.h"
#include "audio/byte_source.h"

namespace ser::audio {

struct Chunk {
  std::string id;               // four bytes
  std::uint64_t size = 0;       // of its content, as it claims
  std::uint64_t begin = 0;      // of its content in the file
  std::uint64_t available = 0;  // bytes of its content that the file has
};

// Goes through the chunks of an IFF-like file (EA IFF 85; RIFF, AIFF): an id of four characters, a
// 32-bit size, the content, a byte of padding if the size is odd. Chunks are not entered, no size
// is believed beyond the end of the file, and their number is bounded.
class ChunkWalker {
 public:
  ChunkWalker(const ByteSource& file, std::uint64_t begin, ByteOrder order);

  // The next chunk; none when the file ends, or when the last one claimed to reach beyond it.
  // Throws AudioError (E_AUDIO_DAMAGED) when there are too many.
  std::optional<Chunk> next();

  // Gives the chunk that next() returned last its true size (RF64 keeps sizes elsewhere).
  void resize(Chunk& chunk, std::uint64_t size);

  // How the walk ended, for messages: "the file ends" or what the last chunk claimed.
  std::string ending() const;

 private:
  const ByteSource& file_;
  ByteOrder order_;
  std::optional<std::uint64_t> position_;
  std::optional<Chunk> last_;
  int count_ = 0;
};

// Whether a chunk of a recording has this id, so that it is no padding and what follows.
bool is_chunk_id(const std::string& id);

// For messages: the id in quotes, with what is not printable replaced.
std::string quoted(const std::string& id);

}  // namespace ser::audio
