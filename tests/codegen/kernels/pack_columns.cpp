// Packed columns against their layout, element by element.
#include "codegen/kernels.h"

#include <catch2/catch.hpp>

using namespace kerf::test;

/// Where element (p, j) of a packed k x n matrix lies: blocks of 256 rows, panels of 16 columns.
static int64_t place(int64_t p, int64_t j, int64_t k, int64_t n) {
  const int64_t width = (n + 15) / 16 * 16, start = p / 256 * 256;
  const int64_t depth = std::min<int64_t>(k - start, 256);
  return start * width + j / 16 * 16 * depth + (p - start) * 16 + j % 16;
}

static void check(int64_t batch, int64_t k, int64_t n, bool transposed, int64_t gap) {
  CAPTURE(batch, k, n, transposed, gap);
  const int64_t strides[] = {k * n * gap, (transposed ? 1 : n) * gap, (transposed ? k : 1) * gap};
  const auto x = numbers<float>(batch * strides[0], 1);
  const int64_t width = (n + 15) / 16 * 16;
  std::vector<float> want(batch * k * width, 0), got(want.size() + 16, NAN);
  for (int64_t s = 0; s < batch; ++s)
    for (int64_t p = 0; p < k; ++p)
      for (int64_t j = 0; j < n; ++j)
        want[s * k * width + place(p, j, k, n)] =
            x[s * strides[0] + p * strides[1] + j * strides[2]];
  using I = int64_t;
  kernel<void(const float *, float *, I, I, I, I, I, I)>("pack_columns")(
      x.data(), got.data(), batch, k, n, strides[0], strides[1], strides[2]);
  CHECK(std::all_of(got.begin() + want.size(), got.end(), isNan<float>));
  got.resize(want.size());
  CHECK(got == want);
}

TEST_CASE("pack_columns: blocks of 256 rows, panels of 16 columns, zeros behind",
          "[pack_columns]") {
  for (int64_t k : {1, 8, 13, 256, 257, 700})
    for (int64_t n : {1, 7, 16, 17, 33, 96})
      for (bool transposed : {false, true})
        for (int64_t gap : {1, 3})
          check(k < 16 ? 3 : 1, k, n, transposed, gap);
}
