// What programs see of narrow types, and that a policy changes products alone: parameters, moments
// and gradients are f32, and losses those of f32 within a percent.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include "narrow_types.h"

#include <cmath>
#include <random>

namespace {

using kerf::bf16;
using kerf::f16;

constexpr int batch = 16, steps = 60;

struct Data {
  std::array<std::uint8_t, batch * 64> images;
  std::array<std::int64_t, batch> labels;

  /// A bright quarter, which the label names, on noise.
  explicit Data(unsigned seed) {
    std::mt19937 random(seed);
    for (int n = 0; n < batch; ++n) {
      labels[n] = random() % 4;
      for (int i = 0; i < 64; ++i) {
        const bool isBright = (i / 32) * 2 + i % 8 / 4 == labels[n];
        images[n * 64 + i] = std::uint8_t(random() % 128 + (isBright ? 60 : 0));
      }
    }
  }
};

/// The mean loss of the last ten steps.
template <class Step> double train(kerf::Context &context, Step step) {
  kerf::Block<narrow_types::Net> net;
  kerf::Block<narrow_types::Adam> adam;
  const std::array<std::uint32_t, 2> key{1, 2};
  narrow_types::begin(context, net, adam, key);
  double sum = 0;
  for (int i = 0; i < steps; ++i) {
    const Data data(i);
    const double loss = step(context, net, adam, data.images, data.labels).loss;
    sum += i >= steps - 10 ? loss : 0;
  }
  return sum / 10;
}

TEST_CASE("narrow types: a policy of bf16 trains as f32 does") {
  kerf::Context context(narrow_types::arena_bytes);
  const double narrow =
      train(context, [](auto &...arguments) { return narrow_types::train_step(arguments...); });
  const double wide =
      train(context, [](auto &...arguments) { return narrow_types::train_step_f32(arguments...); });
  CAPTURE(narrow, wide);
  CHECK(wide < 0.5);
  CHECK(narrow != wide);
  CHECK(std::abs(narrow - wide) <= 0.01 * wide + 0.005);
}

TEST_CASE("narrow types: parameters and moments are f32 whatever products are") {
  for (const kerf_block *block :
       {&kerf::table<narrow_types::Net>(), &kerf::table<narrow_types::Adam>(),
        &kerf::table<narrow_types::RowAdam>()}) // of a parameter of bf16
    for (std::size_t i = 0; i < block->num_leaves; ++i) {
      const kerf_leaf &leaf = block->leaves[i];
      INFO(leaf.name);
      if (leaf.dtype.code != kDLInt) // the number of steps
        CHECK((leaf.dtype.code == kDLFloat && leaf.dtype.bits == 32));
    }
}

TEST_CASE("narrow types: views, and arithmetic that rounds or wraps") {
  kerf::Context context(narrow_types::arena_bytes);
  const std::array<bf16, 5> b{1.0f, -2.5f, 3e38f, 1e-40f, 0x1.02p0f};
  const std::array<f16, 5> h{1.0f, -2.5f, 40000.0f, 0x1p-24f, 0x1.004p0f};
  const std::array<std::int8_t, 5> c{1, -2, 127, -128, 64};
  const std::array<std::int16_t, 5> s{1, -2, 32767, -32768, 300};
  const std::array<std::uint8_t, 5> w{1, 2, 255, 128, 127};
  std::array<bf16, 5> b2;
  std::array<f16, 5> h2;
  std::array<std::int8_t, 5> c2;
  std::array<std::int16_t, 5> s2;
  std::array<std::uint8_t, 5> w2;
  std::array<float, 5> numbers;
  narrow_types::twice(context, b, h, c, s, w, b2, h2, c2, s2, w2, numbers);
  for (int i = 0; i < 5; ++i) {
    CHECK(b2[i].bits == bf16(2 * float(b[i])).bits);
    CHECK(h2[i].bits == f16(2 * float(h[i])).bits);
    CHECK(c2[i] == std::int8_t(2 * c[i]));
    CHECK(s2[i] == std::int16_t(2 * s[i]));
    CHECK(w2[i] == std::uint8_t(2 * w[i]));
    CHECK(numbers[i] == float(w[i]));
  }
  CHECK(std::isinf(float(b2[2])));
  CHECK(std::isinf(float(h2[2])));
  CHECK(float(b2[3]) != 0); // denormal
  CHECK(float(h2[3]) == 0x1p-23f);

  const std::array<bf16, 3> x{254.0f, -7.0f, 300.0f};
  std::array<std::uint8_t, 3> y;
  narrow_types::clipped(context, x, y);
  CHECK(int(y[0]) == int(float(bf16(254.5f))));
  CHECK(int(y[1]) == 0);
  CHECK(int(y[2]) == 255);
}

TEST_CASE("narrow types: parameters held narrow are stepped in f32, and rounded once") {
  kerf::Context context(narrow_types::arena_bytes);
  kerf::Block<narrow_types::Row> row;
  kerf::Block<narrow_types::RowAdam> adam;
  std::array<bf16, 64> x;
  for (int i = 0; i < 64; ++i)
    x[i] = bf16(0.37f * float(i) - 5);
  std::array<float, 64> drawn;
  narrow_types::row_step(context, row, adam, x, std::array<std::uint32_t, 2>{3, 4}, drawn);
  for (int i = 0; i < 64; ++i) {
    CHECK(bf16(drawn[i]) == drawn[i]);
    CHECK(float(row->weight[i]) == float(bf16(drawn[i] - 0.3f * float(x[i]))));
  }
}

template <class T> void checkLimits() {
  using Limits = std::numeric_limits<T>;
  const float epsilon = Limits::epsilon(), largest = Limits::max(), least = Limits::denorm_min();
  CHECK(float(T(1 + epsilon)) == 1 + epsilon);
  CHECK(float(T(1 + epsilon / 2)) == 1);
  CHECK(std::isinf(float(T(largest * (1 + epsilon / 2)))));
  CHECK(float(T(largest * (1 - epsilon))) < largest);
  CHECK(float(Limits::lowest()) == -largest);
  CHECK(float(T(least)) == least);
  CHECK(float(T(least / 2)) == 0);
  CHECK(float(Limits::min()) == std::ldexp(1.0f, Limits::min_exponent - 1));
  CHECK(std::ilogb(largest) + 1 == Limits::max_exponent);
  CHECK(std::isinf(float(Limits::infinity())));
  CHECK(std::isnan(float(Limits::quiet_NaN())));
  CHECK(std::isnan(float(Limits::signaling_NaN())));
}
TEST_CASE("narrow types: limits are those of the numbers") {
  checkLimits<bf16>();
  checkLimits<f16>();
}

TEST_CASE("narrow types: every number of 16 bits goes through a float") {
  for (unsigned bits = 0; bits < 65536; ++bits) {
    bf16 b;
    f16 h;
    b.bits = h.bits = std::uint16_t(bits);
    if (std::isnan(float(b)))
      CHECK(std::isnan(float(bf16(float(b)))));
    else
      CHECK(bf16(float(b)).bits == bits);
    if (std::isnan(float(h)))
      CHECK(std::isnan(float(f16(float(h)))));
    else
      CHECK(f16(float(h)).bits == bits);
  }
  CHECK(bf16(0x1.01p0).bits == bf16(1.0f).bits); // ties to even
  CHECK(bf16(0x1.03p0).bits == bf16(0x1.04p0f).bits);
  CHECK(bf16(0x1.01p0 + 0x1p-50).bits == bf16(0x1.02p0f).bits); // once, not by way of a float
  CHECK(f16(65519.0f).bits == f16(65504.0f).bits);
  CHECK(std::isinf(float(f16(65520.0f))));
  CHECK(f16(0x1p-25f).bits == 0);
  CHECK(f16(0x1.8p-25f).bits == 1);
}

} // namespace
