#include "nn/global_pool.h"

namespace ser::nn {
namespace {

// The mean of each channel over all steps.
struct GlobalAverage {
  static constexpr const char* kKind = "global_average_pool";
  static constexpr const char* kOperator = "GlobalAveragePool";

  static ChannelBlock pool(const StepColumn& steps) { return mean_of_steps(steps); }

  static void propagate(const StepColumn& steps, const ChannelBlock& /*mean*/,
                        const ChannelBlock& derivative, Scalar* dx) {
    add_mean_derivative(steps, derivative, dx);
  }
};

}  // namespace

LayerType global_average_pool_layer() {
  return core::configured_part_type<GlobalPool<GlobalAverage>>("[]");
}

}  // namespace ser::nn
