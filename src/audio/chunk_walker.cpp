#include "audio/chunk_walker.h"

#include <algorithm>
#include <array>

#include "audio/refusal.h"

namespace ser::audio {
namespace {

// Real files have fewer than a hundred.
constexpr int kMaxChunks = 10000;
constexpr std::uint64_t kHeaderSize = 8;

// Some writers leave the padding away. In a padded file these four bytes are a byte of padding and
// three letters of an id, so they cannot spell one of these.
bool starts_chunk(const ByteSource& file, std::uint64_t position) {
  std::array<unsigned char, 4> bytes{};
  if (file.read_at(position, bytes) < bytes.size()) return false;
  return is_chunk_id({bytes.begin(), bytes.end()});
}

}  // namespace

ChunkWalker::ChunkWalker(const ByteSource& file, std::uint64_t begin, ByteOrder order)
    : file_(file), order_(order), position_(begin) {}

std::optional<Chunk> ChunkWalker::next() {
  if (last_) {
    position_.reset();
    if (last_->size == last_->available) {
      position_ = last_->begin + last_->size;
      if (last_->size % 2 == 1 && !starts_chunk(file_, *position_)) ++*position_;
    }
  }
  if (!position_) return std::nullopt;
  std::array<unsigned char, kHeaderSize> header{};
  if (file_.read_at(*position_, header) < header.size()) return std::nullopt;
  if (++count_ > kMaxChunks) {
    throw refusal("E_AUDIO_DAMAGED", file_.path(),
                  "has more than " + std::to_string(kMaxChunks) +
                      " chunks before its sound; it is damaged, or not a recording");
  }
  Chunk chunk;
  chunk.id.assign(header.begin(), header.begin() + 4);
  chunk.begin = *position_ + kHeaderSize;
  resize(chunk, read_number<std::uint32_t>(header.data() + 4, order_));
  return chunk;
}

void ChunkWalker::resize(Chunk& chunk, std::uint64_t size) {
  chunk.size = size;
  chunk.available = std::min(size, file_.size() - chunk.begin);
  last_ = chunk;
}

std::string ChunkWalker::ending() const {
  if (!last_) return "the file ends";
  if (last_->size > last_->available) {
    return "the chunk " + quoted(last_->id) + " at byte " +
           std::to_string(last_->begin - kHeaderSize) + " claims " + std::to_string(last_->size) +
           " bytes, but only " + std::to_string(last_->available) + " follow";
  }
  return "the file ends after the chunk " + quoted(last_->id);
}

bool is_chunk_id(const std::string& id) {
  for (const char* known : {"data", "fmt ", "fact", "LIST", "bext", "cue ", "PEAK", "smpl", "id3 ",
                            "COMM", "SSND", "FVER", "MARK", "INST", "NAME", "AUTH", "ANNO"}) {
    if (id == known) return true;
  }
  return false;
}

std::string quoted(const std::string& id) {
  std::string text = "\"";
  for (const char c : id) text += c >= ' ' && c <= '~' ? c : '?';
  return text + "\"";
}

}  // namespace ser::audio
