#pragma once

#include "nn/convolution/panel_product.h"
#include "nn/convolution/winograd_filters.h"
#include "nn/convolution/winograd_tiles.h"

namespace ser::nn {

// What is most of the time of a network: one source is compiled for several instruction sets, so
// that a portable build has them all.
struct VectorKernels {
  PanelProducts products;
  WinogradTiles tiles;
  WinogradFilters filters;
};

// Those for this processor.
const VectorKernels& vector_kernels();

// Compiled for the instruction set of the rest of the program, and for wider vectors. Only the
// first may be called without asking the processor.
const VectorKernels& vector_kernels_for_target();
const VectorKernels& vector_kernels_for_avx2();
const VectorKernels& vector_kernels_for_avx512();

}  // namespace ser::nn
