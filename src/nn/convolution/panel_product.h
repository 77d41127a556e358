#pragma once

#include "nn/channel_block.h"

namespace ser::nn {

// Matrix products on blocked operands, for which a general product would have to copy both sides
// first. Each number of the result is summed in the order of its terms alone, so its bits do not
// depend on how many columns are computed together.
namespace panel_detail {

// Registers: kColumns * ChannelBlock::kParts sums, the parts of a block of `a`, a number of `b`.
// Sixteen are there; twelve sums hide the latency of multiply-and-add.
inline constexpr int kMaxColumns = std::max(1, 12 / ChannelBlock::kParts);

enum class Sum { kSet, kAdd };

// c(:, j) = or += the sum over o < outer, i < kInner of a(:, o * kInner + i) *
// b[o * outer_stride + i * kInnerStride + j * kColumnStride]; 16 rows, kColumns columns.
template <int kColumns, Index kInner, Index kInnerStride, Index kColumnStride, Sum kSum>
inline void multiply(const Scalar* a, const Scalar* b, Index outer, Index outer_stride, Scalar* c) {
  ChannelBlock sums[kColumns];  // NOLINT
  for (int j = 0; j < kColumns; ++j) {
    sums[j] = kSum == Sum::kAdd ? ChannelBlock::load(c + j * kBlockChannels) : ChannelBlock::zero();
  }
  for (Index o = 0; o < outer; ++o, b += outer_stride) {
    for (Index i = 0; i < kInner; ++i, a += kBlockChannels) {
      const ChannelBlock left = ChannelBlock::load(a);
      for (int j = 0; j < kColumns; ++j) {
        sums[j] = sums[j] + b[i * kInnerStride + j * kColumnStride] * left;
      }
    }
  }
  for (int j = 0; j < kColumns; ++j) sums[j].store(c + j * kBlockChannels);
}

// The same for 1 <= columns <= kColumns.
template <int kColumns, Index kInner, Index kInnerStride, Index kColumnStride, Sum kSum>
inline void multiply_up_to(Index columns, const Scalar* a, const Scalar* b, Index outer,
                           Index outer_stride, Scalar* c) {
  if constexpr (kColumns > 1) {
    if (columns < kColumns) {
      multiply_up_to<kColumns - 1, kInner, kInnerStride, kColumnStride, kSum>(columns, a, b, outer,
                                                                              outer_stride, c);
      return;
    }
  }
  multiply<kColumns, kInner, kInnerStride, kColumnStride, kSum>(a, b, outer, outer_stride, c);
}

// Calls body(begin, count) for groups of at most kMaxColumns columns, as even as can be.
template <class Body>
inline void for_column_groups(Index columns, const Body& body) {
  Index begin = 0;
  for (Index groups = (columns + kMaxColumns - 1) / kMaxColumns; groups > 0; --groups) {
    const Index count = (columns - begin + groups - 1) / groups;
    body(begin, count);
    begin += count;
  }
}

}  // namespace panel_detail

// c = a b. a: panels [row blocks][16 * inner blocks terms][16 rows]; b: [inner blocks][columns][16
// terms]; c: [row blocks][columns][16 rows].
inline void panel_product(const Scalar* a, const Scalar* b, Index row_blocks, Index inner_blocks,
                          Index columns, Scalar* c) {
  using namespace panel_detail;
  for (Index row = 0; row < row_blocks; ++row) {
    for_column_groups(columns, [&](Index begin, Index count) {
      multiply_up_to<kMaxColumns, kBlockChannels, 1, kBlockChannels, Sum::kSet>(
          count, a, b + begin * kBlockChannels, inner_blocks, columns * kBlockChannels,
          c + begin * kBlockChannels);
    });
    a += inner_blocks * kBlockChannels * kBlockChannels;
    c += columns * kBlockChannels;
  }
}

// c += a b^T. a: [row blocks][columns][16 rows]; b: [inner blocks][columns][16]; c: panels as the
// first operand of panel_product(), [row blocks][16 * inner blocks][16 rows].
inline void add_panel_outer_product(const Scalar* a, const Scalar* b, Index row_blocks,
                                    Index inner_blocks, Index columns, Scalar* c) {
  using namespace panel_detail;
  const Index panel = columns * kBlockChannels;
  for (Index row = 0; row < row_blocks; ++row) {
    for (Index inner = 0; inner < inner_blocks; ++inner) {
      for_column_groups(kBlockChannels, [&](Index begin, Index count) {
        multiply_up_to<kMaxColumns, 1, 0, 1, Sum::kAdd>(count, a + row * panel,
                                                        b + inner * panel + begin, columns,
                                                        kBlockChannels, c + begin * kBlockChannels);
      });
      c += kBlockChannels * kBlockChannels;
    }
  }
}

}  // namespace ser::nn
