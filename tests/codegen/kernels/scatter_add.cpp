// scatter_add of every element type against the obvious loop.
#include "codegen/kernels.h"

#include <catch2/catch.hpp>

using namespace kerf::test;
using I = int64_t;

TEMPLATE_TEST_CASE("scatter_add: ascending, from zero", "[rows]", float, double, int64_t, int32_t) {
  const std::string name = std::is_same_v<TestType, float>     ? "scatter_add"
                           : std::is_same_v<TestType, double>  ? "scatter_add_f64"
                           : std::is_same_v<TestType, int64_t> ? "scatter_add_i64"
                                                               : "scatter_add_i32";
  constexpr I rows = 7;
  for (I width : {1, 3, 8, 65, 2113}) { // of one task, and of several
    std::vector<TestType> updates(indices.size() * width), got(rows * width, 99),
        want(rows * width);
    for (size_t i = 0; i < updates.size(); ++i)
      updates[i] = TestType(i * 0.37 + 1e7 * (i % 3));
    kernel<void(const TestType *, const I *, TestType *, I, I, I)>(name)(
        updates.data(), indices.data(), got.data(), rows, width, indices.size());
    for (size_t i = 0; i < indices.size(); ++i)
      for (I j = 0; j < width; ++j)
        want[clampedRow(indices[i], rows) * width + j] += updates[i * width + j];
    CHECK(got == want);
  }
}
