// RUN: kerf-opt %s -split-input-file -verify-diagnostics | kerf-opt -split-input-file | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -canonicalize | FileCheck %s --check-prefix=FOLD
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// CHECK-LABEL: @collapses
//  CHECK-SAME: %[[X:.*]]: tensor<4x5x6xf32>
//       CHECK: kerf.reshape %[[X]] : tensor<4x5x6xf32> -> tensor<20x6xf32>
// LOWER-LABEL: @collapses
//       LOWER: tensor.collapse_shape %{{.*}} {{\[\[}}0, 1], [2]] : tensor<4x5x6xf32> into tensor<20x6xf32>
func.func @collapses(%x: tensor<4x5x6xf32>) -> tensor<20x6xf32> {
  %y = kerf.reshape %x : tensor<4x5x6xf32> -> tensor<20x6xf32>
  return %y : tensor<20x6xf32>
}

// LOWER-LABEL: @expands
//       LOWER: tensor.expand_shape %{{.*}} {{\[\[}}0, 1], [2, 3]] output_shape [2, 3, 17, 1] : tensor<6x17xf32> into tensor<2x3x17x1xf32>
func.func @expands(%x: tensor<6x17xf32>) -> tensor<2x3x17x1xf32> {
  %y = kerf.reshape %x : tensor<6x17xf32> -> tensor<2x3x17x1xf32>
  return %y : tensor<2x3x17x1xf32>
}

// Neither shape refines the other, so the way leads over the flat tensor.
// LOWER-LABEL: @regroups
//       LOWER: %[[FLAT:.*]] = tensor.collapse_shape %{{.*}} : tensor<4x6xf32> into tensor<24xf32>
//       LOWER: tensor.expand_shape %[[FLAT]] {{.*}} : tensor<24xf32> into tensor<3x8xf32>
func.func @regroups(%x: tensor<4x6xf32>) -> tensor<3x8xf32> {
  %y = kerf.reshape %x : tensor<4x6xf32> -> tensor<3x8xf32>
  return %y : tensor<3x8xf32>
}

// LOWER-LABEL: @to_a_scalar
//       LOWER: tensor.collapse_shape %{{.*}} [] : tensor<1x1xf32> into tensor<f32>
func.func @to_a_scalar(%x: tensor<1x1xf32>) -> tensor<f32> {
  %y = kerf.reshape %x : tensor<1x1xf32> -> tensor<f32>
  return %y : tensor<f32>
}

// LOWER-LABEL: @from_a_scalar
//       LOWER: tensor.expand_shape %{{.*}} [] output_shape [1, 1, 1] : tensor<f32> into tensor<1x1x1xf32>
func.func @from_a_scalar(%x: tensor<f32>) -> tensor<1x1x1xf32> {
  %y = kerf.reshape %x : tensor<f32> -> tensor<1x1x1xf32>
  return %y : tensor<1x1x1xf32>
}

func.func @empty(%x: tensor<3x0x5xf32>) -> tensor<0x7xf32> {
  %y = kerf.reshape %x : tensor<3x0x5xf32> -> tensor<0x7xf32>
  return %y : tensor<0x7xf32>
}

func.func @integers(%x: tensor<7x2xi64>) -> tensor<14xi64> {
  %y = kerf.reshape %x : tensor<7x2xi64> -> tensor<14xi64>
  return %y : tensor<14xi64>
}

// FOLD-LABEL: @twice_is_once
//  FOLD-SAME: %[[X:.*]]: tensor<65xf32>
//       FOLD: kerf.reshape %[[X]] : tensor<65xf32> -> tensor<13x5xf32>
//   FOLD-NOT: kerf.reshape
func.func @twice_is_once(%x: tensor<65xf32>) -> tensor<13x5xf32> {
  %y = kerf.reshape %x : tensor<65xf32> -> tensor<5x13xf32>
  %z = kerf.reshape %y : tensor<5x13xf32> -> tensor<13x5xf32>
  return %z : tensor<13x5xf32>
}

// FOLD-LABEL: @there_and_back_is_nothing
//  FOLD-SAME: %[[X:.*]]: tensor<65xf32>
//       FOLD: return %[[X]]
func.func @there_and_back_is_nothing(%x: tensor<65xf32>) -> tensor<65xf32> {
  %y = kerf.reshape %x : tensor<65xf32> -> tensor<5x13xf32>
  %z = kerf.reshape %y : tensor<5x13xf32> -> tensor<65xf32>
  return %z : tensor<65xf32>
}

// FOLD-LABEL: @of_a_splat
//       FOLD: arith.constant dense<2.000000e+00> : tensor<3xf32>
//   FOLD-NOT: kerf.reshape
func.func @of_a_splat() -> tensor<3xf32> {
  %x = arith.constant dense<2.0> : tensor<1x3xf32>
  %y = kerf.reshape %x : tensor<1x3xf32> -> tensor<3xf32>
  return %y : tensor<3xf32>
}

// -----

func.func @numel_c1(%x: tensor<4x6xf32>) -> tensor<5x5xf32> {
  // expected-error @+1 {{'kerf.reshape' op [4, 6] has 24 elements, but [5, 5] has 25}}
  %y = kerf.reshape %x : tensor<4x6xf32> -> tensor<5x5xf32>
  return %y : tensor<5x5xf32>
}

// -----

func.func @element_type(%x: tensor<4xf32>) -> tensor<4xf64> {
  // expected-error @+1 {{'kerf.reshape' op requires the same element type for all operands and results}}
  %y = kerf.reshape %x : tensor<4xf32> -> tensor<4xf64>
  return %y : tensor<4xf64>
}
