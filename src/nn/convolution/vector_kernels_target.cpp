#include "nn/convolution/panel_product_kernels.h"
#include "nn/convolution/vector_kernels.h"
#include "nn/convolution/winograd_filters_kernels.h"
#include "nn/convolution/winograd_tiles_kernels.h"

namespace ser::nn {

const VectorKernels& vector_kernels_for_target() {
  static constexpr VectorKernels kKernels = {kPanelProducts, kWinogradTiles, kWinogradFilters};
  return kKernels;
}

}  // namespace ser::nn
