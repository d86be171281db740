// Buffers and parts that are not trained: what the region hands on, what follows sees, what is
// refused.
#include "ends.h"
#include "recorder.h"

#include <catch2/catch.hpp>

namespace kerf {
namespace {

struct Count : Module { // of its calls
  Param<f32, 3> weight = init::ones();
  Buffer<f32, 3> total = init::constant(0.5);
  Buffer<i64> calls;
  auto operator()(const auto &x) const {
    total.update(total + x);
    calls.update(calls + 1);
    let y = x * weight;
    return y;
  }
};
struct Pair : Module {
  Count first;
  Frozen<Count> second;
  std::tuple<Param<f32>, Count> others;
  Optional<Param<f32>, false> absent = init::ones();
};

template <class Tree> Tree numbered(Value first) {
  Tree tree;
  std::vector<Value> values(leaves_of<Tree>().size());
  for (Value &value : values)
    value = first++;
  assign(tree, values);
  return tree;
}

/// `count` values that are older than all that follows.
void begin(Recorder &recorder, std::size_t count) {
  std::vector<Value> values(count);
  recorder.begin_entry("test", {}, values, Line::current());
}

TEST_CASE("leaves say what they are to a training; a frozen part keeps its names", "[buffer]") {
  const std::vector<Leaf> &leaves = leaves_of<Pair>();
  REQUIRE(leaves.size() == 10);
  CHECK(leaves[0].kind == LeafKind::param);
  CHECK(leaves[1].kind == LeafKind::buffer);
  CHECK(leaves[1].init.first == 0.5);
  CHECK(leaves[3].path == "second.weight");
  CHECK(leaves[3].kind == LeafKind::frozen);
  CHECK(leaves[4].kind == LeafKind::buffer);
  CHECK(leaves[6].path == "others.0");
  CHECK(leaves[7].path == "others.1.weight");
  CHECK(trained(leaves) == std::vector<std::size_t>{0, 6, 7});
  CHECK(trained(leaves_of<Adam<Count>>()) == std::vector<std::size_t>{0, 3});
}

TEST_CASE("initialize draws buffers as their init says", "[buffer]") {
  Recorder recorder;
  (void)initialize<Count>(argument<u32, 2>(100));
  CHECK(recorder.lines == Lines{"%0 = kerf.constant value=1 : f32[3]",
                                "%1 = kerf.constant value=0.5 : f32[3]",
                                "%2 = kerf.constant value=0 : i64[]"});
}

TEST_CASE("a call updates at once; no gradient goes through it", "[buffer]") {
  Recorder recorder;
  begin(recorder, 4);
  const Count count = numbered<Count>(0);
  (void)count(argument<f32, 3>(3));
  CHECK(recorder.lines[0] == "%4 = kerf.add %1 %3 : f32[3]");
  CHECK(recorder.lines[1] == "%5 = kerf.stop_gradient %4 : f32[3]");
  CHECK(values_of(count) == std::vector<Value>{0, 5, 7});
}

TEST_CASE("value_and_grad hands updates on: of its own tree, of arguments and captures",
          "[buffer]") {
  Recorder recorder;
  begin(recorder, 10);
  const Count own = numbered<Count>(0), argument_of = numbered<Count>(3),
              captured = numbered<Count>(6);
  const auto x = argument<f32, 3>(9);
  auto loss = [&](const Count &own, const Count &other) -> Tensor<f32> {
    return sum(captured(other(own(own(x)))));
  };
  auto [value, gradients] = value_and_grad(loss)(own, argument_of);
  // Both updates of `own` are results, of which the second is its value now.
  CHECK(
      recorder.lines[recorder.lines.size() - 3] ==
      "} kerf.value_and_grad %0 num_params=1 num_aux=8 : %29 f32[] %30 f32[3] %31 i64[] %32 f32[3]"
      " %33 i64[] %34 f32[3] %35 i64[] %36 f32[3] %37 i64[] %38 f32[3]");
  CHECK(values_of(own) == std::vector<Value>{0, 32, 33});
  CHECK(values_of(argument_of) == std::vector<Value>{3, 34, 35});
  CHECK(values_of(captured) == std::vector<Value>{6, 36, 37});
  CHECK(gradients.weight.value == 38);
  CHECK(recorder.lines.back() == "%40 = kerf.constant value=0 : i64[]"); // of own.calls
  // In an expression too, and by the next value_and_grad.
  let again = captured.total * 2;
  CHECK(recorder.lines.back() == "%42 = kerf.mul %36 %41 : f32[3]");
  (void)value_and_grad(loss)(own, argument_of);
  CHECK(values_of(captured)[1] > 42);
}

TEST_CASE("updates come out of a gradient within a gradient", "[buffer]") {
  Recorder recorder;
  begin(recorder, 4);
  const Count count = numbered<Count>(0);
  auto inner = [&](const Tensor<f32, 3> &x) -> Tensor<f32> { return sum(count(x)); };
  auto outer = [&](const Tensor<f32, 3> &x) -> Tensor<f32> {
    return sum(square(value_and_grad(inner)(x).gradients));
  };
  auto [value, gradient] = value_and_grad(outer)(argument<f32, 3>(3));
  const std::string &last = recorder.lines.back();
  CHECK(last.find("num_params=1 num_aux=2") != std::string::npos);
  const Value total = values_of(count)[1];
  CHECK(last.find("%" + std::to_string(total) + " f32[3] %" + std::to_string(total + 1) +
                  " i64[]") != std::string::npos);
}

TEST_CASE("a copy is another module", "[buffer]") {
  Recorder recorder;
  begin(recorder, 4);
  const Count count = numbered<Count>(0);
  auto loss = [](Count own, const Tensor<f32, 3> &x) -> Tensor<f32> { return sum(own(x)); };
  (void)value_and_grad(loss)(count, argument<f32, 3>(3));
  CHECK(values_of(count) == std::vector<Value>{0, 1, 2});
}

TEST_CASE("repeat: buffers of the state change, others must not", "[buffer]") {
  Recorder recorder;
  begin(recorder, 7);
  const Count state = numbered<Count>(0), outside = numbered<Count>(3);
  const auto x = argument<f32, 3>(6);
  const Count last = repeat<3>(state, [&](const Count &count) {
    (void)count(x);
    return count;
  });
  CHECK(recorder.lines[recorder.lines.size() - 2] == "yield %7 %12 %14");
  CHECK(values_of(last) == std::vector<Value>{16, 17, 18});
  const std::string line = std::to_string(__LINE__ + 3);
  const std::string said = said_at_the_end([&] {
    const auto call = [&](const auto &v) { return outside(v); };
    (void)repeat<3>(x, call);
  });
  CHECK(said.find("buffer.cpp:" + line +
                  ": error: repeat: its function updates the buffer 'total' "
                  "(buffer.cpp:") != std::string::npos);
}

/// The entry `name` of an entry table that is no model of this program.
template <class Entry> void emit(Entry entry) {
  Recorder recorder;
  entry.describe().emit(recorder);
}
Tensor<f32> reads(const Pair &pair, const Tensor<f32, 3> &x) {
  auto loss = [&](const Pair &pair) -> Tensor<f32> { return sum(pair.first(x)); };
  return value_and_grad(loss)(pair).value;
}
Tensor<f32> writes(Pair &pair, const Tensor<f32, 3> &x) {
  auto loss = [&](const Pair &pair) -> Tensor<f32> { return sum(pair.first(x)); };
  return value_and_grad(loss)(pair).value;
}

TEST_CASE("an entry writes the buffers of what it takes by reference only", "[buffer]") {
  const unsigned line = __LINE__ + 2;
  const std::string said =
      said_at_the_end([] { emit(entry<"reads">(reads, roles("params", "x"))); });
  CHECK(said.find("buffer.cpp:" + std::to_string(line) +
                  ": error: entry reads: 'first.total' of params is updated (buffer.cpp:16), but "
                  "params is only read; take it by reference, or call with Mode::inference") !=
        std::string::npos);
  Recorder recorder;
  auto row = entry<"writes">(writes, roles("params", "x"));
  row.describe().emit(recorder);
  CHECK(recorder.returned[0] == 0);
  CHECK(recorder.returned[1] > 10);
  CHECK(recorder.returned[4] == 4);
}

TEST_CASE("a tree without anything to train is refused", "[buffer]") {
  const std::string said = said_at_the_end([] {
    Recorder recorder;
    const auto part = numbered<Frozen<Count>>(0);
    auto loss = [](const auto &part) -> Tensor<f32> { return sum(part.weight); };
    (void)value_and_grad(loss)(part);
  });
  CHECK(said.find("value_and_grad: the first argument has nothing to train") != std::string::npos);
}

} // namespace
} // namespace kerf
