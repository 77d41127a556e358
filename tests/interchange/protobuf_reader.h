#pragma once

#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace ser::interchange::test {

// A message in the wire format of Protocol Buffers, read without the code that writes it.
class MessageReader {
 public:
  struct Field {
    int number = 0;
    std::uint64_t integer = 0;    // of wire type 0
    std::string_view bytes = {};  // of wire types 2 and 5
  };

  explicit MessageReader(std::string_view bytes) {
    while (!bytes.empty()) {
      const std::uint64_t key = take_varint(bytes);
      Field field{static_cast<int>(key >> 3)};
      switch (key & 7) {
        case 0:
          field.integer = take_varint(bytes);
          break;
        case 2:
          field.bytes = take(bytes, take_varint(bytes));
          break;
        case 5:
          field.bytes = take(bytes, 4);
          break;
        default:
          throw std::runtime_error("a wire type that ONNX does not use");
      }
      fields_.push_back(field);
    }
  }

  // All fields of a number, in order.
  std::vector<std::string_view> texts(int number) const {
    std::vector<std::string_view> list;
    for (const Field& field : fields_) {
      if (field.number == number) list.push_back(field.bytes);
    }
    return list;
  }
  std::vector<std::uint64_t> integers(int number) const {
    std::vector<std::uint64_t> list;
    for (const Field& field : fields_) {
      if (field.number == number) list.push_back(field.integer);
    }
    return list;
  }
  std::vector<MessageReader> messages(int number) const {
    std::vector<MessageReader> list;
    for (const auto text : texts(number)) list.emplace_back(text);
    return list;
  }

  std::string_view text(int number) const { return only(texts(number)); }
  std::uint64_t integer(int number) const { return only(integers(number)); }
  MessageReader message(int number) const { return only(messages(number)); }

 private:
  template <class T>
  static T only(const std::vector<T>& list) {
    if (list.size() != 1) throw std::runtime_error("a field does not stand once");
    return list.front();
  }

  static std::string_view take(std::string_view& bytes, std::uint64_t size) {
    if (size > bytes.size()) throw std::runtime_error("a message is cut off");
    const std::string_view taken = bytes.substr(0, size);
    bytes.remove_prefix(size);
    return taken;
  }

  static std::uint64_t take_varint(std::string_view& bytes) {
    std::uint64_t number = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const auto byte = static_cast<unsigned char>(take(bytes, 1)[0]);
      number |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return number;
    }
    throw std::runtime_error("a varint is too long");
  }

  std::vector<Field> fields_;
};

// "batch" or a number, of the ValueInfoProto of an ONNX graph.
inline std::vector<std::string> dimensions_of(const MessageReader& value_info) {
  std::vector<std::string> list;
  for (const auto& dimension : value_info.message(2).message(1).message(2).messages(1)) {
    const auto names = dimension.texts(2);
    list.push_back(names.empty() ? std::to_string(dimension.integer(1)) : std::string(names[0]));
  }
  return list;
}

}  // namespace ser::interchange::test
