// vq_heads against vq of each head.
#include "codegen/nearest_codes.h"

#include <catch2/catch.hpp>

using namespace kerf::test;
using kerf::codegen::cpu::VqMetric;
using I = int64_t;

namespace {
struct Sizes {
  I n, k, d;
};
} // namespace

TEST_CASE("vq_heads: every head by itself, in the scratch of one", "[vq]") {
  for (Sizes s : {Sizes{7, 17, 5}, {65, 33, 257}, {300, 65, 64}, {1, 1, 1}}) {
    constexpr I heads = 3;
    CAPTURE(s.n, s.k, s.d);
    const auto z = numbers<float>(heads * s.n * s.d, 3), e = numbers<float>(heads * s.k * s.d, 4);
    Scratch scratch(scratchBytes("vq_heads", {heads, s.n, s.k, s.d}));
    std::vector<I> got(heads * s.n, -1), want;
    kernel<void(const float *, const float *, I *, void *, I, I, I, I, I)>("vq_heads")(
        z.data(), e.data(), got.data(), scratch.get(), heads, s.n, s.k, s.d, I(VqMetric::cosine));
    CHECK(scratch.intact());
    for (I h = 0; h < heads; ++h) {
      auto part = [&](const std::vector<float> &x, I size) {
        return std::vector<float>(x.begin() + h * size, x.begin() + (h + 1) * size);
      };
      const auto codes =
          nearestCodes(part(z, s.n * s.d), part(e, s.k * s.d), s.n, s.k, s.d, VqMetric::cosine);
      want.insert(want.end(), codes.begin(), codes.end());
    }
    CHECK(got == want);
  }
}
