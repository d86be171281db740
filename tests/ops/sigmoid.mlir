// RUN: kerf-opt %s -split-input-file -verify-diagnostics | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-run --function edges %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// CHECK-LABEL: @awkward_sizes
//       CHECK: kerf.sigmoid %{{.*}} : tensor<f32>
//       CHECK: kerf.sigmoid %{{.*}} : tensor<7x17xf32>
// LOWER-LABEL: @awkward_sizes
//   LOWER-NOT: kerf.sigmoid
//       LOWER: math.exp
func.func @awkward_sizes(%a: tensor<f32>, %b: tensor<1xf32>, %c: tensor<7x17xf32>, %d: tensor<65xf32>)
    -> (tensor<f32>, tensor<1xf32>, tensor<7x17xf32>, tensor<65xf32>) {
  %ya = kerf.sigmoid %a : tensor<f32>
  %yb = kerf.sigmoid %b : tensor<1xf32>
  %yc = kerf.sigmoid %c : tensor<7x17xf32>
  %yd = kerf.sigmoid %d : tensor<65xf32>
  return %ya, %yb, %yc, %yd : tensor<f32>, tensor<1xf32>, tensor<7x17xf32>, tensor<65xf32>
}

func.func @double(%x: tensor<7xf64>) -> tensor<7xf64> {
  %y = kerf.sigmoid %x : tensor<7xf64>
  return %y : tensor<7xf64>
}

// NaN, both infinities, both zeros.
// VALUE-LABEL: @edges
//  VALUE-NEXT: tensor<7xf32>: {{-?nan}} 1 0 0.5 0.5 0.8175745 0.07585818
func.func @edges() -> tensor<7xf32> {
  %x = arith.constant dense<[0x7FC00000, 0x7F800000, 0xFF800000, -0.0, 0.0, 1.5, -2.5]> : tensor<7xf32>
  %y = kerf.sigmoid %x : tensor<7xf32>
  return %y : tensor<7xf32>
}

// -----

func.func @no_integers(%x: tensor<4xi32>) -> tensor<4xi32> {
  // expected-error @+1 {{'kerf.sigmoid' op operand #0 must be tensor of static shape, at most 8 axes, of 32-bit float or 64-bit float or bfloat16 type or 16-bit float, but got 'tensor<4xi32>'}}
  %y = kerf.sigmoid %x : tensor<4xi32>
  return %y : tensor<4xi32>
}
