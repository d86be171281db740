// scatter_add_pairwise(updates, indices, y, scratch | rows width count): scatter_add of floats, a
// row's terms in blocks whose sums are added pairwise.
#include "codegen/cpu/pairwise.h"
#include "codegen/cpu/row_index.h"
#include "codegen/schedule/scatter_form.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

static void generate(KernelFunctions &functions, llvm::StringRef symbol, const KernelSpec &spec) {
  const mlir::Type element = spec.element;
  CalledFunction k(functions.module, symbol);
  Ptr updates = k.pointer(element), indices = k.pointer(k.i64()), y = k.pointer(element);
  Ptr terms = k.pointer(k.i64()); // of each row so far
  Val rows = k.size(), width = k.size(), count = k.size();
  Ptr sums = (terms + rows).as(element); // of 2^level blocks of a row, at level * rows + row
  k.zero(y, rows * width * (element.getIntOrFloatBitWidth() / 8));
  k.zero(terms, rows * 8);
  Val zero = k.constant(element, 0.0);
  // to[j] = from[j] + to[j]
  auto add = [&](Ptr to, Ptr from) {
    k.eights(width, [&](Val j, int64_t lanes) {
      (to + j).store((from + j).load(lanes) + (to + j).load(lanes));
    });
  };
  k.loop(0, count, 1, [&](Val i) {
    Val row = clampedRow(indices + i, rows), before = (terms + row).load();
    Ptr to = y + row * width;
    auto waiting = [&](Val level) { return sums + (level * rows + row) * width; };
    add(to, updates + i * width);
    (terms + row).store(before + 1);
    k.when((before + 1) % blockTerms == 0, [&] {
      Val carries = lowestBit((before + 1) / blockTerms);
      k.loop(0, carries, 1, [&](Val level) { add(to, waiting(level)); });
      k.eights(width, [&](Val j, int64_t lanes) {
        (waiting(carries) + j).store((to + j).load(lanes));
        (to + j).store(lanes == 1 ? zero : k.splat(zero, lanes));
      });
    });
  });
  k.loop(0, rows, 1, [&](Val row) {
    Val blocks = (terms + row).load() / blockTerms;
    addWaiting(k, blocks, k.index(0), k.index(64), {}, [&](Val level, const Vals &) {
      add(y + row * width, sums + (level * rows + row) * width);
      return Vals();
    });
  });
}

static std::optional<KernelForm> form(mlir::OpBuilder &, mlir::Operation *op) {
  if (!addsPairwise(op))
    return {};
  return scatterForm(op);
}

static Scratch scratchFor(llvm::ArrayRef<int64_t> sizes, const KernelSpec &spec) {
  const int64_t rows = sizes[0], width = sizes[1], count = sizes[2];
  const int64_t sums = pairwiseLevels(count / blockTerms) * rows * width;
  return {.shared = rows * 8 + sums * (spec.element.getIntOrFloatBitWidth() / 8)};
}

Kernel kernel_scatter_add_pairwise() {
  return {.ops = {"kerf.scatter_add"},
          .types = "T, i64 -> T",
          .elements = {"f32", "f64"},
          .form = form,
          .scratch = scratchFor,
          .work = scatterWork,
          .generate = generate};
}

} // namespace kerf::codegen::cpu
