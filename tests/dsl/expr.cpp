// Statements: what is emitted, in which order, shared how, with which line.
#include "ends.h"
#include "recorder.h"

#include <kerf/nn/pooling.h>

#include <catch2/catch.hpp>

#include <algorithm>

namespace kerf {
namespace {

inline constexpr auto B = dim<"B">();

TEST_CASE("a statement is emitted from left to right, once", "[expr]") {
  Recorder recorder;
  const auto x = argument<f32, B, 64>(100);
  const auto w = argument<f32, 64, 32>(101);
  const auto b = argument<f32, 32>(102);
  let y = tanh(matmul(x, w) * 2.0 + b);
  static_assert(shape_of<decltype(y)> == Shape::of(B, 32));
  CHECK(recorder.lines ==
        Lines{"%0 = kerf.contract %100 %101 a_batch=[] b_batch=[] a_contract=[1] b_contract=[0]"
              " : f32[B, 32]",
              "%1 = kerf.constant value=2 : f32[B, 32]", "%2 = kerf.mul %0 %1 : f32[B, 32]",
              "%3 = kerf.broadcast %102 dims=[1] : f32[B, 32]", "%4 = kerf.add %2 %3 : f32[B, 32]",
              "%5 = kerf.tanh %4 : f32[B, 32]"});
}

TEST_CASE("every op of a statement has the line of its let", "[expr]") {
  Recorder recorder;
  const auto x = argument<f32, 4>(100);
  auto lazy = x * x;
  const unsigned line = __LINE__ + 1;
  let y = lazy + 1;
  Tensor<f32, 4> z = y / x;
  CHECK(recorder.source_lines == std::vector<unsigned>{line, line, line, line + 1});
}

TEST_CASE("auto is lazy and never dangles; what is said twice is one value", "[expr]") {
  Recorder recorder;
  auto make = [] {
    const auto x = argument<f32, 4>(100);
    return exp(x * 3);
  };
  auto h = make();
  CHECK(recorder.lines.empty());
  let y = h + h;
  CHECK(recorder.lines == Lines{"%0 = kerf.constant value=3 : f32[4]",
                                "%1 = kerf.mul %100 %0 : f32[4]", "%2 = kerf.exp %1 : f32[4]",
                                "%3 = kerf.add %2 %2 : f32[4]"});
}

TEST_CASE("numbers take the type of the tensor beside them", "[expr]") {
  Recorder recorder;
  let n = argument<i64, 3>(100) + 1;
  let half = 0.5 - cast<f64>(n);
  Tensor<i64> zero = 0;
  CHECK(recorder.lines ==
        Lines{"%0 = kerf.constant value=1 : i64[3]", "%1 = kerf.add %100 %0 : i64[3]",
              "%2 = kerf.constant value=0.5 : f64[3]", "%3 = kerf.cast %1 : f64[3]",
              "%4 = kerf.sub %2 %3 : f64[3]", "%5 = kerf.constant value=0 : i64[]"});
}

TEST_CASE("both sides stretch by NumPy's rule", "[expr]") {
  Recorder recorder;
  let y = argument<f32, B, 1>(100) * argument<f32, 3>(101);
  static_assert(shape_of<decltype(y)> == Shape::of(B, 3));
  CHECK(recorder.lines == Lines{"%0 = kerf.broadcast %100 dims=[0, 1] : f32[B, 3]",
                                "%1 = kerf.broadcast %101 dims=[1] : f32[B, 3]",
                                "%2 = kerf.mul %0 %1 : f32[B, 3]"});
}

TEST_CASE("comparisons give i1, select takes numbers", "[expr]") {
  Recorder recorder;
  const auto x = argument<f32, 5>(100);
  let y = relu(x);
  let z = select(x == 1, x, -x);
  CHECK(recorder.lines ==
        Lines{"%0 = kerf.constant value=0 : f32[5]",
              "%1 = kerf.compare %100 %0 predicate=le : i1[5]",
              "%2 = kerf.select %1 %0 %100 : f32[5]", "%3 = kerf.constant value=1 : f32[5]",
              "%4 = kerf.compare %100 %3 predicate=eq : i1[5]", "%5 = kerf.neg %100 : f32[5]",
              "%6 = kerf.select %4 %100 %5 : f32[5]"});
}

TEST_CASE("reductions: all axes, from the last, kept", "[expr]") {
  Recorder recorder;
  const auto x = argument<f32, B, 3, 5>(100);
  let all = sum(x);
  let last = max<-1>(x);
  let kept = mean<0, -1, keep>(x);
  static_assert(shape_of<decltype(all)> == Shape{});
  static_assert(shape_of<decltype(last)> == Shape::of(B, 3));
  static_assert(shape_of<decltype(kept)> == Shape::of(1, 3, 1));
  CHECK(recorder.lines ==
        Lines{"%0 = kerf.sum %100 axes=[0, 1, 2] : f32[]",
              "%1 = kerf.max %100 axes=[2] : f32[B, 3]", "%2 = kerf.sum %100 axes=[0, 2] : f32[3]",
              "%3 = kerf.reshape %2 : f32[1, 3, 1]", "%4 = kerf.constant value=[B, 5] : f32[]",
              "%5 = kerf.broadcast %4 dims=[] : f32[1, 3, 1]",
              "%6 = kerf.div %3 %5 : f32[1, 3, 1]"});
}

TEST_CASE("shape functions give their shapes", "[expr]") {
  Recorder recorder;
  const auto x = argument<f32, B, 6>(100);
  const auto image = argument<f32, B, 3, 8, 8>(101);
  const auto filter = argument<f32, 16, 3, 4, 4>(102);
  let r = reshape<3 * B, 2>(x);
  let t = transpose<1, 0>(x);
  let c = concat<-1>(x, x);
  let s = take<1, 2, 5>(x);
  let p = pad<Ints::of(0, 1), Ints::of(0, 2)>(x);
  let b = broadcast_to<4, B, 6>(x);
  let y = conv<2, 1>(image, filter);
  let z = conv_transpose<2, 1>(y, filter);
  let i = argmin<-1>(x);
  let g = gather(argument<f32, 7, 2>(103), i);
  let k = top_k<3>(x);
  static_assert(shape_of<decltype(r)> == Shape::of(3 * B, 2));
  static_assert(shape_of<decltype(t)> == Shape::of(6, B));
  static_assert(shape_of<decltype(c)> == Shape::of(B, 12));
  static_assert(shape_of<decltype(s)> == Shape::of(B, 3));
  static_assert(shape_of<decltype(p)> == Shape::of(B, 9));
  static_assert(shape_of<decltype(b)> == Shape::of(4, B, 6));
  static_assert(shape_of<decltype(y)> == Shape::of(B, 16, 4, 4));
  static_assert(shape_of<decltype(z)> == Shape::of(B, 3, 8, 8));
  static_assert(shape_of<decltype(g)> == Shape::of(B, 2));
  static_assert(shape_of<decltype(k)> == Shape::of(B, 3));
  static_assert(std::is_same_v<element_of<decltype(k)>, i64>);
  static_assert(std::is_same_v<element_of<decltype(i)>, i64>);
  CHECK(recorder.lines[3] ==
        "%3 = kerf.slice %100 offsets=[0, 2] limits=[B, 5] strides=[1, 1] : f32[B, 3]");
  CHECK(recorder.lines[6] == "%6 = kerf.conv %101 %102 stride=[2, 2] padding=[1, 1]"
                             " : f32[B, 16, 4, 4]");
}

TEST_CASE("rearrange splits, moves and merges; what changes nothing is not emitted", "[einops]") {
  Recorder recorder;
  const auto x = argument<f32, B, 12, 5>(100);
  let y = rearrange<"b (h p=4) c -> (b h) c p">(x);
  let same = rearrange<"b h c -> b h c">(x);
  let flat = rearrange<"b h c -> b 1 (h c)">(x);
  let named = rearrange<"b (h d) c -> b h d c", size<"h">(3)>(x);
  static_assert(shape_of<decltype(y)> == Shape::of(3 * B, 5, 4));
  static_assert(shape_of<decltype(flat)> == Shape::of(B, 1, 60));
  static_assert(shape_of<decltype(named)> == Shape::of(B, 3, 4, 5));
  CHECK(recorder.lines == Lines{"%0 = kerf.reshape %100 : f32[B, 3, 4, 5]",
                                "%1 = kerf.transpose %0 permutation=[0, 1, 3, 2] : f32[B, 3, 5, 4]",
                                "%2 = kerf.reshape %1 : f32[3*B, 5, 4]",
                                "%3 = kerf.reshape %100 : f32[B, 1, 60]"});
}

TEST_CASE("einsum: batch, contracted, summed and free axes", "[einops]") {
  Recorder recorder;
  const auto a = argument<f32, B, 7, 3, 2>(100);
  const auto b = argument<f32, B, 5, 3>(101);
  let y = einsum<"b n d s, b k d -> k b n">(a, b);
  static_assert(shape_of<decltype(y)> == Shape::of(5, B, 7));
  CHECK(recorder.lines ==
        Lines{"%0 = kerf.sum %100 axes=[3] : f32[B, 7, 3]",
              "%1 = kerf.contract %0 %101 a_batch=[0] b_batch=[0] a_contract=[2] b_contract=[2]"
              " : f32[B, 7, 5]",
              "%2 = kerf.transpose %1 permutation=[2, 0, 1] : f32[5, B, 7]"});
}

TEST_CASE("keys: folds and draws are pure functions of a key", "[random]") {
  Recorder recorder;
  const auto key = argument<u32, 2>(100);
  let a = uniform<4>(fold(key, 1));
  let b = normal<4>(fold(key, argument<i64>(101)));
  let again = uniform<4>(fold(key, 1));
  CHECK(a.value == again.value);
  CHECK(recorder.lines ==
        Lines{"%0 = kerf.constant value=1 : i64[]", "%1 = kerf.fold_key %100 %0 : u32[2]",
              "%2 = kerf.constant value=0 : i64[]", "%3 = kerf.uniform %1 %2 : f32[4]",
              "%4 = kerf.fold_key %100 %101 : u32[2]", "%5 = kerf.normal %4 %2 : f32[4]"});
}

TEST_CASE("arange counts", "[derived]") {
  Recorder recorder;
  let n = arange<3>();
  static_assert(shape_of<decltype(n)> == Shape::of(3));
  CHECK(recorder.lines == Lines{"%0 = kerf.iota : i64[3]"});
}

TEST_CASE("largest: values and indices, by places along the axis", "[derived]") {
  Recorder recorder;
  const auto x = argument<f32, 2, 3, 7>(100);
  const auto [values, indices] = largest<4>(x);
  static_assert(shape_of<decltype(values)> == Shape::of(2, 3, 4));
  static_assert(std::is_same_v<element_of<decltype(indices)>, i64>);
  CHECK(recorder.lines == Lines{"%0 = kerf.top_k %100 k=4 : i64[2, 3, 4]",
                                "%1 = kerf.take_along %100 %0 axis=2 : f32[2, 3, 4]"});
}

TEST_CASE("functions along an axis take named dims", "[derived]") {
  Recorder recorder;
  const auto x = argument<f32, B, 7>(100);
  const auto [values, indices] = sort<0, true>(x);
  let products = cumprod<0>(x);
  let middle = slice_at<0, 2>(x, argument<i64>(101));
  static_assert(shape_of<decltype(values)> == Shape::of(B, 7));
  static_assert(shape_of<decltype(middle)> == Shape::of(2, 7));
  CHECK(recorder.lines ==
        Lines{"%0 = kerf.argsort %100 axis=0 descending=true : i64[B, 7]",
              "%1 = kerf.take_along %100 %0 axis=0 : f32[B, 7]", "%2 = kerf.iota : i64[B]",
              "%3 = kerf.reshape %2 : i64[B, 1]", "%4 = kerf.constant value=0 : i64[B, 1]",
              "%5 = kerf.compare %3 %4 predicate=eq : i1[B, 1]",
              "%6 = kerf.broadcast %5 dims=[0, 1] : i1[B, 7]",
              "%7 = kerf.constant value=-0 : f32[B, 7]", "%8 = kerf.select %6 %100 %7 : f32[B, 7]",
              "%9 = kerf.linear_scan %100 %8 axis=0 reverse=false : f32[B, 7]",
              "%10 = kerf.slice_at %100 %101 axis=0 : f32[2, 7]"});
}

TEST_CASE("means of windows without their padding have x's type", "[nn]") {
  Recorder recorder;
  let y = nn::AvgPool1d<3, 1, 1, false>()(argument<f64, 2, 5, 8>(100));
  static_assert(std::is_same_v<decltype(y)::element, f64>);
  const std::string &mean = recorder.lines.back();
  CHECK(mean.find("kerf.div") != mean.npos);
  CHECK(mean.substr(mean.find(" : ")) == " : f64[2, 5, 8]");
}

TEST_CASE("gather<axis>: rows of a table along any axis", "[derived]") {
  Recorder recorder;
  let rows = gather<1>(argument<f32, B, 5, 3, 4>(100), argument<i64, 2, 6>(101));
  static_assert(shape_of<decltype(rows)> == Shape::of(B, 2, 6, 3, 4));
  CHECK(recorder.lines ==
        Lines{"%0 = kerf.transpose %100 permutation=[1, 0, 2, 3] : f32[5, B, 3, 4]",
              "%1 = kerf.gather %0 %101 : f32[2, 6, B, 3, 4]",
              "%2 = kerf.transpose %1 permutation=[2, 0, 1, 3, 4] : f32[B, 2, 6, 3, 4]"});
}

TEST_CASE("cross entropy of a classifier: a choice by class, then a mean", "[derived]") {
  Recorder recorder;
  const auto logits = argument<f32, B, 10>(100);
  const auto labels = argument<i64, B>(101);
  let loss = cross_entropy(logits, labels);
  let pooled = max_pool<2>(argument<f32, B, 3, 8, 6>(102));
  let correct = mean(cast<f32>(argmax<1>(logits) == labels));
  static_assert(shape_of<decltype(loss)> == Shape{});
  static_assert(shape_of<decltype(pooled)> == Shape::of(B, 3, 4, 3));
  static_assert(shape_of<decltype(correct)> == Shape{});
  const auto count = [&](const std::string &op) {
    return std::count_if(
        recorder.lines.begin(), recorder.lines.end(),
        [&](const std::string &line) { return line.find(op) != std::string::npos; });
  };
  CHECK(count("kerf.log_softmax") == 1);
  CHECK(count("kerf.iota") == 1);
  CHECK(count("kerf.gather") == 0); // no table of classes x classes
}

TEST_CASE("a tensor without a value ends the program with the line of its use", "[expr]") {
  const unsigned line = __LINE__ + 4;
  const std::string said = said_at_the_end([] {
    Recorder recorder;
    const Tensor<f32, 3> x;
    let y = argument<f32, 3>(100) + x;
  });
  CHECK_THAT(said, Catch::Matchers::Contains(
                       ":" + std::to_string(line) +
                       ": error: kerf.add uses a tensor that has no value yet (operand 2)"));
}

} // namespace
} // namespace kerf
