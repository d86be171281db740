// Made by tests/parity/golden_ops.py.
module attributes {kerf.model = "golden_integers"} {
func.func @floor_divide(%a: tensor<40xi32> {kerf.name = "a"}, %b: tensor<40xi32> {kerf.name = "b"})
    -> (tensor<40xi32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.floor_divide"(%a, %b) : (tensor<40xi32>, tensor<40xi32>) -> tensor<40xi32>
  return %y : tensor<40xi32>
}

func.func @remainder(%a: tensor<40xi32> {kerf.name = "a"}, %b: tensor<40xi32> {kerf.name = "b"})
    -> (tensor<40xi32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.remainder"(%a, %b) : (tensor<40xi32>, tensor<40xi32>) -> tensor<40xi32>
  return %y : tensor<40xi32>
}

func.func @bit_and(%a: tensor<40xi32> {kerf.name = "a"}, %b: tensor<40xi32> {kerf.name = "b"})
    -> (tensor<40xi32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.bit_and"(%a, %b) : (tensor<40xi32>, tensor<40xi32>) -> tensor<40xi32>
  return %y : tensor<40xi32>
}

func.func @bit_or(%a: tensor<40xi32> {kerf.name = "a"}, %b: tensor<40xi32> {kerf.name = "b"})
    -> (tensor<40xi32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.bit_or"(%a, %b) : (tensor<40xi32>, tensor<40xi32>) -> tensor<40xi32>
  return %y : tensor<40xi32>
}

func.func @bit_xor(%a: tensor<40xi32> {kerf.name = "a"}, %b: tensor<40xi32> {kerf.name = "b"})
    -> (tensor<40xi32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.bit_xor"(%a, %b) : (tensor<40xi32>, tensor<40xi32>) -> tensor<40xi32>
  return %y : tensor<40xi32>
}

func.func @shift_left(%a: tensor<40xi32> {kerf.name = "a"}, %b: tensor<40xi32> {kerf.name = "b"})
    -> (tensor<40xi32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.shift_left"(%a, %b) : (tensor<40xi32>, tensor<40xi32>) -> tensor<40xi32>
  return %y : tensor<40xi32>
}

func.func @shift_right(%a: tensor<40xi32> {kerf.name = "a"}, %b: tensor<40xi32> {kerf.name = "b"})
    -> (tensor<40xi32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.shift_right"(%a, %b) : (tensor<40xi32>, tensor<40xi32>) -> tensor<40xi32>
  return %y : tensor<40xi32>
}

func.func @bit_not(%x: tensor<40xi32> {kerf.name = "x"})
    -> (tensor<40xi32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.bit_not"(%x) : (tensor<40xi32>) -> tensor<40xi32>
  return %y : tensor<40xi32>
}

func.func @floor_divide_i64(%a: tensor<40xi64> {kerf.name = "a"}, %b: tensor<40xi64> {kerf.name = "b"})
    -> (tensor<40xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.floor_divide"(%a, %b) : (tensor<40xi64>, tensor<40xi64>) -> tensor<40xi64>
  return %y : tensor<40xi64>
}

func.func @remainder_i64(%a: tensor<40xi64> {kerf.name = "a"}, %b: tensor<40xi64> {kerf.name = "b"})
    -> (tensor<40xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.remainder"(%a, %b) : (tensor<40xi64>, tensor<40xi64>) -> tensor<40xi64>
  return %y : tensor<40xi64>
}

func.func @bit_and_i64(%a: tensor<40xi64> {kerf.name = "a"}, %b: tensor<40xi64> {kerf.name = "b"})
    -> (tensor<40xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.bit_and"(%a, %b) : (tensor<40xi64>, tensor<40xi64>) -> tensor<40xi64>
  return %y : tensor<40xi64>
}

func.func @bit_or_i64(%a: tensor<40xi64> {kerf.name = "a"}, %b: tensor<40xi64> {kerf.name = "b"})
    -> (tensor<40xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.bit_or"(%a, %b) : (tensor<40xi64>, tensor<40xi64>) -> tensor<40xi64>
  return %y : tensor<40xi64>
}

func.func @bit_xor_i64(%a: tensor<40xi64> {kerf.name = "a"}, %b: tensor<40xi64> {kerf.name = "b"})
    -> (tensor<40xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.bit_xor"(%a, %b) : (tensor<40xi64>, tensor<40xi64>) -> tensor<40xi64>
  return %y : tensor<40xi64>
}

func.func @shift_left_i64(%a: tensor<40xi64> {kerf.name = "a"}, %b: tensor<40xi64> {kerf.name = "b"})
    -> (tensor<40xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.shift_left"(%a, %b) : (tensor<40xi64>, tensor<40xi64>) -> tensor<40xi64>
  return %y : tensor<40xi64>
}

func.func @shift_right_i64(%a: tensor<40xi64> {kerf.name = "a"}, %b: tensor<40xi64> {kerf.name = "b"})
    -> (tensor<40xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.shift_right"(%a, %b) : (tensor<40xi64>, tensor<40xi64>) -> tensor<40xi64>
  return %y : tensor<40xi64>
}

func.func @bit_not_i64(%x: tensor<40xi64> {kerf.name = "x"})
    -> (tensor<40xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.bit_not"(%x) : (tensor<40xi64>) -> tensor<40xi64>
  return %y : tensor<40xi64>
}
}
