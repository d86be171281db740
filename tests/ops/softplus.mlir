// RUN: kerf-opt %s -split-input-file -verify-diagnostics | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-run --function edges %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// CHECK-LABEL: @awkward_sizes
//       CHECK: kerf.softplus %{{.*}} : tensor<f32>
//       CHECK: kerf.softplus %{{.*}} : tensor<7x17xf32>
// LOWER-LABEL: @awkward_sizes
//   LOWER-NOT: kerf.softplus
//       LOWER: math.log1p
func.func @awkward_sizes(%a: tensor<f32>, %b: tensor<1xf32>, %c: tensor<7x17xf32>, %d: tensor<65xf32>)
    -> (tensor<f32>, tensor<1xf32>, tensor<7x17xf32>, tensor<65xf32>) {
  %ya = kerf.softplus %a : tensor<f32>
  %yb = kerf.softplus %b : tensor<1xf32>
  %yc = kerf.softplus %c : tensor<7x17xf32>
  %yd = kerf.softplus %d : tensor<65xf32>
  return %ya, %yb, %yc, %yd : tensor<f32>, tensor<1xf32>, tensor<7x17xf32>, tensor<65xf32>
}

func.func @double(%x: tensor<7xf64>) -> tensor<7xf64> {
  %y = kerf.softplus %x : tensor<7xf64>
  return %y : tensor<7xf64>
}

// NaN, both infinities, both zeros.
// VALUE-LABEL: @edges
//  VALUE-NEXT: tensor<7xf32>: {{-?nan}} inf 0 0.6931472 0.6931472 1.701413 0.0788897{{[34]}}
func.func @edges() -> tensor<7xf32> {
  %x = arith.constant dense<[0x7FC00000, 0x7F800000, 0xFF800000, -0.0, 0.0, 1.5, -2.5]> : tensor<7xf32>
  %y = kerf.softplus %x : tensor<7xf32>
  return %y : tensor<7xf32>
}

// -----

func.func @no_integers(%x: tensor<4xi32>) -> tensor<4xi32> {
  // expected-error @+1 {{'kerf.softplus' op operand #0 must be tensor of static shape, at most 8 axes, of 32-bit float or 64-bit float or bfloat16 type or 16-bit float, but got 'tensor<4xi32>'}}
  %y = kerf.softplus %x : tensor<4xi32>
  return %y : tensor<4xi32>
}
