// count: the number that it is given, rounded once.
#include "codegen/kernels.h"

#include <catch2/catch.hpp>

using namespace kerf::test;

TEST_CASE("count: a number as each type") {
  for (int64_t number :
       {int64_t(0), int64_t(1), int64_t(257), int64_t(16777217), int64_t(2147483647)}) {
    float single = -1;
    double real = -1;
    int64_t whole = -1;
    int32_t small = -1;
    kernel<void(float *, int64_t)>("count")(&single, number);
    kernel<void(double *, int64_t)>("count_f64")(&real, number);
    kernel<void(int64_t *, int64_t)>("count_i64")(&whole, number);
    kernel<void(int32_t *, int64_t)>("count_i32")(&small, number);
    CHECK(single == float(number));
    CHECK(real == double(number));
    CHECK(whole == number);
    CHECK(small == int32_t(number));
  }
}
