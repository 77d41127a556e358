#include "train/class_weights.h"

namespace ser::train {

std::vector<nn::Scalar> class_weights(const FitConfig& config, const std::vector<int>& labels,
                                      nn::Index classes) {
  if (config.class_weights == "none") return {};
  std::vector<double> counts(static_cast<std::size_t>(classes), 0.0);
  for (const int label : labels) ++counts[static_cast<std::size_t>(label)];
  std::vector<nn::Scalar> weights;
  for (const double count : counts) {
    const double share = static_cast<double>(labels.size()) / static_cast<double>(classes);
    weights.push_back(count > 0 ? static_cast<nn::Scalar>(share / count) : nn::Scalar{0});
  }
  return weights;
}

}  // namespace ser::train
