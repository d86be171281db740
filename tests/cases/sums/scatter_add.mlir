// Many updates of few rows keep their digits, and counts in floats do not stop at 2^24.
// RUN: kerf-run --compiled %s | FileCheck %s
// RUN: kerf-run --compare --tolerance 1e-6 --function like_terms %s
// RUN: kerf-run --compare --tolerance 1e-6 --function one_row %s
// RUN: kerf-run --compare --function mixed %s

// CHECK-LABEL: @counts
// CHECK-NEXT: 2e+07 0
func.func @counts(%c: tensor<i64> {kerf.range = [0, 0]}) -> tensor<2xf32> {
  %one = arith.constant dense<1.0> : tensor<20000000xf32>
  %codes = kerf.broadcast %c, dims = [] : tensor<i64> -> tensor<20000000xi64>
  %y = kerf.scatter_add %one, %codes, rows = 2 : tensor<20000000xf32>, tensor<20000000xi64> -> tensor<2xf32>
  return %y : tensor<2xf32>
}

// CHECK-LABEL: @like_terms
// CHECK-NEXT: 0 0 9999.99{{.*}} 0
func.func @like_terms(%u: tensor<100000x2xf32> {kerf.range = [0.1, 0.1]}, %i: tensor<100000xi64> {kerf.range = [1, 1]}) -> tensor<3x2xf32> {
  %y = kerf.scatter_add %u, %i, rows = 3 : tensor<100000x2xf32>, tensor<100000xi64> -> tensor<3x2xf32>
  return %y : tensor<3x2xf32>
}

func.func @one_row(%u: tensor<100003xf32> {kerf.range = [0.3, 0.3]}, %i: tensor<100003xi64>) -> tensor<1xf32> {
  %y = kerf.scatter_add %u, %i, rows = 1 : tensor<100003xf32>, tensor<100003xi64> -> tensor<1xf32>
  return %y : tensor<1xf32>
}

// As few rows as may be for blocks, and one more.
func.func @mixed(%u: tensor<4096x3xf32>, %i: tensor<4096xi64> {kerf.range = [0, 129]},
                 %d: tensor<4096x3xf64>) -> (tensor<128x3xf32>, tensor<129x3xf32>, tensor<128x3xf64>) {
  %x = kerf.scatter_add %u, %i, rows = 128 : tensor<4096x3xf32>, tensor<4096xi64> -> tensor<128x3xf32>
  %y = kerf.scatter_add %u, %i, rows = 129 : tensor<4096x3xf32>, tensor<4096xi64> -> tensor<129x3xf32>
  %z = kerf.scatter_add %d, %i, rows = 128 : tensor<4096x3xf64>, tensor<4096xi64> -> tensor<128x3xf64>
  return %x, %y, %z : tensor<128x3xf32>, tensor<129x3xf32>, tensor<128x3xf64>
}
