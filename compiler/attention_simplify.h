// What the canonicalizations of kerf.attention and kerf.attention_vjp share: regions that say
// nothing, captures that nobody reads.
#pragma once

#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"

#include <utility>

namespace kerf::compiler {

/// Does the region yield its argument number `i`, and nothing else?
inline bool yieldsOnlyArgument(mlir::Region &region, unsigned i) {
  const mlir::ValueRange yielded = region.front().getTerminator()->getOperands();
  return yielded.size() == 1 && yielded.front() == region.getArgument(i);
}

/// A mask that is true for every score is an empty one.
template <class Op> bool dropMask(Op op, mlir::RewriterBase &rewriter) {
  mlir::Region &mask = op.getMask();
  if (mask.empty() ||
      !mlir::matchPattern(mask.front().getTerminator()->getOperand(0), mlir::m_One()))
    return false;
  rewriter.modifyOpInPlace(op, [&] { rewriter.eraseBlock(&mask.front()); });
  return true;
}

/// Captures that no region reads, and that are not numbered by `wanted`, go away; `wanted` become
/// the numbers that these have then. `regions`: each with the number of the argument that stands
/// for the first capture.
template <class Op>
bool dropCaptures(Op op, mlir::RewriterBase &rewriter,
                  llvm::ArrayRef<std::pair<mlir::Region *, unsigned>> regions,
                  llvm::MutableArrayRef<int64_t> wanted = {}) {
  llvm::SmallVector<unsigned> dropped;
  llvm::SmallVector<mlir::Attribute> maps;
  for (unsigned i = 0; i < op.getCaptures().size(); ++i) {
    const bool isRead = llvm::any_of(regions, [&](auto pair) {
      auto [region, first] = pair;
      return !region->empty() && !region->getArgument(first + i).use_empty();
    });
    auto *number = llvm::find(wanted, int64_t(i));
    if (number != wanted.end())
      *number = maps.size();
    if (isRead || number != wanted.end())
      maps.push_back(op.getMaps()[i]);
    else
      dropped.push_back(i);
  }
  if (dropped.empty())
    return false;
  rewriter.modifyOpInPlace(op, [&] {
    for (unsigned i : llvm::reverse(dropped)) {
      op.getCapturesMutable().erase(i);
      for (auto [region, first] : regions)
        if (!region->empty())
          region->eraseArgument(first + i);
    }
    op.setMapsAttr(rewriter.getArrayAttr(maps));
  });
  return true;
}

} // namespace kerf::compiler
