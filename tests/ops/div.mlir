// RUN: kerf-opt %s -split-input-file -verify-diagnostics | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -canonicalize | FileCheck %s --check-prefix=FOLD
// RUN: kerf-run --function edges --limit 36 %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// CHECK-LABEL: @awkward_sizes
//       CHECK: kerf.div %{{.*}}, %{{.*}} : tensor<f32>
//       CHECK: kerf.div %{{.*}}, %{{.*}} : tensor<7x17xf32>
// LOWER-LABEL: @awkward_sizes
//   LOWER-NOT: kerf.div
//       LOWER: arith.divf
func.func @awkward_sizes(%af: tensor<f32>, %bf: tensor<f32>,
                         %ag: tensor<1xf32>, %bg: tensor<1xf32>,
                         %ah: tensor<7x17xf32>, %bh: tensor<7x17xf32>,
                         %ai: tensor<65xf32>, %bi: tensor<65xf32>)
    -> (tensor<f32>, tensor<1xf32>, tensor<7x17xf32>, tensor<65xf32>) {
  %yfo = arith.constant dense<1.0> : tensor<f32>
  %yfm = kerf.abs %bf : tensor<f32>
  %yfp = kerf.add %yfm, %yfo : tensor<f32>
  %yf = kerf.div %af, %yfp : tensor<f32>
  %ygo = arith.constant dense<1.0> : tensor<1xf32>
  %ygm = kerf.abs %bg : tensor<1xf32>
  %ygp = kerf.add %ygm, %ygo : tensor<1xf32>
  %yg = kerf.div %ag, %ygp : tensor<1xf32>
  %yho = arith.constant dense<1.0> : tensor<7x17xf32>
  %yhm = kerf.abs %bh : tensor<7x17xf32>
  %yhp = kerf.add %yhm, %yho : tensor<7x17xf32>
  %yh = kerf.div %ah, %yhp : tensor<7x17xf32>
  %yio = arith.constant dense<1.0> : tensor<65xf32>
  %yim = kerf.abs %bi : tensor<65xf32>
  %yip = kerf.add %yim, %yio : tensor<65xf32>
  %yi = kerf.div %ai, %yip : tensor<65xf32>
  return %yf, %yg, %yh, %yi : tensor<f32>, tensor<1xf32>, tensor<7x17xf32>, tensor<65xf32>
}

func.func @double(%a: tensor<7xf64>, %b: tensor<7xf64>) -> tensor<7xf64> {
  %yo = arith.constant dense<1.0> : tensor<7xf64>
  %ym = kerf.abs %b : tensor<7xf64>
  %yp = kerf.add %ym, %yo : tensor<7xf64>
  %y = kerf.div %a, %yp : tensor<7xf64>
  return %y : tensor<7xf64>
}

// Every pair of NaN, infinity, zeros and numbers.
// VALUE-LABEL: @edges
//  VALUE-NEXT: tensor<36xf32>: {{-?nan}} {{-?nan}} {{-?nan}} {{-?nan}} {{-?nan}} {{-?nan}}
//  VALUE-SAME: {{-?nan}} {{-?nan}} {{-?nan}} -inf inf inf
//  VALUE-SAME: {{-?nan}} {{-?nan}} {{-?nan}} inf -inf -inf
//  VALUE-SAME: {{-?nan}} -0 0 {{-?nan}} {{-?nan}} -0
//  VALUE-SAME: {{-?nan}} 0 -0 {{-?nan}} {{-?nan}} 0
//  VALUE-SAME: {{-?nan}} 0 -0 -inf inf 1
func.func @edges() -> tensor<36xf32> {
  %a = arith.constant dense<[0x7FC00000, 0x7F800000, 0xFF800000, -0.0, 0.0, 1.5]> : tensor<6xf32>
  %b = kerf.broadcast %a, dims = [0] : tensor<6xf32> -> tensor<6x6xf32>
  %c = kerf.broadcast %a, dims = [1] : tensor<6xf32> -> tensor<6x6xf32>
  %y = kerf.div %b, %c : tensor<6x6xf32>
  %z = kerf.reshape %y : tensor<6x6xf32> -> tensor<36xf32>
  return %z : tensor<36xf32>
}

// FOLD-LABEL: @by_one
//  FOLD-SAME: %[[A:.*]]: tensor<5xf32>
//  FOLD-NEXT: return %[[A]]
func.func @by_one(%a: tensor<5xf32>) -> tensor<5xf32> {
  %e = arith.constant dense<1.0> : tensor<5xf32>
  %y = kerf.div %a, %e : tensor<5xf32>
  return %y : tensor<5xf32>
}

// FOLD-LABEL: @constants
//       FOLD: %[[Y:.*]] = arith.constant dense<0x7F800000> : tensor<5xf32>
//  FOLD-NEXT: return %[[Y]]
func.func @constants() -> tensor<5xf32> {
  %a = arith.constant dense<1.0> : tensor<5xf32>
  %b = arith.constant dense<0.0> : tensor<5xf32>
  %y = kerf.div %a, %b : tensor<5xf32>
  return %y : tensor<5xf32>
}

// -----

func.func @equal_types(%a: tensor<4xf32>, %b: tensor<1xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{'kerf.div' op requires the same type for all operands and results}}
  %y = "kerf.div"(%a, %b) : (tensor<4xf32>, tensor<1xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @no_integers(%x: tensor<4xi32>) -> tensor<4xi32> {
  // expected-error @+1 {{'kerf.div' op operand #0 must be tensor of static shape, at most 8 axes, of 32-bit float or 64-bit float or bfloat16 type or 16-bit float, but got 'tensor<4xi32>'}}
  %y = kerf.div %x, %x : tensor<4xi32>
  return %y : tensor<4xi32>
}
