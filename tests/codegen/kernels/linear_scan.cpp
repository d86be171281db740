// linear_scan of every element type against the obvious loop, both ways.
#include "codegen/kernels.h"

#include <catch2/catch.hpp>

using namespace kerf::test;
using I = int64_t;

/// What a line is computed in.
template <class T> struct Steps {
  using Type = std::make_unsigned_t<T>; // wraps around
};
template <> struct Steps<float> {
  using Type = double;
};
template <> struct Steps<double> {
  using Type = double;
};

template <class T> static void check(I outer, I n, I inner, bool reverse, unsigned seed) {
  CAPTURE(outer, n, inner, reverse);
  const std::string name = std::is_same_v<T, float>     ? "linear_scan"
                           : std::is_same_v<T, double>  ? "linear_scan_f64"
                           : std::is_same_v<T, int64_t> ? "linear_scan_i64"
                                                        : "linear_scan_i32";
  const auto make = std::is_floating_point_v<T> ? numbers<T> : coarse<T>;
  std::vector<T> a = make(outer * n * inner, seed), b = make(outer * n * inner, seed + 1000);
  std::vector<T> got(a.size(), T(77)), want(a.size());
  kernel<void(const T *, const T *, T *, I, I, I, I)>(name)(a.data(), b.data(), got.data(), outer,
                                                            n, inner, reverse);
  for (I o = 0; o < outer; ++o)
    for (I j = 0; j < inner; ++j) {
      typename Steps<T>::Type y = 0;
      for (I i = 0; i < n; ++i) {
        const I place = (o * n + (reverse ? n - 1 - i : i)) * inner + j;
        const typename Steps<T>::Type product = a[place] * y; // rounded by itself
        y = i == 0 ? b[place] : product + b[place];
        want[place] = T(y);
      }
    }
  CHECK(std::memcmp(got.data(), want.data(), got.size() * sizeof(T)) == 0);
}

TEMPLATE_TEST_CASE("linear_scan: recurrences along lines, both ways", "[linear_scan]", float,
                   double, int64_t, int32_t) {
  unsigned seed = 0;
  for (bool reverse : {false, true}) {
    for (I outer : {1, 3, 4, 9})
      for (I n : {1, 2, 17})
        for (I inner : {1, 2, 8, 17})
          check<TestType>(outer, n, inner, reverse, ++seed);
    // Rows in several tasks, and columns.
    for (auto [outer, n, inner] : {std::array<I, 3>{701, 100, 1}, {2, 100, 701}, {401, 64, 3}})
      check<TestType>(outer, n, inner, reverse, ++seed);
  }
}
