// Products with columns that were packed before: bit for bit those of gemm, which packs them
// itself.
#include "codegen/kernels.h"

#include <catch2/catch.hpp>

using namespace kerf::test;

using I = int64_t;

namespace {
struct Sizes {
  I batch, m, n, k;
};
/// one, primes, one past a tile, a panel, a block, a group; tasks of several rows and columns
constexpr Sizes awkward[] = {{1, 1, 1, 1},     {2, 7, 17, 5},     {3, 6, 16, 8},
                             {1, 65, 33, 257}, {1, 8, 513, 9},    {1, 4, 3, 700},
                             {2, 11, 15, 8},   {1, 193, 31, 300}, {3, 3, 3, 3},
                             {1, 32, 768, 64}, {1, 5, 97, 4100},  {2, 200, 300, 520}};
} // namespace

static void check(Sizes s, bool aTransposed, bool bTransposed) {
  CAPTURE(s.batch, s.m, s.n, s.k, aTransposed, bTransposed);
  const I aRow = aTransposed ? 1 : s.k, aK = aTransposed ? s.m : 1;
  const I bK = bTransposed ? 1 : s.n, bColumn = bTransposed ? s.k : 1;
  const auto a = numbers<float>(s.batch * s.m * s.k, 1), b = numbers<float>(s.batch * s.k * s.n, 2);
  std::vector<float> packed(s.batch * s.k * ((s.n + 15) / 16 * 16), NAN);
  std::vector<float> want(s.batch * s.m * s.n, NAN), got = want;
  kernel<void(const float *, const float *, float *, I, I, I, I, I, I, I, I, I, I, I, I)>("gemm")(
      a.data(), b.data(), want.data(), s.batch, s.m, s.n, s.k, s.m * s.k, aRow, aK, s.k * s.n, bK,
      bColumn, s.m * s.n, s.n);
  kernel<void(const float *, float *, I, I, I, I, I, I)>("pack_columns")(
      b.data(), packed.data(), s.batch, s.k, s.n, s.k * s.n, bK, bColumn);
  kernel<void(const float *, const float *, float *, I, I, I, I, I, I, I, I, I)>("gemm_packed")(
      a.data(), packed.data(), got.data(), s.batch, s.m, s.n, s.k, s.m * s.k, aRow, aK, s.m * s.n,
      s.n);
  CHECK(got == want);
}

TEST_CASE("gemm_packed: equals gemm bit for bit", "[gemm_packed]") {
  for (Sizes sizes : awkward)
    for (bool aTransposed : {false, true})
      for (bool bTransposed : {false, true})
        check(sizes, aTransposed, bTransposed);
}
