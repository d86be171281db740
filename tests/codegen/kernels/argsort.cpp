// argsort of every element type against a stable sort.
#include "codegen/kernels.h"

#include <catch2/catch.hpp>

#include <limits>
#include <numeric>

using namespace kerf::test;
using I = int64_t;

template <class T> static bool isSmaller(T a, T b) { return a < b || (isNan(b) && !isNan(a)); }

template <class T>
static void check(const std::vector<T> &x, I outer, I n, I inner, bool descending) {
  CAPTURE(outer, n, inner, descending);
  const std::string name = std::is_same_v<T, float>     ? "argsort"
                           : std::is_same_v<T, double>  ? "argsort_f64"
                           : std::is_same_v<T, int64_t> ? "argsort_i64"
                                                        : "argsort_i32";
  std::vector<I> got(x.size(), -1), want(x.size());
  kernel<void(const T *, I *, I, I, I, I)>(name)(x.data(), got.data(), outer, n, inner, descending);
  std::vector<I> order(n);
  for (I o = 0; o < outer; ++o)
    for (I j = 0; j < inner; ++j) {
      std::iota(order.begin(), order.end(), 0);
      std::stable_sort(order.begin(), order.end(), [&](I a, I b) {
        const T u = x[(o * n + a) * inner + j], v = x[(o * n + b) * inner + j];
        return descending ? isSmaller(v, u) : isSmaller(u, v);
      });
      for (I r = 0; r < n; ++r)
        want[(o * n + r) * inner + j] = order[r];
    }
  CHECK(got == want);
}

TEMPLATE_TEST_CASE("argsort: in order, equal ones by index", "[rows]", float, double, int64_t,
                   int32_t) {
  unsigned seed = 0;
  for (bool descending : {false, true})
    for (I n : {1, 2, 3, 16, 32, 33, 200, 1000}) {
      check(coarse<TestType>(3 * n, ++seed), 3, n, 1, descending);
      check(numbers<TestType>(3 * n, ++seed), 3, n, 1, descending);
      check(numbers<TestType>(2 * n * 5, ++seed), 2, n, 5, descending);
    }
  check(coarse<TestType>(701 * 64, ++seed), 701, 64, 1, false); // in several tasks
}

TEMPLATE_TEST_CASE("argsort: every byte of a number counts", "[rows]", float, double, int64_t,
                   int32_t) {
  std::mt19937_64 next(3);
  std::vector<TestType> x(600);
  for (TestType &v : x) {
    const uint64_t bits = next() >> next() % 64; // of any size
    std::memcpy(&v, &bits, sizeof v);
  }
  x[7] = std::numeric_limits<TestType>::lowest(), x[300] = std::numeric_limits<TestType>::max();
  for (bool descending : {false, true}) {
    check(x, 2, 300, 1, descending);
    check(x, 1, 600, 1, descending);
    check(x, 20, 30, 1, descending);
  }
}

TEST_CASE("argsort: NaN last, zeros of both signs tie, rows of equal elements", "[rows]") {
  const float special[] = {NAN, -NAN, INFINITY, -INFINITY, 0.0f, -0.0f, 1.0f};
  std::minstd_rand next(5);
  for (I n : {20, 40}) {
    std::vector<float> x(64 * n);
    for (float &v : x)
      v = special[next() % 7];
    for (bool descending : {false, true}) {
      check(x, 64, n, 1, descending);
      for (float each : special)
        check(std::vector<float>(n, each), 1, n, 1, descending);
    }
  }
}
