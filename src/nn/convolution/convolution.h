#pragma once

#include <span>
#include <string_view>

#include "ser/nn/layer.h"
#include "ser/nn/tensor.h"

#include "nn/windows.h"

namespace ser::nn {

// Cross-correlation over time, y_t = W [x_{t s}; x_{t s + d}; ...] + b, with stride s and dilation
// d. With g groups, channels are cut into g parts in their order, and each part of the output sees
// that part of the input only.
struct ConvolutionShape {
  Shape input;
  Index channels;  // of the output
  Index kernel;
  Index stride;
  Index dilation;
  std::string_view padding;  // whose text lives longer
  Index groups = 1;          // divides both numbers of channels
  Windows windows = place_windows(input.time, (kernel - 1) * dilation + 1, stride, padding);

  // Numbers of the input that a number of the output sees.
  Index window_size() const { return kernel * (input.channels / groups); }
  Index num_weights() const { return channels * window_size(); }
  // That of an example which may be shorter than its column.
  ConvolutionShape of_example(std::span<const Index> lengths, Index example) const;
  // Whether windows of some number of steps up to input.time leave their input.
  bool may_pad() const { return padding != "valid" && (kernel > 1); }
};

// That of a layer of the kind conv1d, which has to live longer.
ConvolutionShape conv1d_shape(const Layer& conv1d, const Shape& input);

// One way of computing it. W: [channels x window_size()], column-major; b: [channels] or empty. x
// and y are blocks of examples, lengths those of Pass. Formulations differ in speed and in the last
// digits; all give an example the same bits whatever its company, and allocate nothing.
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
    std::span<const Index> lengths = {};
  };
  virtual void forward(const ConvolutionShape& shape, const Forward& arguments) const = 0;

  struct Backward {
    std::span<const Scalar> prepared;
    ConstParameters weights;
    ConstBlock x;
    ConstBlock dy;
    Block dx;                     // dx =, unless it has no columns
    Parameters weights_gradient;  // =
    std::span<Scalar> scratch;    // as forward() left it
    std::span<const Index> lengths = {};
  };
  virtual void backward(const ConvolutionShape& shape, const Backward& arguments) const = 0;
};

// The formulations for a single group, the most special first; the last one suits every shape of
// that kind.
std::span<const ConvolutionFormulation* const> convolution_formulations();

// With one group the first of them that suits the shape; otherwise one of the two for groups.
const ConvolutionFormulation& choose_formulation(const ConvolutionShape& shape);

// Each in a file of its own.
const ConvolutionFormulation& single_channel_convolution();
const ConvolutionFormulation& winograd_convolution();
const ConvolutionFormulation& direct_convolution();
const ConvolutionFormulation& depthwise_convolution();
const ConvolutionFormulation& grouped_convolution();

}  // namespace ser::nn
