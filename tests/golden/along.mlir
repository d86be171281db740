// Made by tests/parity/golden_ops.py.
module attributes {kerf.model = "golden_along"} {
func.func @take_along_0_of_2(%x: tensor<6x5xf32> {kerf.name = "x"}, %i: tensor<3x5xi64> {kerf.name = "i"}, %g: tensor<3x5xf32> {kerf.name = "g"})
    -> (tensor<3x5xf32> {kerf.name = "y"}, tensor<6x5xf32> {kerf.name = "dx"}) attributes {kerf.entry} {
  %loss, %value, %dx = "kerf.value_and_grad"(%x, %i, %g) ({
  ^bb0(%inner_x: tensor<6x5xf32>, %inner_i: tensor<3x5xi64>, %inner_g: tensor<3x5xf32>):
    %inner_y = "kerf.take_along"(%inner_x, %inner_i) {axis = 0 : i64} : (tensor<6x5xf32>, tensor<3x5xi64>) -> tensor<3x5xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<3x5xf32>, tensor<3x5xf32>) -> tensor<3x5xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<3x5xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<3x5xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<6x5xf32>, tensor<3x5xi64>, tensor<3x5xf32>) -> (tensor<f32>, tensor<3x5xf32>, tensor<6x5xf32>)
  return %value, %dx : tensor<3x5xf32>, tensor<6x5xf32>
}

func.func @scatter_add_along_0_of_2(%u: tensor<3x5xf32> {kerf.name = "u"}, %i: tensor<3x5xi64> {kerf.name = "i"}, %g: tensor<6x5xf32> {kerf.name = "g"})
    -> (tensor<6x5xf32> {kerf.name = "y"}, tensor<3x5xf32> {kerf.name = "du"}) attributes {kerf.entry} {
  %loss, %value, %du = "kerf.value_and_grad"(%u, %i, %g) ({
  ^bb0(%inner_u: tensor<3x5xf32>, %inner_i: tensor<3x5xi64>, %inner_g: tensor<6x5xf32>):
    %inner_y = "kerf.scatter_add_along"(%inner_u, %inner_i) {axis = 0 : i64} : (tensor<3x5xf32>, tensor<3x5xi64>) -> tensor<6x5xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<6x5xf32>, tensor<6x5xf32>) -> tensor<6x5xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<6x5xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<6x5xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<3x5xf32>, tensor<3x5xi64>, tensor<6x5xf32>) -> (tensor<f32>, tensor<6x5xf32>, tensor<3x5xf32>)
  return %value, %du : tensor<6x5xf32>, tensor<3x5xf32>
}

func.func @take_along_1_of_2(%x: tensor<4x7xf32> {kerf.name = "x"}, %i: tensor<4x9xi64> {kerf.name = "i"}, %g: tensor<4x9xf32> {kerf.name = "g"})
    -> (tensor<4x9xf32> {kerf.name = "y"}, tensor<4x7xf32> {kerf.name = "dx"}) attributes {kerf.entry} {
  %loss, %value, %dx = "kerf.value_and_grad"(%x, %i, %g) ({
  ^bb0(%inner_x: tensor<4x7xf32>, %inner_i: tensor<4x9xi64>, %inner_g: tensor<4x9xf32>):
    %inner_y = "kerf.take_along"(%inner_x, %inner_i) {axis = 1 : i64} : (tensor<4x7xf32>, tensor<4x9xi64>) -> tensor<4x9xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<4x9xf32>, tensor<4x9xf32>) -> tensor<4x9xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<4x9xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<4x9xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<4x7xf32>, tensor<4x9xi64>, tensor<4x9xf32>) -> (tensor<f32>, tensor<4x9xf32>, tensor<4x7xf32>)
  return %value, %dx : tensor<4x9xf32>, tensor<4x7xf32>
}

func.func @scatter_add_along_1_of_2(%u: tensor<4x9xf32> {kerf.name = "u"}, %i: tensor<4x9xi64> {kerf.name = "i"}, %g: tensor<4x7xf32> {kerf.name = "g"})
    -> (tensor<4x7xf32> {kerf.name = "y"}, tensor<4x9xf32> {kerf.name = "du"}) attributes {kerf.entry} {
  %loss, %value, %du = "kerf.value_and_grad"(%u, %i, %g) ({
  ^bb0(%inner_u: tensor<4x9xf32>, %inner_i: tensor<4x9xi64>, %inner_g: tensor<4x7xf32>):
    %inner_y = "kerf.scatter_add_along"(%inner_u, %inner_i) {axis = 1 : i64} : (tensor<4x9xf32>, tensor<4x9xi64>) -> tensor<4x7xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<4x7xf32>, tensor<4x7xf32>) -> tensor<4x7xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<4x7xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<4x7xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<4x9xf32>, tensor<4x9xi64>, tensor<4x7xf32>) -> (tensor<f32>, tensor<4x7xf32>, tensor<4x9xf32>)
  return %value, %du : tensor<4x7xf32>, tensor<4x9xf32>
}

func.func @take_along_1_of_3(%x: tensor<2x5x3xf32> {kerf.name = "x"}, %i: tensor<2x4x3xi64> {kerf.name = "i"}, %g: tensor<2x4x3xf32> {kerf.name = "g"})
    -> (tensor<2x4x3xf32> {kerf.name = "y"}, tensor<2x5x3xf32> {kerf.name = "dx"}) attributes {kerf.entry} {
  %loss, %value, %dx = "kerf.value_and_grad"(%x, %i, %g) ({
  ^bb0(%inner_x: tensor<2x5x3xf32>, %inner_i: tensor<2x4x3xi64>, %inner_g: tensor<2x4x3xf32>):
    %inner_y = "kerf.take_along"(%inner_x, %inner_i) {axis = 1 : i64} : (tensor<2x5x3xf32>, tensor<2x4x3xi64>) -> tensor<2x4x3xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<2x4x3xf32>, tensor<2x4x3xf32>) -> tensor<2x4x3xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1, 2>} : (tensor<2x4x3xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<2x4x3xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<2x5x3xf32>, tensor<2x4x3xi64>, tensor<2x4x3xf32>) -> (tensor<f32>, tensor<2x4x3xf32>, tensor<2x5x3xf32>)
  return %value, %dx : tensor<2x4x3xf32>, tensor<2x5x3xf32>
}

func.func @scatter_add_along_1_of_3(%u: tensor<2x4x3xf32> {kerf.name = "u"}, %i: tensor<2x4x3xi64> {kerf.name = "i"}, %g: tensor<2x5x3xf32> {kerf.name = "g"})
    -> (tensor<2x5x3xf32> {kerf.name = "y"}, tensor<2x4x3xf32> {kerf.name = "du"}) attributes {kerf.entry} {
  %loss, %value, %du = "kerf.value_and_grad"(%u, %i, %g) ({
  ^bb0(%inner_u: tensor<2x4x3xf32>, %inner_i: tensor<2x4x3xi64>, %inner_g: tensor<2x5x3xf32>):
    %inner_y = "kerf.scatter_add_along"(%inner_u, %inner_i) {axis = 1 : i64} : (tensor<2x4x3xf32>, tensor<2x4x3xi64>) -> tensor<2x5x3xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<2x5x3xf32>, tensor<2x5x3xf32>) -> tensor<2x5x3xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1, 2>} : (tensor<2x5x3xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<2x5x3xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<2x4x3xf32>, tensor<2x4x3xi64>, tensor<2x5x3xf32>) -> (tensor<f32>, tensor<2x5x3xf32>, tensor<2x4x3xf32>)
  return %value, %du : tensor<2x5x3xf32>, tensor<2x4x3xf32>
}

func.func @take_along_clamps(%x: tensor<1x6xf32> {kerf.name = "x"}, %i: tensor<1x6xi64> {kerf.name = "i"}, %g: tensor<1x6xf32> {kerf.name = "g"})
    -> (tensor<1x6xf32> {kerf.name = "y"}, tensor<1x6xf32> {kerf.name = "dx"}) attributes {kerf.entry} {
  %loss, %value, %dx = "kerf.value_and_grad"(%x, %i, %g) ({
  ^bb0(%inner_x: tensor<1x6xf32>, %inner_i: tensor<1x6xi64>, %inner_g: tensor<1x6xf32>):
    %inner_y = "kerf.take_along"(%inner_x, %inner_i) {axis = 1 : i64} : (tensor<1x6xf32>, tensor<1x6xi64>) -> tensor<1x6xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<1x6xf32>, tensor<1x6xf32>) -> tensor<1x6xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<1x6xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<1x6xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<1x6xf32>, tensor<1x6xi64>, tensor<1x6xf32>) -> (tensor<f32>, tensor<1x6xf32>, tensor<1x6xf32>)
  return %value, %dx : tensor<1x6xf32>, tensor<1x6xf32>
}

func.func @slice_at(%x: tensor<4x9x3xf32> {kerf.name = "x"}, %offset: tensor<i64> {kerf.name = "offset"}, %g: tensor<4x4x3xf32> {kerf.name = "g"})
    -> (tensor<4x4x3xf32> {kerf.name = "y"}, tensor<4x9x3xf32> {kerf.name = "dx"}) attributes {kerf.entry} {
  %loss, %value, %dx = "kerf.value_and_grad"(%x, %offset, %g) ({
  ^bb0(%inner_x: tensor<4x9x3xf32>, %inner_offset: tensor<i64>, %inner_g: tensor<4x4x3xf32>):
    %inner_y = "kerf.slice_at"(%inner_x, %inner_offset) {axis = 1 : i64} : (tensor<4x9x3xf32>, tensor<i64>) -> tensor<4x4x3xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<4x4x3xf32>, tensor<4x4x3xf32>) -> tensor<4x4x3xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1, 2>} : (tensor<4x4x3xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<4x4x3xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<4x9x3xf32>, tensor<i64>, tensor<4x4x3xf32>) -> (tensor<f32>, tensor<4x4x3xf32>, tensor<4x9x3xf32>)
  return %value, %dx : tensor<4x4x3xf32>, tensor<4x9x3xf32>
}

func.func @update_at(%x: tensor<4x9x3xf32> {kerf.name = "x"}, %u: tensor<4x4x3xf32> {kerf.name = "u"}, %offset: tensor<i64> {kerf.name = "offset"}, %g: tensor<4x9x3xf32> {kerf.name = "g"})
    -> (tensor<4x9x3xf32> {kerf.name = "y"}, tensor<4x9x3xf32> {kerf.name = "dx"}, tensor<4x4x3xf32> {kerf.name = "du"}) attributes {kerf.entry} {
  %loss, %value, %dx, %du = "kerf.value_and_grad"(%x, %u, %offset, %g) ({
  ^bb0(%inner_x: tensor<4x9x3xf32>, %inner_u: tensor<4x4x3xf32>, %inner_offset: tensor<i64>, %inner_g: tensor<4x9x3xf32>):
    %inner_y = "kerf.update_at"(%inner_x, %inner_offset, %inner_u) {axis = 1 : i64} : (tensor<4x9x3xf32>, tensor<i64>, tensor<4x4x3xf32>) -> tensor<4x9x3xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<4x9x3xf32>, tensor<4x9x3xf32>) -> tensor<4x9x3xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1, 2>} : (tensor<4x9x3xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<4x9x3xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<4x9x3xf32>, tensor<4x4x3xf32>, tensor<i64>, tensor<4x9x3xf32>) -> (tensor<f32>, tensor<4x9x3xf32>, tensor<4x9x3xf32>, tensor<4x4x3xf32>)
  return %value, %dx, %du : tensor<4x9x3xf32>, tensor<4x9x3xf32>, tensor<4x4x3xf32>
}

func.func @argsort_up(%x: tensor<3x40xf32> {kerf.name = "x"})
    -> (tensor<3x40xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.argsort"(%x) {axis = 1 : i64, descending = false} : (tensor<3x40xf32>) -> tensor<3x40xi64>
  return %y : tensor<3x40xi64>
}

func.func @argsort_up_of_ties(%x: tensor<70x2xf32> {kerf.name = "x"})
    -> (tensor<70x2xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.argsort"(%x) {axis = 0 : i64, descending = false} : (tensor<70x2xf32>) -> tensor<70x2xi64>
  return %y : tensor<70x2xi64>
}

func.func @argsort_up_with_nan(%x: tensor<3x50xf32> {kerf.name = "x"})
    -> (tensor<3x50xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.argsort"(%x) {axis = 1 : i64, descending = false} : (tensor<3x50xf32>) -> tensor<3x50xi64>
  return %y : tensor<3x50xi64>
}

func.func @argsort_up_of_integers(%x: tensor<80xi64> {kerf.name = "x"})
    -> (tensor<80xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.argsort"(%x) {axis = 0 : i64, descending = false} : (tensor<80xi64>) -> tensor<80xi64>
  return %y : tensor<80xi64>
}

func.func @argsort_down(%x: tensor<3x40xf32> {kerf.name = "x"})
    -> (tensor<3x40xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.argsort"(%x) {axis = 1 : i64, descending = true} : (tensor<3x40xf32>) -> tensor<3x40xi64>
  return %y : tensor<3x40xi64>
}

func.func @argsort_down_of_ties(%x: tensor<70x2xf32> {kerf.name = "x"})
    -> (tensor<70x2xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.argsort"(%x) {axis = 0 : i64, descending = true} : (tensor<70x2xf32>) -> tensor<70x2xi64>
  return %y : tensor<70x2xi64>
}

func.func @argsort_down_with_nan(%x: tensor<3x50xf32> {kerf.name = "x"})
    -> (tensor<3x50xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.argsort"(%x) {axis = 1 : i64, descending = true} : (tensor<3x50xf32>) -> tensor<3x50xi64>
  return %y : tensor<3x50xi64>
}

func.func @argsort_down_of_integers(%x: tensor<80xi64> {kerf.name = "x"})
    -> (tensor<80xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.argsort"(%x) {axis = 0 : i64, descending = true} : (tensor<80xi64>) -> tensor<80xi64>
  return %y : tensor<80xi64>
}

func.func @linear_scan_0(%a: tensor<3x5x4xf32> {kerf.name = "a"}, %b: tensor<3x5x4xf32> {kerf.name = "b"}, %g: tensor<3x5x4xf32> {kerf.name = "g"})
    -> (tensor<3x5x4xf32> {kerf.name = "y"}, tensor<3x5x4xf32> {kerf.name = "da"}, tensor<3x5x4xf32> {kerf.name = "db"}) attributes {kerf.entry} {
  %loss, %value, %da, %db = "kerf.value_and_grad"(%a, %b, %g) ({
  ^bb0(%inner_a: tensor<3x5x4xf32>, %inner_b: tensor<3x5x4xf32>, %inner_g: tensor<3x5x4xf32>):
    %inner_y = "kerf.linear_scan"(%inner_a, %inner_b) {axis = 0 : i64, reverse = false} : (tensor<3x5x4xf32>, tensor<3x5x4xf32>) -> tensor<3x5x4xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<3x5x4xf32>, tensor<3x5x4xf32>) -> tensor<3x5x4xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1, 2>} : (tensor<3x5x4xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<3x5x4xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<3x5x4xf32>, tensor<3x5x4xf32>, tensor<3x5x4xf32>) -> (tensor<f32>, tensor<3x5x4xf32>, tensor<3x5x4xf32>, tensor<3x5x4xf32>)
  return %value, %da, %db : tensor<3x5x4xf32>, tensor<3x5x4xf32>, tensor<3x5x4xf32>
}

func.func @linear_scan_0_reverse(%a: tensor<3x5x4xf32> {kerf.name = "a"}, %b: tensor<3x5x4xf32> {kerf.name = "b"}, %g: tensor<3x5x4xf32> {kerf.name = "g"})
    -> (tensor<3x5x4xf32> {kerf.name = "y"}, tensor<3x5x4xf32> {kerf.name = "da"}, tensor<3x5x4xf32> {kerf.name = "db"}) attributes {kerf.entry} {
  %loss, %value, %da, %db = "kerf.value_and_grad"(%a, %b, %g) ({
  ^bb0(%inner_a: tensor<3x5x4xf32>, %inner_b: tensor<3x5x4xf32>, %inner_g: tensor<3x5x4xf32>):
    %inner_y = "kerf.linear_scan"(%inner_a, %inner_b) {axis = 0 : i64, reverse = true} : (tensor<3x5x4xf32>, tensor<3x5x4xf32>) -> tensor<3x5x4xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<3x5x4xf32>, tensor<3x5x4xf32>) -> tensor<3x5x4xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1, 2>} : (tensor<3x5x4xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<3x5x4xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<3x5x4xf32>, tensor<3x5x4xf32>, tensor<3x5x4xf32>) -> (tensor<f32>, tensor<3x5x4xf32>, tensor<3x5x4xf32>, tensor<3x5x4xf32>)
  return %value, %da, %db : tensor<3x5x4xf32>, tensor<3x5x4xf32>, tensor<3x5x4xf32>
}

func.func @linear_scan_1(%a: tensor<3x5x4xf32> {kerf.name = "a"}, %b: tensor<3x5x4xf32> {kerf.name = "b"}, %g: tensor<3x5x4xf32> {kerf.name = "g"})
    -> (tensor<3x5x4xf32> {kerf.name = "y"}, tensor<3x5x4xf32> {kerf.name = "da"}, tensor<3x5x4xf32> {kerf.name = "db"}) attributes {kerf.entry} {
  %loss, %value, %da, %db = "kerf.value_and_grad"(%a, %b, %g) ({
  ^bb0(%inner_a: tensor<3x5x4xf32>, %inner_b: tensor<3x5x4xf32>, %inner_g: tensor<3x5x4xf32>):
    %inner_y = "kerf.linear_scan"(%inner_a, %inner_b) {axis = 1 : i64, reverse = false} : (tensor<3x5x4xf32>, tensor<3x5x4xf32>) -> tensor<3x5x4xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<3x5x4xf32>, tensor<3x5x4xf32>) -> tensor<3x5x4xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1, 2>} : (tensor<3x5x4xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<3x5x4xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<3x5x4xf32>, tensor<3x5x4xf32>, tensor<3x5x4xf32>) -> (tensor<f32>, tensor<3x5x4xf32>, tensor<3x5x4xf32>, tensor<3x5x4xf32>)
  return %value, %da, %db : tensor<3x5x4xf32>, tensor<3x5x4xf32>, tensor<3x5x4xf32>
}

func.func @linear_scan_1_reverse(%a: tensor<3x5x4xf32> {kerf.name = "a"}, %b: tensor<3x5x4xf32> {kerf.name = "b"}, %g: tensor<3x5x4xf32> {kerf.name = "g"})
    -> (tensor<3x5x4xf32> {kerf.name = "y"}, tensor<3x5x4xf32> {kerf.name = "da"}, tensor<3x5x4xf32> {kerf.name = "db"}) attributes {kerf.entry} {
  %loss, %value, %da, %db = "kerf.value_and_grad"(%a, %b, %g) ({
  ^bb0(%inner_a: tensor<3x5x4xf32>, %inner_b: tensor<3x5x4xf32>, %inner_g: tensor<3x5x4xf32>):
    %inner_y = "kerf.linear_scan"(%inner_a, %inner_b) {axis = 1 : i64, reverse = true} : (tensor<3x5x4xf32>, tensor<3x5x4xf32>) -> tensor<3x5x4xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<3x5x4xf32>, tensor<3x5x4xf32>) -> tensor<3x5x4xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1, 2>} : (tensor<3x5x4xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<3x5x4xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<3x5x4xf32>, tensor<3x5x4xf32>, tensor<3x5x4xf32>) -> (tensor<f32>, tensor<3x5x4xf32>, tensor<3x5x4xf32>, tensor<3x5x4xf32>)
  return %value, %da, %db : tensor<3x5x4xf32>, tensor<3x5x4xf32>, tensor<3x5x4xf32>
}

func.func @linear_scan_2(%a: tensor<3x5x4xf32> {kerf.name = "a"}, %b: tensor<3x5x4xf32> {kerf.name = "b"}, %g: tensor<3x5x4xf32> {kerf.name = "g"})
    -> (tensor<3x5x4xf32> {kerf.name = "y"}, tensor<3x5x4xf32> {kerf.name = "da"}, tensor<3x5x4xf32> {kerf.name = "db"}) attributes {kerf.entry} {
  %loss, %value, %da, %db = "kerf.value_and_grad"(%a, %b, %g) ({
  ^bb0(%inner_a: tensor<3x5x4xf32>, %inner_b: tensor<3x5x4xf32>, %inner_g: tensor<3x5x4xf32>):
    %inner_y = "kerf.linear_scan"(%inner_a, %inner_b) {axis = 2 : i64, reverse = false} : (tensor<3x5x4xf32>, tensor<3x5x4xf32>) -> tensor<3x5x4xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<3x5x4xf32>, tensor<3x5x4xf32>) -> tensor<3x5x4xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1, 2>} : (tensor<3x5x4xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<3x5x4xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<3x5x4xf32>, tensor<3x5x4xf32>, tensor<3x5x4xf32>) -> (tensor<f32>, tensor<3x5x4xf32>, tensor<3x5x4xf32>, tensor<3x5x4xf32>)
  return %value, %da, %db : tensor<3x5x4xf32>, tensor<3x5x4xf32>, tensor<3x5x4xf32>
}

func.func @linear_scan_2_reverse(%a: tensor<3x5x4xf32> {kerf.name = "a"}, %b: tensor<3x5x4xf32> {kerf.name = "b"}, %g: tensor<3x5x4xf32> {kerf.name = "g"})
    -> (tensor<3x5x4xf32> {kerf.name = "y"}, tensor<3x5x4xf32> {kerf.name = "da"}, tensor<3x5x4xf32> {kerf.name = "db"}) attributes {kerf.entry} {
  %loss, %value, %da, %db = "kerf.value_and_grad"(%a, %b, %g) ({
  ^bb0(%inner_a: tensor<3x5x4xf32>, %inner_b: tensor<3x5x4xf32>, %inner_g: tensor<3x5x4xf32>):
    %inner_y = "kerf.linear_scan"(%inner_a, %inner_b) {axis = 2 : i64, reverse = true} : (tensor<3x5x4xf32>, tensor<3x5x4xf32>) -> tensor<3x5x4xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<3x5x4xf32>, tensor<3x5x4xf32>) -> tensor<3x5x4xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1, 2>} : (tensor<3x5x4xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<3x5x4xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<3x5x4xf32>, tensor<3x5x4xf32>, tensor<3x5x4xf32>) -> (tensor<f32>, tensor<3x5x4xf32>, tensor<3x5x4xf32>, tensor<3x5x4xf32>)
  return %value, %da, %db : tensor<3x5x4xf32>, tensor<3x5x4xf32>, tensor<3x5x4xf32>
}

func.func @linear_scan_of_zeros(%a: tensor<4x9xf32> {kerf.name = "a"}, %b: tensor<4x9xf32> {kerf.name = "b"}, %g: tensor<4x9xf32> {kerf.name = "g"})
    -> (tensor<4x9xf32> {kerf.name = "y"}, tensor<4x9xf32> {kerf.name = "da"}, tensor<4x9xf32> {kerf.name = "db"}) attributes {kerf.entry} {
  %loss, %value, %da, %db = "kerf.value_and_grad"(%a, %b, %g) ({
  ^bb0(%inner_a: tensor<4x9xf32>, %inner_b: tensor<4x9xf32>, %inner_g: tensor<4x9xf32>):
    %inner_y = "kerf.linear_scan"(%inner_a, %inner_b) {axis = 1 : i64} : (tensor<4x9xf32>, tensor<4x9xf32>) -> tensor<4x9xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<4x9xf32>, tensor<4x9xf32>) -> tensor<4x9xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<4x9xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<4x9xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<4x9xf32>, tensor<4x9xf32>, tensor<4x9xf32>) -> (tensor<f32>, tensor<4x9xf32>, tensor<4x9xf32>, tensor<4x9xf32>)
  return %value, %da, %db : tensor<4x9xf32>, tensor<4x9xf32>, tensor<4x9xf32>
}
}
