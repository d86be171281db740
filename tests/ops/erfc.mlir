// RUN: kerf-opt %s -split-input-file -verify-diagnostics | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-run --function edges %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// CHECK-LABEL: @awkward_sizes
//       CHECK: kerf.erfc %{{.*}} : tensor<f32>
//       CHECK: kerf.erfc %{{.*}} : tensor<7x17xf32>
// LOWER-LABEL: @awkward_sizes
//   LOWER-NOT: kerf.erfc
//       LOWER: math.erfc
func.func @awkward_sizes(%a: tensor<f32>, %b: tensor<1xf32>, %c: tensor<7x17xf32>, %d: tensor<65xf32>)
    -> (tensor<f32>, tensor<1xf32>, tensor<7x17xf32>, tensor<65xf32>) {
  %ya = kerf.erfc %a : tensor<f32>
  %yb = kerf.erfc %b : tensor<1xf32>
  %yc = kerf.erfc %c : tensor<7x17xf32>
  %yd = kerf.erfc %d : tensor<65xf32>
  return %ya, %yb, %yc, %yd : tensor<f32>, tensor<1xf32>, tensor<7x17xf32>, tensor<65xf32>
}

func.func @double(%x: tensor<7xf64>) -> tensor<7xf64> {
  %y = kerf.erfc %x : tensor<7xf64>
  return %y : tensor<7xf64>
}

// NaN, both infinities, both zeros, a small result.
// VALUE-LABEL: @edges
//  VALUE-NEXT: tensor<8xf32>: {{-?nan}} 0 2 1 1 0.03389485 1.276326 4.137032e-37
func.func @edges() -> tensor<8xf32> {
  %x = arith.constant dense<[0x7FC00000, 0x7F800000, 0xFF800000, -0.0, 0.0, 1.5, -0.25, 9.0]> : tensor<8xf32>
  %y = kerf.erfc %x : tensor<8xf32>
  return %y : tensor<8xf32>
}

// -----

func.func @no_integers(%x: tensor<4xi32>) -> tensor<4xi32> {
  // expected-error @+1 {{'kerf.erfc' op operand #0 must be tensor of static shape, at most 8 axes, of 32-bit float or 64-bit float or bfloat16 type or 16-bit float, but got 'tensor<4xi32>'}}
  %y = kerf.erfc %x : tensor<4xi32>
  return %y : tensor<4xi32>
}
