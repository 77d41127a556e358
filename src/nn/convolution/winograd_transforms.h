#pragma once

namespace ser::nn::winograd {

// Winograd's short convolution F(4, 5) (Winograd, 1980; Lavin and Gray, 2016): four outputs of a
// filter of five steps from eight products in place of twenty.
//
// Derivation. The product of a polynomial g of degree 4 (the filter) and h of degree 3 has degree
// 7, so it is known by its values at seven points and its leading coefficient ("the value at
// infinity"). At point a, (g h)(a) = g(a) h(a): one product a point. Interpolation turns these
// eight values into coefficients. Transposing this algorithm for the linear map h -> g h gives the
// one for the correlation y_t = sum_k g_k d_{t+k}, t < 4 (transposition principle):
//
//   y = A^T [(G g) * (B^T d)]
//
// with, for the points a_i = 0, 1, -1, 2, -2, 1/2, -1/2, infinity,
//   A^T: column i is (1, a_i, a_i^2, a_i^3)^T; the last is (0, 0, 0, 1)^T;
//   B^T: row i has the coefficients of P_i(x) = prod_{j != i} (x - a_j) (j over the finite points),
//        the last those of P(x) = prod_j (x - a_j);
//   G:   row i is (1, a_i, a_i^2, a_i^3, a_i^4) / P_i(a_i), the last (0, 0, 0, 0, 1).
// Rows i of B^T and G may change their sign together; row 0 does here. The points are chosen so
// that the constants are small: relative errors in float are a few 1e-6. The functions below
// multiply by these matrices, sharing the sums that points of opposite sign have in common. T is a
// number, or anything with the arithmetic of a vector space over Scalar.
inline constexpr int kOutputs = 4;
inline constexpr int kKernel = 5;
inline constexpr int kPoints = 8;  // also the number of inputs of a tile

// v = B^T d
template <class T, class S>
inline void transform_input(const T (&d)[kPoints], T (&v)[kPoints]) {
  const T even1 = d[2] + d[6] - S(4.25) * d[4];
  const T odd1 = d[1] + d[5] - S(4.25) * d[3];
  const T even2 = S(0.25) * d[2] - S(1.25) * d[4] + d[6];
  const T odd2 = S(0.5) * d[1] - S(2.5) * d[3] + S(2) * d[5];
  const T even3 = S(4) * d[2] - S(5) * d[4] + d[6];
  const T odd3 = S(2) * d[1] - S(2.5) * d[3] + S(0.5) * d[5];
  v[0] = d[0] - d[6] + S(5.25) * (d[4] - d[2]);
  v[1] = even1 + odd1;
  v[2] = even1 - odd1;
  v[3] = even2 + odd2;
  v[4] = even2 - odd2;
  v[5] = even3 + odd3;
  v[6] = even3 - odd3;
  v[7] = d[7] - d[1] + S(5.25) * (d[3] - d[5]);
}

// d = B v
template <class T, class S>
inline void transform_input_transposed(const T (&v)[kPoints], T (&d)[kPoints]) {
  const T sum1 = v[1] + v[2];
  const T sum2 = v[3] + v[4];
  const T sum3 = v[5] + v[6];
  const T difference1 = v[1] - v[2];
  const T difference2 = v[3] - v[4];
  const T difference3 = v[5] - v[6];
  d[0] = v[0];
  d[1] = difference1 + S(0.5) * difference2 + S(2) * difference3 - v[7];
  d[2] = sum1 + S(0.25) * sum2 + S(4) * sum3 - S(5.25) * v[0];
  d[3] = S(5.25) * v[7] - S(4.25) * difference1 - S(2.5) * (difference2 + difference3);
  d[4] = S(5.25) * v[0] - S(4.25) * sum1 - S(1.25) * sum2 - S(5) * sum3;
  d[5] = difference1 + S(2) * difference2 + S(0.5) * difference3 - S(5.25) * v[7];
  d[6] = sum1 + sum2 + sum3 - v[0];
  d[7] = v[7];
}

// u = G g
template <class T, class S>
inline void transform_filter(const T (&g)[kKernel], T (&u)[kPoints]) {
  const T even1 = g[0] + g[2] + g[4];
  const T odd1 = g[1] + g[3];
  const T even2 = g[0] + S(4) * g[2] + S(16) * g[4];
  const T odd2 = S(2) * g[1] + S(8) * g[3];
  const T even3 = g[0] + S(0.25) * g[2] + S(0.0625) * g[4];
  const T odd3 = S(0.5) * g[1] + S(0.125) * g[3];
  u[0] = g[0];
  u[1] = S(-2.0 / 9) * (even1 + odd1);
  u[2] = S(-2.0 / 9) * (even1 - odd1);
  u[3] = S(1.0 / 90) * (even2 + odd2);
  u[4] = S(1.0 / 90) * (even2 - odd2);
  u[5] = S(32.0 / 45) * (even3 + odd3);
  u[6] = S(32.0 / 45) * (even3 - odd3);
  u[7] = g[4];
}

// g = G^T u
template <class T, class S>
inline void transform_filter_transposed(const T (&u)[kPoints], T (&g)[kKernel]) {
  const T sum1 = S(-2.0 / 9) * (u[1] + u[2]);
  const T sum2 = S(1.0 / 90) * (u[3] + u[4]);
  const T sum3 = S(32.0 / 45) * (u[5] + u[6]);
  const T difference1 = S(-2.0 / 9) * (u[1] - u[2]);
  const T difference2 = S(1.0 / 90) * (u[3] - u[4]);
  const T difference3 = S(32.0 / 45) * (u[5] - u[6]);
  g[0] = u[0] + sum1 + sum2 + sum3;
  g[1] = difference1 + S(2) * difference2 + S(0.5) * difference3;
  g[2] = sum1 + S(4) * sum2 + S(0.25) * sum3;
  g[3] = difference1 + S(8) * difference2 + S(0.125) * difference3;
  g[4] = u[7] + sum1 + S(16) * sum2 + S(0.0625) * sum3;
}

// y = A^T m
template <class T, class S>
inline void transform_output(const T (&m)[kPoints], T (&y)[kOutputs]) {
  const T sum1 = m[1] + m[2];
  const T sum2 = m[3] + m[4];
  const T sum3 = m[5] + m[6];
  const T difference1 = m[1] - m[2];
  const T difference2 = m[3] - m[4];
  const T difference3 = m[5] - m[6];
  y[0] = m[0] + sum1 + sum2 + sum3;
  y[1] = difference1 + S(2) * difference2 + S(0.5) * difference3;
  y[2] = sum1 + S(4) * sum2 + S(0.25) * sum3;
  y[3] = difference1 + S(8) * difference2 + S(0.125) * difference3 + m[7];
}

// m = A y
template <class T, class S>
inline void transform_output_transposed(const T (&y)[kOutputs], T (&m)[kPoints]) {
  const T even1 = y[0] + y[2];
  const T odd1 = y[1] + y[3];
  const T even2 = y[0] + S(4) * y[2];
  const T odd2 = S(2) * y[1] + S(8) * y[3];
  const T even3 = y[0] + S(0.25) * y[2];
  const T odd3 = S(0.5) * y[1] + S(0.125) * y[3];
  m[0] = y[0];
  m[1] = even1 + odd1;
  m[2] = even1 - odd1;
  m[3] = even2 + odd2;
  m[4] = even2 - odd2;
  m[5] = even3 + odd3;
  m[6] = even3 - odd3;
  m[7] = y[3];
}

}  // namespace ser::nn::winograd
