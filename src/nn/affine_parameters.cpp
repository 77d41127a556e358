#include "nn/affine_parameters.h"

namespace ser::nn {
namespace {

// W with a bias behind it, zero if there was none.
Eigen::VectorXd with_bias(const ConstParameters& parameters, const AffineParameters& form) {
  Eigen::VectorXd all = Eigen::VectorXd::Zero((form.terms + 1) * form.outputs);
  all.head(parameters.size()) = parameters.cast<double>();
  return all;
}

std::optional<Vector> if_finite(const Eigen::VectorXd& numbers) {
  Vector result = numbers.cast<Scalar>();
  if (!result.allFinite()) return std::nullopt;
  return result;
}

}  // namespace

std::optional<Vector> fold_behind(const ConstParameters& parameters, const AffineParameters& form,
                                  const AffineMap& map) {
  if (map.size() != form.outputs) return std::nullopt;
  Eigen::VectorXd all = with_bias(parameters, form);
  for (Index column = 0; column <= form.terms; ++column) {
    auto numbers = all.segment(column * form.outputs, form.outputs);
    numbers = numbers.cwiseProduct(map.scale).eval();
  }
  all.tail(form.outputs) += map.shift;
  return if_finite(all);
}

std::optional<Vector> fold_before(const ConstParameters& parameters, const AffineParameters& form,
                                  const AffineMap& map) {
  const Index inputs = form.terms / form.kernel;  // of a group
  if (map.size() != form.groups * inputs) return std::nullopt;
  Eigen::VectorXd all = with_bias(parameters, form);
  auto bias = all.tail(form.outputs);
  for (Index column = 0; column < form.terms; ++column) {
    for (Index output = 0; output < form.outputs; ++output) {
      const Index group = output / (form.outputs / form.groups);
      const Index input = group * inputs + column % inputs;
      double& weight = all[column * form.outputs + output];
      bias[output] += weight * map.shift[input];
      weight *= map.scale[input];
    }
  }
  return if_finite(all);
}

std::optional<ParametrizedLayer> with_bias_and(const Layer& layer,
                                               std::optional<Vector> parameters) {
  if (!parameters) return std::nullopt;
  core::Json json = layer.to_json();
  json["bias"] = true;
  return ParametrizedLayer{make_layer(json), std::move(*parameters)};
}

}  // namespace ser::nn
