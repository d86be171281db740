// Made by tests/parity/golden_ops.py.
module attributes {kerf.model = "golden_selection"} {
func.func @top_k(%x: tensor<3x5x17xf32> {kerf.name = "x"})
    -> (tensor<3x5x4xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.top_k"(%x) {k = 4 : i64} : (tensor<3x5x17xf32>) -> tensor<3x5x4xi64>
  return %y : tensor<3x5x4xi64>
}

func.func @top_k_of_ties(%x: tensor<9x33xf32> {kerf.name = "x"})
    -> (tensor<9x7xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.top_k"(%x) {k = 7 : i64} : (tensor<9x33xf32>) -> tensor<9x7xi64>
  return %y : tensor<9x7xi64>
}

func.func @top_k_all(%x: tensor<65xf32> {kerf.name = "x"})
    -> (tensor<65xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.top_k"(%x) {k = 65 : i64} : (tensor<65xf32>) -> tensor<65xi64>
  return %y : tensor<65xi64>
}

func.func @top_k_with_nan(%x: tensor<3x21xf32> {kerf.name = "x"})
    -> (tensor<3x5xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.top_k"(%x) {k = 5 : i64} : (tensor<3x21xf32>) -> tensor<3x5xi64>
  return %y : tensor<3x5xi64>
}

func.func @vq_l2(%z: tensor<37x24xf32> {kerf.name = "z"}, %e: tensor<50x24xf32> {kerf.name = "e"})
    -> (tensor<37xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.vq"(%z, %e) {metric = "l2"} : (tensor<37x24xf32>, tensor<50x24xf32>) -> tensor<37xi64>
  return %y : tensor<37xi64>
}

func.func @vq_l2_of_heads(%z: tensor<3x13x5xf32> {kerf.name = "z"}, %e: tensor<3x17x5xf32> {kerf.name = "e"})
    -> (tensor<3x13xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.vq"(%z, %e) {metric = "l2"} : (tensor<3x13x5xf32>, tensor<3x17x5xf32>) -> tensor<3x13xi64>
  return %y : tensor<3x13xi64>
}

func.func @vq_dot(%z: tensor<37x24xf32> {kerf.name = "z"}, %e: tensor<50x24xf32> {kerf.name = "e"})
    -> (tensor<37xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.vq"(%z, %e) {metric = "dot"} : (tensor<37x24xf32>, tensor<50x24xf32>) -> tensor<37xi64>
  return %y : tensor<37xi64>
}

func.func @vq_dot_of_heads(%z: tensor<3x13x5xf32> {kerf.name = "z"}, %e: tensor<3x17x5xf32> {kerf.name = "e"})
    -> (tensor<3x13xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.vq"(%z, %e) {metric = "dot"} : (tensor<3x13x5xf32>, tensor<3x17x5xf32>) -> tensor<3x13xi64>
  return %y : tensor<3x13xi64>
}

func.func @vq_cosine(%z: tensor<37x24xf32> {kerf.name = "z"}, %e: tensor<50x24xf32> {kerf.name = "e"})
    -> (tensor<37xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.vq"(%z, %e) {metric = "cosine"} : (tensor<37x24xf32>, tensor<50x24xf32>) -> tensor<37xi64>
  return %y : tensor<37xi64>
}

func.func @vq_cosine_of_heads(%z: tensor<3x13x5xf32> {kerf.name = "z"}, %e: tensor<3x17x5xf32> {kerf.name = "e"})
    -> (tensor<3x13xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.vq"(%z, %e) {metric = "cosine"} : (tensor<3x13x5xf32>, tensor<3x17x5xf32>) -> tensor<3x13xi64>
  return %y : tensor<3x13xi64>
}

func.func @vq_sampled_l2(%z: tensor<37x24xf32> {kerf.name = "z"}, %e: tensor<50x24xf32> {kerf.name = "e"}, %key: tensor<2xi32> {kerf.name = "key"}, %offset: tensor<i64> {kerf.name = "offset"}, %t: tensor<f32> {kerf.name = "t"})
    -> (tensor<37xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.vq_sampled"(%z, %e, %key, %offset, %t) {metric = "l2", least = 0.0 : f64} : (tensor<37x24xf32>, tensor<50x24xf32>, tensor<2xi32>, tensor<i64>, tensor<f32>) -> tensor<37xi64>
  return %y : tensor<37xi64>
}

func.func @vq_sampled_dot(%z: tensor<37x24xf32> {kerf.name = "z"}, %e: tensor<50x24xf32> {kerf.name = "e"}, %key: tensor<2xi32> {kerf.name = "key"}, %offset: tensor<i64> {kerf.name = "offset"}, %t: tensor<f32> {kerf.name = "t"})
    -> (tensor<37xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.vq_sampled"(%z, %e, %key, %offset, %t) {metric = "dot", least = 0.0 : f64} : (tensor<37x24xf32>, tensor<50x24xf32>, tensor<2xi32>, tensor<i64>, tensor<f32>) -> tensor<37xi64>
  return %y : tensor<37xi64>
}
}
