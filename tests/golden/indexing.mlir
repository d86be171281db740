// Made by tests/parity/golden_ops.py.
module attributes {kerf.model = "golden_indexing"} {
func.func @gather(%table: tensor<6x5xf32> {kerf.name = "table"}, %i: tensor<3x4xi64> {kerf.name = "i"}, %g: tensor<3x4x5xf32> {kerf.name = "g"})
    -> (tensor<3x4x5xf32> {kerf.name = "y"}, tensor<6x5xf32> {kerf.name = "dtable"}) attributes {kerf.entry} {
  %loss, %value, %dtable = "kerf.value_and_grad"(%table, %i, %g) ({
  ^bb0(%inner_table: tensor<6x5xf32>, %inner_i: tensor<3x4xi64>, %inner_g: tensor<3x4x5xf32>):
    %inner_y = "kerf.gather"(%inner_table, %inner_i) : (tensor<6x5xf32>, tensor<3x4xi64>) -> tensor<3x4x5xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<3x4x5xf32>, tensor<3x4x5xf32>) -> tensor<3x4x5xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1, 2>} : (tensor<3x4x5xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<3x4x5xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<6x5xf32>, tensor<3x4xi64>, tensor<3x4x5xf32>) -> (tensor<f32>, tensor<3x4x5xf32>, tensor<6x5xf32>)
  return %value, %dtable : tensor<3x4x5xf32>, tensor<6x5xf32>
}

func.func @gather_scalars(%table: tensor<6xf32> {kerf.name = "table"}, %i: tensor<7xi64> {kerf.name = "i"}, %g: tensor<7xf32> {kerf.name = "g"})
    -> (tensor<7xf32> {kerf.name = "y"}, tensor<6xf32> {kerf.name = "dtable"}) attributes {kerf.entry} {
  %loss, %value, %dtable = "kerf.value_and_grad"(%table, %i, %g) ({
  ^bb0(%inner_table: tensor<6xf32>, %inner_i: tensor<7xi64>, %inner_g: tensor<7xf32>):
    %inner_y = "kerf.gather"(%inner_table, %inner_i) : (tensor<6xf32>, tensor<7xi64>) -> tensor<7xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<7xf32>, tensor<7xf32>) -> tensor<7xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0>} : (tensor<7xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<7xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<6xf32>, tensor<7xi64>, tensor<7xf32>) -> (tensor<f32>, tensor<7xf32>, tensor<6xf32>)
  return %value, %dtable : tensor<7xf32>, tensor<6xf32>
}

func.func @gather_clamps(%table: tensor<6x3xf32> {kerf.name = "table"}, %i: tensor<6xi64> {kerf.name = "i"}, %g: tensor<6x3xf32> {kerf.name = "g"})
    -> (tensor<6x3xf32> {kerf.name = "y"}, tensor<6x3xf32> {kerf.name = "dtable"}) attributes {kerf.entry} {
  %loss, %value, %dtable = "kerf.value_and_grad"(%table, %i, %g) ({
  ^bb0(%inner_table: tensor<6x3xf32>, %inner_i: tensor<6xi64>, %inner_g: tensor<6x3xf32>):
    %inner_y = "kerf.gather"(%inner_table, %inner_i) : (tensor<6x3xf32>, tensor<6xi64>) -> tensor<6x3xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<6x3xf32>, tensor<6x3xf32>) -> tensor<6x3xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<6x3xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<6x3xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<6x3xf32>, tensor<6xi64>, tensor<6x3xf32>) -> (tensor<f32>, tensor<6x3xf32>, tensor<6x3xf32>)
  return %value, %dtable : tensor<6x3xf32>, tensor<6x3xf32>
}

func.func @scatter_add(%u: tensor<3x4x5xf32> {kerf.name = "u"}, %i: tensor<3x4xi64> {kerf.name = "i"}, %g: tensor<6x5xf32> {kerf.name = "g"})
    -> (tensor<6x5xf32> {kerf.name = "y"}, tensor<3x4x5xf32> {kerf.name = "du"}) attributes {kerf.entry} {
  %loss, %value, %du = "kerf.value_and_grad"(%u, %i, %g) ({
  ^bb0(%inner_u: tensor<3x4x5xf32>, %inner_i: tensor<3x4xi64>, %inner_g: tensor<6x5xf32>):
    %inner_y = "kerf.scatter_add"(%inner_u, %inner_i) {rows = 6 : i64} : (tensor<3x4x5xf32>, tensor<3x4xi64>) -> tensor<6x5xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<6x5xf32>, tensor<6x5xf32>) -> tensor<6x5xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<6x5xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<6x5xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<3x4x5xf32>, tensor<3x4xi64>, tensor<6x5xf32>) -> (tensor<f32>, tensor<6x5xf32>, tensor<3x4x5xf32>)
  return %value, %du : tensor<6x5xf32>, tensor<3x4x5xf32>
}

func.func @scatter_add_clamps(%u: tensor<6x3xf32> {kerf.name = "u"}, %i: tensor<6xi64> {kerf.name = "i"}, %g: tensor<6x3xf32> {kerf.name = "g"})
    -> (tensor<6x3xf32> {kerf.name = "y"}, tensor<6x3xf32> {kerf.name = "du"}) attributes {kerf.entry} {
  %loss, %value, %du = "kerf.value_and_grad"(%u, %i, %g) ({
  ^bb0(%inner_u: tensor<6x3xf32>, %inner_i: tensor<6xi64>, %inner_g: tensor<6x3xf32>):
    %inner_y = "kerf.scatter_add"(%inner_u, %inner_i) {rows = 6 : i64} : (tensor<6x3xf32>, tensor<6xi64>) -> tensor<6x3xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<6x3xf32>, tensor<6x3xf32>) -> tensor<6x3xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<6x3xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<6x3xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<6x3xf32>, tensor<6xi64>, tensor<6x3xf32>) -> (tensor<f32>, tensor<6x3xf32>, tensor<6x3xf32>)
  return %value, %du : tensor<6x3xf32>, tensor<6x3xf32>
}
}
