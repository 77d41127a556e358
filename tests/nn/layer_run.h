#pragma once

#include <limits>
#include <vector>

#include "ser/core/random.h"
#include "ser/nn/layer.h"

namespace ser::nn::test {

inline Matrix random_matrix(Index rows, Index cols, core::RandomStream random) {
  Matrix matrix(rows, cols);
  for (Index i = 0; i < matrix.size(); ++i) matrix.data()[i] = static_cast<Scalar>(random.normal());
  return matrix;
}

// A layer with everything it needs for one block. Outputs start as NaN, so that a number that is
// not set shows; scratch starts as NaN, so that one that is not written before it is read shows
// too.
class LayerRun {
 public:
  LayerRun(const Layer& layer, const Shape& input, Index examples, Mode mode,
           std::uint64_t seed = 1)
      : layer_(layer), input_(input), mode_(mode) {
    constexpr Scalar kNan = std::numeric_limits<Scalar>::quiet_NaN();
    const core::RandomStream random(seed);
    const Index outputs = layer.output_shape(input).size();
    const Index count = layer.num_parameters(input);
    parameters = random_matrix(count, 1, random.fork("parameters"));
    // A running variance is not negative.
    for (const ParameterRange& range : layer.statistics(input)) {
      auto values = parameters.segment(range.begin, range.size);
      values = values.cwiseAbs().eval();
    }
    gradient = Vector::Constant(count, kNan);
    x = random_matrix(input.size(), examples, random.fork("x"));
    dy = random_matrix(outputs, examples, random.fork("dy"));
    y = Matrix::Constant(outputs, examples, kNan);
    dx = Matrix::Constant(input.size(), examples, kNan);
    prepared = Vector::Constant(layer.prepared_size(input, Mode::kTraining), kNan);
    scratch = Vector::Constant(layer.scratch_size(input, examples), kNan);
    for (Index i = 0; i < examples; ++i) {
      streams.push_back(random.fork("example").fork(static_cast<std::uint64_t>(i)));
    }
  }

  void forward() {
    layer_.prepare(input_, ConstParameters(parameters.data(), parameters.size()), Mode::kTraining,
                   {prepared.data(), static_cast<std::size_t>(prepared.size())});
    layer_.forward(pass(), ConstParameters(parameters.data(), parameters.size()),
                   ConstBlock(x.data(), x.rows(), x.cols()), Block(y.data(), y.rows(), y.cols()),
                   scratch_span());
  }

  // Without dx where `inner` is false, as in the first layer of a network.
  void backward(bool inner = true) {
    layer_.backward(
        pass(),
        {ConstParameters(parameters.data(), parameters.size()),
         ConstBlock(x.data(), x.rows(), x.cols()), ConstBlock(y.data(), y.rows(), y.cols()),
         ConstBlock(dy.data(), dy.rows(), dy.cols()),
         Block(dx.data(), dx.rows(), inner ? dx.cols() : 0),
         Parameters(gradient.data(), gradient.size())},
        scratch_span());
  }

  Vector parameters;
  Vector gradient;
  Matrix x;
  Matrix y;
  Matrix dx;
  Matrix dy;
  Vector prepared;
  Vector scratch;
  std::vector<core::RandomStream> streams;
  std::vector<Index> lengths;  // empty: all of full length

 private:
  Pass pass() const {
    return {
        mode_,  input_, 3, streams, {prepared.data(), static_cast<std::size_t>(prepared.size())},
        lengths};
  }
  std::span<Scalar> scratch_span() {
    return {scratch.data(), static_cast<std::size_t>(scratch.size())};
  }

  const Layer& layer_;
  Shape input_;
  Mode mode_;
};

}  // namespace ser::nn::test
