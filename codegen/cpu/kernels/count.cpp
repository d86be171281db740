// count(y | number): y is the number, of the rows that the call has.
#include "codegen/cpu/emit.h"
#include "codegen/schedule/kernel.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

static void generate(KernelFunctions &functions, llvm::StringRef symbol, const KernelSpec &spec) {
  CalledFunction k(functions.module, symbol);
  Ptr y = k.pointer(spec.element);
  Val number = k.size();
  y.store(mlir::isa<mlir::FloatType>(spec.element) ? toFloat(number, spec.element)
                                                   : resize(number, spec.element));
}

static std::optional<KernelForm> form(mlir::OpBuilder &, mlir::Operation *op) {
  return KernelForm({}, {op->getAttrOfType<mlir::IntegerAttr>("number").getInt()});
}

Kernel kernel_count() {
  return {.ops = {"kerf.count"},
          .types = "-> T",
          .elements = {"f32", "f64", "i64", "i32"},
          .form = form,
          .generate = generate};
}

} // namespace kerf::codegen::cpu
