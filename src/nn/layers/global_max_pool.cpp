#include <limits>

#include "nn/global_pool.h"
#include "nn/maximum.h"

namespace ser::nn {
namespace {

// The largest number of each channel over all steps. Of equal numbers the first alone receives the
// gradient.
struct GlobalMax {
  static constexpr const char* kKind = "global_max_pool";
  static constexpr const char* kOperator = "GlobalMaxPool";

  static ChannelBlock pool(const StepColumn& steps) { return maximum_of_steps(steps); }

  static void propagate(const StepColumn& steps, const ChannelBlock& largest,
                        const ChannelBlock& derivative, Scalar* dx) {
    add_maximum_derivative(steps, largest, derivative, -std::numeric_limits<Scalar>::infinity(),
                           dx);
  }
};

}  // namespace

LayerType global_max_pool_layer() {
  return core::configured_part_type<GlobalPool<GlobalMax>>("[]");
}

}  // namespace ser::nn
