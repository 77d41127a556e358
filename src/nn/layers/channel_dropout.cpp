#include "nn/channel_block.h"
#include "nn/configured_layer.h"
#include "nn/dropout_factors.h"

namespace ser::nn {
namespace {

struct ChannelDropoutConfig {
  static constexpr const char* kKind = "channel_dropout";
  double rate = 0.2;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("rate", self.rate, "share of the channels set to zero in training",
          core::Range{0.0, 0.99});
  }
};

// Dropout of channels for all steps of an example (Tompson et al., 2015): neighbouring steps are so
// alike that dropping single numbers takes little away. The scratch holds the factor of every
// channel.
class ChannelDropout : public ConfiguredLayer<ChannelDropoutConfig> {
 public:
  using ConfiguredLayer::ConfiguredLayer;

  bool is_identity(Mode mode) const override { return mode == Mode::kInference; }

  Shape output_shape(const Shape& input) const override { return input; }

  Index scratch_size(const Shape& input, Index examples) const override {
    return input.channels * examples;
  }

  void forward(const Pass& pass, ConstParameters /*parameters*/, ConstBlock x, Block y,
               std::span<Scalar> scratch) const override {
    const Block factors(scratch.data(), pass.input.channels, x.cols());
    draw_dropout_factors(pass, config().rate, factors);
    multiply(pass, factors, x, y);
  }

  void backward(const Pass& pass, const Backward& arguments,
                std::span<Scalar> scratch) const override {
    multiply(pass, Block(scratch.data(), pass.input.channels, arguments.dy.cols()), arguments.dy,
             arguments.dx);
  }

  GraphValue to_graph(const Shape& /*input*/, ConstParameters /*parameters*/, const GraphValue& x,
                      GraphBuilder& /*graph*/) const override {
    return x;
  }

 private:
  static void multiply(const Pass& pass, const Block& factors, const ConstBlock& from, Block to) {
    for (Index example = 0; example < to.cols(); ++example) {
      for_step_blocks(pass.shape(example), [&](Index place, Index channel, Index count) {
        (ChannelBlock::load(from.col(example).data() + place, count) *
         ChannelBlock::load(factors.col(example).data() + channel, count))
            .store(to.col(example).data() + place, count);
      });
    }
  }
};

}  // namespace

LayerType channel_dropout_layer() {
  return core::configured_part_type<ChannelDropout>(R"([{"rate": 0.0}, {"rate": 0.5}])");
}

}  // namespace ser::nn
