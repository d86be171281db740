// RUN: kerf-opt %s -split-input-file -verify-diagnostics | kerf-opt -split-input-file | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -canonicalize | FileCheck %s --check-prefix=FOLD
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// CHECK-LABEL: @around
//  CHECK-SAME: %[[X:.*]]: tensor<5x7xf32>
//       CHECK: kerf.pad %[[X]], low = [1, 0], high = [2, 3], interior = [0, 0] : tensor<5x7xf32> -> tensor<8x10xf32>
// LOWER-LABEL: @around
//  LOWER-SAME: %[[X:.*]]: tensor<5x7xf32>
//       LOWER: %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
//       LOWER: %[[EMPTY:.*]] = tensor.empty() : tensor<8x10xf32>
//       LOWER: %[[ZEROS:.*]] = linalg.fill ins(%[[ZERO]] : f32) outs(%[[EMPTY]] : tensor<8x10xf32>)
//       LOWER: tensor.insert_slice %[[X]] into %[[ZEROS]][1, 0] [5, 7] [1, 1] : tensor<5x7xf32> into tensor<8x10xf32>
func.func @around(%x: tensor<5x7xf32>) -> tensor<8x10xf32> {
  %y = kerf.pad %x, low = [1, 0], high = [2, 3], interior = [0, 0] : tensor<5x7xf32> -> tensor<8x10xf32>
  return %y : tensor<8x10xf32>
}

// LOWER-LABEL: @between
//       LOWER: tensor.insert_slice %{{.*}} into %{{.*}}[0, 1] [3, 17] [2, 3] : tensor<3x17xf32> into tensor<5x51xf32>
func.func @between(%x: tensor<3x17xf32>) -> tensor<5x51xf32> {
  %y = kerf.pad %x, low = [0, 1], high = [0, 1], interior = [1, 2] : tensor<3x17xf32> -> tensor<5x51xf32>
  return %y : tensor<5x51xf32>
}

// One element has nothing between.
func.func @one_element(%x: tensor<1x1x1xf32>) -> tensor<1x4x3xf32> {
  %y = kerf.pad %x, low = [0, 3, 1], high = [0, 0, 1], interior = [5, 5, 5] : tensor<1x1x1xf32> -> tensor<1x4x3xf32>
  return %y : tensor<1x4x3xf32>
}

func.func @images(%x: tensor<2x1x28x28xf32>) -> tensor<2x1x32x32xf32> {
  %y = kerf.pad %x, low = [0, 0, 2, 2], high = [0, 0, 2, 2], interior = [0, 0, 0, 0] : tensor<2x1x28x28xf32> -> tensor<2x1x32x32xf32>
  return %y : tensor<2x1x32x32xf32>
}

// LOWER-LABEL: @nothing
//   LOWER-NOT: tensor.insert_slice
//       LOWER: return
func.func @nothing(%x: tensor<0x2xf32>) -> tensor<3x2xf32> {
  %y = kerf.pad %x, low = [1, 0], high = [2, 0], interior = [4, 0] : tensor<0x2xf32> -> tensor<3x2xf32>
  return %y : tensor<3x2xf32>
}

func.func @integers(%x: tensor<3xi64>) -> tensor<7xi64> {
  %y = kerf.pad %x, low = [1], high = [1], interior = [1] : tensor<3xi64> -> tensor<7xi64>
  return %y : tensor<7xi64>
}

// FOLD-LABEL: @by_nothing_is_nothing
//  FOLD-SAME: %[[X:.*]]: tensor<4xf32>
//       FOLD: return %[[X]]
func.func @by_nothing_is_nothing(%x: tensor<4xf32>) -> tensor<4xf32> {
  %y = kerf.pad %x, low = [0], high = [0], interior = [0] : tensor<4xf32> -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// FOLD-LABEL: @zeros_stay_zeros
//       FOLD: arith.constant dense<0.000000e+00> : tensor<6xf32>
//   FOLD-NOT: kerf.pad
func.func @zeros_stay_zeros() -> tensor<6xf32> {
  %x = arith.constant dense<0.0> : tensor<4xf32>
  %y = kerf.pad %x, low = [1], high = [1], interior = [0] : tensor<4xf32> -> tensor<6xf32>
  return %y : tensor<6xf32>
}

// Ones among zeros are no splat.
// FOLD-LABEL: @ones_do_not_fold
//       FOLD: kerf.pad
func.func @ones_do_not_fold() -> tensor<6xf32> {
  %x = arith.constant dense<1.0> : tensor<4xf32>
  %y = kerf.pad %x, low = [1], high = [1], interior = [0] : tensor<4xf32> -> tensor<6xf32>
  return %y : tensor<6xf32>
}

// -----

func.func @lengths_c1(%x: tensor<4x8xf32>) -> tensor<5x8xf32> {
  // expected-error @+1 {{'kerf.pad' op low [1, 0], high [0] and interior [0, 0] must have one entry per axis of [4, 8]}}
  %y = kerf.pad %x, low = [1, 0], high = [0], interior = [0, 0] : tensor<4x8xf32> -> tensor<5x8xf32>
  return %y : tensor<5x8xf32>
}

// -----

func.func @negative_c1(%x: tensor<4x8xf32>) -> tensor<3x8xf32> {
  // expected-error @+1 {{'kerf.pad' op padding of axis 0 is negative: low -1, high 0, interior 0}}
  %y = kerf.pad %x, low = [-1, 0], high = [0, 0], interior = [0, 0] : tensor<4x8xf32> -> tensor<3x8xf32>
  return %y : tensor<3x8xf32>
}

// -----

func.func @shape_c2(%x: tensor<4x8xf32>) -> tensor<5x16xf32> {
  // expected-error @+1 {{'kerf.pad' op the result is [5, 16] but should be [5, 17]}}
  %y = kerf.pad %x, low = [1, 0], high = [0, 2], interior = [0, 1] : tensor<4x8xf32> -> tensor<5x16xf32>
  return %y : tensor<5x16xf32>
}
