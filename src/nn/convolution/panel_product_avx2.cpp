#include "nn/convolution/panel_product_kernels.h"

namespace ser::nn {

const PanelProducts& panel_products_for_avx2() { return kPanelProducts; }

}  // namespace ser::nn
