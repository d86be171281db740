// Derivatives in the language: which region they are taken of, what comes out, what is a let.
#include "recorder.h"

#include <kerf/derivatives.h>

#include <catch2/catch.hpp>

namespace kerf {
namespace {

struct Net : Module {
  Param<f32, 3> weight;
  Buffer<f32> shift = init::zeros();
};
struct Made {
  Tensor<f32, 3> y;
  Tensor<i64> n;
};

Net bound(Value weight, Value shift) {
  Net net;
  assign(net, std::vector<Value>{weight, shift});
  return net;
}
Made made(const Net &net, const Tensor<f32, 3> &x) {
  let y = net.weight * x;
  return {y, Tensor<i64>(cast<i64>(net.shift))};
}

TEST_CASE("value_and_grad<0, 2>: trees in the order of the arguments, those between as they are",
          "[derivatives]") {
  Recorder recorder;
  auto loss = [](const Net &net, const auto &x, const auto &z) { return sum(net.weight * x * z); };
  const auto x = argument<f32, 3>(102);
  auto [value, gradients] = value_and_grad<0, 2>(loss)(bound(100, 101), x, argument<f32, 3>(103));
  static_assert(std::is_same_v<decltype(gradients), std::tuple<Net, Tensor<f32, 3>>>);
  CHECK(recorder.lines.front() == "{ %0 : f32[3] %1 : f32[3]");
  CHECK(recorder.lines[1] == "%2 = kerf.mul %0 %102 : f32[3]");
  CHECK(recorder.lines[2] == "%3 = kerf.mul %2 %1 : f32[3]");
  CHECK(recorder.lines[5] == "} kerf.value_and_grad %100 %103 num_params=2 num_aux=0 :"
                             " %5 f32[] %6 f32[3] %7 f32[3]");
  CHECK(std::get<0>(gradients).weight.value == 6);
  CHECK(std::get<1>(gradients).value == 7);
}

TEST_CASE("value_and_grad<1>: one tree, of an expression too", "[derivatives]") {
  Recorder recorder;
  auto loss = [](const auto &x, const auto &y) { return sum(x * y); };
  let x = argument<f32, 3>(100) + 1;
  auto [value, gradient] = value_and_grad<1>(loss)(x, x * 2);
  static_assert(std::is_same_v<decltype(gradient), Tensor<f32, 3>>);
  CHECK(recorder.lines.back().substr(0, 26) == "} kerf.value_and_grad %3 n");
}

TEST_CASE("results of functions are tensors, in tuples and arrays, whatever gave them",
          "[derivatives]") {
  Recorder recorder;
  const Net net = bound(100, 101);
  const auto x = argument<f32, 3>(102);
  using Two = std::array<Tensor<f32, 3>, 2>;
  auto params = jvp([&](const auto &) { return std::array{net.weight, net.weight}; }, x)(x);
  static_assert(std::is_same_v<decltype(params.value), Two>);
  auto lazy = jvp([](const auto &x) { return std::array{x * 2, x * 3}; }, x)(x);
  static_assert(std::is_same_v<decltype(lazy.tangent), Two>);
  CHECK(lazy.value[0].value != lazy.value[1].value);
  auto loss = [](const auto &x) {
    let sums = sum(x);
    return std::tuple(sums, x * 2);
  };
  auto [losses, gradients] = value_and_grad(loss)(x);
  static_assert(std::is_same_v<decltype(losses), std::tuple<Tensor<f32>, Tensor<f32, 3>>>);
  CHECK(std::get<1>(losses).value != unbound);
}

TEST_CASE("jvp: params, then tangents; the values, then tangents of floats", "[derivatives]") {
  Recorder recorder;
  auto [value, tangent] = jvp(made, bound(110, 111))(bound(100, 101), argument<f32, 3>(102));
  static_assert(std::is_same_v<decltype(tangent), Made>);
  CHECK(recorder.lines.front() == "{ %0 : f32[3]");
  CHECK(recorder.lines[4] == "} kerf.jvp %100 %110 num_params=1 : %3 f32[3] %4 i64[] %5 f32[3]");
  CHECK(values_of(value) == std::vector<Value>{3, 4});
  CHECK(tangent.y.value == 5);
  CHECK(recorder.lines.back() == "%6 = kerf.constant value=0 : i64[]");
}

TEST_CASE("vjp: the gradient of a sum of products, values beside", "[derivatives]") {
  Recorder recorder;
  let u = argument<f32, 3>(101) * 2;
  auto [value, gradient] = vjp([](const auto &x) { return exp(x); }, u)(argument<f32, 3>(100));
  const Lines want{
      "{ %2 : f32[3]",
      "%3 = kerf.exp %2 : f32[3]",
      "%4 = kerf.mul %3 %1 : f32[3]",
      "%5 = kerf.sum %4 axes=[0] : f32[]",
      "%6 = kerf.cast %5 : f64[]",
      "yield %6 %3",
      "} kerf.value_and_grad %100 num_params=1 num_aux=1 : %7 f64[] %8 f32[3] %9 f32[3]"};
  CHECK(Lines(recorder.lines.begin() + 2, recorder.lines.end()) == want);
  CHECK(value.value == 8);
  CHECK(gradient.value == 9);
}

TEST_CASE("hvp: the tangent of a gradient", "[derivatives]") {
  Recorder recorder;
  auto loss = [](const auto &x) { return sum(x * x); };
  let v = argument<f32, 3>(101);
  let h = hvp(loss, v)(argument<f32, 3>(100));
  CHECK(recorder.lines[0] == "{ %0 : f32[3]");
  CHECK(recorder.lines[1] == "{ %1 : f32[3]");
  CHECK(recorder.lines[5] ==
        "} kerf.value_and_grad %0 num_params=1 num_aux=0 : %4 f32[] %5 f32[3]");
  CHECK(recorder.lines[7] == "} kerf.jvp %100 %101 num_params=1 : %6 f32[3] %7 f32[3]");
  CHECK(h.value == 7);
}

TEST_CASE("custom_vjp: two regions on copies of the arguments", "[derivatives]") {
  Recorder recorder;
  auto backward = [](const auto &x, const auto &y, const auto &dy) { return x * y * dy; };
  let y = custom_vjp([](const auto &x) { return exp(x); }, backward)(argument<f32, 3>(100));
  CHECK(recorder.lines.front() == "{ %0 : f32[3]");
  CHECK(recorder.lines.back() == "} kerf.custom_vjp %100 num_inputs=1 : %7 f32[3]");
  CHECK(y.value == 7);
}

TEST_CASE("custom_vjp: expressions in a tuple, trees and integers", "[derivatives]") {
  Recorder recorder;
  auto f = [](const Net &net, const auto &x) { return std::tuple(net.weight * x, x + 1); };
  auto backward = [](const Net &net, const auto &x, const auto &, const auto &dy) {
    Net slopes = net;
    slopes.weight = std::get<0>(dy) * x;
    return std::tuple(slopes, net.weight * std::get<0>(dy));
  };
  let x = argument<f32, 3>(102);
  auto [y, z] = custom_vjp(f, backward)(bound(100, 101), x * 2);
  static_assert(std::is_same_v<decltype(y), Tensor<f32, 3>>);
  CHECK(recorder.lines[2].substr(0, 38) == "{ %2 : f32[3] %3 : f32[] %4 : f32[3]");
  CHECK(z.value == y.value + 1);
}

} // namespace
} // namespace kerf
