// Made by tests/parity/golden_narrow.py.
module attributes {kerf.model = "golden_narrow"} {
func.func @exact_add_bf16(%a: tensor<100xbf16> {kerf.name = "a"}, %b: tensor<100xbf16> {kerf.name = "b"})
    -> (tensor<100xbf16> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = kerf.add %a, %b : tensor<100xbf16>
  return %y : tensor<100xbf16>
}

func.func @exact_sub_bf16(%a: tensor<100xbf16> {kerf.name = "a"}, %b: tensor<100xbf16> {kerf.name = "b"})
    -> (tensor<100xbf16> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = kerf.sub %a, %b : tensor<100xbf16>
  return %y : tensor<100xbf16>
}

func.func @exact_mul_bf16(%a: tensor<100xbf16> {kerf.name = "a"}, %b: tensor<100xbf16> {kerf.name = "b"})
    -> (tensor<100xbf16> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = kerf.mul %a, %b : tensor<100xbf16>
  return %y : tensor<100xbf16>
}

func.func @exact_div_bf16(%a: tensor<100xbf16> {kerf.name = "a"}, %b: tensor<100xbf16> {kerf.name = "b"})
    -> (tensor<100xbf16> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = kerf.div %a, %b : tensor<100xbf16>
  return %y : tensor<100xbf16>
}

func.func @exact_maximum_bf16(%a: tensor<100xbf16> {kerf.name = "a"}, %b: tensor<100xbf16> {kerf.name = "b"})
    -> (tensor<100xbf16> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = kerf.maximum %a, %b : tensor<100xbf16>
  return %y : tensor<100xbf16>
}

func.func @exact_sqrt_bf16(%a: tensor<100xbf16> {kerf.name = "a"})
    -> (tensor<100xbf16> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = kerf.sqrt %a : tensor<100xbf16>
  return %y : tensor<100xbf16>
}

func.func @exact_round_bf16(%a: tensor<100xf32> {kerf.name = "a"})
    -> (tensor<100xbf16> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = kerf.cast %a : tensor<100xf32> -> tensor<100xbf16>
  return %y : tensor<100xbf16>
}

func.func @exact_widen_bf16(%a: tensor<100xbf16> {kerf.name = "a"})
    -> (tensor<100xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = kerf.cast %a : tensor<100xbf16> -> tensor<100xf32>
  return %y : tensor<100xf32>
}

func.func @exp_bf16(%a: tensor<100xbf16> {kerf.name = "a"})
    -> (tensor<100xbf16> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = kerf.exp %a : tensor<100xbf16>
  return %y : tensor<100xbf16>
}

func.func @tanh_bf16(%a: tensor<100xbf16> {kerf.name = "a"})
    -> (tensor<100xbf16> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = kerf.tanh %a : tensor<100xbf16>
  return %y : tensor<100xbf16>
}

func.func @sigmoid_bf16(%a: tensor<100xbf16> {kerf.name = "a"})
    -> (tensor<100xbf16> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = kerf.sigmoid %a : tensor<100xbf16>
  return %y : tensor<100xbf16>
}

func.func @sin_bf16(%a: tensor<100xbf16> {kerf.name = "a"})
    -> (tensor<100xbf16> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = kerf.sin %a : tensor<100xbf16>
  return %y : tensor<100xbf16>
}

func.func @sum_bf16(%a: tensor<5x333xbf16> {kerf.name = "a"})
    -> (tensor<5xbf16> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = kerf.sum %a, axes = [1] : tensor<5x333xbf16> -> tensor<5xbf16>
  return %y : tensor<5xbf16>
}

func.func @contract_bf16(%a: tensor<5x333xbf16> {kerf.name = "a"}, %b: tensor<333x7xbf16> {kerf.name = "b"})
    -> (tensor<5x7xbf16> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = kerf.contract %a, %b, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<5x333xbf16>, tensor<333x7xbf16> -> tensor<5x7xbf16>
  return %y : tensor<5x7xbf16>
}

func.func @exact_add_f16(%a: tensor<100xf16> {kerf.name = "a"}, %b: tensor<100xf16> {kerf.name = "b"})
    -> (tensor<100xf16> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = kerf.add %a, %b : tensor<100xf16>
  return %y : tensor<100xf16>
}

func.func @exact_sub_f16(%a: tensor<100xf16> {kerf.name = "a"}, %b: tensor<100xf16> {kerf.name = "b"})
    -> (tensor<100xf16> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = kerf.sub %a, %b : tensor<100xf16>
  return %y : tensor<100xf16>
}

func.func @exact_mul_f16(%a: tensor<100xf16> {kerf.name = "a"}, %b: tensor<100xf16> {kerf.name = "b"})
    -> (tensor<100xf16> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = kerf.mul %a, %b : tensor<100xf16>
  return %y : tensor<100xf16>
}

func.func @exact_div_f16(%a: tensor<100xf16> {kerf.name = "a"}, %b: tensor<100xf16> {kerf.name = "b"})
    -> (tensor<100xf16> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = kerf.div %a, %b : tensor<100xf16>
  return %y : tensor<100xf16>
}

func.func @exact_maximum_f16(%a: tensor<100xf16> {kerf.name = "a"}, %b: tensor<100xf16> {kerf.name = "b"})
    -> (tensor<100xf16> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = kerf.maximum %a, %b : tensor<100xf16>
  return %y : tensor<100xf16>
}

func.func @exact_sqrt_f16(%a: tensor<100xf16> {kerf.name = "a"})
    -> (tensor<100xf16> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = kerf.sqrt %a : tensor<100xf16>
  return %y : tensor<100xf16>
}

func.func @exact_round_f16(%a: tensor<100xf32> {kerf.name = "a"})
    -> (tensor<100xf16> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = kerf.cast %a : tensor<100xf32> -> tensor<100xf16>
  return %y : tensor<100xf16>
}

func.func @exact_widen_f16(%a: tensor<100xf16> {kerf.name = "a"})
    -> (tensor<100xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = kerf.cast %a : tensor<100xf16> -> tensor<100xf32>
  return %y : tensor<100xf32>
}

func.func @exp_f16(%a: tensor<100xf16> {kerf.name = "a"})
    -> (tensor<100xf16> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = kerf.exp %a : tensor<100xf16>
  return %y : tensor<100xf16>
}

func.func @tanh_f16(%a: tensor<100xf16> {kerf.name = "a"})
    -> (tensor<100xf16> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = kerf.tanh %a : tensor<100xf16>
  return %y : tensor<100xf16>
}

func.func @sigmoid_f16(%a: tensor<100xf16> {kerf.name = "a"})
    -> (tensor<100xf16> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = kerf.sigmoid %a : tensor<100xf16>
  return %y : tensor<100xf16>
}

func.func @sin_f16(%a: tensor<100xf16> {kerf.name = "a"})
    -> (tensor<100xf16> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = kerf.sin %a : tensor<100xf16>
  return %y : tensor<100xf16>
}

func.func @sum_f16(%a: tensor<5x333xf16> {kerf.name = "a"})
    -> (tensor<5xf16> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = kerf.sum %a, axes = [1] : tensor<5x333xf16> -> tensor<5xf16>
  return %y : tensor<5xf16>
}

func.func @contract_f16(%a: tensor<5x333xf16> {kerf.name = "a"}, %b: tensor<333x7xf16> {kerf.name = "b"})
    -> (tensor<5x7xf16> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = kerf.contract %a, %b, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<5x333xf16>, tensor<333x7xf16> -> tensor<5x7xf16>
  return %y : tensor<5x7xf16>
}
}
