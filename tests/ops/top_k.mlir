// RUN: kerf-opt %s -split-input-file -verify-diagnostics | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-run --limit 18 --function edges %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compiled --limit 18 --function edges %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// Kept for a kernel.
// CHECK-LABEL: @awkward_sizes
//       CHECK: kerf.top_k %{{.*}}, k = 5 : tensor<7x17xf32> -> tensor<7x5xi64>
// LOWER-LABEL: @awkward_sizes
//       LOWER: kerf.top_k
func.func @awkward_sizes(%a: tensor<7x17xf32>, %b: tensor<65xf64>, %c: tensor<3x5x17xi32>, %d: tensor<1xf32>, %e: tensor<5x65xi64>)
    -> (tensor<7x5xi64>, tensor<64xi64>, tensor<3x5x17xi64>, tensor<1xi64>, tensor<5x1xi64>) {
  %u = kerf.top_k %a, k = 5 : tensor<7x17xf32> -> tensor<7x5xi64>
  %v = kerf.top_k %b, k = 64 : tensor<65xf64> -> tensor<64xi64>
  %w = kerf.top_k %c, k = 17 : tensor<3x5x17xi32> -> tensor<3x5x17xi64>
  %x = kerf.top_k %d, k = 1 : tensor<1xf32> -> tensor<1xi64>
  %y = kerf.top_k %e, k = 1 : tensor<5x65xi64> -> tensor<5x1xi64>
  return %u, %v, %w, %x, %y : tensor<7x5xi64>, tensor<64xi64>, tensor<3x5x17xi64>, tensor<1xi64>, tensor<5x1xi64>
}

// The choice is constant to the gradient, what it chooses is not.
func.func @largest_rows(%scores: tensor<17xf32>, %table: tensor<17x5xf32>) -> tensor<3x5xf32> {
  %i = kerf.top_k %scores, k = 3 : tensor<17xf32> -> tensor<3xi64>
  %y = kerf.gather %table, %i : tensor<17x5xf32>, tensor<3xi64> -> tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// Equal elements in the order of their indices, NaN before every number; zeros of both signs are
// equal. All equal: 0, 1, 2 …
// VALUE-LABEL: @edges
//  VALUE-NEXT: tensor<6x3xi64>: 3 0 1 1 2 0 0 3 2 0 1 2 0 3 1 2 1 0
//  VALUE-NEXT: tensor<9xi64>: 0 1 2 3 4 5 6 7 8
func.func @edges() -> (tensor<6x3xi64>, tensor<9xi64>) {
  %a = arith.constant dense<[[2.0, 1.0, 1.0, 3.0], [2.0, 0x7FC00000, 0x7FC00000, 1.0],
    [0x7FC00000, 0xFF800000, 1.0, 0x7FC00000], [0xFF800000, 0xFF800000, 0xFF800000, 0xFF800000],
    [1.0, 0.0, -0.0, 1.0], [1.0, 2.0, 3.0, 0xFF800000]]> : tensor<6x4xf32>
  %b = arith.constant dense<0> : tensor<9xi32>
  %y = kerf.top_k %a, k = 3 : tensor<6x4xf32> -> tensor<6x3xi64>
  %z = kerf.top_k %b, k = 9 : tensor<9xi32> -> tensor<9xi64>
  return %y, %z : tensor<6x3xi64>, tensor<9xi64>
}

// -----

func.func @no_axis_c1(%x: tensor<f32>) -> tensor<i64> {
  // expected-error @+1 {{'kerf.top_k' op there is no axis to choose along in []}}
  %y = kerf.top_k %x, k = 1 : tensor<f32> -> tensor<i64>
  return %y : tensor<i64>
}

// -----

func.func @none_c2(%x: tensor<4x8xf32>) -> tensor<4x0xi64> {
  // expected-error @+1 {{'kerf.top_k' op k = 0 is outside [1, 8], the last axis of [4, 8]}}
  %y = kerf.top_k %x, k = 0 : tensor<4x8xf32> -> tensor<4x0xi64>
  return %y : tensor<4x0xi64>
}

// -----

func.func @more_than_there_are_c2(%x: tensor<4x8xf32>) -> tensor<4x9xi64> {
  // expected-error @+1 {{'kerf.top_k' op k = 9 is outside [1, 8], the last axis of [4, 8]}}
  %y = kerf.top_k %x, k = 9 : tensor<4x8xf32> -> tensor<4x9xi64>
  return %y : tensor<4x9xi64>
}

// -----

func.func @shape_c3(%x: tensor<4x8xf32>) -> tensor<2x8xi64> {
  // expected-error @+1 {{'kerf.top_k' op the result is [2, 8] but should be [4, 2]}}
  %y = kerf.top_k %x, k = 2 : tensor<4x8xf32> -> tensor<2x8xi64>
  return %y : tensor<2x8xi64>
}
