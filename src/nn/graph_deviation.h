#pragma once

#include "ser/nn/graph.h"

namespace ser::nn {

// The standard deviation, sqrt(variance + epsilon), as nodes of a graph.
inline GraphValue add_deviation(const GraphValue& variance, double epsilon, GraphBuilder& graph) {
  return graph.node("Sqrt", {graph.node("Add", {variance, graph.constant(epsilon)})});
}

}  // namespace ser::nn
