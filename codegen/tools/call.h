// Calls an entry of a loaded artefact with literals: packs blocks, passes DLTensors, unpacks
// results.
#pragma once

#include "abi.h"
#include "compiler/oracle/evaluate.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <string>
#include <vector>

namespace kerf::codegen {

/// Calls `entry`, compiled from the entry point `function`, through every check of kerf_invoke,
/// with each body that this machine can run. Gives the function's results in their order. Empty and
/// `error` set if a call was refused, or if bodies gave other bits than the best.
std::vector<compiler::Literal> call(const kerf_entry &entry, mlir::func::FuncOp function,
                                    llvm::ArrayRef<compiler::Literal> arguments,
                                    std::string &error);

} // namespace kerf::codegen
