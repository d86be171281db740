// RUN: kerf-run %s --function values --limit 4 | FileCheck %s --check-prefix=VALUES
// RUN: kerf-run %s --function rounds --mode as-typed | FileCheck %s --check-prefix=TYPED
// RUN: kerf-run %s --function rounds --mode f64 | FileCheck %s --check-prefix=F64
// RUN: kerf-run %s --function ranges --limit 99 | FileCheck %s --check-prefix=RANGES
// RUN: not kerf-run %s --gradient --function gradient_of_another 2>&1 | FileCheck %s --check-prefix=GRADIENT
// RUN: kerf-run %s --compare | FileCheck %s --check-prefix=COMPARE
// RUN: kerf-run %s --compiled --function rounds | FileCheck %s --check-prefix=TYPED
// RUN: kerf-run %s --compare --tolerance 0 --function long_sums | FileCheck %s --check-prefix=COMPARE
// RUN: not kerf-run %s --function nobody 2>&1 | FileCheck %s --check-prefix=NOBODY
// RUN: not kerf-run %s --timeout 1e-6 2>&1 | FileCheck %s --check-prefix=SLOW
// RUN: not kerf-run %s --bogus 2>&1 | FileCheck %s --check-prefix=BOGUS
// RUN: not kerf-run %t.absent 2>&1 | FileCheck %s --check-prefix=ABSENT

// NOBODY: kerf-run.mlir: there is no function @nobody
// SLOW: kerf-run.mlir: took longer than
// BOGUS: --bogus
// ABSENT: No such file or directory

// A long tensor is cut, and summed up.
// VALUES: @values
// VALUES-NEXT: small tensor<2x2xi32>: 1 2 3 -4
// VALUES-NEXT: tensor<6xf32>: 1 1 1 1 ... (6 elements, mean 1, rms 1)
func.func @values() -> (tensor<2x2xi32> {kerf.name = "small"}, tensor<6xf32>) {
  %a = arith.constant dense<[[1, 2], [3, -4]]> : tensor<2x2xi32>
  %b = arith.constant dense<1.0> : tensor<6xf32>
  return %a, %b : tensor<2x2xi32>, tensor<6xf32>
}

// 2^24 + 1 is no f32.
// TYPED: tensor<f32>: 0
// F64: tensor<f32>: 1
func.func @rounds() -> tensor<f32> {
  %a = arith.constant dense<16777216.0> : tensor<f32>
  %b = arith.constant dense<1.0> : tensor<f32>
  %c = kerf.add %a, %b : tensor<f32>
  %d = kerf.sub %c, %a : tensor<f32>
  return %d : tensor<f32>
}

// RANGES: tensor<40xi64>:{{( [567])+$}}
// RANGES-NEXT: tensor<40xf32>:{{( 3\.[0-9]+)+$}}
func.func @ranges(%i: tensor<40xi64> {kerf.range = [5, 7]}, %x: tensor<40xf32> {kerf.range = [3.0, 4.0]})
    -> (tensor<40xi64>, tensor<40xf32>) {
  return %i, %x : tensor<40xi64>, tensor<40xf32>
}

// Compiled, with its gradient; the order of the additions is not the oracle's, so it is not exact:
// with no tolerance, too, what rounding can do is measured and allowed.
// COMPARE: @long_sums: compiled agrees
// COMPARE: @long_sums_gradient: compiled agrees
func.func @long_sums(%x: tensor<5x4099xf32>) -> tensor<5xf32> {
  %y = kerf.sum %x, axes = [1] : tensor<5x4099xf32> -> tensor<5xf32>
  return %y : tensor<5xf32>
}

// A gradient that is not the function's slope, on purpose: the check must see it.
// GRADIENT: @gradient_of_another: gradient: along direction 0: got {{.*}} want {{.*}} +/-
// GRADIENT: @gradient_of_another: gradient: argument 0[{{[0-9]+}}]: got
func.func @gradient_of_another(%x: tensor<5xf32>) -> tensor<5xf32> {
  %q = kerf.exp %x : tensor<5xf32>
  %y = kerf.straight_through %x, %q : tensor<5xf32>
  return %y : tensor<5xf32>
}

// -----

// An expected error makes the whole part one for kerf-opt: expected-error
func.func @not_parsed(
