#include "interchange/protobuf.h"

#include <gtest/gtest.h>

namespace ser::interchange {
namespace {

using namespace std::string_literals;

std::string bytes_of(const ProtobufMessage& message) {
  std::string bytes;
  message.write([&](std::string_view piece) { bytes += piece; });
  EXPECT_EQ(bytes.size(), message.size());
  return bytes;
}

// The first ones are the examples of protobuf.dev/programming-guides/encoding.
TEST(ProtobufMessage, WritesTheBytesOfTheWireFormat) {
  ProtobufMessage number;
  number.add_integer(1, 150);
  EXPECT_EQ(bytes_of(number), "\x08\x96\x01");
  ProtobufMessage text;
  text.add_text(2, "testing");
  EXPECT_EQ(bytes_of(text), "\x12\x07testing");
  ProtobufMessage outer;
  outer.add_message(3, number);
  EXPECT_EQ(bytes_of(outer), "\x1a\x03\x08\x96\x01");
  ProtobufMessage negative;
  negative.add_integer(1, -2);
  EXPECT_EQ(bytes_of(negative), "\x08\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01");
  ProtobufMessage real;
  real.add_float(2, 1.5F);
  EXPECT_EQ(bytes_of(real), "\x15\x00\x00\xc0\x3f"s);
  ProtobufMessage far;
  far.add_integer(20, 0);
  EXPECT_EQ(bytes_of(far), "\xa0\x01\x00"s);
  EXPECT_EQ(bytes_of({}), "");
}

TEST(ProtobufMessage, HasSevenBitsAByte) {
  const auto varint = [](std::int64_t value) {
    ProtobufMessage message;
    message.add_integer(1, value);
    return bytes_of(message).substr(1);
  };
  EXPECT_EQ(varint(127), "\x7f");
  EXPECT_EQ(varint(128), "\x80\x01");
  EXPECT_EQ(varint(16383), "\xff\x7f");
  EXPECT_EQ(varint(16384), "\x80\x80\x01");
}

TEST(ProtobufMessage, KeepsThePlaceOfBytesThatComeLater) {
  int written = 0;
  ProtobufMessage tensor;
  tensor.add_integer(1, 3);
  tensor.add_bytes(9, 4, [&](const ByteSink& sink) {
    ++written;
    sink("ab");
    sink("cd");
  });
  tensor.add_text(8, "w");
  ProtobufMessage graph;
  graph.add_message(5, tensor);
  graph.add_message(5, tensor);
  ProtobufMessage model;
  model.add_message(7, graph);
  model.add_integer(1, 7);
  EXPECT_EQ(written, 0);
  const std::string part = "\x2a\x0b\x08\x03\x4a\x04"s + "abcd\x42\x01w";
  EXPECT_EQ(bytes_of(model), "\x3a\x1a" + part + part + "\x08\x07");
  EXPECT_EQ(written, 2);
}

}  // namespace
}  // namespace ser::interchange
