// RUN: kerf-opt %s -split-input-file -verify-diagnostics | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-run --function edges %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// CHECK-LABEL: @awkward_sizes
//       CHECK: kerf.log %{{.*}} : tensor<f32>
//       CHECK: kerf.log %{{.*}} : tensor<7x17xf32>
// LOWER-LABEL: @awkward_sizes
//   LOWER-NOT: kerf.log
//       LOWER: math.log
func.func @awkward_sizes(%a: tensor<f32>, %b: tensor<1xf32>, %c: tensor<7x17xf32>, %d: tensor<65xf32>)
    -> (tensor<f32>, tensor<1xf32>, tensor<7x17xf32>, tensor<65xf32>) {
  %yao = arith.constant dense<1.0> : tensor<f32>
  %yam = kerf.abs %a : tensor<f32>
  %yap = kerf.add %yam, %yao : tensor<f32>
  %ya = kerf.log %yap : tensor<f32>
  %ybo = arith.constant dense<1.0> : tensor<1xf32>
  %ybm = kerf.abs %b : tensor<1xf32>
  %ybp = kerf.add %ybm, %ybo : tensor<1xf32>
  %yb = kerf.log %ybp : tensor<1xf32>
  %yco = arith.constant dense<1.0> : tensor<7x17xf32>
  %ycm = kerf.abs %c : tensor<7x17xf32>
  %ycp = kerf.add %ycm, %yco : tensor<7x17xf32>
  %yc = kerf.log %ycp : tensor<7x17xf32>
  %ydo = arith.constant dense<1.0> : tensor<65xf32>
  %ydm = kerf.abs %d : tensor<65xf32>
  %ydp = kerf.add %ydm, %ydo : tensor<65xf32>
  %yd = kerf.log %ydp : tensor<65xf32>
  return %ya, %yb, %yc, %yd : tensor<f32>, tensor<1xf32>, tensor<7x17xf32>, tensor<65xf32>
}

func.func @double(%x: tensor<7xf64>) -> tensor<7xf64> {
  %yo = arith.constant dense<1.0> : tensor<7xf64>
  %ym = kerf.abs %x : tensor<7xf64>
  %yp = kerf.add %ym, %yo : tensor<7xf64>
  %y = kerf.log %yp : tensor<7xf64>
  return %y : tensor<7xf64>
}

// NaN, both infinities, both zeros.
// VALUE-LABEL: @edges
//  VALUE-NEXT: tensor<7xf32>: {{-?nan}} inf {{-?nan}} -inf -inf 0.4054651 {{-?nan}}
func.func @edges() -> tensor<7xf32> {
  %x = arith.constant dense<[0x7FC00000, 0x7F800000, 0xFF800000, -0.0, 0.0, 1.5, -2.5]> : tensor<7xf32>
  %y = kerf.log %x : tensor<7xf32>
  return %y : tensor<7xf32>
}

// -----

func.func @no_integers(%x: tensor<4xi32>) -> tensor<4xi32> {
  // expected-error @+1 {{'kerf.log' op operand #0 must be tensor of static shape, at most 8 axes, of 32-bit float or 64-bit float or bfloat16 type or 16-bit float, but got 'tensor<4xi32>'}}
  %y = kerf.log %x : tensor<4xi32>
  return %y : tensor<4xi32>
}
