// RUN: kerf-opt %s -split-input-file -verify-diagnostics | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -canonicalize | FileCheck %s --check-prefix=FOLD
// RUN: kerf-run --function edges %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// Over the innermost axis, another, several, all, and none of several elements.
// CHECK-LABEL: @awkward_sizes
//       CHECK: kerf.max %{{.*}}, axes = [1] : tensor<7x17xf32> -> tensor<7xf32>
// LOWER-LABEL: @awkward_sizes
//   LOWER-NOT: kerf.max
//       LOWER: arith.constant 0xFF800000 : f32
//       LOWER: linalg.fill
//       LOWER: linalg.generic
//  LOWER-SAME: iterator_types = ["parallel", "reduction"]
//       LOWER: arith.maximumf
func.func @awkward_sizes(%a: tensor<7x17xf32>, %b: tensor<65xf32>, %c: tensor<3x5x7x17xf32>, %d: tensor<1x1xf32>,
                         %e: tensor<f32>, %f: tensor<5x65xf32>)
    -> (tensor<7xf32>, tensor<17xf32>, tensor<f32>, tensor<f32>, tensor<5x7xf32>, tensor<3x17xf32>,
        tensor<5xf32>, tensor<1xf32>, tensor<f32>, tensor<5xf32>) {
  %r = kerf.max %a, axes = [1] : tensor<7x17xf32> -> tensor<7xf32>
  %s = kerf.max %a, axes = [0] : tensor<7x17xf32> -> tensor<17xf32>
  %t = kerf.max %a, axes = [0, 1] : tensor<7x17xf32> -> tensor<f32>
  %u = kerf.max %b, axes = [0] : tensor<65xf32> -> tensor<f32>
  %v = kerf.max %c, axes = [0, 3] : tensor<3x5x7x17xf32> -> tensor<5x7xf32>
  %w = kerf.max %c, axes = [1, 2] : tensor<3x5x7x17xf32> -> tensor<3x17xf32>
  %x = kerf.max %c, axes = [0, 2, 3] : tensor<3x5x7x17xf32> -> tensor<5xf32>
  %y = kerf.max %d, axes = [0] : tensor<1x1xf32> -> tensor<1xf32>
  %z = kerf.max %e, axes = [] : tensor<f32> -> tensor<f32>
  %o = kerf.max %f, axes = [1] : tensor<5x65xf32> -> tensor<5xf32>
  return %r, %s, %t, %u, %v, %w, %x, %y, %z, %o
      : tensor<7xf32>, tensor<17xf32>, tensor<f32>, tensor<f32>, tensor<5x7xf32>, tensor<3x17xf32>,
        tensor<5xf32>, tensor<1xf32>, tensor<f32>, tensor<5xf32>
}

func.func @double(%x: tensor<7x17xf64>) -> (tensor<7xf64>, tensor<17xf64>) {
  %y = kerf.max %x, axes = [1] : tensor<7x17xf64> -> tensor<7xf64>
  %z = kerf.max %x, axes = [0] : tensor<7x17xf64> -> tensor<17xf64>
  return %y, %z : tensor<7xf64>, tensor<17xf64>
}

// LOWER-LABEL: @integers
//       LOWER: arith.maxsi
func.func @integers(%a: tensor<7x17xi32>, %b: tensor<65xi64>) -> (tensor<7xi32>, tensor<17xi32>, tensor<i64>) {
  %x = kerf.max %a, axes = [1] : tensor<7x17xi32> -> tensor<7xi32>
  %y = kerf.max %a, axes = [0] : tensor<7x17xi32> -> tensor<17xi32>
  %z = kerf.max %b, axes = [0] : tensor<65xi64> -> tensor<i64>
  return %x, %y, %z : tensor<7xi32>, tensor<17xi32>, tensor<i64>
}

// Two winners in each row share the gradient: b equals x.
func.func @ties(%x: tensor<7xf32>) -> tensor<7xf32> {
  %two = arith.constant dense<2.0> : tensor<7xf32>
  %half = arith.constant dense<0.5> : tensor<7xf32>
  %a = kerf.mul %x, %two : tensor<7xf32>
  %b = kerf.mul %a, %half : tensor<7xf32>
  %c = kerf.reshape %x : tensor<7xf32> -> tensor<7x1xf32>
  %d = kerf.reshape %b : tensor<7xf32> -> tensor<7x1xf32>
  %e = kerf.concat(%c, %d), axis = 1 : (tensor<7x1xf32>, tensor<7x1xf32>) -> tensor<7x2xf32>
  %y = kerf.max %e, axes = [1] : tensor<7x2xf32> -> tensor<7xf32>
  return %y : tensor<7xf32>
}

// NaN, the infinities, only zeros of both signs, in rows and in columns.
// VALUE-LABEL: @edges
//  VALUE-NEXT: tensor<4xf32>: {{-?nan}} inf -inf 0
//  VALUE-NEXT: tensor<3xf32>: {{-?nan}} 1 2
func.func @edges() -> (tensor<4xf32>, tensor<3xf32>) {
  %a = arith.constant dense<[[0x7FC00000, 1.0, 2.0], [0x7F800000, 0xFF800000, 1.0],
                             [0xFF800000, 0xFF800000, 0xFF800000], [-0.0, 0.0, -0.0]]> : tensor<4x3xf32>
  %y = kerf.max %a, axes = [1] : tensor<4x3xf32> -> tensor<4xf32>
  %z = kerf.max %a, axes = [0] : tensor<4x3xf32> -> tensor<3xf32>
  return %y, %z : tensor<4xf32>, tensor<3xf32>
}

// FOLD-LABEL: @over_no_axes
//  FOLD-SAME: %[[X:.*]]: tensor<5xf32>
//  FOLD-NEXT: return %[[X]]
func.func @over_no_axes(%x: tensor<5xf32>) -> tensor<5xf32> {
  %y = kerf.max %x, axes = [] : tensor<5xf32> -> tensor<5xf32>
  return %y : tensor<5xf32>
}

// -----

func.func @axes_c1(%x: tensor<4x8xf32>) -> tensor<8xf32> {
  // expected-error @+1 {{'kerf.max' op axes [0, 2] are not ascending axes of [4, 8], which has rank 2}}
  %y = kerf.max %x, axes = [0, 2] : tensor<4x8xf32> -> tensor<8xf32>
  return %y : tensor<8xf32>
}

// -----

func.func @ascending_c1(%x: tensor<4x8xf32>) -> tensor<f32> {
  // expected-error @+1 {{'kerf.max' op axes [1, 0] are not ascending axes of [4, 8], which has rank 2}}
  %y = kerf.max %x, axes = [1, 0] : tensor<4x8xf32> -> tensor<f32>
  return %y : tensor<f32>
}

// -----

// More axes than any tensor has: the list is cut, and marked as wrong by its last entry.
func.func @nine_axes_c1(%x: tensor<1x1x1x1x1x1x1x1xf32>) -> tensor<f32> {
  // expected-error @+1 {{'kerf.max' op axes [0, 1, 2, 3, 4, 5, 6, -1] are not ascending axes of [1, 1, 1, 1, 1, 1, 1, 1], which has rank 8}}
  %y = kerf.max %x, axes = [0, 1, 2, 3, 4, 5, 6, 7, 8] : tensor<1x1x1x1x1x1x1x1xf32> -> tensor<f32>
  return %y : tensor<f32>
}

// -----

func.func @shape_c2(%x: tensor<4x8xf32>) -> tensor<8xf32> {
  // expected-error @+1 {{'kerf.max' op the result is [8] but should be [4]}}
  %y = kerf.max %x, axes = [1] : tensor<4x8xf32> -> tensor<8xf32>
  return %y : tensor<8xf32>
}

// -----

func.func @element_type_c3(%x: tensor<4x8xf32>) -> tensor<4xf64> {
  // expected-error @+1 {{'kerf.max' op failed to verify that all of {x, y} have same element type}}
  %y = kerf.max %x, axes = [1] : tensor<4x8xf32> -> tensor<4xf64>
  return %y : tensor<4xf64>
}
