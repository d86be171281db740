// RUN: kerf-opt %s -split-input-file -verify-diagnostics | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -canonicalize | FileCheck %s --check-prefix=KEPT
// RUN: kerf-run --function types %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compiled --function types %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compare %s

// CHECK-LABEL: @types
//       CHECK: kerf.count 16777217 : tensor<f32>
// KEPT-LABEL: @types
//       KEPT: kerf.count 16777217 : tensor<f32>
// VALUE-LABEL: @types
//  VALUE-NEXT: tensor<f32>: 1.677722e+07
//  VALUE-NEXT: tensor<f64>: 1.677722e+07
//  VALUE-NEXT: tensor<i64>: 16777217
//  VALUE-NEXT: tensor<i32>: 0
func.func @types() -> (tensor<f32>, tensor<f64>, tensor<i64>, tensor<i32>) {
  %a = kerf.count 16777217 : tensor<f32>
  %b = kerf.count 16777217 : tensor<f64>
  %c = kerf.count 16777217 : tensor<i64>
  %d = kerf.count 0 : tensor<i32>
  return %a, %b, %c, %d : tensor<f32>, tensor<f64>, tensor<i64>, tensor<i32>
}

// No pass computes with it: it is another number in each call.
// KEPT-LABEL: @mean
//       KEPT: kerf.count 8
//       KEPT: kerf.div
func.func @mean(%x: tensor<8xf32>) -> tensor<f32> {
  %sum = kerf.sum %x, axes = [0] : tensor<8xf32> -> tensor<f32>
  %n = kerf.count 8 : tensor<f32>
  %y = kerf.div %sum, %n : tensor<f32>
  return %y : tensor<f32>
}

// -----

func.func @narrow_c1() -> tensor<bf16> {
  // expected-error @+1 {{'kerf.count' op result #0 must be tensor of static shape, at most 8 axes, of 32-bit float or 64-bit float or 64-bit signless integer or 32-bit signless integer, but got 'tensor<bf16>'}}
  %y = kerf.count 8 : tensor<bf16>
  return %y : tensor<bf16>
}

// -----

func.func @scalar_c1() -> tensor<2xf32> {
  // expected-error @+1 {{'kerf.count' op y is a scalar, not 'tensor<2xf32>'}}
  %y = kerf.count 8 : tensor<2xf32>
  return %y : tensor<2xf32>
}
