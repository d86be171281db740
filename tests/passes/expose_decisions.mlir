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

// Those of a loop come out of it, one iteration's behind the other's, whatever axis it has.
// CHECK-LABEL: @in_loops
//  CHECK-SAME: tensor<3x8xi1> {kerf.name = "d0", {{.*}}}, tensor<3x1xi64> {kerf.name = "d1",
//       CHECK: %[[OUTER:.*]]:3 = kerf.scan count = 3, axis = 1 index
//       CHECK:   %[[INNER:.*]]:2 = kerf.scan count = 2 index
//       CHECK:     %[[SIGN:.*]] = kerf.compare
//       CHECK:     kerf.yield %{{.*}}, %[[SIGN]]
//       CHECK:   %[[BEST:.*]] = kerf.argmin
//   CHECK-DAG:   %[[SIGNS:.*]] = kerf.reshape %[[INNER]]#1 : tensor<2x4xi1> -> tensor<8xi1>
//   CHECK-DAG:   %[[ROW:.*]] = kerf.reshape %[[BEST]] : tensor<i64> -> tensor<1xi64>
//       CHECK:   kerf.yield %{{.*}}, %[[SIGNS]], %[[ROW]]
//   CHECK-DAG: %[[D0:.*]] = kerf.transpose %[[OUTER]]#1, permutation = [1, 0] : tensor<8x3xi1> -> tensor<3x8xi1>
//   CHECK-DAG: %[[D1:.*]] = kerf.transpose %[[OUTER]]#2, permutation = [1, 0] : tensor<1x3xi64> -> tensor<3x1xi64>
//       CHECK: return %[[OUTER]]#0, %[[D0]], %[[D1]]
func.func @in_loops(%x: tensor<4x3xf32> {kerf.name = "x"}) -> (tensor<4x3xf32> {kerf.name = "y"})
    attributes {kerf.entry} {
  %zero = arith.constant dense<0.0> : tensor<4xf32>
  %y = kerf.scan count = 3, axis = 1 index %i inputs(%a = %x : tensor<4x3xf32>) captures(%z = %zero : tensor<4xf32>) {
    %r = kerf.scan count = 2 index %j carried(%b = %a : tensor<4xf32>) captures(%c = %z : tensor<4xf32>) {
      %p = kerf.compare %b, %c, predicate = "gt" : tensor<4xf32> -> tensor<4xi1>
      %s = kerf.select %p, %b, %c : tensor<4xi1>, tensor<4xf32>
      kerf.yield %s : tensor<4xf32>
    }
    %k = kerf.argmin %r, axis = 0 : tensor<4xf32> -> tensor<i64>
    %g = kerf.gather %r, %k : tensor<4xf32>, tensor<i64> -> tensor<f32>
    %n = kerf.broadcast %g, dims = [] : tensor<f32> -> tensor<4xf32>
    kerf.yield %n : tensor<4xf32>
  }
  return %y : tensor<4x3xf32>
}

// Of the branch that is not taken they are 0.
// CHECK-LABEL: @in_branches
//       CHECK: %[[Y:.*]]:3 = kerf.cond
//       CHECK:   %[[SIGN:.*]] = kerf.compare
//       CHECK:   %[[NONE:.*]] = arith.constant dense<0> : tensor<i64>
//       CHECK:   kerf.yield %{{.*}}, %[[SIGN]], %[[NONE]]
//       CHECK: else
//       CHECK:   %[[BEST:.*]] = kerf.argmin
//       CHECK:   %[[NO:.*]] = arith.constant dense<false> : tensor<4xi1>
//       CHECK:   kerf.yield %{{.*}}, %[[NO]], %[[BEST]]
//       CHECK: return %[[Y]]#0, %[[Y]]#1, %[[Y]]#2
func.func @in_branches(%p: tensor<i1> {kerf.name = "p"}, %x: tensor<4xf32> {kerf.name = "x"}) -> (tensor<4xf32> {kerf.name = "y"})
    attributes {kerf.entry} {
  %y = kerf.cond %p then(%a = %x : tensor<4xf32>) {
    %zero = arith.constant dense<0.0> : tensor<4xf32>
    %q = kerf.compare %a, %zero, predicate = "gt" : tensor<4xf32> -> tensor<4xi1>
    %s = kerf.select %q, %a, %zero : tensor<4xi1>, tensor<4xf32>
    kerf.yield %s : tensor<4xf32>
  } else(%a = %x : tensor<4xf32>) {
    %k = kerf.argmin %a, axis = 0 : tensor<4xf32> -> tensor<i64>
    %g = kerf.gather %a, %k : tensor<4xf32>, tensor<i64> -> tensor<f32>
    %n = kerf.broadcast %g, dims = [] : tensor<f32> -> tensor<4xf32>
    kerf.yield %n : tensor<4xf32>
  }
  return %y : tensor<4xf32>
}
