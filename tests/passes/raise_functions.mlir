// RUN: kerf-opt %s -kerf-raise-functions | FileCheck %s
// RUN: kerf-run --compare %s

// CHECK-LABEL: @log_of_sigmoid
//       CHECK: %[[MINUS:.*]] = kerf.neg %arg0
//       CHECK: %[[TAIL:.*]] = kerf.softplus %[[MINUS]]
//       CHECK: %[[Y:.*]] = kerf.neg %[[TAIL]]
//       CHECK: return %[[Y]]
func.func @log_of_sigmoid(%x: tensor<5xf32>) -> tensor<5xf32> {
  %s = kerf.sigmoid %x : tensor<5xf32>
  %y = kerf.log %s : tensor<5xf32>
  return %y : tensor<5xf32>
}

// Either operand may be the 1.
// CHECK-LABEL: @log_of_sum
// CHECK-COUNT-2: kerf.log1p %arg0
func.func @log_of_sum(%x: tensor<5xf32> {kerf.range = [-0.9, 4.0]}) -> (tensor<5xf32>, tensor<5xf32>) {
  %one = arith.constant dense<1.0> : tensor<5xf32>
  %a = kerf.add %one, %x : tensor<5xf32>
  %b = kerf.add %x, %one : tensor<5xf32>
  %y = kerf.log %a : tensor<5xf32>
  %z = kerf.log %b : tensor<5xf32>
  return %y, %z : tensor<5xf32>, tensor<5xf32>
}

// CHECK-LABEL: @softplus
// CHECK-COUNT-2: kerf.softplus %arg0
func.func @softplus(%x: tensor<5xf32>) -> (tensor<5xf32>, tensor<5xf32>) {
  %one = arith.constant dense<1.0> : tensor<5xf32>
  %e = kerf.exp %x : tensor<5xf32>
  %a = kerf.add %one, %e : tensor<5xf32>
  %y = kerf.log %a : tensor<5xf32>
  %z = kerf.log1p %e : tensor<5xf32>
  return %y, %z : tensor<5xf32>, tensor<5xf32>
}

// CHECK-LABEL: @difference_from_one
//       CHECK: %[[Y:.*]] = kerf.expm1 %arg0
//       CHECK: %[[MINUS:.*]] = kerf.neg %arg0
//       CHECK: %[[Z:.*]] = kerf.sigmoid %[[MINUS]]
//       CHECK: return %[[Y]], %[[Z]]
func.func @difference_from_one(%x: tensor<5xf32>) -> (tensor<5xf32>, tensor<5xf32>) {
  %one = arith.constant dense<1.0> : tensor<5xf32>
  %e = kerf.exp %x : tensor<5xf32>
  %y = kerf.sub %e, %one : tensor<5xf32>
  %s = kerf.sigmoid %x : tensor<5xf32>
  %z = kerf.sub %one, %s : tensor<5xf32>
  return %y, %z : tensor<5xf32>, tensor<5xf32>
}

// CHECK-LABEL: @reciprocal_of_sum
//       CHECK: %[[Y:.*]] = kerf.sigmoid %arg0
//       CHECK: return %[[Y]]
func.func @reciprocal_of_sum(%x: tensor<5xf32>) -> tensor<5xf32> {
  %one = arith.constant dense<1.0> : tensor<5xf32>
  %minus = kerf.neg %x : tensor<5xf32>
  %e = kerf.exp %minus : tensor<5xf32>
  %sum = kerf.add %one, %e : tensor<5xf32>
  %y = kerf.div %one, %sum : tensor<5xf32>
  return %y : tensor<5xf32>
}

// CHECK-LABEL: @of_a_broadcast_one
//       CHECK: kerf.expm1 %arg0
func.func @of_a_broadcast_one(%x: tensor<5xf32>) -> tensor<5xf32> {
  %number = arith.constant dense<1.0> : tensor<f32>
  %one = kerf.broadcast %number, dims = [] : tensor<f32> -> tensor<5xf32>
  %e = kerf.exp %x : tensor<5xf32>
  %y = kerf.sub %e, %one : tensor<5xf32>
  return %y : tensor<5xf32>
}

// CHECK-LABEL: @of_another_number
//   CHECK-NOT: kerf.log1p
//   CHECK-NOT: kerf.expm1
//       CHECK: return
func.func @of_another_number(%x: tensor<5xf32> {kerf.range = [-0.9, 4.0]}) -> (tensor<5xf32>, tensor<5xf32>) {
  %two = arith.constant dense<2.0> : tensor<5xf32>
  %sum = kerf.add %two, %x : tensor<5xf32>
  %y = kerf.log %sum : tensor<5xf32>
  %e = kerf.exp %x : tensor<5xf32>
  %z = kerf.sub %e, %two : tensor<5xf32>
  return %y, %z : tensor<5xf32>, tensor<5xf32>
}

// CHECK-LABEL: @the_other_way_round
//   CHECK-NOT: kerf.expm1
//   CHECK-NOT: kerf.neg
//       CHECK: return
func.func @the_other_way_round(%x: tensor<5xf32>) -> (tensor<5xf32>, tensor<5xf32>) {
  %one = arith.constant dense<1.0> : tensor<5xf32>
  %e = kerf.exp %x : tensor<5xf32>
  %y = kerf.sub %one, %e : tensor<5xf32>
  %s = kerf.sigmoid %x : tensor<5xf32>
  %z = kerf.sub %s, %one : tensor<5xf32>
  return %y, %z : tensor<5xf32>, tensor<5xf32>
}

// e^x, not e^-x.
// CHECK-LABEL: @reciprocal_of_the_other_tail
//   CHECK-NOT: kerf.sigmoid
//       CHECK: return
func.func @reciprocal_of_the_other_tail(%x: tensor<5xf32>) -> tensor<5xf32> {
  %one = arith.constant dense<1.0> : tensor<5xf32>
  %e = kerf.exp %x : tensor<5xf32>
  %sum = kerf.add %one, %e : tensor<5xf32>
  %y = kerf.div %one, %sum : tensor<5xf32>
  return %y : tensor<5xf32>
}
