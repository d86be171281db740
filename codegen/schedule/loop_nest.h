// What a linalg.generic on buffers does, as loops over strided memory.
#pragma once

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace kerf::codegen {

/// Which extents and strides of a nest its code takes when it runs: those of rows that a call has.
/// The numbers beside them are those of the most rows.
struct OpenLoops {
  llvm::SmallVector<bool> extents;                    ///< per loop; empty: none
  llvm::SmallVector<llvm::SmallVector<bool>> strides; ///< per operand, per loop
};

/// An operand of a nest: element (i, j, …) lies at base + i * strides[0] + j * strides[1] …
struct Access {
  mlir::Type element;
  llvm::SmallVector<int64_t> strides; ///< in elements, per loop
  int64_t offset = 0;                 ///< in elements, from the first one of the view
};

/// The loops of a generic, normalised: none has one iteration, neighbours that walk memory as one
/// loop are one loop, the fastest parallel loop of the first result is the last parallel one.
struct Nest {
  /// How a reduction adds: "The order of sums" in dsl/guide.md.
  enum class Order {
    parallel, ///< no reduction
    rows,     ///< the innermost axis is reduced: element i of a row goes to sum i mod 16
    chain     ///< it is not: one ascending chain per output
  };
  mutable mlir::linalg::GenericOp op;
  llvm::SmallVector<int64_t> extents;
  llvm::SmallVector<bool> reduced;
  llvm::SmallVector<int> loopOf;      ///< of each loop of the generic: its loop here, -1 if dropped
  llvm::SmallVector<Access> operands; ///< those that are buffers, inputs before results
  Order order = Order::parallel;
  mlir::TypedAttr start; ///< what the result holds before a reduction; null: read it
  bool isEmpty = false;  ///< no iteration at all

  unsigned numInputs = 0; ///< how many of `operands` are inputs
  OpenLoops open;

  bool isOpen(unsigned loop) const { return !open.extents.empty() && open.extents[loop]; }
  bool isOpen(unsigned operand, unsigned loop) const {
    return !open.strides.empty() && open.strides[operand][loop];
  }
};

/// Fails with a diagnostic if an index is not linear or a stride is open.
mlir::FailureOr<Nest> analyse(mlir::linalg::GenericOp op);

/// A reduction that is one operation per element: next = op(element, accumulator), in either order.
struct Combination {
  mlir::Operation *op = nullptr;
  unsigned accumulator = 0; ///< which operand of `op` is the accumulator
  mlir::TypedAttr neutral;  ///< op(neutral, x) = x
};

/// None if the body of `op` does something else with its accumulator, or has several.
std::optional<Combination> combinationOf(mlir::linalg::GenericOp op);

} // namespace kerf::codegen
