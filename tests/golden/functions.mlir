// Made by tests/parity/golden_ops.py.
module attributes {kerf.model = "golden_functions"} {
func.func @sin(%x: tensor<3x7xf32> {kerf.name = "x"}, %g: tensor<3x7xf32> {kerf.name = "g"})
    -> (tensor<3x7xf32> {kerf.name = "y"}, tensor<3x7xf32> {kerf.name = "dx"}) attributes {kerf.entry} {
  %loss, %value, %dx = "kerf.value_and_grad"(%x, %g) ({
  ^bb0(%inner_x: tensor<3x7xf32>, %inner_g: tensor<3x7xf32>):
    %inner_y = "kerf.sin"(%inner_x) : (tensor<3x7xf32>) -> tensor<3x7xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<3x7xf32>, tensor<3x7xf32>) -> tensor<3x7xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<3x7xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<3x7xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<3x7xf32>, tensor<3x7xf32>) -> (tensor<f32>, tensor<3x7xf32>, tensor<3x7xf32>)
  return %value, %dx : tensor<3x7xf32>, tensor<3x7xf32>
}

func.func @sin_special(%x: tensor<11xf32> {kerf.name = "x"})
    -> (tensor<11xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.sin"(%x) : (tensor<11xf32>) -> tensor<11xf32>
  return %y : tensor<11xf32>
}

func.func @cos(%x: tensor<3x7xf32> {kerf.name = "x"}, %g: tensor<3x7xf32> {kerf.name = "g"})
    -> (tensor<3x7xf32> {kerf.name = "y"}, tensor<3x7xf32> {kerf.name = "dx"}) attributes {kerf.entry} {
  %loss, %value, %dx = "kerf.value_and_grad"(%x, %g) ({
  ^bb0(%inner_x: tensor<3x7xf32>, %inner_g: tensor<3x7xf32>):
    %inner_y = "kerf.cos"(%inner_x) : (tensor<3x7xf32>) -> tensor<3x7xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<3x7xf32>, tensor<3x7xf32>) -> tensor<3x7xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<3x7xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<3x7xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<3x7xf32>, tensor<3x7xf32>) -> (tensor<f32>, tensor<3x7xf32>, tensor<3x7xf32>)
  return %value, %dx : tensor<3x7xf32>, tensor<3x7xf32>
}

func.func @cos_special(%x: tensor<11xf32> {kerf.name = "x"})
    -> (tensor<11xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.cos"(%x) : (tensor<11xf32>) -> tensor<11xf32>
  return %y : tensor<11xf32>
}

func.func @erf(%x: tensor<3x7xf32> {kerf.name = "x"}, %g: tensor<3x7xf32> {kerf.name = "g"})
    -> (tensor<3x7xf32> {kerf.name = "y"}, tensor<3x7xf32> {kerf.name = "dx"}) attributes {kerf.entry} {
  %loss, %value, %dx = "kerf.value_and_grad"(%x, %g) ({
  ^bb0(%inner_x: tensor<3x7xf32>, %inner_g: tensor<3x7xf32>):
    %inner_y = "kerf.erf"(%inner_x) : (tensor<3x7xf32>) -> tensor<3x7xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<3x7xf32>, tensor<3x7xf32>) -> tensor<3x7xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<3x7xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<3x7xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<3x7xf32>, tensor<3x7xf32>) -> (tensor<f32>, tensor<3x7xf32>, tensor<3x7xf32>)
  return %value, %dx : tensor<3x7xf32>, tensor<3x7xf32>
}

func.func @erf_special(%x: tensor<11xf32> {kerf.name = "x"})
    -> (tensor<11xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.erf"(%x) : (tensor<11xf32>) -> tensor<11xf32>
  return %y : tensor<11xf32>
}

func.func @erfc(%x: tensor<3x7xf32> {kerf.name = "x"}, %g: tensor<3x7xf32> {kerf.name = "g"})
    -> (tensor<3x7xf32> {kerf.name = "y"}, tensor<3x7xf32> {kerf.name = "dx"}) attributes {kerf.entry} {
  %loss, %value, %dx = "kerf.value_and_grad"(%x, %g) ({
  ^bb0(%inner_x: tensor<3x7xf32>, %inner_g: tensor<3x7xf32>):
    %inner_y = "kerf.erfc"(%inner_x) : (tensor<3x7xf32>) -> tensor<3x7xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<3x7xf32>, tensor<3x7xf32>) -> tensor<3x7xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<3x7xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<3x7xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<3x7xf32>, tensor<3x7xf32>) -> (tensor<f32>, tensor<3x7xf32>, tensor<3x7xf32>)
  return %value, %dx : tensor<3x7xf32>, tensor<3x7xf32>
}

func.func @erfc_special(%x: tensor<11xf32> {kerf.name = "x"})
    -> (tensor<11xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.erfc"(%x) : (tensor<11xf32>) -> tensor<11xf32>
  return %y : tensor<11xf32>
}

func.func @round(%x: tensor<34xf32> {kerf.name = "x"})
    -> (tensor<34xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.round"(%x) : (tensor<34xf32>) -> tensor<34xf32>
  return %y : tensor<34xf32>
}

func.func @sign(%x: tensor<34xf32> {kerf.name = "x"})
    -> (tensor<34xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.sign"(%x) : (tensor<34xf32>) -> tensor<34xf32>
  return %y : tensor<34xf32>
}

func.func @sign_integer(%x: tensor<11xi64> {kerf.name = "x"})
    -> (tensor<11xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.sign"(%x) : (tensor<11xi64>) -> tensor<11xi64>
  return %y : tensor<11xi64>
}

func.func @pow(%a: tensor<3x7xf32> {kerf.name = "a"}, %b: tensor<3x7xf32> {kerf.name = "b"}, %g: tensor<3x7xf32> {kerf.name = "g"})
    -> (tensor<3x7xf32> {kerf.name = "y"}, tensor<3x7xf32> {kerf.name = "da"}, tensor<3x7xf32> {kerf.name = "db"}) attributes {kerf.entry} {
  %loss, %value, %da, %db = "kerf.value_and_grad"(%a, %b, %g) ({
  ^bb0(%inner_a: tensor<3x7xf32>, %inner_b: tensor<3x7xf32>, %inner_g: tensor<3x7xf32>):
    %inner_y = "kerf.pow"(%inner_a, %inner_b) : (tensor<3x7xf32>, tensor<3x7xf32>) -> tensor<3x7xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<3x7xf32>, tensor<3x7xf32>) -> tensor<3x7xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<3x7xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<3x7xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<3x7xf32>, tensor<3x7xf32>, tensor<3x7xf32>) -> (tensor<f32>, tensor<3x7xf32>, tensor<3x7xf32>, tensor<3x7xf32>)
  return %value, %da, %db : tensor<3x7xf32>, tensor<3x7xf32>, tensor<3x7xf32>
}

func.func @pow_at_edges(%a: tensor<5xf32> {kerf.name = "a"}, %b: tensor<5xf32> {kerf.name = "b"}, %g: tensor<5xf32> {kerf.name = "g"})
    -> (tensor<5xf32> {kerf.name = "y"}, tensor<5xf32> {kerf.name = "da"}, tensor<5xf32> {kerf.name = "db"}) attributes {kerf.entry} {
  %loss, %value, %da, %db = "kerf.value_and_grad"(%a, %b, %g) ({
  ^bb0(%inner_a: tensor<5xf32>, %inner_b: tensor<5xf32>, %inner_g: tensor<5xf32>):
    %inner_y = "kerf.pow"(%inner_a, %inner_b) : (tensor<5xf32>, tensor<5xf32>) -> tensor<5xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<5xf32>, tensor<5xf32>) -> tensor<5xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0>} : (tensor<5xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<5xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<5xf32>, tensor<5xf32>, tensor<5xf32>) -> (tensor<f32>, tensor<5xf32>, tensor<5xf32>, tensor<5xf32>)
  return %value, %da, %db : tensor<5xf32>, tensor<5xf32>, tensor<5xf32>
}

func.func @pow_special(%a: tensor<100xf32> {kerf.name = "a"}, %b: tensor<100xf32> {kerf.name = "b"})
    -> (tensor<100xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.pow"(%a, %b) : (tensor<100xf32>, tensor<100xf32>) -> tensor<100xf32>
  return %y : tensor<100xf32>
}

func.func @remainder_special(%a: tensor<100xf32> {kerf.name = "a"}, %b: tensor<100xf32> {kerf.name = "b"})
    -> (tensor<100xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.remainder"(%a, %b) : (tensor<100xf32>, tensor<100xf32>) -> tensor<100xf32>
  return %y : tensor<100xf32>
}

func.func @remainder(%a: tensor<3x7xf32> {kerf.name = "a"}, %b: tensor<3x7xf32> {kerf.name = "b"}, %g: tensor<3x7xf32> {kerf.name = "g"})
    -> (tensor<3x7xf32> {kerf.name = "y"}, tensor<3x7xf32> {kerf.name = "da"}, tensor<3x7xf32> {kerf.name = "db"}) attributes {kerf.entry} {
  %loss, %value, %da, %db = "kerf.value_and_grad"(%a, %b, %g) ({
  ^bb0(%inner_a: tensor<3x7xf32>, %inner_b: tensor<3x7xf32>, %inner_g: tensor<3x7xf32>):
    %inner_y = "kerf.remainder"(%inner_a, %inner_b) : (tensor<3x7xf32>, tensor<3x7xf32>) -> tensor<3x7xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<3x7xf32>, tensor<3x7xf32>) -> tensor<3x7xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<3x7xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<3x7xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<3x7xf32>, tensor<3x7xf32>, tensor<3x7xf32>) -> (tensor<f32>, tensor<3x7xf32>, tensor<3x7xf32>, tensor<3x7xf32>)
  return %value, %da, %db : tensor<3x7xf32>, tensor<3x7xf32>, tensor<3x7xf32>
}
}
