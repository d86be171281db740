// RUN: kerf-opt %s -split-input-file -verify-diagnostics | kerf-opt -split-input-file | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -canonicalize | FileCheck %s --check-prefix=FOLD
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// CHECK-LABEL: @rows
//       CHECK: kerf.concat(%{{.*}}, %{{.*}}), axis = 0 : (tensor<4x17xf32>, tensor<1x17xf32>) -> tensor<5x17xf32>
// LOWER-LABEL: @rows
//  LOWER-SAME: %[[A:.*]]: tensor<4x17xf32>, %[[B:.*]]: tensor<1x17xf32>
//       LOWER: tensor.concat dim(0) %[[A]], %[[B]] : (tensor<4x17xf32>, tensor<1x17xf32>) -> tensor<5x17xf32>
func.func @rows(%a: tensor<4x17xf32>, %b: tensor<1x17xf32>) -> tensor<5x17xf32> {
  %y = kerf.concat(%a, %b), axis = 0 : (tensor<4x17xf32>, tensor<1x17xf32>) -> tensor<5x17xf32>
  return %y : tensor<5x17xf32>
}

func.func @three_along_the_last_axis(%a: tensor<3x65xf32>, %b: tensor<3x1xf32>, %c: tensor<3x7xf32>) -> tensor<3x73xf32> {
  %y = kerf.concat(%a, %b, %c), axis = 1 : (tensor<3x65xf32>, tensor<3x1xf32>, tensor<3x7xf32>) -> tensor<3x73xf32>
  return %y : tensor<3x73xf32>
}

// The same value twice: its two cotangents add up.
func.func @with_itself(%a: tensor<2x3x5xf32>) -> tensor<2x6x5xf32> {
  %y = kerf.concat(%a, %a), axis = 1 : (tensor<2x3x5xf32>, tensor<2x3x5xf32>) -> tensor<2x6x5xf32>
  return %y : tensor<2x6x5xf32>
}

// LOWER-LABEL: @with_nothing
//  LOWER-SAME: %[[A:.*]]: tensor<3x5xf32>
//       LOWER: tensor.concat dim(1) %[[A]] :
func.func @with_nothing(%a: tensor<3x5xf32>, %b: tensor<3x0xf32>) -> tensor<3x5xf32> {
  %y = kerf.concat(%a, %b), axis = 1 : (tensor<3x5xf32>, tensor<3x0xf32>) -> tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

func.func @integers(%a: tensor<2xi64>, %b: tensor<3xi64>) -> tensor<5xi64> {
  %y = kerf.concat(%a, %b), axis = 0 : (tensor<2xi64>, tensor<3xi64>) -> tensor<5xi64>
  return %y : tensor<5xi64>
}

// FOLD-LABEL: @of_one_is_nothing
//  FOLD-SAME: %[[X:.*]]: tensor<4xf32>
//       FOLD: return %[[X]]
func.func @of_one_is_nothing(%x: tensor<4xf32>) -> tensor<4xf32> {
  %y = kerf.concat(%x), axis = 0 : (tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @something_c1() -> tensor<0xf32> {
  // expected-error @+1 {{'kerf.concat' op expected 1 or more operands, but found 0}}
  %y = "kerf.concat"() {axis = 0 : i64} : () -> tensor<0xf32>
  return %y : tensor<0xf32>
}

// -----

func.func @axis_c2(%a: tensor<4x8xf32>) -> tensor<8x8xf32> {
  // expected-error @+1 {{'kerf.concat' op axis 2 is outside [0, 2) of [4, 8]}}
  %y = kerf.concat(%a, %a), axis = 2 : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<8x8xf32>
  return %y : tensor<8x8xf32>
}

// -----

func.func @axis_of_one_operand_c2(%a: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // expected-error @+1 {{'kerf.concat' op axis 2 is outside [0, 2) of [4, 8]}}
  %y = kerf.concat(%a), axis = 2 : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// -----

func.func @extents_c3(%a: tensor<4x8xf32>, %b: tensor<1x7xf32>) -> tensor<5x8xf32> {
  // expected-error @+1 {{'kerf.concat' op axis 1 is 8 vs 7 in [4, 8] and [1, 7]}}
  %y = kerf.concat(%a, %b), axis = 0 : (tensor<4x8xf32>, tensor<1x7xf32>) -> tensor<5x8xf32>
  return %y : tensor<5x8xf32>
}

// -----

func.func @sum_c3(%a: tensor<4x8xf32>, %b: tensor<1x8xf32>) -> tensor<6x8xf32> {
  // expected-error @+1 {{'kerf.concat' op the result is [6, 8] but should be [5, 8]}}
  %y = kerf.concat(%a, %b), axis = 0 : (tensor<4x8xf32>, tensor<1x8xf32>) -> tensor<6x8xf32>
  return %y : tensor<6x8xf32>
}
