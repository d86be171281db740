// RUN: kerf-opt %s -kerf-differentiate -kerf-expose-decisions | FileCheck %s

// CHECK-LABEL: @decides
//  CHECK-SAME: -> (tensor<f32> {kerf.name = "loss"}, tensor<3xi1> {kerf.name = "d0", kerf.role = "decisions_decides"}, tensor<i64> {kerf.name = "d1", kerf.role = "decisions_decides"})
//       CHECK: %[[POSITIVE:.*]] = kerf.compare
//       CHECK: %[[BEST:.*]] = kerf.argmin
//       CHECK: return %{{.*}}, %[[POSITIVE]], %[[BEST]]
func.func @decides(%x: tensor<3xf32> {kerf.name = "x"}) -> (tensor<f32> {kerf.name = "loss"})
    attributes {kerf.entry} {
  %zero = arith.constant dense<0.0> : tensor<3xf32>
  %positive = kerf.compare %x, %zero, predicate = "gt" : tensor<3xf32> -> tensor<3xi1>
  %rectified = kerf.select %positive, %x, %zero : tensor<3xi1>, tensor<3xf32>
  %best = kerf.argmin %rectified, axis = 0 : tensor<3xf32> -> tensor<i64>
  %loss = kerf.gather %rectified, %best : tensor<3xf32>, tensor<i64> -> tensor<f32>
  return %loss : tensor<f32>
}

// An entry without a decision stays as it is.
// CHECK-LABEL: @decides_nothing
//  CHECK-SAME: -> tensor<3xf32>
//   CHECK-NOT: decision
func.func @decides_nothing(%x: tensor<3xf32>) -> tensor<3xf32> attributes {kerf.entry} {
  %y = kerf.exp %x : tensor<3xf32>
  return %y : tensor<3xf32>
}

// No entry: nobody reads its decisions.
// CHECK-LABEL: @helper
//  CHECK-SAME: -> tensor<i64>
//   CHECK-NOT: decision
func.func @helper(%x: tensor<3xf32>) -> tensor<i64> {
  %best = kerf.argmin %x, axis = 0 : tensor<3xf32> -> tensor<i64>
  return %best : tensor<i64>
}
