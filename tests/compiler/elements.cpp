// The table of element types and the dialect's constraints say the same.
#include "compiler/elements.h"
#include "compiler/dialect.h"
#include "compiler/pipeline.h"
#include "compiler/values.h"

#include "mlir/Parser/Parser.h"
#include "llvm/Support/raw_ostream.h"

#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

using namespace mlir;
using namespace kerf::compiler;
using kerf::ElementType;

namespace {

struct Context {
  MLIRContext context;
  Context() {
    DialectRegistry registry;
    registerDialects(registry);
    context.appendDialectRegistry(registry);
    context.loadAllAvailableDialects();
    context.getDiagEngine().registerHandler([](Diagnostic &) { return success(); });
  }

  /// Does the verifier let `op` have tensors of `element`?
  bool takes(StringRef op, Type element) {
    std::string type;
    llvm::raw_string_ostream(type) << RankedTensorType::get({2}, element);
    const std::string source = ("func.func @f(%x: " + type + ") -> " + type + " { %y = kerf." + op +
                                " : " + type + " return %y : " + type + " }")
                                   .str();
    return bool(parseSourceString<ModuleOp>(source, &context));
  }
};

} // namespace

TEST_CASE("elements: tensors, numbers and floats of the dialect are those of the table",
          "[elements]") {
  Context c;
  Builder b(&c.context);
  std::vector<Type> types = {b.getBF16Type(),
                             b.getF16Type(),
                             b.getF32Type(),
                             b.getF64Type(),
                             b.getI1Type(),
                             b.getI8Type(),
                             b.getI16Type(),
                             b.getI32Type(),
                             b.getI64Type(),
                             b.getIndexType(),
                             b.getIntegerType(4),
                             b.getIntegerType(128),
                             b.getIntegerType(32, false)};
  int numHeld = 0;
  for (Type type : types) {
    std::string name;
    llvm::raw_string_ostream(name) << type;
    INFO(name);
    const ElementType *element = elementOf(type);
    numHeld += element != nullptr;
    CHECK(c.takes("stop_gradient %x", type) == (element != nullptr));
    CHECK(c.takes("add %x, %x", type) == (element && element->kind != ElementType::Kind::boolean));
    CHECK(c.takes("sqrt %x", type) == (element && element->is_real()));
    if (type.isIntOrFloat())
      CHECK(complaintOfTensor(RankedTensorType::get({2}, type)).empty() == (element != nullptr));
  }
  CHECK(numHeld == 9);
}

TEST_CASE("elements: every row has a type of its bits, and only words share one", "[elements]") {
  Context c;
  for (const ElementType &element : kerf::element_types) {
    INFO(element.name);
    const Type held = heldType(element, &c.context);
    CHECK(held.getIntOrFloatBitWidth() == unsigned(element.bits));
    CHECK(int(elementBytes(held)) == element.bytes());
    const bool isWord = element.kind == ElementType::Kind::word;
    const StringRef numpy(element.numpy.data(), element.numpy.size());
    CHECK(elementOf(held, isWord ? numpy : "") == &element);
    CHECK((elementOf(held, numpy) != nullptr) == isWord);
  }
  CHECK(heldElements() == "f32, f64, i32, i64, i1, bf16, f16, i8 and i16");
  CHECK(declaredElements() == "uint32 for i32, uint8 for i8 and uint64 for i64");
}
