// RUN: kerf-opt %s -split-input-file -verify-diagnostics | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// Kept for a kernel. Indices of any value: those outside the result count as its nearest row.
// CHECK-LABEL: @awkward_sizes
//       CHECK: kerf.scatter_add %{{.*}}, %{{.*}}, rows = 17 : tensor<65x7xf32>, tensor<65xi64> -> tensor<17x7xf32>
// LOWER-LABEL: @awkward_sizes
//       LOWER: kerf.scatter_add
func.func @awkward_sizes(%a: tensor<65x7xf32>, %i: tensor<65xi64>, %b: tensor<3x7xf32>, %j: tensor<3x7xi64>,
                         %c: tensor<3x5xf32>, %k: tensor<i64>)
    -> (tensor<17x7xf32>, tensor<5xf32>, tensor<1x3x5xf32>) {
  %x = kerf.scatter_add %a, %i, rows = 17 : tensor<65x7xf32>, tensor<65xi64> -> tensor<17x7xf32>
  %y = kerf.scatter_add %b, %j, rows = 5 : tensor<3x7xf32>, tensor<3x7xi64> -> tensor<5xf32>
  %z = kerf.scatter_add %c, %k, rows = 1 : tensor<3x5xf32>, tensor<i64> -> tensor<1x3x5xf32>
  return %x, %y, %z : tensor<17x7xf32>, tensor<5xf32>, tensor<1x3x5xf32>
}

// Rows 0 and 2 get three updates each, row 1 none.
func.func @clamped(%u: tensor<6x2xf32>) -> tensor<3x2xf32> {
  %i = arith.constant dense<[-9223372036854775808, -1, 0, 2, 3, 9223372036854775807]> : tensor<6xi64>
  %y = kerf.scatter_add %u, %i, rows = 3 : tensor<6x2xf32>, tensor<6xi64> -> tensor<3x2xf32>
  return %y : tensor<3x2xf32>
}

// -----

func.func @shape_of_updates_c1(%u: tensor<5x4xf32>, %i: tensor<3xi64>) -> tensor<7x4xf32> {
  // expected-error @+1 {{'kerf.scatter_add' op axis 0 of the updates is 5, of the indices 3, in [5, 4] and [3]}}
  %y = kerf.scatter_add %u, %i, rows = 7 : tensor<5x4xf32>, tensor<3xi64> -> tensor<7x4xf32>
  return %y : tensor<7x4xf32>
}

// -----

func.func @rank_of_updates_c1(%u: tensor<5xf32>, %i: tensor<5x3xi64>) -> tensor<7xf32> {
  // expected-error @+1 {{'kerf.scatter_add' op updates [5] do not begin with the axes of the indices [5, 3]}}
  %y = kerf.scatter_add %u, %i, rows = 7 : tensor<5xf32>, tensor<5x3xi64> -> tensor<7xf32>
  return %y : tensor<7xf32>
}

// -----

func.func @rows_c2(%u: tensor<3x4xf32>, %i: tensor<3xi64>) -> tensor<0x4xf32> {
  // expected-error @+1 {{'kerf.scatter_add' op the result needs at least one row, got 0}}
  %y = kerf.scatter_add %u, %i, rows = 0 : tensor<3x4xf32>, tensor<3xi64> -> tensor<0x4xf32>
  return %y : tensor<0x4xf32>
}

// -----

func.func @shape_c3(%u: tensor<3x4xf32>, %i: tensor<3xi64>) -> tensor<8x4xf32> {
  // expected-error @+1 {{'kerf.scatter_add' op the result is [8, 4] but should be [7, 4]}}
  %y = kerf.scatter_add %u, %i, rows = 7 : tensor<3x4xf32>, tensor<3xi64> -> tensor<8x4xf32>
  return %y : tensor<8x4xf32>
}

// -----

func.func @element_type_c4(%u: tensor<3x4xf32>, %i: tensor<3xi64>) -> tensor<7x4xf64> {
  // expected-error @+1 {{'kerf.scatter_add' op failed to verify that all of {updates, y} have same element type}}
  %y = kerf.scatter_add %u, %i, rows = 7 : tensor<3x4xf32>, tensor<3xi64> -> tensor<7x4xf64>
  return %y : tensor<7x4xf64>
}
