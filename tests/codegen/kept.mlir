// What a gradient keeps of 10,000 iterations, in bytes of the plan: the state has 256.
// RUN: kerf-compile %s -o %t --report
// RUN: FileCheck %s < %t/kept.fusion.json

module attributes {kerf.model = "kept"} {
// All that it needs of each: the state, and its product with the matrix.
//      CHECK: "name": "everything",
//      CHECK: "arena_bytes": {{7[0-9][0-9][0-9][0-9][0-9][0-9]}},
func.func @everything(%h: tensor<64xf32> {kerf.name = "h"}, %w: tensor<64x64xf32> {kerf.name = "w"}) -> (tensor<64x64xf32> {kerf.name = "dw"})
    attributes {kerf.entry} {
  %loss, %dw = kerf.value_and_grad params(%p = %w : tensor<64x64xf32>) captures(%s = %h : tensor<64xf32>) {
    %last = kerf.scan count = 10000 index %i carried(%a = %s : tensor<64xf32>) captures(%m = %p : tensor<64x64xf32>) {
      %t = kerf.contract %a, %m, a_batch = [], b_batch = [], a_contract = [0], b_contract = [0] : tensor<64xf32>, tensor<64x64xf32> -> tensor<64xf32>
      %n = kerf.tanh %t : tensor<64xf32>
      kerf.yield %n : tensor<64xf32>
    }
    %l = kerf.sum %last, axes = [0] : tensor<64xf32> -> tensor<f32>
    kerf.yield %l : tensor<f32>
  }
  return %dw : tensor<64x64xf32>
}

// 100 states, and of 100 iterations two each: three times the square root of 10,000, and the gradient.
//      CHECK: "name": "every_hundredth",
//      CHECK: "arena_bytes": {{1[0-9][0-9][0-9][0-9][0-9]}},
func.func @every_hundredth(%h: tensor<64xf32> {kerf.name = "h"}, %w: tensor<64x64xf32> {kerf.name = "w"}) -> (tensor<64x64xf32> {kerf.name = "dw"})
    attributes {kerf.entry} {
  %loss, %dw = kerf.value_and_grad params(%p = %w : tensor<64x64xf32>) captures(%s = %h : tensor<64xf32>) {
    %last = kerf.scan count = 10000, keep = 100 index %i carried(%a = %s : tensor<64xf32>) captures(%m = %p : tensor<64x64xf32>) {
      %t = kerf.contract %a, %m, a_batch = [], b_batch = [], a_contract = [0], b_contract = [0] : tensor<64xf32>, tensor<64x64xf32> -> tensor<64xf32>
      %n = kerf.tanh %t : tensor<64xf32>
      kerf.yield %n : tensor<64xf32>
    }
    %l = kerf.sum %last, axes = [0] : tensor<64xf32> -> tensor<f32>
    kerf.yield %l : tensor<f32>
  }
  return %dw : tensor<64x64xf32>
}
}
