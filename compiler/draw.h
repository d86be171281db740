// The rule that keeps random numbers apart: a key serves one draw.
#pragma once

#include "mlir/IR/Matchers.h"
#include "mlir/IR/Operation.h"

namespace kerf::compiler {

/// Do these two random ops read the same words in the same way? Equal constants are one offset.
inline bool isSameDraw(mlir::Operation *a, mlir::Operation *b) {
  if (a->getName() != b->getName() || a->getResultTypes() != b->getResultTypes() ||
      b->getNumOperands() != 2) // b may not have been verified yet
    return false;
  mlir::Attribute first, second;
  return a->getOperand(1) == b->getOperand(1) ||
         (matchPattern(a->getOperand(1), mlir::m_Constant(&first)) &&
          matchPattern(b->getOperand(1), mlir::m_Constant(&second)) && first == second);
}

/// On draws that a pass made of one: each has words of its own by its offset.
inline constexpr llvm::StringLiteral partOfDraw = "kerf.part";

/// Fails if another draw than this one reads the same key: their numbers would be correlated.
inline mlir::LogicalResult verifyOneDraw(mlir::Operation *draw) {
  for (mlir::Operation *other : draw->getOperand(0).getUsers()) {
    const llvm::StringRef name = other->getName().getStringRef();
    if ((name != "kerf.uniform" && name != "kerf.normal") || isSameDraw(draw, other) ||
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
