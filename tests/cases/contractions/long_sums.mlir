// RUN: kerf-run --compare --tolerance 5e-6 %s

// One chain of block sums is off by 2e-5 of a sum of 2^20 like terms. Groups of 16 blocks, added
// pairwise, keep every contraction and convolution within 5e-6.

func.func @contract(%a: tensor<2x1048576xf32> {kerf.range = [0.1, 0.1]}, %b: tensor<1048576x3xf32> {kerf.range = [0.1, 0.1]}) -> tensor<2x3xf32> attributes {kerf.no_gradient} {
  %y = kerf.contract %a, %b, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<2x1048576xf32>, tensor<1048576x3xf32> -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// The gradient of x is an outer product, that of w a contraction of 200,000 terms.
func.func @matrix_times_vector(%x: tensor<200000x3xf32> {kerf.range = [0.3, 0.3]}, %w: tensor<3xf32> {kerf.range = [0.7, 0.7]}) -> tensor<200000xf32> {
  %y = kerf.contract %x, %w, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<200000x3xf32>, tensor<3xf32> -> tensor<200000xf32>
  return %y : tensor<200000xf32>
}

func.func @conv(%x: tensor<1x131072x2x4xf32> {kerf.range = [0.1, 0.1]}, %w: tensor<1x131072x2x4xf32> {kerf.range = [0.1, 0.1]}) -> tensor<1x1x1x1xf32> attributes {kerf.no_gradient} {
  %y = kerf.conv %x, %w, stride = [1, 1], padding = [0, 0] : tensor<1x131072x2x4xf32>, tensor<1x131072x2x4xf32> -> tensor<1x1x1x1xf32>
  return %y : tensor<1x1x1x1xf32>
}

func.func @conv_transpose(%y: tensor<1x131072x2x2xf32> {kerf.range = [0.1, 0.1]}, %w: tensor<131072x1x2x2xf32> {kerf.range = [0.1, 0.1]}) -> tensor<1x1x3x3xf32> attributes {kerf.no_gradient} {
  %x = kerf.conv_transpose %y, %w, stride = [1, 1], padding = [0, 0] : tensor<1x131072x2x2xf32>, tensor<131072x1x2x2xf32> -> tensor<1x1x3x3xf32>
  return %x : tensor<1x1x3x3xf32>
}

func.func @conv_filter(%x: tensor<64x1x128x128xf32> {kerf.range = [0.1, 0.1]}, %y: tensor<64x2x128x128xf32> {kerf.range = [0.1, 0.1]}) -> tensor<2x1x3x3xf32> attributes {kerf.no_gradient} {
  %w = kerf.conv_filter %x, %y, stride = [1, 1], padding = [1, 1] : tensor<64x1x128x128xf32>, tensor<64x2x128x128xf32> -> tensor<2x1x3x3xf32>
  return %w : tensor<2x1x3x3xf32>
}

// The same without a register tile.
func.func @contract_f64(%a: tensor<1048576xf64> {kerf.range = [0.1, 0.1]}, %b: tensor<1048576xf64> {kerf.range = [0.1, 0.1]}) -> tensor<f64> {
  %y = kerf.contract %a, %b, a_batch = [], b_batch = [], a_contract = [0], b_contract = [0] : tensor<1048576xf64>, tensor<1048576xf64> -> tensor<f64>
  return %y : tensor<f64>
}
