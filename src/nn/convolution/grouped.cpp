#include <algorithm>

#include "nn/channel_block.h"
#include "nn/convolution/convolution.h"

namespace ser::nn {
namespace {

// How groups are computed: the channels of a bundle of neighbouring groups are gathered, and the
// bundle is a convolution of one group whose weights are zero between its groups. So all that
// formulations for one group do well serves groups too; and as a product of fewer than sixteen
// channels takes as long as one of sixteen, small groups pay nothing for their zeros.
struct Bundles {
  explicit Bundles(const ConvolutionShape& all)
      : whole(all),
        inputs(whole.input.channels / whole.groups),
        outputs(whole.channels / whole.groups),
        groups(groups_together()),
        count(whole.groups / groups),
        shape{{groups * inputs, whole.input.time},
              groups * outputs,
              whole.kernel,
              whole.stride,
              whole.dilation,
              whole.padding},
        formulation(choose_formulation(shape)) {}

  // Of a block of examples.
  Index input_size(Index examples) const { return shape.input.size() * examples; }
  Index output_size(Index examples) const {
    return shape.channels * shape.windows.count * examples;
  }

  // Calls body(column, weights of the whole, weights of a bundle of their own) for the columns of
  // weights of the groups of a bundle; of both, `outputs` follow each other in memory.
  template <class Body>
  void for_weights(Index bundle, const Body& body) const {
    for (Index group = 0; group < groups; ++group) {
      for (Index column = 0; column < whole.window_size(); ++column) {
        const Index wide =
            column / inputs * shape.input.channels + group * inputs + column % inputs;
        body(column * whole.channels + (bundle * groups + group) * outputs,
             wide * shape.channels + group * outputs);
      }
    }
  }

  const ConvolutionShape& whole;
  Index inputs;            // channels of a group
  Index outputs;           // channels of a group
  Index groups;            // of a bundle
  Index count;             // bundles
  ConvolutionShape shape;  // of a bundle
  const ConvolutionFormulation& formulation;

 private:
  Index groups_together() const {
    // Where weights are many, their zeros would be more.
    constexpr Index kMostWeights = Index{1} << 22;
    Index together = 1;
    const auto suffices = [&] {
      return together * outputs >= kBlockChannels &&
             together * whole.window_size() >= kBlockChannels;
    };
    while (together < whole.groups && !suffices()) {
      do {
        ++together;
      } while (whole.groups % together != 0);
    }
    return whole.num_weights() <= kMostWeights / together ? together : 1;
  }
};

// Channels [first, first + part.channels) of an example with `all` channels, to or from their own
// place.
void gather(const Scalar* from, Index all, Index first, const Shape& part, Scalar* to) {
  Block(to, part.channels, part.time) =
      ConstBlock(from, all, part.time).middleRows(first, part.channels);
}
void scatter(const Scalar* from, Index all, Index first, const Shape& part, Scalar* to) {
  Block(to, all, part.time).middleRows(first, part.channels) =
      ConstBlock(from, part.channels, part.time);
}

// Prepared: for each bundle its weights, then what its formulation prepares. Scratch: for each
// bundle its input and the scratch of its formulation; then, for one bundle, its output or the
// derivative of that, the derivative of its input, and the gradient of its weights.
class Grouped : public ConvolutionFormulation {
 public:
  std::string_view name() const override { return "grouped"; }

  bool suits(const ConvolutionShape& shape) const override { return shape.groups > 1; }

  Index prepared_size(const ConvolutionShape& shape, Mode mode) const override {
    const Bundles bundles(shape);
    return bundles.count *
           (bundles.shape.num_weights() + bundles.formulation.prepared_size(bundles.shape, mode));
  }

  void prepare(const ConvolutionShape& shape, ConstParameters weights, Mode mode,
               std::span<Scalar> prepared) const override {
    const Bundles bundles(shape);
    std::ranges::fill(prepared, Scalar{0});
    for (Index bundle = 0; bundle < bundles.count; ++bundle) {
      const auto own = part_of(prepared, bundle, bundles.count);
      bundles.for_weights(bundle, [&](Index from, Index to) {
        std::copy_n(weights.data() + from, bundles.outputs, own.data() + to);
      });
      bundles.formulation.prepare(bundles.shape, weights_of(bundles, own), mode,
                                  behind_weights(bundles, own));
    }
  }

  Index scratch_size(const ConvolutionShape& shape, Index examples) const override {
    const Bundles bundles(shape);
    return bundles.count * kept_size(bundles, examples) + bundles.output_size(examples) +
           bundles.input_size(examples) + bundles.shape.num_weights();
  }

  void forward(const ConvolutionShape& shape, const Forward& arguments) const override {
    const Bundles bundles(shape);
    const Index examples = arguments.x.cols();
    const Index channels = bundles.shape.channels;
    const Scratch scratch(bundles, arguments.scratch, examples);
    Block y = arguments.y;
    for (Index bundle = 0; bundle < bundles.count; ++bundle) {
      const auto own = part_of(arguments.prepared, bundle, bundles.count);
      const Index first_input = bundle * bundles.shape.input.channels;
      const auto kept = scratch.kept(bundle);
      for (Index example = 0; example < examples; ++example) {
        const ConvolutionShape part = bundles.shape.of_example(arguments.lengths, example);
        gather(arguments.x.col(example).data(), shape.input.channels, first_input, part.input,
               kept.data() + example * bundles.shape.input.size());
      }
      const bool bias = arguments.bias.size() > 0;
      bundles.formulation.forward(
          bundles.shape, {behind_weights(bundles, own), weights_of(bundles, own),
                          ConstParameters(arguments.bias.data() + (bias ? bundle * channels : 0),
                                          bias ? channels : 0),
                          ConstBlock(kept.data(), bundles.shape.input.size(), examples),
                          Block(scratch.output, channels * bundles.shape.windows.count, examples),
                          behind(kept, bundles.input_size(examples)), arguments.lengths});
      for (Index example = 0; example < examples; ++example) {
        const ConvolutionShape part = bundles.shape.of_example(arguments.lengths, example);
        scatter(scratch.output + example * channels * bundles.shape.windows.count, shape.channels,
                bundle * channels, {channels, part.windows.count}, y.col(example).data());
      }
    }
  }

  void backward(const ConvolutionShape& shape, const Backward& arguments) const override {
    const Bundles bundles(shape);
    const Index examples = arguments.x.cols();
    const Index channels = bundles.shape.channels;
    const Scratch scratch(bundles, arguments.scratch, examples);
    Block dx = arguments.dx;
    Parameters gradient = arguments.weights_gradient;
    for (Index bundle = 0; bundle < bundles.count; ++bundle) {
      const auto own = part_of(arguments.prepared, bundle, bundles.count);
      const auto kept = scratch.kept(bundle);
      for (Index example = 0; example < examples; ++example) {
        const ConvolutionShape part = bundles.shape.of_example(arguments.lengths, example);
        gather(arguments.dy.col(example).data(), shape.channels, bundle * channels,
               {channels, part.windows.count},
               scratch.output + example * channels * bundles.shape.windows.count);
      }
      bundles.formulation.backward(
          bundles.shape,
          {behind_weights(bundles, own), weights_of(bundles, own),
           ConstBlock(kept.data(), bundles.shape.input.size(), examples),
           ConstBlock(scratch.output, channels * bundles.shape.windows.count, examples),
           Block(scratch.input, bundles.shape.input.size(), dx.cols()),
           Parameters(scratch.gradient, bundles.shape.num_weights()),
           behind(kept, bundles.input_size(examples)), arguments.lengths});
      bundles.for_weights(bundle, [&](Index to, Index from) {
        gradient.segment(to, bundles.outputs) =
            ConstParameters(scratch.gradient + from, bundles.outputs);
      });
      for (Index example = 0; example < dx.cols(); ++example) {
        const ConvolutionShape part = bundles.shape.of_example(arguments.lengths, example);
        scatter(scratch.input + example * bundles.shape.input.size(), shape.input.channels,
                bundle * bundles.shape.input.channels, part.input, dx.col(example).data());
      }
    }
  }

 private:
  template <class Number>
  static std::span<Number> part_of(std::span<Number> all, Index index, Index parts) {
    const std::size_t size = all.size() / static_cast<std::size_t>(parts);
    return all.subspan(static_cast<std::size_t>(index) * size, size);
  }

  template <class Number>
  static std::span<Number> behind(std::span<Number> all, Index size) {
    return all.subspan(static_cast<std::size_t>(size));
  }
  template <class Number>
  static std::span<Number> behind_weights(const Bundles& bundles, std::span<Number> prepared) {
    return behind(prepared, bundles.shape.num_weights());
  }

  static ConstParameters weights_of(const Bundles& bundles, std::span<const Scalar> prepared) {
    return {prepared.data(), bundles.shape.num_weights()};
  }

  static Index kept_size(const Bundles& bundles, Index examples) {
    return bundles.input_size(examples) + bundles.formulation.scratch_size(bundles.shape, examples);
  }

  struct Scratch {
    Scratch(const Bundles& bundles, std::span<Scalar> all, Index examples)
        : kept_begin(all.data()),
          kept_numbers(kept_size(bundles, examples)),
          output(kept_begin + bundles.count * kept_numbers),
          input(output + bundles.output_size(examples)),
          gradient(input + bundles.input_size(examples)) {}

    std::span<Scalar> kept(Index bundle) const {
      return {kept_begin + bundle * kept_numbers, static_cast<std::size_t>(kept_numbers)};
    }

    Scalar* kept_begin;
    Index kept_numbers;
    Scalar* output;
    Scalar* input;
    Scalar* gradient;
  };
};

}  // namespace

const ConvolutionFormulation& grouped_convolution() {
  static const Grouped formulation;
  return formulation;
}

}  // namespace ser::nn
