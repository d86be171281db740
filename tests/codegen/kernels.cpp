// Every kernel in one object, lowered and optimised as artefacts are, linked into this process.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include "codegen/compile.h"
#include "codegen/cpu/emit.h"
#include "codegen/cpu/math.h"
#include "codegen/host/object.h"
#include "codegen/kernels.h"
#include "codegen/schedule/kernel.h"
#include "codegen/schedule/steps.h"
#include "codegen/tools/load.h"

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

static kerf::codegen::LoadedObject compileAll() {
  DialectRegistry registry;
  kerf::codegen::registerCodegen(registry);
  MLIRContext context(registry);
  OwningOpRef<ModuleOp> module = ModuleOp::create(UnknownLoc::get(&context));
  for (const char *name : {"gemm",
                           "conv",
                           "conv_transpose",
                           "conv_filter",
                           "gemm_f64",
                           "conv_f64",
                           "conv_transpose_f64",
                           "conv_filter_f64",
                           "argmin",
                           "argmin_f64",
                           "argmin_i64",
                           "argmin_i32",
                           "top_k",
                           "top_k_f64",
                           "top_k_i64",
                           "top_k_i32",
                           "vq",
                           "vq_f64",
                           "vq_heads",
                           "vq_sampled",
                           "scatter_add",
                           "scatter_add_f64",
                           "scatter_add_pairwise",
                           "scatter_add_pairwise_f64",
                           "scatter_add_i64",
                           "scatter_add_i32",
                           "gather",
                           "uniform",
                           "normal",
                           "fold_key"})
    REQUIRE(kerf::codegen::cpu::emitKernel(*module, name));
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
  REQUIRE(succeeded(kerf::codegen::lowerToLLVM(*module)));
  FailureOr<std::string> object =
      kerf::codegen::makeObject(*module, "kernels", kerf::codegen::Target(), [](llvm::Module &) {});
  REQUIRE(succeeded(object));
  return llvm::cantFail(kerf::codegen::LoadedObject::load(*object));
}

void *kerf::test::kernelAddress(const std::string &name) {
  static const kerf::codegen::LoadedObject object = compileAll();
  return llvm::cantFail(object.find("kerf_kernel_" + name));
}

TEST_CASE("kernels: unknown names are refused", "[kernels]") {
  MLIRContext context;
  OwningOpRef<ModuleOp> module = ModuleOp::create(UnknownLoc::get(&context));
  CHECK_FALSE(kerf::codegen::cpu::emitKernel(*module, "softmax"));
  CHECK_FALSE(kerf::codegen::cpu::emitKernel(*module, "uniform_f64"));
}
