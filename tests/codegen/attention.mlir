// The kernel of attention against its meaning, and its bits by every body and number of workers: masks that intervals
// decide and such that they do not, scores, captures along every axis. Gradients are compared where their kernel is.
// RUN: kerf-run --compare %s
// RUN: kerf-run --same-bits %s

// Nothing but softmax; one query, one key.
func.func @one(%q: tensor<1x1xf32>, %k: tensor<1x1xf32>, %v: tensor<1x1xf32>) -> (tensor<1x1xf32>, tensor<1xf32>) {
  %o, %l = kerf.attention %q, %k, %v scale = 0.25, empty = "zero" score {} mask {}
      : tensor<1x1xf32>, tensor<1x1xf32>, tensor<1x1xf32> -> tensor<1x1xf32>, tensor<1xf32>
  %y = kerf.stop_gradient %o : tensor<1x1xf32>
  %z = kerf.stop_gradient %l : tensor<1xf32>
  return %y, %z : tensor<1x1xf32>, tensor<1xf32>
}

// Several blocks of queries and keys, one past each; features that fill no register.
func.func @plain(%q: tensor<2x65x9xf32>, %k: tensor<2x513x9xf32>, %v: tensor<2x513x33xf32>) -> (tensor<2x65x33xf32>, tensor<2x65xf32>) {
  %o, %l = kerf.attention %q, %k, %v scale = 0.25, empty = "zero" score {} mask {}
      : tensor<2x65x9xf32>, tensor<2x513x9xf32>, tensor<2x513x33xf32> -> tensor<2x65x33xf32>, tensor<2x65xf32>
  %y = kerf.stop_gradient %o : tensor<2x65x33xf32>
  %z = kerf.stop_gradient %l : tensor<2x65xf32>
  return %y, %z : tensor<2x65x33xf32>, tensor<2x65xf32>
}

// Causal: blocks above the diagonal are passed by.
func.func @causal(%q: tensor<2x1x257x20xf32>, %k: tensor<2x1x300x20xf32>, %v: tensor<2x1x300x16xf32>) -> (tensor<2x1x257x16xf32>, tensor<2x1x257xf32>) {
  %o, %l = kerf.attention %q, %k, %v scale = 0.25, empty = "zero" score {} mask {
    ^bb0(%b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>):
      %m = kerf.compare %j, %i, predicate = "le" : tensor<i32> -> tensor<i1>
      kerf.yield %m : tensor<i1>
  }
      : tensor<2x1x257x20xf32>, tensor<2x1x300x20xf32>, tensor<2x1x300x16xf32> -> tensor<2x1x257x16xf32>, tensor<2x1x257xf32>
  %y = kerf.stop_gradient %o : tensor<2x1x257x16xf32>
  %z = kerf.stop_gradient %l : tensor<2x1x257xf32>
  return %y, %z : tensor<2x1x257x16xf32>, tensor<2x1x257xf32>
}

// Near keys on both sides.
func.func @window(%q: tensor<2x257x8xf32>, %k: tensor<2x300x8xf32>, %v: tensor<2x300x8xf32>) -> (tensor<2x257x8xf32>, tensor<2x257xf32>) {
  %o, %l = kerf.attention %q, %k, %v scale = 0.25, empty = "zero" score {} mask {
    ^bb0(%b0: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>):
      %w = arith.constant dense<20> : tensor<i32>
      %d = kerf.sub %i, %j : tensor<i32>
      %a = kerf.abs %d : tensor<i32>
      %m = kerf.compare %a, %w, predicate = "le" : tensor<i32> -> tensor<i1>
      kerf.yield %m : tensor<i1>
  }
      : tensor<2x257x8xf32>, tensor<2x300x8xf32>, tensor<2x300x8xf32> -> tensor<2x257x8xf32>, tensor<2x257xf32>
  %y = kerf.stop_gradient %o : tensor<2x257x8xf32>
  %z = kerf.stop_gradient %l : tensor<2x257xf32>
  return %y, %z : tensor<2x257x8xf32>, tensor<2x257xf32>
}

// Rows of block-diagonal attention, i / 24 = j / 24: of a quotient that is rounded down.
func.func @blocks(%q: tensor<65x8xf32>, %k: tensor<257x8xf32>, %v: tensor<257x5xf32>) -> (tensor<65x5xf32>, tensor<65xf32>) {
  %o, %l = kerf.attention %q, %k, %v scale = 0.25, empty = "zero" score {} mask {
    ^bb0(%i: tensor<i32>, %j: tensor<i32>):
      %w = arith.constant dense<24> : tensor<i32>
      %p = kerf.floor_divide %i, %w : tensor<i32>
      %r = kerf.floor_divide %j, %w : tensor<i32>
      %m = kerf.compare %p, %r, predicate = "eq" : tensor<i32> -> tensor<i1>
      kerf.yield %m : tensor<i1>
  }
      : tensor<65x8xf32>, tensor<257x8xf32>, tensor<257x5xf32> -> tensor<65x5xf32>, tensor<65xf32>
  %y = kerf.stop_gradient %o : tensor<65x5xf32>
  %z = kerf.stop_gradient %l : tensor<65xf32>
  return %y, %z : tensor<65x5xf32>, tensor<65xf32>
}

// Every third key: no block is all seen, none is unseen.
func.func @every_third(%q: tensor<65x8xf32>, %k: tensor<65x8xf32>, %v: tensor<65x5xf32>) -> (tensor<65x5xf32>, tensor<65xf32>) {
  %o, %l = kerf.attention %q, %k, %v scale = 0.25, empty = "zero" score {} mask {
    ^bb0(%i: tensor<i32>, %j: tensor<i32>):
      %w = arith.constant dense<3> : tensor<i32>
      %z = arith.constant dense<0> : tensor<i32>
      %d = kerf.sub %i, %j : tensor<i32>
      %p = kerf.remainder %d, %w : tensor<i32>
      %m = kerf.compare %p, %z, predicate = "eq" : tensor<i32> -> tensor<i1>
      kerf.yield %m : tensor<i1>
  }
      : tensor<65x8xf32>, tensor<65x8xf32>, tensor<65x5xf32> -> tensor<65x5xf32>, tensor<65xf32>
  %y = kerf.stop_gradient %o : tensor<65x5xf32>
  %z = kerf.stop_gradient %l : tensor<65xf32>
  return %y, %z : tensor<65x5xf32>, tensor<65xf32>
}

// As many keys as the batch says; none at all is a row of zeros.
func.func @length(%q: tensor<4x7x8xf32>, %k: tensor<4x300x8xf32>, %v: tensor<4x300x8xf32>, %c0: tensor<4xi32> {kerf.range = [0.0, 300.0]}) -> (tensor<4x7x8xf32>, tensor<4x7xf32>) {
  %o, %l = kerf.attention %q, %k, %v captures(%c0 : tensor<4xi32>) maps [affine_map<(b, i, j) -> (b)>] scale = 0.25, empty = "zero" score {} mask {
    ^bb0(%b0: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %x0: tensor<i32>):
      %m = kerf.compare %j, %x0, predicate = "lt" : tensor<i32> -> tensor<i1>
      kerf.yield %m : tensor<i1>
  }
      : tensor<4x7x8xf32>, tensor<4x300x8xf32>, tensor<4x300x8xf32> -> tensor<4x7x8xf32>, tensor<4x7xf32>
  %y = kerf.stop_gradient %o : tensor<4x7x8xf32>
  %z = kerf.stop_gradient %l : tensor<4x7xf32>
  return %y, %z : tensor<4x7x8xf32>, tensor<4x7xf32>
}

// The same for a single query, whose keys are not packed.
func.func @length_of_one(%q: tensor<3x1x1x20xf32>, %k: tensor<3x1x777x20xf32>, %v: tensor<3x1x777x8xf32>, %c0: tensor<3xi32> {kerf.range = [0.0, 777.0]}) -> (tensor<3x1x1x8xf32>, tensor<3x1x1xf32>) {
  %o, %l = kerf.attention %q, %k, %v captures(%c0 : tensor<3xi32>) maps [affine_map<(b, h, i, j) -> (b)>] scale = 0.25, empty = "zero" score {} mask {
    ^bb0(%b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %x0: tensor<i32>):
      %m = kerf.compare %j, %x0, predicate = "lt" : tensor<i32> -> tensor<i1>
      kerf.yield %m : tensor<i1>
  }
      : tensor<3x1x1x20xf32>, tensor<3x1x777x20xf32>, tensor<3x1x777x8xf32> -> tensor<3x1x1x8xf32>, tensor<3x1x1xf32>
  %y = kerf.stop_gradient %o : tensor<3x1x1x8xf32>
  %z = kerf.stop_gradient %l : tensor<3x1x1xf32>
  return %y, %z : tensor<3x1x1x8xf32>, tensor<3x1x1xf32>
}

// Documents, of queries and of keys, and causal.
func.func @documents(%q: tensor<2x65x8xf32>, %k: tensor<2x257x8xf32>, %v: tensor<2x257x8xf32>, %c0: tensor<2x65xi32> {kerf.range = [0.0, 3.0]}, %c1: tensor<2x257xi32> {kerf.range = [0.0, 3.0]}) -> (tensor<2x65x8xf32>, tensor<2x65xf32>) {
  %o, %l = kerf.attention %q, %k, %v captures(%c0, %c1 : tensor<2x65xi32>, tensor<2x257xi32>) maps [affine_map<(b, i, j) -> (b, i)>, affine_map<(b, i, j) -> (b, j)>] scale = 0.25, empty = "zero" score {} mask {
    ^bb0(%b0: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %x0: tensor<i32>, %x1: tensor<i32>):
      %m = kerf.compare %x0, %x1, predicate = "eq" : tensor<i32> -> tensor<i1>
      %n = kerf.compare %j, %i, predicate = "le" : tensor<i32> -> tensor<i1>
      %a = kerf.bit_and %m, %n : tensor<i1>
      kerf.yield %a : tensor<i1>
  }
      : tensor<2x65x8xf32>, tensor<2x257x8xf32>, tensor<2x257x8xf32> -> tensor<2x65x8xf32>, tensor<2x65xf32>
  %y = kerf.stop_gradient %o : tensor<2x65x8xf32>
  %z = kerf.stop_gradient %l : tensor<2x65xf32>
  return %y, %z : tensor<2x65x8xf32>, tensor<2x65xf32>
}

// Keys that are padding.
func.func @padding(%q: tensor<2x7x8xf32>, %k: tensor<2x65x8xf32>, %v: tensor<2x65x8xf32>, %c0: tensor<2x65xi1>) -> (tensor<2x7x8xf32>, tensor<2x7xf32>) {
  %o, %l = kerf.attention %q, %k, %v captures(%c0 : tensor<2x65xi1>) maps [affine_map<(b, i, j) -> (b, j)>] scale = 0.25, empty = "zero" score {} mask {
    ^bb0(%b0: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %x0: tensor<i1>):
      kerf.yield %x0 : tensor<i1>
  }
      : tensor<2x7x8xf32>, tensor<2x65x8xf32>, tensor<2x65x8xf32> -> tensor<2x7x8xf32>, tensor<2x7xf32>
  %y = kerf.stop_gradient %o : tensor<2x7x8xf32>
  %z = kerf.stop_gradient %l : tensor<2x7xf32>
  return %y, %z : tensor<2x7x8xf32>, tensor<2x7xf32>
}

// Any mask; a row without keys is NaN.
func.func @any_mask(%q: tensor<2x65x8xf32>, %k: tensor<2x7x8xf32>, %v: tensor<2x7x8xf32>, %c0: tensor<65x7xi1>) -> (tensor<2x65x8xf32>, tensor<2x65xf32>) {
  %o, %l = kerf.attention %q, %k, %v captures(%c0 : tensor<65x7xi1>) maps [affine_map<(b, i, j) -> (i, j)>] scale = 0.25, empty = "nan" score {} mask {
    ^bb0(%b0: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %x0: tensor<i1>):
      kerf.yield %x0 : tensor<i1>
  }
      : tensor<2x65x8xf32>, tensor<2x7x8xf32>, tensor<2x7x8xf32> -> tensor<2x65x8xf32>, tensor<2x65xf32>
  %y = kerf.stop_gradient %o : tensor<2x65x8xf32>
  %z = kerf.stop_gradient %l : tensor<2x65xf32>
  return %y, %z : tensor<2x65x8xf32>, tensor<2x65xf32>
}

// Slopes of heads times distances, causal.
func.func @slopes(%q: tensor<2x3x65x8xf32>, %k: tensor<2x3x65x8xf32>, %v: tensor<2x3x65x8xf32>, %c0: tensor<3xf32>) -> (tensor<2x3x65x8xf32>, tensor<2x3x65xf32>) {
  %o, %l = kerf.attention %q, %k, %v captures(%c0 : tensor<3xf32>) maps [affine_map<(b, h, i, j) -> (h)>] scale = 0.25, empty = "zero" score {
    ^bb0(%s: tensor<f32>, %b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %x0: tensor<f32>):
      %d = kerf.sub %j, %i : tensor<i32>
      %x = kerf.cast %d : tensor<i32> -> tensor<f32>
      %y = kerf.mul %x0, %x : tensor<f32>
      %t = kerf.add %s, %y : tensor<f32>
      kerf.yield %t : tensor<f32>
  } mask {
    ^bb0(%b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %x0: tensor<f32>):
      %m = kerf.compare %j, %i, predicate = "le" : tensor<i32> -> tensor<i1>
      kerf.yield %m : tensor<i1>
  }
      : tensor<2x3x65x8xf32>, tensor<2x3x65x8xf32>, tensor<2x3x65x8xf32> -> tensor<2x3x65x8xf32>, tensor<2x3x65xf32>
  %y = kerf.stop_gradient %o : tensor<2x3x65x8xf32>
  %z = kerf.stop_gradient %l : tensor<2x3x65xf32>
  return %y, %z : tensor<2x3x65x8xf32>, tensor<2x3x65xf32>
}

// A bias for each pair.
func.func @bias(%q: tensor<2x3x7x8xf32>, %k: tensor<2x3x257x8xf32>, %v: tensor<2x3x257x8xf32>, %c0: tensor<3x7x257xf32>) -> (tensor<2x3x7x8xf32>, tensor<2x3x7xf32>) {
  %o, %l = kerf.attention %q, %k, %v captures(%c0 : tensor<3x7x257xf32>) maps [affine_map<(b, h, i, j) -> (h, i, j)>] scale = 0.25, empty = "zero" score {
    ^bb0(%s: tensor<f32>, %b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %x0: tensor<f32>):
      %t = kerf.add %s, %x0 : tensor<f32>
      kerf.yield %t : tensor<f32>
  } mask {}
      : tensor<2x3x7x8xf32>, tensor<2x3x257x8xf32>, tensor<2x3x257x8xf32> -> tensor<2x3x7x8xf32>, tensor<2x3x7xf32>
  %y = kerf.stop_gradient %o : tensor<2x3x7x8xf32>
  %z = kerf.stop_gradient %l : tensor<2x3x7xf32>
  return %y, %z : tensor<2x3x7x8xf32>, tensor<2x3x7xf32>
}

// A bias for each distance, read backwards; of bf16.
func.func @distances(%q: tensor<2x65x8xf32>, %k: tensor<2x33x8xf32>, %v: tensor<2x33x8xf32>, %c0: tensor<97xbf16>) -> (tensor<2x65x8xf32>, tensor<2x65xf32>) {
  %o, %l = kerf.attention %q, %k, %v captures(%c0 : tensor<97xbf16>) maps [affine_map<(b, i, j) -> (i - j + 32)>] scale = 0.25, empty = "zero" score {
    ^bb0(%s: tensor<f32>, %b0: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %x0: tensor<bf16>):
      %x = kerf.cast %x0 : tensor<bf16> -> tensor<f32>
      %t = kerf.add %s, %x : tensor<f32>
      kerf.yield %t : tensor<f32>
  } mask {}
      : tensor<2x65x8xf32>, tensor<2x33x8xf32>, tensor<2x33x8xf32> -> tensor<2x65x8xf32>, tensor<2x65xf32>
  %y = kerf.stop_gradient %o : tensor<2x65x8xf32>
  %z = kerf.stop_gradient %l : tensor<2x65xf32>
  return %y, %z : tensor<2x65x8xf32>, tensor<2x65xf32>
}

// The same in a table of heads, so that neighbours lie apart.
func.func @table(%q: tensor<2x33x8xf32>, %k: tensor<2x65x8xf32>, %v: tensor<2x65x8xf32>, %c0: tensor<97x2xf32>) -> (tensor<2x33x8xf32>, tensor<2x33xf32>) {
  %o, %l = kerf.attention %q, %k, %v captures(%c0 : tensor<97x2xf32>) maps [affine_map<(b, i, j) -> (j - i + 32, b)>] scale = 0.25, empty = "zero" score {
    ^bb0(%s: tensor<f32>, %b0: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %x0: tensor<f32>):
      %t = kerf.add %s, %x0 : tensor<f32>
      kerf.yield %t : tensor<f32>
  } mask {}
      : tensor<2x33x8xf32>, tensor<2x65x8xf32>, tensor<2x65x8xf32> -> tensor<2x33x8xf32>, tensor<2x33xf32>
  %y = kerf.stop_gradient %o : tensor<2x33x8xf32>
  %z = kerf.stop_gradient %l : tensor<2x33xf32>
  return %y, %z : tensor<2x33x8xf32>, tensor<2x33xf32>
}

// Scores within (-2, 2).
func.func @capped(%q: tensor<2x65x8xf32>, %k: tensor<2x33x8xf32>, %v: tensor<2x33x8xf32>) -> (tensor<2x65x8xf32>, tensor<2x65xf32>) {
  %o, %l = kerf.attention %q, %k, %v scale = 0.25, empty = "zero" score {
    ^bb0(%s: tensor<f32>, %b0: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>):
      %c = arith.constant dense<2.0> : tensor<f32>
      %a = kerf.tanh %s : tensor<f32>
      %t = kerf.mul %a, %c : tensor<f32>
      kerf.yield %t : tensor<f32>
  } mask {}
      : tensor<2x65x8xf32>, tensor<2x33x8xf32>, tensor<2x33x8xf32> -> tensor<2x65x8xf32>, tensor<2x65xf32>
  %y = kerf.stop_gradient %o : tensor<2x65x8xf32>
  %z = kerf.stop_gradient %l : tensor<2x65xf32>
  return %y, %z : tensor<2x65x8xf32>, tensor<2x65xf32>
}

// Three heads of queries share one of keys.
func.func @shared_heads(%q: tensor<2x2x3x7x16xf32>, %k: tensor<2x2x1x65x16xf32>, %v: tensor<2x2x1x65x8xf32>) -> (tensor<2x2x3x7x8xf32>, tensor<2x2x3x7xf32>) {
  %o, %l = kerf.attention %q, %k, %v scale = 0.25, empty = "zero" score {} mask {
    ^bb0(%b0: tensor<i32>, %b1: tensor<i32>, %b2: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>):
      %m = kerf.compare %j, %i, predicate = "le" : tensor<i32> -> tensor<i1>
      kerf.yield %m : tensor<i1>
  }
      : tensor<2x2x3x7x16xf32>, tensor<2x2x1x65x16xf32>, tensor<2x2x1x65x8xf32> -> tensor<2x2x3x7x8xf32>, tensor<2x2x3x7xf32>
  %y = kerf.stop_gradient %o : tensor<2x2x3x7x8xf32>
  %z = kerf.stop_gradient %l : tensor<2x2x3x7xf32>
  return %y, %z : tensor<2x2x3x7x8xf32>, tensor<2x2x3x7xf32>
}

// A quarter of the weights is dropped.
func.func @dropped(%q: tensor<2x65x8xf32>, %k: tensor<2x300x8xf32>, %v: tensor<2x300x8xf32>, %key: tensor<2xi32>, %offset: tensor<i64> {kerf.range = [0.0, 100.0]}) -> (tensor<2x65x8xf32>, tensor<2x65xf32>) {
  %o, %l = kerf.attention %q, %k, %v drop(%key, %offset, 0.25) scale = 0.25, empty = "zero" score {} mask {
    ^bb0(%b0: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>):
      %m = kerf.compare %j, %i, predicate = "le" : tensor<i32> -> tensor<i1>
      kerf.yield %m : tensor<i1>
  }
      : tensor<2x65x8xf32>, tensor<2x300x8xf32>, tensor<2x300x8xf32> -> tensor<2x65x8xf32>, tensor<2x65xf32>
  %y = kerf.stop_gradient %o : tensor<2x65x8xf32>
  %z = kerf.stop_gradient %l : tensor<2x65xf32>
  return %y, %z : tensor<2x65x8xf32>, tensor<2x65xf32>
}

// Narrow operands are widened as they are packed.
func.func @bf16(%q: tensor<2x65x16xbf16>, %k: tensor<2x257x16xbf16>, %v: tensor<2x257x20xbf16>) -> (tensor<2x65x20xbf16>, tensor<2x65xf32>) {
  %o, %l = kerf.attention %q, %k, %v scale = 0.25, empty = "zero" score {} mask {
    ^bb0(%b0: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>):
      %m = kerf.compare %j, %i, predicate = "le" : tensor<i32> -> tensor<i1>
      kerf.yield %m : tensor<i1>
  }
      : tensor<2x65x16xbf16>, tensor<2x257x16xbf16>, tensor<2x257x20xbf16> -> tensor<2x65x20xbf16>, tensor<2x65xf32>
  %y = kerf.stop_gradient %o : tensor<2x65x20xbf16>
  %z = kerf.stop_gradient %l : tensor<2x65xf32>
  return %y, %z : tensor<2x65x20xbf16>, tensor<2x65xf32>
}

// One query of f16 is read as it is.
func.func @f16(%q: tensor<2x1x12xf16>, %k: tensor<2x33x12xf16>, %v: tensor<2x33x20xf16>) -> (tensor<2x1x20xf16>, tensor<2x1xf32>) {
  %o, %l = kerf.attention %q, %k, %v scale = 0.25, empty = "zero" score {} mask {}
      : tensor<2x1x12xf16>, tensor<2x33x12xf16>, tensor<2x33x20xf16> -> tensor<2x1x20xf16>, tensor<2x1xf32>
  %y = kerf.stop_gradient %o : tensor<2x1x20xf16>
  %z = kerf.stop_gradient %l : tensor<2x1xf32>
  return %y, %z : tensor<2x1x20xf16>, tensor<2x1xf32>
}

// b h m d of b m h d: read where they are.
func.func @heads_inside(%q: tensor<2x65x3x16xf32>, %k: tensor<2x33x3x16xf32>, %v: tensor<2x33x3x8xf32>) -> tensor<2x3x65x8xf32> {
  %a = kerf.transpose %q, permutation = [0, 2, 1, 3] : tensor<2x65x3x16xf32> -> tensor<2x3x65x16xf32>
  %b = kerf.transpose %k, permutation = [0, 2, 1, 3] : tensor<2x33x3x16xf32> -> tensor<2x3x33x16xf32>
  %c = kerf.transpose %v, permutation = [0, 2, 1, 3] : tensor<2x33x3x8xf32> -> tensor<2x3x33x8xf32>
  %o, %l = kerf.attention %a, %b, %c scale = 0.25, empty = "zero" score {} mask {}
      : tensor<2x3x65x16xf32>, tensor<2x3x33x16xf32>, tensor<2x3x33x8xf32> -> tensor<2x3x65x8xf32>, tensor<2x3x65xf32>
  %y = kerf.stop_gradient %o : tensor<2x3x65x8xf32>
  return %y : tensor<2x3x65x8xf32>
}

// What is not seen counts nothing, whatever its value is.
func.func @infinite(%q: tensor<2x7x8xf32>, %k: tensor<2x65x8xf32>, %v: tensor<2x65x13xf32>, %seen: tensor<2x65xi1>) -> tensor<2x7x13xf32> {
  %inf = arith.constant dense<0x7F800000> : tensor<2x65x13xf32>
  %each = kerf.broadcast %seen, dims = [0, 1] : tensor<2x65xi1> -> tensor<2x65x13xi1>
  %w = kerf.select %each, %v, %inf : tensor<2x65x13xi1>, tensor<2x65x13xf32>
  %o, %l = kerf.attention %q, %k, %w captures(%seen : tensor<2x65xi1>) maps [affine_map<(b, i, j) -> (b, j)>] scale = 0.25, empty = "zero" score {} mask {
    ^bb0(%b: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %x: tensor<i1>):
      kerf.yield %x : tensor<i1>
  } : tensor<2x7x8xf32>, tensor<2x65x8xf32>, tensor<2x65x13xf32> -> tensor<2x7x13xf32>, tensor<2x7xf32>
  %y = kerf.stop_gradient %o : tensor<2x7x13xf32>
  return %y : tensor<2x7x13xf32>
}
