// RUN: kerf-opt %s -split-input-file -verify-diagnostics | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -canonicalize | FileCheck %s --check-prefix=FOLD
// RUN: kerf-run --function edges --limit 36 %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// CHECK-LABEL: @awkward_sizes
//       CHECK: kerf.mul %{{.*}}, %{{.*}} : tensor<f32>
//       CHECK: kerf.mul %{{.*}}, %{{.*}} : tensor<7x17xf32>
// LOWER-LABEL: @awkward_sizes
//   LOWER-NOT: kerf.mul
//       LOWER: arith.mulf
func.func @awkward_sizes(%af: tensor<f32>, %bf: tensor<f32>,
                         %ag: tensor<1xf32>, %bg: tensor<1xf32>,
                         %ah: tensor<7x17xf32>, %bh: tensor<7x17xf32>,
                         %ai: tensor<65xf32>, %bi: tensor<65xf32>)
    -> (tensor<f32>, tensor<1xf32>, tensor<7x17xf32>, tensor<65xf32>) {
  %yf = kerf.mul %af, %bf : tensor<f32>
  %yg = kerf.mul %ag, %bg : tensor<1xf32>
  %yh = kerf.mul %ah, %bh : tensor<7x17xf32>
  %yi = kerf.mul %ai, %bi : tensor<65xf32>
  return %yf, %yg, %yh, %yi : tensor<f32>, tensor<1xf32>, tensor<7x17xf32>, tensor<65xf32>
}

func.func @double(%a: tensor<7xf64>, %b: tensor<7xf64>) -> tensor<7xf64> {
  %y = kerf.mul %a, %b : tensor<7xf64>
  return %y : tensor<7xf64>
}

// LOWER-LABEL: @integers
//       LOWER: arith.muli
func.func @integers(%a: tensor<7xi32>, %b: tensor<7xi32>, %m: tensor<3xi64>, %n: tensor<3xi64>)
    -> (tensor<7xi32>, tensor<3xi64>) {
  %y = kerf.mul %a, %b : tensor<7xi32>
  %z = kerf.mul %m, %n : tensor<3xi64>
  return %y, %z : tensor<7xi32>, tensor<3xi64>
}

// Every pair of NaN, infinity, zeros and numbers.
// VALUE-LABEL: @edges
//  VALUE-NEXT: tensor<36xf32>: {{-?nan}} {{-?nan}} {{-?nan}} {{-?nan}} {{-?nan}} {{-?nan}}
//  VALUE-SAME: {{-?nan}} inf -inf {{-?nan}} {{-?nan}} inf
//  VALUE-SAME: {{-?nan}} -inf inf {{-?nan}} {{-?nan}} -inf
//  VALUE-SAME: {{-?nan}} {{-?nan}} {{-?nan}} 0 -0 -0
//  VALUE-SAME: {{-?nan}} {{-?nan}} {{-?nan}} -0 0 0
//  VALUE-SAME: {{-?nan}} inf -inf -0 0 2.25
func.func @edges() -> tensor<36xf32> {
  %a = arith.constant dense<[0x7FC00000, 0x7F800000, 0xFF800000, -0.0, 0.0, 1.5]> : tensor<6xf32>
  %b = kerf.broadcast %a, dims = [0] : tensor<6xf32> -> tensor<6x6xf32>
  %c = kerf.broadcast %a, dims = [1] : tensor<6xf32> -> tensor<6x6xf32>
  %y = kerf.mul %b, %c : tensor<6x6xf32>
  %z = kerf.reshape %y : tensor<6x6xf32> -> tensor<36xf32>
  return %z : tensor<36xf32>
}

// FOLD-LABEL: @times_one
//  FOLD-SAME: %[[A:.*]]: tensor<5xf32>
//  FOLD-NEXT: return %[[A]]
func.func @times_one(%a: tensor<5xf32>) -> tensor<5xf32> {
  %e = arith.constant dense<1.0> : tensor<5xf32>
  %y = kerf.mul %a, %e : tensor<5xf32>
  return %y : tensor<5xf32>
}

// Not zero: a may hold NaN.
// FOLD-LABEL: @times_zero
//       FOLD: kerf.mul
func.func @times_zero(%a: tensor<5xf32>) -> tensor<5xf32> {
  %e = arith.constant dense<0.0> : tensor<5xf32>
  %y = kerf.mul %a, %e : tensor<5xf32>
  return %y : tensor<5xf32>
}

// FOLD-LABEL: @constants
//       FOLD: %[[Y:.*]] = arith.constant dense<4.500000e+00> : tensor<5xf32>
//  FOLD-NEXT: return %[[Y]]
func.func @constants() -> tensor<5xf32> {
  %a = arith.constant dense<1.5> : tensor<5xf32>
  %b = arith.constant dense<3.0> : tensor<5xf32>
  %y = kerf.mul %a, %b : tensor<5xf32>
  return %y : tensor<5xf32>
}

// -----

func.func @equal_types(%a: tensor<4xf32>, %b: tensor<1xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{'kerf.mul' op requires the same type for all operands and results}}
  %y = "kerf.mul"(%a, %b) : (tensor<4xf32>, tensor<1xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @no_truth_values(%a: tensor<4xi1>) -> tensor<4xi1> {
  // expected-error @+1 {{'kerf.mul' op operand #0 must be tensor of static shape, at most 8 axes, of 32-bit float or 64-bit float or bfloat16 type or 16-bit float or 64-bit signless integer or 32-bit signless integer or 16-bit signless integer or 8-bit signless integer, but got 'tensor<4xi1>'}}
  %y = kerf.mul %a, %a : tensor<4xi1>
  return %y : tensor<4xi1>
}
