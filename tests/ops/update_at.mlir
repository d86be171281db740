// RUN: kerf-opt %s -split-input-file -verify-diagnostics | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-run --limit 16 --function edges %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compiled --limit 16 --function edges %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// Any offset: the update is moved inside.
// CHECK-LABEL: @awkward_sizes
//       CHECK: kerf.update_at %{{.*}}, %{{.*}}, %{{.*}}, axis = 1 : tensor<7x17x3xf32>, tensor<7x5x3xf32>
// LOWER-LABEL: @awkward_sizes
//   LOWER-NOT: kerf.update_at
//       LOWER: tensor.insert_slice
func.func @awkward_sizes(%i: tensor<i64>, %a: tensor<7x17x3xf32>, %u: tensor<7x5x3xf32>, %b: tensor<65xf64>, %v: tensor<1xf64>,
                         %c: tensor<3x1xf32>, %w: tensor<3x1xf32>, %d: tensor<9x33xi1>, %t: tensor<9x2xi1>)
    -> (tensor<7x17x3xf32>, tensor<65xf64>, tensor<3x1xf32>, tensor<9x33xi1>) {
  %x = kerf.update_at %a, %i, %u, axis = 1 : tensor<7x17x3xf32>, tensor<7x5x3xf32>
  %y = kerf.update_at %b, %i, %v, axis = 0 : tensor<65xf64>, tensor<1xf64>
  %z = kerf.update_at %c, %i, %w, axis = 1 : tensor<3x1xf32>, tensor<3x1xf32>
  %o = kerf.update_at %d, %i, %t, axis = 1 : tensor<9x33xi1>, tensor<9x2xi1>
  return %x, %y, %z, %o : tensor<7x17x3xf32>, tensor<65xf64>, tensor<3x1xf32>, tensor<9x33xi1>
}

func.func @nothing(%i: tensor<i64>, %a: tensor<0x4xf32>, %u: tensor<0x2xf32>, %b: tensor<3x4xi32>, %v: tensor<3x0xi32>)
    -> (tensor<0x4xf32>, tensor<3x4xi32>) {
  %x = kerf.update_at %a, %i, %u, axis = 1 : tensor<0x4xf32>, tensor<0x2xf32>
  %y = kerf.update_at %b, %i, %v, axis = 1 : tensor<3x4xi32>, tensor<3x0xi32>
  return %x, %y : tensor<0x4xf32>, tensor<3x4xi32>
}

// A cache that a loop fills: what is written stays.
func.func @filled_by_a_loop(%x: tensor<5x3xf32>, %row: tensor<1x3xf32>) -> tensor<5x3xf32> attributes {kerf.no_gradient} {
  %y = kerf.scan count = 4 index %i carried(%c = %x : tensor<5x3xf32>) captures(%r = %row : tensor<1x3xf32>) {
    %f = kerf.cast %i : tensor<i64> -> tensor<f32>
    %s = kerf.broadcast %f, dims = [] : tensor<f32> -> tensor<1x3xf32>
    %u = kerf.add %r, %s : tensor<1x3xf32>
    %n = kerf.update_at %c, %i, %u, axis = 0 : tensor<5x3xf32>, tensor<1x3xf32>
    kerf.yield %n : tensor<5x3xf32>
  }
  return %y : tensor<5x3xf32>
}

// VALUE-LABEL: @edges
//  VALUE-NEXT: tensor<4xi32>: 8 9 3 4
//  VALUE-NEXT: tensor<4xi32>: 1 8 9 4
//  VALUE-NEXT: tensor<4xi32>: 1 2 8 9
func.func @edges() -> (tensor<4xi32>, tensor<4xi32>, tensor<4xi32>) {
  %x = arith.constant dense<[1, 2, 3, 4]> : tensor<4xi32>
  %u = arith.constant dense<[8, 9]> : tensor<2xi32>
  %i = arith.constant dense<-9223372036854775808> : tensor<i64>
  %j = arith.constant dense<1> : tensor<i64>
  %l = arith.constant dense<9223372036854775807> : tensor<i64>
  %a = kerf.update_at %x, %i, %u, axis = 0 : tensor<4xi32>, tensor<2xi32>
  %b = kerf.update_at %x, %j, %u, axis = 0 : tensor<4xi32>, tensor<2xi32>
  %c = kerf.update_at %x, %l, %u, axis = 0 : tensor<4xi32>, tensor<2xi32>
  return %a, %b, %c : tensor<4xi32>, tensor<4xi32>, tensor<4xi32>
}

// -----

func.func @axis_c1(%x: tensor<4x8xf32>, %i: tensor<i64>) -> tensor<4x8xf32> {
  // expected-error @+1 {{'kerf.update_at' op axis 2 is outside [0, 2) of [4, 8]}}
  %y = kerf.update_at %x, %i, %x, axis = 2 : tensor<4x8xf32>, tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// -----

func.func @size_c2(%x: tensor<4x8xf32>, %i: tensor<i64>, %u: tensor<4x9xf32>) -> tensor<4x8xf32> {
  // expected-error @+1 {{'kerf.update_at' op the update [4, 9] has more along axis 1 than x [4, 8]}}
  %y = kerf.update_at %x, %i, %u, axis = 1 : tensor<4x8xf32>, tensor<4x9xf32>
  return %y : tensor<4x8xf32>
}

// -----

func.func @extents_c2(%x: tensor<4x8xf32>, %i: tensor<i64>, %u: tensor<3x8xf32>) -> tensor<4x8xf32> {
  // expected-error @+1 {{'kerf.update_at' op axis 0 of x [4, 8] is 4, of the update 3}}
  %y = kerf.update_at %x, %i, %u, axis = 1 : tensor<4x8xf32>, tensor<3x8xf32>
  return %y : tensor<4x8xf32>
}

// -----

func.func @element_type_c3(%x: tensor<4x8xf32>, %i: tensor<i64>, %u: tensor<4x2xf64>) -> tensor<4x8xf32> {
  // expected-error @+1 {{'kerf.update_at' op failed to verify that all of {x, update} have same element type}}
  %y = kerf.update_at %x, %i, %u, axis = 1 : tensor<4x8xf32>, tensor<4x2xf64>
  return %y : tensor<4x8xf32>
}
