// RUN: kerf-opt %s -split-input-file -verify-diagnostics | kerf-opt -split-input-file | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -canonicalize | FileCheck %s --check-prefix=FOLD
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// CHECK-LABEL: @rows
//  CHECK-SAME: %[[X:.*]]: tensor<17xf32>
//       CHECK: kerf.broadcast %[[X]], dims = [1] : tensor<17xf32> -> tensor<7x17xf32>
// LOWER-DAG: #[[ID:.*]] = affine_map<(d0, d1) -> (d0, d1)>
// LOWER-DAG: #[[ROW:.*]] = affine_map<(d0, d1) -> (d1)>
// LOWER-DAG: #[[FIRST:.*]] = affine_map<(d0, d1) -> (d0, 0)>
// LOWER-LABEL: @rows
//       LOWER: linalg.generic {indexing_maps = [#[[ROW]], #[[ID]]], iterator_types = ["parallel", "parallel"]}
func.func @rows(%x: tensor<17xf32>) -> tensor<7x17xf32> {
  %y = kerf.broadcast %x, dims = [1] : tensor<17xf32> -> tensor<7x17xf32>
  return %y : tensor<7x17xf32>
}

// A bias over images.
func.func @channels(%x: tensor<5xf32>) -> tensor<3x5x7x1xf32> {
  %y = kerf.broadcast %x, dims = [1] : tensor<5xf32> -> tensor<3x5x7x1xf32>
  return %y : tensor<3x5x7x1xf32>
}

// LOWER-LABEL: @an_axis_of_one
//       LOWER: linalg.generic {indexing_maps = [#[[FIRST]],
func.func @an_axis_of_one(%x: tensor<7x1xf32>) -> tensor<7x65xf32> {
  %y = kerf.broadcast %x, dims = [0, 1] : tensor<7x1xf32> -> tensor<7x65xf32>
  return %y : tensor<7x65xf32>
}

func.func @new_axes_and_axes_of_one(%x: tensor<1x3x1xf32>) -> tensor<2x1x3x5xf32> {
  %y = kerf.broadcast %x, dims = [1, 2, 3] : tensor<1x3x1xf32> -> tensor<2x1x3x5xf32>
  return %y : tensor<2x1x3x5xf32>
}

func.func @a_scalar(%x: tensor<f32>) -> tensor<13x5xf32> {
  %y = kerf.broadcast %x, dims = [] : tensor<f32> -> tensor<13x5xf32>
  return %y : tensor<13x5xf32>
}

func.func @booleans(%x: tensor<3xi1>) -> tensor<2x3xi1> {
  %y = kerf.broadcast %x, dims = [1] : tensor<3xi1> -> tensor<2x3xi1>
  return %y : tensor<2x3xi1>
}

// FOLD-LABEL: @to_its_own_shape_is_nothing
//  FOLD-SAME: %[[X:.*]]: tensor<4x5xf32>
//       FOLD: return %[[X]]
func.func @to_its_own_shape_is_nothing(%x: tensor<4x5xf32>) -> tensor<4x5xf32> {
  %y = kerf.broadcast %x, dims = [0, 1] : tensor<4x5xf32> -> tensor<4x5xf32>
  return %y : tensor<4x5xf32>
}

// FOLD-LABEL: @twice_is_once
//  FOLD-SAME: %[[X:.*]]: tensor<1x5xf32>
//       FOLD: kerf.broadcast %[[X]], dims = [1, 3] : tensor<1x5xf32> -> tensor<2x4x3x5xf32>
//   FOLD-NOT: kerf.broadcast
func.func @twice_is_once(%x: tensor<1x5xf32>) -> tensor<2x4x3x5xf32> {
  %y = kerf.broadcast %x, dims = [0, 2] : tensor<1x5xf32> -> tensor<4x3x5xf32>
  %z = kerf.broadcast %y, dims = [1, 2, 3] : tensor<4x3x5xf32> -> tensor<2x4x3x5xf32>
  return %z : tensor<2x4x3x5xf32>
}

// FOLD-LABEL: @of_a_splat
//       FOLD: arith.constant dense<1.000000e+00> : tensor<4x3xf32>
//   FOLD-NOT: kerf.broadcast
func.func @of_a_splat() -> tensor<4x3xf32> {
  %x = arith.constant dense<1.0> : tensor<f32>
  %y = kerf.broadcast %x, dims = [] : tensor<f32> -> tensor<4x3xf32>
  return %y : tensor<4x3xf32>
}

// -----

func.func @one_entry_per_axis_c1(%x: tensor<4x5xf32>) -> tensor<3x4x5xf32> {
  // expected-error @+1 {{'kerf.broadcast' op dims [1] must name one axis of [3, 4, 5] for each axis of [4, 5]}}
  %y = kerf.broadcast %x, dims = [1] : tensor<4x5xf32> -> tensor<3x4x5xf32>
  return %y : tensor<3x4x5xf32>
}

// -----

func.func @ascending_c1(%x: tensor<4x5xf32>) -> tensor<5x4xf32> {
  // expected-error @+1 {{'kerf.broadcast' op dims [1, 0] are not ascending axes of [5, 4]}}
  %y = kerf.broadcast %x, dims = [1, 0] : tensor<4x5xf32> -> tensor<5x4xf32>
  return %y : tensor<5x4xf32>
}

// -----

func.func @extent_c2(%x: tensor<4x5xf32>) -> tensor<3x4x6xf32> {
  // expected-error @+1 {{'kerf.broadcast' op axis 1 of [4, 5] is 5, which does not stretch to axis 2 of [3, 4, 6]}}
  %y = kerf.broadcast %x, dims = [1, 2] : tensor<4x5xf32> -> tensor<3x4x6xf32>
  return %y : tensor<3x4x6xf32>
}
