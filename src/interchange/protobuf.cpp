#include "interchange/protobuf.h"

#include <bit>

namespace ser::interchange {
namespace {

constexpr unsigned kVarint = 0;
constexpr unsigned kLengthAndBytes = 2;
constexpr unsigned kFourBytes = 5;

}  // namespace

void ProtobufMessage::append(std::string_view bytes) {
  if (pieces_.empty() || pieces_.back().write) pieces_.emplace_back();
  pieces_.back().bytes.append(bytes);
  size_ += bytes.size();
}

void ProtobufMessage::append_varint(std::uint64_t number) {
  std::string bytes;
  while (number >= 0x80) {
    bytes.push_back(static_cast<char>((number & 0x7F) | 0x80));
    number >>= 7;
  }
  bytes.push_back(static_cast<char>(number));
  append(bytes);
}

void ProtobufMessage::append_key(int field, unsigned wire_type) {
  append_varint(static_cast<std::uint64_t>(field) << 3 | wire_type);
}

void ProtobufMessage::add_integer(int field, std::int64_t value) {
  append_key(field, kVarint);
  append_varint(static_cast<std::uint64_t>(value));
}

void ProtobufMessage::add_float(int field, float value) {
  append_key(field, kFourBytes);
  const auto bits = std::bit_cast<std::uint32_t>(value);
  for (int shift = 0; shift < 32; shift += 8) {
    const char byte = static_cast<char>(bits >> shift & 0xFF);
    append({&byte, 1});
  }
}

void ProtobufMessage::add_text(int field, std::string_view text) {
  append_key(field, kLengthAndBytes);
  append_varint(text.size());
  append(text);
}

void ProtobufMessage::add_message(int field, ProtobufMessage message) {
  append_key(field, kLengthAndBytes);
  append_varint(message.size());
  for (Piece& piece : message.pieces_) {
    append(piece.bytes);
    pieces_.back().write = std::move(piece.write);
  }
  // What the pieces that are written later will have.
  size_ += message.deferred_;
  deferred_ += message.deferred_;
}

void ProtobufMessage::add_bytes(int field, std::uint64_t size,
                                std::function<void(const ByteSink&)> write) {
  append_key(field, kLengthAndBytes);
  append_varint(size);
  pieces_.back().write = std::move(write);
  size_ += size;
  deferred_ += size;
}

void ProtobufMessage::write(const ByteSink& sink) const {
  for (const Piece& piece : pieces_) {
    sink(piece.bytes);
    if (piece.write) piece.write(sink);
  }
}

}  // namespace ser::interchange
