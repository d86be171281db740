// conv_filter against double loops in the same order: equal bit for bit.
#include "codegen/convolutions.h"

using namespace kerf::test;

TEST_CASE("conv_filter: a sum over image, row, column, in this order", "[conv]") {
  for (const auto &v : allConvolutions()) {
    ConvCase<float> c(convSizesOf(v));
    c.check("conv_filter", c.x, c.y, c.filter(), convBytes("conv_filter", c.s));
  }
}

TEST_CASE("conv_filter: f64 has the same order", "[conv]") {
  for (const auto &v : allConvolutions()) {
    ConvCase<double> c(convSizesOf(v));
    c.check("conv_filter_f64", c.x, c.y, c.filter(), 0);
  }
}
