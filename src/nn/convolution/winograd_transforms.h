#pragma once

#include <array>
#include <cstddef>

namespace ser::nn::winograd {

// Winograd's short convolution F(6, 5) (Winograd, 1980; Lavin and Gray, 2016): six outputs of a
// filter of five steps from ten products in place of thirty.
//
// Derivation. The product of a polynomial g of degree 4 (the filter) and h of degree 5 has degree
// 9, so it is known by its values at nine points and its leading coefficient ("the value at
// infinity"). At point a, (g h)(a) = g(a) h(a): one product a point. Interpolation turns these ten
// values into coefficients. Transposing this algorithm for the linear map h -> g h gives the one
// for the correlation y_t = sum_k g_k d_{t+k}, t < 6 (transposition principle):
//
//   y = A^T [(G g) * (B^T d)]
//
// with, for the points a_i = 0, then p and -p for each p of kPairs, then infinity,
//   A^T: column i is (1, a_i, ..., a_i^5)^T; the last is (0, 0, 0, 0, 0, 1)^T;
//   B^T: row i has the coefficients of P_i(x) = prod_{j != i} (x - a_j) (j over the finite points),
//        the last those of P(x) = prod_j (x - a_j);
//   G:   row i is (1, a_i, a_i^2, a_i^3, a_i^4) / P_i(a_i), the last (0, 0, 0, 0, 1).
// The points are chosen so that the constants are small: among ratios of small numbers, 4/3 beside
// 1, 2 and 1/2 gives the least error in float, 5e-6 of the largest output of 256 random channels
// (F(4, 5), which saves 20 / 8 in place of 30 / 10, has 1.7e-6).
//
// A pair of points +-p has P(x) = x (x -+ p) Q_p(x^2) with Q_p(z) = prod (z - q^2) over the other
// pairs q, so even and odd steps are summed apart and shared by both. T is a number, or anything
// with the arithmetic of a vector space over S.
inline constexpr std::array kPairs = {1.0, 2.0, 0.5, 4.0 / 3.0};
inline constexpr int kNumPairs = static_cast<int>(kPairs.size());
inline constexpr int kKernel = 5;
inline constexpr int kPoints = 2 * kNumPairs + 2;  // also the number of inputs of a tile
inline constexpr int kOutputs = kPoints - kKernel + 1;
inline constexpr int kShared = kPoints - kOutputs;  // inputs that a tile shares with the next
inline constexpr int kInfinity = kPoints - 1;

namespace detail {

// Coefficients of prod (z - p^2) over all pairs but the `skipped` one, from the lowest.
constexpr std::array<double, kNumPairs + 1> product_of_squares(int skipped) {
  std::array<double, kNumPairs + 1> coefficients = {1.0};
  int degree = 0;
  for (int pair = 0; pair < kNumPairs; ++pair) {
    if (pair == skipped) continue;
    const double square =
        kPairs[static_cast<std::size_t>(pair)] * kPairs[static_cast<std::size_t>(pair)];
    for (int i = ++degree; i >= 0; --i) {
      const auto at = static_cast<std::size_t>(i);
      coefficients[at] = (i > 0 ? coefficients[at - 1] : 0.0) - square * coefficients[at];
    }
  }
  return coefficients;
}

// Arrays of the language and always inlined: a function that is shared by files for several
// instruction sets must not exist (vector_target.h).
struct Constants {
  // NOLINTBEGIN: see above
  // Q_p, and for all pairs P(x) / x as a polynomial in x^2.
  double pair[kNumPairs][kNumPairs + 1];
  double all[kNumPairs + 1];
  double filter_scale[kNumPairs];  // 1 / P_i(a_i), the same for p and -p
  double power[kNumPairs][kOutputs];
  // NOLINTEND
};

constexpr Constants constants() {
  Constants result = {};
  const auto all = product_of_squares(kNumPairs);
  for (std::size_t i = 0; i < all.size(); ++i) result.all[i] = all[i];
  for (int pair = 0; pair < kNumPairs; ++pair) {
    const double point = kPairs[static_cast<std::size_t>(pair)];
    const auto others = product_of_squares(pair);
    double value = 0.0;
    for (std::size_t i = others.size(); i-- > 0;) {
      result.pair[pair][i] = others[i];
      value = value * point * point + others[i];
    }
    result.filter_scale[pair] = 1.0 / (2.0 * point * point * value);
    double power = 1.0;
    for (double& number : result.power[pair]) {
      number = power;
      power *= point;
    }
  }
  return result;
}

inline constexpr Constants kConstants = constants();

template <class S>
[[gnu::always_inline]] constexpr S pair_coefficient(int pair, int i) {
  return static_cast<S>(kConstants.pair[pair][i]);
}
template <class S>
[[gnu::always_inline]] constexpr S coefficient(int i) {
  return static_cast<S>(kConstants.all[i]);
}
template <class S>
[[gnu::always_inline]] constexpr S power(int pair, int i) {
  return static_cast<S>(kConstants.power[pair][i]);
}
template <class S>
[[gnu::always_inline]] constexpr S filter_scale(int pair) {
  return static_cast<S>(kConstants.filter_scale[pair]);
}

}  // namespace detail

// v = B^T d
template <class T, class S>
[[gnu::always_inline]] inline void transform_input(const T (&d)[kPoints], T (&v)[kPoints]) {
  T first = d[kInfinity - 1];
  T last = d[kInfinity];
  for (int i = 0; i < kNumPairs; ++i) {
    first = first + detail::coefficient<S>(i) * d[2 * i];
    last = last + detail::coefficient<S>(i) * d[2 * i + 1];
  }
  v[0] = first;
  v[kInfinity] = last;
  for (int pair = 0; pair < kNumPairs; ++pair) {
    T even = d[2 * kNumPairs];
    T odd = d[2 * kNumPairs - 1];
    for (int i = 0; i + 1 < kNumPairs; ++i) {
      even = even + detail::pair_coefficient<S>(pair, i) * d[2 * i + 2];
      odd = odd + detail::pair_coefficient<S>(pair, i) * d[2 * i + 1];
    }
    const T scaled = detail::power<S>(pair, 1) * odd;
    v[2 * pair + 1] = even + scaled;
    v[2 * pair + 2] = even - scaled;
  }
}

// d = B v
template <class T, class S>
[[gnu::always_inline]] inline void transform_input_transposed(const T (&v)[kPoints],
                                                              T (&d)[kPoints]) {
  d[0] = detail::coefficient<S>(0) * v[0];
  d[1] = detail::coefficient<S>(0) * v[kInfinity];
  for (int i = 1; i < kNumPairs; ++i) {
    d[2 * i] = detail::coefficient<S>(i) * v[0];
    d[2 * i + 1] = detail::coefficient<S>(i) * v[kInfinity];
  }
  d[kInfinity - 1] = v[0];
  d[kInfinity] = v[kInfinity];
  for (int pair = 0; pair < kNumPairs; ++pair) {
    const T even = v[2 * pair + 1] + v[2 * pair + 2];
    const T odd = detail::power<S>(pair, 1) * (v[2 * pair + 1] - v[2 * pair + 2]);
    for (int i = 0; i + 1 < kNumPairs; ++i) {
      d[2 * i + 2] = d[2 * i + 2] + detail::pair_coefficient<S>(pair, i) * even;
      d[2 * i + 1] = d[2 * i + 1] + detail::pair_coefficient<S>(pair, i) * odd;
    }
    d[2 * kNumPairs] = d[2 * kNumPairs] + even;
    d[2 * kNumPairs - 1] = d[2 * kNumPairs - 1] + odd;
  }
}

// u = G g
template <class T, class S>
[[gnu::always_inline]] inline void transform_filter(const T (&g)[kKernel], T (&u)[kPoints]) {
  u[0] = S(1.0 / detail::kConstants.all[0]) * g[0];
  u[kInfinity] = g[kKernel - 1];
  for (int pair = 0; pair < kNumPairs; ++pair) {
    const T even = g[0] + detail::power<S>(pair, 2) * g[2] + detail::power<S>(pair, 4) * g[4];
    const T odd = detail::power<S>(pair, 1) * g[1] + detail::power<S>(pair, 3) * g[3];
    u[2 * pair + 1] = detail::filter_scale<S>(pair) * (even + odd);
    u[2 * pair + 2] = detail::filter_scale<S>(pair) * (even - odd);
  }
}

// g = G^T u
template <class T, class S>
[[gnu::always_inline]] inline void transform_filter_transposed(const T (&u)[kPoints],
                                                               T (&g)[kKernel]) {
  T first = S(1.0 / detail::kConstants.all[0]) * u[0];
  T last = u[kInfinity];
  T inner[3] = {S(0) * u[0], S(0) * u[0], S(0) * u[0]};
  for (int pair = 0; pair < kNumPairs; ++pair) {
    const T even = detail::filter_scale<S>(pair) * (u[2 * pair + 1] + u[2 * pair + 2]);
    const T odd = detail::filter_scale<S>(pair) * (u[2 * pair + 1] - u[2 * pair + 2]);
    first = first + even;
    inner[0] = inner[0] + detail::power<S>(pair, 1) * odd;
    inner[1] = inner[1] + detail::power<S>(pair, 2) * even;
    inner[2] = inner[2] + detail::power<S>(pair, 3) * odd;
    last = last + detail::power<S>(pair, 4) * even;
  }
  g[0] = first;
  for (int i = 0; i < 3; ++i) g[i + 1] = inner[i];
  g[4] = last;
}

// y = A^T m
template <class T, class S>
[[gnu::always_inline]] inline void transform_output(const T (&m)[kPoints], T (&y)[kOutputs]) {
  for (int pair = 0; pair < kNumPairs; ++pair) {
    const T even = m[2 * pair + 1] + m[2 * pair + 2];
    const T odd = m[2 * pair + 1] - m[2 * pair + 2];
    for (int i = 0; i < kOutputs; ++i) {
      const T& sum = i % 2 == 0 ? even : odd;
      if (pair == 0) {
        y[i] = detail::power<S>(pair, i) * sum;
      } else {
        y[i] = y[i] + detail::power<S>(pair, i) * sum;
      }
    }
  }
  y[0] = y[0] + m[0];
  y[kOutputs - 1] = y[kOutputs - 1] + m[kInfinity];
}

// m = A y
template <class T, class S>
[[gnu::always_inline]] inline void transform_output_transposed(const T (&y)[kOutputs],
                                                               T (&m)[kPoints]) {
  m[0] = y[0];
  m[kInfinity] = y[kOutputs - 1];
  for (int pair = 0; pair < kNumPairs; ++pair) {
    T even = y[0];
    T odd = detail::power<S>(pair, 1) * y[1];
    for (int i = 2; i < kOutputs; i += 2) {
      even = even + detail::power<S>(pair, i) * y[i];
      odd = odd + detail::power<S>(pair, i + 1) * y[i + 1];
    }
    m[2 * pair + 1] = even + odd;
    m[2 * pair + 2] = even - odd;
  }
}

}  // namespace ser::nn::winograd
