// Calls an entry of a loaded artefact with literals: packs blocks, passes DLTensors, unpacks
// results.
#pragma once

#include "abi.h"
#include "compiler/oracle/evaluate.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <string>
#include <vector>

namespace kerf::codegen {

/// 1, 2, 3, 7, and more than this machine has cores: no bit may depend on how many share a call.
std::vector<std::uint64_t> manyWorkers();

/// Calls `entry`, compiled from the entry point `function`, through every check of kerf_invoke:
/// each body that this machine can run, by each of these numbers of workers. Gives the function's
/// results in their order. Empty and `error` set if a call was refused, or gave other bits than the
/// best body does by one worker.
std::vector<compiler::Literal> call(const kerf_entry &entry, mlir::func::FuncOp function,
                                    llvm::ArrayRef<compiler::Literal> arguments, std::string &error,
                                    llvm::ArrayRef<std::uint64_t> workers = manyWorkers());

} // namespace kerf::codegen
