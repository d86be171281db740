// The number of a loop's iteration under another shape of one element.
// RUN: kerf-run --compare %s

func.func @reshaped(%x: tensor<4x3xf32>) -> tensor<4x3xf32> attributes {kerf.no_gradient} {
  %u = arith.constant dense<0.5> : tensor<1x3xf32>
  %y = kerf.scan count = 3 index %i carried(%a = %x : tensor<4x3xf32>) captures(%v = %u : tensor<1x3xf32>) {
    %r = kerf.reshape %i : tensor<i64> -> tensor<1xi64>
    %s = kerf.scatter_add %v, %r, rows = 4 : tensor<1x3xf32>, tensor<1xi64> -> tensor<4x3xf32>
    %n = kerf.add %a, %s : tensor<4x3xf32>
    kerf.yield %n : tensor<4x3xf32>
  }
  return %y : tensor<4x3xf32>
}

func.func @of_rank_3(%x: tensor<4x2xf32>) -> tensor<1x1x1x2xf32> attributes {kerf.no_gradient} {
  %z = arith.constant dense<0.0> : tensor<1x1x1x2xf32>
  %y = kerf.scan count = 4 index %i carried(%a = %z : tensor<1x1x1x2xf32>) captures(%t = %x : tensor<4x2xf32>) {
    %r = kerf.reshape %i : tensor<i64> -> tensor<1x1x1xi64>
    %g = kerf.gather %t, %r : tensor<4x2xf32>, tensor<1x1x1xi64> -> tensor<1x1x1x2xf32>
    %n = kerf.add %a, %g : tensor<1x1x1x2xf32>
    kerf.yield %n : tensor<1x1x1x2xf32>
  }
  return %y : tensor<1x1x1x2xf32>
}
