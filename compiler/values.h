// What a value of a module may be: a tensor of static shape, of element types that there are, and
// of a size that memory can have.
#pragma once

#include "mlir/IR/BuiltinOps.h"

#include <cstdint>
#include <optional>
#include <string>

namespace kerf::compiler {

/// Bytes of an element in memory: an i1 has a byte of its own.
std::uint64_t elementBytes(mlir::Type element);

/// Bytes of a tensor's elements; none if they are more than a process can address.
std::optional<std::uint64_t> bytesOf(mlir::ShapedType type);

/// What is wrong with the size of `type`, with its numbers; empty if nothing is.
std::string complaintOfSize(mlir::Type type);

/// The same for its shape and element type too.
std::string complaintOfTensor(mlir::Type type);

/// Every argument and every value of every function is what it may be; the first that is not is
/// named in a diagnostic. Scalars are let through inside the regions of ops that are not Kerf's.
mlir::LogicalResult verifyValues(mlir::ModuleOp module);

/// Bytes of the tensors that live at once while the oracle runs `function`: all are held as double
/// or int64. Saturates.
std::uint64_t oracleBytes(mlir::Operation *function);

} // namespace kerf::compiler
