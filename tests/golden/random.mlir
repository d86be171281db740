// Made by tests/parity/golden_ops.py.
module attributes {kerf.model = "golden_random"} {
func.func @uniform(%key: tensor<2xi32> {kerf.name = "key"}, %offset: tensor<i64> {kerf.name = "offset"})
    -> (tensor<5x13xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.uniform"(%key, %offset) : (tensor<2xi32>, tensor<i64>) -> tensor<5x13xf32>
  return %y : tensor<5x13xf32>
}

func.func @uniform_at_an_offset(%key: tensor<2xi32> {kerf.name = "key"}, %offset: tensor<i64> {kerf.name = "offset"})
    -> (tensor<37xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.uniform"(%key, %offset) : (tensor<2xi32>, tensor<i64>) -> tensor<37xf32>
  return %y : tensor<37xf32>
}

func.func @uniform_across_2_34(%key: tensor<2xi32> {kerf.name = "key"}, %offset: tensor<i64> {kerf.name = "offset"})
    -> (tensor<11xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.uniform"(%key, %offset) : (tensor<2xi32>, tensor<i64>) -> tensor<11xf32>
  return %y : tensor<11xf32>
}

func.func @normal(%key: tensor<2xi32> {kerf.name = "key"}, %offset: tensor<i64> {kerf.name = "offset"})
    -> (tensor<5x13xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.normal"(%key, %offset) : (tensor<2xi32>, tensor<i64>) -> tensor<5x13xf32>
  return %y : tensor<5x13xf32>
}

func.func @normal_at_an_offset(%key: tensor<2xi32> {kerf.name = "key"}, %offset: tensor<i64> {kerf.name = "offset"})
    -> (tensor<37xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.normal"(%key, %offset) : (tensor<2xi32>, tensor<i64>) -> tensor<37xf32>
  return %y : tensor<37xf32>
}

func.func @normal_across_2_34(%key: tensor<2xi32> {kerf.name = "key"}, %offset: tensor<i64> {kerf.name = "offset"})
    -> (tensor<11xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.normal"(%key, %offset) : (tensor<2xi32>, tensor<i64>) -> tensor<11xf32>
  return %y : tensor<11xf32>
}

func.func @fold_key(%key: tensor<2xi32> {kerf.name = "key"}, %n: tensor<i64> {kerf.name = "n"})
    -> (tensor<2xi32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.fold_key"(%key, %n) : (tensor<2xi32>, tensor<i64>) -> tensor<2xi32>
  return %y : tensor<2xi32>
}

func.func @fold_key_large(%key: tensor<2xi32> {kerf.name = "key"}, %n: tensor<i64> {kerf.name = "n"})
    -> (tensor<2xi32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.fold_key"(%key, %n) : (tensor<2xi32>, tensor<i64>) -> tensor<2xi32>
  return %y : tensor<2xi32>
}

func.func @fold_key_negative(%key: tensor<2xi32> {kerf.name = "key"}, %n: tensor<i64> {kerf.name = "n"})
    -> (tensor<2xi32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.fold_key"(%key, %n) : (tensor<2xi32>, tensor<i64>) -> tensor<2xi32>
  return %y : tensor<2xi32>
}
}
