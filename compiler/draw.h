// The rule that keeps random numbers apart: a key serves one draw.
#pragma once

#include "compiler/dialect.h"

#include "mlir/IR/Matchers.h"

namespace kerf::compiler {

/// Do these two read the same words in the same way? Equal constants are one offset.
inline bool isSameDraw(Draw a, Draw b) {
  if (a->getName() != b->getName() || a->getResultTypes() != b->getResultTypes() ||
      a->getNumOperands() != b->getNumOperands()) // b may not have been verified yet
    return false;
  mlir::Value ofA = a.getOffsetMutable().get(), ofB = b.getOffsetMutable().get();
  mlir::Attribute first, second;
  return ofA == ofB || (matchPattern(ofA, mlir::m_Constant(&first)) &&
                        matchPattern(ofB, mlir::m_Constant(&second)) && first == second);
}

/// On draws that a pass made of one: each has words of its own by its offset.
inline constexpr llvm::StringLiteral partOfDraw = "kerf.part";

/// Fails if another draw than this one reads the same key: their numbers would be correlated.
inline mlir::LogicalResult verifyOneDraw(Draw draw) {
  for (mlir::Operation *user : draw.getKey().getUsers()) {
    auto other = llvm::dyn_cast<Draw>(user);
    if (!other || isSameDraw(draw, other) ||
        (draw->hasAttr(partOfDraw) && other->hasAttr(partOfDraw)))
      continue;
    if (other->getBlock() == draw->getBlock() && draw->isBeforeInBlock(other))
      continue; // the later one is told
    mlir::InFlightDiagnostic error = draw->emitOpError(
        "reads a key that another draw reads; give each draw a key of its own by fold_key");
    error.attachNote(other->getLoc()) << "the other draw";
    return error;
  }
  return mlir::success();
}

} // namespace kerf::compiler
