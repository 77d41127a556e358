#include "nn/convolution/winograd_transforms.h"

#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "nn/layer_run.h"

namespace ser::nn::winograd {
namespace {

constexpr std::array kFinitePoints = {0.0, 1.0, -1.0, 2.0, -2.0, 0.5, -0.5, 4.0 / 3.0, -4.0 / 3.0};

// Coefficients of the product of (x - point) over all finite points but the `skipped` one.
std::vector<double> product_of_roots(std::size_t skipped) {
  std::vector<double> coefficients = {1.0};
  for (std::size_t j = 0; j < kFinitePoints.size(); ++j) {
    if (j == skipped) continue;
    coefficients.insert(coefficients.begin(), 0.0);
    for (std::size_t i = 0; i + 1 < coefficients.size(); ++i) {
      coefficients[i] -= kFinitePoints[j] * coefficients[i + 1];
    }
  }
  return coefficients;
}

double value_at(const std::vector<double>& coefficients, double x) {
  double value = 0.0;
  for (std::size_t i = coefficients.size(); i-- > 0;) value = value * x + coefficients[i];
  return value;
}

struct Matrices {
  Eigen::MatrixXd output = Eigen::MatrixXd::Zero(kOutputs, kPoints);  // A^T
  Eigen::MatrixXd filter = Eigen::MatrixXd::Zero(kPoints, kKernel);   // G
  Eigen::MatrixXd input = Eigen::MatrixXd::Zero(kPoints, kPoints);    // B^T
};

// As the header derives them from the points.
Matrices derive() {
  Matrices matrices;
  for (std::size_t i = 0; i <= kFinitePoints.size(); ++i) {
    const auto row = static_cast<Index>(i);
    const bool finite = i < kFinitePoints.size();
    const std::vector<double> polynomial = product_of_roots(i);
    for (std::size_t k = 0; k < polynomial.size(); ++k) {
      matrices.input(row, static_cast<Index>(k)) = polynomial[k];
    }
    if (!finite) {
      matrices.output(kOutputs - 1, row) = 1.0;
      matrices.filter(row, kKernel - 1) = 1.0;
      continue;
    }
    double power = 1.0;
    for (Index k = 0; k < std::max(kOutputs, kKernel); ++k, power *= kFinitePoints[i]) {
      if (k < kOutputs) matrices.output(k, row) = power;
      if (k < kKernel) {
        matrices.filter(row, k) = power / value_at(polynomial, kFinitePoints[i]);
      }
    }
  }
  return matrices;
}

// The matrix by which a function multiplies; one that is always inlined comes in a lambda.
template <int kRows, int kColumns, class Function>
Eigen::MatrixXd matrix_of(const Function& function) {
  Eigen::MatrixXd matrix(kRows, kColumns);
  for (int column = 0; column < kColumns; ++column) {
    double in[kColumns] = {};  // NOLINT: the functions take arrays
    double out[kRows];         // NOLINT
    in[column] = 1.0;
    function(in, out);
    for (int row = 0; row < kRows; ++row) matrix(row, column) = out[row];
  }
  return matrix;
}

TEST(WinogradTransforms, AreThoseThatTheirPointsGive) {
  const Matrices derived = derive();
  const auto filter = matrix_of<kPoints, kKernel>(
      [](const auto& in, auto& out) { transform_filter<double, double>(in, out); });
  const auto input = matrix_of<kPoints, kPoints>(
      [](const auto& in, auto& out) { transform_input<double, double>(in, out); });
  const auto output = matrix_of<kOutputs, kPoints>(
      [](const auto& in, auto& out) { transform_output<double, double>(in, out); });
  EXPECT_LT((filter - derived.filter).cwiseAbs().maxCoeff(), 1e-15);
  // 4/3 is not a number of the machine, so what is made of it differs by rounding.
  EXPECT_LT((input - derived.input).cwiseAbs().maxCoeff(), 1e-14);
  EXPECT_LT((output - derived.output).cwiseAbs().maxCoeff(), 1e-14);
  const auto filter_transposed = matrix_of<kKernel, kPoints>(
      [](const auto& in, auto& out) { transform_filter_transposed<double, double>(in, out); });
  EXPECT_LT((filter_transposed - filter.transpose()).cwiseAbs().maxCoeff(), 1e-15);
  const auto input_transposed = matrix_of<kPoints, kPoints>(
      [](const auto& in, auto& out) { transform_input_transposed<double, double>(in, out); });
  EXPECT_LT((input_transposed - input.transpose()).cwiseAbs().maxCoeff(), 1e-14);
  EXPECT_EQ((matrix_of<kPoints, kOutputs>([](const auto& in, auto& out) {
              transform_output_transposed<double, double>(in, out);
            })),
            output.transpose());
}

TEST(WinogradTransforms, GiveTheCorrelation) {
  const Matrices matrices = derive();
  for (Index k = 0; k < kKernel; ++k) {
    for (Index i = 0; i < kPoints; ++i) {
      const Eigen::VectorXd products = matrices.filter.col(k).cwiseProduct(matrices.input.col(i));
      const Eigen::VectorXd y = matrices.output * products;
      for (Index t = 0; t < kOutputs; ++t) EXPECT_NEAR(y[t], t + k == i ? 1.0 : 0.0, 1e-13);
    }
  }
}

}  // namespace
}  // namespace ser::nn::winograd
