#include "interchange/numbers.h"

#include <bit>
#include <type_traits>

namespace ser::interchange {

static_assert(std::is_same_v<nn::Scalar, float> && std::endian::native == std::endian::little,
              "numbers are written as they lie in memory");

std::uint64_t size_of_numbers(const nn::GraphParameter& parameter) {
  return static_cast<std::uint64_t>(parameter.size()) * sizeof(float);
}

void write_numbers(const nn::GraphParameter& parameter, const ByteSink& sink) {
  constexpr std::size_t kBlock = 16384;
  std::vector<float> block;
  block.reserve(kBlock);
  const auto flush = [&] {
    sink({reinterpret_cast<const char*>(block.data()), block.size() * sizeof(float)});
    block.clear();
  };
  const std::size_t rank = parameter.shape.size();
  std::vector<nn::Index> at(rank, 0);
  nn::Index offset = 0;
  const nn::Index size = parameter.size();
  for (nn::Index i = 0; i < size; ++i) {
    block.push_back(parameter.values[offset]);
    if (block.size() == kBlock) flush();
    // To the next element: the last dimension first, with a carry into the one before.
    for (std::size_t d = rank; d-- > 0;) {
      offset += parameter.strides[d];
      if (++at[d] < parameter.shape[d]) break;
      offset -= parameter.strides[d] * parameter.shape[d];
      at[d] = 0;
    }
  }
  flush();
}

}  // namespace ser::interchange
