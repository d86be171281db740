// A leaf without elements lies where the next one does: each is still updated for itself.
// RUN: kerf-run --compare %s
func.func @updated(%a: tensor<0x3xf32> {kerf.role = "p", kerf.name = "a"}, %b: tensor<4xf32> {kerf.role = "p", kerf.name = "b"},
    %c: tensor<0xf32> {kerf.role = "p", kerf.name = "c"}, %d: tensor<4xf32> {kerf.role = "p", kerf.name = "d"})
    -> (tensor<4xf32> {kerf.role = "p", kerf.name = "d"}, tensor<0xf32> {kerf.role = "p", kerf.name = "c"},
        tensor<4xf32> {kerf.role = "p", kerf.name = "b"}, tensor<0x3xf32> {kerf.role = "p", kerf.name = "a"}) attributes {kerf.entry} {
  %e = kerf.exp %a : tensor<0x3xf32>
  %f = kerf.exp %b : tensor<4xf32>
  %g = kerf.tanh %c : tensor<0xf32>
  return %f, %g, %d, %e : tensor<4xf32>, tensor<0xf32>, tensor<4xf32>, tensor<0x3xf32>
}
