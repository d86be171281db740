// A policy of bf16 in loops and derivatives: compiled code against the oracle, which rounds as the policy
// says; in f64, where nothing rounds, derivatives are those of the entry as it is written.
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient %s

func.func @recurrent(%x: tensor<7x4x8xf32>, %w: tensor<8x8xf32>, %b: tensor<8xf32>, %h: tensor<4x8xf32>) -> tensor<4x8xf32> attributes {kerf.compute = bf16} {
  %last = kerf.scan count = 7 index %i carried(%s = %h : tensor<4x8xf32>) inputs(%row = %x : tensor<7x4x8xf32>) captures(%q = %w : tensor<8x8xf32>, %c = %b : tensor<8xf32>) {
    %y = kerf.contract %s, %q, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<4x8xf32>, tensor<8x8xf32> -> tensor<4x8xf32>
    %bias = kerf.broadcast %c, dims = [1] : tensor<8xf32> -> tensor<4x8xf32>
    %z = kerf.add %y, %bias : tensor<4x8xf32>
    %u = kerf.add %z, %row : tensor<4x8xf32>
    %t = kerf.tanh %u : tensor<4x8xf32>
    kerf.yield %t : tensor<4x8xf32>
  }
  return %last : tensor<4x8xf32>
}

func.func @images(%x: tensor<2x3x9x9xf32>, %w: tensor<5x3x4x4xf32>, %v: tensor<5x2x3x3xf32>) -> tensor<2x2x9x9xf32> attributes {kerf.compute = bf16} {
  %y = kerf.conv %x, %w, stride = [2, 2], padding = [1, 1] : tensor<2x3x9x9xf32>, tensor<5x3x4x4xf32> -> tensor<2x5x4x4xf32>
  %s = kerf.mul %y, %y : tensor<2x5x4x4xf32>
  %z = kerf.conv_transpose %s, %v, stride = [2, 2], padding = [0, 0] : tensor<2x5x4x4xf32>, tensor<5x2x3x3xf32> -> tensor<2x2x9x9xf32>
  return %z : tensor<2x2x9x9xf32>
}
