// Scans as derivatives make them.
#pragma once

#include "compiler/ops/scan.h"

#include "mlir/IR/Builders.h"

namespace kerf::compiler {

/// Operands and options of a scan to be made, along axis 0.
struct ScanForm {
  llvm::SmallVector<mlir::Value> carried, inputs, captures;
  mlir::Value steps; ///< null: all iterations run
  int64_t count = 0, keep = 0;
  bool reverse = false, stops = false;

  ScanForm() = default;
  /// As `op`, whose axis is 0.
  explicit ScanForm(ScanOp op);
};

/// The arguments of a scan's region.
struct ScanArguments {
  llvm::SmallVector<mlir::Value> carried, rows, captures;
  mlir::Value index;
};

/// `body` fills the region and gives the next carried values, then rows of stacked results;
/// nothing, after an error: then the scan is null.
ScanOp
makeScan(mlir::OpBuilder &builder, mlir::Location location, const ScanForm &form,
         llvm::function_ref<mlir::FailureOr<llvm::SmallVector<mlir::Value>>(mlir::OpBuilder &,
                                                                            const ScanArguments &)>
             body);

/// Forward mode of a scan along axis 0: see RegionDifferentiable.
mlir::FailureOr<Derivative> forwardOfScan(ScanOp op, mlir::OpBuilder &builder,
                                          mlir::ValueRange tangents, mlir::Operation *by);
/// Reverse mode of a scan along axis 0 with `keep` 0 or 1: see RegionDifferentiable.
mlir::FailureOr<Derivative> reverseOfScan(ScanOp op, mlir::OpBuilder &builder,
                                          llvm::ArrayRef<bool> needed, mlir::ValueRange cotangents,
                                          mlir::Operation *by);

/// Fills a block, whose arguments are of the types of the op's operands, with ops that do the same,
/// and ends it with a yield of the results: the scan along axis 0.
void alongFirstAxis(ScanOp op, mlir::Block &block);
/// The same of segments of `keep` iterations, from the carried values before each of which a
/// derivative computes it again, and of the rest, which is run last. Axis 0, `keep >= 2`.
void inSegments(ScanOp op, mlir::Block &block);

} // namespace kerf::compiler
