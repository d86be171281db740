// RUN: kerf-opt %s -split-input-file -verify-diagnostics | kerf-opt -split-input-file | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -canonicalize | FileCheck %s --check-prefix=FOLD
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// CHECK-LABEL: @box
//  CHECK-SAME: %[[X:.*]]: tensor<7x17xf32>
//       CHECK: kerf.slice %[[X]], offsets = [1, 3], limits = [6, 16], strides = [1, 1] : tensor<7x17xf32> -> tensor<5x13xf32>
// LOWER-LABEL: @box
//       LOWER: tensor.extract_slice %{{.*}}[1, 3] [5, 13] [1, 1] : tensor<7x17xf32> to tensor<5x13xf32>
func.func @box(%x: tensor<7x17xf32>) -> tensor<5x13xf32> {
  %y = kerf.slice %x, offsets = [1, 3], limits = [6, 16], strides = [1, 1] : tensor<7x17xf32> -> tensor<5x13xf32>
  return %y : tensor<5x13xf32>
}

// The last step goes past the limit, so the result is rounded up: 1, 4, 7 of [1, 8).
// LOWER-LABEL: @strides
//       LOWER: tensor.extract_slice %{{.*}}[0, 1] [3, 3] [2, 3] : tensor<5x17xf32> to tensor<3x3xf32>
func.func @strides(%x: tensor<5x17xf32>) -> tensor<3x3xf32> {
  %y = kerf.slice %x, offsets = [0, 1], limits = [5, 8], strides = [2, 3] : tensor<5x17xf32> -> tensor<3x3xf32>
  return %y : tensor<3x3xf32>
}

func.func @one_element(%x: tensor<3x5x65xf32>) -> tensor<1x1x1xf32> {
  %y = kerf.slice %x, offsets = [2, 0, 64], limits = [3, 1, 65], strides = [1, 2, 3] : tensor<3x5x65xf32> -> tensor<1x1x1xf32>
  return %y : tensor<1x1x1xf32>
}

func.func @every_second_column(%x: tensor<65x16xf32>) -> tensor<65x8xf32> {
  %y = kerf.slice %x, offsets = [0, 1], limits = [65, 16], strides = [1, 2] : tensor<65x16xf32> -> tensor<65x8xf32>
  return %y : tensor<65x8xf32>
}

// LOWER-LABEL: @nothing
//       LOWER: tensor.empty() : tensor<3x0xf32>
func.func @nothing(%x: tensor<5x4xf32>) -> tensor<3x0xf32> {
  %y = kerf.slice %x, offsets = [2, 4], limits = [5, 4], strides = [1, 2] : tensor<5x4xf32> -> tensor<3x0xf32>
  return %y : tensor<3x0xf32>
}

func.func @integers(%x: tensor<9xi64>) -> tensor<4xi64> {
  %y = kerf.slice %x, offsets = [2], limits = [9], strides = [2] : tensor<9xi64> -> tensor<4xi64>
  return %y : tensor<4xi64>
}

// FOLD-LABEL: @all_of_it_is_nothing
//  FOLD-SAME: %[[X:.*]]: tensor<4x1xf32>
//       FOLD: return %[[X]]
func.func @all_of_it_is_nothing(%x: tensor<4x1xf32>) -> tensor<4x1xf32> {
  %y = kerf.slice %x, offsets = [0, 0], limits = [4, 1], strides = [1, 5] : tensor<4x1xf32> -> tensor<4x1xf32>
  return %y : tensor<4x1xf32>
}

// -----

func.func @lengths_c1(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // expected-error @+1 {{'kerf.slice' op offsets [0], limits [4, 8] and strides [1, 1] must have one entry per axis of [4, 8]}}
  %y = kerf.slice %x, offsets = [0], limits = [4, 8], strides = [1, 1] : tensor<4x8xf32> -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// -----

func.func @limit_c2(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // expected-error @+1 {{'kerf.slice' op [1, 9) is not inside axis 1 of [4, 8]}}
  %y = kerf.slice %x, offsets = [0, 1], limits = [4, 9], strides = [1, 1] : tensor<4x8xf32> -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// -----

func.func @offset_c2(%x: tensor<4x8xf32>) -> tensor<5x8xf32> {
  // expected-error @+1 {{'kerf.slice' op [-1, 4) is not inside axis 0 of [4, 8]}}
  %y = kerf.slice %x, offsets = [-1, 0], limits = [4, 8], strides = [1, 1] : tensor<4x8xf32> -> tensor<5x8xf32>
  return %y : tensor<5x8xf32>
}

// -----

func.func @order_c2(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // expected-error @+1 {{'kerf.slice' op [3, 2) is not inside axis 0 of [4, 8]}}
  %y = kerf.slice %x, offsets = [3, 0], limits = [2, 8], strides = [1, 1] : tensor<4x8xf32> -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// -----

func.func @stride_c3(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // expected-error @+1 {{'kerf.slice' op stride 0 of axis 1 is outside [1, 2^47]}}
  %y = kerf.slice %x, offsets = [0, 0], limits = [4, 8], strides = [1, 0] : tensor<4x8xf32> -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// -----

func.func @shape_c4(%x: tensor<4x8xf32>) -> tensor<4x3xf32> {
  // expected-error @+1 {{'kerf.slice' op the result is [4, 3] but should be [4, 4]}}
  %y = kerf.slice %x, offsets = [0, 1], limits = [4, 8], strides = [1, 2] : tensor<4x8xf32> -> tensor<4x3xf32>
  return %y : tensor<4x3xf32>
}
