// What the ops' `evaluate` methods share: element by element, reductions, and forced decisions.
#pragma once

#include "compiler/oracle/evaluate.h"

namespace kerf::compiler {

/// One result like the op's first, element by element; operands have the result's shape and kind
/// (float or integer). `ints` may be null where the op takes no integers. Rounds floats as the mode
/// says; integers wrap.
llvm::SmallVector<Literal>
evaluateElementwise(Evaluation &evaluation, mlir::Operation *op, llvm::ArrayRef<Literal> operands,
                    llvm::function_ref<double(llvm::ArrayRef<double>)> floats,
                    llvm::function_ref<int64_t(llvm::ArrayRef<int64_t>)> ints = nullptr);

/// Calls `body(from, to)` for every element of a tensor in row-major order: `from` is its position,
/// `to` the position of the element that it reduces into when `axes` are dropped.
void forEachReduced(llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<int64_t> axes,
                    llvm::function_ref<void(int64_t, int64_t)> body);

/// Notes that the forced `choice` for this element of the result loses so much to the oracle's own:
/// as `evaluation`'s complaint, if it is the first, where the loss is no number.
void noteChoice(Evaluation &evaluation, mlir::Operation *op, int64_t element, double loss,
                const llvm::Twine &choice);
/// The steps that `evaluation` forces on an op, or those of `stairs`, the function of one number
/// that the op is. Notes each that is another one: it loses `loss(x, step)`, or is no step at all.
/// `called` is the step in words, "the floor of".
llvm::SmallVector<Literal> evaluateSteps(Evaluation &evaluation, mlir::Operation *op,
                                         llvm::ArrayRef<Literal> operands, llvm::StringRef called,
                                         double (*stairs)(llvm::ArrayRef<double>),
                                         llvm::function_ref<double(double x, double step)> loss);
/// "kerf.argmin at [0, 3]: ", which an error about a decision begins with.
std::string placeOf(mlir::Operation *op, int64_t element);

} // namespace kerf::compiler
