#include "nn/convolution/vector_kernels.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "nn/convolution/winograd_transforms.h"
#include "nn/layer_run.h"

namespace ser::nn {
namespace {

constexpr Index kBlock = 16;

struct Variant {
  std::string name;
  const PanelProducts& products;
  const WinogradTiles& tiles;
  const WinogradFilters& filters;
};

Variant variant(const std::string& name, const VectorKernels& kernels) {
  return {name, kernels.products, kernels.tiles, kernels.filters};
}

// Those that this processor can run: not only the one that it would choose.
std::vector<Variant> variants() {
  std::vector<Variant> result = {variant("target", vector_kernels_for_target())};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    result.push_back(variant("avx2", vector_kernels_for_avx2()));
  }
  if (__builtin_cpu_supports("avx512f"))
    result.push_back(variant("avx512", vector_kernels_for_avx512()));
#endif
  return result;
}

struct Sizes {
  Index rows;
  Index inner;
  Index columns;
};

// Odd and even numbers of blocks, and columns with every remainder of a group.
std::vector<Sizes> sizes() {
  std::vector<Sizes> result;
  for (Index columns = 1; columns <= 27; ++columns) result.push_back({3, 2, columns});
  result.push_back({1, 1, 5});
  result.push_back({2, 3, 40});
  return result;
}

void expect_near(const Matrix& actual, const Matrix& expected, Index terms) {
  const double tolerance = static_cast<double>(terms) * std::numeric_limits<Scalar>::epsilon() *
                           expected.cwiseAbs().maxCoeff();
  EXPECT_LE((actual - expected).cwiseAbs().maxCoeff(), tolerance);
}

TEST(PanelProducts, MultiplyAsTheirDefinitionSays) {
  for (const Sizes& size : sizes()) {
    const Index terms = size.inner * kBlock;
    const core::RandomStream random(1);
    const Matrix a = test::random_matrix(kBlock * terms, size.rows, random.fork("a"));
    const Matrix b = test::random_matrix(kBlock * size.columns, size.inner, random.fork("b"));
    Matrix expected = Matrix::Zero(kBlock * size.columns, size.rows);
    for (Index row = 0; row < size.rows; ++row) {
      for (Index column = 0; column < size.columns; ++column) {
        for (Index term = 0; term < terms; ++term) {
          expected.col(row).segment(column * kBlock, kBlock) +=
              b(column * kBlock + term % kBlock, term / kBlock) *
              a.col(row).segment(term * kBlock, kBlock);
        }
      }
    }
    Matrix first;
    for (const Variant& variant : variants()) {
      SCOPED_TRACE(variant.name + " on " + std::to_string(size.columns) + " columns");
      Matrix c = Matrix::Constant(expected.rows(), expected.cols(), NAN);
      variant.products.multiply(a.data(), b.data(), size.rows, size.inner, size.columns, c.data());
      expect_near(c, expected, terms);
      // Wider vectors, the same bits.
      if (variant.name == "avx2") first = c;
      if (variant.name == "avx512") {
        EXPECT_EQ(c, first);
      }
    }
  }
}

TEST(PanelProducts, AddOuterProductsAsTheirDefinitionSays) {
  for (const Sizes& size : sizes()) {
    const core::RandomStream random(2);
    const Matrix a = test::random_matrix(kBlock * size.columns, size.rows, random.fork("a"));
    const Matrix b = test::random_matrix(kBlock * size.columns, size.inner, random.fork("b"));
    const Index terms = size.inner * kBlock;
    const Matrix before = test::random_matrix(kBlock * terms, size.rows, random.fork("c"));
    Matrix expected = before;
    for (Index row = 0; row < size.rows; ++row) {
      for (Index term = 0; term < terms; ++term) {
        for (Index column = 0; column < size.columns; ++column) {
          expected.col(row).segment(term * kBlock, kBlock) +=
              b(column * kBlock + term % kBlock, term / kBlock) *
              a.col(row).segment(column * kBlock, kBlock);
        }
      }
    }
    Matrix first;
    for (const Variant& variant : variants()) {
      SCOPED_TRACE(variant.name + " on " + std::to_string(size.columns) + " columns");
      Matrix c = before;
      variant.products.add_outer_product(a.data(), b.data(), size.rows, size.inner, size.columns,
                                         c.data());
      expect_near(c, expected, size.columns + 1);
      Matrix alone = Matrix::Constant(before.rows(), before.cols(), NAN);
      variant.products.outer_product(a.data(), b.data(), size.rows, size.inner, size.columns,
                                     alone.data());
      expect_near(alone, expected - before, size.columns + 1);
      if (variant.name == "avx2") first = c;
      if (variant.name == "avx512") {
        EXPECT_EQ(c, first);
      }
    }
  }
}

// The transforms of a tile are tested in winograd_transforms_test.cpp, and that tiles together are
// a convolution in conv1d_test.cpp; here, what wider vectors could change.
TEST(WinogradTiles, AreTheSameWhateverTheVectors) {
  constexpr Index kDilation = 2;
  for (const Index channels : {1, 15, 16, 33}) {
    for (const Index time : {1, 8, 23}) {
      SCOPED_TRACE(std::to_string(channels) + " channels, " + std::to_string(time) + " steps");
      const Index group = winograd::kOutputs * kDilation;
      const TileGrid grid{(time + group - 1) / group * kDilation, kDilation, 4};
      const Index blocks = (channels + kBlock - 1) / kBlock;
      const Index numbers = winograd::kPoints * blocks * grid.tiles * kBlock;
      const Index block_stride = grid.tiles * kBlock;
      const Index point_stride = blocks * block_stride;
      const core::RandomStream random(3);
      const Matrix x = test::random_matrix(channels, time, random.fork("x"));
      const Matrix points = test::random_matrix(numbers, 1, random.fork("points"));
      const Vector bias = test::random_matrix(channels, 1, random.fork("bias"));
      Matrix first;
      for (const Variant& variant : variants()) {
        SCOPED_TRACE(variant.name);
        Matrix all = Matrix::Constant(2 * numbers + 2 * x.size(), 1, NAN);
        Scalar* transformed = all.data();
        Scalar* steps = transformed + 2 * numbers;
        const Steps<const Scalar> from{x.data(), channels, time};
        const Tiles<const Scalar> from_tiles{points.data(), point_stride, block_stride};
        variant.tiles.transform_input(grid, from, {transformed, point_stride, block_stride});
        variant.tiles.transform_output_derivative(
            grid, from, {transformed + numbers, point_stride, block_stride});
        variant.tiles.transform_output(grid, from_tiles, bias.data(), {steps, channels, time});
        variant.tiles.transform_input_derivative(grid, from_tiles,
                                                 {steps + x.size(), channels, time});
        EXPECT_TRUE(all.allFinite()) << "a number is not set";
        if (variant.name == "avx2") first = all;
        if (variant.name == "avx512") {
          EXPECT_EQ(all, first);
        }
      }
    }
  }
}

TEST(WinogradFilters, AreTheSameWhateverTheVectors) {
  for (const FilterBank& bank : {FilterBank{1, 1}, FilterBank{15, 17}, FilterBank{34, 16}}) {
    SCOPED_TRACE(std::to_string(bank.inputs) + " to " + std::to_string(bank.outputs));
    const Index inputs = (bank.inputs + kBlock - 1) / kBlock * kBlock;
    const Index outputs = (bank.outputs + kBlock - 1) / kBlock * kBlock;
    const core::RandomStream random(4);
    const Matrix weights = test::random_matrix(winograd::kKernel * bank.inputs * bank.outputs, 1,
                                               random.fork("weights"));
    const Matrix panels =
        test::random_matrix(winograd::kPoints * inputs * outputs, 1, random.fork("panels"));
    Matrix first;
    for (const Variant& variant : variants()) {
      SCOPED_TRACE(variant.name);
      Matrix all = Matrix::Constant(panels.size() + weights.size(), 1, NAN);
      variant.filters.transform(bank, weights.data(), all.data());
      variant.filters.transform_derivative(bank, panels.data(), all.data() + panels.size());
      EXPECT_TRUE(all.allFinite()) << "a number is not set";
      // The last of the points takes the last tap as it is.
      for (Index input = 0; input < inputs; ++input) {
        for (Index output = 0; output < outputs; ++output) {
          const bool exists = input < bank.inputs && output < bank.outputs;
          const Scalar tap =
              exists
                  ? weights(((winograd::kKernel - 1) * bank.inputs + input) * bank.outputs + output)
                  : Scalar{0};
          const Index block = winograd::kInfinity * outputs / kBlock + output / kBlock;
          EXPECT_EQ(all((block * inputs + input) * kBlock + output % kBlock), tap);
        }
      }
      if (variant.name == "avx2") first = all;
      if (variant.name == "avx512") {
        EXPECT_EQ(all, first);
      }
    }
  }
}

}  // namespace
}  // namespace ser::nn
