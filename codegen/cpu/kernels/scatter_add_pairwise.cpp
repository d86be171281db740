// scatter_add_pairwise(updates, indices, y, scratch | rows width count): scatter_add of floats, a
// row's terms in blocks whose sums are added pairwise. Wide rows are cut into tasks: each goes
// through all updates with its columns, and counts their terms for itself. Where there are so few
// updates that scatter_add would take them, each row is one chain, as there.
#include "codegen/cpu/pairwise.h"
#include "codegen/cpu/row_index.h"
#include "codegen/schedule/scatter_form.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

static void generate(KernelFunctions &functions, llvm::StringRef symbol, const KernelSpec &spec) {
  const mlir::Type element = spec.element;
  CalledFunction k(functions.module, symbol);
  Ptr updates = k.pointer(element, spec.heldBy(0)), indices = k.pointer(k.i64()),
      y = k.pointer(element);
  Ptr counters = k.pointer(k.i64());
  Val rows = k.size(), width = k.size(), count = k.size();
  Val parts = partsOfRow(width);
  Val levels = k.loop(k.index(0), k.index(63), 1, {k.index(0)}, [&](Val i, const Vals &sum) {
    return Vals{sum[0] + resize((k.index(1) << i) <= count / blockTerms, k.i64())};
  })[0];
  Val isChain = count / 4 / max(levels, 1) < rows;     // addsPairwise
  Ptr allSums = (counters + parts * rows).as(element); // of 2^level blocks, at level * rows + row
  Val zero = k.constant(element, 0.0);
  zeroInTasks(k, y, rows * width);
  k.tasks(parts, [&](Val part, Ptr) {
    Val first = part * columnsOfPart, columns = lastColumn(part, width) - first;
    Ptr terms = counters + part * rows; // of each row so far
    auto rowOf = [&](Ptr table, Val row) { return table + row * width + first; };
    k.zero(terms, rows * 8);
    // to[j] = from[j] + to[j]
    auto add = [&](Ptr to, Ptr from) {
      k.eights(columns, [&](Val j, int64_t lanes) {
        (to + j).store((from + j).load(lanes) + (to + j).load(lanes));
      });
    };
    k.loop(0, count, 1, [&](Val i) {
      Val row = clampedRow(indices + i, rows), before = (terms + row).load();
      Ptr to = rowOf(y, row);
      auto waiting = [&](Val level) { return rowOf(allSums, level * rows + row); };
      add(to, rowOf(updates, i));
      (terms + row).store(before + 1);
      k.when(select(isChain, before + 1, (before + 1) % blockTerms) == 0, [&] {
        Val carries = lowestBit((before + 1) / blockTerms);
        k.loop(0, carries, 1, [&](Val level) { add(to, waiting(level)); });
        k.eights(columns, [&](Val j, int64_t lanes) {
          (waiting(carries) + j).store((to + j).load(lanes));
          (to + j).store(lanes == 1 ? zero : k.splat(zero, lanes));
        });
      });
    });
    k.loop(0, rows, 1, [&](Val row) {
      Val blocks = select(isChain, 0, (terms + row).load() / blockTerms);
      addWaiting(k, blocks, k.index(0), k.index(64), {}, [&](Val level, const Vals &) {
        add(rowOf(y, row), rowOf(allSums, level * rows + row));
        return Vals();
      });
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
  const int64_t sums = pairwiseLevels(max(count / blockTerms, 1)) * rows * width;
  return {.shared =
              partsOfRow(width) * rows * 8 + sums * (spec.element.getIntOrFloatBitWidth() / 8)};
}

Kernel kernel_scatter_add_pairwise() {
  return {.ops = {"kerf.scatter_add"},
          .types = "~T, i64 -> T",
          .elements = {"f32", "f64"},
          .form = form,
          .scratch = scratchFor,
          .work = scatterWork,
          .generate = generate};
}

} // namespace kerf::codegen::cpu
