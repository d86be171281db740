// RUN: kerf-opt %s -split-input-file -verify-diagnostics | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -canonicalize | FileCheck %s --check-prefix=FOLD
// RUN: kerf-run --function edges --limit 36 %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// CHECK-LABEL: @awkward_sizes
//       CHECK: kerf.maximum %{{.*}}, %{{.*}} : tensor<f32>
//       CHECK: kerf.maximum %{{.*}}, %{{.*}} : tensor<7x17xf32>
// LOWER-LABEL: @awkward_sizes
//   LOWER-NOT: kerf.maximum
//       LOWER: arith.maximumf
func.func @awkward_sizes(%af: tensor<f32>, %bf: tensor<f32>,
                         %ag: tensor<1xf32>, %bg: tensor<1xf32>,
                         %ah: tensor<7x17xf32>, %bh: tensor<7x17xf32>,
                         %ai: tensor<65xf32>, %bi: tensor<65xf32>)
    -> (tensor<f32>, tensor<1xf32>, tensor<7x17xf32>, tensor<65xf32>) {
  %yf = kerf.maximum %af, %bf : tensor<f32>
  %yg = kerf.maximum %ag, %bg : tensor<1xf32>
  %yh = kerf.maximum %ah, %bh : tensor<7x17xf32>
  %yi = kerf.maximum %ai, %bi : tensor<65xf32>
  return %yf, %yg, %yh, %yi : tensor<f32>, tensor<1xf32>, tensor<7x17xf32>, tensor<65xf32>
}

func.func @double(%a: tensor<7xf64>, %b: tensor<7xf64>) -> tensor<7xf64> {
  %y = kerf.maximum %a, %b : tensor<7xf64>
  return %y : tensor<7xf64>
}

// LOWER-LABEL: @integers
//       LOWER: arith.maxsi
func.func @integers(%a: tensor<7xi32>, %b: tensor<7xi32>, %m: tensor<3xi64>, %n: tensor<3xi64>)
    -> (tensor<7xi32>, tensor<3xi64>) {
  %y = kerf.maximum %a, %b : tensor<7xi32>
  %z = kerf.maximum %m, %n : tensor<3xi64>
  return %y, %z : tensor<7xi32>, tensor<3xi64>
}

// At a tie each operand gets half: b equals x, so what reaches x is the whole again.
func.func @ties(%x: tensor<7xf32>) -> tensor<7xf32> {
  %two = arith.constant dense<2.0> : tensor<7xf32>
  %half = arith.constant dense<0.5> : tensor<7xf32>
  %a = kerf.mul %x, %two : tensor<7xf32>
  %b = kerf.mul %a, %half : tensor<7xf32>
  %y = kerf.maximum %x, %b : tensor<7xf32>
  return %y : tensor<7xf32>
}

// Every pair of NaN, infinity, zeros and numbers.
// VALUE-LABEL: @edges
//  VALUE-NEXT: tensor<36xf32>: {{-?nan}} {{-?nan}} {{-?nan}} {{-?nan}} {{-?nan}} {{-?nan}}
//  VALUE-SAME: {{-?nan}} inf inf inf inf inf
//  VALUE-SAME: {{-?nan}} inf -inf -0 0 1.5
//  VALUE-SAME: {{-?nan}} inf -0 -0 0 1.5
//  VALUE-SAME: {{-?nan}} inf 0 0 0 1.5
//  VALUE-SAME: {{-?nan}} inf 1.5 1.5 1.5 1.5
func.func @edges() -> tensor<36xf32> {
  %a = arith.constant dense<[0x7FC00000, 0x7F800000, 0xFF800000, -0.0, 0.0, 1.5]> : tensor<6xf32>
  %b = kerf.broadcast %a, dims = [0] : tensor<6xf32> -> tensor<6x6xf32>
  %c = kerf.broadcast %a, dims = [1] : tensor<6xf32> -> tensor<6x6xf32>
  %y = kerf.maximum %b, %c : tensor<6x6xf32>
  %z = kerf.reshape %y : tensor<6x6xf32> -> tensor<36xf32>
  return %z : tensor<36xf32>
}

// FOLD-LABEL: @equal_operands
//  FOLD-SAME: %[[A:.*]]: tensor<5xf32>
//  FOLD-NEXT: return %[[A]]
func.func @equal_operands(%a: tensor<5xf32>) -> tensor<5xf32> {
  %y = kerf.maximum %a, %a : tensor<5xf32>
  return %y : tensor<5xf32>
}

// FOLD-LABEL: @constants
//       FOLD: %[[Y:.*]] = arith.constant dense<0.000000e+00> : tensor<5xf32>
//  FOLD-NEXT: return %[[Y]]
func.func @constants() -> tensor<5xf32> {
  %a = arith.constant dense<-0.0> : tensor<5xf32>
  %b = arith.constant dense<0.0> : tensor<5xf32>
  %y = kerf.maximum %a, %b : tensor<5xf32>
  return %y : tensor<5xf32>
}

// -----

func.func @equal_types(%a: tensor<4xf32>, %b: tensor<1xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{'kerf.maximum' op requires the same type for all operands and results}}
  %y = "kerf.maximum"(%a, %b) : (tensor<4xf32>, tensor<1xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @no_truth_values(%a: tensor<4xi1>) -> tensor<4xi1> {
  // expected-error @+1 {{'kerf.maximum' op operand #0 must be tensor of static shape, at most 8 axes, of 32-bit float or 64-bit float or bfloat16 type or 16-bit float or 64-bit signless integer or 32-bit signless integer or 16-bit signless integer or 8-bit signless integer, but got 'tensor<4xi1>'}}
  %y = kerf.maximum %a, %a : tensor<4xi1>
  return %y : tensor<4xi1>
}
