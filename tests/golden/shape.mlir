// Made by tests/parity/golden_ops.py.
module attributes {kerf.model = "golden_shape"} {
func.func @reshape(%x: tensor<4x3x5xf32> {kerf.name = "x"}, %g: tensor<6x10xf32> {kerf.name = "g"})
    -> (tensor<6x10xf32> {kerf.name = "y"}, tensor<4x3x5xf32> {kerf.name = "dx"}) attributes {kerf.entry} {
  %loss, %value, %dx = "kerf.value_and_grad"(%x, %g) ({
  ^bb0(%inner_x: tensor<4x3x5xf32>, %inner_g: tensor<6x10xf32>):
    %inner_y = "kerf.reshape"(%inner_x) : (tensor<4x3x5xf32>) -> tensor<6x10xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<6x10xf32>, tensor<6x10xf32>) -> tensor<6x10xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<6x10xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<6x10xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<4x3x5xf32>, tensor<6x10xf32>) -> (tensor<f32>, tensor<6x10xf32>, tensor<4x3x5xf32>)
  return %value, %dx : tensor<6x10xf32>, tensor<4x3x5xf32>
}

func.func @reshape_to_scalar(%x: tensor<1x1xf32> {kerf.name = "x"}, %g: tensor<f32> {kerf.name = "g"})
    -> (tensor<f32> {kerf.name = "y"}, tensor<1x1xf32> {kerf.name = "dx"}) attributes {kerf.entry} {
  %loss, %value, %dx = "kerf.value_and_grad"(%x, %g) ({
  ^bb0(%inner_x: tensor<1x1xf32>, %inner_g: tensor<f32>):
    %inner_y = "kerf.reshape"(%inner_x) : (tensor<1x1xf32>) -> tensor<f32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<f32>, tensor<f32>) -> tensor<f32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64>} : (tensor<f32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<f32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<1x1xf32>, tensor<f32>) -> (tensor<f32>, tensor<f32>, tensor<1x1xf32>)
  return %value, %dx : tensor<f32>, tensor<1x1xf32>
}

func.func @transpose(%x: tensor<4x3x5xf32> {kerf.name = "x"}, %g: tensor<5x4x3xf32> {kerf.name = "g"})
    -> (tensor<5x4x3xf32> {kerf.name = "y"}, tensor<4x3x5xf32> {kerf.name = "dx"}) attributes {kerf.entry} {
  %loss, %value, %dx = "kerf.value_and_grad"(%x, %g) ({
  ^bb0(%inner_x: tensor<4x3x5xf32>, %inner_g: tensor<5x4x3xf32>):
    %inner_y = "kerf.transpose"(%inner_x) {permutation = array<i64: 2, 0, 1>} : (tensor<4x3x5xf32>) -> tensor<5x4x3xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<5x4x3xf32>, tensor<5x4x3xf32>) -> tensor<5x4x3xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1, 2>} : (tensor<5x4x3xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<5x4x3xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<4x3x5xf32>, tensor<5x4x3xf32>) -> (tensor<f32>, tensor<5x4x3xf32>, tensor<4x3x5xf32>)
  return %value, %dx : tensor<5x4x3xf32>, tensor<4x3x5xf32>
}

func.func @transpose_last_two(%x: tensor<2x17x9xf32> {kerf.name = "x"}, %g: tensor<2x9x17xf32> {kerf.name = "g"})
    -> (tensor<2x9x17xf32> {kerf.name = "y"}, tensor<2x17x9xf32> {kerf.name = "dx"}) attributes {kerf.entry} {
  %loss, %value, %dx = "kerf.value_and_grad"(%x, %g) ({
  ^bb0(%inner_x: tensor<2x17x9xf32>, %inner_g: tensor<2x9x17xf32>):
    %inner_y = "kerf.transpose"(%inner_x) {permutation = array<i64: 0, 2, 1>} : (tensor<2x17x9xf32>) -> tensor<2x9x17xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<2x9x17xf32>, tensor<2x9x17xf32>) -> tensor<2x9x17xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1, 2>} : (tensor<2x9x17xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<2x9x17xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<2x17x9xf32>, tensor<2x9x17xf32>) -> (tensor<f32>, tensor<2x9x17xf32>, tensor<2x17x9xf32>)
  return %value, %dx : tensor<2x9x17xf32>, tensor<2x17x9xf32>
}

func.func @broadcast_new_axes(%x: tensor<3xf32> {kerf.name = "x"}, %g: tensor<2x3x4xf32> {kerf.name = "g"})
    -> (tensor<2x3x4xf32> {kerf.name = "y"}, tensor<3xf32> {kerf.name = "dx"}) attributes {kerf.entry} {
  %loss, %value, %dx = "kerf.value_and_grad"(%x, %g) ({
  ^bb0(%inner_x: tensor<3xf32>, %inner_g: tensor<2x3x4xf32>):
    %inner_y = "kerf.broadcast"(%inner_x) {dims = array<i64: 1>} : (tensor<3xf32>) -> tensor<2x3x4xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<2x3x4xf32>, tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1, 2>} : (tensor<2x3x4xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<2x3x4xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<3xf32>, tensor<2x3x4xf32>) -> (tensor<f32>, tensor<2x3x4xf32>, tensor<3xf32>)
  return %value, %dx : tensor<2x3x4xf32>, tensor<3xf32>
}

func.func @broadcast_stretched_axis(%x: tensor<3x1xf32> {kerf.name = "x"}, %g: tensor<3x5x4xf32> {kerf.name = "g"})
    -> (tensor<3x5x4xf32> {kerf.name = "y"}, tensor<3x1xf32> {kerf.name = "dx"}) attributes {kerf.entry} {
  %loss, %value, %dx = "kerf.value_and_grad"(%x, %g) ({
  ^bb0(%inner_x: tensor<3x1xf32>, %inner_g: tensor<3x5x4xf32>):
    %inner_y = "kerf.broadcast"(%inner_x) {dims = array<i64: 0, 2>} : (tensor<3x1xf32>) -> tensor<3x5x4xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<3x5x4xf32>, tensor<3x5x4xf32>) -> tensor<3x5x4xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1, 2>} : (tensor<3x5x4xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<3x5x4xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<3x1xf32>, tensor<3x5x4xf32>) -> (tensor<f32>, tensor<3x5x4xf32>, tensor<3x1xf32>)
  return %value, %dx : tensor<3x5x4xf32>, tensor<3x1xf32>
}

func.func @broadcast_scalar(%x: tensor<f32> {kerf.name = "x"}, %g: tensor<2x3xf32> {kerf.name = "g"})
    -> (tensor<2x3xf32> {kerf.name = "y"}, tensor<f32> {kerf.name = "dx"}) attributes {kerf.entry} {
  %loss, %value, %dx = "kerf.value_and_grad"(%x, %g) ({
  ^bb0(%inner_x: tensor<f32>, %inner_g: tensor<2x3xf32>):
    %inner_y = "kerf.broadcast"(%inner_x) {dims = array<i64>} : (tensor<f32>) -> tensor<2x3xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<2x3xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<2x3xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<f32>, tensor<2x3xf32>) -> (tensor<f32>, tensor<2x3xf32>, tensor<f32>)
  return %value, %dx : tensor<2x3xf32>, tensor<f32>
}

func.func @slice(%x: tensor<5x9xf32> {kerf.name = "x"}, %g: tensor<3x7xf32> {kerf.name = "g"})
    -> (tensor<3x7xf32> {kerf.name = "y"}, tensor<5x9xf32> {kerf.name = "dx"}) attributes {kerf.entry} {
  %loss, %value, %dx = "kerf.value_and_grad"(%x, %g) ({
  ^bb0(%inner_x: tensor<5x9xf32>, %inner_g: tensor<3x7xf32>):
    %inner_y = "kerf.slice"(%inner_x) {offsets = array<i64: 1, 2>, limits = array<i64: 4, 9>, strides = array<i64: 1, 1>} : (tensor<5x9xf32>) -> tensor<3x7xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<3x7xf32>, tensor<3x7xf32>) -> tensor<3x7xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<3x7xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<3x7xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<5x9xf32>, tensor<3x7xf32>) -> (tensor<f32>, tensor<3x7xf32>, tensor<5x9xf32>)
  return %value, %dx : tensor<3x7xf32>, tensor<5x9xf32>
}

func.func @slice_strided(%x: tensor<7x9xf32> {kerf.name = "x"}, %g: tensor<3x3xf32> {kerf.name = "g"})
    -> (tensor<3x3xf32> {kerf.name = "y"}, tensor<7x9xf32> {kerf.name = "dx"}) attributes {kerf.entry} {
  %loss, %value, %dx = "kerf.value_and_grad"(%x, %g) ({
  ^bb0(%inner_x: tensor<7x9xf32>, %inner_g: tensor<3x3xf32>):
    %inner_y = "kerf.slice"(%inner_x) {offsets = array<i64: 1, 0>, limits = array<i64: 7, 8>, strides = array<i64: 2, 3>} : (tensor<7x9xf32>) -> tensor<3x3xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<3x3xf32>, tensor<3x3xf32>) -> tensor<3x3xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<3x3xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<3x3xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<7x9xf32>, tensor<3x3xf32>) -> (tensor<f32>, tensor<3x3xf32>, tensor<7x9xf32>)
  return %value, %dx : tensor<3x3xf32>, tensor<7x9xf32>
}

func.func @pad(%x: tensor<3x4xf32> {kerf.name = "x"}, %g: tensor<6x7xf32> {kerf.name = "g"})
    -> (tensor<6x7xf32> {kerf.name = "y"}, tensor<3x4xf32> {kerf.name = "dx"}) attributes {kerf.entry} {
  %loss, %value, %dx = "kerf.value_and_grad"(%x, %g) ({
  ^bb0(%inner_x: tensor<3x4xf32>, %inner_g: tensor<6x7xf32>):
    %inner_y = "kerf.pad"(%inner_x) {low = array<i64: 1, 0>, high = array<i64: 2, 3>, interior = array<i64: 0, 0>} : (tensor<3x4xf32>) -> tensor<6x7xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<6x7xf32>, tensor<6x7xf32>) -> tensor<6x7xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<6x7xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<6x7xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<3x4xf32>, tensor<6x7xf32>) -> (tensor<f32>, tensor<6x7xf32>, tensor<3x4xf32>)
  return %value, %dx : tensor<6x7xf32>, tensor<3x4xf32>
}

func.func @pad_interior(%x: tensor<3x4xf32> {kerf.name = "x"}, %g: tensor<6x13xf32> {kerf.name = "g"})
    -> (tensor<6x13xf32> {kerf.name = "y"}, tensor<3x4xf32> {kerf.name = "dx"}) attributes {kerf.entry} {
  %loss, %value, %dx = "kerf.value_and_grad"(%x, %g) ({
  ^bb0(%inner_x: tensor<3x4xf32>, %inner_g: tensor<6x13xf32>):
    %inner_y = "kerf.pad"(%inner_x) {low = array<i64: 1, 2>, high = array<i64: 0, 1>, interior = array<i64: 1, 2>} : (tensor<3x4xf32>) -> tensor<6x13xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<6x13xf32>, tensor<6x13xf32>) -> tensor<6x13xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<6x13xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<6x13xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<3x4xf32>, tensor<6x13xf32>) -> (tensor<f32>, tensor<6x13xf32>, tensor<3x4xf32>)
  return %value, %dx : tensor<6x13xf32>, tensor<3x4xf32>
}

func.func @concat(%a: tensor<2x3xf32> {kerf.name = "a"}, %b: tensor<2x1xf32> {kerf.name = "b"}, %c: tensor<2x4xf32> {kerf.name = "c"}, %g: tensor<2x8xf32> {kerf.name = "g"})
    -> (tensor<2x8xf32> {kerf.name = "y"}, tensor<2x3xf32> {kerf.name = "da"}, tensor<2x1xf32> {kerf.name = "db"}, tensor<2x4xf32> {kerf.name = "dc"}) attributes {kerf.entry} {
  %loss, %value, %da, %db, %dc = "kerf.value_and_grad"(%a, %b, %c, %g) ({
  ^bb0(%inner_a: tensor<2x3xf32>, %inner_b: tensor<2x1xf32>, %inner_c: tensor<2x4xf32>, %inner_g: tensor<2x8xf32>):
    %inner_y = "kerf.concat"(%inner_a, %inner_b, %inner_c) {axis = 1 : i64} : (tensor<2x3xf32>, tensor<2x1xf32>, tensor<2x4xf32>) -> tensor<2x8xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<2x8xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<2x8xf32>) -> ()
  }) {num_params = 3 : i64, num_aux = 1 : i64} : (tensor<2x3xf32>, tensor<2x1xf32>, tensor<2x4xf32>, tensor<2x8xf32>) -> (tensor<f32>, tensor<2x8xf32>, tensor<2x3xf32>, tensor<2x1xf32>, tensor<2x4xf32>)
  return %value, %da, %db, %dc : tensor<2x8xf32>, tensor<2x3xf32>, tensor<2x1xf32>, tensor<2x4xf32>
}
}
