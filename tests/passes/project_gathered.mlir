// RUN: kerf-opt %s -kerf-drop-marks -kerf-project-gathered | FileCheck %s
// RUN: kerf-run --compare %s

// Seven codes are projected, not thirteen rows.
// CHECK-LABEL: @rows_of_codes
//  CHECK-SAME: (%[[E:.*]]: tensor<7x5xf32>, %[[W:.*]]: tensor<3x5xf32>, %[[I:.*]]: tensor<13xi64>
//  CHECK-NEXT: %[[P:.*]] = kerf.contract %[[E]], %[[W]], {{.*}} -> tensor<7x3xf32>
//  CHECK-NEXT: %[[Y:.*]] = kerf.gather %[[P]], %[[I]]
//  CHECK-NEXT: return %[[Y]]
func.func @rows_of_codes(%e: tensor<7x5xf32>, %w: tensor<3x5xf32>, %i: tensor<13xi64> {kerf.range = [0, 7]}) -> tensor<13x3xf32> {
  %q = kerf.gather %e, %i : tensor<7x5xf32>, tensor<13xi64> -> tensor<13x5xf32>
  %y = kerf.contract %q, %w, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<13x5xf32>, tensor<3x5xf32> -> tensor<13x3xf32>
  return %y : tensor<13x3xf32>
}

// Indices of several axes, and a straight-through estimator on the way.
// CHECK-LABEL: @of_a_quantizer
//       CHECK: kerf.contract %{{.*}} -> tensor<7x3xf32>
//  CHECK-NEXT: kerf.gather {{.*}} -> tensor<2x6x3xf32>
//   CHECK-NOT: kerf.straight_through
func.func @of_a_quantizer(%z: tensor<2x6x5xf32>, %e: tensor<7x5xf32>, %w: tensor<5x3xf32>, %i: tensor<2x6xi64> {kerf.range = [0, 7]}) -> tensor<2x6x3xf32> {
  %q = kerf.gather %e, %i : tensor<7x5xf32>, tensor<2x6xi64> -> tensor<2x6x5xf32>
  %s = kerf.straight_through %z, %q : tensor<2x6x5xf32>
  %y = kerf.contract %s, %w, a_batch = [], b_batch = [], a_contract = [2], b_contract = [0] : tensor<2x6x5xf32>, tensor<5x3xf32> -> tensor<2x6x3xf32>
  return %y : tensor<2x6x3xf32>
}

// CHECK-LABEL: @table_is_larger
//  CHECK-NEXT: kerf.gather
//  CHECK-NEXT: kerf.contract
func.func @table_is_larger(%e: tensor<13x5xf32>, %w: tensor<3x5xf32>, %i: tensor<13xi64> {kerf.range = [0, 13]}) -> tensor<13x3xf32> {
  %q = kerf.gather %e, %i : tensor<13x5xf32>, tensor<13xi64> -> tensor<13x5xf32>
  %y = kerf.contract %q, %w, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<13x5xf32>, tensor<3x5xf32> -> tensor<13x3xf32>
  return %y : tensor<13x3xf32>
}

// The gradient in the projection: a sum over the rows.
// CHECK-LABEL: @sum_over_rows
//  CHECK-NEXT: kerf.gather
//  CHECK-NEXT: kerf.contract
func.func @sum_over_rows(%e: tensor<7x5xf32>, %g: tensor<13x3xf32>, %i: tensor<13xi64> {kerf.range = [0, 7]}) -> tensor<5x3xf32> {
  %q = kerf.gather %e, %i : tensor<7x5xf32>, tensor<13xi64> -> tensor<13x5xf32>
  %y = kerf.contract %q, %g, a_batch = [], b_batch = [], a_contract = [0], b_contract = [0] : tensor<13x5xf32>, tensor<13x3xf32> -> tensor<5x3xf32>
  return %y : tensor<5x3xf32>
}

// Every row has a factor of its own.
// CHECK-LABEL: @batch_of_rows
//  CHECK-NEXT: kerf.gather
//  CHECK-NEXT: kerf.contract
func.func @batch_of_rows(%e: tensor<7x5xf32>, %w: tensor<13x5xf32>, %i: tensor<13xi64> {kerf.range = [0, 7]}) -> tensor<13xf32> {
  %q = kerf.gather %e, %i : tensor<7x5xf32>, tensor<13xi64> -> tensor<13x5xf32>
  %y = kerf.contract %q, %w, a_batch = [0], b_batch = [0], a_contract = [1], b_contract = [1] : tensor<13x5xf32>, tensor<13x5xf32> -> tensor<13xf32>
  return %y : tensor<13xf32>
}
