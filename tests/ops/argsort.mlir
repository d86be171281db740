// RUN: kerf-opt %s -split-input-file -verify-diagnostics | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-run --limit 64 --function edges %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compiled --limit 64 --function edges %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compare %s

// Kept for a kernel.
// CHECK-LABEL: @awkward_sizes
//       CHECK: kerf.argsort %{{.*}}, axis = 1 {descending = true} : tensor<7x17xf32> -> tensor<7x17xi64>
// LOWER-LABEL: @awkward_sizes
//       LOWER: kerf.argsort
func.func @awkward_sizes(%a: tensor<7x17xf32>, %b: tensor<65xf64>, %c: tensor<3x100x5xi32>, %d: tensor<1xf32>, %e: tensor<0x3xf32>,
                         %f: tensor<2x300xi64>, %g: tensor<3x0xf32>)
    -> (tensor<7x17xi64>, tensor<65xi64>, tensor<3x100x5xi64>, tensor<1xi64>, tensor<0x3xi64>, tensor<2x300xi64>, tensor<3x0xi64>) {
  %t = kerf.argsort %a, axis = 1 {descending = true} : tensor<7x17xf32> -> tensor<7x17xi64>
  %u = kerf.argsort %b, axis = 0 : tensor<65xf64> -> tensor<65xi64>
  %v = kerf.argsort %c, axis = 1 : tensor<3x100x5xi32> -> tensor<3x100x5xi64>
  %w = kerf.argsort %d, axis = 0 {descending = true} : tensor<1xf32> -> tensor<1xi64>
  %x = kerf.argsort %e, axis = 0 : tensor<0x3xf32> -> tensor<0x3xi64>
  %y = kerf.argsort %f, axis = 1 {descending = true} : tensor<2x300xi64> -> tensor<2x300xi64>
  %z = kerf.argsort %g, axis = 1 : tensor<3x0xf32> -> tensor<3x0xi64>
  return %t, %u, %v, %w, %x, %y, %z
      : tensor<7x17xi64>, tensor<65xi64>, tensor<3x100x5xi64>, tensor<1xi64>, tensor<0x3xi64>, tensor<2x300xi64>, tensor<3x0xi64>
}

// NaN last, or first of the largest; zeros of both signs and equal numbers in their order.
// VALUE-LABEL: @edges
//  VALUE-NEXT: tensor<9xi64>: 3 6 1 4 8 0 2 5 7
//  VALUE-NEXT: tensor<9xi64>: 5 7 2 0 1 4 8 6 3
//  VALUE-NEXT: tensor<2x3xi64>: 0 1 1 1 0 0
//  VALUE-NEXT: tensor<4xi64>: 2 1 3 0
func.func @edges() -> (tensor<9xi64>, tensor<9xi64>, tensor<2x3xi64>, tensor<4xi64>) {
  %x = arith.constant dense<[1.0, 0.0, 0x7F800000, 0xFF800000, -0.0, 0x7FC00000, -1.0, 0xFFC00000, 0.0]> : tensor<9xf32>
  %a = kerf.argsort %x, axis = 0 : tensor<9xf32> -> tensor<9xi64>
  %b = kerf.argsort %x, axis = 0 {descending = true} : tensor<9xf32> -> tensor<9xi64>
  %z = arith.constant dense<[[1.0, 2.0, 3.0], [1.0, 1.0, 1.0]]> : tensor<2x3xf64>
  %c = kerf.argsort %z, axis = 0 : tensor<2x3xf64> -> tensor<2x3xi64>
  %i = arith.constant dense<[9223372036854775807, -1, -9223372036854775808, 0]> : tensor<4xi64>
  %d = kerf.argsort %i, axis = 0 : tensor<4xi64> -> tensor<4xi64>
  return %a, %b, %c, %d : tensor<9xi64>, tensor<9xi64>, tensor<2x3xi64>, tensor<4xi64>
}

// -----

func.func @axis_c1(%x: tensor<4x8xf32>) -> tensor<4x8xi64> {
  // expected-error @+1 {{'kerf.argsort' op axis 2 is outside [0, 2) of [4, 8]}}
  %y = kerf.argsort %x, axis = 2 : tensor<4x8xf32> -> tensor<4x8xi64>
  return %y : tensor<4x8xi64>
}

// -----

func.func @shape_c2(%x: tensor<4x8xf32>) -> tensor<4x3xi64> {
  // expected-error @+1 {{'kerf.argsort' op the result is [4, 3] but should be [4, 8]}}
  %y = kerf.argsort %x, axis = 1 : tensor<4x8xf32> -> tensor<4x3xi64>
  return %y : tensor<4x3xi64>
}
