#include "nn/convolution/panel_product.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "nn/layer_run.h"

namespace ser::nn {
namespace {

constexpr Index kBlock = 16;

struct Variant {
  std::string name;
  const PanelProducts& products;
};

// Those that this processor can run: not only the one that it would choose.
std::vector<Variant> variants() {
  std::vector<Variant> result = {{"target", panel_products_for_target()}};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    result.push_back({"avx2", panel_products_for_avx2()});
  }
  if (__builtin_cpu_supports("avx512f")) result.push_back({"avx512", panel_products_for_avx512()});
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
      if (variant.name == "avx2") first = c;
      if (variant.name == "avx512") {
        EXPECT_EQ(c, first);
      }
    }
  }
}

}  // namespace
}  // namespace ser::nn
