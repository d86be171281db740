// RUN: kerf-opt %s -split-input-file -verify-diagnostics | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-run --function edges %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// CHECK-LABEL: @awkward_sizes
//       CHECK: kerf.cos %{{.*}} : tensor<f32>
//       CHECK: kerf.cos %{{.*}} : tensor<7x17xf32>
// LOWER-LABEL: @awkward_sizes
//   LOWER-NOT: kerf.cos
//       LOWER: math.cos
func.func @awkward_sizes(%a: tensor<f32>, %b: tensor<1xf32>, %c: tensor<7x17xf32>, %d: tensor<65xf32>)
    -> (tensor<f32>, tensor<1xf32>, tensor<7x17xf32>, tensor<65xf32>) {
  %ya = kerf.cos %a : tensor<f32>
  %yb = kerf.cos %b : tensor<1xf32>
  %yc = kerf.cos %c : tensor<7x17xf32>
  %yd = kerf.cos %d : tensor<65xf32>
  return %ya, %yb, %yc, %yd : tensor<f32>, tensor<1xf32>, tensor<7x17xf32>, tensor<65xf32>
}

func.func @double(%x: tensor<7xf64>) -> tensor<7xf64> {
  %y = kerf.cos %x : tensor<7xf64>
  return %y : tensor<7xf64>
}

// Far from 0 the reduction takes the bits of 2 / pi.
func.func @large(%x: tensor<65xf64> {kerf.range = [-1.0e+300, 1.0e+300]}, %y: tensor<65xf32> {kerf.range = [-1.0e+38, 1.0e+38]})
    -> (tensor<65xf64>, tensor<65xf32>) attributes {kerf.no_gradient} {
  %a = kerf.cos %x : tensor<65xf64>
  %b = kerf.cos %y : tensor<65xf32>
  return %a, %b : tensor<65xf64>, tensor<65xf32>
}

// NaN, both infinities, both zeros, a large number.
// VALUE-LABEL: @edges
//  VALUE-NEXT: tensor<8xf32>: {{-?nan}} {{-?nan}} {{-?nan}} 1 1 0.0707372 -0.8011436 -0.4842948
func.func @edges() -> tensor<8xf32> {
  %x = arith.constant dense<[0x7FC00000, 0x7F800000, 0xFF800000, -0.0, 0.0, 1.5, -2.5, 3.0e+38]> : tensor<8xf32>
  %y = kerf.cos %x : tensor<8xf32>
  return %y : tensor<8xf32>
}

// -----

func.func @no_integers(%x: tensor<4xi32>) -> tensor<4xi32> {
  // expected-error @+1 {{'kerf.cos' op operand #0 must be tensor of static shape, at most 8 axes, of 32-bit float or 64-bit float or bfloat16 type or 16-bit float, but got 'tensor<4xi32>'}}
  %y = kerf.cos %x : tensor<4xi32>
  return %y : tensor<4xi32>
}
