// What a model takes in vain: arguments that no result depends on, trees that are to be written and
// are not, parameters that no entry uses.
#pragma once

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/SetVector.h"

namespace kerf::compiler {

/// Warns of each, at the row of the entry in its table. `params`: "role.leaf" of the parameters. A
/// parameter that one entry does not use is nothing to warn of: an encoder has none of the
/// decoder's.
void warnOfUnused(mlir::ModuleOp module, const llvm::SetVector<llvm::StringRef> &params);

} // namespace kerf::compiler
