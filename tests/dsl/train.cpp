// Training: the region of a gradient, its results, Adam's arithmetic, the entry table.
#include "recorder.h"

#include <catch2/catch.hpp>

namespace kerf {
namespace {

inline constexpr auto B = dim<"B">();

struct Line2 : Module {
  Param<f32, 2> weight;
  Param<f32> bias;
};
struct Losses {
  Tensor<f32> loss, penalty;
  Tensor<f32, B> each;
};
using Points = Tensor<f32, B, 2>;

Losses losses(const Line2 &model, const Points &points) {
  let each = sum<1>(points * model.weight) + model.bias;
  let penalty = sum(square(model.weight));
  let loss = mean(square(each)) + penalty;
  return {loss, penalty, each};
}

Line2 bound(Value weight, Value bias) {
  Line2 model;
  assign(model, std::vector<Value>{weight, bias});
  return model;
}

TEST_CASE("value_and_grad: loss, aux and gradients come out in this order", "[train]") {
  Recorder recorder;
  const unsigned line = __LINE__ + 1;
  auto [value, gradients] = value_and_grad(losses)(bound(100, 101), argument<f32, B, 2>(102));
  static_assert(std::is_same_v<decltype(value), Losses>);
  static_assert(std::is_same_v<decltype(gradients), Line2>);
  CHECK(recorder.lines.front() == "{ %0 : f32[2] %1 : f32[]");
  CHECK(recorder.lines.back() == "} kerf.value_and_grad %100 %101 num_params=2 num_aux=2 :"
                                 " %14 f32[] %15 f32[] %16 f32[B] %17 f32[2] %18 f32[]");
  CHECK(recorder.source_lines.back() == line);
  CHECK(values_of(value) == std::vector<Value>{14, 15, 16});
  CHECK(values_of(gradients) == std::vector<Value>{17, 18});
}

TEST_CASE("value_and_grad: lambdas capture, losses may be lazy, one tensor is a tree", "[train]") {
  Recorder recorder;
  const auto w = argument<f32, 3>(100);
  const auto target = argument<f32, 3>(101);
  auto loss = [target](const auto &w) { return mse(w, target); };
  auto [value, gradient] = value_and_grad(loss)(w);
  static_assert(shape_of<decltype(value)> == Shape{});
  static_assert(shape_of<decltype(gradient)> == Shape::of(3));
  CHECK(recorder.lines[1] == "%1 = kerf.sub %0 %101 : f32[3]");
}

TEST_CASE("adam_step: PyTorch's operations in PyTorch's order", "[train]") {
  Recorder recorder;
  struct One : Module {
    Param<f32, 3> p;
  };
  One model, gradients;
  Adam<One> adam;
  assign(model, std::vector<Value>{100});
  assign(gradients, std::vector<Value>{101});
  assign(adam, std::vector<Value>{102, 103, 104});
  adam_step(model, gradients, adam, epsilon = 0.25, rate = 0.5);
  const Lines want{
      "%0 = kerf.constant value=1 : i64[]",
      "%1 = kerf.add %104 %0 : i64[]",
      "%2 = kerf.cast %1 : f64[]",
      "%3 = kerf.constant value=0.5 : f64[]",
      "%4 = kerf.constant value=1 : f64[]",
      "%5 = kerf.constant value=-0.105361 : f64[]",
      "%6 = kerf.mul %5 %2 : f64[]",
      "%7 = kerf.exp %6 : f64[]",
      "%8 = kerf.sub %4 %7 : f64[]",
      "%9 = kerf.div %3 %8 : f64[]",
      "%10 = kerf.cast %9 : f32[]",
      "%11 = kerf.constant value=-0.0010005 : f64[]",
      "%12 = kerf.mul %11 %2 : f64[]",
      "%13 = kerf.exp %12 : f64[]",
      "%14 = kerf.sub %4 %13 : f64[]",
      "%15 = kerf.sqrt %14 : f64[]",
      "%16 = kerf.cast %15 : f32[]",
      "%17 = kerf.constant value=0.1 : f32[3]", // m + (1 - beta1) (g - m)
      "%18 = kerf.sub %101 %102 : f32[3]",
      "%19 = kerf.mul %17 %18 : f32[3]",
      "%20 = kerf.add %102 %19 : f32[3]",
      "%21 = kerf.constant value=0.999 : f32[3]", // v beta2 + (1 - beta2) g g
      "%22 = kerf.mul %103 %21 : f32[3]",
      "%23 = kerf.constant value=0.001 : f32[3]",
      "%24 = kerf.mul %23 %101 : f32[3]",
      "%25 = kerf.mul %24 %101 : f32[3]",
      "%26 = kerf.add %22 %25 : f32[3]",
      "%27 = kerf.broadcast %10 dims=[] : f32[3]", // p - step m / (sqrt(v) / correction + epsilon)
      "%28 = kerf.mul %27 %20 : f32[3]",
      "%29 = kerf.sqrt %26 : f32[3]",
      "%30 = kerf.broadcast %16 dims=[] : f32[3]",
      "%31 = kerf.div %29 %30 : f32[3]",
      "%32 = kerf.constant value=0.25 : f32[3]",
      "%33 = kerf.add %31 %32 : f32[3]",
      "%34 = kerf.div %28 %33 : f32[3]",
      "%35 = kerf.sub %100 %34 : f32[3]"};
  CHECK(recorder.lines == want);
  CHECK(values_of(model) == std::vector<Value>{35});
  CHECK(values_of(adam) == std::vector<Value>{20, 26, 1});
}

Losses train(Line2 &model, const Points &points, const Key &) {
  auto [value, gradients] = value_and_grad(losses)(model, points);
  model = gradients;
  return value;
}
auto first(const Line2 &model) { return model.weight * 2; }

const auto table = model<"lines">(
    entry<"train">(train, roles("params", "points", "key"), bind(B, 7)),
    entry<"first">(first, roles("params"), {}, returns("twice")), constant("steps", 1875));

TEST_CASE("the table: names, dims, constants", "[model]") {
  const kerf_model_table &model = *kerf_models();
  CHECK(std::string(model.name) == "lines");
  REQUIRE(model.num_entries == 2);
  CHECK(std::string(model.entries[0].name) == "train");
  REQUIRE(model.entries[0].num_dims == 1);
  CHECK(std::string(model.entries[0].dims[0].name) == "B");
  CHECK(model.entries[0].dims[0].value == 7);
  CHECK(model.entries[1].num_dims == 0);
  REQUIRE(model.num_constants == 1);
  CHECK(std::string(model.constants[0].name) == "steps");
  CHECK(model.constants[0].value == 1875);
}

TEST_CASE("an entry's ports: blocks by leaf, written blocks first among the results", "[model]") {
  Recorder recorder;
  kerf_models()->entries[0].emit(recorder);
  CHECK(recorder.ports == Lines{"train", "params/weight : f32[2]", "params/bias : f32[]",
                                "/points : f32[B, 2]", "/key : u32[2]", "->",
                                "params/weight : f32[2]", "params/bias : f32[]", "/loss : f32[]",
                                "/penalty : f32[]", "/each : f32[B]"});
  kerf_models()->entries[1].emit(recorder);
  CHECK(recorder.ports ==
        Lines{"first", "params/weight : f32[2]", "params/bias : f32[]", "->", "/twice : f32[2]"});
  CHECK(Builder::current() == &recorder);
}

} // namespace
} // namespace kerf
