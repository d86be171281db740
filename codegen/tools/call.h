// Calls an entry of a loaded artefact with literals: packs blocks, passes DLTensors, unpacks
// results.
#pragma once

#include "abi.h"
#include "compiler/oracle/evaluate.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <string>
#include <vector>

namespace kerf::codegen {

/// More than most machines that test have cores, and no power of two.
inline constexpr std::uint64_t default_workers = 3;

/// Calls `entry`, compiled from the entry point `function`, through every check of kerf_invoke, by
/// one worker, then with each body that this machine can run by so many. Gives the function's
/// results in their order. Empty and `error` set if a call was refused, or gave other bits than the
/// first.
std::vector<compiler::Literal> call(const kerf_entry &entry, mlir::func::FuncOp function,
                                    llvm::ArrayRef<compiler::Literal> arguments, std::string &error,
                                    std::uint64_t workers = default_workers);

} // namespace kerf::codegen
