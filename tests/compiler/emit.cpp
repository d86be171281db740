// What the Emitter makes of Builder calls: sharing, regions, dims, lines, and its complaints.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include "compiler/emit.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/raw_ostream.h"

#include <array>

namespace {

using Catch::Matchers::Contains;
using kerf::Attribute, kerf::DType, kerf::Port, kerf::Shape, kerf::Type;

constexpr Shape scalar = Shape::of();
constexpr Shape three = Shape::of(3);
constexpr Shape pair = Shape::of(2);
constexpr Shape batch = Shape::of(8 * kerf::dim<"B">() + 1, 3);

constexpr Type f32(const Shape &shape) { return {DType::f32, &shape}; }

/// An Emitter whose complaints are kept, as a user would read them.
struct Fixture {
  kerf::compiler::Emitter emitter{"toy"};
  std::string complaints;
  mlir::ScopedDiagnosticHandler keep{&emitter.context(), [this](mlir::Diagnostic &diagnostic) {
                                       complaints += kerf::compiler::describe(diagnostic);
                                       return mlir::success();
                                     }};

  kerf::Value op(std::string_view name, std::initializer_list<kerf::Value> operands, Type type,
                 std::initializer_list<Attribute> attributes = {},
                 std::source_location where = std::source_location::current()) {
    return emitter.op(name, {operands.begin(), operands.size()}, type,
                      {attributes.begin(), attributes.size()}, where);
  }
  std::vector<kerf::Value> begin(std::initializer_list<Port> ports,
                                 std::source_location where = std::source_location::current()) {
    std::vector<kerf::Value> values(ports.size());
    emitter.begin_entry("entry", {ports.begin(), ports.size()}, values, where);
    return values;
  }
  void end(std::initializer_list<Port> ports, std::initializer_list<kerf::Value> values) {
    emitter.end_entry({ports.begin(), ports.size()}, {values.begin(), values.size()});
  }
  std::string text(bool locations = false) {
    std::string result;
    llvm::raw_string_ostream out(result);
    mlir::OpPrintingFlags flags;
    flags.enableDebugInfo(locations);
    emitter.module().print(out, flags);
    return result;
  }
};

int count(const std::string &text, const std::string &word) {
  int n = 0;
  for (size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1))
    ++n;
  return n;
}

TEST_CASE("equal ops are one value, of all their lines") {
  Fixture f;
  auto x = f.begin({{"", "x", f32(three)}})[0];
  auto a = f.op("kerf.exp", {x}, f32(three));
  auto b = f.op("kerf.exp", {x}, f32(three));
  auto c = f.op("kerf.log", {x}, f32(three));
  CHECK(a == b);
  CHECK(a != c);
  f.end({{"", "y", f32(three)}, {"", "z", f32(three)}}, {b, c});
  CHECK_FALSE(f.emitter.failed());
  CHECK(count(f.text(), "kerf.exp") == 1);
  CHECK_THAT(f.text(true), Contains("fused["));
}

TEST_CASE("constants take the element type, and are shared by value") {
  Fixture f;
  f.begin({});
  auto a = f.op("kerf.constant", {}, f32(three), {{"value", 0.5}});
  auto b = f.op("kerf.constant", {}, f32(three), {{"value", 0.5}});
  auto c = f.op("kerf.constant", {}, {DType::i64, &three}, {{"value", 7}});
  CHECK(a == b);
  f.end({{"", "a", f32(three)}, {"", "c", {DType::i64, &three}}}, {a, c});
  CHECK_THAT(f.text(), Contains("dense<5.000000e-01> : tensor<3xf32>"));
  CHECK_THAT(f.text(), Contains("dense<7> : tensor<3xi64>"));
}

TEST_CASE("blocks, names and key types reach the entry's attributes") {
  Fixture f;
  f.emitter.constant("warmup_steps", 100);
  auto values =
      f.begin({{"params", "encoder.weight", f32(three)}, {"", "key", {DType::u32, &pair}}});
  f.end({{"params", "encoder.weight", f32(three)}}, {values[0]});
  CHECK_THAT(f.text(), Contains("kerf.model = \"toy\""));
  CHECK_THAT(f.text(), Contains("kerf.constants = {warmup_steps = 100 : i64}"));
  CHECK_THAT(f.text(),
             Contains("tensor<3xf32> {kerf.name = \"encoder.weight\", kerf.role = \"params\"}"));
  CHECK_THAT(f.text(), Contains("tensor<2xi32> {kerf.dtype = \"uint32\", kerf.name = \"key\"}"));
  CHECK_THAT(f.text(), Contains("attributes {kerf.entry}"));
}

TEST_CASE("named dims are bound per entry, and a missing one is named") {
  Fixture f;
  f.emitter.bind_dim("B", 4);
  auto x = f.begin({{"", "x", f32(batch)}})[0];
  auto n = f.op("kerf.constant", {}, f32(scalar), {{"value", &batch}});
  f.end({{"", "y", f32(batch)}, {"", "n", f32(scalar)}}, {x, n});
  CHECK_THAT(f.text(), Contains("tensor<33x3xf32>"));
  CHECK_THAT(f.text(), Contains("dense<9.900000e+01>"));
  CHECK_FALSE(f.emitter.failed());

  Fixture unbound;
  unbound.begin({{"", "x", f32(batch)}});
  CHECK(unbound.emitter.failed());
  CHECK_THAT(unbound.complaints,
             Contains("error: dim B has no value here: bind it in the entry table"));
}

/// loss = x * exp(outer), with exp(outer) already known outside.
TEST_CASE("a region captures the outer values that it uses, and makes its own constants") {
  Fixture f;
  auto values = f.begin({{"", "w", f32(scalar)}, {"", "x", f32(scalar)}});
  auto outer = f.op("kerf.exp", {values[1]}, f32(scalar));
  f.op("kerf.constant", {}, f32(scalar), {{"value", 2.0}});
  std::array<Type, 1> types = {f32(scalar)};
  std::array<kerf::Value, 1> arguments;
  f.emitter.begin_region(types, arguments);
  auto again = f.op("kerf.exp", {values[1]}, f32(scalar));
  CHECK(again == outer);
  auto two = f.op("kerf.constant", {}, f32(scalar), {{"value", 2.0}});
  auto scaled = f.op("kerf.mul", {arguments[0], two}, f32(scalar));
  auto loss = f.op("kerf.mul", {scaled, again}, f32(scalar));
  std::array<kerf::Value, 1> yielded = {loss}, operands = {values[0]};
  std::array<Type, 2> results = {f32(scalar), f32(scalar)};
  std::array<kerf::Value, 2> made;
  std::array<Attribute, 2> attributes = {Attribute("num_params", 1), Attribute("num_aux", 0)};
  f.emitter.end_region(yielded, "kerf.value_and_grad", operands, results, made, attributes,
                       std::source_location::current());
  f.end({{"", "loss", f32(scalar)}, {"", "dw", f32(scalar)}}, {made[0], made[1]});
  INFO(f.text() << f.complaints);
  CHECK_FALSE(f.emitter.failed());
  CHECK(count(f.text(), "kerf.exp") == 1);
  CHECK(count(f.text(), "arith.constant") == 2);
  CHECK_THAT(f.text(), Contains("captures("));
}

TEST_CASE("a value of an inner region cannot be used outside") {
  Fixture f;
  auto w = f.begin({{"", "w", f32(scalar)}})[0];
  std::array<Type, 1> types = {f32(scalar)};
  std::array<kerf::Value, 1> arguments;
  f.emitter.begin_region(types, arguments);
  auto inner = f.op("kerf.exp", {arguments[0]}, f32(scalar));
  std::array<kerf::Value, 1> yielded = {inner}, operands = {w};
  std::array<Type, 2> results = {f32(scalar), f32(scalar)};
  std::array<kerf::Value, 2> made;
  std::array<Attribute, 2> attributes = {Attribute("num_params", 1), Attribute("num_aux", 0)};
  f.emitter.end_region(yielded, "kerf.value_and_grad", operands, results, made, attributes,
                       std::source_location::current());
  f.op("kerf.log", {inner}, f32(scalar));
  CHECK(f.emitter.failed());
  CHECK_THAT(f.complaints, Contains("a value of an inner region is used outside of it"));
}

/// Draws in the region of a scan of 3; `fold` says whether the number is folded into the key.
void drawInLoop(Fixture &f, bool fold) {
  auto key = f.begin({{"", "key", {DType::u32, &pair}}})[0];
  auto zero = f.op("kerf.constant", {}, {DType::i64, &scalar}, {{"value", 0}});
  auto x = f.op("kerf.constant", {}, f32(three), {{"value", 0.0}});
  std::array<Type, 2> types = {f32(three), {DType::i64, &scalar}};
  std::array<kerf::Value, 2> arguments;
  f.emitter.begin_region(types, arguments);
  auto own = f.op("kerf.fold_key", {key, fold ? arguments[1] : zero}, {DType::u32, &pair});
  auto noise = f.op("kerf.normal", {own, zero}, f32(three));
  std::array<kerf::Value, 1> yielded = {f.op("kerf.add", {arguments[0], noise}, f32(three))};
  std::array<kerf::Value, 1> operands = {x}, made;
  std::array<Type, 1> results = {f32(three)};
  std::array<Attribute, 2> attributes = {Attribute("count", 3), Attribute("num_carried", 1)};
  f.emitter.end_region(yielded, "kerf.scan", operands, results, made, attributes,
                       std::source_location::current());
  f.end({{"", "y", f32(three)}}, {made[0]});
}

TEST_CASE("a draw in a loop has a key of its own in every iteration") {
  Fixture own, shared;
  drawInLoop(own, true);
  INFO(own.text() << own.complaints);
  CHECK_FALSE(own.emitter.failed());
  drawInLoop(shared, false);
  CHECK(shared.emitter.failed());
  CHECK_THAT(shared.complaints,
             Contains("this line draws the same numbers in every iteration; fold the "
                      "iteration's number into its key, as in fold(key, i)"));
}

TEST_CASE("several regions of one op have the same captures, and values of their own") {
  Fixture f;
  auto arguments =
      f.begin({{"", "p", {DType::i1, &scalar}}, {"", "a", f32(three)}, {"", "b", f32(three)}});
  std::array<kerf::Value, 1> operands = {arguments[0]}, made;
  std::array<Type, 1> results = {f32(three)};
  f.emitter.begin_region({}, {});
  std::array<kerf::Value, 1> first = {f.op("kerf.neg", {arguments[1]}, f32(three))};
  f.emitter.next_region(first, {}, {});
  std::array<kerf::Value, 1> second = {f.op("kerf.neg", {arguments[2]}, f32(three))};
  f.emitter.end_region(second, "kerf.cond", operands, results, made, {},
                       std::source_location::current());
  f.end({{"", "y", f32(three)}}, {made[0]});
  INFO(f.text() << f.complaints);
  CHECK_FALSE(f.emitter.failed());
  CHECK_THAT(f.text(), Contains("= %arg1 : tensor<3xf32>") && Contains("= %arg2 : tensor<3xf32>"));
}

TEST_CASE("a value of one region is unknown in the next") {
  Fixture f;
  auto arguments = f.begin({{"", "p", {DType::i1, &scalar}}, {"", "a", f32(three)}});
  std::array<kerf::Value, 1> operands = {arguments[0]}, made;
  std::array<Type, 1> results = {f32(three)};
  f.emitter.begin_region({}, {});
  std::array<kerf::Value, 1> first = {f.op("kerf.neg", {arguments[1]}, f32(three))};
  f.emitter.next_region(first, {}, {});
  f.emitter.end_region(first, "kerf.cond", operands, results, made, {},
                       std::source_location::current());
  CHECK(f.emitter.failed());
  CHECK_THAT(f.complaints, Contains("a value of an inner region is used outside of it"));
}

TEST_CASE("an attribute may be the root of a dim, rounded up") {
  Fixture f;
  f.emitter.bind_dim("T", 10);
  auto x = f.begin({{"", "x", f32(three)}})[0];
  static constexpr kerf::Dim T = kerf::dim<"T">();
  std::array<Type, 2> types = {f32(three), {DType::i64, &scalar}};
  std::array<kerf::Value, 2> arguments;
  f.emitter.begin_region(types, arguments);
  std::array<kerf::Value, 1> yielded = {arguments[0]}, operands = {x}, made;
  std::array<Type, 1> results = {f32(three)};
  std::array<Attribute, 3> attributes = {Attribute("count", &T), Attribute("num_carried", 1),
                                         Attribute::root("keep", &T)};
  f.emitter.end_region(yielded, "kerf.scan", operands, results, made, attributes,
                       std::source_location::current());
  f.end({{"", "y", f32(three)}}, {made[0]});
  INFO(f.text() << f.complaints);
  CHECK_THAT(f.text(), Contains("kerf.scan count = 10, keep = 4 index"));
}

TEST_CASE("one key serves one draw, however often it is written") {
  Fixture f;
  auto key = f.begin({{"", "key", {DType::u32, &pair}}})[0];
  auto zero = f.op("kerf.constant", {}, {DType::i64, &scalar}, {{"value", 0}});
  auto one = f.op("kerf.constant", {}, {DType::i64, &scalar}, {{"value", 1}});
  f.op("kerf.normal", {key, zero}, f32(three));
  f.op("kerf.normal", {key, zero}, f32(three));
  auto other = f.op("kerf.fold_key", {key, one}, {DType::u32, &pair});
  f.op("kerf.normal", {other, zero}, f32(three));
  CHECK_FALSE(f.emitter.failed());
  const auto line = std::source_location::current().line() + 1;
  f.op("kerf.uniform", {key, zero}, f32(three));
  CHECK(f.emitter.failed());
  CHECK_THAT(f.complaints,
             Contains("emit.cpp:" + std::to_string(line) +
                      ": error: uniform draws from key, from which another draw has drawn"));
  CHECK_THAT(f.complaints, Contains("note: the other draw is here"));
}

TEST_CASE("a complaint shows the line and the module") {
  Fixture f;
  auto x = f.begin({{"", "x", f32(three)}})[0];
  f.emitter.push_module("encoder");
  f.emitter.push_module("conv1");
  auto y = f.op("kerf.exp", {x}, f32(pair)); // a shape that the language would have refused
  f.emitter.pop_module();
  f.emitter.pop_module();
  f.end({{"", "y", f32(pair)}}, {y});
  CHECK(f.emitter.failed());
  CHECK_THAT(f.complaints, Contains("auto y = f.op(\"kerf.exp\", {x}, f32(pair));"));
  CHECK_THAT(f.complaints, Contains("in encoder.conv1"));
}

} // namespace
