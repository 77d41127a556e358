#include "nn/self_gated.h"

namespace ser::nn {
namespace {

// x sigmoid(x) (Elfwing et al., 2018; Ramachandran et al., 2017, as "swish").
struct Silu {
  static constexpr const char* kKind = "silu";

  static void evaluate(const ChannelBlock& x, ChannelBlock& gate, ChannelBlock& slope) {
    gate = x;
    slope = ChannelBlock::filled_with(1);
  }

  static GraphValue to_graph(const GraphValue& x, GraphBuilder& /*graph*/) { return x; }
};

}  // namespace

LayerType silu_layer() { return core::configured_part_type<SelfGated<Silu>>("[]"); }

}  // namespace ser::nn
