// Attention of an entry with an open batch, whose heads share keys and whose rows have lengths of their own.
// RUN: kerf-run --same-bits --rows 1 --rows 2 --rows 7 --rows 8 %s
func.func @lengths(%q: tensor<8x2x33x8xf32> {kerf.name = "q"}, %k: tensor<8x1x33x8xf32> {kerf.name = "k"}, %v: tensor<8x1x33x5xf32> {kerf.name = "v"}, %lengths: tensor<8xi32> {kerf.name = "lengths", kerf.range = [0.0, 33.0]}) -> (tensor<8x2x33x5xf32> {kerf.name = "o"}) attributes {kerf.entry, kerf.open = "B", kerf.rows = 8 : i64} {
  %o, %l = kerf.attention %q, %k, %v captures(%lengths : tensor<8xi32>) maps [affine_map<(b, h, i, j) -> (b)>] scale = 0.25, empty = "zero" score {} mask {
    ^bb0(%b: tensor<i32>, %h: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %length: tensor<i32>):
      %seen = kerf.compare %j, %length, predicate = "lt" : tensor<i32> -> tensor<i1>
      kerf.yield %seen : tensor<i1>
  } : tensor<8x2x33x8xf32>, tensor<8x1x33x8xf32>, tensor<8x1x33x5xf32> -> tensor<8x2x33x5xf32>, tensor<8x2x33xf32>
  return %o : tensor<8x2x33x5xf32>
}
func.func @"lengths.7"(%q: tensor<7x2x33x8xf32> {kerf.name = "q"}, %k: tensor<7x1x33x8xf32> {kerf.name = "k"}, %v: tensor<7x1x33x5xf32> {kerf.name = "v"}, %lengths: tensor<7xi32> {kerf.name = "lengths", kerf.range = [0.0, 33.0]}) -> (tensor<7x2x33x5xf32> {kerf.name = "o"}) attributes {kerf.entry, kerf.open = "B", kerf.rows = 7 : i64, kerf.companion_of = "lengths"} {
  %o, %l = kerf.attention %q, %k, %v captures(%lengths : tensor<7xi32>) maps [affine_map<(b, h, i, j) -> (b)>] scale = 0.25, empty = "zero" score {} mask {
    ^bb0(%b: tensor<i32>, %h: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %length: tensor<i32>):
      %seen = kerf.compare %j, %length, predicate = "lt" : tensor<i32> -> tensor<i1>
      kerf.yield %seen : tensor<i1>
  } : tensor<7x2x33x8xf32>, tensor<7x1x33x8xf32>, tensor<7x1x33x5xf32> -> tensor<7x2x33x5xf32>, tensor<7x2x33xf32>
  return %o : tensor<7x2x33x5xf32>
}
func.func @"lengths.5"(%q: tensor<5x2x33x8xf32> {kerf.name = "q"}, %k: tensor<5x1x33x8xf32> {kerf.name = "k"}, %v: tensor<5x1x33x5xf32> {kerf.name = "v"}, %lengths: tensor<5xi32> {kerf.name = "lengths", kerf.range = [0.0, 33.0]}) -> (tensor<5x2x33x5xf32> {kerf.name = "o"}) attributes {kerf.entry, kerf.open = "B", kerf.rows = 5 : i64, kerf.companion_of = "lengths"} {
  %o, %l = kerf.attention %q, %k, %v captures(%lengths : tensor<5xi32>) maps [affine_map<(b, h, i, j) -> (b)>] scale = 0.25, empty = "zero" score {} mask {
    ^bb0(%b: tensor<i32>, %h: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %length: tensor<i32>):
      %seen = kerf.compare %j, %length, predicate = "lt" : tensor<i32> -> tensor<i1>
      kerf.yield %seen : tensor<i1>
  } : tensor<5x2x33x8xf32>, tensor<5x1x33x8xf32>, tensor<5x1x33x5xf32> -> tensor<5x2x33x5xf32>, tensor<5x2x33xf32>
  return %o : tensor<5x2x33x5xf32>
}
