// linear_scan(a, b, y | outer n inner reverse): y[o, i, j] = a[o, i, j] y[o, i - 1, j] + b[o, i,
// j], the first one b alone; from the other end, if `reverse`.
//
// A line is one chain: f32 is computed in f64 and rounded as it is stored.
#include "codegen/cpu/lines.h"
#include "codegen/schedule/kernel.h"

#include "compiler/dialect.h"
#include "compiler/ops/linear_scan.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

static void generate(KernelFunctions &functions, llvm::StringRef symbol, const KernelSpec &spec) {
  CalledFunction e(functions.module, symbol);
  Ptr a = e.pointer(spec.element, spec.heldBy(0)), b = e.pointer(spec.element, spec.heldBy(1));
  Ptr y = e.pointer(spec.element, spec.heldBy(2));
  Val outer = e.size(), n = e.size(), inner = e.size(), reverse = e.size();
  Val isReverse = reverse == 1;
  Val first = select(isReverse, (n - 1) * inner, 0), step = select(isReverse, 0 - inner, inner);

  mlir::Type wide = spec.element.isF32() ? e.b.getF64Type() : spec.element;
  auto lines = [&](llvm::ArrayRef<Val> places, int64_t lanes) {
    auto put = [&](Val at, Val value) {
      (y + at).store(resize(value, spec.element));
      return value;
    };
    auto load = [&](Ptr p, Val at) { return resize((p + at).load(lanes), wide); };
    Vals begin;
    for (Val place : places)
      begin.push_back(put(place + first, load(b, place + first)));
    e.loop(e.index(1), n, 1, begin, [&](Val i, const Vals &before) {
      Vals next;
      for (auto [place, y] : llvm::zip_equal(places, before)) {
        Val at = place + first + i * step;
        next.push_back(put(at, load(a, at) * y + load(b, at)));
      }
      return next;
    });
  };
  e.when(e.index(0) < n, [&] { forEachLines(e, outer, n, inner, lines); });
}

static std::optional<KernelForm> form(mlir::OpBuilder &, mlir::Operation *op) {
  auto scan = mlir::cast<compiler::LinearScanOp>(op);
  llvm::ArrayRef<int64_t> shape = typeOf(scan.getA()).getShape();
  const int64_t axis = scan.getAxis();
  return KernelForm(op->getOperands(), {product(shape.take_front(axis)), shape[axis],
                                        product(shape.drop_front(axis + 1)), scan.getReverse()});
}

static Work steps(llvm::ArrayRef<int64_t> sizes, const KernelSpec &) {
  return {2.0 * sizes[0] * sizes[1] * sizes[2]};
}

Kernel kernel_linear_scan() {
  return {.ops = {"kerf.linear_scan"},
          .types = "~T, ~T -> ~T",
          .elements = {"f32", "f64", "i64", "i32"},
          .form = form,
          .work = steps,
          .generate = generate};
}

} // namespace kerf::codegen::cpu
