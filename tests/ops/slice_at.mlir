// RUN: kerf-opt %s -split-input-file -verify-diagnostics | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-run --limit 16 --function edges %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compiled --limit 16 --function edges %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// Any offset: the slice is moved inside.
// CHECK-LABEL: @awkward_sizes
//       CHECK: kerf.slice_at %{{.*}}, %{{.*}}, axis = 1 : tensor<7x17x3xf32> -> tensor<7x5x3xf32>
// LOWER-LABEL: @awkward_sizes
//   LOWER-NOT: kerf.slice_at
//       LOWER: tensor.extract_slice
func.func @awkward_sizes(%i: tensor<i64>, %a: tensor<7x17x3xf32>, %b: tensor<65xf64>, %c: tensor<3x1xf32>, %d: tensor<9x33xi1>)
    -> (tensor<7x5x3xf32>, tensor<1xf64>, tensor<3x1xf32>, tensor<9x2xi1>) {
  %x = kerf.slice_at %a, %i, axis = 1 : tensor<7x17x3xf32> -> tensor<7x5x3xf32>
  %y = kerf.slice_at %b, %i, axis = 0 : tensor<65xf64> -> tensor<1xf64>
  %z = kerf.slice_at %c, %i, axis = 1 : tensor<3x1xf32> -> tensor<3x1xf32>
  %w = kerf.slice_at %d, %i, axis = 1 : tensor<9x33xi1> -> tensor<9x2xi1>
  return %x, %y, %z, %w : tensor<7x5x3xf32>, tensor<1xf64>, tensor<3x1xf32>, tensor<9x2xi1>
}

func.func @nothing(%i: tensor<i64>, %a: tensor<0x4xf32>, %b: tensor<3x4xi32>, %c: tensor<0xf32>) -> (tensor<0x2xf32>, tensor<3x0xi32>, tensor<0xf32>) {
  %x = kerf.slice_at %a, %i, axis = 1 : tensor<0x4xf32> -> tensor<0x2xf32>
  %y = kerf.slice_at %b, %i, axis = 1 : tensor<3x4xi32> -> tensor<3x0xi32>
  %z = kerf.slice_at %c, %i, axis = 0 : tensor<0xf32> -> tensor<0xf32>
  return %x, %y, %z : tensor<0x2xf32>, tensor<3x0xi32>, tensor<0xf32>
}

// VALUE-LABEL: @edges
//  VALUE-NEXT: tensor<2xi32>: 1 2
//  VALUE-NEXT: tensor<2xi32>: 2 3
//  VALUE-NEXT: tensor<2xi32>: 3 4
//  VALUE-NEXT: tensor<2xi32>: 3 4
func.func @edges() -> (tensor<2xi32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>) {
  %x = arith.constant dense<[1, 2, 3, 4]> : tensor<4xi32>
  %i = arith.constant dense<-9223372036854775808> : tensor<i64>
  %j = arith.constant dense<1> : tensor<i64>
  %k = arith.constant dense<3> : tensor<i64>
  %l = arith.constant dense<9223372036854775807> : tensor<i64>
  %a = kerf.slice_at %x, %i, axis = 0 : tensor<4xi32> -> tensor<2xi32>
  %b = kerf.slice_at %x, %j, axis = 0 : tensor<4xi32> -> tensor<2xi32>
  %c = kerf.slice_at %x, %k, axis = 0 : tensor<4xi32> -> tensor<2xi32>
  %d = kerf.slice_at %x, %l, axis = 0 : tensor<4xi32> -> tensor<2xi32>
  return %a, %b, %c, %d : tensor<2xi32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>
}

// -----

func.func @axis_c1(%x: tensor<4x8xf32>, %i: tensor<i64>) -> tensor<4x8xf32> {
  // expected-error @+1 {{'kerf.slice_at' op axis 2 is outside [0, 2) of [4, 8]}}
  %y = kerf.slice_at %x, %i, axis = 2 : tensor<4x8xf32> -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// -----

func.func @size_c2(%x: tensor<4x8xf32>, %i: tensor<i64>) -> tensor<4x9xf32> {
  // expected-error @+1 {{'kerf.slice_at' op size 9 is outside [0, 8], axis 1 of [4, 8]}}
  %y = kerf.slice_at %x, %i, axis = 1 : tensor<4x8xf32> -> tensor<4x9xf32>
  return %y : tensor<4x9xf32>
}

// -----

func.func @shape_c2(%x: tensor<4x8xf32>, %i: tensor<i64>) -> tensor<3x8xf32> {
  // expected-error @+1 {{'kerf.slice_at' op the result is [3, 8] but should be [4, 8]}}
  %y = kerf.slice_at %x, %i, axis = 1 : tensor<4x8xf32> -> tensor<3x8xf32>
  return %y : tensor<3x8xf32>
}

// -----

func.func @element_type_c3(%x: tensor<4x8xf32>, %i: tensor<i64>) -> tensor<4x2xf64> {
  // expected-error @+1 {{'kerf.slice_at' op failed to verify that all of {x, y} have same element type}}
  %y = kerf.slice_at %x, %i, axis = 1 : tensor<4x8xf32> -> tensor<4x2xf64>
  return %y : tensor<4x2xf64>
}
