// scatter_add_along of every element type against the obvious loop.
#include "codegen/kernels.h"

#include <catch2/catch.hpp>

using namespace kerf::test;
using I = int64_t;

template <class T> static void check(I outer, I n, I m, I inner) {
  CAPTURE(outer, n, m, inner);
  const std::string name = std::is_same_v<T, float>     ? "scatter_add_along"
                           : std::is_same_v<T, double>  ? "scatter_add_along_f64"
                           : std::is_same_v<T, int64_t> ? "scatter_add_along_i64"
                                                        : "scatter_add_along_i32";
  std::vector<T> updates(outer * m * inner), got(outer * n * inner, T(77)), want(got.size());
  std::vector<I> places(updates.size());
  for (size_t i = 0; i < places.size(); ++i) {
    places[i] = indices[(i * 7 + i / 5) % indices.size()];
    updates[i] = T(i * 0.37 + 1e7 * (i % 3));
  }
  kernel<void(const T *, const I *, T *, I, I, I, I)>(name)(updates.data(), places.data(),
                                                            got.data(), outer, n, m, inner);
  for (I o = 0; o < outer; ++o)
    for (I i = 0; i < m; ++i)
      for (I j = 0; j < inner; ++j) {
        const I place = (o * m + i) * inner + j;
        want[(o * n + clampedRow(places[place], n)) * inner + j] += updates[place];
      }
  CHECK(got == want);
}

TEMPLATE_TEST_CASE("scatter_add_along: ascending, from zero", "[rows]", float, double, int64_t,
                   int32_t) {
  for (I outer : {1, 3})
    for (I n : {1, 2, 7})
      for (I m : {1, 5, 9})
        for (I inner : {1, 3, 17})
          check<TestType>(outer, n, m, inner);
  check<TestType>(701, 7, 13, 3); // in several tasks: of lines, and of what lies beside
  check<TestType>(2, 3, 11, 2113);
}
