// Every kernel in one object, lowered and optimised as artefacts are, linked into this process.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include "codegen/backend.h"
#include "codegen/compile.h"
#include "codegen/cpu/emit.h"
#include "codegen/cpu/math.h"
#include "codegen/host/object.h"
#include "codegen/kernels.h"
#include "codegen/schedule/steps.h"
#include "codegen/tools/load.h"

#include "mlir/AsmParser/AsmParser.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace kerf::codegen::cpu::emit;

/// name(x, y, n): y[i] = op(x[i]), eight at a time and the rest alone, or all alone.
template <class Op> static void emitMap(ModuleOp module, const std::string &name, bool scalar) {
  Function k(module, "kerf_kernel_" + name);
  Ptr x = k.pointer(), y = k.pointer();
  Val n = k.size(), eights = scalar ? k.index(0) : n / 8 * 8;
  auto map = [&](int64_t lanes) {
    return [&, lanes](Val i) {
      Val value = (x + i).load(lanes);
      (y + i).store(Val(&k, Op::create(k.b, value)));
    };
  };
  k.loop(0, eights, 8, map(8));
  k.loop(eights, n, 1, map(1));
}

static const kerf::codegen::Backend &backend() {
  static const auto backend = kerf::codegen::backendFor(kerf::codegen::Target());
  return *backend;
}

static Type elementType(MLIRContext &context, StringRef name) {
  Type type = parseType(name, &context);
  REQUIRE(type);
  return type;
}

/// Every kernel for every element type that it takes.
static void generateAll(ModuleOp module) {
  kerf::codegen::KernelFunctions functions(module, backend());
  for (const kerf::codegen::Kernel &kernel : backend().kernels()) {
    if (kernel.elements.empty())
      functions.function(kernel, {backend().target});
    for (StringRef element : kernel.elements)
      functions.function(kernel, {backend().target, elementType(*module.getContext(), element)});
  }
}

static kerf::codegen::LoadedObject compileAll() {
  DialectRegistry registry;
  kerf::codegen::registerCodegen(registry);
  backend().registerDialects(registry);
  MLIRContext context(registry);
  OwningOpRef<ModuleOp> module = ModuleOp::create(UnknownLoc::get(&context));
  generateAll(*module);
  for (bool scalar : {false, true}) {
    const std::string suffix = scalar ? "_scalar" : "";
    emitMap<math::ExpOp>(*module, "exp" + suffix, scalar);
    emitMap<math::ExpM1Op>(*module, "expm1" + suffix, scalar);
    emitMap<math::LogOp>(*module, "log" + suffix, scalar);
    emitMap<math::Log1pOp>(*module, "log1p" + suffix, scalar);
    emitMap<math::TanhOp>(*module, "tanh" + suffix, scalar);
  }
  for (auto function : module->getOps<func::FuncOp>())
    if (function.getName().starts_with("kerf_kernel_")) {
      function.setPublic();
      function->removeAttr("llvm.linkage");
    }
  REQUIRE(succeeded(kerf::codegen::lowerToLLVM(*module, backend())));
  FailureOr<std::string> object =
      kerf::codegen::makeObject(*module, "kernels", backend(), [](llvm::Module &) {});
  REQUIRE(succeeded(object));
  return llvm::cantFail(kerf::codegen::LoadedObject::load(*object));
}

void *kerf::test::kernelAddress(const std::string &name) {
  static const kerf::codegen::LoadedObject object = compileAll();
  return llvm::cantFail(object.find("kerf_kernel_" + name));
}

/// A kernel by its name for people: "gemm_f64".
static std::pair<const kerf::codegen::Kernel *, StringRef> named(StringRef name) {
  for (const kerf::codegen::Kernel &kernel : backend().kernels()) {
    StringRef suffix = name;
    if (!suffix.consume_front(kernel.name))
      continue;
    if (suffix.empty())
      return {&kernel, "f32"};
    if (suffix.consume_front("_") && llvm::is_contained(kernel.elements, suffix))
      return {&kernel, suffix};
  }
  FAIL("there is no kernel " << name.str());
  return {};
}

size_t kerf::test::scratchBytes(const std::string &name, const std::vector<int64_t> &sizes) {
  auto [kernel, element] = named(name);
  MLIRContext context;
  return kernel->scratchFor(sizes, {backend().target, elementType(context, element)});
}

double kerf::test::flops(const std::string &name, const std::vector<int64_t> &sizes) {
  auto [kernel, element] = named(name);
  MLIRContext context;
  return kernel->work(sizes, {backend().target, elementType(context, element)}).flops;
}

TEST_CASE("kernels: their element types", "[kernels]") {
  MLIRContext context;
  auto fits = [&](StringRef kernel, std::vector<const char *> operands, const char *result) {
    std::vector<Type> types;
    for (const char *operand : operands)
      types.push_back(elementType(context, operand));
    return backend().kernel(kernel)->elementFor(types, elementType(context, result));
  };
  CHECK(fits("argmin", {"f64"}, "i64") == Float64Type::get(&context));
  CHECK_FALSE(fits("argmin", {"f64"}, "i32"));
  CHECK_FALSE(fits("argmin", {"f16"}, "i64"));
  CHECK_FALSE(fits("argmin", {"f64", "f64"}, "i64"));
  CHECK(fits("scatter_add", {"i32", "i64"}, "i32") == IntegerType::get(&context, 32));
  CHECK_FALSE(fits("scatter_add", {"i32", "i64"}, "f32")); // T is one type
  CHECK(fits("gather", {"f64", "i64"}, "f64") == Type());
  CHECK(fits("uniform", {"i32", "i64"}, "f32") == Type());
  CHECK_FALSE(fits("uniform", {"i32", "i64"}, "f64"));
  CHECK(backend().kernel("softmax") == nullptr);
}
