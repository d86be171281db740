// Dims, shapes and rules: laws at compile time, messages in full.
#include <kerf/shape.h>

#include <catch2/catch.hpp>

#include <string>

namespace kerf {
namespace {

constexpr Dim B = dim<"B">(), N = dim<"N">(), h = dim<"h">();

std::string text(const Rule &rule) { return std::string(rule.text); }

// A polynomial has one spelling, however it was made.
static_assert(8 * h + 1 - 1 == 8 * h && B * N == N * B && B + N == N + B);
static_assert((B + 1) * (B - 1) + 1 == B * B);
static_assert(B - B == Dim(0) && (B * N - N * B) + 3 == Dim(3));
static_assert((2 * B + N).spelling() == "2*B+N" && (-1 * B + 4).spelling() == "-B+4");

static_assert(divide(6 * B * h, 2 * h).dim == 3 * B);
static_assert(divide(B + N, B + N).dim == Dim(1));
static_assert(!divide(B, 2).exists && !divide(6, 4).exists && !divide(6, 0).exists);
static_assert(floor_divide(8 * h + 3, 4).dim == 2 * h && floor_divide(-1, 2).dim == Dim(-1));
static_assert(!floor_divide(h, 2).exists);

// Products of six names and sums of eight terms are dims; longer ones no shape holds.
constexpr Dim C = dim<"C">(), H = dim<"H">(), W = dim<"W">(), T = dim<"T">(), K = dim<"K">();
static_assert((K * T * W * H * C * B).spelling() == "B*C*H*K*T*W");
static_assert(divide(6 * B * C * H * K * T * W, 2 * C * W).dim == 3 * B * H * K * T);
static_assert((N * B * C * H * K * T * W).is_overfull());
static_assert((N * B * C * H * K * T * W - 1).is_overfull());
static_assert((B + N + h + C + H + W + T + 1) - 1 == B + N + h + C + H + W + T);
static_assert((B + N + h + C + H + W + T + K + 1).is_overfull());
static_assert(dim<"letters">() * dim<"of_that">() * dim<"count_7">() ==
              dim<"count_7">() * dim<"of_that">() * dim<"letters">());
static_assert((1000000000 * dim<"a">() + 1000000000 * dim<"b">() + 1000000000 * dim<"c">() +
               1000000000 * dim<"d">())
                  .is_overfull());
static_assert(
    !rule::reshape(Shape::of(B, N, C * H * K * T * W), Shape::of(B * N * C * H * K * T * W)).ok);

TEST_CASE("dims: evaluating a polynomial agrees with arithmetic", "[shape]") {
  const auto value_of = [](std::string_view name) -> std::int64_t {
    return name == "B" ? 7 : name == "N" ? 5 : 3;
  };
  CHECK((3 * B * N + 2 * h - 1).evaluate(value_of) == 3 * 7 * 5 + 2 * 3 - 1);
  CHECK((B * B * B - 4 * h).evaluate(value_of) == 343 - 12);
  CHECK(Dim(65).evaluate(value_of) == 65);
}

TEST_CASE("dims: sizes beyond 64 bits saturate, so that no rule is fooled", "[shape]") {
  const Dim huge = std::int64_t(1) << 40;
  CHECK((huge * huge).value == INT64_MAX);
  CHECK_FALSE(rule::reshape(Shape::of(huge, huge), Shape::of(1)).ok);
}

static_assert(rule::broadcast_together(Shape::of(B, 1, 3), Shape::of(N, 1)).shape ==
              Shape::of(B, N, 3));
static_assert(rule::broadcast_together(Shape{}, Shape::of(B)).shape == Shape::of(B));
static_assert(rule::reduce(Shape::of(2, 3, 5), Ints::of(0, 2)).shape == Shape::of(3));
static_assert(rule::gather(Shape::of(512, 64), Shape::of(B, 8, 8)).shape == Shape::of(B, 8, 8, 64));
static_assert(rule::top_k(Shape::of(B, 64), 64).shape == Shape::of(B, 64));
static_assert(rule::scatter_add(Shape::of(B, 64), Shape::of(B), 512).shape == Shape::of(512, 64));
static_assert(rule::reshape(Shape::of(B, N + 1), Shape::of(B *(N + 1))).ok);
static_assert(rule::slice(Shape::of(B, 10), Ints::of(0, 3), Shape::of(B, 10), Ints::of(1, 2))
                  .shape == Shape::of(B, 4));
static_assert(rule::pad(Shape::of(B, 10), Ints::of(0, 3), Ints::of(0, 1), Ints::of(0, 2)).shape ==
              Shape::of(B, 32));
static_assert(rule::slice(Shape::of(256, 8), Shape::of(B, 0), Shape::of(256, 8), Ints::of(1, 1))
                  .shape == Shape::of(256 - B, 8));
static_assert(rule::slice(Shape::of(B + 8), Shape::of(4), Shape::of(B + 4), Ints::of(1)).shape ==
              Shape::of(B));
static_assert(!rule::slice(Shape::of(B + 8), Shape::of(4), Shape::of(B + 9), Ints::of(1)).ok);
static_assert(!rule::slice(Shape::of(8), Shape::of(B), Shape::of(B - 1), Ints::of(1)).ok);
static_assert(rule::pad(Shape::of(B), Shape::of(N), Shape::of(256 - B), Shape::of(0)).shape ==
              Shape::of(N + 256));
static_assert(!rule::pad(Shape::of(B), Shape::of(N - N - 1), Shape::of(0), Shape::of(0)).ok);
static_assert(rule::top_k(Shape::of(4, 2 * B), B + 1).shape == Shape::of(4, B + 1));
static_assert(!rule::top_k(Shape::of(4, B), B + 1).ok);
static_assert(rule::scatter_add(Shape::of(9, 4), Shape::of(9), B).shape == Shape::of(B, 4));
static_assert(rule::concat(Shape::of(B, N), Shape::of(B, 1), 1).shape == Shape::of(B, N + 1));

// Convolution and its adjoints agree on sizes, odd ones and named ones too.
constexpr bool adjoint(const Shape &x, const Shape &w, int stride, int padding) {
  const Ints s = Ints::of(stride, stride), p = Ints::of(padding, padding);
  const Rule y = rule::conv(x, w, s, p);
  return y.ok && rule::conv_transpose(y.shape, w, s, p, Shape::of(x[2], x[3])).shape == x &&
         rule::conv_filter(x, y.shape, s, p, Shape::of(w[2], w[3])).shape == w;
}
static_assert(adjoint(Shape::of(B, 3, 8 * h, 8 * h), Shape::of(64, 3, 4, 4), 2, 1));
static_assert(adjoint(Shape::of(1, 1, 7, 5), Shape::of(2, 1, 3, 3), 2, 0));
static_assert(adjoint(Shape::of(1, 1, 1, 1), Shape::of(1, 1, 1, 1), 3, 0));

TEST_CASE("rules: poison passes, so that one mistake gives one message", "[shape]") {
  const Rule wrong = rule::elementwise(Shape::of(2), Shape::of(3));
  CHECK_FALSE(wrong.ok);
  CHECK(wrong.shape.is_poison());
  const Rule next = rule::contract(wrong.shape, Shape::of(3, 4), {}, {}, Ints::of(1), Ints::of(0));
  CHECK(next.ok);
  CHECK(next.shape.is_poison());
}

TEST_CASE("rules: what is wrong, with the numbers and the shapes", "[shape]") {
  const Ints one = Ints::of(1, 1), none = Ints::of(0, 0);
  CHECK(text(rule::contract(Shape::of(4, 64), Shape::of(128, 32), {}, {}, Ints::of(1),
                            Ints::of(0))) ==
        "inner dimensions differ: 64 vs 128 in [4, 64] @ [128, 32]");
  CHECK(text(rule::broadcast_together(Shape::of(B, 64), Shape::of(32))) ==
        "cannot broadcast [B, 64] with [32]: axis -1 is 64 vs 32");
  CHECK(text(rule::reduce(Shape::of(2, 3), Ints::of(1, 1))) ==
        "axes [1, 1] are not ascending axes of [2, 3], which has rank 2");
  CHECK(text(rule::reshape(Shape::of(B, 6), Shape::of(B, 7))) ==
        "[B, 6] has 6*B elements, but [B, 7] has 7*B");
  CHECK(text(rule::transpose(Shape::of(2, 3), Ints::of(0, 0))) ==
        "[0, 0] is no permutation of the 2 axes of [2, 3]");
  CHECK(text(rule::conv(Shape::of(B, 32, 8, 8), Shape::of(16, 64, 3, 3), one, none)) ==
        "input has 32 channels, the filter expects 64, in [B, 32, 8, 8] * [16, 64, 3, 3]");
  CHECK(text(rule::conv(Shape::of(B, 3, h, h), Shape::of(16, 3, 4, 4), Ints::of(2, 2), one)) ==
        "stride 2 does not divide h; declare the dim as 2*n");
  CHECK(text(rule::conv(Shape::of(B, 3, 2, 2), Shape::of(16, 3, 4, 4), one, none)) ==
        "a kernel of [4, 4] does not fit into [2, 2] with padding [0, 0]");
  CHECK(text(rule::slice(Shape::of(2, 5), Ints::of(0, 3), Ints::of(2, 6), Ints::of(1, 1))) ==
        "[3, 6) is not inside axis 1 of [2, 5]");
  CHECK(text(rule::concat(Shape::of(2, 5), Shape::of(3, 5), 1)) ==
        "axis 0 is 2 vs 3 in [2, 5] and [3, 5]");
  CHECK(text(rule::top_k(Shape{}, 1)) == "there is no axis to choose along in []");
  CHECK(text(rule::top_k(Shape::of(3, 5), 0)) ==
        "k = 0 is outside [1, 5], the last axis of [3, 5]");
  CHECK(text(Rule(Shape::of(2, N * B * C * H * K * T * W))) ==
        "axis 1 is a product of more than 6 named dims, a sum of more than 8 terms, or longer than "
        "47 characters; split the axis, or give its factors shorter names");
  CHECK(text(rule::gather(Shape{}, Shape::of(3))) == "the table needs an axis of rows, got []");
}

} // namespace
} // namespace kerf
