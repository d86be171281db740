// The steps from tensors to calls, in their order. Each works on whole modules and fails with
// diagnostics; compile.cpp says what holds between them.
#pragma once

#include "codegen/signature.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringMap.h"

namespace kerf::codegen {

class Backend;

/// What is cheaper depends on sizes. The companions of open entries (compiler/open.h) do what their
/// entries do, whatever would be cheaper for them: they have the same code then.
class SizeChoices {
public:
  /// The next choice in a function: what `choose` says of an entry, and of a companion what its
  /// entry chose there.
  bool next(llvm::StringRef function, llvm::function_ref<bool()> choose);
  /// The choices are known; companions follow, each from its first on.
  void repeat();

private:
  struct Made {
    llvm::SmallVector<bool> choices;
    size_t number = 0; ///< of the next one
  };
  llvm::StringMap<Made> made; ///< by function
  bool isKnown = false;
};

/// Kernels in loops read inputs that stay as they are in there as other kernels make them ready,
/// once before the loop: where the kernel can and it takes no more memory than is reasonable. On
/// tensors.
void prepareInputs(mlir::func::FuncOp function, const Backend &backend, SizeChoices &choices);

/// Merges elementwise ops into their consumers, on tensors: no op is computed twice unless that is
/// cheaper than storing its result, and no reduction ever.
mlir::LogicalResult fuse(mlir::ModuleOp module, const Backend &backend, SizeChoices &choices);

/// Tensors => buffers, arguments read-only. Then the form of an entry: results are copied into
/// buffer arguments at the end, and nothing else writes to an argument. A result's argument is
/// that of the leaf it updates, or a new one behind the others. Loops carry no value: they update
/// buffers.
mlir::LogicalResult bufferize(mlir::ModuleOp module, const Interface &interface);

/// Copies every tensor, or the view of one, that is overwritten while somebody still reads it: then
/// everything may be written in its place. No argument or constant is written; what a loop carries
/// has one compact buffer. Takes as many steps as there are operands. On tensors.
mlir::LogicalResult copyOverwritten(mlir::func::FuncOp function);

/// What loops carry from one iteration to the next => buffers that are there before them, which
/// every iteration updates at its end. On buffers.
mlir::LogicalResult updateCarried(mlir::func::FuncOp function);

/// Lets a result, or what a loop carries to its next iteration, be computed in the place it is
/// copied to, where nobody can tell the difference.
void forwardResults(mlir::func::FuncOp entry);

/// Gives every allocation its `kerf.offset` in one arena; allocations that live at the same time
/// are disjoint. Returns the arena's size in bytes, a multiple of 64; fails above `limit` bytes, 0
/// being what can be addressed, with a warning from 16 GiB on.
mlir::FailureOr<uint64_t> planArena(mlir::func::FuncOp entry, uint64_t limit);

/// The buffer that `value` is a view of: an argument, an allocation, or a global constant.
mlir::Value rootOf(mlir::Value value);

/// How a buffer or view of static layout lies behind its root, in elements. Fails if it is open.
struct Layout {
  llvm::SmallVector<int64_t> strides;
  int64_t offset = 0;
};
mlir::FailureOr<Layout> layoutOf(mlir::MemRefType type);

/// The strides alone, wherever the view begins.
mlir::FailureOr<llvm::SmallVector<int64_t>> stridesOf(mlir::MemRefType type);

/// Where a view begins behind its root, in elements: constant + sum of value * factor, the values
/// being indices that loops make.
struct Offset {
  int64_t constant = 0;
  llvm::SmallVector<std::pair<mlir::Value, int64_t>, 1> terms;
};
mlir::FailureOr<Offset> offsetOf(mlir::Value view);

/// Fills and copies as loops, and compact operands for kernels: what is left are allocations,
/// views, loops, linalg.generic and kerf_schedule.kernel.
void prepareBody(mlir::func::FuncOp entry);

/// Reductions whose result was filled with a constant right before: they start from the constant,
/// and the fill need not run.
struct Starts {
  llvm::DenseMap<mlir::Operation *, mlir::TypedAttr> constants; ///< of reductions
  llvm::DenseSet<mlir::Operation *> skippedFills;
};
Starts findStarts(mlir::func::FuncOp entry);

/// Replaces the entries by functions `<symbol>_body(call)`, a kerf_call, of scf, arith and llvm
/// ops, which call the backend's loop nests and kernels.
mlir::LogicalResult emitBodies(mlir::ModuleOp module, const Interface &interface,
                               const Backend &backend);

/// The name of body functions: `<symbol>_body`.
std::string bodyName(llvm::StringRef symbol);

/// kerf_schedule.tasks => functions of a closure, which kerf_run_tasks calls: what a body uses of
/// its function is computed again in there, or comes through the closure.
void outlineTasks(mlir::ModuleOp module);

/// Functions of scf, arith and llvm ops, and of the backend's dialects => LLVM dialect.
mlir::LogicalResult lowerToLLVM(mlir::ModuleOp module, const Backend &backend);

} // namespace kerf::codegen
