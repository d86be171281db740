// cumsum(x, y | outer n inner exclusive reverse): y[o, i, j] is the sum of x[o, 0 ... i, j],
// without x[o, i, j] itself if `exclusive`; from the other end, of x[o, i ... n - 1, j], if
// `reverse`.
//
// A line is one chain: f32 is added in f64 and rounded as it is stored.
#include "codegen/cpu/lines.h"
#include "codegen/schedule/kernel.h"

#include "compiler/dialect.h"
#include "compiler/ops/cumsum.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

static void generate(KernelFunctions &functions, llvm::StringRef symbol, const KernelSpec &spec) {
  CalledFunction e(functions.module, symbol);
  Ptr x = e.pointer(spec.element, spec.heldBy(0)), y = e.pointer(spec.element, spec.heldBy(1));
  Val outer = e.size(), n = e.size(), inner = e.size(), exclusive = e.size(), reverse = e.size();
  Val isExclusive = exclusive == 1, isReverse = reverse == 1;
  Val first = select(isReverse, (n - 1) * inner, 0), step = select(isReverse, 0 - inner, inner);

  mlir::Type wide = spec.element.isF32() ? e.b.getF64Type() : spec.element;
  // The lines that begin at `places`, and the lanes beside each of them.
  auto lines = [&](llvm::ArrayRef<Val> places, int64_t lanes) {
    Vals zeros;
    for (Val place : places)
      zeros.push_back(like(resize((x + place).load(lanes), wide), 0));
    e.loop(e.index(0), n, 1, zeros, [&](Val i, const Vals &sums) {
      Vals next;
      for (auto [place, sum] : llvm::zip_equal(places, sums)) {
        Val at = place + first + i * step;
        next.push_back(sum + resize((x + at).load(lanes), wide));
        (y + at).store(resize(select(isExclusive, sum, next.back()), spec.element));
      }
      return next;
    });
  };
  forEachLines(e, outer, n, inner, lines);
}

static std::optional<KernelForm> form(mlir::OpBuilder &, mlir::Operation *op) {
  auto cumsum = mlir::cast<compiler::CumsumOp>(op);
  llvm::ArrayRef<int64_t> shape = typeOf(cumsum.getX()).getShape();
  const int64_t axis = cumsum.getAxis();
  return KernelForm(op->getOperands(), {product(shape.take_front(axis)), shape[axis],
                                        product(shape.drop_front(axis + 1)), cumsum.getExclusive(),
                                        cumsum.getReverse()});
}

static Work additions(llvm::ArrayRef<int64_t> sizes, const KernelSpec &) {
  return {1.0 * sizes[0] * sizes[1] * sizes[2]};
}

Kernel kernel_cumsum() {
  return {.ops = {"kerf.cumsum"},
          .types = "~T -> ~T",
          .elements = {"f32", "f64", "i64", "i32"},
          .form = form,
          .work = additions,
          .generate = generate};
}

} // namespace kerf::codegen::cpu
