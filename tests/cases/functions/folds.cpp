// Compiled values are the oracle's bit by bit, signs of zeros included, where constants stand
// beside special numbers and where an expression invites a shortcut that IEEE 754 does not allow.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include "codegen/compile.h"
#include "codegen/tools/call.h"
#include "codegen/tools/load.h"

#include "mlir/AsmParser/AsmParser.h"
#include "mlir/Parser/Parser.h"

#include <cmath>
#include <cstring>

using namespace kerf::compiler;
using namespace kerf::codegen;
using namespace mlir;

namespace {

struct Special {
  const char *name, *literal;
};
/// Of f32, as MLIR writes them.
constexpr Special specials[] = {{"zero", "0.0"},
                                {"minus_zero", "-0.0"},
                                {"one", "1.0"},
                                {"minus_one", "-1.0"},
                                {"two", "2.0"},
                                {"three", "3.0"},
                                {"half", "0.5"},
                                {"tenth", "0.1"},
                                {"infinity", "0x7F800000"},
                                {"minus_infinity", "0xFF800000"},
                                {"nan", "0x7FC00000"},
                                {"denormal", "0x00000001"},
                                {"minus_denormal", "0x80012345"},
                                {"least", "0x00800000"},
                                {"largest", "0x7F7FFFFF"},
                                {"minus_largest", "0xFF7FFFFF"}};
constexpr int count = std::size(specials);

std::string tensor(const std::string &element) {
  return "tensor<" + std::to_string(count) + "x" + element + ">";
}

/// One entry: a body of ops on %x (all specials) and perhaps %c (one of them); its results.
class Case {
public:
  explicit Case(std::string name) : name(std::move(name)) {}

  /// %rN = text, of this element type; gives its name.
  std::string op(const std::string &text, const std::string &element = "f32") {
    const std::string value = "%r" + std::to_string(number++);
    body += "  " + value + " = " + text + "\n";
    results.push_back({value, element});
    return value;
  }
  std::string binary(const std::string &op, const std::string &a, const std::string &b) {
    return this->op("kerf." + op + " " + a + ", " + b + " : " + tensor("f32"));
  }
  std::string unary(const std::string &op, const std::string &a) {
    return this->op("kerf." + op + " " + a + " : " + tensor("f32"));
  }
  std::string compare(const std::string &predicate, const std::string &a, const std::string &b) {
    return op("kerf.compare " + a + ", " + b + ", predicate = \"" + predicate +
                  "\" : " + tensor("f32") + " -> " + tensor("i1"),
              "i1");
  }
  std::string cast(const std::string &x, const std::string &from, const std::string &to) {
    return op("kerf.cast " + x + " : " + tensor(from) + " -> " + tensor(to), to);
  }
  void constant(const std::string &value, const std::string &literal) {
    body += "  " + value + " = arith.constant dense<" + literal + "> : " + tensor("f32") + "\n";
  }
  /// -0 between two zeros, then those that were added and it.
  void padding() {
    const std::string n = std::to_string(count - 2);
    body += "  %m = arith.constant dense<-0.0> : tensor<" + n + "xf32>\n";
    op("kerf.pad %m, low = [1], high = [1], interior = [0] : tensor<" + n + "xf32> -> " +
       tensor("f32"));
  }

  std::string text() const {
    std::string types, values, all;
    for (auto [i, result] : llvm::enumerate(results)) {
      const std::string comma = i ? ", " : "";
      types += comma + tensor(result.second) + " {kerf.name = \"y" + std::to_string(i) + "\"}";
      values += comma + result.first;
      all += comma + tensor(result.second);
    }
    return "func.func @" + name + "(%x: " + tensor("f32") + " {kerf.name = \"x\"}) -> (" + types +
           ") attributes {kerf.entry} {\n" + body + "  return " + values + " : " + all + "\n}\n";
  }

  std::string name;

private:
  std::string body;
  std::vector<std::pair<std::string, std::string>> results;
  int number = 0;
};

/// Every op of two numbers with a constant on either side, and with one on both.
Case besideConstant(const Special &special) {
  Case entry(special.name);
  entry.constant("%c", special.literal);
  entry.constant("%d", "-2.5");
  for (const char *op : {"add", "sub", "mul", "div", "maximum", "minimum"}) {
    entry.binary(op, "%x", "%c");
    entry.binary(op, "%c", "%x");
    entry.binary(op, "%c", "%d");
    entry.binary(op, "%d", "%c");
  }
  for (const char *predicate : {"lt", "le", "gt", "ge", "eq", "ne"}) {
    const std::string c = entry.compare(predicate, "%x", "%c");
    entry.op("kerf.select " + c + ", %x, %c : " + tensor("i1") + ", " + tensor("f32"));
    entry.compare(predicate, "%c", "%x");
    entry.compare(predicate, "%c", "%d");
  }
  for (const char *op : {"neg", "abs", "floor", "sqrt"})
    entry.unary(op, "%c");
  for (const char *type : {"f64", "i32", "i64", "i1"})
    entry.cast("%c", "f32", type);
  return entry;
}

/// x with itself, and there and back again.
Case shortcuts() {
  Case entry("shortcuts");
  entry.constant("%zero", "0.0");
  entry.constant("%minus_zero", "-0.0");
  entry.constant("%one", "1.0");
  for (const char *op : {"add", "sub", "mul", "div", "maximum", "minimum"})
    entry.binary(op, "%x", "%x");
  for (const char *predicate : {"lt", "le", "gt", "ge", "eq", "ne"}) {
    const std::string c = entry.compare(predicate, "%x", "%x");
    entry.op("kerf.select " + c + ", %x, %zero : " + tensor("i1") + ", " + tensor("f32"));
  }
  const std::string minus = entry.unary("neg", "%x"), root = entry.unary("sqrt", "%x");
  entry.unary("neg", minus);
  entry.unary("abs", minus);
  entry.unary("abs", entry.unary("abs", "%x"));
  entry.unary("floor", entry.unary("floor", "%x"));
  entry.binary("mul", root, root);
  entry.unary("sqrt", entry.binary("mul", "%x", "%x"));
  entry.binary("mul", minus, minus);
  entry.binary("div", minus, minus);
  entry.binary("add", "%x", minus);
  entry.binary("sub", "%x", minus);
  entry.binary("sub", "%zero", minus);
  entry.binary("add", entry.unary("neg", entry.binary("sub", "%zero", "%x")), "%zero");
  entry.binary("add", entry.binary("sub", "%x", "%one"), "%one");
  entry.binary("div", entry.binary("mul", "%x", "%one"), "%one");
  entry.binary("div", "%one", entry.binary("add", "%x", "%zero"));
  entry.binary("div", "%one", entry.binary("sub", "%x", "%minus_zero"));
  entry.cast(entry.cast("%x", "f32", "f64"), "f64", "f32");
  entry.cast(entry.cast("%x", "f32", "i32"), "i32", "f32");
  entry.cast(entry.cast("%x", "f32", "i64"), "i64", "f32");
  entry.cast(entry.cast("%x", "f32", "i1"), "i1", "f32");
  entry.op("kerf.sum %x, axes = [] : " + tensor("f32") + " -> " + tensor("f32"));
  entry.op("kerf.max %x, axes = [] : " + tensor("f32") + " -> " + tensor("f32"));
  entry.padding();
  return entry;
}

struct Fixture {
  Fixture() {
    DialectRegistry registry;
    registerCodegen(registry);
    context.appendDialectRegistry(registry);
    context.loadAllAvailableDialects();
  }
  MLIRContext context{MLIRContext::Threading::DISABLED};
};

std::uint32_t bitsOf(double x) {
  const float narrow = float(x);
  std::uint32_t bits;
  std::memcpy(&bits, &narrow, 4);
  return bits;
}

/// Of the same type, and bit for bit the same but for the bits of a NaN.
void checkSame(const Literal &got, const Literal &want) {
  for (int64_t i = 0; i < want.size(); ++i) {
    INFO("where x is " << specials[i].name);
    if (!want.isFloat())
      CHECK(got.ints()[i] == want.ints()[i]);
    else if (std::isnan(want.floats()[i]))
      CHECK(std::isnan(got.floats()[i]));
    else if (want.type().getElementType().isF32())
      CHECK(bitsOf(got.floats()[i]) == bitsOf(want.floats()[i]));
    else
      CHECK((got.floats()[i] == want.floats()[i] &&
             std::signbit(got.floats()[i]) == std::signbit(want.floats()[i])));
  }
}

} // namespace

TEST_CASE("no fold changes a bit", "[folds]") {
  std::vector<Case> entries{shortcuts()};
  for (const Special &special : specials)
    entries.push_back(besideConstant(special));
  std::string text = "module attributes {kerf.model = \"t\"} {\n", list;
  for (const Case &entry : entries)
    text += entry.text();
  text += "}\n";
  for (const Special &special : specials)
    list += std::string(list.empty() ? "" : ", ") + special.literal;

  Fixture fixture;
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(text, &fixture.context);
  REQUIRE(module);
  OwningOpRef<ModuleOp> copy = module->clone();
  auto compiled = compile(*copy, allTargets());
  REQUIRE(succeeded(compiled));
  auto object = LoadedObject::load(compiled->object);
  REQUIRE(bool(object));
  const auto x = cast<DenseElementsAttr>(
      parseAttribute("dense<[" + list + "]> : " + tensor("f32"), &fixture.context));
  for (auto function : module->getOps<mlir::func::FuncOp>()) {
    auto entry = object->find("t_" + function.getName().str() + "_descriptor");
    REQUIRE(bool(entry));
    std::string error;
    const std::vector<Literal> got =
        call(*static_cast<const kerf_entry *>(*entry), function, Literal(x), error);
    REQUIRE(error.empty());
    Evaluation evaluation;
    evaluation.mode = Evaluation::Mode::as_typed;
    FailureOr<std::vector<Literal>> want = evaluate(function, Literal(x), evaluation);
    REQUIRE(succeeded(want));
    auto values = function.getBody().front().getTerminator()->getOperands();
    for (auto [value, g, w] : llvm::zip_equal(values, got, *want)) {
      std::string op;
      llvm::raw_string_ostream(op) << *value.getDefiningOp();
      INFO("@" << function.getName().str() << ": " << op);
      checkSame(g, w);
    }
  }
}
