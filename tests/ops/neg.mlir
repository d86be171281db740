// RUN: kerf-opt %s -split-input-file -verify-diagnostics | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -canonicalize | FileCheck %s --check-prefix=FOLD
// RUN: kerf-run --function edges %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// CHECK-LABEL: @awkward_sizes
//       CHECK: kerf.neg %{{.*}} : tensor<f32>
//       CHECK: kerf.neg %{{.*}} : tensor<7x17xf32>
// LOWER-LABEL: @awkward_sizes
//   LOWER-NOT: kerf.neg
//       LOWER: arith.negf
func.func @awkward_sizes(%a: tensor<f32>, %b: tensor<1xf32>, %c: tensor<7x17xf32>, %d: tensor<65xf32>)
    -> (tensor<f32>, tensor<1xf32>, tensor<7x17xf32>, tensor<65xf32>) {
  %ya = kerf.neg %a : tensor<f32>
  %yb = kerf.neg %b : tensor<1xf32>
  %yc = kerf.neg %c : tensor<7x17xf32>
  %yd = kerf.neg %d : tensor<65xf32>
  return %ya, %yb, %yc, %yd : tensor<f32>, tensor<1xf32>, tensor<7x17xf32>, tensor<65xf32>
}

func.func @double(%x: tensor<7xf64>) -> tensor<7xf64> {
  %y = kerf.neg %x : tensor<7xf64>
  return %y : tensor<7xf64>
}

// LOWER-LABEL: @integers
//       LOWER: arith.subi
func.func @integers(%x: tensor<7xi32>, %n: tensor<3xi64>) -> (tensor<7xi32>, tensor<3xi64>) {
  %y = kerf.neg %x : tensor<7xi32>
  %z = kerf.neg %n : tensor<3xi64>
  return %y, %z : tensor<7xi32>, tensor<3xi64>
}

// NaN, both infinities, both zeros.
// VALUE-LABEL: @edges
//  VALUE-NEXT: tensor<7xf32>: {{-?nan}} -inf inf 0 -0 -1.5 2.5
func.func @edges() -> tensor<7xf32> {
  %x = arith.constant dense<[0x7FC00000, 0x7F800000, 0xFF800000, -0.0, 0.0, 1.5, -2.5]> : tensor<7xf32>
  %y = kerf.neg %x : tensor<7xf32>
  return %y : tensor<7xf32>
}

// FOLD-LABEL: @twice
//  FOLD-SAME: %[[X:.*]]: tensor<5xf32>
//  FOLD-NEXT: return %[[X]]
func.func @twice(%x: tensor<5xf32>) -> tensor<5xf32> {
  %y = kerf.neg %x : tensor<5xf32>
  %z = kerf.neg %y : tensor<5xf32>
  return %z : tensor<5xf32>
}

// FOLD-LABEL: @constant
//       FOLD: %[[Y:.*]] = arith.constant dense<3> : tensor<5xi32>
//  FOLD-NEXT: return %[[Y]]
func.func @constant() -> tensor<5xi32> {
  %x = arith.constant dense<-3> : tensor<5xi32>
  %y = kerf.neg %x : tensor<5xi32>
  return %y : tensor<5xi32>
}
