#pragma once

#include "ser/interchange/byte_sink.h"
#include "ser/nn/graph.h"

namespace ser::interchange {

// Bytes of what write_numbers() writes.
std::uint64_t size_of_numbers(const nn::GraphParameter& parameter);

// The numbers of a parameter in row-major order as little-endian float32.
void write_numbers(const nn::GraphParameter& parameter, const ByteSink& sink);

}  // namespace ser::interchange
