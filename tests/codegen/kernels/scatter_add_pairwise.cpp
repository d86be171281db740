// scatter_add in blocks against sums in the same order: equal bit for bit.
#include "codegen/kernels.h"

#include <catch2/catch.hpp>

using namespace kerf::test;
using I = int64_t;

TEMPLATE_TEST_CASE("scatter_add_pairwise: a row's terms in blocks of 32, pairwise", "[rows]", float,
                   double) {
  const std::string name =
      std::is_same_v<TestType, float> ? "scatter_add_pairwise" : "scatter_add_pairwise_f64";
  // How many terms the rows have.
  const std::vector<I> sizes = {0, 1, 31, 32, 33, 64, 65, 96, 225, 1025};
  const I rows = sizes.size();
  std::vector<I> rowOf, left = sizes;
  for (bool more = true; more;) { // turn by turn
    more = false;
    for (I row = 0; row < rows; ++row)
      if (left[row] > 0) {
        rowOf.push_back(row == 0 ? -3 : row + 1 == rows ? rows + 5 : row);
        more = --left[row] > 0 || more;
      }
  }
  const I count = rowOf.size();
  for (I width : {1, 3, 8, 65, 300, 2113}) {
    std::vector<TestType> updates(count * width), got(rows * width, 99), want(rows * width);
    for (size_t i = 0; i < updates.size(); ++i)
      updates[i] = TestType(i % 1000 * 0.37 + 1e4 * (i % 3));
    std::vector<char> scratch(1 << 22, char(0xff));
    kernel<void(const TestType *, const I *, TestType *, char *, I, I, I)>(name)(
        updates.data(), rowOf.data(), got.data(), scratch.data(), rows, width, count);
    for (I row = 0; row < rows; ++row)
      for (I j = 0; j < width; ++j) {
        std::vector<TestType> sums; // of blocks
        I terms = 0;
        for (I i = 0; i < count; ++i)
          if (clampedRow(rowOf[i], rows) == row) {
            if (terms++ % 32 == 0)
              sums.push_back(0);
            sums.back() += updates[i * width + j];
          }
        // Neighbours meet, an odd last one goes up alone.
        while (sums.size() > 1) {
          std::vector<TestType> next;
          for (size_t b = 0; b < sums.size(); b += 2)
            next.push_back(b + 1 < sums.size() ? sums[b] + sums[b + 1] : sums[b]);
          sums = next;
        }
        want[row * width + j] = sums.empty() ? 0 : sums[0];
      }
    CHECK(got == want);
  }
}

TEST_CASE("scatter_add_pairwise: of few updates each row is one chain, as scatter_add's",
          "[rows]") {
  constexpr I rows = 10, width = 3;
  for (I count : {0, 1, 39, 64, 79}) { // 10 > count / 4 / levels
    std::vector<I> rowOf(count, 4);
    std::vector<float> updates(count * width), got(rows * width, 99), want(rows * width);
    for (size_t i = 0; i < updates.size(); ++i)
      updates[i] = float(i % 1000 * 0.37 + 1e4 * (i % 3));
    std::vector<char> scratch(1 << 16, char(0xff));
    kernel<void(const float *, const I *, float *, char *, I, I, I)>("scatter_add_pairwise")(
        updates.data(), rowOf.data(), got.data(), scratch.data(), rows, width, count);
    kernel<void(const float *, const I *, float *, I, I, I)>("scatter_add")(
        updates.data(), rowOf.data(), want.data(), rows, width, count);
    CHECK(got == want);
  }
}
