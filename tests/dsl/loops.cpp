// Loops: the region, the number of the iteration, what comes out.
#include "recorder.h"

#include <catch2/catch.hpp>

namespace kerf {
namespace {

TEST_CASE("repeat: the region takes the state and the number, and yields the state", "[repeat]") {
  Recorder recorder;
  const auto x = argument<f32, 3>(100);
  const unsigned line = __LINE__ + 1;
  const auto y = repeat<5>(x, [](const auto &v, const auto &i) { return v + cast<f32>(i); });
  static_assert(std::is_same_v<decltype(y), const Tensor<f32, 3>>);
  const Lines want{"{ %0 : f32[3] %1 : i64[]",
                   "%2 = kerf.cast %1 : f32[]",
                   "%3 = kerf.broadcast %2 dims=[] : f32[3]",
                   "%4 = kerf.add %0 %3 : f32[3]",
                   "yield %4",
                   "} kerf.scan %100 count=5 num_carried=1 : %5 f32[3]"};
  CHECK(recorder.lines == want);
  CHECK(recorder.source_lines.back() == line);
  CHECK(y.value == 5);
}

struct Settings {
  Tensor<f32, 2> a;
  double rate = 0.5;
  std::array<Tensor<i64>, 2> counts;
};

TEST_CASE("repeat: an aggregate keeps its hyper-parameters, and may change places", "[repeat]") {
  Recorder recorder;
  Settings state;
  state.rate = 0.25;
  assign(state, std::vector<Value>{100, 101, 102});
  const Settings last = repeat<2>(state, [](const Settings &now) -> Settings {
    return {now.a, now.rate, {now.counts[1], now.counts[0]}};
  });
  CHECK(recorder.lines == Lines{"{ %0 : f32[2] %1 : i64[] %2 : i64[] %3 : i64[]", "yield %0 %2 %1",
                                "} kerf.scan %100 %101 %102 count=2 num_carried=3 :"
                                " %4 f32[2] %5 i64[] %6 i64[]"});
  CHECK(values_of(last) == std::vector<Value>{4, 5, 6});
  CHECK(last.rate == 0.25);
}

TEST_CASE("repeat: a statement or a parameter may be what it begins with", "[repeat]") {
  Recorder recorder;
  Param<f32, 3> p;
  p.value = 100;
  auto negated = [](const auto &v) { return -v; };
  const auto y = repeat<1>(p * 2, negated);
  const auto z = repeat<1>(p, negated);
  static_assert(std::is_same_v<decltype(y), const Tensor<f32, 3>>);
  static_assert(std::is_same_v<decltype(z), const Tensor<f32, 3>>);
  CHECK(recorder.lines[1] == "%1 = kerf.mul %100 %0 : f32[3]");
  CHECK(recorder.lines[2] == "{ %2 : f32[3] %3 : i64[]");
}

TEST_CASE("scan: rows of the inputs go in, and rows of the outputs come out", "[scan]") {
  Recorder recorder;
  const auto h = argument<f32, 3>(100);
  const auto x = argument<f32, 2, 7, 3>(101);
  const auto [last, all] = scan<1>(
      h, x,
      [](const auto &h, const auto &x, const auto &i) {
        static_assert(std::is_same_v<decltype(x), const Tensor<f32, 2, 3> &>);
        let next = h + cast<f32>(i);
        return std::pair(next, x * 2);
      },
      option<"reverse"> = true, keeping = every(4));
  static_assert(std::is_same_v<decltype(last), const Tensor<f32, 3>>);
  static_assert(std::is_same_v<decltype(all), const Tensor<f32, 2, 7, 3>>);
  CHECK(recorder.lines.front() == "{ %0 : f32[3] %1 : i64[] %2 : f32[2, 3]");
  CHECK(recorder.lines[recorder.lines.size() - 2] == "yield %5 %7");
  CHECK(recorder.lines.back() == "} kerf.scan %100 %101 count=7 num_carried=1 keep=4 num_inputs=1 "
                                 "axis=1 reverse=true : %8 f32[3] %9 f32[2, 7, 3]");
}

struct Inputs {
  Tensor<f32, 5, 3> x;
  std::array<Tensor<i64, 5>, 2> codes;
};
struct Output {
  Tensor<f32> a;
  Tensor<i64> b;
};

TEST_CASE("scan: trees of inputs and outputs, named rows, kept every ⌈√T⌉-th", "[scan]") {
  Recorder recorder;
  Inputs inputs;
  assign(inputs, std::vector<Value>{100, 101, 102});
  const auto result =
      scan(std::tuple(Tensor<i64>(0)), inputs, [](const auto &state, const auto &row) {
        const auto &[x, codes] = row;
        static_assert(std::is_same_v<decltype(x), const Tensor<f32, 3>>);
        static_assert(std::is_same_v<decltype(codes), const std::array<Tensor<i64>, 2>>);
        return std::pair(std::tuple(std::get<0>(state) + codes[0]), Output{sum(x), codes[1]});
      });
  static_assert(
      std::is_same_v<decltype(result.outputs), std::tuple<Tensor<f32, 5>, Tensor<i64, 5>>>);
  CHECK(recorder.lines.back() ==
        "} kerf.scan %0 %100 %101 %102 count=5 num_carried=1 num_inputs=3 :"
        " %8 i64[] %9 f32[5] %10 i64[5]");
  constexpr auto T = dim<"T">();
  const auto x = argument<f32, T>(103);
  const auto y = scan(
      argument<f32>(104), x, [](const auto &h, const auto &x) { return std::pair(h + x, h); },
      keeping = every_sqrt);
  static_assert(std::is_same_v<decltype(y.outputs), Tensor<f32, T>>);
  CHECK(recorder.lines.back() == "} kerf.scan %104 %103 count=T num_carried=1 keep=root(T) "
                                 "num_inputs=1 : %15 f32[] %16 f32[T]");
}

TEST_CASE("while_loop: the condition is asked before and at the end of an iteration", "[while]") {
  Recorder recorder;
  const auto [x, iterations] = while_loop<9>(
      argument<f32>(100), [](const auto &x) { return x < 1; }, [](const auto &x) { return -x; });
  static_assert(std::is_same_v<decltype(iterations), const Tensor<i64>>);
  const Lines want{"%0 = kerf.constant value=0 : i64[]",
                   "%1 = kerf.constant value=1 : f32[]",
                   "%2 = kerf.compare %100 %1 predicate=lt : i1[]",
                   "{ %3 : i1[] %4 : i64[] %5 : f32[] %6 : i64[]",
                   "%7 = kerf.neg %5 : f32[]",
                   "%8 = kerf.constant value=1 : i64[]",
                   "%9 = kerf.add %6 %8 : i64[]",
                   "%10 = kerf.compare %7 %1 predicate=lt : i1[]",
                   "yield %10 %9 %7",
                   "} kerf.scan %2 %0 %100 count=9 num_carried=3 stops=true : %11 i1[] %12 i64[]"
                   " %13 f32[]"};
  CHECK(recorder.lines == want);
  CHECK(x.value == 13);
  CHECK(iterations.value == 12);
}

TEST_CASE("cond: a region for each branch", "[cond]") {
  Recorder recorder;
  const auto x = argument<f32, 3>(100);
  const auto y = cond(argument<i1>(101), [&] { return -x; }, [&] { return x; });
  static_assert(std::is_same_v<decltype(y), const Tensor<f32, 3>>);
  CHECK(recorder.lines == Lines{"{", "%0 = kerf.neg %100 : f32[3]", "yield %0", "} {", "yield %100",
                                "} kerf.cond %101 : %1 f32[3]"});
  const auto two = cond(
      argument<i1>(101), [&] { return std::tuple(x, sum(x)); },
      [&] { return std::tuple(x * 2, Tensor<f32>(0)); });
  static_assert(std::is_same_v<decltype(two), const std::tuple<Tensor<f32, 3>, Tensor<f32>>>);
}

TEST_CASE("checkpoint: a loop of one iteration that keeps what goes in", "[checkpoint]") {
  Recorder recorder;
  const auto y = checkpoint([](const auto &x) { return tanh(-x); })(argument<f32, 3>(100));
  static_assert(std::is_same_v<decltype(y), const Tensor<f32, 3>>);
  CHECK(recorder.lines == Lines{"%0 = kerf.constant value=0 : f32[3]", "{ %1 : f32[3] %2 : i64[]",
                                "%3 = kerf.neg %100 : f32[3]", "%4 = kerf.tanh %3 : f32[3]",
                                "yield %4",
                                "} kerf.scan %0 count=1 num_carried=1 keep=1 : %5 f32[3]"});
}

} // namespace
} // namespace kerf
