#include "support/npy.h"

#include <bit>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>

#include "support/temporary_folder.h"

namespace ser::test {
namespace {

static_assert(std::endian::native == std::endian::little);

std::vector<std::size_t> parse_shape(const std::string& header) {
  std::vector<std::size_t> shape;
  std::size_t at = header.find('(', header.find("'shape'"));
  const std::size_t end = header.find(')', at);
  while (at < end) {
    at = header.find_first_of("0123456789)", at);
    if (at >= end) break;
    std::size_t used = 0;
    shape.push_back(std::stoul(header.substr(at), &used));
    at += used;
  }
  return shape;
}

template <class Number>
std::vector<double> parse_values(const std::string& bytes, std::size_t offset, std::size_t count) {
  if (bytes.size() - offset != count * sizeof(Number)) {
    throw std::runtime_error(".npy: wrong number of bytes");
  }
  std::vector<double> values(count);
  for (std::size_t i = 0; i < count; ++i) {
    Number number;
    std::memcpy(&number, bytes.data() + offset + i * sizeof(Number), sizeof(Number));
    values[i] = static_cast<double>(number);
  }
  return values;
}

}  // namespace

NpyArray read_npy(const std::filesystem::path& path) {
  const std::string bytes = read_text(path);
  if (bytes.size() < 10 || bytes.compare(0, 7, "\x93NUMPY\x01") != 0) {
    throw std::runtime_error(path.string() + ": not a .npy file of version 1");
  }
  const std::size_t header_size =
      static_cast<unsigned char>(bytes[8]) + 256U * static_cast<unsigned char>(bytes[9]);
  const std::string header = bytes.substr(10, header_size);
  if (header.find("'fortran_order': False") == std::string::npos) {
    throw std::runtime_error(path.string() + ": not in C order");
  }
  NpyArray array;
  array.shape = parse_shape(header);
  std::size_t count = 1;
  for (const std::size_t extent : array.shape) count *= extent;
  const std::size_t offset = 10 + header_size;
  if (header.find("'<f4'") != std::string::npos) {
    array.values = parse_values<float>(bytes, offset, count);
  } else if (header.find("'<f8'") != std::string::npos) {
    array.values = parse_values<double>(bytes, offset, count);
  } else {
    throw std::runtime_error(path.string() + ": holds neither float32 nor float64");
  }
  return array;
}

}  // namespace ser::test
