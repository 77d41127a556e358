// The products of panel_product.h, for the instruction set that the including file is compiled for.
// Everything is local to that file: see vector_target.h.
#pragma once

#include "nn/convolution/panel_product.h"
#include "nn/convolution/vector_target.h"

namespace ser::nn {
namespace {  // NOLINT: see above

#if defined(__AVX512F__)
constexpr int kSums = 24;  // of 32 registers
#else
constexpr int kSums = 12;  // of 16 registers; enough to hide the latency of multiply-and-add
#endif

// Two blocks of rows share what is loaded of `b`, where registers suffice.
constexpr int kMaxRows = kParts == 1 ? 2 : 1;
constexpr int kMaxColumns = kSums / (kMaxRows * kParts) > 0 ? kSums / (kMaxRows * kParts) : 1;

enum class Sum { kSet, kAdd };

// Of the operands, in numbers from one block of rows to the next.
struct RowStrides {
  Index a;
  Index c;
};

// c(:, j) = or += the sum over o < outer, i < kInner of a(:, o * kInner + i) *
// b[o * outer_stride + i * kInnerStride + j * kColumnStride]; kRows blocks of 16 rows, kColumns
// columns.
template <int kRows, int kColumns, Index kInner, Index kInnerStride, Index kColumnStride, Sum kSum>
inline void multiply_tile(const Scalar* a, const Scalar* b, Index outer, Index outer_stride,
                          Scalar* c, const RowStrides& strides) {
  Lanes sums[kColumns][kRows][kParts];
  for (int j = 0; j < kColumns; ++j) {
    for (int row = 0; row < kRows; ++row) {
      for (int part = 0; part < kParts; ++part) {
        sums[j][row][part] = kSum == Sum::kAdd
                                 ? load_lanes(c + row * strides.c + j * kBlock + part * kLanes)
                                 : Lanes{};
      }
    }
  }
  for (Index o = 0; o < outer; ++o, b += outer_stride) {
    for (Index i = 0; i < kInner; ++i, a += kBlock) {
      Lanes left[kRows][kParts];
      for (int row = 0; row < kRows; ++row) {
        for (int part = 0; part < kParts; ++part) {
          left[row][part] = load_lanes(a + row * strides.a + part * kLanes);
        }
      }
      for (int j = 0; j < kColumns; ++j) {
        const Scalar right = b[i * kInnerStride + j * kColumnStride];
        for (int row = 0; row < kRows; ++row) {
          for (int part = 0; part < kParts; ++part) sums[j][row][part] += right * left[row][part];
        }
      }
    }
  }
  for (int j = 0; j < kColumns; ++j) {
    for (int row = 0; row < kRows; ++row) {
      for (int part = 0; part < kParts; ++part) {
        store_lanes(sums[j][row][part], c + row * strides.c + j * kBlock + part * kLanes);
      }
    }
  }
}

// The same for 1 <= columns <= kColumns.
template <int kRows, int kColumns, Index kInner, Index kInnerStride, Index kColumnStride, Sum kSum>
inline void multiply_columns(Index columns, const Scalar* a, const Scalar* b, Index outer,
                             Index outer_stride, Scalar* c, const RowStrides& strides) {
  if constexpr (kColumns > 1) {
    if (columns < kColumns) {
      multiply_columns<kRows, kColumns - 1, kInner, kInnerStride, kColumnStride, kSum>(
          columns, a, b, outer, outer_stride, c, strides);
      return;
    }
  }
  multiply_tile<kRows, kColumns, kInner, kInnerStride, kColumnStride, kSum>(
      a, b, outer, outer_stride, c, strides);
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

template <int kRows>
inline void multiply_rows(const Scalar* a, const Scalar* b, Index inner_blocks, Index columns,
                          Scalar* c) {
  const RowStrides strides{inner_blocks * kBlock * kBlock, columns * kBlock};
  for_column_groups(columns, [&](Index begin, Index count) {
    multiply_columns<kRows, kMaxColumns, kBlock, 1, kBlock, Sum::kSet>(
        count, a, b + begin * kBlock, inner_blocks, columns * kBlock, c + begin * kBlock, strides);
  });
}

template <int kRows, Sum kSum>
inline void outer_product_rows(const Scalar* a, const Scalar* b, Index inner_blocks, Index columns,
                               Scalar* c) {
  const Index panel = columns * kBlock;
  const RowStrides strides{panel, inner_blocks * kBlock * kBlock};
  for (Index inner = 0; inner < inner_blocks; ++inner, b += panel, c += kBlock * kBlock) {
    for_column_groups(kBlock, [&](Index begin, Index count) {
      multiply_columns<kRows, kMaxColumns, 1, 0, 1, kSum>(count, a, b + begin, columns, kBlock,
                                                          c + begin * kBlock, strides);
    });
  }
}

void multiply(const Scalar* a, const Scalar* b, Index row_blocks, Index inner_blocks, Index columns,
              Scalar* c) {
  Index row = 0;
  const auto operand = [&] { return a + row * inner_blocks * kBlock * kBlock; };
  const auto result = [&] { return c + row * columns * kBlock; };
  for (; row + kMaxRows <= row_blocks; row += kMaxRows) {
    multiply_rows<kMaxRows>(operand(), b, inner_blocks, columns, result());
  }
  if (row < row_blocks) multiply_rows<1>(operand(), b, inner_blocks, columns, result());
}

template <Sum kSum>
void outer_product(const Scalar* a, const Scalar* b, Index row_blocks, Index inner_blocks,
                   Index columns, Scalar* c) {
  Index row = 0;
  const auto operand = [&] { return a + row * columns * kBlock; };
  const auto result = [&] { return c + row * inner_blocks * kBlock * kBlock; };
  for (; row + kMaxRows <= row_blocks; row += kMaxRows) {
    outer_product_rows<kMaxRows, kSum>(operand(), b, inner_blocks, columns, result());
  }
  if (row < row_blocks) outer_product_rows<1, kSum>(operand(), b, inner_blocks, columns, result());
}

constexpr PanelProducts kPanelProducts = {multiply, outer_product<Sum::kSet>,
                                          outer_product<Sum::kAdd>};

}  // namespace
}  // namespace ser::nn
