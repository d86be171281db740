// exp, log, their neighbours of small numbers and tanh of f32 as polynomials: on scalars, which
// LLVM vectorises, and on vectors.
#pragma once

#include "codegen/cpu/emit.h"

#include "mlir/IR/PatternMatch.h"

namespace kerf::codegen::cpu::emit {

// Errors as tests/codegen/math.cpp measures them, against the correctly rounded result.

/// Range: all; results below 2^-126 are denormal, overflow is inf, NaN stays. Error: <= 1 ulp.
Val exp(Val x);
/// Range: all, denormals included; log(0) = -inf, negative and NaN give NaN. Error: <= 1 ulp.
Val log(Val x);
/// Range: all; -1 below -17.33, overflow is inf, NaN and zeros stay. Error: <= 2 ulp.
Val expm1(Val x);
/// Range: all; log1p(-1) = -inf, less and NaN give NaN, zeros stay. Error: <= 2 ulp.
Val log1p(Val x);
/// Range: all, odd, +-1 from 9.02 on, NaN stays. Error: <= 2 ulp.
Val tanh(Val x);
/// log of a normal number that is finite and positive. Error: <= 1 ulp.
Val logOfNormal(Val x);
/// Sine and cosine of 2 pi j / 2^24, `j` in [0, 2^24) as i32: the quarter turn is split off
/// exactly. Error: <= 1 ulp.
struct SinCos {
  Val sin, cos;
};
SinCos sinCosOfTurn(Val j);

} // namespace kerf::codegen::cpu::emit

namespace kerf::codegen::cpu {

/// math.exp, expm1, log, log1p and tanh on f32 and vectors of it => arithmetic.
void populateMathExpansion(mlir::RewritePatternSet &patterns);

} // namespace kerf::codegen::cpu
