// Made by tests/parity/golden_ops.py.
module attributes {kerf.model = "golden_convolution"} {
func.func @conv_same_3x3(%x: tensor<2x3x7x5xf32> {kerf.name = "x"}, %w: tensor<4x3x3x3xf32> {kerf.name = "w"}, %g: tensor<2x4x7x5xf32> {kerf.name = "g"})
    -> (tensor<2x4x7x5xf32> {kerf.name = "y"}, tensor<2x3x7x5xf32> {kerf.name = "dx"}, tensor<4x3x3x3xf32> {kerf.name = "dw"}) attributes {kerf.entry} {
  %loss, %value, %dx, %dw = "kerf.value_and_grad"(%x, %w, %g) ({
  ^bb0(%inner_x: tensor<2x3x7x5xf32>, %inner_w: tensor<4x3x3x3xf32>, %inner_g: tensor<2x4x7x5xf32>):
    %inner_y = "kerf.conv"(%inner_x, %inner_w) {stride = array<i64: 1, 1>, padding = array<i64: 1, 1>} : (tensor<2x3x7x5xf32>, tensor<4x3x3x3xf32>) -> tensor<2x4x7x5xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<2x4x7x5xf32>, tensor<2x4x7x5xf32>) -> tensor<2x4x7x5xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1, 2, 3>} : (tensor<2x4x7x5xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<2x4x7x5xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<2x3x7x5xf32>, tensor<4x3x3x3xf32>, tensor<2x4x7x5xf32>) -> (tensor<f32>, tensor<2x4x7x5xf32>, tensor<2x3x7x5xf32>, tensor<4x3x3x3xf32>)
  return %value, %dx, %dw : tensor<2x4x7x5xf32>, tensor<2x3x7x5xf32>, tensor<4x3x3x3xf32>
}

func.func @conv_transpose_same_3x3(%y0: tensor<2x4x7x5xf32> {kerf.name = "y0"}, %w: tensor<4x3x3x3xf32> {kerf.name = "w"}, %g: tensor<2x3x7x5xf32> {kerf.name = "g"})
    -> (tensor<2x3x7x5xf32> {kerf.name = "y"}, tensor<2x4x7x5xf32> {kerf.name = "dy0"}, tensor<4x3x3x3xf32> {kerf.name = "dw"}) attributes {kerf.entry} {
  %loss, %value, %dy0, %dw = "kerf.value_and_grad"(%y0, %w, %g) ({
  ^bb0(%inner_y0: tensor<2x4x7x5xf32>, %inner_w: tensor<4x3x3x3xf32>, %inner_g: tensor<2x3x7x5xf32>):
    %inner_y = "kerf.conv_transpose"(%inner_y0, %inner_w) {stride = array<i64: 1, 1>, padding = array<i64: 1, 1>} : (tensor<2x4x7x5xf32>, tensor<4x3x3x3xf32>) -> tensor<2x3x7x5xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<2x3x7x5xf32>, tensor<2x3x7x5xf32>) -> tensor<2x3x7x5xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1, 2, 3>} : (tensor<2x3x7x5xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<2x3x7x5xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<2x4x7x5xf32>, tensor<4x3x3x3xf32>, tensor<2x3x7x5xf32>) -> (tensor<f32>, tensor<2x3x7x5xf32>, tensor<2x4x7x5xf32>, tensor<4x3x3x3xf32>)
  return %value, %dy0, %dw : tensor<2x3x7x5xf32>, tensor<2x4x7x5xf32>, tensor<4x3x3x3xf32>
}

func.func @conv_filter_same_3x3(%x0: tensor<2x3x7x5xf32> {kerf.name = "x0"}, %y0: tensor<2x4x7x5xf32> {kerf.name = "y0"}, %g: tensor<4x3x3x3xf32> {kerf.name = "g"})
    -> (tensor<4x3x3x3xf32> {kerf.name = "y"}, tensor<2x3x7x5xf32> {kerf.name = "dx0"}, tensor<2x4x7x5xf32> {kerf.name = "dy0"}) attributes {kerf.entry} {
  %loss, %value, %dx0, %dy0 = "kerf.value_and_grad"(%x0, %y0, %g) ({
  ^bb0(%inner_x0: tensor<2x3x7x5xf32>, %inner_y0: tensor<2x4x7x5xf32>, %inner_g: tensor<4x3x3x3xf32>):
    %inner_y = "kerf.conv_filter"(%inner_x0, %inner_y0) {stride = array<i64: 1, 1>, padding = array<i64: 1, 1>} : (tensor<2x3x7x5xf32>, tensor<2x4x7x5xf32>) -> tensor<4x3x3x3xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<4x3x3x3xf32>, tensor<4x3x3x3xf32>) -> tensor<4x3x3x3xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1, 2, 3>} : (tensor<4x3x3x3xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<4x3x3x3xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<2x3x7x5xf32>, tensor<2x4x7x5xf32>, tensor<4x3x3x3xf32>) -> (tensor<f32>, tensor<4x3x3x3xf32>, tensor<2x3x7x5xf32>, tensor<2x4x7x5xf32>)
  return %value, %dx0, %dy0 : tensor<4x3x3x3xf32>, tensor<2x3x7x5xf32>, tensor<2x4x7x5xf32>
}

func.func @conv_down_4x4(%x: tensor<2x3x8x8xf32> {kerf.name = "x"}, %w: tensor<5x3x4x4xf32> {kerf.name = "w"}, %g: tensor<2x5x4x4xf32> {kerf.name = "g"})
    -> (tensor<2x5x4x4xf32> {kerf.name = "y"}, tensor<2x3x8x8xf32> {kerf.name = "dx"}, tensor<5x3x4x4xf32> {kerf.name = "dw"}) attributes {kerf.entry} {
  %loss, %value, %dx, %dw = "kerf.value_and_grad"(%x, %w, %g) ({
  ^bb0(%inner_x: tensor<2x3x8x8xf32>, %inner_w: tensor<5x3x4x4xf32>, %inner_g: tensor<2x5x4x4xf32>):
    %inner_y = "kerf.conv"(%inner_x, %inner_w) {stride = array<i64: 2, 2>, padding = array<i64: 1, 1>} : (tensor<2x3x8x8xf32>, tensor<5x3x4x4xf32>) -> tensor<2x5x4x4xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<2x5x4x4xf32>, tensor<2x5x4x4xf32>) -> tensor<2x5x4x4xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1, 2, 3>} : (tensor<2x5x4x4xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<2x5x4x4xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<2x3x8x8xf32>, tensor<5x3x4x4xf32>, tensor<2x5x4x4xf32>) -> (tensor<f32>, tensor<2x5x4x4xf32>, tensor<2x3x8x8xf32>, tensor<5x3x4x4xf32>)
  return %value, %dx, %dw : tensor<2x5x4x4xf32>, tensor<2x3x8x8xf32>, tensor<5x3x4x4xf32>
}

func.func @conv_transpose_down_4x4(%y0: tensor<2x5x4x4xf32> {kerf.name = "y0"}, %w: tensor<5x3x4x4xf32> {kerf.name = "w"}, %g: tensor<2x3x8x8xf32> {kerf.name = "g"})
    -> (tensor<2x3x8x8xf32> {kerf.name = "y"}, tensor<2x5x4x4xf32> {kerf.name = "dy0"}, tensor<5x3x4x4xf32> {kerf.name = "dw"}) attributes {kerf.entry} {
  %loss, %value, %dy0, %dw = "kerf.value_and_grad"(%y0, %w, %g) ({
  ^bb0(%inner_y0: tensor<2x5x4x4xf32>, %inner_w: tensor<5x3x4x4xf32>, %inner_g: tensor<2x3x8x8xf32>):
    %inner_y = "kerf.conv_transpose"(%inner_y0, %inner_w) {stride = array<i64: 2, 2>, padding = array<i64: 1, 1>} : (tensor<2x5x4x4xf32>, tensor<5x3x4x4xf32>) -> tensor<2x3x8x8xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<2x3x8x8xf32>, tensor<2x3x8x8xf32>) -> tensor<2x3x8x8xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1, 2, 3>} : (tensor<2x3x8x8xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<2x3x8x8xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<2x5x4x4xf32>, tensor<5x3x4x4xf32>, tensor<2x3x8x8xf32>) -> (tensor<f32>, tensor<2x3x8x8xf32>, tensor<2x5x4x4xf32>, tensor<5x3x4x4xf32>)
  return %value, %dy0, %dw : tensor<2x3x8x8xf32>, tensor<2x5x4x4xf32>, tensor<5x3x4x4xf32>
}

func.func @conv_filter_down_4x4(%x0: tensor<2x3x8x8xf32> {kerf.name = "x0"}, %y0: tensor<2x5x4x4xf32> {kerf.name = "y0"}, %g: tensor<5x3x4x4xf32> {kerf.name = "g"})
    -> (tensor<5x3x4x4xf32> {kerf.name = "y"}, tensor<2x3x8x8xf32> {kerf.name = "dx0"}, tensor<2x5x4x4xf32> {kerf.name = "dy0"}) attributes {kerf.entry} {
  %loss, %value, %dx0, %dy0 = "kerf.value_and_grad"(%x0, %y0, %g) ({
  ^bb0(%inner_x0: tensor<2x3x8x8xf32>, %inner_y0: tensor<2x5x4x4xf32>, %inner_g: tensor<5x3x4x4xf32>):
    %inner_y = "kerf.conv_filter"(%inner_x0, %inner_y0) {stride = array<i64: 2, 2>, padding = array<i64: 1, 1>} : (tensor<2x3x8x8xf32>, tensor<2x5x4x4xf32>) -> tensor<5x3x4x4xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<5x3x4x4xf32>, tensor<5x3x4x4xf32>) -> tensor<5x3x4x4xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1, 2, 3>} : (tensor<5x3x4x4xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<5x3x4x4xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<2x3x8x8xf32>, tensor<2x5x4x4xf32>, tensor<5x3x4x4xf32>) -> (tensor<f32>, tensor<5x3x4x4xf32>, tensor<2x3x8x8xf32>, tensor<2x5x4x4xf32>)
  return %value, %dx0, %dy0 : tensor<5x3x4x4xf32>, tensor<2x3x8x8xf32>, tensor<2x5x4x4xf32>
}

func.func @conv_one_by_one(%x: tensor<2x5x3x4xf32> {kerf.name = "x"}, %w: tensor<7x5x1x1xf32> {kerf.name = "w"}, %g: tensor<2x7x3x4xf32> {kerf.name = "g"})
    -> (tensor<2x7x3x4xf32> {kerf.name = "y"}, tensor<2x5x3x4xf32> {kerf.name = "dx"}, tensor<7x5x1x1xf32> {kerf.name = "dw"}) attributes {kerf.entry} {
  %loss, %value, %dx, %dw = "kerf.value_and_grad"(%x, %w, %g) ({
  ^bb0(%inner_x: tensor<2x5x3x4xf32>, %inner_w: tensor<7x5x1x1xf32>, %inner_g: tensor<2x7x3x4xf32>):
    %inner_y = "kerf.conv"(%inner_x, %inner_w) {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>} : (tensor<2x5x3x4xf32>, tensor<7x5x1x1xf32>) -> tensor<2x7x3x4xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<2x7x3x4xf32>, tensor<2x7x3x4xf32>) -> tensor<2x7x3x4xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1, 2, 3>} : (tensor<2x7x3x4xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<2x7x3x4xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<2x5x3x4xf32>, tensor<7x5x1x1xf32>, tensor<2x7x3x4xf32>) -> (tensor<f32>, tensor<2x7x3x4xf32>, tensor<2x5x3x4xf32>, tensor<7x5x1x1xf32>)
  return %value, %dx, %dw : tensor<2x7x3x4xf32>, tensor<2x5x3x4xf32>, tensor<7x5x1x1xf32>
}

func.func @conv_transpose_one_by_one(%y0: tensor<2x7x3x4xf32> {kerf.name = "y0"}, %w: tensor<7x5x1x1xf32> {kerf.name = "w"}, %g: tensor<2x5x3x4xf32> {kerf.name = "g"})
    -> (tensor<2x5x3x4xf32> {kerf.name = "y"}, tensor<2x7x3x4xf32> {kerf.name = "dy0"}, tensor<7x5x1x1xf32> {kerf.name = "dw"}) attributes {kerf.entry} {
  %loss, %value, %dy0, %dw = "kerf.value_and_grad"(%y0, %w, %g) ({
  ^bb0(%inner_y0: tensor<2x7x3x4xf32>, %inner_w: tensor<7x5x1x1xf32>, %inner_g: tensor<2x5x3x4xf32>):
    %inner_y = "kerf.conv_transpose"(%inner_y0, %inner_w) {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>} : (tensor<2x7x3x4xf32>, tensor<7x5x1x1xf32>) -> tensor<2x5x3x4xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<2x5x3x4xf32>, tensor<2x5x3x4xf32>) -> tensor<2x5x3x4xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1, 2, 3>} : (tensor<2x5x3x4xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<2x5x3x4xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<2x7x3x4xf32>, tensor<7x5x1x1xf32>, tensor<2x5x3x4xf32>) -> (tensor<f32>, tensor<2x5x3x4xf32>, tensor<2x7x3x4xf32>, tensor<7x5x1x1xf32>)
  return %value, %dy0, %dw : tensor<2x5x3x4xf32>, tensor<2x7x3x4xf32>, tensor<7x5x1x1xf32>
}

func.func @conv_filter_one_by_one(%x0: tensor<2x5x3x4xf32> {kerf.name = "x0"}, %y0: tensor<2x7x3x4xf32> {kerf.name = "y0"}, %g: tensor<7x5x1x1xf32> {kerf.name = "g"})
    -> (tensor<7x5x1x1xf32> {kerf.name = "y"}, tensor<2x5x3x4xf32> {kerf.name = "dx0"}, tensor<2x7x3x4xf32> {kerf.name = "dy0"}) attributes {kerf.entry} {
  %loss, %value, %dx0, %dy0 = "kerf.value_and_grad"(%x0, %y0, %g) ({
  ^bb0(%inner_x0: tensor<2x5x3x4xf32>, %inner_y0: tensor<2x7x3x4xf32>, %inner_g: tensor<7x5x1x1xf32>):
    %inner_y = "kerf.conv_filter"(%inner_x0, %inner_y0) {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>} : (tensor<2x5x3x4xf32>, tensor<2x7x3x4xf32>) -> tensor<7x5x1x1xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<7x5x1x1xf32>, tensor<7x5x1x1xf32>) -> tensor<7x5x1x1xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1, 2, 3>} : (tensor<7x5x1x1xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<7x5x1x1xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<2x5x3x4xf32>, tensor<2x7x3x4xf32>, tensor<7x5x1x1xf32>) -> (tensor<f32>, tensor<7x5x1x1xf32>, tensor<2x5x3x4xf32>, tensor<2x7x3x4xf32>)
  return %value, %dx0, %dy0 : tensor<7x5x1x1xf32>, tensor<2x5x3x4xf32>, tensor<2x7x3x4xf32>
}

func.func @conv_uneven(%x: tensor<1x2x9x8xf32> {kerf.name = "x"}, %w: tensor<3x2x2x3xf32> {kerf.name = "w"}, %g: tensor<1x3x3x5xf32> {kerf.name = "g"})
    -> (tensor<1x3x3x5xf32> {kerf.name = "y"}, tensor<1x2x9x8xf32> {kerf.name = "dx"}, tensor<3x2x2x3xf32> {kerf.name = "dw"}) attributes {kerf.entry} {
  %loss, %value, %dx, %dw = "kerf.value_and_grad"(%x, %w, %g) ({
  ^bb0(%inner_x: tensor<1x2x9x8xf32>, %inner_w: tensor<3x2x2x3xf32>, %inner_g: tensor<1x3x3x5xf32>):
    %inner_y = "kerf.conv"(%inner_x, %inner_w) {stride = array<i64: 3, 2>, padding = array<i64: 0, 2>} : (tensor<1x2x9x8xf32>, tensor<3x2x2x3xf32>) -> tensor<1x3x3x5xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<1x3x3x5xf32>, tensor<1x3x3x5xf32>) -> tensor<1x3x3x5xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1, 2, 3>} : (tensor<1x3x3x5xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<1x3x3x5xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<1x2x9x8xf32>, tensor<3x2x2x3xf32>, tensor<1x3x3x5xf32>) -> (tensor<f32>, tensor<1x3x3x5xf32>, tensor<1x2x9x8xf32>, tensor<3x2x2x3xf32>)
  return %value, %dx, %dw : tensor<1x3x3x5xf32>, tensor<1x2x9x8xf32>, tensor<3x2x2x3xf32>
}

func.func @conv_transpose_uneven(%y0: tensor<1x3x3x5xf32> {kerf.name = "y0"}, %w: tensor<3x2x2x3xf32> {kerf.name = "w"}, %g: tensor<1x2x9x8xf32> {kerf.name = "g"})
    -> (tensor<1x2x9x8xf32> {kerf.name = "y"}, tensor<1x3x3x5xf32> {kerf.name = "dy0"}, tensor<3x2x2x3xf32> {kerf.name = "dw"}) attributes {kerf.entry} {
  %loss, %value, %dy0, %dw = "kerf.value_and_grad"(%y0, %w, %g) ({
  ^bb0(%inner_y0: tensor<1x3x3x5xf32>, %inner_w: tensor<3x2x2x3xf32>, %inner_g: tensor<1x2x9x8xf32>):
    %inner_y = "kerf.conv_transpose"(%inner_y0, %inner_w) {stride = array<i64: 3, 2>, padding = array<i64: 0, 2>} : (tensor<1x3x3x5xf32>, tensor<3x2x2x3xf32>) -> tensor<1x2x9x8xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<1x2x9x8xf32>, tensor<1x2x9x8xf32>) -> tensor<1x2x9x8xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1, 2, 3>} : (tensor<1x2x9x8xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<1x2x9x8xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<1x3x3x5xf32>, tensor<3x2x2x3xf32>, tensor<1x2x9x8xf32>) -> (tensor<f32>, tensor<1x2x9x8xf32>, tensor<1x3x3x5xf32>, tensor<3x2x2x3xf32>)
  return %value, %dy0, %dw : tensor<1x2x9x8xf32>, tensor<1x3x3x5xf32>, tensor<3x2x2x3xf32>
}

func.func @conv_filter_uneven(%x0: tensor<1x2x9x8xf32> {kerf.name = "x0"}, %y0: tensor<1x3x3x5xf32> {kerf.name = "y0"}, %g: tensor<3x2x2x3xf32> {kerf.name = "g"})
    -> (tensor<3x2x2x3xf32> {kerf.name = "y"}, tensor<1x2x9x8xf32> {kerf.name = "dx0"}, tensor<1x3x3x5xf32> {kerf.name = "dy0"}) attributes {kerf.entry} {
  %loss, %value, %dx0, %dy0 = "kerf.value_and_grad"(%x0, %y0, %g) ({
  ^bb0(%inner_x0: tensor<1x2x9x8xf32>, %inner_y0: tensor<1x3x3x5xf32>, %inner_g: tensor<3x2x2x3xf32>):
    %inner_y = "kerf.conv_filter"(%inner_x0, %inner_y0) {stride = array<i64: 3, 2>, padding = array<i64: 0, 2>} : (tensor<1x2x9x8xf32>, tensor<1x3x3x5xf32>) -> tensor<3x2x2x3xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<3x2x2x3xf32>, tensor<3x2x2x3xf32>) -> tensor<3x2x2x3xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1, 2, 3>} : (tensor<3x2x2x3xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<3x2x2x3xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<1x2x9x8xf32>, tensor<1x3x3x5xf32>, tensor<3x2x2x3xf32>) -> (tensor<f32>, tensor<3x2x2x3xf32>, tensor<1x2x9x8xf32>, tensor<1x3x3x5xf32>)
  return %value, %dx0, %dy0 : tensor<3x2x2x3xf32>, tensor<1x2x9x8xf32>, tensor<1x3x3x5xf32>
}

func.func @conv_ones(%x: tensor<1x1x1x1xf32> {kerf.name = "x"}, %w: tensor<1x1x1x1xf32> {kerf.name = "w"}, %g: tensor<1x1x1x1xf32> {kerf.name = "g"})
    -> (tensor<1x1x1x1xf32> {kerf.name = "y"}, tensor<1x1x1x1xf32> {kerf.name = "dx"}, tensor<1x1x1x1xf32> {kerf.name = "dw"}) attributes {kerf.entry} {
  %loss, %value, %dx, %dw = "kerf.value_and_grad"(%x, %w, %g) ({
  ^bb0(%inner_x: tensor<1x1x1x1xf32>, %inner_w: tensor<1x1x1x1xf32>, %inner_g: tensor<1x1x1x1xf32>):
    %inner_y = "kerf.conv"(%inner_x, %inner_w) {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>} : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1, 2, 3>} : (tensor<1x1x1x1xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<1x1x1x1xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>) -> (tensor<f32>, tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>)
  return %value, %dx, %dw : tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>
}

func.func @conv_transpose_ones(%y0: tensor<1x1x1x1xf32> {kerf.name = "y0"}, %w: tensor<1x1x1x1xf32> {kerf.name = "w"}, %g: tensor<1x1x1x1xf32> {kerf.name = "g"})
    -> (tensor<1x1x1x1xf32> {kerf.name = "y"}, tensor<1x1x1x1xf32> {kerf.name = "dy0"}, tensor<1x1x1x1xf32> {kerf.name = "dw"}) attributes {kerf.entry} {
  %loss, %value, %dy0, %dw = "kerf.value_and_grad"(%y0, %w, %g) ({
  ^bb0(%inner_y0: tensor<1x1x1x1xf32>, %inner_w: tensor<1x1x1x1xf32>, %inner_g: tensor<1x1x1x1xf32>):
    %inner_y = "kerf.conv_transpose"(%inner_y0, %inner_w) {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>} : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1, 2, 3>} : (tensor<1x1x1x1xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<1x1x1x1xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>) -> (tensor<f32>, tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>)
  return %value, %dy0, %dw : tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>
}

func.func @conv_filter_ones(%x0: tensor<1x1x1x1xf32> {kerf.name = "x0"}, %y0: tensor<1x1x1x1xf32> {kerf.name = "y0"}, %g: tensor<1x1x1x1xf32> {kerf.name = "g"})
    -> (tensor<1x1x1x1xf32> {kerf.name = "y"}, tensor<1x1x1x1xf32> {kerf.name = "dx0"}, tensor<1x1x1x1xf32> {kerf.name = "dy0"}) attributes {kerf.entry} {
  %loss, %value, %dx0, %dy0 = "kerf.value_and_grad"(%x0, %y0, %g) ({
  ^bb0(%inner_x0: tensor<1x1x1x1xf32>, %inner_y0: tensor<1x1x1x1xf32>, %inner_g: tensor<1x1x1x1xf32>):
    %inner_y = "kerf.conv_filter"(%inner_x0, %inner_y0) {stride = array<i64: 1, 1>, padding = array<i64: 0, 0>} : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1, 2, 3>} : (tensor<1x1x1x1xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<1x1x1x1xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>) -> (tensor<f32>, tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>)
  return %value, %dx0, %dy0 : tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>
}
}
