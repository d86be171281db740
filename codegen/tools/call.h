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
/// best body does by one worker. Of an open entry, `function` is what it is for the rows of the
/// call (compiler/open.h), and its tensors end where memory that may be touched ends.
std::vector<compiler::Literal> call(const kerf_entry &entry, mlir::func::FuncOp function,
                                    llvm::ArrayRef<compiler::Literal> arguments, std::string &error,
                                    llvm::ArrayRef<std::uint64_t> workers = manyWorkers());

/// Where two ways of calling a function gave other bits: "result y0, element 7: 0.5 of x86-64-v4 by
/// 1 worker is not 0.25 of x86-64-v4 by 3 workers"; empty if nowhere.
std::string firstDifference(mlir::func::FuncOp function, llvm::ArrayRef<compiler::Literal> results,
                            const std::string &way, llvm::ArrayRef<compiler::Literal> others,
                            const std::string &other);

} // namespace kerf::codegen
