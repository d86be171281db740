// RUN: kerf-opt %s -split-input-file -verify-diagnostics | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -canonicalize | FileCheck %s --check-prefix=FOLD
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// CHECK-LABEL: @awkward_sizes
//       CHECK: kerf.select %{{.*}}, %{{.*}}, %{{.*}} : tensor<7x17xi1>, tensor<7x17xf32>
// LOWER-LABEL: @awkward_sizes
//   LOWER-NOT: kerf.select
//       LOWER: arith.select
func.func @awkward_sizes(%c: tensor<7x17xi1>, %a: tensor<7x17xf32>, %b: tensor<7x17xf32>,
                         %d: tensor<65xi1>, %e: tensor<65xf64>, %f: tensor<65xf64>,
                         %g: tensor<i1>, %h: tensor<f32>, %i: tensor<f32>)
    -> (tensor<7x17xf32>, tensor<65xf64>, tensor<f32>) {
  %x = kerf.select %c, %a, %b : tensor<7x17xi1>, tensor<7x17xf32>
  %y = kerf.select %d, %e, %f : tensor<65xi1>, tensor<65xf64>
  %z = kerf.select %g, %h, %i : tensor<i1>, tensor<f32>
  return %x, %y, %z : tensor<7x17xf32>, tensor<65xf64>, tensor<f32>
}

func.func @integers(%c: tensor<17xi1>, %a: tensor<17xi64>, %b: tensor<17xi64>, %d: tensor<17xi1>)
    -> (tensor<17xi64>, tensor<17xi1>) {
  %x = kerf.select %c, %a, %b : tensor<17xi1>, tensor<17xi64>
  %y = kerf.select %c, %d, %c : tensor<17xi1>, tensor<17xi1>
  return %x, %y : tensor<17xi64>, tensor<17xi1>
}

// A NaN that is not chosen leaves no trace.
func.func @edges(%a: tensor<2xf32>) -> tensor<2xf32> {
  %c = arith.constant dense<[true, false]> : tensor<2xi1>
  %b = arith.constant dense<[0x7FC00000, 1.0]> : tensor<2xf32>
  %y = kerf.select %c, %a, %b : tensor<2xi1>, tensor<2xf32>
  return %y : tensor<2xf32>
}

// FOLD-LABEL: @known
//  FOLD-SAME: %[[A:.*]]: tensor<5xf32>, %[[B:.*]]: tensor<5xf32>, %[[C:.*]]: tensor<5xi1>
//  FOLD-NEXT: return %[[A]], %[[B]], %[[A]]
func.func @known(%a: tensor<5xf32>, %b: tensor<5xf32>, %c: tensor<5xi1>)
    -> (tensor<5xf32>, tensor<5xf32>, tensor<5xf32>) {
  %true = arith.constant dense<true> : tensor<5xi1>
  %false = arith.constant dense<false> : tensor<5xi1>
  %x = kerf.select %true, %a, %b : tensor<5xi1>, tensor<5xf32>
  %y = kerf.select %false, %a, %b : tensor<5xi1>, tensor<5xf32>
  %z = kerf.select %c, %a, %a : tensor<5xi1>, tensor<5xf32>
  return %x, %y, %z : tensor<5xf32>, tensor<5xf32>, tensor<5xf32>
}

// -----

func.func @condition_c1(%c: tensor<8xi1>, %a: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // expected-error @+1 {{'kerf.select' op the condition is [8] but the values are [4, 8]}}
  %y = kerf.select %c, %a, %a : tensor<8xi1>, tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// -----

func.func @equal_types_c2(%c: tensor<4xi1>, %a: tensor<4xf32>, %b: tensor<4xf64>) -> tensor<4xf32> {
  // expected-error @+1 {{'kerf.select' op failed to verify that all of {a, b, y} have same type}}
  %y = "kerf.select"(%c, %a, %b) : (tensor<4xi1>, tensor<4xf32>, tensor<4xf64>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}
