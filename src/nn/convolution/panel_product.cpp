#include "nn/convolution/panel_product.h"

namespace ser::nn {
namespace {

const PanelProducts& choose() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return panel_products_for_avx512();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    return panel_products_for_avx2();
  }
#endif
  return panel_products_for_target();
}

}  // namespace

const PanelProducts& panel_products() {
  static const PanelProducts& products = choose();
  return products;
}

}  // namespace ser::nn
