// RUN: kerf-opt %s -split-input-file -verify-diagnostics | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-run --function edges %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// Kept for a kernel.
// CHECK-LABEL: @awkward_sizes
//       CHECK: kerf.argmin %{{.*}}, axis = 1 : tensor<7x17xf32> -> tensor<7xi64>
// LOWER-LABEL: @awkward_sizes
//       LOWER: kerf.argmin
func.func @awkward_sizes(%a: tensor<7x17xf32>, %b: tensor<65xf32>, %c: tensor<3x5x17xf32>, %d: tensor<1xf32>,
                         %e: tensor<5x65xf32>)
    -> (tensor<7xi64>, tensor<17xi64>, tensor<i64>, tensor<3x17xi64>, tensor<i64>, tensor<5xi64>) {
  %u = kerf.argmin %a, axis = 1 : tensor<7x17xf32> -> tensor<7xi64>
  %v = kerf.argmin %a, axis = 0 : tensor<7x17xf32> -> tensor<17xi64>
  %w = kerf.argmin %b, axis = 0 : tensor<65xf32> -> tensor<i64>
  %x = kerf.argmin %c, axis = 1 : tensor<3x5x17xf32> -> tensor<3x17xi64>
  %y = kerf.argmin %d, axis = 0 : tensor<1xf32> -> tensor<i64>
  %z = kerf.argmin %e, axis = 1 : tensor<5x65xf32> -> tensor<5xi64>
  return %u, %v, %w, %x, %y, %z
      : tensor<7xi64>, tensor<17xi64>, tensor<i64>, tensor<3x17xi64>, tensor<i64>, tensor<5xi64>
}

// The choice is constant to the gradient, what it chooses is not.
func.func @least_row(%scores: tensor<7x17xf32>, %table: tensor<17x5xf32>) -> tensor<7x5xf32> {
  %i = kerf.argmin %scores, axis = 1 : tensor<7x17xf32> -> tensor<7xi64>
  %y = kerf.gather %table, %i : tensor<17x5xf32>, tensor<7xi64> -> tensor<7x5xf32>
  return %y : tensor<7x5xf32>
}

// The lowest index wins a tie, the first NaN wins over numbers; zeros of both signs are equal.
// VALUE-LABEL: @edges
//  VALUE-NEXT: tensor<6xi64>: 1 1 0 0 1 3
//  VALUE-NEXT: tensor<4xi64>: 2 1 1 2
func.func @edges() -> (tensor<6xi64>, tensor<4xi64>) {
  %a = arith.constant dense<[[2.0, 1.0, 1.0, 3.0], [2.0, 0x7FC00000, 0x7FC00000, 1.0],
    [0x7FC00000, 0xFF800000, 1.0, 0x7FC00000], [0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000],
    [1.0, 0.0, -0.0, 1.0], [1.0, 2.0, 3.0, 0xFF800000]]> : tensor<6x4xf32>
  %y = kerf.argmin %a, axis = 1 : tensor<6x4xf32> -> tensor<6xi64>
  %z = kerf.argmin %a, axis = 0 : tensor<6x4xf32> -> tensor<4xi64>
  return %y, %z : tensor<6xi64>, tensor<4xi64>
}

// -----

func.func @axis_c1(%x: tensor<4x8xf32>) -> tensor<4xi64> {
  // expected-error @+1 {{'kerf.argmin' op axis 2 is outside [0, 2) of [4, 8]}}
  %y = kerf.argmin %x, axis = 2 : tensor<4x8xf32> -> tensor<4xi64>
  return %y : tensor<4xi64>
}

// -----

func.func @nothing_to_choose_from_c2(%x: tensor<4x0xf32>) -> tensor<4xi64> {
  // expected-error @+1 {{'kerf.argmin' op axis 1 of [4, 0] is empty, so there is no least element}}
  %y = kerf.argmin %x, axis = 1 : tensor<4x0xf32> -> tensor<4xi64>
  return %y : tensor<4xi64>
}

// -----

func.func @shape_c3(%x: tensor<4x8xf32>) -> tensor<4xi64> {
  // expected-error @+1 {{'kerf.argmin' op the result is [4] but should be [8]}}
  %y = kerf.argmin %x, axis = 0 : tensor<4x8xf32> -> tensor<4xi64>
  return %y : tensor<4xi64>
}

// -----

func.func @indices_are_i64(%x: tensor<4x8xf32>) -> tensor<4xi32> {
  // expected-error @+1 {{'kerf.argmin' op result #0 must be tensor of static shape, at most 8 axes, of 64-bit signless integer, but got 'tensor<4xi32>'}}
  %y = kerf.argmin %x, axis = 1 : tensor<4x8xf32> -> tensor<4xi32>
  return %y : tensor<4xi32>
}
