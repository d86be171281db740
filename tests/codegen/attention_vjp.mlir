// Cotangents of attention as code: masks, changes of scores, and captures wherever they lie, with one,
// several and many workers.
// RUN: kerf-run --compare %s

// Several blocks of keys and of rows, the last ones short.
func.func @plain(%q: tensor<2x3x80x12xf32>, %k: tensor<2x3x270x12xf32>, %v: tensor<2x3x270x20xf32>, %lse: tensor<2x3x80xf32> {kerf.range = [0.0, 3.0]}, %delta: tensor<2x3x80xf32>, %g: tensor<2x3x80x20xf32>)
    -> (tensor<2x3x80x12xf32>, tensor<2x3x270x12xf32>, tensor<2x3x270x20xf32>) {
  %r:3 = kerf.attention_vjp %q, %k, %v lse %lse delta %delta g %g scale = 0.3, empty = "zero", wanted = [] score {
  } mask {
  } score_vjp {
  } : tensor<2x3x80x12xf32>, tensor<2x3x270x12xf32>, tensor<2x3x270x20xf32>, tensor<2x3x80xf32>, tensor<2x3x80xf32>, tensor<2x3x80x20xf32>
      -> tensor<2x3x80x12xf32>, tensor<2x3x270x12xf32>, tensor<2x3x270x20xf32>
  return %r#0, %r#1, %r#2 : tensor<2x3x80x12xf32>, tensor<2x3x270x12xf32>, tensor<2x3x270x20xf32>
}

// Heads share keys along an axis, values along two.
func.func @shared_heads(%q: tensor<2x3x2x20x12xf32>, %k: tensor<2x1x2x33x12xf32>, %v: tensor<1x1x2x33x20xf32>, %lse: tensor<2x3x2x20xf32> {kerf.range = [0.0, 3.0]}, %delta: tensor<2x3x2x20xf32>, %g: tensor<2x3x2x20x20xf32>)
    -> (tensor<2x3x2x20x12xf32>, tensor<2x1x2x33x12xf32>, tensor<1x1x2x33x20xf32>) {
  %r:3 = kerf.attention_vjp %q, %k, %v lse %lse delta %delta g %g scale = 0.3, empty = "zero", wanted = [] score {
  } mask {
  } score_vjp {
  } : tensor<2x3x2x20x12xf32>, tensor<2x1x2x33x12xf32>, tensor<1x1x2x33x20xf32>, tensor<2x3x2x20xf32>, tensor<2x3x2x20xf32>, tensor<2x3x2x20x20xf32>
      -> tensor<2x3x2x20x12xf32>, tensor<2x1x2x33x12xf32>, tensor<1x1x2x33x20xf32>
  return %r#0, %r#1, %r#2 : tensor<2x3x2x20x12xf32>, tensor<2x1x2x33x12xf32>, tensor<1x1x2x33x20xf32>
}

// Blocks with none, some and all keys seen.
func.func @causal(%q: tensor<2x2x150x16xf32>, %k: tensor<2x2x300x16xf32>, %v: tensor<2x2x300x16xf32>, %lse: tensor<2x2x150xf32> {kerf.range = [0.0, 3.0]}, %delta: tensor<2x2x150xf32>, %g: tensor<2x2x150x16xf32>)
    -> (tensor<2x2x150x16xf32>, tensor<2x2x300x16xf32>, tensor<2x2x300x16xf32>) {
  %r:3 = kerf.attention_vjp %q, %k, %v lse %lse delta %delta g %g scale = 0.3, empty = "zero", wanted = [] score {
  } mask {
    ^bb0(%b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>):
      %seen = kerf.compare %j, %i, predicate = "le" : tensor<i32> -> tensor<i1>
      kerf.yield %seen : tensor<i1>
  } score_vjp {
  } : tensor<2x2x150x16xf32>, tensor<2x2x300x16xf32>, tensor<2x2x300x16xf32>, tensor<2x2x150xf32>, tensor<2x2x150xf32>, tensor<2x2x150x16xf32>
      -> tensor<2x2x150x16xf32>, tensor<2x2x300x16xf32>, tensor<2x2x300x16xf32>
  return %r#0, %r#1, %r#2 : tensor<2x2x150x16xf32>, tensor<2x2x300x16xf32>, tensor<2x2x300x16xf32>
}

// From data: panels of keys behind the length are left out.
func.func @lengths(%q: tensor<3x2x40x16xf32>, %k: tensor<3x2x90x16xf32>, %v: tensor<3x2x90x16xf32>, %n: tensor<3xi32> {kerf.range = [1, 90]}, %lse: tensor<3x2x40xf32> {kerf.range = [0.0, 3.0]}, %delta: tensor<3x2x40xf32>, %g: tensor<3x2x40x16xf32>)
    -> (tensor<3x2x40x16xf32>, tensor<3x2x90x16xf32>, tensor<3x2x90x16xf32>) {
  %r:3 = kerf.attention_vjp %q, %k, %v captures(%n : tensor<3xi32>) maps [affine_map<(b0, b1, i, j) -> (b0)>] lse %lse delta %delta g %g scale = 0.3, empty = "zero", wanted = [] score {
  } mask {
    ^bb0(%b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %xn: tensor<i32>):
      %seen = kerf.compare %j, %xn, predicate = "lt" : tensor<i32> -> tensor<i1>
      kerf.yield %seen : tensor<i1>
  } score_vjp {
  } : tensor<3x2x40x16xf32>, tensor<3x2x90x16xf32>, tensor<3x2x90x16xf32>, tensor<3x2x40xf32>, tensor<3x2x40xf32>, tensor<3x2x40x16xf32>
      -> tensor<3x2x40x16xf32>, tensor<3x2x90x16xf32>, tensor<3x2x90x16xf32>
  return %r#0, %r#1, %r#2 : tensor<3x2x40x16xf32>, tensor<3x2x90x16xf32>, tensor<3x2x90x16xf32>
}

// Seen where data of the query and of the key agree.
func.func @documents(%q: tensor<2x2x90x16xf32>, %k: tensor<2x2x90x16xf32>, %v: tensor<2x2x90x16xf32>, %a: tensor<2x90xi32> {kerf.range = [0, 3]}, %c: tensor<2x90xi32> {kerf.range = [0, 3]}, %lse: tensor<2x2x90xf32> {kerf.range = [0.0, 3.0]}, %delta: tensor<2x2x90xf32>, %g: tensor<2x2x90x16xf32>)
    -> (tensor<2x2x90x16xf32>, tensor<2x2x90x16xf32>, tensor<2x2x90x16xf32>) {
  %r:3 = kerf.attention_vjp %q, %k, %v captures(%a, %c : tensor<2x90xi32>, tensor<2x90xi32>) maps [affine_map<(b0, b1, i, j) -> (b0, i)>, affine_map<(b0, b1, i, j) -> (b0, j)>] lse %lse delta %delta g %g scale = 0.3, empty = "zero", wanted = [] score {
  } mask {
    ^bb0(%b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %xa: tensor<i32>, %xc: tensor<i32>):
      %same = kerf.compare %xa, %xc, predicate = "eq" : tensor<i32> -> tensor<i1>
      kerf.yield %same : tensor<i1>
  } score_vjp {
  } : tensor<2x2x90x16xf32>, tensor<2x2x90x16xf32>, tensor<2x2x90x16xf32>, tensor<2x2x90xf32>, tensor<2x2x90xf32>, tensor<2x2x90x16xf32>
      -> tensor<2x2x90x16xf32>, tensor<2x2x90x16xf32>, tensor<2x2x90x16xf32>
  return %r#0, %r#1, %r#2 : tensor<2x2x90x16xf32>, tensor<2x2x90x16xf32>, tensor<2x2x90x16xf32>
}

// In place, summed over all heads; by head; for each head.
func.func @dense(%q: tensor<2x3x40x16xf32>, %k: tensor<2x3x70x16xf32>, %v: tensor<2x3x70x9xf32>, %c: tensor<40x70xf32>, %lse: tensor<2x3x40xf32> {kerf.range = [0.0, 3.0]}, %delta: tensor<2x3x40xf32>, %g: tensor<2x3x40x9xf32>)
    -> (tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<40x70xf32>) {
  %r:4 = kerf.attention_vjp %q, %k, %v captures(%c : tensor<40x70xf32>) maps [affine_map<(b0, b1, i, j) -> (i, j)>] lse %lse delta %delta g %g scale = 0.3, empty = "zero", wanted = [0] score {
    ^bb0(%s: tensor<f32>, %b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %xc: tensor<f32>):
      %t = kerf.add %s, %xc : tensor<f32>
      kerf.yield %t : tensor<f32>
  } mask {
  } score_vjp {
    ^bb0(%s: tensor<f32>, %b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %xc: tensor<f32>, %dp: tensor<f32>):
      kerf.yield %dp, %dp : tensor<f32>, tensor<f32>
  } : tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<2x3x40xf32>, tensor<2x3x40xf32>, tensor<2x3x40x9xf32>
      -> tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<40x70xf32>
  return %r#0, %r#1, %r#2, %r#3 : tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<40x70xf32>
}

func.func @dense_head(%q: tensor<2x3x40x16xf32>, %k: tensor<2x3x70x16xf32>, %v: tensor<2x3x70x9xf32>, %c: tensor<3x40x70xf32>, %lse: tensor<2x3x40xf32> {kerf.range = [0.0, 3.0]}, %delta: tensor<2x3x40xf32>, %g: tensor<2x3x40x9xf32>)
    -> (tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<3x40x70xf32>) {
  %r:4 = kerf.attention_vjp %q, %k, %v captures(%c : tensor<3x40x70xf32>) maps [affine_map<(b0, b1, i, j) -> (b1, i, j)>] lse %lse delta %delta g %g scale = 0.3, empty = "zero", wanted = [0] score {
    ^bb0(%s: tensor<f32>, %b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %xc: tensor<f32>):
      %t = kerf.add %s, %xc : tensor<f32>
      kerf.yield %t : tensor<f32>
  } mask {
    ^bb0(%b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %xc: tensor<f32>):
      %seen = kerf.compare %j, %i, predicate = "le" : tensor<i32> -> tensor<i1>
      kerf.yield %seen : tensor<i1>
  } score_vjp {
    ^bb0(%s: tensor<f32>, %b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %xc: tensor<f32>, %dp: tensor<f32>):
      kerf.yield %dp, %dp : tensor<f32>, tensor<f32>
  } : tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<2x3x40xf32>, tensor<2x3x40xf32>, tensor<2x3x40x9xf32>
      -> tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<3x40x70xf32>
  return %r#0, %r#1, %r#2, %r#3 : tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<3x40x70xf32>
}

func.func @dense_all(%q: tensor<2x3x40x16xf32>, %k: tensor<2x3x70x16xf32>, %v: tensor<2x3x70x9xf32>, %c: tensor<2x3x40x70xf32>, %lse: tensor<2x3x40xf32> {kerf.range = [0.0, 3.0]}, %delta: tensor<2x3x40xf32>, %g: tensor<2x3x40x9xf32>)
    -> (tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<2x3x40x70xf32>) {
  %r:4 = kerf.attention_vjp %q, %k, %v captures(%c : tensor<2x3x40x70xf32>) maps [affine_map<(b0, b1, i, j) -> (b0, b1, i, j)>] lse %lse delta %delta g %g scale = 0.3, empty = "zero", wanted = [0] score {
    ^bb0(%s: tensor<f32>, %b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %xc: tensor<f32>):
      %t = kerf.add %s, %xc : tensor<f32>
      kerf.yield %t : tensor<f32>
  } mask {
  } score_vjp {
    ^bb0(%s: tensor<f32>, %b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %xc: tensor<f32>, %dp: tensor<f32>):
      kerf.yield %dp, %dp : tensor<f32>, tensor<f32>
  } : tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<2x3x40xf32>, tensor<2x3x40xf32>, tensor<2x3x40x9xf32>
      -> tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<2x3x40x70xf32>
  return %r#0, %r#1, %r#2, %r#3 : tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<2x3x40x70xf32>
}

// In place, but keys are not neighbours there, or the other way round.
func.func @dense_transposed(%q: tensor<2x3x40x16xf32>, %k: tensor<2x3x70x16xf32>, %v: tensor<2x3x70x9xf32>, %c: tensor<3x70x40xf32>, %lse: tensor<2x3x40xf32> {kerf.range = [0.0, 3.0]}, %delta: tensor<2x3x40xf32>, %g: tensor<2x3x40x9xf32>)
    -> (tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<3x70x40xf32>) {
  %r:4 = kerf.attention_vjp %q, %k, %v captures(%c : tensor<3x70x40xf32>) maps [affine_map<(b0, b1, i, j) -> (b1, j, i)>] lse %lse delta %delta g %g scale = 0.3, empty = "zero", wanted = [0] score {
    ^bb0(%s: tensor<f32>, %b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %xc: tensor<f32>):
      %t = kerf.add %s, %xc : tensor<f32>
      kerf.yield %t : tensor<f32>
  } mask {
  } score_vjp {
    ^bb0(%s: tensor<f32>, %b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %xc: tensor<f32>, %dp: tensor<f32>):
      kerf.yield %dp, %dp : tensor<f32>, tensor<f32>
  } : tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<2x3x40xf32>, tensor<2x3x40xf32>, tensor<2x3x40x9xf32>
      -> tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<3x70x40xf32>
  return %r#0, %r#1, %r#2, %r#3 : tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<3x70x40xf32>
}

func.func @dense_reversed(%q: tensor<2x3x40x16xf32>, %k: tensor<2x3x70x16xf32>, %v: tensor<2x3x70x9xf32>, %c: tensor<40x70xf32>, %lse: tensor<2x3x40xf32> {kerf.range = [0.0, 3.0]}, %delta: tensor<2x3x40xf32>, %g: tensor<2x3x40x9xf32>)
    -> (tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<40x70xf32>) {
  %r:4 = kerf.attention_vjp %q, %k, %v captures(%c : tensor<40x70xf32>) maps [affine_map<(b0, b1, i, j) -> (i, 69 - j)>] lse %lse delta %delta g %g scale = 0.3, empty = "zero", wanted = [0] score {
    ^bb0(%s: tensor<f32>, %b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %xc: tensor<f32>):
      %t = kerf.add %s, %xc : tensor<f32>
      kerf.yield %t : tensor<f32>
  } mask {
  } score_vjp {
    ^bb0(%s: tensor<f32>, %b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %xc: tensor<f32>, %dp: tensor<f32>):
      kerf.yield %dp, %dp : tensor<f32>, tensor<f32>
  } : tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<2x3x40xf32>, tensor<2x3x40xf32>, tensor<2x3x40x9xf32>
      -> tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<40x70xf32>
  return %r#0, %r#1, %r#2, %r#3 : tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<40x70xf32>
}

// On a line: along it keys lie forwards, backwards, or apart.
func.func @distance(%q: tensor<2x3x40x16xf32>, %k: tensor<2x3x70x16xf32>, %v: tensor<2x3x70x9xf32>, %c: tensor<3x109xf32>, %lse: tensor<2x3x40xf32> {kerf.range = [0.0, 3.0]}, %delta: tensor<2x3x40xf32>, %g: tensor<2x3x40x9xf32>)
    -> (tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<3x109xf32>) {
  %r:4 = kerf.attention_vjp %q, %k, %v captures(%c : tensor<3x109xf32>) maps [affine_map<(b0, b1, i, j) -> (b1, i - j + 69)>] lse %lse delta %delta g %g scale = 0.3, empty = "zero", wanted = [0] score {
    ^bb0(%s: tensor<f32>, %b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %xc: tensor<f32>):
      %t = kerf.add %s, %xc : tensor<f32>
      kerf.yield %t : tensor<f32>
  } mask {
    ^bb0(%b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %xc: tensor<f32>):
      %seen = kerf.compare %j, %i, predicate = "le" : tensor<i32> -> tensor<i1>
      kerf.yield %seen : tensor<i1>
  } score_vjp {
    ^bb0(%s: tensor<f32>, %b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %xc: tensor<f32>, %dp: tensor<f32>):
      kerf.yield %dp, %dp : tensor<f32>, tensor<f32>
  } : tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<2x3x40xf32>, tensor<2x3x40xf32>, tensor<2x3x40x9xf32>
      -> tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<3x109xf32>
  return %r#0, %r#1, %r#2, %r#3 : tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<3x109xf32>
}

func.func @distance_back(%q: tensor<2x3x40x16xf32>, %k: tensor<2x3x70x16xf32>, %v: tensor<2x3x70x9xf32>, %c: tensor<3x109xf32>, %lse: tensor<2x3x40xf32> {kerf.range = [0.0, 3.0]}, %delta: tensor<2x3x40xf32>, %g: tensor<2x3x40x9xf32>)
    -> (tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<3x109xf32>) {
  %r:4 = kerf.attention_vjp %q, %k, %v captures(%c : tensor<3x109xf32>) maps [affine_map<(b0, b1, i, j) -> (b1, j - i + 39)>] lse %lse delta %delta g %g scale = 0.3, empty = "zero", wanted = [0] score {
    ^bb0(%s: tensor<f32>, %b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %xc: tensor<f32>):
      %t = kerf.add %s, %xc : tensor<f32>
      kerf.yield %t : tensor<f32>
  } mask {
  } score_vjp {
    ^bb0(%s: tensor<f32>, %b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %xc: tensor<f32>, %dp: tensor<f32>):
      kerf.yield %dp, %dp : tensor<f32>, tensor<f32>
  } : tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<2x3x40xf32>, tensor<2x3x40xf32>, tensor<2x3x40x9xf32>
      -> tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<3x109xf32>
  return %r#0, %r#1, %r#2, %r#3 : tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<3x109xf32>
}

func.func @distance_transposed(%q: tensor<2x3x40x16xf32>, %k: tensor<2x3x70x16xf32>, %v: tensor<2x3x70x9xf32>, %c: tensor<109x3xf32>, %lse: tensor<2x3x40xf32> {kerf.range = [0.0, 3.0]}, %delta: tensor<2x3x40xf32>, %g: tensor<2x3x40x9xf32>)
    -> (tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<109x3xf32>) {
  %r:4 = kerf.attention_vjp %q, %k, %v captures(%c : tensor<109x3xf32>) maps [affine_map<(b0, b1, i, j) -> (j - i + 39, b1)>] lse %lse delta %delta g %g scale = 0.3, empty = "zero", wanted = [0] score {
    ^bb0(%s: tensor<f32>, %b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %xc: tensor<f32>):
      %t = kerf.add %s, %xc : tensor<f32>
      kerf.yield %t : tensor<f32>
  } mask {
  } score_vjp {
    ^bb0(%s: tensor<f32>, %b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %xc: tensor<f32>, %dp: tensor<f32>):
      kerf.yield %dp, %dp : tensor<f32>, tensor<f32>
  } : tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<2x3x40xf32>, tensor<2x3x40xf32>, tensor<2x3x40x9xf32>
      -> tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<109x3xf32>
  return %r#0, %r#1, %r#2, %r#3 : tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<109x3xf32>
}

// By key alone, by query alone with weights dropped, and where keys are apart.
func.func @keys(%q: tensor<2x3x40x16xf32>, %k: tensor<2x3x70x16xf32>, %v: tensor<2x3x70x9xf32>, %c: tensor<2x70xf32>, %lse: tensor<2x3x40xf32> {kerf.range = [0.0, 3.0]}, %delta: tensor<2x3x40xf32>, %g: tensor<2x3x40x9xf32>)
    -> (tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<2x70xf32>) {
  %r:4 = kerf.attention_vjp %q, %k, %v captures(%c : tensor<2x70xf32>) maps [affine_map<(b0, b1, i, j) -> (b0, j)>] lse %lse delta %delta g %g scale = 0.3, empty = "zero", wanted = [0] score {
    ^bb0(%s: tensor<f32>, %b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %xc: tensor<f32>):
      %t = kerf.add %s, %xc : tensor<f32>
      kerf.yield %t : tensor<f32>
  } mask {
  } score_vjp {
    ^bb0(%s: tensor<f32>, %b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %xc: tensor<f32>, %dp: tensor<f32>):
      kerf.yield %dp, %dp : tensor<f32>, tensor<f32>
  } : tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<2x3x40xf32>, tensor<2x3x40xf32>, tensor<2x3x40x9xf32>
      -> tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<2x70xf32>
  return %r#0, %r#1, %r#2, %r#3 : tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<2x70xf32>
}

func.func @queries(%q: tensor<2x3x40x16xf32>, %k: tensor<2x3x70x16xf32>, %v: tensor<2x3x70x9xf32>, %c: tensor<3x40xf32>, %key: tensor<2xi32>, %offset: tensor<i64> {kerf.range = [0, 1000]}, %lse: tensor<2x3x40xf32> {kerf.range = [0.0, 3.0]}, %delta: tensor<2x3x40xf32>, %g: tensor<2x3x40x9xf32>)
    -> (tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<3x40xf32>) {
  %r:4 = kerf.attention_vjp %q, %k, %v captures(%c : tensor<3x40xf32>) maps [affine_map<(b0, b1, i, j) -> (b1, i)>] drop(%key, %offset, 0.25) lse %lse delta %delta g %g scale = 0.3, empty = "zero", wanted = [0] score {
    ^bb0(%s: tensor<f32>, %b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %xc: tensor<f32>):
      %t = kerf.add %s, %xc : tensor<f32>
      kerf.yield %t : tensor<f32>
  } mask {
  } score_vjp {
    ^bb0(%s: tensor<f32>, %b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %xc: tensor<f32>, %dp: tensor<f32>):
      kerf.yield %dp, %dp : tensor<f32>, tensor<f32>
  } : tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<2x3x40xf32>, tensor<2x3x40xf32>, tensor<2x3x40x9xf32>
      -> tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<3x40xf32>
  return %r#0, %r#1, %r#2, %r#3 : tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<3x40xf32>
}

func.func @keys_transposed(%q: tensor<2x3x40x16xf32>, %k: tensor<2x3x70x16xf32>, %v: tensor<2x3x70x9xf32>, %c: tensor<70x2xf32>, %lse: tensor<2x3x40xf32> {kerf.range = [0.0, 3.0]}, %delta: tensor<2x3x40xf32>, %g: tensor<2x3x40x9xf32>)
    -> (tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<70x2xf32>) {
  %r:4 = kerf.attention_vjp %q, %k, %v captures(%c : tensor<70x2xf32>) maps [affine_map<(b0, b1, i, j) -> (j, b0)>] lse %lse delta %delta g %g scale = 0.3, empty = "zero", wanted = [0] score {
    ^bb0(%s: tensor<f32>, %b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %xc: tensor<f32>):
      %t = kerf.add %s, %xc : tensor<f32>
      kerf.yield %t : tensor<f32>
  } mask {
    ^bb0(%b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %xc: tensor<f32>):
      %seen = kerf.compare %j, %i, predicate = "le" : tensor<i32> -> tensor<i1>
      kerf.yield %seen : tensor<i1>
  } score_vjp {
    ^bb0(%s: tensor<f32>, %b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %xc: tensor<f32>, %dp: tensor<f32>):
      kerf.yield %dp, %dp : tensor<f32>, tensor<f32>
  } : tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<2x3x40xf32>, tensor<2x3x40xf32>, tensor<2x3x40x9xf32>
      -> tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<70x2xf32>
  return %r#0, %r#1, %r#2, %r#3 : tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<70x2xf32>
}

// One number of each head, of all, and where lines of heads meet.
func.func @heads(%q: tensor<2x3x40x16xf32>, %k: tensor<2x3x70x16xf32>, %v: tensor<2x3x70x9xf32>, %c: tensor<3xf32>, %lse: tensor<2x3x40xf32> {kerf.range = [0.0, 3.0]}, %delta: tensor<2x3x40xf32>, %g: tensor<2x3x40x9xf32>)
    -> (tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<3xf32>) {
  %r:4 = kerf.attention_vjp %q, %k, %v captures(%c : tensor<3xf32>) maps [affine_map<(b0, b1, i, j) -> (b1)>] lse %lse delta %delta g %g scale = 0.3, empty = "zero", wanted = [0] score {
    ^bb0(%s: tensor<f32>, %b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %xc: tensor<f32>):
      %t = kerf.add %s, %xc : tensor<f32>
      kerf.yield %t : tensor<f32>
  } mask {
  } score_vjp {
    ^bb0(%s: tensor<f32>, %b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %xc: tensor<f32>, %dp: tensor<f32>):
      kerf.yield %dp, %dp : tensor<f32>, tensor<f32>
  } : tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<2x3x40xf32>, tensor<2x3x40xf32>, tensor<2x3x40x9xf32>
      -> tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<3xf32>
  return %r#0, %r#1, %r#2, %r#3 : tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<3xf32>
}

func.func @one(%q: tensor<2x3x40x16xf32>, %k: tensor<2x3x70x16xf32>, %v: tensor<2x3x70x9xf32>, %c: tensor<f32>, %lse: tensor<2x3x40xf32> {kerf.range = [0.0, 3.0]}, %delta: tensor<2x3x40xf32>, %g: tensor<2x3x40x9xf32>)
    -> (tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<f32>) {
  %r:4 = kerf.attention_vjp %q, %k, %v captures(%c : tensor<f32>) maps [affine_map<(b0, b1, i, j) -> ()>] lse %lse delta %delta g %g scale = 0.3, empty = "zero", wanted = [0] score {
    ^bb0(%s: tensor<f32>, %b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %xc: tensor<f32>):
      %t = kerf.add %s, %xc : tensor<f32>
      kerf.yield %t : tensor<f32>
  } mask {
  } score_vjp {
    ^bb0(%s: tensor<f32>, %b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %xc: tensor<f32>, %dp: tensor<f32>):
      kerf.yield %dp, %dp : tensor<f32>, tensor<f32>
  } : tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<2x3x40xf32>, tensor<2x3x40xf32>, tensor<2x3x40x9xf32>
      -> tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<f32>
  return %r#0, %r#1, %r#2, %r#3 : tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<f32>
}

func.func @overlap(%q: tensor<2x3x40x16xf32>, %k: tensor<2x3x70x16xf32>, %v: tensor<2x3x70x9xf32>, %c: tensor<41xf32>, %lse: tensor<2x3x40xf32> {kerf.range = [0.0, 3.0]}, %delta: tensor<2x3x40xf32>, %g: tensor<2x3x40x9xf32>)
    -> (tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<41xf32>) {
  %r:4 = kerf.attention_vjp %q, %k, %v captures(%c : tensor<41xf32>) maps [affine_map<(b0, b1, i, j) -> (b0 + i)>] lse %lse delta %delta g %g scale = 0.3, empty = "zero", wanted = [0] score {
    ^bb0(%s: tensor<f32>, %b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %xc: tensor<f32>):
      %t = kerf.add %s, %xc : tensor<f32>
      kerf.yield %t : tensor<f32>
  } mask {
  } score_vjp {
    ^bb0(%s: tensor<f32>, %b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %xc: tensor<f32>, %dp: tensor<f32>):
      kerf.yield %dp, %dp : tensor<f32>, tensor<f32>
  } : tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<2x3x40xf32>, tensor<2x3x40xf32>, tensor<2x3x40x9xf32>
      -> tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<41xf32>
  return %r#0, %r#1, %r#2, %r#3 : tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<41xf32>
}

// Two captures beside a mask, dropped weights and shared heads.
func.func @two(%q: tensor<2x3x80x16xf32>, %k: tensor<2x1x270x16xf32>, %v: tensor<2x1x270x9xf32>, %c: tensor<3xf32>, %d: tensor<2x349xf32>, %key: tensor<2xi32>, %offset: tensor<i64> {kerf.range = [0, 1000]}, %lse: tensor<2x3x80xf32> {kerf.range = [0.0, 3.0]}, %delta: tensor<2x3x80xf32>, %g: tensor<2x3x80x9xf32>)
    -> (tensor<2x3x80x16xf32>, tensor<2x1x270x16xf32>, tensor<2x1x270x9xf32>, tensor<3xf32>, tensor<2x349xf32>) {
  %r:5 = kerf.attention_vjp %q, %k, %v captures(%c, %d : tensor<3xf32>, tensor<2x349xf32>) maps [affine_map<(b0, b1, i, j) -> (b1)>, affine_map<(b0, b1, i, j) -> (b0, i - j + 269)>] drop(%key, %offset, 0.1) lse %lse delta %delta g %g scale = 0.3, empty = "zero", wanted = [0, 1] score {
    ^bb0(%s: tensor<f32>, %b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %xc: tensor<f32>, %xd: tensor<f32>):
      %t = kerf.mul %s, %xc : tensor<f32>
      %u = kerf.add %t, %xd : tensor<f32>
      kerf.yield %u : tensor<f32>
  } mask {
    ^bb0(%b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %xc: tensor<f32>, %xd: tensor<f32>):
      %seen = kerf.compare %j, %i, predicate = "le" : tensor<i32> -> tensor<i1>
      kerf.yield %seen : tensor<i1>
  } score_vjp {
    ^bb0(%s: tensor<f32>, %b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %xc: tensor<f32>, %xd: tensor<f32>, %dp: tensor<f32>):
      %ds = kerf.mul %dp, %xc : tensor<f32>
      %dc = kerf.mul %dp, %s : tensor<f32>
      kerf.yield %ds, %dc, %dp : tensor<f32>, tensor<f32>, tensor<f32>
  } : tensor<2x3x80x16xf32>, tensor<2x1x270x16xf32>, tensor<2x1x270x9xf32>, tensor<2x3x80xf32>, tensor<2x3x80xf32>, tensor<2x3x80x9xf32>
      -> tensor<2x3x80x16xf32>, tensor<2x1x270x16xf32>, tensor<2x1x270x9xf32>, tensor<3xf32>, tensor<2x349xf32>
  return %r#0, %r#1, %r#2, %r#3, %r#4 : tensor<2x3x80x16xf32>, tensor<2x1x270x16xf32>, tensor<2x1x270x9xf32>, tensor<3xf32>, tensor<2x349xf32>
}

func.func @dropped(%q: tensor<2x3x40x16xf32>, %k: tensor<2x3x70x16xf32>, %v: tensor<2x3x70x9xf32>, %key: tensor<2xi32>, %offset: tensor<i64> {kerf.range = [0, 1000]}, %lse: tensor<2x3x40xf32> {kerf.range = [0.0, 3.0]}, %delta: tensor<2x3x40xf32>, %g: tensor<2x3x40x9xf32>)
    -> (tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>) {
  %r:3 = kerf.attention_vjp %q, %k, %v drop(%key, %offset, 0.4) lse %lse delta %delta g %g scale = 0.3, empty = "zero", wanted = [] score {
  } mask {
  } score_vjp {
  } : tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>, tensor<2x3x40xf32>, tensor<2x3x40xf32>, tensor<2x3x40x9xf32>
      -> tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>
  return %r#0, %r#1, %r#2 : tensor<2x3x40x16xf32>, tensor<2x3x70x16xf32>, tensor<2x3x70x9xf32>
}

// Sums are in f32, of heads that share keys too, and rounded once.
func.func @narrow(%q: tensor<2x3x80x16xbf16>, %k: tensor<2x1x70x16xbf16>, %v: tensor<2x3x70x9xbf16>, %lse: tensor<2x3x80xf32> {kerf.range = [0.0, 3.0]}, %delta: tensor<2x3x80xf32>, %g: tensor<2x3x80x9xbf16>)
    -> (tensor<2x3x80x16xbf16>, tensor<2x1x70x16xbf16>, tensor<2x3x70x9xbf16>) {
  %r:3 = kerf.attention_vjp %q, %k, %v lse %lse delta %delta g %g scale = 0.3, empty = "zero", wanted = [] score {
  } mask {
  } score_vjp {
  } : tensor<2x3x80x16xbf16>, tensor<2x1x70x16xbf16>, tensor<2x3x70x9xbf16>, tensor<2x3x80xf32>, tensor<2x3x80xf32>, tensor<2x3x80x9xbf16>
      -> tensor<2x3x80x16xbf16>, tensor<2x1x70x16xbf16>, tensor<2x3x70x9xbf16>
  return %r#0, %r#1, %r#2 : tensor<2x3x80x16xbf16>, tensor<2x1x70x16xbf16>, tensor<2x3x70x9xbf16>
}

// Few heads: keys in chunks, whose parts of dq are added; heads that share keys in turn.
func.func @few_long(%q: tensor<1x2x64x64xf32>, %k: tensor<1x1x600x64xf32>, %v: tensor<1x2x600x72xf32>, %lse: tensor<1x2x64xf32> {kerf.range = [0.0, 3.0]}, %delta: tensor<1x2x64xf32>, %g: tensor<1x2x64x72xf32>)
    -> (tensor<1x2x64x64xf32>, tensor<1x1x600x64xf32>, tensor<1x2x600x72xf32>) {
  %r:3 = kerf.attention_vjp %q, %k, %v lse %lse delta %delta g %g scale = 0.3, empty = "zero", wanted = [] score {
  } mask {
  } score_vjp {
  } : tensor<1x2x64x64xf32>, tensor<1x1x600x64xf32>, tensor<1x2x600x72xf32>, tensor<1x2x64xf32>, tensor<1x2x64xf32>, tensor<1x2x64x72xf32>
      -> tensor<1x2x64x64xf32>, tensor<1x1x600x64xf32>, tensor<1x2x600x72xf32>
  return %r#0, %r#1, %r#2 : tensor<1x2x64x64xf32>, tensor<1x1x600x64xf32>, tensor<1x2x600x72xf32>
}

// A line for each chunk.
func.func @chunks_biased(%q: tensor<2x1x64x64xf32>, %k: tensor<2x1x600x64xf32>, %v: tensor<2x1x600x72xf32>, %c: tensor<663xf32>, %lse: tensor<2x1x64xf32> {kerf.range = [0.0, 3.0]}, %delta: tensor<2x1x64xf32>, %g: tensor<2x1x64x72xf32>)
    -> (tensor<2x1x64x64xf32>, tensor<2x1x600x64xf32>, tensor<2x1x600x72xf32>, tensor<663xf32>) {
  %r:4 = kerf.attention_vjp %q, %k, %v captures(%c : tensor<663xf32>) maps [affine_map<(b0, b1, i, j) -> (i - j + 599)>] lse %lse delta %delta g %g scale = 0.3, empty = "zero", wanted = [0] score {
    ^bb0(%s: tensor<f32>, %b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %xc: tensor<f32>):
      %t = kerf.add %s, %xc : tensor<f32>
      kerf.yield %t : tensor<f32>
  } mask {
  } score_vjp {
    ^bb0(%s: tensor<f32>, %b0: tensor<i32>, %b1: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %xc: tensor<f32>, %dp: tensor<f32>):
      kerf.yield %dp, %dp : tensor<f32>, tensor<f32>
  } : tensor<2x1x64x64xf32>, tensor<2x1x600x64xf32>, tensor<2x1x600x72xf32>, tensor<2x1x64xf32>, tensor<2x1x64xf32>, tensor<2x1x64x72xf32>
      -> tensor<2x1x64x64xf32>, tensor<2x1x600x64xf32>, tensor<2x1x600x72xf32>, tensor<663xf32>
  return %r#0, %r#1, %r#2, %r#3 : tensor<2x1x64x64xf32>, tensor<2x1x600x64xf32>, tensor<2x1x600x72xf32>, tensor<663xf32>
}

// A key that is not seen counts nothing, even where it and its value are infinite.
func.func @infinite(%q: tensor<2x9x8xf32>, %keys: tensor<2x20x8xf32>, %values: tensor<2x20x8xf32>, %seen: tensor<2x20xi1>, %lse: tensor<2x9xf32> {kerf.range = [0.0, 3.0]}, %delta: tensor<2x9xf32>, %g: tensor<2x9x8xf32>)
    -> tensor<2x9x8xf32> {
  %inf = arith.constant dense<0x7F800000> : tensor<2x20x8xf32>
  %each = kerf.broadcast %seen, dims = [0, 1] : tensor<2x20xi1> -> tensor<2x20x8xi1>
  %k = kerf.select %each, %keys, %inf : tensor<2x20x8xi1>, tensor<2x20x8xf32>
  %v = kerf.select %each, %values, %inf : tensor<2x20x8xi1>, tensor<2x20x8xf32>
  %r:3 = kerf.attention_vjp %q, %k, %v captures(%seen : tensor<2x20xi1>) maps [affine_map<(b, i, j) -> (b, j)>] lse %lse delta %delta g %g scale = 0.3, empty = "zero", wanted = [] score {
  } mask {
    ^bb0(%b: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %x: tensor<i1>):
      kerf.yield %x : tensor<i1>
  } score_vjp {
  } : tensor<2x9x8xf32>, tensor<2x20x8xf32>, tensor<2x20x8xf32>, tensor<2x9xf32>, tensor<2x9xf32>, tensor<2x9x8xf32>
      -> tensor<2x9x8xf32>, tensor<2x20x8xf32>, tensor<2x20x8xf32>
  %y = kerf.stop_gradient %r#0 : tensor<2x9x8xf32>
  return %y : tensor<2x9x8xf32>
}
