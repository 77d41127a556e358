#include <algorithm>
#include <limits>

#include "nn/channel_block.h"
#include "nn/configured_layer.h"
#include "nn/fusion.h"
#include "nn/windows.h"

namespace ser::nn {
namespace {

struct MaxPoolConfig {
  static constexpr const char* kKind = "max_pool";
  int size = 2;
  int stride = 2;
  std::string padding = "same";

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("size", self.size, "steps of a window", core::Range{1, 4096});
    visit("stride", self.stride, "steps from window to window", core::Range{1, 4096});
    visit("padding", self.padding, "whether windows may reach beyond the ends",
          core::OneOf{{"same", "valid"}});
  }
};

using Mask = decltype(Lanes{} < Lanes{});

// The largest number of each channel in each window; padded steps never win. Of equal numbers the
// first wins and alone receives the gradient. NaN wins over everything. No output is below the
// floor, and where none of a window's numbers is above it, none has a gradient: with a floor of 0
// this is a rectifier and max pooling in one, without its output in memory.
class MaxPool : public ConfiguredLayer<MaxPoolConfig> {
 public:
  explicit MaxPool(MaxPoolConfig config, Scalar floor = -std::numeric_limits<Scalar>::infinity())
      : ConfiguredLayer(std::move(config)), floor_(floor) {}

  Shape output_shape(const Shape& input) const override {
    return {input.channels, windows(input).count};
  }

  void forward(const Pass& pass, ConstParameters /*parameters*/, ConstBlock x, Block y,
               std::span<Scalar> /*scratch*/) const override {
    const Index channels = pass.input.channels;
    const Windows placed = windows(pass.input);
    for (Index example = 0; example < x.cols(); ++example) {
      for_windows(pass.input, placed, [&](const Window& window) {
        const Scalar* in = x.col(example).data() + window.channel;
        ChannelBlock largest = ChannelBlock::load(in + window.first * channels, window.channels);
        for (Index t = window.first + 1; t < window.last; ++t) {
          const ChannelBlock candidate = ChannelBlock::load(in + t * channels, window.channels);
          for (int i = 0; i < ChannelBlock::kParts; ++i) {
            const Lanes& value = candidate.parts[i];
            largest.parts[i] =
                (value > largest.parts[i]) | (value != value) ? value : largest.parts[i];
          }
        }
        for (auto& value : largest.parts) value = value < floor_ ? Lanes{} + floor_ : value;
        largest.store(y.col(example).data() + window.step * channels + window.channel,
                      window.channels);
      });
    }
  }

  void backward(const Pass& pass, const Backward& arguments,
                std::span<Scalar> /*scratch*/) const override {
    Block dx = arguments.dx;
    if (dx.cols() == 0) return;
    dx.setZero();
    const Index channels = pass.input.channels;
    const Windows placed = windows(pass.input);
    for (Index example = 0; example < dx.cols(); ++example) {
      for_windows(pass.input, placed, [&](const Window& window) {
        const Index output = window.step * channels + window.channel;
        // The winner is found again rather than remembered: that costs less than storing it.
        const auto largest =
            ChannelBlock::load(arguments.y.col(example).data() + output, window.channels);
        const auto derivative =
            ChannelBlock::load(arguments.dy.col(example).data() + output, window.channels);
        Mask pending[ChannelBlock::kParts];  // NOLINT: as in ChannelBlock
        for (int i = 0; i < ChannelBlock::kParts; ++i) pending[i] = largest.parts[i] > floor_;
        for (Index t = window.first; t < window.last; ++t) {
          const Index place = t * channels + window.channel;
          const auto value =
              ChannelBlock::load(arguments.x.col(example).data() + place, window.channels);
          ChannelBlock sum = ChannelBlock::load(dx.col(example).data() + place, window.channels);
          for (int i = 0; i < ChannelBlock::kParts; ++i) {
            const Mask wins = (value.parts[i] == largest.parts[i]) & pending[i];
            sum.parts[i] += wins ? derivative.parts[i] : Lanes{};
            pending[i] &= ~wins;
          }
          sum.store(dx.col(example).data() + place, window.channels);
        }
      });
    }
  }

 private:
  // Sixteen channels, or what is left of them, of one window. Its steps of the input are
  // [first, last); there is at least one, since padding is shorter than a window.
  struct Window {
    Index step;
    Index first;
    Index last;
    Index channel;
    Index channels;
  };

  template <class Body>
  void for_windows(const Shape& input, const Windows& placed, const Body& body) const {
    for (Index step = 0; step < placed.count; ++step) {
      const Index begin = step * config().stride - placed.left;
      const Index first = std::max<Index>(begin, 0);
      const Index last = std::min<Index>(begin + config().size, input.time);
      for (Index channel = 0; channel < input.channels; channel += kBlockChannels) {
        body(Window{step, first, last, channel,
                    std::min<Index>(kBlockChannels, input.channels - channel)});
      }
    }
  }

  Windows windows(const Shape& input) const {
    return place_windows(input.time, config().size, config().stride, config().padding);
  }

  Scalar floor_;
};

}  // namespace

LayerType max_pool_layer() {
  return configured_layer_type<MaxPool>(R"([{"size": 5, "stride": 2}, {"size": 1, "stride": 3},
      {"size": 3, "stride": 1, "padding": "valid"}, {"size": 2, "stride": 3, "padding": "valid"},
      {"size": 9, "stride": 4}])");
}

std::unique_ptr<Layer> rectified_max_pool(const Layer& max_pool) {
  core::Json config = max_pool.to_json();
  config.erase("layer");
  return std::make_unique<MaxPool>(
      core::config_from_json<MaxPoolConfig>(config, MaxPoolConfig::kKind), Scalar{0});
}

}  // namespace ser::nn
