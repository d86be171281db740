// RUN: kerf-opt %s -split-input-file -verify-diagnostics | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -canonicalize | FileCheck %s --check-prefix=FOLD
// RUN: kerf-run --function to_integer %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// CHECK-LABEL: @awkward_sizes
//       CHECK: kerf.cast %{{.*}} : tensor<7x17xf32> -> tensor<7x17xf64>
// LOWER-LABEL: @awkward_sizes
//   LOWER-NOT: kerf.cast
//       LOWER: arith.extf
//       LOWER: arith.truncf
func.func @awkward_sizes(%a: tensor<7x17xf32>, %b: tensor<65xf64>, %c: tensor<f32>)
    -> (tensor<7x17xf64>, tensor<65xf32>, tensor<f64>) {
  %x = kerf.cast %a : tensor<7x17xf32> -> tensor<7x17xf64>
  %y = kerf.cast %b : tensor<65xf64> -> tensor<65xf32>
  %z = kerf.cast %c : tensor<f32> -> tensor<f64>
  return %x, %y, %z : tensor<7x17xf64>, tensor<65xf32>, tensor<f64>
}

// LOWER-LABEL: @to_float
//       LOWER: arith.sitofp
//       LOWER: arith.sitofp
//       LOWER: arith.uitofp
func.func @to_float(%a: tensor<17xi32>, %b: tensor<17xi64>, %c: tensor<17xi1>)
    -> (tensor<17xf32>, tensor<17xf64>, tensor<17xf32>) {
  %x = kerf.cast %a : tensor<17xi32> -> tensor<17xf32>
  %y = kerf.cast %b : tensor<17xi64> -> tensor<17xf64>
  %z = kerf.cast %c : tensor<17xi1> -> tensor<17xf32>
  return %x, %y, %z : tensor<17xf32>, tensor<17xf64>, tensor<17xf32>
}

// LOWER-LABEL: @between_integers
//       LOWER: arith.extsi
//       LOWER: arith.trunci
//       LOWER: arith.extui
//       LOWER: arith.cmpi ne
func.func @between_integers(%a: tensor<17xi32>, %b: tensor<17xi64>, %c: tensor<17xi1>)
    -> (tensor<17xi64>, tensor<17xi32>, tensor<17xi64>, tensor<17xi1>) {
  %w = kerf.cast %a : tensor<17xi32> -> tensor<17xi64>
  %x = kerf.cast %b : tensor<17xi64> -> tensor<17xi32>
  %y = kerf.cast %c : tensor<17xi1> -> tensor<17xi64>
  %z = kerf.cast %b : tensor<17xi64> -> tensor<17xi1>
  return %w, %x, %y, %z : tensor<17xi64>, tensor<17xi32>, tensor<17xi64>, tensor<17xi1>
}

// Towards zero; NaN, the infinities, and numbers on both sides of either end of i32 and i64.
// LOWER-LABEL: @to_integer
//       LOWER: arith.fptosi
//       LOWER: arith.cmpf une
// VALUE-LABEL: @to_integer
//  VALUE-NEXT: tensor<12xi32>: 0 2147483647 -2147483648 0 1 -1 2147483520 2147483647 -2147483648 -2147483648 2147483647 -2147483648
//  VALUE-NEXT: tensor<12xi64>: 0 9223372036854775807 -9223372036854775808 0 1 -1 2147483520 2147483648 -2147483648 -2147483904 9223372036854775807 -9223372036854775808
//  VALUE-NEXT: tensor<12xi1>: 1 1 1 0 1 1 1 1 1 1 1 1
//  VALUE-NEXT: tensor<4xi64>: 9223372036854774784 9223372036854775807 -9223372036854775808 -9223372036854775808
func.func @to_integer() -> (tensor<12xi32>, tensor<12xi64>, tensor<12xi1>, tensor<4xi64>) {
  %a = arith.constant dense<[0x7FC00000, 0x7F800000, 0xFF800000, -0.0, 1.9, -1.9, 2147483520.0,
    2147483648.0, -2147483648.0, -2147483904.0, 9223372036854775808.0, -9223372036854775808.0]> : tensor<12xf32>
  %b = arith.constant dense<[9223372036854774784.0, 9223372036854775808.0, -9223372036854775808.0,
    -9223372036854777856.0]> : tensor<4xf64>
  %w = kerf.cast %a : tensor<12xf32> -> tensor<12xi32>
  %x = kerf.cast %a : tensor<12xf32> -> tensor<12xi64>
  %y = kerf.cast %a : tensor<12xf32> -> tensor<12xi1>
  %z = kerf.cast %b : tensor<4xf64> -> tensor<4xi64>
  return %w, %x, %y, %z : tensor<12xi32>, tensor<12xi64>, tensor<12xi1>, tensor<4xi64>
}

// FOLD-LABEL: @to_its_own_type
//  FOLD-SAME: %[[X:.*]]: tensor<5xf32>
//  FOLD-NEXT: return %[[X]]
func.func @to_its_own_type(%x: tensor<5xf32>) -> tensor<5xf32> {
  %y = kerf.cast %x : tensor<5xf32> -> tensor<5xf32>
  return %y : tensor<5xf32>
}

// FOLD-LABEL: @constants
//   FOLD-DAG: %[[X:.*]] = arith.constant dense<2147483647> : tensor<5xi32>
//   FOLD-DAG: %[[Y:.*]] = arith.constant dense<1.000000e+00> : tensor<5xf32>
//   FOLD-DAG: %[[Z:.*]] = arith.constant dense<0> : tensor<5xi64>
//       FOLD: return %[[X]], %[[Y]], %[[Z]]
func.func @constants() -> (tensor<5xi32>, tensor<5xf32>, tensor<5xi64>) {
  %a = arith.constant dense<1.0e10> : tensor<5xf32>
  %b = arith.constant dense<true> : tensor<5xi1>
  %c = arith.constant dense<0x7FC00000> : tensor<5xf32>
  %x = kerf.cast %a : tensor<5xf32> -> tensor<5xi32>
  %y = kerf.cast %b : tensor<5xi1> -> tensor<5xf32>
  %z = kerf.cast %c : tensor<5xf32> -> tensor<5xi64>
  return %x, %y, %z : tensor<5xi32>, tensor<5xf32>, tensor<5xi64>
}

// -----

func.func @shape_c1(%a: tensor<3x4xf32>) -> tensor<4x3xi64> {
  // expected-error @+1 {{'kerf.cast' op the result is [4, 3] but should be [3, 4]}}
  %y = kerf.cast %a : tensor<3x4xf32> -> tensor<4x3xi64>
  return %y : tensor<4x3xi64>
}
