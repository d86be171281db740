// RUN: kerf-opt %s -split-input-file -verify-diagnostics | kerf-opt -split-input-file | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -canonicalize | FileCheck %s --check-prefix=FOLD
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// CHECK-LABEL: @matrix
//  CHECK-SAME: %[[X:.*]]: tensor<7x17xf32>
//       CHECK: kerf.transpose %[[X]], permutation = [1, 0] : tensor<7x17xf32> -> tensor<17x7xf32>
// LOWER-DAG: #[[ID:.*]] = affine_map<(d0, d1) -> (d0, d1)>
// LOWER-DAG: #[[SWAP:.*]] = affine_map<(d0, d1) -> (d1, d0)>
// LOWER-DAG: #[[ROTATE:.*]] = affine_map<(d0, d1, d2) -> (d1, d2, d0)>
// LOWER-LABEL: @matrix
//       LOWER: linalg.generic {indexing_maps = [#[[SWAP]], #[[ID]]], iterator_types = ["parallel", "parallel"]}
//  LOWER-SAME: ins(%{{.*}} : tensor<7x17xf32>) outs(%{{.*}} : tensor<17x7xf32>)
func.func @matrix(%x: tensor<7x17xf32>) -> tensor<17x7xf32> {
  %y = kerf.transpose %x, permutation = [1, 0] : tensor<7x17xf32> -> tensor<17x7xf32>
  return %y : tensor<17x7xf32>
}

// Axis i of the result is axis permutation[i] of x; the other convention gives 5x6x4.
// LOWER-LABEL: @rotates
//       LOWER: linalg.generic {indexing_maps = [#[[ROTATE]],
func.func @rotates(%x: tensor<4x5x6xf32>) -> tensor<6x4x5xf32> {
  %y = kerf.transpose %x, permutation = [2, 0, 1] : tensor<4x5x6xf32> -> tensor<6x4x5xf32>
  return %y : tensor<6x4x5xf32>
}

func.func @channels_last(%x: tensor<3x5x1x7xf32>) -> tensor<3x1x7x5xf32> {
  %y = kerf.transpose %x, permutation = [0, 2, 3, 1] : tensor<3x5x1x7xf32> -> tensor<3x1x7x5xf32>
  return %y : tensor<3x1x7x5xf32>
}

func.func @one_past_a_tile(%x: tensor<65x17xf32>) -> tensor<17x65xf32> {
  %y = kerf.transpose %x, permutation = [1, 0] : tensor<65x17xf32> -> tensor<17x65xf32>
  return %y : tensor<17x65xf32>
}

func.func @integers(%x: tensor<2x3xi32>) -> tensor<3x2xi32> {
  %y = kerf.transpose %x, permutation = [1, 0] : tensor<2x3xi32> -> tensor<3x2xi32>
  return %y : tensor<3x2xi32>
}

// FOLD-LABEL: @identity_is_nothing
//  FOLD-SAME: %[[X:.*]]: tensor<4x5xf32>
//       FOLD: return %[[X]]
func.func @identity_is_nothing(%x: tensor<4x5xf32>) -> tensor<4x5xf32> {
  %y = kerf.transpose %x, permutation = [0, 1] : tensor<4x5xf32> -> tensor<4x5xf32>
  return %y : tensor<4x5xf32>
}

// Equal extents do not make it the identity.
// FOLD-LABEL: @square_is_not_the_identity
//       FOLD: kerf.transpose
func.func @square_is_not_the_identity(%x: tensor<5x5xf32>) -> tensor<5x5xf32> {
  %y = kerf.transpose %x, permutation = [1, 0] : tensor<5x5xf32> -> tensor<5x5xf32>
  return %y : tensor<5x5xf32>
}

// FOLD-LABEL: @twice_is_once
//  FOLD-SAME: %[[X:.*]]: tensor<2x3x5xf32>
//       FOLD: kerf.transpose %[[X]], permutation = [0, 2, 1] : tensor<2x3x5xf32> -> tensor<2x5x3xf32>
//   FOLD-NOT: kerf.transpose
func.func @twice_is_once(%x: tensor<2x3x5xf32>) -> tensor<2x5x3xf32> {
  %y = kerf.transpose %x, permutation = [2, 0, 1] : tensor<2x3x5xf32> -> tensor<5x2x3xf32>
  %z = kerf.transpose %y, permutation = [1, 0, 2] : tensor<5x2x3xf32> -> tensor<2x5x3xf32>
  return %z : tensor<2x5x3xf32>
}

// FOLD-LABEL: @there_and_back_is_nothing
//  FOLD-SAME: %[[X:.*]]: tensor<2x3x5xf32>
//       FOLD: return %[[X]]
func.func @there_and_back_is_nothing(%x: tensor<2x3x5xf32>) -> tensor<2x3x5xf32> {
  %y = kerf.transpose %x, permutation = [2, 0, 1] : tensor<2x3x5xf32> -> tensor<5x2x3xf32>
  %z = kerf.transpose %y, permutation = [1, 2, 0] : tensor<5x2x3xf32> -> tensor<2x3x5xf32>
  return %z : tensor<2x3x5xf32>
}

// -----

func.func @permutation_c1(%x: tensor<4x5x6xf32>) -> tensor<4x4x6xf32> {
  // expected-error @+1 {{'kerf.transpose' op [0, 0, 2] is no permutation of the 3 axes of [4, 5, 6]}}
  %y = kerf.transpose %x, permutation = [0, 0, 2] : tensor<4x5x6xf32> -> tensor<4x4x6xf32>
  return %y : tensor<4x4x6xf32>
}

// -----

func.func @length_c1(%x: tensor<4x5x6xf32>) -> tensor<5x4xf32> {
  // expected-error @+1 {{'kerf.transpose' op [1, 0] is no permutation of the 3 axes of [4, 5, 6]}}
  %y = kerf.transpose %x, permutation = [1, 0] : tensor<4x5x6xf32> -> tensor<5x4xf32>
  return %y : tensor<5x4xf32>
}

// -----

func.func @shape_c2(%x: tensor<4x5x6xf32>) -> tensor<5x6x4xf32> {
  // expected-error @+1 {{'kerf.transpose' op the result is [5, 6, 4] but should be [6, 4, 5]}}
  %y = kerf.transpose %x, permutation = [2, 0, 1] : tensor<4x5x6xf32> -> tensor<5x6x4xf32>
  return %y : tensor<5x6x4xf32>
}
