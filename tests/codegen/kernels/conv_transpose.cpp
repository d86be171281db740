// conv_transpose against double loops in the same order: equal bit for bit.
#include "codegen/convolutions.h"

using namespace kerf::test;

TEST_CASE("conv_transpose: a sum over the taps that reach the pixel", "[conv]") {
  for (const auto &v : allConvolutions()) {
    ConvCase<float> c(convSizesOf(v));
    c.check("conv_transpose", c.y, c.w, c.transpose(), convBytes("conv_transpose", c.s));
  }
}

TEST_CASE("conv_transpose: f64 has the same order", "[conv]") {
  for (const auto &v : allConvolutions()) {
    ConvCase<double> c(convSizesOf(v));
    c.check("conv_transpose_f64", c.y, c.w, c.transpose(), 0);
  }
}
