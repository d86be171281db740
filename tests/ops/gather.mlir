// RUN: kerf-opt %s -split-input-file -verify-diagnostics | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// Kept for a kernel. Indices of any value: those outside the table count as its nearest row.
// CHECK-LABEL: @awkward_sizes
//       CHECK: kerf.gather %{{.*}}, %{{.*}} : tensor<17x7xf32>, tensor<65xi64> -> tensor<65x7xf32>
// LOWER-LABEL: @awkward_sizes
//       LOWER: kerf.gather
func.func @awkward_sizes(%a: tensor<17x7xf32>, %i: tensor<65xi64>, %b: tensor<5xf32>, %j: tensor<3x7xi64>,
                         %c: tensor<1x3x5xf32>, %k: tensor<i64>)
    -> (tensor<65x7xf32>, tensor<3x7xf32>, tensor<3x5xf32>) {
  %x = kerf.gather %a, %i : tensor<17x7xf32>, tensor<65xi64> -> tensor<65x7xf32>
  %y = kerf.gather %b, %j : tensor<5xf32>, tensor<3x7xi64> -> tensor<3x7xf32>
  %z = kerf.gather %c, %k : tensor<1x3x5xf32>, tensor<i64> -> tensor<3x5xf32>
  return %x, %y, %z : tensor<65x7xf32>, tensor<3x7xf32>, tensor<3x5xf32>
}

// Rows of elements of any width.
func.func @element_types(%a: tensor<17x7xf64>, %b: tensor<17x7xi32>, %c: tensor<17x7xi64>, %i: tensor<5xi64>)
    -> (tensor<5x7xf64>, tensor<5x7xi32>, tensor<5x7xi64>) {
  %x = kerf.gather %a, %i : tensor<17x7xf64>, tensor<5xi64> -> tensor<5x7xf64>
  %y = kerf.gather %b, %i : tensor<17x7xi32>, tensor<5xi64> -> tensor<5x7xi32>
  %z = kerf.gather %c, %i : tensor<17x7xi64>, tensor<5xi64> -> tensor<5x7xi64>
  return %x, %y, %z : tensor<5x7xf64>, tensor<5x7xi32>, tensor<5x7xi64>
}

func.func @clamped(%table: tensor<3x2xf32>) -> tensor<6x2xf32> {
  %i = arith.constant dense<[-9223372036854775808, -1, 0, 2, 3, 9223372036854775807]> : tensor<6xi64>
  %y = kerf.gather %table, %i : tensor<3x2xf32>, tensor<6xi64> -> tensor<6x2xf32>
  return %y : tensor<6x2xf32>
}

// -----

func.func @rows_c1(%t: tensor<f32>, %i: tensor<3xi64>) -> tensor<3xf32> {
  // expected-error @+1 {{'kerf.gather' op the table needs an axis of rows, got []}}
  %y = kerf.gather %t, %i : tensor<f32>, tensor<3xi64> -> tensor<3xf32>
  return %y : tensor<3xf32>
}

// -----

func.func @no_rows_c1(%t: tensor<0x4xf32>, %i: tensor<3xi64>) -> tensor<3x4xf32> {
  // expected-error @+1 {{'kerf.gather' op the table has no rows: [0, 4]}}
  %y = kerf.gather %t, %i : tensor<0x4xf32>, tensor<3xi64> -> tensor<3x4xf32>
  return %y : tensor<3x4xf32>
}

// -----

func.func @shape_c2(%t: tensor<5x4xf32>, %i: tensor<3xi64>) -> tensor<3xf32> {
  // expected-error @+1 {{'kerf.gather' op the result is [3] but should be [3, 4]}}
  %y = kerf.gather %t, %i : tensor<5x4xf32>, tensor<3xi64> -> tensor<3xf32>
  return %y : tensor<3xf32>
}

// -----

func.func @element_type_c3(%t: tensor<5x4xf32>, %i: tensor<3xi64>) -> tensor<3x4xf64> {
  // expected-error @+1 {{'kerf.gather' op failed to verify that all of {table, y} have same element type}}
  %y = kerf.gather %t, %i : tensor<5x4xf32>, tensor<3xi64> -> tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
