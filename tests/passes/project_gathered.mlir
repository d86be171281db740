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

// The gradient in the projection, a sum over the rows, where none is taken in the table.
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

// Both gradients of a projection of gathered rows: 48 rows are added into three before they are
// multiplied. An index names rows 0 and 1 only, so that nothing flows to row 2, be it infinite.
// CHECK-LABEL: @gradients
//  CHECK-SAME: (%[[G:.*]]: tensor<6x8x5xf32>, %[[E:.*]]: tensor<3x16xf32>, %[[W:.*]]: tensor<5x16xf32>, %[[I:.*]]: tensor<6x8xi64>
//       CHECK: %[[S:.*]] = kerf.scatter_add %[[G]], %[[I]], rows = 3
//   CHECK-NOT: kerf.gather
//       CHECK: %[[N:.*]] = kerf.select {{.*}}, %[[E]], {{.*}} : tensor<3x16xi1>, tensor<3x16xf32>
//       CHECK: %[[DW:.*]] = kerf.contract %[[S]], %[[N]], a_batch = [], b_batch = [], a_contract = [0], b_contract = [0] : {{.*}} -> tensor<5x16xf32>
//       CHECK: %[[P:.*]] = kerf.contract %[[S]], %[[W]], a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : {{.*}} -> tensor<3x16xf32>
//       CHECK: %[[DE:.*]] = kerf.select {{.*}}, %[[P]], {{.*}} : tensor<3x16xi1>, tensor<3x16xf32>
//       CHECK: return %[[DW]], %[[DE]]
func.func @gradients(%g: tensor<6x8x5xf32>, %e: tensor<3x16xf32>, %w: tensor<5x16xf32>, %i: tensor<6x8xi64> {kerf.range = [0, 1]}) -> (tensor<5x16xf32>, tensor<3x16xf32>) {
  %q = kerf.gather %e, %i : tensor<3x16xf32>, tensor<6x8xi64> -> tensor<6x8x16xf32>
  %dw = kerf.contract %g, %q, a_batch = [], b_batch = [], a_contract = [0, 1], b_contract = [0, 1] : tensor<6x8x5xf32>, tensor<6x8x16xf32> -> tensor<5x16xf32>
  %dq = kerf.contract %g, %w, a_batch = [], b_batch = [], a_contract = [2], b_contract = [0] : tensor<6x8x5xf32>, tensor<5x16xf32> -> tensor<6x8x16xf32>
  %de = kerf.scatter_add %dq, %i, rows = 3 : tensor<6x8x16xf32>, tensor<6x8xi64> -> tensor<3x16xf32>
  return %dw, %de : tensor<5x16xf32>, tensor<3x16xf32>
}

// The table at the left; of a row that no index names, infinity times 0 is not added.
// CHECK-LABEL: @infinite_row
//   CHECK-NOT: kerf.gather
//       CHECK: kerf.contract %{{.*}}, %{{.*}}, a_batch = [], b_batch = [], a_contract = [0], b_contract = [0] : tensor<3x16xf32>, tensor<3x5xf32> -> tensor<16x5xf32>
func.func @infinite_row(%g: tensor<48x5xf32>, %w: tensor<5x16xf32>, %i: tensor<48xi64> {kerf.range = [0, 1]}) -> (tensor<16x5xf32>, tensor<3x16xf32>) {
  %e = arith.constant dense<[[0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 5.5, 6.0, 6.5, 7.0, 7.5, 8.0],
                             [8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0, 0.0, -1.0, -2.0, -3.0, -4.0, -5.0, -6.0, -7.0],
                             [0x7F800000, 0x7FC00000, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]]> : tensor<3x16xf32>
  %q = kerf.gather %e, %i : tensor<3x16xf32>, tensor<48xi64> -> tensor<48x16xf32>
  %dw = kerf.contract %q, %g, a_batch = [], b_batch = [], a_contract = [0], b_contract = [0] : tensor<48x16xf32>, tensor<48x5xf32> -> tensor<16x5xf32>
  %dq = kerf.contract %g, %w, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<48x5xf32>, tensor<5x16xf32> -> tensor<48x16xf32>
  %de = kerf.scatter_add %dq, %i, rows = 3 : tensor<48x16xf32>, tensor<48xi64> -> tensor<3x16xf32>
  return %dw, %de : tensor<16x5xf32>, tensor<3x16xf32>
}

// More rows than a scatter-add adds in blocks: 13 of 48.
// CHECK-LABEL: @many_rows
//  CHECK-NEXT: kerf.contract
//  CHECK-NEXT: kerf.scatter_add
//  CHECK-NEXT: return
func.func @many_rows(%g: tensor<48x5xf32>, %w: tensor<5x16xf32>, %i: tensor<48xi64> {kerf.range = [0, 13]}) -> tensor<13x16xf32> {
  %dq = kerf.contract %g, %w, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<48x5xf32>, tensor<5x16xf32> -> tensor<48x16xf32>
  %de = kerf.scatter_add %dq, %i, rows = 13 : tensor<48x16xf32>, tensor<48xi64> -> tensor<13x16xf32>
  return %de : tensor<13x16xf32>
}

// An addition would save 15 products.
// CHECK-LABEL: @narrow_rows
//  CHECK-NEXT: kerf.contract
//  CHECK-NEXT: kerf.scatter_add
//  CHECK-NEXT: return
func.func @narrow_rows(%g: tensor<48x5xf32>, %w: tensor<5x15xf32>, %i: tensor<48xi64> {kerf.range = [0, 3]}) -> tensor<3x15xf32> {
  %dq = kerf.contract %g, %w, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<48x5xf32>, tensor<5x15xf32> -> tensor<48x15xf32>
  %de = kerf.scatter_add %dq, %i, rows = 3 : tensor<48x15xf32>, tensor<48xi64> -> tensor<3x15xf32>
  return %de : tensor<3x15xf32>
}

// The projected rows have another user.
// CHECK-LABEL: @rows_are_needed
//       CHECK: kerf.contract {{.*}} -> tensor<48x16xf32>
//       CHECK: kerf.scatter_add {{.*}} -> tensor<3x16xf32>
func.func @rows_are_needed(%g: tensor<48x5xf32>, %w: tensor<5x16xf32>, %i: tensor<48xi64> {kerf.range = [0, 3]}) -> (tensor<48x16xf32>, tensor<3x16xf32>) {
  %dq = kerf.contract %g, %w, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<48x5xf32>, tensor<5x16xf32> -> tensor<48x16xf32>
  %de = kerf.scatter_add %dq, %i, rows = 3 : tensor<48x16xf32>, tensor<48xi64> -> tensor<3x16xf32>
  return %dq, %de : tensor<48x16xf32>, tensor<3x16xf32>
}
