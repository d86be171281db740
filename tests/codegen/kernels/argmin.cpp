// argmin of every element type against the obvious loop.
#include "codegen/kernels.h"

#include <catch2/catch.hpp>

using namespace kerf::test;
using I = int64_t;

/// The first NaN, or else the first of the smallest.
template <class T> static I argmin(const T *x, I n, I stride) {
  I best = 0;
  for (I i = 1; i < n; ++i) {
    const T a = x[i * stride], b = x[best * stride];
    if (!isNan(b) && (isNan(a) || a < b))
      best = i;
  }
  return best;
}

template <class T>
static void checkArgmin(const std::string &name, const std::vector<T> &x, I outer, I n, I inner) {
  CAPTURE(name, outer, n, inner);
  std::vector<I> got(outer * inner, -1), want;
  kernel<void(const T *, I *, I, I, I)>(name)(x.data(), got.data(), outer, n, inner);
  for (I o = 0; o < outer; ++o)
    for (I j = 0; j < inner; ++j)
      want.push_back(argmin(&x[o * n * inner + j], n, inner));
  CHECK(got == want);
}

TEMPLATE_TEST_CASE("argmin: the lowest index wins a tie", "[rows]", float, double, int64_t,
                   int32_t) {
  const std::string name = std::is_same_v<TestType, float>     ? "argmin"
                           : std::is_same_v<TestType, double>  ? "argmin_f64"
                           : std::is_same_v<TestType, int64_t> ? "argmin_i64"
                                                               : "argmin_i32";
  unsigned seed = 0;
  for (I n : {1, 2, 7, 15, 16, 17, 31, 33, 512})
    for (I inner : {1, 2, 8, 9, 23})
      checkArgmin(name, coarse<TestType>(3 * n * inner, ++seed), 3, n, inner);
}

TEST_CASE("argmin: the first NaN wins, zeros of both signs tie, infinities are numbers", "[rows]") {
  const float special[] = {NAN, INFINITY, -INFINITY, 0.0f, -0.0f, 1.0f};
  std::minstd_rand next(5);
  for (I n : {1, 5, 16, 17, 40, 100})
    for (I inner : {1, 9}) {
      std::vector<float> x(64 * n * inner);
      for (I rare : {1, 60}) {
        for (float &v : x)
          v = next() % rare ? 1.0f : special[next() % 6];
        checkArgmin("argmin", x, 64, n, inner);
      }
      checkArgmin("argmin", std::vector<float>(n * inner, INFINITY), 1, n, inner);
      checkArgmin("argmin", std::vector<float>(n * inner, NAN), 1, n, inner);
    }
}

TEST_CASE("argmin: few long rows, ties and NaN in several parts", "[rows]") {
  for (I n : {65537, 100000}) {
    checkArgmin("argmin", coarse<float>(3 * n, unsigned(n)), 3, n, 1);
    std::vector<float> x = numbers<float>(n, unsigned(n));
    checkArgmin("argmin", x, 1, n, 1);
    for (I at : {n - 1, n / 2, I(0)}) { // the smallest, then NaN, in ever earlier parts
      x[at] = -5;
      checkArgmin("argmin", x, 1, n, 1);
    }
    for (I at : {n - 1, n / 2, I(1)}) {
      x[at] = NAN;
      checkArgmin("argmin", x, 1, n, 1);
    }
  }
  checkArgmin("argmin", coarse<float>(9 * 65600, 3), 9, 65600, 1); // rows enough to be shared whole
  checkArgmin("argmin", coarse<float>(3 * 100 * 700, 4), 3, 100, 700);
}
