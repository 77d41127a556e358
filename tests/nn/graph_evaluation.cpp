#include "nn/graph_evaluation.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <stdexcept>

namespace ser::nn::test {
namespace {

using Shape = std::vector<Index>;
using Numbers = std::vector<std::int64_t>;

void require(bool holds, const std::string& what) {
  if (!holds) throw std::runtime_error(what);
}

Index product(const Shape& shape) {
  Index size = 1;
  for (const Index dimension : shape) size *= dimension;
  return size;
}

Tensor filled(Shape shape, double number) {
  const Index size = product(shape);
  return {std::move(shape), std::vector<double>(static_cast<std::size_t>(size), number)};
}

// Calls body(index, its place in a tensor of that shape) for every index.
void for_indices(const Shape& shape, const std::function<void(const Shape&, std::size_t)>& body) {
  Shape at(shape.size(), 0);
  const Index size = product(shape);
  for (Index place = 0; place < size; ++place) {
    Index rest = place;
    for (std::size_t d = shape.size(); d-- > 0;) {
      at[d] = rest % shape[d];
      rest /= shape[d];
    }
    body(at, static_cast<std::size_t>(place));
  }
}

double at(const Tensor& tensor, const Shape& index) {
  Index place = 0;
  for (std::size_t d = 0; d < index.size(); ++d) place = place * tensor.shape[d] + index[d];
  return tensor.values[static_cast<std::size_t>(place)];
}

// A node with its inputs and attributes at hand.
struct Call {
  const GraphNode& node;
  std::vector<const Tensor*> inputs;

  const Tensor& in(std::size_t index) const { return *inputs.at(index); }

  template <class Value>
  Value attribute(const std::string& name, Value otherwise) const {
    for (const auto& attribute : node.attributes) {
      if (attribute.name == name) return std::get<Value>(attribute.value);
    }
    return otherwise;
  }
};

Tensor map(const Tensor& x, const std::function<double(double)>& function) {
  Tensor y = x;
  for (double& number : y.values) number = function(number);
  return y;
}

Tensor combine(const Tensor& a, const Tensor& b,
               const std::function<double(double, double)>& function) {
  const std::size_t rank = std::max(a.shape.size(), b.shape.size());
  const auto dimension = [rank](const Tensor& tensor, std::size_t d) {
    const std::size_t missing = rank - tensor.shape.size();
    return d < missing ? 1 : tensor.shape[d - missing];
  };
  Shape shape;
  for (std::size_t d = 0; d < rank; ++d) {
    const Index first = dimension(a, d);
    const Index second = dimension(b, d);
    require(first == second || first == 1 || second == 1, "shapes cannot be broadcast");
    shape.push_back(std::max(first, second));
  }
  const auto broadcast = [rank](const Tensor& tensor, const Shape& index) {
    const std::size_t missing = rank - tensor.shape.size();
    Shape own;
    for (std::size_t d = missing; d < rank; ++d) {
      own.push_back(tensor.shape[d - missing] == 1 ? 0 : index[d]);
    }
    return at(tensor, own);
  };
  Tensor y = filled(shape, 0);
  for_indices(shape, [&](const Shape& index, std::size_t place) {
    y.values[place] = function(broadcast(a, index), broadcast(b, index));
  });
  return y;
}

// Along one dimension, which stays with 1 entry.
Tensor reduce(const Tensor& x, std::size_t axis, double first,
              const std::function<double(double, double)>& function) {
  Shape shape = x.shape;
  shape.at(axis) = 1;
  Tensor y = filled(shape, first);
  for_indices(x.shape, [&](const Shape& index, std::size_t place) {
    Index to = 0;
    for (std::size_t d = 0; d < shape.size(); ++d) {
      to = to * shape[d] + (d == axis ? 0 : index[d]);
    }
    double& number = y.values[static_cast<std::size_t>(to)];
    number = function(number, x.values[place]);
  });
  return y;
}

Tensor sum(const Tensor& x, std::size_t axis) { return reduce(x, axis, 0, std::plus<>()); }

Tensor mean(const Tensor& x, std::size_t axis) {
  const auto count = static_cast<double>(x.shape.at(axis));
  return map(sum(x, axis), [count](double number) { return number / count; });
}

Tensor largest(const Tensor& x, std::size_t axis) {
  return reduce(x, axis, -std::numeric_limits<double>::infinity(),
                [](double a, double b) { return std::max(a, b); });
}

Tensor softmax(const Tensor& x, std::size_t axis) {
  const Tensor powers =
      map(combine(x, largest(x, axis), std::minus<>()), [](double d) { return std::exp(d); });
  return combine(powers, sum(powers, axis), std::divides<>());
}

// Windows over the last dimension of [batch, channels, time].
struct SlidingWindow {
  Index size, stride, dilation, left, count;

  SlidingWindow(const Call& call, Index kernel)
      : size(call.attribute("kernel_shape", Numbers{kernel}).at(0)),
        stride(call.attribute("strides", Numbers{1}).at(0)),
        dilation(call.attribute("dilations", Numbers{1}).at(0)),
        left(call.attribute("pads", Numbers{0, 0}).at(0)) {
    const Shape& shape = call.in(0).shape;
    require(shape.size() == 3, "no steps");
    const Index padded = shape[2] + left + call.attribute("pads", Numbers{0, 0}).at(1);
    require(padded >= (size - 1) * dilation + 1, "a window does not fit");
    count = (padded - (size - 1) * dilation - 1) / stride + 1;
  }

  // Calls body(k, step) for what of a window lies within the input.
  void for_steps(Index window, Index time, const std::function<void(Index, Index)>& body) const {
    for (Index k = 0; k < size; ++k) {
      const Index step = window * stride + k * dilation - left;
      if (step >= 0 && step < time) body(k, step);
    }
  }
};

Tensor convolution(const Call& call) {
  const Tensor& x = call.in(0);
  const Tensor& weights = call.in(1);
  require(weights.shape.size() == 3, "weights of a convolution");
  const SlidingWindow window(call, weights.shape[2]);
  const Index groups = call.attribute("group", std::int64_t{1});
  require(window.size == weights.shape[2] && weights.shape[1] * groups == x.shape[1] &&
              weights.shape[0] % groups == 0,
          "weights of a convolution");
  const Index of_group = weights.shape[0] / groups;
  Tensor y = filled({x.shape[0], weights.shape[0], window.count}, 0);
  for_indices(y.shape, [&](const Shape& index, std::size_t place) {
    if (call.inputs.size() > 2) y.values[place] = at(call.in(2), {index[1]});
    window.for_steps(index[2], x.shape[2], [&](Index k, Index step) {
      for (Index c = 0; c < weights.shape[1]; ++c) {
        const Index channel = index[1] / of_group * weights.shape[1] + c;
        y.values[place] += at(weights, {index[1], c, k}) * at(x, {index[0], channel, step});
      }
    });
  });
  return y;
}

Tensor pooling(const Call& call) {
  const Tensor& x = call.in(0);
  const bool average = call.node.op == "AveragePool";
  require(!average || call.attribute("count_include_pad", std::int64_t{0}) == 0, "padding counts");
  const SlidingWindow window(call, 0);
  Tensor y = filled({x.shape[0], x.shape[1], window.count}, 0);
  for_indices(y.shape, [&](const Shape& index, std::size_t place) {
    double best = -std::numeric_limits<double>::infinity();
    double total = 0;
    double count = 0;
    window.for_steps(index[2], x.shape[2], [&](Index, Index step) {
      const double number = at(x, {index[0], index[1], step});
      best = std::max(best, number);
      total += number;
      ++count;
    });
    y.values[place] = average ? total / count : best;
  });
  return y;
}

Tensor general_product(const Call& call) {
  const Tensor& a = call.in(0);
  const Tensor& b = call.in(1);
  require(call.attribute("transB", std::int64_t{0}) == 1 && a.shape.size() == 2 &&
              b.shape.size() == 2 && a.shape[1] == b.shape[1],
          "factors of a product");
  Tensor y = filled({a.shape[0], b.shape[0]}, 0);
  for_indices(y.shape, [&](const Shape& index, std::size_t place) {
    for (Index k = 0; k < a.shape[1]; ++k) {
      y.values[place] += at(a, {index[0], k}) * at(b, {index[1], k});
    }
  });
  return call.inputs.size() > 2 ? combine(y, call.in(2), std::plus<>()) : y;
}

Tensor batch_normalization(const Call& call) {
  const Tensor& x = call.in(0);
  const auto epsilon = static_cast<double>(call.attribute("epsilon", 1e-5F));
  for (std::size_t i = 1; i <= 4; ++i) require(call.in(i).shape == Shape{x.shape[1]}, "channels");
  Tensor y = x;
  for_indices(x.shape, [&](const Shape& index, std::size_t place) {
    const Shape channel = {index[1]};
    y.values[place] = (x.values[place] - at(call.in(3), channel)) /
                          std::sqrt(at(call.in(4), channel) + epsilon) * at(call.in(1), channel) +
                      at(call.in(2), channel);
  });
  return y;
}

Tensor transposed(const Call& call) {
  const Tensor& x = call.in(0);
  const auto order = call.attribute("perm", Numbers{});
  require(order.size() == x.shape.size(), "permutation");
  Shape shape;
  for (const auto from : order) shape.push_back(x.shape.at(static_cast<std::size_t>(from)));
  Tensor y = filled(shape, 0);
  for_indices(shape, [&](const Shape& index, std::size_t place) {
    Shape source(index.size());
    for (std::size_t d = 0; d < index.size(); ++d) {
      source[static_cast<std::size_t>(order[d])] = index[d];
    }
    y.values[place] = at(x, source);
  });
  return y;
}

Tensor concatenated(const Call& call) {
  require(call.attribute("axis", std::int64_t{0}) == 1 && !call.inputs.empty(), "axis");
  Tensor y = call.in(0);
  for (std::size_t input = 1; input < call.inputs.size(); ++input) {
    const Tensor a = std::move(y);
    const Tensor& b = call.in(input);
    Shape shape = a.shape;
    shape[1] += b.shape.at(1);
    y = filled(shape, 0);
    for_indices(shape, [&](const Shape& index, std::size_t place) {
      Shape source = index;
      if (index[1] >= a.shape[1]) source[1] -= a.shape[1];
      y.values[place] = at(index[1] < a.shape[1] ? a : b, source);
    });
  }
  return y;
}

std::size_t only_axis(const Numbers& axes) {
  require(axes.size() == 1 && axes[0] >= 0, "one dimension is expected");
  return static_cast<std::size_t>(axes[0]);
}

std::size_t axis_input(const Call& call) {
  const auto& number = call.in(1).values;
  require(number.size() == 1, "one dimension is expected");
  return static_cast<std::size_t>(number[0]);
}

// Without the dimension of 1 entry.
Tensor squeezed(Tensor x, std::size_t axis) {
  require(x.shape.at(axis) == 1, "a dimension of one entry is expected");
  x.shape.erase(x.shape.begin() + static_cast<std::ptrdiff_t>(axis));
  return x;
}

// The places of the largest of each row, the first of equals first: the operator's second result.
Tensor places_of_largest(const Call& call) {
  const Tensor& x = call.in(0);
  require(x.shape.size() == 2 && call.attribute("axis", std::int64_t{-1}) == 1 &&
              call.in(1).values.size() == 1 && call.node.unused_outputs.size() == 1,
          "the places of a row's largest are expected");
  const auto count = static_cast<Index>(call.in(1).values[0]);
  require(count <= x.shape[1], "a row has fewer numbers");
  Tensor y = filled({x.shape[0], count}, 0);
  for (Index row = 0; row < x.shape[0]; ++row) {
    std::vector<Index> places(static_cast<std::size_t>(x.shape[1]));
    std::iota(places.begin(), places.end(), Index{0});
    std::ranges::stable_sort(places, std::greater<>(), [&](Index place) {
      return at(x, {row, place});
    });
    for (Index i = 0; i < count; ++i) {
      y.values[static_cast<std::size_t>(row * count + i)] =
          static_cast<double>(places[static_cast<std::size_t>(i)]);
    }
  }
  return y;
}

// Rows of a matrix by their places.
Tensor gathered(const Call& call) {
  const Tensor& rows = call.in(0);
  const Tensor& places = call.in(1);
  require(rows.shape.size() == 2 && call.attribute("axis", std::int64_t{0}) == 0, "rows");
  Shape shape = places.shape;
  shape.push_back(rows.shape[1]);
  Tensor y = filled(shape, 0);
  for_indices(shape, [&](const Shape& index, std::size_t place) {
    const Shape of_row(index.begin(), index.end() - 1);
    y.values[place] = at(rows, {static_cast<Index>(at(places, of_row)), index.back()});
  });
  return y;
}

Tensor compute(const Call& call) {
  const std::string& op = call.node.op;
  const Tensor& x = call.in(0);
  if (op == "Relu") return map(x, [](double d) { return std::max(d, 0.0); });
  if (op == "Sigmoid") return map(x, [](double d) { return 1 / (1 + std::exp(-d)); });
  if (op == "Tanh") return map(x, [](double d) { return std::tanh(d); });
  if (op == "Sqrt") return map(x, [](double d) { return std::sqrt(d); });
  if (op == "Add") return combine(x, call.in(1), std::plus<>());
  if (op == "Sub") return combine(x, call.in(1), std::minus<>());
  if (op == "Mul") return combine(x, call.in(1), std::multiplies<>());
  if (op == "Div") return combine(x, call.in(1), std::divides<>());
  if (op == "Conv") return convolution(call);
  if (op == "MaxPool" || op == "AveragePool") return pooling(call);
  if (op == "GlobalAveragePool") return mean(x, 2);
  if (op == "GlobalMaxPool") return largest(x, 2);
  if (op == "Gemm") return general_product(call);
  if (op == "BatchNormalization") return batch_normalization(call);
  if (op == "ReduceMean") return mean(x, only_axis(call.attribute("axes", Numbers{})));
  if (op == "ReduceSum") {
    const std::size_t axis = axis_input(call);
    const bool keeps = call.attribute("keepdims", std::int64_t{1}) == 1;
    return keeps ? sum(x, axis) : squeezed(sum(x, axis), axis);
  }
  if (op == "TopK") return places_of_largest(call);
  if (op == "Gather") return gathered(call);
  if (op == "Softmax") {
    return softmax(x, static_cast<std::size_t>(call.attribute("axis", std::int64_t{-1})));
  }
  if (op == "Transpose") return transposed(call);
  if (op == "Concat") return concatenated(call);
  Tensor y = x;
  if (op == "Clip") {
    return map(x, [&](double d) {
      return std::clamp(d, call.in(1).values.at(0), call.in(2).values.at(0));
    });
  }
  if (op == "Unsqueeze") {
    y.shape.insert(y.shape.begin() + static_cast<std::ptrdiff_t>(axis_input(call)), 1);
    return y;
  }
  if (op == "Flatten") {
    require(call.attribute("axis", std::int64_t{1}) == 1, "axis");
    y.shape = {x.shape.at(0), product(x.shape) / x.shape.at(0)};
    return y;
  }
  throw std::runtime_error("no operator " + op);
}

}  // namespace

std::map<std::string, Tensor> evaluate(const Graph& graph,
                                       const std::map<std::string, Tensor>& inputs) {
  std::map<std::string, Tensor> all = inputs;
  const auto add = [&](const std::string& name, Tensor tensor) {
    require(all.emplace(name, std::move(tensor)).second, "made twice: " + name);
  };
  for (const auto& parameter : graph.parameters) {
    require(parameter.strides.size() == parameter.shape.size(), "strides of " + parameter.name);
    Tensor tensor = filled(parameter.shape, 0);
    for_indices(tensor.shape, [&](const Shape& index, std::size_t place) {
      Index offset = 0;
      for (std::size_t d = 0; d < index.size(); ++d) offset += index[d] * parameter.strides[d];
      tensor.values[place] = static_cast<double>(parameter.values[offset]);
    });
    add(parameter.name, std::move(tensor));
  }
  for (const auto& constant : graph.constants) {
    if (const auto* number = std::get_if<float>(&constant.value)) {
      add(constant.name, {{}, {static_cast<double>(*number)}});
    } else {
      const auto& list = std::get<Numbers>(constant.value);
      add(constant.name, {{std::ssize(list)}, {list.begin(), list.end()}});
    }
  }
  for (const auto& node : graph.nodes) {
    Call call{node, {}};
    for (const auto& input : node.inputs) {
      const auto found = all.find(input);
      require(found != all.end(), node.output + " takes " + input + ", which is not made yet");
      call.inputs.push_back(&found->second);
    }
    add(node.output, compute(call));
  }
  return all;
}

}  // namespace ser::nn::test
