// Made by tests/parity/golden_ops.py.
module attributes {kerf.model = "golden_contraction"} {
func.func @matmul(%a: tensor<7x17xf32> {kerf.name = "a"}, %b: tensor<17x13xf32> {kerf.name = "b"}, %g: tensor<7x13xf32> {kerf.name = "g"})
    -> (tensor<7x13xf32> {kerf.name = "y"}, tensor<7x17xf32> {kerf.name = "da"}, tensor<17x13xf32> {kerf.name = "db"}) attributes {kerf.entry} {
  %loss, %value, %da, %db = "kerf.value_and_grad"(%a, %b, %g) ({
  ^bb0(%inner_a: tensor<7x17xf32>, %inner_b: tensor<17x13xf32>, %inner_g: tensor<7x13xf32>):
    %inner_y = "kerf.contract"(%inner_a, %inner_b) {a_batch = array<i64>, b_batch = array<i64>, a_contract = array<i64: 1>, b_contract = array<i64: 0>} : (tensor<7x17xf32>, tensor<17x13xf32>) -> tensor<7x13xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<7x13xf32>, tensor<7x13xf32>) -> tensor<7x13xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<7x13xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<7x13xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<7x17xf32>, tensor<17x13xf32>, tensor<7x13xf32>) -> (tensor<f32>, tensor<7x13xf32>, tensor<7x17xf32>, tensor<17x13xf32>)
  return %value, %da, %db : tensor<7x13xf32>, tensor<7x17xf32>, tensor<17x13xf32>
}

func.func @matmul_both_transposed(%a: tensor<9x7xf32> {kerf.name = "a"}, %b: tensor<17x9xf32> {kerf.name = "b"}, %g: tensor<7x17xf32> {kerf.name = "g"})
    -> (tensor<7x17xf32> {kerf.name = "y"}, tensor<9x7xf32> {kerf.name = "da"}, tensor<17x9xf32> {kerf.name = "db"}) attributes {kerf.entry} {
  %loss, %value, %da, %db = "kerf.value_and_grad"(%a, %b, %g) ({
  ^bb0(%inner_a: tensor<9x7xf32>, %inner_b: tensor<17x9xf32>, %inner_g: tensor<7x17xf32>):
    %inner_y = "kerf.contract"(%inner_a, %inner_b) {a_batch = array<i64>, b_batch = array<i64>, a_contract = array<i64: 0>, b_contract = array<i64: 1>} : (tensor<9x7xf32>, tensor<17x9xf32>) -> tensor<7x17xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<7x17xf32>, tensor<7x17xf32>) -> tensor<7x17xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<7x17xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<7x17xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<9x7xf32>, tensor<17x9xf32>, tensor<7x17xf32>) -> (tensor<f32>, tensor<7x17xf32>, tensor<9x7xf32>, tensor<17x9xf32>)
  return %value, %da, %db : tensor<7x17xf32>, tensor<9x7xf32>, tensor<17x9xf32>
}

func.func @matmul_one_past_a_tile(%a: tensor<7x33xf32> {kerf.name = "a"}, %b: tensor<33x17xf32> {kerf.name = "b"}, %g: tensor<7x17xf32> {kerf.name = "g"})
    -> (tensor<7x17xf32> {kerf.name = "y"}, tensor<7x33xf32> {kerf.name = "da"}, tensor<33x17xf32> {kerf.name = "db"}) attributes {kerf.entry} {
  %loss, %value, %da, %db = "kerf.value_and_grad"(%a, %b, %g) ({
  ^bb0(%inner_a: tensor<7x33xf32>, %inner_b: tensor<33x17xf32>, %inner_g: tensor<7x17xf32>):
    %inner_y = "kerf.contract"(%inner_a, %inner_b) {a_batch = array<i64>, b_batch = array<i64>, a_contract = array<i64: 1>, b_contract = array<i64: 0>} : (tensor<7x33xf32>, tensor<33x17xf32>) -> tensor<7x17xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<7x17xf32>, tensor<7x17xf32>) -> tensor<7x17xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<7x17xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<7x17xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<7x33xf32>, tensor<33x17xf32>, tensor<7x17xf32>) -> (tensor<f32>, tensor<7x17xf32>, tensor<7x33xf32>, tensor<33x17xf32>)
  return %value, %da, %db : tensor<7x17xf32>, tensor<7x33xf32>, tensor<33x17xf32>
}

func.func @matmul_of_ones(%a: tensor<1x1xf32> {kerf.name = "a"}, %b: tensor<1x1xf32> {kerf.name = "b"}, %g: tensor<1x1xf32> {kerf.name = "g"})
    -> (tensor<1x1xf32> {kerf.name = "y"}, tensor<1x1xf32> {kerf.name = "da"}, tensor<1x1xf32> {kerf.name = "db"}) attributes {kerf.entry} {
  %loss, %value, %da, %db = "kerf.value_and_grad"(%a, %b, %g) ({
  ^bb0(%inner_a: tensor<1x1xf32>, %inner_b: tensor<1x1xf32>, %inner_g: tensor<1x1xf32>):
    %inner_y = "kerf.contract"(%inner_a, %inner_b) {a_batch = array<i64>, b_batch = array<i64>, a_contract = array<i64: 1>, b_contract = array<i64: 0>} : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<1x1xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<1x1xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<1x1xf32>, tensor<1x1xf32>, tensor<1x1xf32>) -> (tensor<f32>, tensor<1x1xf32>, tensor<1x1xf32>, tensor<1x1xf32>)
  return %value, %da, %db : tensor<1x1xf32>, tensor<1x1xf32>, tensor<1x1xf32>
}

func.func @matrix_vector(%a: tensor<6x5xf32> {kerf.name = "a"}, %b: tensor<5xf32> {kerf.name = "b"}, %g: tensor<6xf32> {kerf.name = "g"})
    -> (tensor<6xf32> {kerf.name = "y"}, tensor<6x5xf32> {kerf.name = "da"}, tensor<5xf32> {kerf.name = "db"}) attributes {kerf.entry} {
  %loss, %value, %da, %db = "kerf.value_and_grad"(%a, %b, %g) ({
  ^bb0(%inner_a: tensor<6x5xf32>, %inner_b: tensor<5xf32>, %inner_g: tensor<6xf32>):
    %inner_y = "kerf.contract"(%inner_a, %inner_b) {a_batch = array<i64>, b_batch = array<i64>, a_contract = array<i64: 1>, b_contract = array<i64: 0>} : (tensor<6x5xf32>, tensor<5xf32>) -> tensor<6xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<6xf32>, tensor<6xf32>) -> tensor<6xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0>} : (tensor<6xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<6xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<6x5xf32>, tensor<5xf32>, tensor<6xf32>) -> (tensor<f32>, tensor<6xf32>, tensor<6x5xf32>, tensor<5xf32>)
  return %value, %da, %db : tensor<6xf32>, tensor<6x5xf32>, tensor<5xf32>
}

func.func @inner(%a: tensor<37xf32> {kerf.name = "a"}, %b: tensor<37xf32> {kerf.name = "b"}, %g: tensor<f32> {kerf.name = "g"})
    -> (tensor<f32> {kerf.name = "y"}, tensor<37xf32> {kerf.name = "da"}, tensor<37xf32> {kerf.name = "db"}) attributes {kerf.entry} {
  %loss, %value, %da, %db = "kerf.value_and_grad"(%a, %b, %g) ({
  ^bb0(%inner_a: tensor<37xf32>, %inner_b: tensor<37xf32>, %inner_g: tensor<f32>):
    %inner_y = "kerf.contract"(%inner_a, %inner_b) {a_batch = array<i64>, b_batch = array<i64>, a_contract = array<i64: 0>, b_contract = array<i64: 0>} : (tensor<37xf32>, tensor<37xf32>) -> tensor<f32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<f32>, tensor<f32>) -> tensor<f32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64>} : (tensor<f32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<f32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<37xf32>, tensor<37xf32>, tensor<f32>) -> (tensor<f32>, tensor<f32>, tensor<37xf32>, tensor<37xf32>)
  return %value, %da, %db : tensor<f32>, tensor<37xf32>, tensor<37xf32>
}

func.func @outer(%a: tensor<3xf32> {kerf.name = "a"}, %b: tensor<4xf32> {kerf.name = "b"}, %g: tensor<3x4xf32> {kerf.name = "g"})
    -> (tensor<3x4xf32> {kerf.name = "y"}, tensor<3xf32> {kerf.name = "da"}, tensor<4xf32> {kerf.name = "db"}) attributes {kerf.entry} {
  %loss, %value, %da, %db = "kerf.value_and_grad"(%a, %b, %g) ({
  ^bb0(%inner_a: tensor<3xf32>, %inner_b: tensor<4xf32>, %inner_g: tensor<3x4xf32>):
    %inner_y = "kerf.contract"(%inner_a, %inner_b) {a_batch = array<i64>, b_batch = array<i64>, a_contract = array<i64>, b_contract = array<i64>} : (tensor<3xf32>, tensor<4xf32>) -> tensor<3x4xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<3x4xf32>, tensor<3x4xf32>) -> tensor<3x4xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<3x4xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<3x4xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<3xf32>, tensor<4xf32>, tensor<3x4xf32>) -> (tensor<f32>, tensor<3x4xf32>, tensor<3xf32>, tensor<4xf32>)
  return %value, %da, %db : tensor<3x4xf32>, tensor<3xf32>, tensor<4xf32>
}

func.func @batched(%a: tensor<3x5x4xf32> {kerf.name = "a"}, %b: tensor<3x4x6xf32> {kerf.name = "b"}, %g: tensor<3x5x6xf32> {kerf.name = "g"})
    -> (tensor<3x5x6xf32> {kerf.name = "y"}, tensor<3x5x4xf32> {kerf.name = "da"}, tensor<3x4x6xf32> {kerf.name = "db"}) attributes {kerf.entry} {
  %loss, %value, %da, %db = "kerf.value_and_grad"(%a, %b, %g) ({
  ^bb0(%inner_a: tensor<3x5x4xf32>, %inner_b: tensor<3x4x6xf32>, %inner_g: tensor<3x5x6xf32>):
    %inner_y = "kerf.contract"(%inner_a, %inner_b) {a_batch = array<i64: 0>, b_batch = array<i64: 0>, a_contract = array<i64: 2>, b_contract = array<i64: 1>} : (tensor<3x5x4xf32>, tensor<3x4x6xf32>) -> tensor<3x5x6xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<3x5x6xf32>, tensor<3x5x6xf32>) -> tensor<3x5x6xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1, 2>} : (tensor<3x5x6xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<3x5x6xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<3x5x4xf32>, tensor<3x4x6xf32>, tensor<3x5x6xf32>) -> (tensor<f32>, tensor<3x5x6xf32>, tensor<3x5x4xf32>, tensor<3x4x6xf32>)
  return %value, %da, %db : tensor<3x5x6xf32>, tensor<3x5x4xf32>, tensor<3x4x6xf32>
}

func.func @two_batch_axes(%a: tensor<2x3x5x4xf32> {kerf.name = "a"}, %b: tensor<2x6x3x4xf32> {kerf.name = "b"}, %g: tensor<2x3x5x6xf32> {kerf.name = "g"})
    -> (tensor<2x3x5x6xf32> {kerf.name = "y"}, tensor<2x3x5x4xf32> {kerf.name = "da"}, tensor<2x6x3x4xf32> {kerf.name = "db"}) attributes {kerf.entry} {
  %loss, %value, %da, %db = "kerf.value_and_grad"(%a, %b, %g) ({
  ^bb0(%inner_a: tensor<2x3x5x4xf32>, %inner_b: tensor<2x6x3x4xf32>, %inner_g: tensor<2x3x5x6xf32>):
    %inner_y = "kerf.contract"(%inner_a, %inner_b) {a_batch = array<i64: 0, 1>, b_batch = array<i64: 0, 2>, a_contract = array<i64: 3>, b_contract = array<i64: 3>} : (tensor<2x3x5x4xf32>, tensor<2x6x3x4xf32>) -> tensor<2x3x5x6xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<2x3x5x6xf32>, tensor<2x3x5x6xf32>) -> tensor<2x3x5x6xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1, 2, 3>} : (tensor<2x3x5x6xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<2x3x5x6xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<2x3x5x4xf32>, tensor<2x6x3x4xf32>, tensor<2x3x5x6xf32>) -> (tensor<f32>, tensor<2x3x5x6xf32>, tensor<2x3x5x4xf32>, tensor<2x6x3x4xf32>)
  return %value, %da, %db : tensor<2x3x5x6xf32>, tensor<2x3x5x4xf32>, tensor<2x6x3x4xf32>
}

func.func @two_contracted_axes(%a: tensor<4x2x3xf32> {kerf.name = "a"}, %b: tensor<3x5x2xf32> {kerf.name = "b"}, %g: tensor<4x5xf32> {kerf.name = "g"})
    -> (tensor<4x5xf32> {kerf.name = "y"}, tensor<4x2x3xf32> {kerf.name = "da"}, tensor<3x5x2xf32> {kerf.name = "db"}) attributes {kerf.entry} {
  %loss, %value, %da, %db = "kerf.value_and_grad"(%a, %b, %g) ({
  ^bb0(%inner_a: tensor<4x2x3xf32>, %inner_b: tensor<3x5x2xf32>, %inner_g: tensor<4x5xf32>):
    %inner_y = "kerf.contract"(%inner_a, %inner_b) {a_batch = array<i64>, b_batch = array<i64>, a_contract = array<i64: 1, 2>, b_contract = array<i64: 2, 0>} : (tensor<4x2x3xf32>, tensor<3x5x2xf32>) -> tensor<4x5xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<4x5xf32>, tensor<4x5xf32>) -> tensor<4x5xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<4x5xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<4x5xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<4x2x3xf32>, tensor<3x5x2xf32>, tensor<4x5xf32>) -> (tensor<f32>, tensor<4x5xf32>, tensor<4x2x3xf32>, tensor<3x5x2xf32>)
  return %value, %da, %db : tensor<4x5xf32>, tensor<4x2x3xf32>, tensor<3x5x2xf32>
}

func.func @two_blocks_of_k(%a: tensor<2x300xf32> {kerf.name = "a"}, %b: tensor<300x3xf32> {kerf.name = "b"}, %g: tensor<2x3xf32> {kerf.name = "g"})
    -> (tensor<2x3xf32> {kerf.name = "y"}, tensor<2x300xf32> {kerf.name = "da"}, tensor<300x3xf32> {kerf.name = "db"}) attributes {kerf.entry} {
  %loss, %value, %da, %db = "kerf.value_and_grad"(%a, %b, %g) ({
  ^bb0(%inner_a: tensor<2x300xf32>, %inner_b: tensor<300x3xf32>, %inner_g: tensor<2x3xf32>):
    %inner_y = "kerf.contract"(%inner_a, %inner_b) {a_batch = array<i64>, b_batch = array<i64>, a_contract = array<i64: 1>, b_contract = array<i64: 0>} : (tensor<2x300xf32>, tensor<300x3xf32>) -> tensor<2x3xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<2x3xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<2x3xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<2x300xf32>, tensor<300x3xf32>, tensor<2x3xf32>) -> (tensor<f32>, tensor<2x3xf32>, tensor<2x300xf32>, tensor<300x3xf32>)
  return %value, %da, %db : tensor<2x3xf32>, tensor<2x300xf32>, tensor<300x3xf32>
}
}
