// RUN: kerf-opt %s -kerf-drop-marks -canonicalize -cse | FileCheck %s --implicit-check-not=straight_through --implicit-check-not=stop_gradient
// RUN: kerf-run --match vq %s

// CHECK-LABEL: @straight_through_is_its_value
//  CHECK-SAME: (%[[Z:.*]]: tensor<3xf32>, %[[Q:.*]]: tensor<3xf32>)
//       CHECK: return %[[Q]]
func.func @straight_through_is_its_value(%z: tensor<3xf32>, %q: tensor<3xf32>) -> tensor<3xf32> {
  %y = kerf.straight_through %z, %q : tensor<3xf32>
  return %y : tensor<3xf32>
}

// CHECK-LABEL: @a_constant_is_what_it_was
//  CHECK-SAME: (%[[X:.*]]: tensor<3xf32>)
//       CHECK: %[[Y:.*]] = kerf.mul %[[X]], %[[X]]
//       CHECK: return %[[Y]]
func.func @a_constant_is_what_it_was(%x: tensor<3xf32>) -> tensor<3xf32> {
  %c = kerf.stop_gradient %x : tensor<3xf32>
  %y = kerf.mul %c, %x : tensor<3xf32>
  return %y : tensor<3xf32>
}

// CHECK-LABEL: @no_contraction_for_gradients_alone
//  CHECK-SAME: (%[[Y:.*]]: tensor<8x5xf32>, %[[E:.*]]: tensor<5x3xf32>, %[[Q:.*]]: tensor<8x3xf32>)
//   CHECK-NOT: kerf.contract
//       CHECK: return %[[Q]]
func.func @no_contraction_for_gradients_alone(%y: tensor<8x5xf32>, %e: tensor<5x3xf32>, %q: tensor<8x3xf32>) -> tensor<8x3xf32> {
  %zeros = arith.constant dense<0.0> : tensor<8x5xf32>
  %path = kerf.straight_through %y, %zeros : tensor<8x5xf32>
  %nothing = kerf.contract %path, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<8x5xf32>, tensor<5x3xf32> -> tensor<8x3xf32>
  %sum = kerf.add %q, %nothing : tensor<8x3xf32>
  return %sum : tensor<8x3xf32>
}

// Zeros that somebody computes with are multiplied: they may meet a NaN.
// CHECK-LABEL: @zeros_of_the_model
//       CHECK: kerf.contract
func.func @zeros_of_the_model(%e: tensor<5x3xf32>) -> tensor<8x3xf32> {
  %zeros = arith.constant dense<0.0> : tensor<8x5xf32>
  %y = kerf.contract %zeros, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<8x5xf32>, tensor<5x3xf32> -> tensor<8x3xf32>
  return %y : tensor<8x3xf32>
}

// CHECK-LABEL: @another_value_than_zero
//       CHECK: kerf.contract
func.func @another_value_than_zero(%y: tensor<8x5xf32>, %q: tensor<8x5xf32>, %e: tensor<5x3xf32>) -> tensor<8x3xf32> {
  %p = kerf.straight_through %y, %q : tensor<8x5xf32>
  %r = kerf.contract %p, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<8x5xf32>, tensor<5x3xf32> -> tensor<8x3xf32>
  return %r : tensor<8x3xf32>
}
