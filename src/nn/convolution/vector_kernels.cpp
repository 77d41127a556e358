#include "nn/convolution/vector_kernels.h"

namespace ser::nn {
namespace {

const VectorKernels& choose() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return vector_kernels_for_avx512();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    return vector_kernels_for_avx2();
  }
#endif
  return vector_kernels_for_target();
}

}  // namespace

const VectorKernels& vector_kernels() {
  static const VectorKernels& kernels = choose();
  return kernels;
}

}  // namespace ser::nn
