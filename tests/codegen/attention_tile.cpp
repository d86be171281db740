// The products of attention's blocks against plain loops in the same order: equal bit for bit, and
// nothing touched beside them.
#include "codegen/kernels.h"

#include <catch2/catch.hpp>

using namespace kerf::test;

namespace {
using I = int64_t;
struct Sizes {
  I rows, columns, depth;
};
/// one, below a tile, primes, whole tiles of either target, one past a block
constexpr Sizes awkward[] = {{1, 1, 1},    {2, 7, 17},    {3, 16, 8},  {4, 17, 64},  {5, 31, 3},
                             {6, 32, 256}, {7, 33, 257},  {12, 8, 2},  {13, 48, 65}, {48, 64, 64},
                             {50, 50, 50}, {65, 24, 600}, {1, 256, 4}, {6, 5, 0}};
} // namespace

/// What is outside of the operands holds NaN, and c's stays as it is.
static void check(Sizes s, bool transposed, bool packed, bool first) {
  CAPTURE(s.rows, s.columns, s.depth, transposed, packed, first);
  const I panels = (s.columns + 15) / 16, gap = 3;
  const I aRow = transposed ? 1 : s.depth + gap, aK = transposed ? s.rows + gap : 1;
  const I bK = packed ? 16 : s.columns + gap, bPanel = packed ? 16 * s.depth : 16;
  const I cRow = s.columns + gap;
  std::vector<float> a(s.rows * s.depth + gap * (transposed ? s.depth : s.rows), NAN);
  std::vector<float> b(packed ? panels * bPanel : s.depth * bK, NAN);
  auto c = numbers<float>(s.rows * cRow, 3);
  const auto x = numbers<float>(s.rows * s.depth, 1), y = numbers<float>(s.depth * s.columns, 2);
  for (I k = 0; k < s.depth; ++k) {
    for (I i = 0; i < s.rows; ++i)
      a[i * aRow + k * aK] = x[i * s.depth + k];
    for (I j = 0; j < s.columns; ++j)
      b[j / 16 * bPanel + k * bK + j % 16] = y[k * s.columns + j];
  }
  std::vector<float> want = c;
  for (I i = 0; i < s.rows; ++i)
    for (I j = 0; j < s.columns; ++j)
      for (I from = 0; from < s.depth; from += 256) {
        float sum = 0;
        for (I k = from; k < std::min(from + 256, s.depth); ++k)
          sum = std::fma(x[i * s.depth + k], y[k * s.columns + j], sum);
        float &to = want[i * cRow + j];
        to = first && from == 0 ? sum : to + sum;
      }
  kernel<void(const float *, const float *, float *, I, I, I, I, I, I, I, I, I)>(
      "products_of_blocks")(a.data(), b.data(), c.data(), s.rows, s.columns, s.depth, aRow, aK,
                            bPanel, bK, cRow, first);
  CHECK(c == want);
}

TEST_CASE("attention's products: equal the defined order wherever operands lie",
          "[attention_tile]") {
  for (Sizes sizes : awkward)
    for (bool transposed : {false, true})
      for (bool packed : {false, true})
        for (bool first : {false, true})
          check(sizes, transposed, packed, first);
}
