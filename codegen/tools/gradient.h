// Derivatives under test: functions that take them through kerf.value_and_grad and kerf.jvp, and
// the check of their values against differences in f64.
#pragma once

#include "compiler/oracle/evaluate.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <string>
#include <vector>

namespace kerf::codegen {

/// Can a gradient be taken: at least one float argument and one float result, and no
/// `kerf.no_gradient` attribute (for functions whose gradient is meant to differ).
bool isDifferentiable(mlir::func::FuncOp function);

/// A new function `@<name>` after `function` in its module:
///   (arguments, one weight tensor per float result) -> loss, one gradient per float argument
/// with loss = sum over the float results of sum(weight * result), through kerf.value_and_grad.
mlir::func::FuncOp makeGradient(mlir::func::FuncOp function, llvm::StringRef name);

/// Compares the gradients that `gradient` (made by makeGradient from `function`) gives at
/// `arguments` with central differences of `function`, along whole random directions and in single
/// elements. Returns what differs, one line each: index, got, want, tolerance.
std::vector<std::string> checkGradient(mlir::func::FuncOp function, mlir::func::FuncOp gradient,
                                       llvm::ArrayRef<compiler::Literal> arguments,
                                       std::uint64_t seed);

/// A new function `@<name>` after `function` in its module:
///   (arguments, one direction per float argument) -> the tangent of each float result
mlir::func::FuncOp makeTangent(mlir::func::FuncOp function, llvm::StringRef name);

/// Compares what `tangent` (made by makeTangent from `function`) gives at `arguments`, along a
/// random direction, with central differences of `function`. Returns what differs, as above.
std::vector<std::string> checkTangent(mlir::func::FuncOp function, mlir::func::FuncOp tangent,
                                      llvm::ArrayRef<compiler::Literal> arguments,
                                      std::uint64_t seed);

} // namespace kerf::codegen
