// Made by tests/parity/golden_ops.py.
module attributes {kerf.model = "golden_reduction"} {
func.func @sum_0(%x: tensor<3x5x19xf32> {kerf.name = "x"}, %g: tensor<5x19xf32> {kerf.name = "g"})
    -> (tensor<5x19xf32> {kerf.name = "y"}, tensor<3x5x19xf32> {kerf.name = "dx"}) attributes {kerf.entry} {
  %loss, %value, %dx = "kerf.value_and_grad"(%x, %g) ({
  ^bb0(%inner_x: tensor<3x5x19xf32>, %inner_g: tensor<5x19xf32>):
    %inner_y = "kerf.sum"(%inner_x) {axes = array<i64: 0>} : (tensor<3x5x19xf32>) -> tensor<5x19xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<5x19xf32>, tensor<5x19xf32>) -> tensor<5x19xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<5x19xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<5x19xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<3x5x19xf32>, tensor<5x19xf32>) -> (tensor<f32>, tensor<5x19xf32>, tensor<3x5x19xf32>)
  return %value, %dx : tensor<5x19xf32>, tensor<3x5x19xf32>
}

func.func @max_0(%x: tensor<3x5x19xf32> {kerf.name = "x"}, %g: tensor<5x19xf32> {kerf.name = "g"})
    -> (tensor<5x19xf32> {kerf.name = "y"}, tensor<3x5x19xf32> {kerf.name = "dx"}) attributes {kerf.entry} {
  %loss, %value, %dx = "kerf.value_and_grad"(%x, %g) ({
  ^bb0(%inner_x: tensor<3x5x19xf32>, %inner_g: tensor<5x19xf32>):
    %inner_y = "kerf.max"(%inner_x) {axes = array<i64: 0>} : (tensor<3x5x19xf32>) -> tensor<5x19xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<5x19xf32>, tensor<5x19xf32>) -> tensor<5x19xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<5x19xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<5x19xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<3x5x19xf32>, tensor<5x19xf32>) -> (tensor<f32>, tensor<5x19xf32>, tensor<3x5x19xf32>)
  return %value, %dx : tensor<5x19xf32>, tensor<3x5x19xf32>
}

func.func @sum_1(%x: tensor<3x5x19xf32> {kerf.name = "x"}, %g: tensor<3x19xf32> {kerf.name = "g"})
    -> (tensor<3x19xf32> {kerf.name = "y"}, tensor<3x5x19xf32> {kerf.name = "dx"}) attributes {kerf.entry} {
  %loss, %value, %dx = "kerf.value_and_grad"(%x, %g) ({
  ^bb0(%inner_x: tensor<3x5x19xf32>, %inner_g: tensor<3x19xf32>):
    %inner_y = "kerf.sum"(%inner_x) {axes = array<i64: 1>} : (tensor<3x5x19xf32>) -> tensor<3x19xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<3x19xf32>, tensor<3x19xf32>) -> tensor<3x19xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<3x19xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<3x19xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<3x5x19xf32>, tensor<3x19xf32>) -> (tensor<f32>, tensor<3x19xf32>, tensor<3x5x19xf32>)
  return %value, %dx : tensor<3x19xf32>, tensor<3x5x19xf32>
}

func.func @max_1(%x: tensor<3x5x19xf32> {kerf.name = "x"}, %g: tensor<3x19xf32> {kerf.name = "g"})
    -> (tensor<3x19xf32> {kerf.name = "y"}, tensor<3x5x19xf32> {kerf.name = "dx"}) attributes {kerf.entry} {
  %loss, %value, %dx = "kerf.value_and_grad"(%x, %g) ({
  ^bb0(%inner_x: tensor<3x5x19xf32>, %inner_g: tensor<3x19xf32>):
    %inner_y = "kerf.max"(%inner_x) {axes = array<i64: 1>} : (tensor<3x5x19xf32>) -> tensor<3x19xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<3x19xf32>, tensor<3x19xf32>) -> tensor<3x19xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<3x19xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<3x19xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<3x5x19xf32>, tensor<3x19xf32>) -> (tensor<f32>, tensor<3x19xf32>, tensor<3x5x19xf32>)
  return %value, %dx : tensor<3x19xf32>, tensor<3x5x19xf32>
}

func.func @sum_2(%x: tensor<3x5x19xf32> {kerf.name = "x"}, %g: tensor<3x5xf32> {kerf.name = "g"})
    -> (tensor<3x5xf32> {kerf.name = "y"}, tensor<3x5x19xf32> {kerf.name = "dx"}) attributes {kerf.entry} {
  %loss, %value, %dx = "kerf.value_and_grad"(%x, %g) ({
  ^bb0(%inner_x: tensor<3x5x19xf32>, %inner_g: tensor<3x5xf32>):
    %inner_y = "kerf.sum"(%inner_x) {axes = array<i64: 2>} : (tensor<3x5x19xf32>) -> tensor<3x5xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<3x5xf32>, tensor<3x5xf32>) -> tensor<3x5xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<3x5xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<3x5xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<3x5x19xf32>, tensor<3x5xf32>) -> (tensor<f32>, tensor<3x5xf32>, tensor<3x5x19xf32>)
  return %value, %dx : tensor<3x5xf32>, tensor<3x5x19xf32>
}

func.func @max_2(%x: tensor<3x5x19xf32> {kerf.name = "x"}, %g: tensor<3x5xf32> {kerf.name = "g"})
    -> (tensor<3x5xf32> {kerf.name = "y"}, tensor<3x5x19xf32> {kerf.name = "dx"}) attributes {kerf.entry} {
  %loss, %value, %dx = "kerf.value_and_grad"(%x, %g) ({
  ^bb0(%inner_x: tensor<3x5x19xf32>, %inner_g: tensor<3x5xf32>):
    %inner_y = "kerf.max"(%inner_x) {axes = array<i64: 2>} : (tensor<3x5x19xf32>) -> tensor<3x5xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<3x5xf32>, tensor<3x5xf32>) -> tensor<3x5xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<3x5xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<3x5xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<3x5x19xf32>, tensor<3x5xf32>) -> (tensor<f32>, tensor<3x5xf32>, tensor<3x5x19xf32>)
  return %value, %dx : tensor<3x5xf32>, tensor<3x5x19xf32>
}

func.func @sum_02(%x: tensor<3x5x19xf32> {kerf.name = "x"}, %g: tensor<5xf32> {kerf.name = "g"})
    -> (tensor<5xf32> {kerf.name = "y"}, tensor<3x5x19xf32> {kerf.name = "dx"}) attributes {kerf.entry} {
  %loss, %value, %dx = "kerf.value_and_grad"(%x, %g) ({
  ^bb0(%inner_x: tensor<3x5x19xf32>, %inner_g: tensor<5xf32>):
    %inner_y = "kerf.sum"(%inner_x) {axes = array<i64: 0, 2>} : (tensor<3x5x19xf32>) -> tensor<5xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<5xf32>, tensor<5xf32>) -> tensor<5xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0>} : (tensor<5xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<5xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<3x5x19xf32>, tensor<5xf32>) -> (tensor<f32>, tensor<5xf32>, tensor<3x5x19xf32>)
  return %value, %dx : tensor<5xf32>, tensor<3x5x19xf32>
}

func.func @max_02(%x: tensor<3x5x19xf32> {kerf.name = "x"}, %g: tensor<5xf32> {kerf.name = "g"})
    -> (tensor<5xf32> {kerf.name = "y"}, tensor<3x5x19xf32> {kerf.name = "dx"}) attributes {kerf.entry} {
  %loss, %value, %dx = "kerf.value_and_grad"(%x, %g) ({
  ^bb0(%inner_x: tensor<3x5x19xf32>, %inner_g: tensor<5xf32>):
    %inner_y = "kerf.max"(%inner_x) {axes = array<i64: 0, 2>} : (tensor<3x5x19xf32>) -> tensor<5xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<5xf32>, tensor<5xf32>) -> tensor<5xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0>} : (tensor<5xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<5xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<3x5x19xf32>, tensor<5xf32>) -> (tensor<f32>, tensor<5xf32>, tensor<3x5x19xf32>)
  return %value, %dx : tensor<5xf32>, tensor<3x5x19xf32>
}

func.func @sum_12(%x: tensor<3x5x19xf32> {kerf.name = "x"}, %g: tensor<3xf32> {kerf.name = "g"})
    -> (tensor<3xf32> {kerf.name = "y"}, tensor<3x5x19xf32> {kerf.name = "dx"}) attributes {kerf.entry} {
  %loss, %value, %dx = "kerf.value_and_grad"(%x, %g) ({
  ^bb0(%inner_x: tensor<3x5x19xf32>, %inner_g: tensor<3xf32>):
    %inner_y = "kerf.sum"(%inner_x) {axes = array<i64: 1, 2>} : (tensor<3x5x19xf32>) -> tensor<3xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0>} : (tensor<3xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<3xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<3x5x19xf32>, tensor<3xf32>) -> (tensor<f32>, tensor<3xf32>, tensor<3x5x19xf32>)
  return %value, %dx : tensor<3xf32>, tensor<3x5x19xf32>
}

func.func @max_12(%x: tensor<3x5x19xf32> {kerf.name = "x"}, %g: tensor<3xf32> {kerf.name = "g"})
    -> (tensor<3xf32> {kerf.name = "y"}, tensor<3x5x19xf32> {kerf.name = "dx"}) attributes {kerf.entry} {
  %loss, %value, %dx = "kerf.value_and_grad"(%x, %g) ({
  ^bb0(%inner_x: tensor<3x5x19xf32>, %inner_g: tensor<3xf32>):
    %inner_y = "kerf.max"(%inner_x) {axes = array<i64: 1, 2>} : (tensor<3x5x19xf32>) -> tensor<3xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0>} : (tensor<3xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<3xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<3x5x19xf32>, tensor<3xf32>) -> (tensor<f32>, tensor<3xf32>, tensor<3x5x19xf32>)
  return %value, %dx : tensor<3xf32>, tensor<3x5x19xf32>
}

func.func @sum_012(%x: tensor<3x5x19xf32> {kerf.name = "x"}, %g: tensor<f32> {kerf.name = "g"})
    -> (tensor<f32> {kerf.name = "y"}, tensor<3x5x19xf32> {kerf.name = "dx"}) attributes {kerf.entry} {
  %loss, %value, %dx = "kerf.value_and_grad"(%x, %g) ({
  ^bb0(%inner_x: tensor<3x5x19xf32>, %inner_g: tensor<f32>):
    %inner_y = "kerf.sum"(%inner_x) {axes = array<i64: 0, 1, 2>} : (tensor<3x5x19xf32>) -> tensor<f32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<f32>, tensor<f32>) -> tensor<f32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64>} : (tensor<f32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<f32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<3x5x19xf32>, tensor<f32>) -> (tensor<f32>, tensor<f32>, tensor<3x5x19xf32>)
  return %value, %dx : tensor<f32>, tensor<3x5x19xf32>
}

func.func @max_012(%x: tensor<3x5x19xf32> {kerf.name = "x"}, %g: tensor<f32> {kerf.name = "g"})
    -> (tensor<f32> {kerf.name = "y"}, tensor<3x5x19xf32> {kerf.name = "dx"}) attributes {kerf.entry} {
  %loss, %value, %dx = "kerf.value_and_grad"(%x, %g) ({
  ^bb0(%inner_x: tensor<3x5x19xf32>, %inner_g: tensor<f32>):
    %inner_y = "kerf.max"(%inner_x) {axes = array<i64: 0, 1, 2>} : (tensor<3x5x19xf32>) -> tensor<f32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<f32>, tensor<f32>) -> tensor<f32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64>} : (tensor<f32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<f32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<3x5x19xf32>, tensor<f32>) -> (tensor<f32>, tensor<f32>, tensor<3x5x19xf32>)
  return %value, %dx : tensor<f32>, tensor<3x5x19xf32>
}

func.func @max_of_ties(%x: tensor<5x33xf32> {kerf.name = "x"}, %g: tensor<5xf32> {kerf.name = "g"})
    -> (tensor<5xf32> {kerf.name = "y"}, tensor<5x33xf32> {kerf.name = "dx"}) attributes {kerf.entry} {
  %loss, %value, %dx = "kerf.value_and_grad"(%x, %g) ({
  ^bb0(%inner_x: tensor<5x33xf32>, %inner_g: tensor<5xf32>):
    %inner_y = "kerf.max"(%inner_x) {axes = array<i64: 1>} : (tensor<5x33xf32>) -> tensor<5xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<5xf32>, tensor<5xf32>) -> tensor<5xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0>} : (tensor<5xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<5xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<5x33xf32>, tensor<5xf32>) -> (tensor<f32>, tensor<5xf32>, tensor<5x33xf32>)
  return %value, %dx : tensor<5xf32>, tensor<5x33xf32>
}

func.func @max_with_nan(%x: tensor<4x21xf32> {kerf.name = "x"})
    -> (tensor<4xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.max"(%x) {axes = array<i64: 1>} : (tensor<4x21xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

func.func @sum_with_nan(%x: tensor<4x21xf32> {kerf.name = "x"})
    -> (tensor<4xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.sum"(%x) {axes = array<i64: 1>} : (tensor<4x21xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

func.func @argmin_0(%x: tensor<3x17x5xf32> {kerf.name = "x"})
    -> (tensor<17x5xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.argmin"(%x) {axis = 0 : i64} : (tensor<3x17x5xf32>) -> tensor<17x5xi64>
  return %y : tensor<17x5xi64>
}

func.func @argmin_1(%x: tensor<3x17x5xf32> {kerf.name = "x"})
    -> (tensor<3x5xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.argmin"(%x) {axis = 1 : i64} : (tensor<3x17x5xf32>) -> tensor<3x5xi64>
  return %y : tensor<3x5xi64>
}

func.func @argmin_2(%x: tensor<3x17x5xf32> {kerf.name = "x"})
    -> (tensor<3x17xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.argmin"(%x) {axis = 2 : i64} : (tensor<3x17x5xf32>) -> tensor<3x17xi64>
  return %y : tensor<3x17xi64>
}

func.func @argmin_of_ties(%x: tensor<9x33xf32> {kerf.name = "x"})
    -> (tensor<9xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.argmin"(%x) {axis = 1 : i64} : (tensor<9x33xf32>) -> tensor<9xi64>
  return %y : tensor<9xi64>
}

func.func @argmin_with_nan(%x: tensor<4x21xf32> {kerf.name = "x"})
    -> (tensor<4xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.argmin"(%x) {axis = 1 : i64} : (tensor<4x21xf32>) -> tensor<4xi64>
  return %y : tensor<4xi64>
}
}
