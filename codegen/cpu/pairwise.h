// Sums of blocks, added pairwise: what every long sum of floats ends in.
//
// The order is that of "The order of sums" in dsl/guide.md. The sum of blocks 0 .. n - 1 is that of
// the first p plus that of the others, p being the largest power of two below n, and so on within
// both. A binary counter adds in this order while blocks come one by one: place l of the counter
// holds the sum of 2^l blocks, and a carry adds. So no more than log2 n + 1 sums live at a time,
// and no block is read twice.
#pragma once

#include "codegen/cpu/emit.h"
#include "codegen/schedule/sum_order.h"

#include <functional>

namespace kerf::codegen::cpu {

/// The counter after `blocks` blocks: add(level, sum) joins the sums at its places first <= level <
/// end that hold one, each before what has come after it.
emit::Vals addWaiting(emit::Emit &e, emit::Val blocks, emit::Val first, emit::Val end,
                      emit::Vals sum,
                      llvm::function_ref<emit::Vals(emit::Val, const emit::Vals &)> add);

class Pairwise {
public:
  using Combine = std::function<emit::Val(emit::Val, emit::Val)>;

  /// For sums of up to `lanes` numbers, on the stack.
  Pairwise(emit::Function &e, mlir::Type element, int64_t lanes, int64_t mostBlocks,
           Combine combine);

  /// The sum of block number `block`; they come in order, from 0.
  void push(emit::Val block, emit::Val sum);
  /// The sum of all `blocks` that came, one at least, in `lanes`.
  emit::Val total(int64_t blocks, int64_t lanes = 1);
  emit::Val total(emit::Val blocks, int64_t lanes = 1);

private:
  emit::Ptr place(emit::Val level) { return places + level * width; }

  emit::Function &e;
  int64_t width, levels;
  Combine combine;
  emit::Ptr places;
};

} // namespace kerf::codegen::cpu
