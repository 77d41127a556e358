#include <algorithm>

#include "nn/channel_block.h"
#include "nn/convolution/convolution.h"
#include "nn/convolution/vector_kernels.h"
#include "nn/convolution/winograd_transforms.h"

namespace ser::nn {
namespace {

using winograd::kKernel;
using winograd::kOutputs;
using winograd::kPoints;

// The output's steps are cut into tiles of six (winograd_tiles.h). A block of examples is cut into
// chunks whose transforms of one point stay in the second-level cache beside the transformed
// weights of that point. Transforms are stored [point][block of 16 channels][tile of
// the chunk][16 channels]; channels are filled up with zeros.
struct Tiling {
  explicit Tiling(const ConvolutionShape& shape)
      : inputs(channel_blocks(shape.input.channels)),
        outputs(channel_blocks(shape.channels)),
        tiles(tiles_of(shape)),
        chunk(std::max<Index>(1, kChunkTiles / tiles)) {}

  static Index tiles_of(const ConvolutionShape& shape) {
    const Index group = kOutputs * shape.dilation;
    return (shape.windows.count + group - 1) / group * shape.dilation;
  }
  static TileGrid grid_of(const ConvolutionShape& shape) {
    return {tiles_of(shape), shape.dilation, shape.windows.left};
  }
  // Of the transform of `blocks` of channels of a chunk.
  Index chunk_size(Index blocks) const { return kPoints * blocks * chunk * tiles * kBlockChannels; }
  Index chunks(Index examples) const { return (examples + chunk - 1) / chunk; }
  // Of the transformed weights.
  Index panels_size() const { return kPoints * outputs * inputs * kBlockChannels * kBlockChannels; }

  Index inputs;   // blocks of channels
  Index outputs;  // blocks of channels
  Index tiles;    // of an example of full length
  Index chunk;    // examples of a chunk

 private:
  static constexpr Index kChunkTiles = 224;
};

// Calls body(example, its shape, column of its first tile) for the examples [first, end) of a
// chunk; gives the number of their tiles.
template <class Body>
Index for_examples(const ConvolutionShape& block, std::span<const Index> lengths, Index first,
                   Index end, const Body& body) {
  Index column = 0;
  for (Index example = first; example < end; ++example) {
    const ConvolutionShape shape = block.of_example(lengths, example);
    body(example, shape, column);
    column += Tiling::tiles_of(shape);
  }
  return column;
}

// Where the transforms of a chunk of `columns` tiles lie.
struct Transforms {
  Scalar* data;
  Index blocks;
  Index columns;

  Index point_size() const { return blocks * columns * kBlockChannels; }
  Scalar* point(Index index) const { return data + index * point_size(); }
  // Those of an example whose first tile has this column.
  Tiles<Scalar> tiles(Index column) const {
    return {data + column * kBlockChannels, point_size(), columns * kBlockChannels};
  }
  Tiles<const Scalar> const_tiles(Index column) const {
    return {data + column * kBlockChannels, point_size(), columns * kBlockChannels};
  }
};

// Kept in scratch: the transformed inputs of all chunks (from forward() to backward()); then, for
// one chunk, the transformed outputs or their derivatives, and the derivatives of the transformed
// inputs; then the gradient of the transformed weights.
class Winograd : public ConvolutionFormulation {
 public:
  std::string_view name() const override { return "winograd"; }

  bool suits(const ConvolutionShape& shape) const override {
    return shape.kernel == kKernel && shape.stride == 1 && shape.dilation <= kMaxDilation &&
           shape.input.channels >= kBlockChannels && shape.channels >= kBlockChannels;
  }

  // Panels for PanelProducts::multiply(): of the weights and, for training, of their transposes.
  Index prepared_size(const ConvolutionShape& shape, Mode mode) const override {
    return (mode == Mode::kTraining ? 2 : 1) * Tiling(shape).panels_size();
  }

  void prepare(const ConvolutionShape& shape, ConstParameters weights, Mode mode,
               std::span<Scalar> prepared) const override {
    const Tiling tiling(shape);
    Scalar* panels = prepared.data();
    vector_kernels().filters.transform(bank_of(shape), weights.data(), panels);
    if (mode == Mode::kTraining) {
      transpose_panels(panels, tiling.outputs, tiling.inputs, panels + tiling.panels_size());
    }
  }

  Index scratch_size(const ConvolutionShape& shape, Index examples) const override {
    const Tiling tiling(shape);
    return (tiling.chunks(examples) + 1) * tiling.chunk_size(tiling.inputs) +
           tiling.chunk_size(tiling.outputs) + tiling.panels_size();
  }

  void forward(const ConvolutionShape& block, const Forward& arguments) const override {
    const Tiling tiling(block);
    const Scratch scratch(tiling, arguments.x.cols(), arguments.scratch);
    Block y = arguments.y;
    const Scalar* bias = arguments.bias.size() > 0 ? arguments.bias.data() : nullptr;
    for (Index chunk = 0, first = 0; first < y.cols(); ++chunk, first += tiling.chunk) {
      const Index end = std::min(first + tiling.chunk, y.cols());
      const Index columns = count_columns(block, arguments.lengths, first, end);
      const Transforms inputs{scratch.inputs(chunk), tiling.inputs, columns};
      const Transforms outputs{scratch.outputs, tiling.outputs, columns};
      for_examples(block, arguments.lengths, first, end,
                   [&](Index example, const ConvolutionShape& shape, Index column) {
                     vector_kernels().tiles.transform_input(
                         Tiling::grid_of(shape),
                         {arguments.x.col(example).data(), shape.input.channels, shape.input.time},
                         inputs.tiles(column));
                   });
      multiply(arguments.prepared.data(), inputs, outputs);
      for_examples(block, arguments.lengths, first, end,
                   [&](Index example, const ConvolutionShape& shape, Index column) {
                     vector_kernels().tiles.transform_output(
                         Tiling::grid_of(shape), outputs.const_tiles(column), bias,
                         {y.col(example).data(), shape.channels, shape.windows.count});
                   });
    }
  }

  void backward(const ConvolutionShape& block, const Backward& arguments) const override {
    Parameters gradient = arguments.weights_gradient;
    if (arguments.x.cols() == 0) {
      gradient.setZero();
      return;
    }
    const Tiling tiling(block);
    const Scratch scratch(tiling, arguments.x.cols(), arguments.scratch);
    Block dx = arguments.dx;
    for (Index chunk = 0, first = 0; first < arguments.x.cols(); ++chunk, first += tiling.chunk) {
      const Index end = std::min(first + tiling.chunk, arguments.x.cols());
      const Index columns = count_columns(block, arguments.lengths, first, end);
      const Transforms inputs{scratch.inputs(chunk), tiling.inputs, columns};
      const Transforms outputs{scratch.outputs, tiling.outputs, columns};
      for_examples(block, arguments.lengths, first, end,
                   [&](Index example, const ConvolutionShape& shape, Index column) {
                     vector_kernels().tiles.transform_output_derivative(
                         Tiling::grid_of(shape),
                         {arguments.dy.col(example).data(), shape.channels, shape.windows.count},
                         outputs.tiles(column));
                   });
      const Index panels = tiling.panels_size() / kPoints;
      const PanelProducts& products = vector_kernels().products;
      const auto outer_product = first == 0 ? products.outer_product : products.add_outer_product;
      for (Index point = 0; point < kPoints; ++point) {
        outer_product(outputs.point(point), inputs.point(point), tiling.outputs, tiling.inputs,
                      columns, scratch.weights + point * panels);
      }
      if (dx.cols() == 0) continue;
      const Transforms derivatives{scratch.derivatives, tiling.inputs, columns};
      multiply(arguments.prepared.data() + tiling.panels_size(), outputs, derivatives);
      for_examples(block, arguments.lengths, first, end,
                   [&](Index example, const ConvolutionShape& shape, Index column) {
                     vector_kernels().tiles.transform_input_derivative(
                         Tiling::grid_of(shape), derivatives.const_tiles(column),
                         {dx.col(example).data(), shape.input.channels, shape.input.time});
                   });
    }
    vector_kernels().filters.transform_derivative(bank_of(block), scratch.weights, gradient.data());
  }

 private:
  // With more, most tiles of a short input would be empty.
  static constexpr Index kMaxDilation = 16;

  struct Scratch {
    Scratch(const Tiling& tiling, Index examples, std::span<Scalar> scratch)
        : input_size(tiling.chunk_size(tiling.inputs)),
          first_input(scratch.data()),
          outputs(first_input + tiling.chunks(examples) * input_size),
          derivatives(outputs + tiling.chunk_size(tiling.outputs)),
          weights(derivatives + input_size) {}

    Scalar* inputs(Index chunk) const { return first_input + chunk * input_size; }

    Index input_size;
    Scalar* first_input;
    Scalar* outputs;
    Scalar* derivatives;
    Scalar* weights;
  };

  static FilterBank bank_of(const ConvolutionShape& shape) {
    return {shape.input.channels, shape.channels};
  }

  // Panels [point][output blocks][inputs][16 outputs] to [point][input blocks][outputs][16 inputs].
  static void transpose_panels(const Scalar* panels, Index outputs, Index inputs,
                               Scalar* transposed) {
    using Square = Eigen::Matrix<Scalar, kBlockChannels, kBlockChannels>;
    for (Index point = 0; point < kPoints; ++point) {
      for (Index output = 0; output < outputs; ++output) {
        for (Index input = 0; input < inputs; ++input) {
          const Eigen::Map<const Square> from(
              panels + ((point * outputs + output) * inputs + input) * Square::SizeAtCompileTime);
          Eigen::Map<Square>(transposed + ((point * inputs + input) * outputs + output) *
                                              Square::SizeAtCompileTime) = from.transpose();
        }
      }
    }
  }

  static Index count_columns(const ConvolutionShape& block, std::span<const Index> lengths,
                             Index first, Index end) {
    return for_examples(block, lengths, first, end, [](auto&&...) {});
  }

  // One product a point.
  static void multiply(const Scalar* panels, const Transforms& from, const Transforms& to) {
    const Index size = from.blocks * to.blocks * kBlockChannels * kBlockChannels;
    for (Index point = 0; point < kPoints; ++point) {
      vector_kernels().products.multiply(panels + point * size, from.point(point), to.blocks,
                                         from.blocks, from.columns, to.point(point));
    }
  }
};

}  // namespace

const ConvolutionFormulation& winograd_convolution() {
  static const Winograd formulation;
  return formulation;
}

}  // namespace ser::nn
