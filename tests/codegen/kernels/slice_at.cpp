// slice_at against the obvious loop.
#include "codegen/kernels.h"

#include <catch2/catch.hpp>

using namespace kerf::test;
using I = int64_t;

static void check(I outer, I n, I m, I bytes, I offset) {
  CAPTURE(outer, n, m, bytes, offset);
  std::vector<char> x(outer * n * bytes), got(outer * m * bytes, 77), want(got.size());
  for (size_t i = 0; i < x.size(); ++i)
    x[i] = char(i * 31 + i / 251);
  kernel<void(const char *, const I *, char *, I, I, I, I)>("slice_at")(
      x.data(), &offset, got.data(), outer, n, m, bytes);
  const I at = clampedRow(offset, n - m + 1);
  for (I o = 0; o < outer; ++o)
    for (I i = 0; i < m * bytes; ++i)
      want[o * m * bytes + i] = x[(o * n + at) * bytes + i];
  CHECK(got == want);
}

TEST_CASE("slice_at: neighbours, moved inside", "[rows]") {
  for (I outer : {1, 3, 401})
    for (I n : {1, 2, 7})
      for (I m : {1, 2, 7})
        for (I bytes : {1, 4, 100})
          for (I offset : indices)
            if (m <= n)
              check(outer, n, m, bytes, offset);
}
