// cumsum of every element type against the obvious loop, in every direction.
#include "codegen/kernels.h"

#include <catch2/catch.hpp>

#include <limits>

using namespace kerf::test;
using I = int64_t;

/// What a line is added in.
template <class T> struct Sums {
  using Type = std::make_unsigned_t<T>; // wraps around
};
template <> struct Sums<float> {
  using Type = double;
};
template <> struct Sums<double> {
  using Type = double;
};

template <class T>
static void check(const std::vector<T> &x, I outer, I n, I inner, bool exclusive, bool reverse) {
  CAPTURE(outer, n, inner, exclusive, reverse);
  const std::string name = std::is_same_v<T, float>     ? "cumsum"
                           : std::is_same_v<T, double>  ? "cumsum_f64"
                           : std::is_same_v<T, int64_t> ? "cumsum_i64"
                                                        : "cumsum_i32";
  std::vector<T> got(x.size(), T(77)), want(x.size());
  kernel<void(const T *, T *, I, I, I, I, I)>(name)(x.data(), got.data(), outer, n, inner,
                                                    exclusive, reverse);
  for (I o = 0; o < outer; ++o)
    for (I j = 0; j < inner; ++j) {
      typename Sums<T>::Type sum = 0;
      for (I i = 0; i < n; ++i) {
        const I place = (o * n + (reverse ? n - 1 - i : i)) * inner + j;
        const auto before = sum;
        sum += x[place];
        want[place] = T(exclusive ? before : sum);
      }
    }
  CHECK(std::memcmp(got.data(), want.data(), got.size() * sizeof(T)) == 0);
}

TEMPLATE_TEST_CASE("cumsum: running sums of lines, both ways", "[cumsum]", float, double, int64_t,
                   int32_t) {
  unsigned seed = 0;
  for (I outer : {1, 3, 4, 9})
    for (I n : {1, 2, 17, 100})
      for (I inner : {1, 2, 7, 8, 17})
        for (bool exclusive : {false, true})
          for (bool reverse : {false, true})
            check(std::is_floating_point_v<TestType> ? numbers<TestType>(outer * n * inner, ++seed)
                                                     : coarse<TestType>(outer * n * inner, ++seed),
                  outer, n, inner, exclusive, reverse);
  // Rows in several tasks, and columns.
  for (auto [outer, n, inner] : {std::array<I, 3>{701, 100, 1}, {2, 100, 701}, {401, 64, 3}})
    for (bool exclusive : {false, true})
      for (bool reverse : {false, true})
        check(coarse<TestType>(outer * n * inner, ++seed), outer, n, inner, exclusive, reverse);
}

TEST_CASE("cumsum: f32 keeps what f32 sums would lose, integers wrap around", "[cumsum]") {
  std::vector<float> small(1000, 1.0f);
  small[0] = 16777216;
  check(small, 1, 1000, 1, false, false);
  std::vector<float> got(1000);
  kernel<void(const float *, float *, I, I, I, I, I)>("cumsum")(small.data(), got.data(), 1, 1000,
                                                                1, 0, 0);
  CHECK(got[999] == 16778216); // 2^24 + 999, to even
  const std::vector<int32_t> large = {std::numeric_limits<int32_t>::max(), 1, 5};
  check(large, 1, 3, 1, false, false);
  const std::vector<int64_t> larger = {std::numeric_limits<int64_t>::min(), -1, 5};
  check(larger, 1, 3, 1, false, true);
}

TEST_CASE("cumsum: nothing is read or written where there is nothing", "[cumsum]") {
  for (I outer : {0, 3})
    for (I n : {0, 5})
      if (outer * n == 0)
        check(std::vector<float>(), outer, n, 2, false, false);
}
