#include "codegen/cpu/pairwise.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

Vals addWaiting(Emit &e, Val blocks, Val first, Val end, Vals sum,
                llvm::function_ref<Vals(Val, const Vals &)> add) {
  return e.loop(first, end, 1, sum, [&](Val level, const Vals &sum) {
    return e.either((blocks >> level & 1) == 1, [&] { return add(level, sum); },
                    [&] { return sum; });
  });
}

Pairwise::Pairwise(Function &e, mlir::Type element, int64_t lanes, int64_t mostBlocks,
                   Combine combine)
    : e(e), width(lanes), levels(pairwiseLevels(mostBlocks)), combine(std::move(combine)),
      places(e.local(element, levels * lanes)) {}

void Pairwise::push(Val block, Val sum) {
  const auto lanes = mlir::dyn_cast<mlir::VectorType>(sum.type());
  auto at = [&](Val level) {
    return lanes ? place(level).load(lanes.getNumElements()) : place(level).load();
  };
  Val carries = lowestBit(block + 1); // as many as there are ones at the end of `block`
  sum = e.loop(e.index(0), carries, 1, {sum},
               [&](Val level, const Vals &sum) { return Vals{combine(at(level), sum[0])}; })[0];
  place(carries).store(sum);
}

Val Pairwise::total(int64_t blocks, int64_t lanes) {
  Val sum;
  for (int64_t level = 0; level < levels; ++level) {
    if (!(blocks >> level & 1))
      continue;
    Ptr from = place(e.index(level));
    Val part = lanes == 1 ? from.load() : from.load(lanes);
    sum = sum.emit ? combine(part, sum) : part;
  }
  return sum;
}

Val Pairwise::total(Val blocks, int64_t lanes) {
  auto at = [&](Val level) { return lanes == 1 ? place(level).load() : place(level).load(lanes); };
  Val lowest = lowestBit(blocks);
  return addWaiting(
      e, blocks, lowest + 1, e.index(levels), {at(lowest)},
      [&](Val level, const Vals &sum) { return Vals{combine(at(level), sum[0])}; })[0];
}

} // namespace kerf::codegen::cpu
