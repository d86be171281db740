// update_at against the obvious loop.
#include "codegen/kernels.h"

#include <catch2/catch.hpp>

using namespace kerf::test;
using I = int64_t;

static void check(I outer, I n, I m, I bytes, I offset) {
  CAPTURE(outer, n, m, bytes, offset);
  std::vector<char> x(outer * n * bytes), update(outer * m * bytes), got(x.size(), 77);
  for (size_t i = 0; i < x.size(); ++i)
    x[i] = char(i * 31 + i / 251);
  for (size_t i = 0; i < update.size(); ++i)
    update[i] = char(i * 17 + 5);
  std::vector<char> want = x;
  kernel<void(const char *, const I *, const char *, char *, I, I, I, I)>("update_at")(
      x.data(), &offset, update.data(), got.data(), outer, n, m, bytes);
  const I at = clampedRow(offset, n - m + 1);
  for (I o = 0; o < outer; ++o)
    for (I i = 0; i < m * bytes; ++i)
      want[(o * n + at) * bytes + i] = update[o * m * bytes + i];
  CHECK(got == want);
}

TEST_CASE("update_at: neighbours among what was there, moved inside", "[rows]") {
  for (I outer : {1, 3, 401})
    for (I n : {1, 2, 7})
      for (I m : {0, 1, 2, 7})
        for (I bytes : {1, 4, 100})
          for (I offset : indices)
            if (m <= n)
              check(outer, n, m, bytes, offset);
}
