#include <algorithm>
#include <array>

#include "nn/configured_layer.h"
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

// The two loops over channels that backward() spends its time in. Places are numbers of the same
// width as what they stand beside, and the loops are functions of their own: otherwise the compiler
// reorders them with those around them and makes no vector instructions of them (four times
// slower).
[[gnu::noinline]] void mark(const Scalar* x, const Scalar* maximum, Scalar place, Index count,
                            Scalar* winner) {
  for (Index c = 0; c < count; ++c) winner[c] = x[c] == maximum[c] ? place : winner[c];
}

[[gnu::noinline]] void add(const Scalar* winner, Scalar place, const Scalar* dy, Index count,
                           Scalar* dx) {
  for (Index c = 0; c < count; ++c) dx[c] += winner[c] == place ? dy[c] : Scalar{0};
}

// The largest number of each channel in each window; padded steps never win. Of equal numbers the
// first wins and alone receives the gradient. NaN wins over everything.
class MaxPool : public ConfiguredLayer<MaxPoolConfig> {
 public:
  using ConfiguredLayer::ConfiguredLayer;

  Shape output_shape(const Shape& input) const override {
    return {input.channels, windows(input).count};
  }

  void forward(const Pass& pass, ConstParameters /*parameters*/, ConstBlock x, Block y,
               std::span<Scalar> /*scratch*/) const override {
    const Index channels = pass.input.channels;
    const Windows placed = windows(pass.input);
    for (Index example = 0; example < x.cols(); ++example) {
      const Scalar* in = x.col(example).data();
      Scalar* out = y.col(example).data();
      for (Index step = 0; step < placed.count; ++step, out += channels) {
        const auto [first, last] = steps_of(step, placed, pass.input.time);
        std::copy_n(in + first * channels, channels, out);
        for (Index t = first + 1; t < last; ++t) {
          const Scalar* candidate = in + t * channels;
          for (Index c = 0; c < channels; ++c) {
            const bool wins = candidate[c] > out[c] || candidate[c] != candidate[c];
            out[c] = wins ? candidate[c] : out[c];
          }
        }
      }
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
      for (Index step = 0; step < placed.count; ++step) {
        const auto [first, last] = steps_of(step, placed, pass.input.time);
        const Index offset = step * channels;
        for (Index channel = 0; channel < channels; channel += kTile) {
          const Index tile = std::min<Index>(kTile, channels - channel);
          route(arguments.x.col(example).data() + channel,
                arguments.y.col(example).data() + offset + channel,
                arguments.dy.col(example).data() + offset + channel,
                dx.col(example).data() + channel, channels, first, last, tile);
        }
      }
    }
  }

 private:
  static constexpr Index kTile = 256;

  struct Steps {
    Index first;
    Index last;  // exclusive
  };

  Windows windows(const Shape& input) const {
    return place_windows(input.time, config().size, config().stride, config().padding);
  }

  // The steps of the input in a window. There is at least one: padding is shorter than a window.
  Steps steps_of(Index window, const Windows& placed, Index time) const {
    const Index begin = window * config().stride - placed.left;
    return {std::max<Index>(begin, 0), std::min<Index>(begin + config().size, time)};
  }

  // Adds the gradient of one window to the first step that equals its maximum, for `tile` channels.
  // The winner is found again rather than remembered: that costs less than storing it in forward().
  static void route(const Scalar* x, const Scalar* y, const Scalar* dy, Scalar* dx, Index channels,
                    Index first, Index last, Index tile) {
    std::array<Scalar, kTile> winner{};
    for (Index t = last; t-- > first;) {
      mark(x + t * channels, y, static_cast<Scalar>(t - first), tile, winner.data());
    }
    for (Index t = first; t < last; ++t) {
      add(winner.data(), static_cast<Scalar>(t - first), dy, tile, dx + t * channels);
    }
  }
};

}  // namespace

LayerType max_pool_layer() {
  return configured_layer_type<MaxPool>(R"([{"size": 5, "stride": 2}, {"size": 1, "stride": 3},
      {"size": 3, "stride": 1, "padding": "valid"}, {"size": 2, "stride": 3, "padding": "valid"},
      {"size": 9, "stride": 4}])");
}

}  // namespace ser::nn
