#pragma once

#include <span>
#include <string_view>

#include "ser/nn/layer.h"
#include "ser/nn/tensor.h"

#include "nn/windows.h"

namespace ser::nn {

// Cross-correlation over time, y_t = W [x_{t s}; x_{t s + 1}; ...] + b.
struct ConvolutionShape {
  Shape input;
  Index channels = 0;  // of the output
  Index kernel = 0;
  Index stride = 0;
  Windows windows;

  Index window_size() const { return kernel * input.channels; }
  Index num_weights() const { return channels * window_size(); }
};

// One way of computing it. W: [channels x kernel*input channels], column-major; b: [channels] or
// empty. x and y are blocks of examples. Formulations differ in speed and in the last digits; all
// give an example the same bits whatever its company, and allocate nothing.
class ConvolutionFormulation {
 public:
  virtual ~ConvolutionFormulation() = default;

  virtual std::string_view name() const = 0;
  virtual bool suits(const ConvolutionShape& shape) const = 0;

  // What Layer has under the same names.
  virtual Index prepared_size(const ConvolutionShape& shape, Mode mode) const = 0;
  virtual void prepare(const ConvolutionShape& shape, ConstParameters weights, Mode mode,
                       std::span<Scalar> prepared) const = 0;
  virtual Index scratch_size(const ConvolutionShape& shape, Index examples) const = 0;

  struct Forward {
    std::span<const Scalar> prepared;
    ConstParameters weights;
    ConstParameters bias;
    ConstBlock x;
    Block y;  // y =
    std::span<Scalar> scratch;
  };
  virtual void forward(const ConvolutionShape& shape, const Forward& arguments) const = 0;

  struct Backward {
    std::span<const Scalar> prepared;
    ConstParameters weights;
    ConstBlock x;
    ConstBlock dy;
    Block dx;                     // dx =, unless it has no columns
    Parameters weights_gradient;  // +=
    std::span<Scalar> scratch;    // as forward() left it
  };
  virtual void backward(const ConvolutionShape& shape, const Backward& arguments) const = 0;
};

// The formulations, the most special first; the last one suits every shape.
std::span<const ConvolutionFormulation* const> convolution_formulations();

// The first of them that suits the shape.
const ConvolutionFormulation& choose_formulation(const ConvolutionShape& shape);

// Each in a file of its own.
const ConvolutionFormulation& single_channel_convolution();
const ConvolutionFormulation& winograd_convolution();
const ConvolutionFormulation& direct_convolution();

}  // namespace ser::nn
