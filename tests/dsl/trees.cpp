// Functions of trees: which leaves they take, what they emit, what they refuse.
#include "ends.h"
#include "recorder.h"

#include <kerf/trees.h>

#include <catch2/catch.hpp>

namespace kerf {
namespace {

struct Net : Module {
  Param<f32, 4, 3> weight;
  Param<f64> gain;
  Buffer<f32, 3> mean;
  Frozen<Param<f32, 2>> fixed;
};

Net numbered(Value first) {
  Net net;
  assign(net, std::vector<Value>{first, first + 1, first + 2, first + 3});
  return net;
}

TEST_CASE("tree_map: what is trained is mapped, the rest is the first tree's", "[trees]") {
  Recorder recorder;
  const Tensor<f32> factor = argument<f32>(108);
  const auto f = [&](const Leaf &leaf, const Any &x, const Any &y) {
    return leaf.path == "gain" ? x : factor * x - 2 * y;
  };
  const Net net = tree_map(f, numbered(100), numbered(104));
  CHECK(recorder.lines ==
        Lines{"%0 = kerf.broadcast %108 dims=[] : f32[4, 3]", "%1 = kerf.mul %0 %100 : f32[4, 3]",
              "%2 = kerf.constant value=2 : f32[4, 3]", "%3 = kerf.mul %2 %104 : f32[4, 3]",
              "%4 = kerf.sub %1 %3 : f32[4, 3]"});
  CHECK(values_of(net) == std::vector<Value>{4, 101, 102, 103});
  CHECK(net.weight.path == "weight");
}

TEST_CASE("scalars take the element type of the leaf beside them", "[trees]") {
  Recorder recorder;
  const Any rate = argument<f32>(104), exact = argument<f64>(105);
  (void)tree_map([&](const Any &x) { return x * exact * (1 - rate); }, numbered(100));
  CHECK(recorder.lines[0] == "%0 = kerf.cast %105 : f32[]");
  CHECK(recorder.lines[1] == "%1 = kerf.broadcast %0 dims=[] : f32[4, 3]");
  CHECK(recorder.lines[4] == "%4 = kerf.sub %3 %104 : f32[]");
  CHECK(recorder.lines[7] == "%7 = kerf.mul %101 %105 : f64[]"); // of gain
  CHECK(recorder.lines[8] == "%8 = kerf.cast %4 : f64[]");
}

TEST_CASE("an Any of numbers is a number, select of two takes what was compared", "[trees]") {
  Recorder recorder;
  struct One : Module {
    Param<f32, 3> p;
  };
  One one;
  assign(one, std::vector<Value>{100});
  (void)tree_map([](const Any &x) { return select(x > Any(3) - 1, -Any(1), 2 / Any(4)); }, one);
  CHECK(recorder.lines == Lines{"%0 = kerf.constant value=2 : f32[3]",
                                "%1 = kerf.compare %100 %0 predicate=gt : i1[3]",
                                "%2 = kerf.constant value=-1 : f32[3]",
                                "%3 = kerf.constant value=0.5 : f32[3]",
                                "%4 = kerf.select %1 %2 %3 : f32[3]"});
}

TEST_CASE("global_norm: each leaf in its type, their sum in f64", "[trees]") {
  Recorder recorder;
  const Tensor<f32> norm = global_norm(numbered(100));
  CHECK(recorder.lines == Lines{"%0 = kerf.constant value=0 : f64[]",
                                "%1 = kerf.mul %100 %100 : f32[4, 3]",
                                "%2 = kerf.sum %1 axes=[0, 1] : f32[]", "%3 = kerf.cast %2 : f64[]",
                                "%4 = kerf.add %0 %3 : f64[]", "%5 = kerf.mul %101 %101 : f64[]",
                                "%6 = kerf.add %4 %5 : f64[]", "%7 = kerf.sqrt %6 : f64[]",
                                "%8 = kerf.cast %7 : f32[]"});
  CHECK(norm.value == 8);
}

TEST_CASE("tree_select takes buffers and frozen parts too", "[trees]") {
  Recorder recorder;
  const Net net = tree_select(argument<i1>(99), numbered(100), numbered(102));
  CHECK(recorder.lines.size() == 7);
  CHECK(recorder.lines.back() == "%6 = kerf.select %5 %103 %105 : f32[2]");
  CHECK(values_of(net)[3] == 6);
}

TEST_CASE("average: buffers become the model's", "[trees]") {
  Recorder recorder;
  Net ema = numbered(100);
  average(ema, numbered(104), 0.75);
  CHECK(recorder.lines[0] == "%0 = kerf.constant value=0.25 : f32[4, 3]");
  CHECK(recorder.lines[1] == "%1 = kerf.sub %104 %100 : f32[4, 3]");
  CHECK(values_of(ema) == std::vector<Value>{3, 7, 106, 107});
}

TEST_CASE("tree_map: a result that is no leaf is refused", "[trees]") {
  const std::string line = std::to_string(__LINE__ + 3);
  const std::string said = said_at_the_end([] {
    Recorder recorder;
    (void)tree_map([](const Any &x) { return x > 0; }, numbered(100));
  });
  CHECK(said.find("trees.cpp:" + line +
                  ": error: tree_map: the function returns i1[4, 3] for the "
                  "leaf 'weight', which is f32[4, 3]") != std::string::npos);
}

} // namespace
} // namespace kerf
