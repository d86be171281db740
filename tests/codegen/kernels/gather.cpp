// gather against the obvious loop.
#include "codegen/kernels.h"

#include <catch2/catch.hpp>

using namespace kerf::test;
using I = int64_t;

TEST_CASE("gather: rows by index, clamped, of any width", "[rows]") {
  constexpr I rows = 7;
  for (I width : {1, 3, 8, 65}) {
    auto table = numbers<float>(rows * width, 1);
    std::vector<float> got(indices.size() * width, NAN), want;
    kernel<void(const float *, const I *, float *, I, I, I)>("gather")(
        table.data(), indices.data(), got.data(), rows, width * I(sizeof(float)), indices.size());
    for (I index : indices)
      for (I j = 0; j < width; ++j)
        want.push_back(table[clampedRow(index, rows) * width + j]);
    CHECK(got == want);
  }
}

TEST_CASE("gather: many rows, in several tasks", "[rows]") {
  constexpr I rows = 7, count = 2011, width = 33;
  auto table = numbers<float>(rows * width, 1);
  std::vector<I> many;
  for (I i = 0; i < count; ++i)
    many.push_back(indices[i * i % indices.size()]);
  std::vector<float> got(count * width, NAN), want;
  kernel<void(const float *, const I *, float *, I, I, I)>("gather")(
      table.data(), many.data(), got.data(), rows, width * I(sizeof(float)), count);
  for (I index : many)
    for (I j = 0; j < width; ++j)
      want.push_back(table[clampedRow(index, rows) * width + j]);
  CHECK(got == want);
}
