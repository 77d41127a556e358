#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ser/interchange/byte_sink.h"

namespace ser::interchange {

// A message in the wire format of Protocol Buffers (protobuf.dev/programming-guides/encoding), as
// far as ONNX needs it. A message is a sequence of fields, a field a key and a value. The key is
// the number (field << 3 | wire type) as a varint: seven bits a byte, the lowest first; a set
// eighth bit says that more follow. By wire type the value is
//
//   0  a varint, of a negative number that of its 64 bits in two's complement
//   2  a length as a varint, and so many bytes: a text, or a message
//   5  four bytes, lowest first: a float
class ProtobufMessage {
 public:
  void add_integer(int field, std::int64_t value);
  void add_float(int field, float value);
  void add_text(int field, std::string_view text);
  void add_message(int field, ProtobufMessage message);
  // Bytes that are not there yet: `write` makes all `size` of them when the message is written.
  void add_bytes(int field, std::uint64_t size, std::function<void(const ByteSink&)> write);

  std::uint64_t size() const { return size_; }
  void write(const ByteSink& sink) const;

 private:
  // Bytes at hand, and then those that somebody else writes.
  struct Piece {
    std::string bytes;
    std::function<void(const ByteSink&)> write = nullptr;
  };

  void append(std::string_view bytes);
  void append_varint(std::uint64_t number);
  void append_key(int field, unsigned wire_type);

  std::vector<Piece> pieces_;
  std::uint64_t size_ = 0;
  std::uint64_t deferred_ = 0;  // those that somebody else writes
};

}  // namespace ser::interchange
