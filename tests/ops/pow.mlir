// RUN: kerf-opt %s -split-input-file -verify-diagnostics | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-differentiate -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -canonicalize | FileCheck %s --check-prefix=FOLD
// RUN: kerf-run --function edges --limit 64 %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --function slopes %s | FileCheck %s --check-prefix=SLOPE
// RUN: kerf-run --compiled --function slopes %s | FileCheck %s --check-prefix=SLOPE
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// CHECK-LABEL: @awkward_sizes
//       CHECK: kerf.pow %{{.*}}, %{{.*}} : tensor<f32>
//       CHECK: kerf.pow %{{.*}}, %{{.*}} : tensor<7x17xf32>
// LOWER-LABEL: @awkward_sizes
//   LOWER-NOT: kerf.pow
//       LOWER: math.powf
func.func @awkward_sizes(%a: tensor<f32> {kerf.range = [0.5, 2.0]}, %b: tensor<f32>,
                         %c: tensor<7x17xf32> {kerf.range = [0.5, 2.0]}, %d: tensor<7x17xf32>,
                         %e: tensor<65xf32> {kerf.range = [0.5, 2.0]}, %f: tensor<65xf32>)
    -> (tensor<f32>, tensor<7x17xf32>, tensor<65xf32>) {
  %x = kerf.pow %a, %b : tensor<f32>
  %y = kerf.pow %c, %d : tensor<7x17xf32>
  %z = kerf.pow %e, %f : tensor<65xf32>
  return %x, %y, %z : tensor<f32>, tensor<7x17xf32>, tensor<65xf32>
}

func.func @double(%a: tensor<7xf64> {kerf.range = [0.5, 2.0]}, %b: tensor<7xf64>) -> tensor<7xf64> {
  %y = kerf.pow %a, %b : tensor<7xf64>
  return %y : tensor<7xf64>
}

// Squares and cubes are products, of negative numbers too.
// LOWER-LABEL: @products
//   LOWER-NOT: math.powf
// LOWER-COUNT-3: arith.mulf
//   LOWER-NOT: arith.mulf
func.func @products(%x: tensor<65xf32>) -> (tensor<65xf32>, tensor<65xf32>) {
  %two = arith.constant dense<2.0> : tensor<65xf32>
  %three = arith.constant dense<3.0> : tensor<65xf32>
  %y = kerf.pow %x, %two : tensor<65xf32>
  %z = kerf.pow %x, %three : tensor<65xf32>
  return %y, %z : tensor<65xf32>, tensor<65xf32>
}

// LOWER-LABEL: @first_power
// FOLD-LABEL: @first_power
//  FOLD-SAME: %[[X:.*]]: tensor<5xf32>
//  FOLD-NEXT: return %[[X]]
func.func @first_power(%x: tensor<5xf32>) -> tensor<5xf32> {
  %one = arith.constant dense<1.0> : tensor<5xf32>
  %y = kerf.pow %x, %one : tensor<5xf32>
  return %y : tensor<5xf32>
}

// FOLD-LABEL: @constant
//       FOLD: %[[Y:.*]] = arith.constant dense<3.200000e+01> : tensor<5xf32>
//  FOLD-NEXT: return %[[Y]]
func.func @constant() -> tensor<5xf32> {
  %a = arith.constant dense<2.0> : tensor<5xf32>
  %b = arith.constant dense<5.0> : tensor<5xf32>
  %y = kerf.pow %a, %b : tensor<5xf32>
  return %y : tensor<5xf32>
}

// Every pair of NaN, infinities, zeros, 1, -3 and 0.5.
// VALUE-LABEL: @edges
//  VALUE-NEXT: tensor<64xf32>: {{-?nan}} {{-?nan}} {{-?nan}} 1 1 {{-?nan}} {{-?nan}} {{-?nan}}
//  VALUE-SAME: {{-?nan}} inf 0 1 1 inf 0 inf
//  VALUE-SAME: {{-?nan}} inf 0 1 1 -inf -0 inf
//  VALUE-SAME: {{-?nan}} 0 inf 1 1 -0 -inf 0
//  VALUE-SAME: {{-?nan}} 0 inf 1 1 0 inf 0
//  VALUE-SAME: 1 1 1 1 1 1 1 1
//  VALUE-SAME: {{-?nan}} inf 0 1 1 -3 -0.03703704 {{-?nan}}
//  VALUE-SAME: {{-?nan}} 0 inf 1 1 0.5 8 0.7071068
func.func @edges() -> tensor<64xf32> {
  %a = arith.constant dense<[0x7FC00000, 0x7F800000, 0xFF800000, -0.0, 0.0, 1.0, -3.0, 0.5]> : tensor<8xf32>
  %b = kerf.broadcast %a, dims = [0] : tensor<8xf32> -> tensor<8x8xf32>
  %c = kerf.broadcast %a, dims = [1] : tensor<8xf32> -> tensor<8x8xf32>
  %y = kerf.pow %b, %c : tensor<8x8xf32>
  %z = kerf.reshape %y : tensor<8x8xf32> -> tensor<64xf32>
  return %z : tensor<64xf32>
}

// At 0^0, 0^1, 0^2, 0^0.5, (-2)^0, (-2)^3 and 3^0: PyTorch's.
// SLOPE-LABEL: @slopes
//  SLOPE-NEXT: tensor<7xf32>: 0 1 0 inf 0 12 0
//  SLOPE-NEXT: tensor<7xf32>: 0 0 0 0 {{-?nan}} {{-?nan}} 1.098612
func.func @slopes() -> (tensor<7xf32>, tensor<7xf32>) attributes {kerf.no_gradient} {
  %a = arith.constant dense<[0.0, 0.0, 0.0, 0.0, -2.0, -2.0, 3.0]> : tensor<7xf32>
  %b = arith.constant dense<[0.0, 1.0, 2.0, 0.5, 0.0, 3.0, 0.0]> : tensor<7xf32>
  %l, %da, %db = kerf.value_and_grad params(%p = %a : tensor<7xf32>, %q = %b : tensor<7xf32>) captures() {
    %y = kerf.pow %p, %q : tensor<7xf32>
    %s = kerf.sum %y, axes = [0] : tensor<7xf32> -> tensor<f32>
    kerf.yield %s : tensor<f32>
  }
  return %da, %db : tensor<7xf32>, tensor<7xf32>
}

// -----

func.func @no_integers(%x: tensor<4xi32>) -> tensor<4xi32> {
  // expected-error @+1 {{'kerf.pow' op operand #0 must be tensor of static shape, at most 8 axes, of 32-bit float or 64-bit float or bfloat16 type or 16-bit float, but got 'tensor<4xi32>'}}
  %y = kerf.pow %x, %x : tensor<4xi32>
  return %y : tensor<4xi32>
}
