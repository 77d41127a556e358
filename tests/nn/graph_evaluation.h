#pragma once

#include <map>
#include <string>
#include <vector>

#include "ser/nn/graph.h"

namespace ser::nn::test {

// Row-major.
struct Tensor {
  std::vector<Index> shape;
  std::vector<double> values;
};

// All tensors of a graph by name, computed from its inputs as the operators of ONNX are defined, in
// double and without regard to speed. Throws std::runtime_error where the graph is not sound: a
// tensor that is used before it is made, one that is made twice, shapes that do not fit, an
// operator that is not known here.
std::map<std::string, Tensor> evaluate(const Graph& graph,
                                       const std::map<std::string, Tensor>& inputs);

}  // namespace ser::nn::test
