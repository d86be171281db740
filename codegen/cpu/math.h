// The transcendental functions as polynomials, on scalars and on vectors, with the same bits:
// nothing calls libm.
#pragma once

#include "codegen/cpu/emit.h"

#include "mlir/IR/PatternMatch.h"

namespace kerf::codegen::cpu::emit {

// Errors as tests/codegen/math.cpp measures them, against the correctly rounded result.

/// Range: all; results below 2^-126 are denormal, overflow is inf, NaN stays. Error: <= 1.01 ulp.
Val exp(Val x);
/// exp of what is no more than 0 (or NaN, which stays); below -87 it is 0. Error: <= 1.1 ulp.
Val expOfNegative(Val x);
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

/// The same of f64.
namespace f64 {
/// Error: <= 1 ulp.
Val exp(Val x);
/// Error: <= 1 ulp.
Val log(Val x);
/// Error: <= 2 ulp.
Val expm1(Val x);
/// Error: <= 2 ulp.
Val log1p(Val x);
/// Error: <= 3 ulp.
Val tanh(Val x);
} // namespace f64

// Of f32, made in f64 and rounded once, and of f64.

/// Range: all, however large; infinities and NaN give NaN, -0 stays. Error: <= 1 ulp.
Val sin(Val x);
Val cos(Val x);
/// Range: all, odd, NaN stays. Error: <= 1 ulp of f32, <= 2 ulp of f64.
Val erf(Val x);
/// 1 - erf(x), to full relative precision; results below the least normal number are denormal.
/// Error: <= 1 ulp of f32, <= 4 ulp of f64.
Val erfc(Val x);
/// x^y with the special cases of C. Error: <= 1 ulp.
Val pow(Val x, Val y);
/// C's fmod: of the sign of x, and exact; NaN where y is 0 or x infinite.
Val remainder(Val x, Val y);

/// The digits that a function made in f64 is to have: of its result.
enum class Digits { f32, f64 };
/// c[0] + c[1] x + c[2] x^2 ..., one FMA each.
Val polynomial(Val x, std::initializer_list<double> coefficients);

/// Sine and cosine of 2 pi j / 2^24, `j` in [0, 2^24) as i32: the quarter turn is split off
/// exactly. Error: <= 1 ulp.
struct SinCos {
  Val sin, cos;
};
SinCos sinCosOfTurn(Val j);

} // namespace kerf::codegen::cpu::emit

namespace kerf::codegen::cpu {

/// The functions of math and arith that no instruction computes, of f32, f64 and vectors of them =>
/// arithmetic.
void populateMathExpansion(mlir::RewritePatternSet &patterns);

} // namespace kerf::codegen::cpu
