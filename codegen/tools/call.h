// Calls an entry of a loaded artefact with literals: packs blocks, passes DLTensors, unpacks
// results.
#pragma once

#include "abi.h"
#include "compiler/oracle/evaluate.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <string>
#include <vector>

namespace kerf::codegen {

/// Calls `entry`, compiled from the entry point `function`, through every check of kerf_invoke.
/// Gives the function's results in their order. Empty and `error` set if the call was refused.
std::vector<compiler::Literal> call(const kerf_entry &entry, mlir::func::FuncOp function,
                                    llvm::ArrayRef<compiler::Literal> arguments,
                                    std::string &error);

} // namespace kerf::codegen
