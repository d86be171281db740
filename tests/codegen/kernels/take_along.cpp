// take_along of every element type against the obvious loop.
#include "codegen/kernels.h"

#include <catch2/catch.hpp>

using namespace kerf::test;
using I = int64_t;

template <class T> static void check(I outer, I n, I m, I inner) {
  CAPTURE(outer, n, m, inner);
  const std::string name = std::is_same_v<T, float>     ? "take_along"
                           : std::is_same_v<T, double>  ? "take_along_f64"
                           : std::is_same_v<T, int64_t> ? "take_along_i64"
                                                        : "take_along_i32";
  const std::vector<T> x = numbers<T>(outer * n * inner, 7);
  std::vector<I> places(outer * m * inner);
  for (size_t i = 0; i < places.size(); ++i)
    places[i] = indices[(i * 7 + i / 5) % indices.size()];
  std::vector<T> got(places.size(), T(77)), want(places.size());
  kernel<void(const T *, const I *, T *, I, I, I, I)>(name)(x.data(), places.data(), got.data(),
                                                            outer, n, m, inner);
  for (I o = 0; o < outer; ++o)
    for (I i = 0; i < m; ++i)
      for (I j = 0; j < inner; ++j) {
        const I place = (o * m + i) * inner + j;
        want[place] = x[(o * n + clampedRow(places[place], n)) * inner + j];
      }
  CHECK(got == want);
}

TEMPLATE_TEST_CASE("take_along: elements of their line, clamped", "[rows]", float, double, int64_t,
                   int32_t) {
  for (I outer : {1, 3})
    for (I n : {1, 2, 7})
      for (I m : {1, 5, 9})
        for (I inner : {1, 3, 17})
          check<TestType>(outer, n, m, inner);
  check<TestType>(701, 7, 13, 3); // in several tasks
  check<TestType>(2, 7, 5001, 1);
}
