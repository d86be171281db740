// top_k of every element type against a sort.
#include "codegen/kernels.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <numeric>

using namespace kerf::test;
using I = int64_t;

template <class T> static bool isLarger(T a, T b) { return a > b || (isNan(a) && !isNan(b)); }

/// Against a sort of all indices: the largest first, equal ones by index.
template <class T> static void checkTopK(const std::vector<T> &x, I rows, I n, I k) {
  CAPTURE(rows, n, k);
  const std::string name = std::is_same_v<T, float>     ? "top_k"
                           : std::is_same_v<T, double>  ? "top_k_f64"
                           : std::is_same_v<T, int64_t> ? "top_k_i64"
                                                        : "top_k_i32";
  std::vector<I> got(rows * k, -1), want;
  kernel<void(const T *, I *, I, I, I)>(name)(x.data(), got.data(), rows, n, k);
  for (I r = 0; r < rows; ++r) {
    std::vector<I> order(n);
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&](I a, I b) {
      const T u = x[r * n + a], v = x[r * n + b];
      return isLarger(u, v) || (!isLarger(v, u) && a < b);
    });
    want.insert(want.end(), order.begin(), order.begin() + k);
  }
  CHECK(got == want);
}

TEMPLATE_TEST_CASE("top_k: the largest first, equal ones by index", "[rows]", float, double,
                   int64_t, int32_t) {
  unsigned seed = 0;
  for (I n : {1, 2, 3, 7, 16, 17, 33, 200})
    for (I k : {1, 2, 3, 4, 5, 8, 15, 16, 17, 33, 199, 200})
      if (k <= n) {
        checkTopK(coarse<TestType>(3 * n, ++seed), 3, n, k);
        checkTopK(numbers<TestType>(3 * n, ++seed), 3, n, k);
      }
}

TEST_CASE("top_k: NaN before every number, zeros of both signs tie, sorted rows", "[rows]") {
  const float special[] = {NAN, INFINITY, -INFINITY, 0.0f, -0.0f, 1.0f};
  std::minstd_rand next(5);
  for (I k : {1, 3, 16, 40}) {
    std::vector<float> x(64 * 40), up(40), down(40);
    for (I rare : {1, 20}) {
      for (float &v : x)
        v = next() % rare ? 1.0f : special[next() % 6];
      checkTopK(x, 64, 40, k);
    }
    for (I i = 0; i < 40; ++i)
      up[i] = down[39 - i] = i;
    for (const std::vector<float> &row :
         {up, down, std::vector<float>(40, NAN), std::vector<float>(40, -INFINITY)})
      checkTopK(row, 1, 40, k);
  }
}

TEMPLATE_TEST_CASE("top_k: few long rows, ties and NaN in several parts", "[rows]", float,
                   int32_t) {
  for (I n : {65537, 100000})
    for (I k : {1, 5, 300}) {
      checkTopK(coarse<TestType>(3 * n, unsigned(n + k)), 3, n, k);
      std::vector<TestType> x = numbers<TestType>(n, unsigned(n - k));
      if constexpr (std::is_same_v<TestType, float>)
        for (I i = n - 1; i > 0; i -= n / 4)
          x[i] = NAN;
      checkTopK(x, 1, n, k);
    }
  checkTopK(coarse<TestType>(9 * 65600, 3), 9, 65600, 2); // rows enough to be shared whole
}
