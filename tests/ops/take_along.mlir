// RUN: kerf-opt %s -split-input-file -verify-diagnostics | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-run --limit 16 --function edges %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compiled --limit 16 --function edges %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// Kept for a kernel. Indices of any value: one outside counts as the nearest.
// CHECK-LABEL: @awkward_sizes
//       CHECK: kerf.take_along %{{.*}}, %{{.*}}, axis = 1 : tensor<7x17xf32>, tensor<7x5xi64> -> tensor<7x5xf32>
// LOWER-LABEL: @awkward_sizes
//       LOWER: kerf.take_along
func.func @awkward_sizes(%a: tensor<7x17xf32>, %i: tensor<7x5xi64>, %b: tensor<5xf64>, %j: tensor<65xi64>, %c: tensor<3x1x9xf32>,
                         %k: tensor<3x4x9xi64>, %d: tensor<1xf32>, %l: tensor<1xi64>)
    -> (tensor<7x5xf32>, tensor<65xf64>, tensor<3x4x9xf32>, tensor<1xf32>) {
  %x = kerf.take_along %a, %i, axis = 1 : tensor<7x17xf32>, tensor<7x5xi64> -> tensor<7x5xf32>
  %y = kerf.take_along %b, %j, axis = 0 : tensor<5xf64>, tensor<65xi64> -> tensor<65xf64>
  %z = kerf.take_along %c, %k, axis = 1 : tensor<3x1x9xf32>, tensor<3x4x9xi64> -> tensor<3x4x9xf32>
  %w = kerf.take_along %d, %l, axis = 0 : tensor<1xf32>, tensor<1xi64> -> tensor<1xf32>
  return %x, %y, %z, %w : tensor<7x5xf32>, tensor<65xf64>, tensor<3x4x9xf32>, tensor<1xf32>
}

func.func @nothing(%a: tensor<0x17xf32>, %i: tensor<0x5xi64>, %b: tensor<3x4xi32>, %j: tensor<3x0xi64>) -> (tensor<0x5xf32>, tensor<3x0xi32>) {
  %x = kerf.take_along %a, %i, axis = 1 : tensor<0x17xf32>, tensor<0x5xi64> -> tensor<0x5xf32>
  %y = kerf.take_along %b, %j, axis = 1 : tensor<3x4xi32>, tensor<3x0xi64> -> tensor<3x0xi32>
  return %x, %y : tensor<0x5xf32>, tensor<3x0xi32>
}

// What is outside stays in its line.
// VALUE-LABEL: @edges
//  VALUE-NEXT: tensor<2x4xi32>: 1 3 1 3 6 5 4 4
//  VALUE-NEXT: tensor<1x3xi64>: 4 2 6
func.func @edges() -> (tensor<2x4xi32>, tensor<1x3xi64>) {
  %x = arith.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
  %i = arith.constant dense<[[-9223372036854775808, 9223372036854775807, -1, 3], [2, 1, 0, -1]]> : tensor<2x4xi64>
  %y = kerf.take_along %x, %i, axis = 1 : tensor<2x3xi32>, tensor<2x4xi64> -> tensor<2x4xi32>
  %l = arith.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi64>
  %j = arith.constant dense<[[1, 0, 7]]> : tensor<1x3xi64>
  %z = kerf.take_along %l, %j, axis = 0 : tensor<2x3xi64>, tensor<1x3xi64> -> tensor<1x3xi64>
  return %y, %z : tensor<2x4xi32>, tensor<1x3xi64>
}

// -----

func.func @axis_c1(%x: tensor<4x8xf32>, %i: tensor<4x8xi64>) -> tensor<4x8xf32> {
  // expected-error @+1 {{'kerf.take_along' op axis 2 is outside [0, 2) of [4, 8]}}
  %y = kerf.take_along %x, %i, axis = 2 : tensor<4x8xf32>, tensor<4x8xi64> -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// -----

func.func @no_elements_c1(%x: tensor<4x0xf32>, %i: tensor<4x8xi64>) -> tensor<4x8xf32> {
  // expected-error @+1 {{'kerf.take_along' op x has no elements along axis 1: [4, 0]}}
  %y = kerf.take_along %x, %i, axis = 1 : tensor<4x0xf32>, tensor<4x8xi64> -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// -----

func.func @extents_c2(%x: tensor<4x8xf32>, %i: tensor<5x8xi64>) -> tensor<5x8xf32> {
  // expected-error @+1 {{'kerf.take_along' op axis 0 of x [4, 8] is 4, of the indices 5}}
  %y = kerf.take_along %x, %i, axis = 1 : tensor<4x8xf32>, tensor<5x8xi64> -> tensor<5x8xf32>
  return %y : tensor<5x8xf32>
}

// -----

func.func @ranks_c2(%x: tensor<4x8xf32>, %i: tensor<8xi64>) -> tensor<8xf32> {
  // expected-error @+1 {{'kerf.take_along' op x [4, 8] and the indices [8] need equal ranks}}
  %y = kerf.take_along %x, %i, axis = 1 : tensor<4x8xf32>, tensor<8xi64> -> tensor<8xf32>
  return %y : tensor<8xf32>
}

// -----

func.func @shape_c3(%x: tensor<4x8xf32>, %i: tensor<4x3xi64>) -> tensor<4x8xf32> {
  // expected-error @+1 {{'kerf.take_along' op the result is [4, 8] but should be [4, 3]}}
  %y = kerf.take_along %x, %i, axis = 1 : tensor<4x8xf32>, tensor<4x3xi64> -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// -----

func.func @element_type_c4(%x: tensor<4x8xf32>, %i: tensor<4x3xi64>) -> tensor<4x3xf64> {
  // expected-error @+1 {{'kerf.take_along' op failed to verify that all of {x, y} have same element type}}
  %y = kerf.take_along %x, %i, axis = 1 : tensor<4x8xf32>, tensor<4x3xi64> -> tensor<4x3xf64>
  return %y : tensor<4x3xf64>
}
