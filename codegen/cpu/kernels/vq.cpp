// vq(z, codebook, y, scratch | n k d metric): y[i], i < n, is the i64 index of the code with the
// least score, by argmin's rule. |e|^2 is summed as a reduction along memory is, z.e as a
// contraction, so that scores are those of the separate ops. k < 2^31.
#include "codegen/cpu/vq_search.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

static void generateTiled(mlir::ModuleOp module, llvm::StringRef symbol, const KernelSpec &) {
  llvm::StringRef exact = exactFunction(module), screened = screenedFunction(module);
  llvm::StringRef centerOf = centerFunction(module, mlir::Float32Type::get(module.getContext()));
  CalledFunction e(module, symbol);
  Ptr z = e.pointer(), codebook = e.pointer(), y = e.pointer(e.i64()), center = e.pointer();
  Val n = e.size(), k = e.size(), d = e.size(), metric = e.size();
  e.call(centerOf, {center, codebook, k, d, metric});
  mlir::Value operands[] = {e.kerfCall, z, codebook, y,     center, center + centerElements(d),
                            n,          k, d,        metric};
  e.when(
      isScreened(n, k, d), [&] { e.call(screened, operands); }, [&] { e.call(exact, operands); });
}

/// For element types without a register tile.
static void generatePlain(mlir::ModuleOp module, llvm::StringRef symbol, mlir::Type element) {
  llvm::StringRef centerOf = centerFunction(module, element);
  CalledFunction e(module, symbol);
  Ptr z = e.pointer(element), codebook = e.pointer(element), y = e.pointer(e.i64());
  Ptr center = e.pointer(element);
  Val n = e.size(), k = e.size(), d = e.size(), metric = e.size();
  Ptr squares = center + centerElements(d);
  e.call(centerOf, {center, codebook, k, d, metric});
  e.loop(0, k, 1,
         [&](Val j) { (squares + j).store(squaredLength(e, codebook + j * d, center, d)); });
  e.ranges(n, grainOf(k * d), [&](Val from, Val to, Ptr) {
    e.loop(from, to, 1, [&](Val i) {
      auto score = [&](Val j) {
        return codeScore(e, z + i * d, codebook + j * d, center, (squares + j).load(), d, metric);
      };
      Vals first = {score(e.index(0)), e.index(0)};
      Vals best = e.loop(e.index(1), k, 1, first, [&](Val j, const Vals &best) {
        Val x = score(j), found = scoresBelow(x, best[0]);
        return Vals{select(found, x, best[0]), select(found, j, best[1])};
      });
      (y + i).store(best[1]);
    });
  });
}

static std::optional<KernelForm> form(mlir::OpBuilder &, mlir::Operation *op) {
  const VqSizes s = vqSizes(op);
  if (s.heads != 1)
    return {};
  return KernelForm(op->getOperands(), {s.n, s.k, s.d, int64_t(s.metric)});
}

static Scratch scratchFor(llvm::ArrayRef<int64_t> sizes, const KernelSpec &spec) {
  return vqScratch(sizes[0], sizes[1], sizes[2], spec.element);
}

static Work work(llvm::ArrayRef<int64_t> sizes, const KernelSpec &) {
  return {2.0 * sizes[0] * sizes[1] * sizes[2]};
}

Kernel kernel_vq() {
  return {.ops = {"kerf.vq"},
          .types = "T, T -> i64",
          .elements = {"f32", "f64"},
          .form = form,
          .scratch = scratchFor,
          .work = work,
          .generate = generateTiledOr<generateTiled, generatePlain>};
}

} // namespace kerf::codegen::cpu
