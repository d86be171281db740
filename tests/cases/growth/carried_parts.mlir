// A loop that goes on with a part of a tensor made in its body, whatever made that tensor and whatever the part's strides.
// RUN: kerf-run --compare %s

func.func @of_a_concat(%x: tensor<1xf32>) -> tensor<1xf32> attributes {kerf.no_gradient} {
  %r = kerf.scan count = 3 index %i carried(%c = %x : tensor<1xf32>) captures() {
    %a = kerf.concat(%c, %c, %c), axis = 0 : (tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<3xf32>
    %b = kerf.slice %a, offsets = [1], limits = [3], strides = [2] : tensor<3xf32> -> tensor<1xf32>
    kerf.yield %b : tensor<1xf32>
  }
  return %r : tensor<1xf32>
}

func.func @of_a_lookup(%x: tensor<2x3xf32>, %i: tensor<5xi64> {kerf.range = [0, 1]}) -> tensor<2x3xf32> attributes {kerf.no_gradient} {
  %r = kerf.scan count = 4 index %n carried(%c = %x : tensor<2x3xf32>) captures(%k = %i : tensor<5xi64>) {
    %a = kerf.gather %c, %k : tensor<2x3xf32>, tensor<5xi64> -> tensor<5x3xf32>
    %b = kerf.slice %a, offsets = [0, 0], limits = [5, 3], strides = [3, 1] : tensor<5x3xf32> -> tensor<2x3xf32>
    kerf.yield %b : tensor<2x3xf32>
  }
  return %r : tensor<2x3xf32>
}

func.func @of_what_is_carried(%x: tensor<4xf32>, %y: tensor<2xf32>) -> (tensor<4xf32>, tensor<2xf32>) attributes {kerf.no_gradient} {
  %r, %s = kerf.scan count = 3 index %n carried(%c = %x : tensor<4xf32>, %d = %y : tensor<2xf32>) captures() {
    %b = kerf.slice %c, offsets = [0], limits = [4], strides = [2] : tensor<4xf32> -> tensor<2xf32>
    %a = kerf.concat(%d, %b), axis = 0 : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>
    kerf.yield %a, %b : tensor<4xf32>, tensor<2xf32>
  }
  return %r, %s : tensor<4xf32>, tensor<2xf32>
}
