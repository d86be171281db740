// RUN: kerf-opt %s -kerf-decompose -kerf-differentiate -kerf-drop-marks -canonicalize -cse "-kerf-stream-rows=min-elements=1024 block-elements=64" | FileCheck %s "--implicit-check-not=tensor<512x32xf32>"

// The plain ops that stand for attention: its greatest score is held against a constant, which has a
// row for each of the block. Blocks are of 256 rows, because what they add to is larger than a block
// of scores should be; what is in one is not cut into itself without end.
// CHECK-LABEL: @attention
//       CHECK: kerf.rows block = 256
//       CHECK:   %[[LOWEST:.*]] = arith.constant dense<-3.40282347E+38> : tensor<256xf32>
//       CHECK:   kerf.maximum %{{.*}}, %[[LOWEST]] : tensor<256xf32>
func.func @attention(%x: tensor<512x4xf32>, %y: tensor<32x4xf32>, %z: tensor<32x4xf32>)
    -> (tensor<f32>, tensor<512x4xf32>, tensor<32x4xf32>, tensor<32x4xf32>) {
  %loss, %dq, %dk, %dv = kerf.value_and_grad params(%q = %x : tensor<512x4xf32>, %k = %y : tensor<32x4xf32>, %v = %z : tensor<32x4xf32>) {
    %o, %lse = kerf.attention %q, %k, %v scale = 0.5, empty = "zero" score {} mask {
    ^bb0(%i: tensor<i32>, %j: tensor<i32>):
      %seen = kerf.compare %j, %i, predicate = "le" : tensor<i32> -> tensor<i1>
      kerf.yield %seen : tensor<i1>
    } : tensor<512x4xf32>, tensor<32x4xf32>, tensor<32x4xf32> -> tensor<512x4xf32>, tensor<512xf32>
    %s = kerf.mul %o, %o : tensor<512x4xf32>
    %l = kerf.sum %s, axes = [0, 1] : tensor<512x4xf32> -> tensor<f32>
    kerf.yield %l : tensor<f32>
  }
  return %loss, %dq, %dk, %dv : tensor<f32>, tensor<512x4xf32>, tensor<32x4xf32>, tensor<32x4xf32>
}
