// Inputs of functions under test: random but the same on every run, shaped by attributes.
#pragma once

#include "compiler/oracle/evaluate.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace kerf::codegen {

/// Numbers that depend on the seed and on how many were taken, and on nothing else.
class Random {
public:
  Random(std::uint64_t seed, std::string_view stream);
  std::uint64_t bits();
  /// In [low, high).
  double uniform(double low, double high);
  /// In [low, high].
  std::int64_t integer(std::int64_t low, std::int64_t high);

private:
  std::uint64_t state;
};

/// One literal per argument. An argument attribute `kerf.range = [low, high]` gives its range
/// (else floats are in [-2, 2), integers in [-8, 8], i1 a coin, `kerf.dtype = "uint32"` any word).
/// Floats have the precision of their type.
std::vector<compiler::Literal> randomInputs(mlir::func::FuncOp function, std::uint64_t seed);

/// Values of `type` in [low, high).
compiler::Literal randomLiteral(mlir::RankedTensorType type, Random &random, double low,
                                double high);

} // namespace kerf::codegen
