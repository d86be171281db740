// Made by tests/parity/golden_ops.py.
module attributes {kerf.model = "golden_elementwise"} {
func.func @neg(%x: tensor<3x7xf32> {kerf.name = "x"}, %g: tensor<3x7xf32> {kerf.name = "g"})
    -> (tensor<3x7xf32> {kerf.name = "y"}, tensor<3x7xf32> {kerf.name = "dx"}) attributes {kerf.entry} {
  %loss, %value, %dx = "kerf.value_and_grad"(%x, %g) ({
  ^bb0(%inner_x: tensor<3x7xf32>, %inner_g: tensor<3x7xf32>):
    %inner_y = "kerf.neg"(%inner_x) : (tensor<3x7xf32>) -> tensor<3x7xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<3x7xf32>, tensor<3x7xf32>) -> tensor<3x7xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<3x7xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<3x7xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<3x7xf32>, tensor<3x7xf32>) -> (tensor<f32>, tensor<3x7xf32>, tensor<3x7xf32>)
  return %value, %dx : tensor<3x7xf32>, tensor<3x7xf32>
}

func.func @exp(%x: tensor<3x7xf32> {kerf.name = "x"}, %g: tensor<3x7xf32> {kerf.name = "g"})
    -> (tensor<3x7xf32> {kerf.name = "y"}, tensor<3x7xf32> {kerf.name = "dx"}) attributes {kerf.entry} {
  %loss, %value, %dx = "kerf.value_and_grad"(%x, %g) ({
  ^bb0(%inner_x: tensor<3x7xf32>, %inner_g: tensor<3x7xf32>):
    %inner_y = "kerf.exp"(%inner_x) : (tensor<3x7xf32>) -> tensor<3x7xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<3x7xf32>, tensor<3x7xf32>) -> tensor<3x7xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<3x7xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<3x7xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<3x7xf32>, tensor<3x7xf32>) -> (tensor<f32>, tensor<3x7xf32>, tensor<3x7xf32>)
  return %value, %dx : tensor<3x7xf32>, tensor<3x7xf32>
}

func.func @tanh(%x: tensor<3x7xf32> {kerf.name = "x"}, %g: tensor<3x7xf32> {kerf.name = "g"})
    -> (tensor<3x7xf32> {kerf.name = "y"}, tensor<3x7xf32> {kerf.name = "dx"}) attributes {kerf.entry} {
  %loss, %value, %dx = "kerf.value_and_grad"(%x, %g) ({
  ^bb0(%inner_x: tensor<3x7xf32>, %inner_g: tensor<3x7xf32>):
    %inner_y = "kerf.tanh"(%inner_x) : (tensor<3x7xf32>) -> tensor<3x7xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<3x7xf32>, tensor<3x7xf32>) -> tensor<3x7xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<3x7xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<3x7xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<3x7xf32>, tensor<3x7xf32>) -> (tensor<f32>, tensor<3x7xf32>, tensor<3x7xf32>)
  return %value, %dx : tensor<3x7xf32>, tensor<3x7xf32>
}

func.func @abs(%x: tensor<3x7xf32> {kerf.name = "x"}, %g: tensor<3x7xf32> {kerf.name = "g"})
    -> (tensor<3x7xf32> {kerf.name = "y"}, tensor<3x7xf32> {kerf.name = "dx"}) attributes {kerf.entry} {
  %loss, %value, %dx = "kerf.value_and_grad"(%x, %g) ({
  ^bb0(%inner_x: tensor<3x7xf32>, %inner_g: tensor<3x7xf32>):
    %inner_y = "kerf.abs"(%inner_x) : (tensor<3x7xf32>) -> tensor<3x7xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<3x7xf32>, tensor<3x7xf32>) -> tensor<3x7xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<3x7xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<3x7xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<3x7xf32>, tensor<3x7xf32>) -> (tensor<f32>, tensor<3x7xf32>, tensor<3x7xf32>)
  return %value, %dx : tensor<3x7xf32>, tensor<3x7xf32>
}

func.func @log(%x: tensor<3x7xf32> {kerf.name = "x"}, %g: tensor<3x7xf32> {kerf.name = "g"})
    -> (tensor<3x7xf32> {kerf.name = "y"}, tensor<3x7xf32> {kerf.name = "dx"}) attributes {kerf.entry} {
  %loss, %value, %dx = "kerf.value_and_grad"(%x, %g) ({
  ^bb0(%inner_x: tensor<3x7xf32>, %inner_g: tensor<3x7xf32>):
    %inner_y = "kerf.log"(%inner_x) : (tensor<3x7xf32>) -> tensor<3x7xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<3x7xf32>, tensor<3x7xf32>) -> tensor<3x7xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<3x7xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<3x7xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<3x7xf32>, tensor<3x7xf32>) -> (tensor<f32>, tensor<3x7xf32>, tensor<3x7xf32>)
  return %value, %dx : tensor<3x7xf32>, tensor<3x7xf32>
}

func.func @sqrt(%x: tensor<3x7xf32> {kerf.name = "x"}, %g: tensor<3x7xf32> {kerf.name = "g"})
    -> (tensor<3x7xf32> {kerf.name = "y"}, tensor<3x7xf32> {kerf.name = "dx"}) attributes {kerf.entry} {
  %loss, %value, %dx = "kerf.value_and_grad"(%x, %g) ({
  ^bb0(%inner_x: tensor<3x7xf32>, %inner_g: tensor<3x7xf32>):
    %inner_y = "kerf.sqrt"(%inner_x) : (tensor<3x7xf32>) -> tensor<3x7xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<3x7xf32>, tensor<3x7xf32>) -> tensor<3x7xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<3x7xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<3x7xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<3x7xf32>, tensor<3x7xf32>) -> (tensor<f32>, tensor<3x7xf32>, tensor<3x7xf32>)
  return %value, %dx : tensor<3x7xf32>, tensor<3x7xf32>
}

func.func @rsqrt(%x: tensor<3x7xf32> {kerf.name = "x"}, %g: tensor<3x7xf32> {kerf.name = "g"})
    -> (tensor<3x7xf32> {kerf.name = "y"}, tensor<3x7xf32> {kerf.name = "dx"}) attributes {kerf.entry} {
  %loss, %value, %dx = "kerf.value_and_grad"(%x, %g) ({
  ^bb0(%inner_x: tensor<3x7xf32>, %inner_g: tensor<3x7xf32>):
    %inner_y = "kerf.rsqrt"(%inner_x) : (tensor<3x7xf32>) -> tensor<3x7xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<3x7xf32>, tensor<3x7xf32>) -> tensor<3x7xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<3x7xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<3x7xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<3x7xf32>, tensor<3x7xf32>) -> (tensor<f32>, tensor<3x7xf32>, tensor<3x7xf32>)
  return %value, %dx : tensor<3x7xf32>, tensor<3x7xf32>
}

func.func @exp_special(%x: tensor<11xf32> {kerf.name = "x"})
    -> (tensor<11xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.exp"(%x) : (tensor<11xf32>) -> tensor<11xf32>
  return %y : tensor<11xf32>
}

func.func @log_special(%x: tensor<11xf32> {kerf.name = "x"})
    -> (tensor<11xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.log"(%x) : (tensor<11xf32>) -> tensor<11xf32>
  return %y : tensor<11xf32>
}

func.func @tanh_special(%x: tensor<11xf32> {kerf.name = "x"})
    -> (tensor<11xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.tanh"(%x) : (tensor<11xf32>) -> tensor<11xf32>
  return %y : tensor<11xf32>
}

func.func @sqrt_special(%x: tensor<11xf32> {kerf.name = "x"})
    -> (tensor<11xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.sqrt"(%x) : (tensor<11xf32>) -> tensor<11xf32>
  return %y : tensor<11xf32>
}

func.func @rsqrt_special(%x: tensor<11xf32> {kerf.name = "x"})
    -> (tensor<11xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.rsqrt"(%x) : (tensor<11xf32>) -> tensor<11xf32>
  return %y : tensor<11xf32>
}

func.func @abs_special(%x: tensor<11xf32> {kerf.name = "x"})
    -> (tensor<11xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.abs"(%x) : (tensor<11xf32>) -> tensor<11xf32>
  return %y : tensor<11xf32>
}

func.func @neg_special(%x: tensor<11xf32> {kerf.name = "x"})
    -> (tensor<11xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.neg"(%x) : (tensor<11xf32>) -> tensor<11xf32>
  return %y : tensor<11xf32>
}

func.func @abs_at_zero(%x: tensor<17xf32> {kerf.name = "x"}, %g: tensor<17xf32> {kerf.name = "g"})
    -> (tensor<17xf32> {kerf.name = "y"}, tensor<17xf32> {kerf.name = "dx"}) attributes {kerf.entry} {
  %loss, %value, %dx = "kerf.value_and_grad"(%x, %g) ({
  ^bb0(%inner_x: tensor<17xf32>, %inner_g: tensor<17xf32>):
    %inner_y = "kerf.abs"(%inner_x) : (tensor<17xf32>) -> tensor<17xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<17xf32>, tensor<17xf32>) -> tensor<17xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0>} : (tensor<17xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<17xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<17xf32>, tensor<17xf32>) -> (tensor<f32>, tensor<17xf32>, tensor<17xf32>)
  return %value, %dx : tensor<17xf32>, tensor<17xf32>
}

func.func @floor(%x: tensor<23xf32> {kerf.name = "x"})
    -> (tensor<23xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.floor"(%x) : (tensor<23xf32>) -> tensor<23xf32>
  return %y : tensor<23xf32>
}

func.func @add(%a: tensor<3x7xf32> {kerf.name = "a"}, %b: tensor<3x7xf32> {kerf.name = "b"}, %g: tensor<3x7xf32> {kerf.name = "g"})
    -> (tensor<3x7xf32> {kerf.name = "y"}, tensor<3x7xf32> {kerf.name = "da"}, tensor<3x7xf32> {kerf.name = "db"}) attributes {kerf.entry} {
  %loss, %value, %da, %db = "kerf.value_and_grad"(%a, %b, %g) ({
  ^bb0(%inner_a: tensor<3x7xf32>, %inner_b: tensor<3x7xf32>, %inner_g: tensor<3x7xf32>):
    %inner_y = "kerf.add"(%inner_a, %inner_b) : (tensor<3x7xf32>, tensor<3x7xf32>) -> tensor<3x7xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<3x7xf32>, tensor<3x7xf32>) -> tensor<3x7xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<3x7xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<3x7xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<3x7xf32>, tensor<3x7xf32>, tensor<3x7xf32>) -> (tensor<f32>, tensor<3x7xf32>, tensor<3x7xf32>, tensor<3x7xf32>)
  return %value, %da, %db : tensor<3x7xf32>, tensor<3x7xf32>, tensor<3x7xf32>
}

func.func @sub(%a: tensor<3x7xf32> {kerf.name = "a"}, %b: tensor<3x7xf32> {kerf.name = "b"}, %g: tensor<3x7xf32> {kerf.name = "g"})
    -> (tensor<3x7xf32> {kerf.name = "y"}, tensor<3x7xf32> {kerf.name = "da"}, tensor<3x7xf32> {kerf.name = "db"}) attributes {kerf.entry} {
  %loss, %value, %da, %db = "kerf.value_and_grad"(%a, %b, %g) ({
  ^bb0(%inner_a: tensor<3x7xf32>, %inner_b: tensor<3x7xf32>, %inner_g: tensor<3x7xf32>):
    %inner_y = "kerf.sub"(%inner_a, %inner_b) : (tensor<3x7xf32>, tensor<3x7xf32>) -> tensor<3x7xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<3x7xf32>, tensor<3x7xf32>) -> tensor<3x7xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<3x7xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<3x7xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<3x7xf32>, tensor<3x7xf32>, tensor<3x7xf32>) -> (tensor<f32>, tensor<3x7xf32>, tensor<3x7xf32>, tensor<3x7xf32>)
  return %value, %da, %db : tensor<3x7xf32>, tensor<3x7xf32>, tensor<3x7xf32>
}

func.func @mul(%a: tensor<3x7xf32> {kerf.name = "a"}, %b: tensor<3x7xf32> {kerf.name = "b"}, %g: tensor<3x7xf32> {kerf.name = "g"})
    -> (tensor<3x7xf32> {kerf.name = "y"}, tensor<3x7xf32> {kerf.name = "da"}, tensor<3x7xf32> {kerf.name = "db"}) attributes {kerf.entry} {
  %loss, %value, %da, %db = "kerf.value_and_grad"(%a, %b, %g) ({
  ^bb0(%inner_a: tensor<3x7xf32>, %inner_b: tensor<3x7xf32>, %inner_g: tensor<3x7xf32>):
    %inner_y = "kerf.mul"(%inner_a, %inner_b) : (tensor<3x7xf32>, tensor<3x7xf32>) -> tensor<3x7xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<3x7xf32>, tensor<3x7xf32>) -> tensor<3x7xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<3x7xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<3x7xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<3x7xf32>, tensor<3x7xf32>, tensor<3x7xf32>) -> (tensor<f32>, tensor<3x7xf32>, tensor<3x7xf32>, tensor<3x7xf32>)
  return %value, %da, %db : tensor<3x7xf32>, tensor<3x7xf32>, tensor<3x7xf32>
}

func.func @div(%a: tensor<3x7xf32> {kerf.name = "a"}, %b: tensor<3x7xf32> {kerf.name = "b"}, %g: tensor<3x7xf32> {kerf.name = "g"})
    -> (tensor<3x7xf32> {kerf.name = "y"}, tensor<3x7xf32> {kerf.name = "da"}, tensor<3x7xf32> {kerf.name = "db"}) attributes {kerf.entry} {
  %loss, %value, %da, %db = "kerf.value_and_grad"(%a, %b, %g) ({
  ^bb0(%inner_a: tensor<3x7xf32>, %inner_b: tensor<3x7xf32>, %inner_g: tensor<3x7xf32>):
    %inner_y = "kerf.div"(%inner_a, %inner_b) : (tensor<3x7xf32>, tensor<3x7xf32>) -> tensor<3x7xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<3x7xf32>, tensor<3x7xf32>) -> tensor<3x7xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<3x7xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<3x7xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<3x7xf32>, tensor<3x7xf32>, tensor<3x7xf32>) -> (tensor<f32>, tensor<3x7xf32>, tensor<3x7xf32>, tensor<3x7xf32>)
  return %value, %da, %db : tensor<3x7xf32>, tensor<3x7xf32>, tensor<3x7xf32>
}

func.func @div_special(%a: tensor<5xf32> {kerf.name = "a"}, %b: tensor<5xf32> {kerf.name = "b"})
    -> (tensor<5xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.div"(%a, %b) : (tensor<5xf32>, tensor<5xf32>) -> tensor<5xf32>
  return %y : tensor<5xf32>
}

func.func @maximum(%a: tensor<5x7xf32> {kerf.name = "a"}, %b: tensor<5x7xf32> {kerf.name = "b"}, %g: tensor<5x7xf32> {kerf.name = "g"})
    -> (tensor<5x7xf32> {kerf.name = "y"}, tensor<5x7xf32> {kerf.name = "da"}, tensor<5x7xf32> {kerf.name = "db"}) attributes {kerf.entry} {
  %loss, %value, %da, %db = "kerf.value_and_grad"(%a, %b, %g) ({
  ^bb0(%inner_a: tensor<5x7xf32>, %inner_b: tensor<5x7xf32>, %inner_g: tensor<5x7xf32>):
    %inner_y = "kerf.maximum"(%inner_a, %inner_b) : (tensor<5x7xf32>, tensor<5x7xf32>) -> tensor<5x7xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<5x7xf32>, tensor<5x7xf32>) -> tensor<5x7xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<5x7xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<5x7xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<5x7xf32>, tensor<5x7xf32>, tensor<5x7xf32>) -> (tensor<f32>, tensor<5x7xf32>, tensor<5x7xf32>, tensor<5x7xf32>)
  return %value, %da, %db : tensor<5x7xf32>, tensor<5x7xf32>, tensor<5x7xf32>
}

func.func @maximum_nan(%a: tensor<5xf32> {kerf.name = "a"}, %b: tensor<5xf32> {kerf.name = "b"})
    -> (tensor<5xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.maximum"(%a, %b) : (tensor<5xf32>, tensor<5xf32>) -> tensor<5xf32>
  return %y : tensor<5xf32>
}

func.func @maximum_integer(%a: tensor<11xi64> {kerf.name = "a"}, %b: tensor<11xi64> {kerf.name = "b"})
    -> (tensor<11xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.maximum"(%a, %b) : (tensor<11xi64>, tensor<11xi64>) -> tensor<11xi64>
  return %y : tensor<11xi64>
}

func.func @minimum(%a: tensor<5x7xf32> {kerf.name = "a"}, %b: tensor<5x7xf32> {kerf.name = "b"}, %g: tensor<5x7xf32> {kerf.name = "g"})
    -> (tensor<5x7xf32> {kerf.name = "y"}, tensor<5x7xf32> {kerf.name = "da"}, tensor<5x7xf32> {kerf.name = "db"}) attributes {kerf.entry} {
  %loss, %value, %da, %db = "kerf.value_and_grad"(%a, %b, %g) ({
  ^bb0(%inner_a: tensor<5x7xf32>, %inner_b: tensor<5x7xf32>, %inner_g: tensor<5x7xf32>):
    %inner_y = "kerf.minimum"(%inner_a, %inner_b) : (tensor<5x7xf32>, tensor<5x7xf32>) -> tensor<5x7xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<5x7xf32>, tensor<5x7xf32>) -> tensor<5x7xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<5x7xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<5x7xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<5x7xf32>, tensor<5x7xf32>, tensor<5x7xf32>) -> (tensor<f32>, tensor<5x7xf32>, tensor<5x7xf32>, tensor<5x7xf32>)
  return %value, %da, %db : tensor<5x7xf32>, tensor<5x7xf32>, tensor<5x7xf32>
}

func.func @minimum_nan(%a: tensor<5xf32> {kerf.name = "a"}, %b: tensor<5xf32> {kerf.name = "b"})
    -> (tensor<5xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.minimum"(%a, %b) : (tensor<5xf32>, tensor<5xf32>) -> tensor<5xf32>
  return %y : tensor<5xf32>
}

func.func @minimum_integer(%a: tensor<11xi64> {kerf.name = "a"}, %b: tensor<11xi64> {kerf.name = "b"})
    -> (tensor<11xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.minimum"(%a, %b) : (tensor<11xi64>, tensor<11xi64>) -> tensor<11xi64>
  return %y : tensor<11xi64>
}

func.func @add_integer(%a: tensor<11xi64> {kerf.name = "a"}, %b: tensor<11xi64> {kerf.name = "b"})
    -> (tensor<11xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.add"(%a, %b) : (tensor<11xi64>, tensor<11xi64>) -> tensor<11xi64>
  return %y : tensor<11xi64>
}

func.func @sub_integer(%a: tensor<11xi64> {kerf.name = "a"}, %b: tensor<11xi64> {kerf.name = "b"})
    -> (tensor<11xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.sub"(%a, %b) : (tensor<11xi64>, tensor<11xi64>) -> tensor<11xi64>
  return %y : tensor<11xi64>
}

func.func @mul_integer(%a: tensor<11xi64> {kerf.name = "a"}, %b: tensor<11xi64> {kerf.name = "b"})
    -> (tensor<11xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.mul"(%a, %b) : (tensor<11xi64>, tensor<11xi64>) -> tensor<11xi64>
  return %y : tensor<11xi64>
}

func.func @compare_lt(%a: tensor<24xf32> {kerf.name = "a"}, %b: tensor<24xf32> {kerf.name = "b"})
    -> (tensor<24xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %bits = "kerf.compare"(%a, %b) {predicate = "lt"} : (tensor<24xf32>, tensor<24xf32>) -> tensor<24xi1>
  %y = "kerf.cast"(%bits) : (tensor<24xi1>) -> tensor<24xi64>
  return %y : tensor<24xi64>
}

func.func @compare_le(%a: tensor<24xf32> {kerf.name = "a"}, %b: tensor<24xf32> {kerf.name = "b"})
    -> (tensor<24xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %bits = "kerf.compare"(%a, %b) {predicate = "le"} : (tensor<24xf32>, tensor<24xf32>) -> tensor<24xi1>
  %y = "kerf.cast"(%bits) : (tensor<24xi1>) -> tensor<24xi64>
  return %y : tensor<24xi64>
}

func.func @compare_gt(%a: tensor<24xf32> {kerf.name = "a"}, %b: tensor<24xf32> {kerf.name = "b"})
    -> (tensor<24xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %bits = "kerf.compare"(%a, %b) {predicate = "gt"} : (tensor<24xf32>, tensor<24xf32>) -> tensor<24xi1>
  %y = "kerf.cast"(%bits) : (tensor<24xi1>) -> tensor<24xi64>
  return %y : tensor<24xi64>
}

func.func @compare_ge(%a: tensor<24xf32> {kerf.name = "a"}, %b: tensor<24xf32> {kerf.name = "b"})
    -> (tensor<24xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %bits = "kerf.compare"(%a, %b) {predicate = "ge"} : (tensor<24xf32>, tensor<24xf32>) -> tensor<24xi1>
  %y = "kerf.cast"(%bits) : (tensor<24xi1>) -> tensor<24xi64>
  return %y : tensor<24xi64>
}

func.func @compare_eq(%a: tensor<24xf32> {kerf.name = "a"}, %b: tensor<24xf32> {kerf.name = "b"})
    -> (tensor<24xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %bits = "kerf.compare"(%a, %b) {predicate = "eq"} : (tensor<24xf32>, tensor<24xf32>) -> tensor<24xi1>
  %y = "kerf.cast"(%bits) : (tensor<24xi1>) -> tensor<24xi64>
  return %y : tensor<24xi64>
}

func.func @compare_ne(%a: tensor<24xf32> {kerf.name = "a"}, %b: tensor<24xf32> {kerf.name = "b"})
    -> (tensor<24xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %bits = "kerf.compare"(%a, %b) {predicate = "ne"} : (tensor<24xf32>, tensor<24xf32>) -> tensor<24xi1>
  %y = "kerf.cast"(%bits) : (tensor<24xi1>) -> tensor<24xi64>
  return %y : tensor<24xi64>
}

func.func @select(%a: tensor<3x7xf32> {kerf.name = "a"}, %b: tensor<3x7xf32> {kerf.name = "b"}, %c: tensor<3x7xi64> {kerf.name = "c"}, %g: tensor<3x7xf32> {kerf.name = "g"})
    -> (tensor<3x7xf32> {kerf.name = "y"}, tensor<3x7xf32> {kerf.name = "da"}, tensor<3x7xf32> {kerf.name = "db"}) attributes {kerf.entry} {
  %loss, %value, %da, %db = "kerf.value_and_grad"(%a, %b, %c, %g) ({
  ^bb0(%inner_a: tensor<3x7xf32>, %inner_b: tensor<3x7xf32>, %inner_c: tensor<3x7xi64>, %inner_g: tensor<3x7xf32>):
    %inner_bits = "kerf.cast"(%inner_c) : (tensor<3x7xi64>) -> tensor<3x7xi1>
    %inner_y = "kerf.select"(%inner_bits, %inner_a, %inner_b) : (tensor<3x7xi1>, tensor<3x7xf32>, tensor<3x7xf32>) -> tensor<3x7xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<3x7xf32>, tensor<3x7xf32>) -> tensor<3x7xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<3x7xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<3x7xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<3x7xf32>, tensor<3x7xf32>, tensor<3x7xi64>, tensor<3x7xf32>) -> (tensor<f32>, tensor<3x7xf32>, tensor<3x7xf32>, tensor<3x7xf32>)
  return %value, %da, %db : tensor<3x7xf32>, tensor<3x7xf32>, tensor<3x7xf32>
}

func.func @straight_through(%z: tensor<3x7xf32> {kerf.name = "z"}, %q: tensor<3x7xf32> {kerf.name = "q"}, %g: tensor<3x7xf32> {kerf.name = "g"})
    -> (tensor<3x7xf32> {kerf.name = "y"}, tensor<3x7xf32> {kerf.name = "dz"}, tensor<3x7xf32> {kerf.name = "dq"}) attributes {kerf.entry} {
  %loss, %value, %dz, %dq = "kerf.value_and_grad"(%z, %q, %g) ({
  ^bb0(%inner_z: tensor<3x7xf32>, %inner_q: tensor<3x7xf32>, %inner_g: tensor<3x7xf32>):
    %inner_y = "kerf.straight_through"(%inner_z, %inner_q) : (tensor<3x7xf32>, tensor<3x7xf32>) -> tensor<3x7xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<3x7xf32>, tensor<3x7xf32>) -> tensor<3x7xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<3x7xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<3x7xf32>) -> ()
  }) {num_params = 2 : i64, num_aux = 1 : i64} : (tensor<3x7xf32>, tensor<3x7xf32>, tensor<3x7xf32>) -> (tensor<f32>, tensor<3x7xf32>, tensor<3x7xf32>, tensor<3x7xf32>)
  return %value, %dz, %dq : tensor<3x7xf32>, tensor<3x7xf32>, tensor<3x7xf32>
}

func.func @stop_gradient(%x: tensor<3x7xf32> {kerf.name = "x"}, %g: tensor<3x7xf32> {kerf.name = "g"})
    -> (tensor<3x7xf32> {kerf.name = "y"}, tensor<3x7xf32> {kerf.name = "dx"}) attributes {kerf.entry} {
  %loss, %value, %dx = "kerf.value_and_grad"(%x, %g) ({
  ^bb0(%inner_x: tensor<3x7xf32>, %inner_g: tensor<3x7xf32>):
    %inner_y = "kerf.stop_gradient"(%inner_x) : (tensor<3x7xf32>) -> tensor<3x7xf32>
    %inner_p = "kerf.mul"(%inner_y, %inner_g) : (tensor<3x7xf32>, tensor<3x7xf32>) -> tensor<3x7xf32>
    %inner_l = "kerf.sum"(%inner_p) {axes = array<i64: 0, 1>} : (tensor<3x7xf32>) -> tensor<f32>
    "kerf.yield"(%inner_l, %inner_y) : (tensor<f32>, tensor<3x7xf32>) -> ()
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<3x7xf32>, tensor<3x7xf32>) -> (tensor<f32>, tensor<3x7xf32>, tensor<3x7xf32>)
  return %value, %dx : tensor<3x7xf32>, tensor<3x7xf32>
}

func.func @cast_to_integer(%x: tensor<6xf32> {kerf.name = "x"})
    -> (tensor<6xi64> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.cast"(%x) : (tensor<6xf32>) -> tensor<6xi64>
  return %y : tensor<6xi64>
}

func.func @cast_from_integer(%x: tensor<9xi64> {kerf.name = "x"})
    -> (tensor<9xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.cast"(%x) : (tensor<9xi64>) -> tensor<9xf32>
  return %y : tensor<9xf32>
}
}
