// conv against double loops in the same order: equal bit for bit.
#include "codegen/convolutions.h"

using namespace kerf::test;

TEST_CASE("conv: kernel row, column, channel, in this order", "[conv]") {
  for (const auto &v : allConvolutions()) {
    ConvCase<float> c(convSizesOf(v));
    c.check("conv", c.x, c.w, c.forward(), convBytes("conv", c.s));
  }
}

TEST_CASE("conv: f64 has the same order", "[conv]") {
  for (const auto &v : allConvolutions()) {
    ConvCase<double> c(convSizesOf(v));
    c.check("conv_f64", c.x, c.w, c.forward(), 0);
  }
}
