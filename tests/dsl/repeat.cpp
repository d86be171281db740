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

} // namespace
} // namespace kerf
