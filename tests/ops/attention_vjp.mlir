// RUN: kerf-opt %s -split-input-file -verify-diagnostics | kerf-opt -split-input-file | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-decompose | FileCheck %s --check-prefix=PLAIN
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-differentiate | FileCheck %s --check-prefix=MADE
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -canonicalize | FileCheck %s --check-prefix=LESS
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-differentiate "-kerf-decompose=families=attention" | FileCheck %s --check-prefix=OFF
// RUN: kerf-run --function edges %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --gradient --second %s
// What the op is and what its plain ops are is the same.
// RUN: kerf-run --mode f64 --limit 1000 %s > %t.op
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-decompose -o %t.mlir
// RUN: kerf-run --mode f64 --limit 1000 %t.mlir | sed s/-nan/nan/g > %t.plain
// RUN: diff %t.op %t.plain
// Compiled by blocks of rows they are, too.
// RUN: kerf-run --compare --stream-from 16 %t.mlir

// CHECK-LABEL: @biased
//       CHECK: kerf.attention_vjp %{{.*}}, %{{.*}}, %{{.*}} captures(%{{.*}} : tensor<5x7xf32>) maps [#{{.*}}] lse %{{.*}} delta %{{.*}} g %{{.*}} scale = 5.000000e-01, empty = "nan", wanted = [0] score {
//       CHECK: } mask {
//       CHECK: } score_vjp {
//       CHECK: } : tensor<3x5x4xf32>, tensor<3x7x4xf32>, tensor<3x7x2xf32>, tensor<3x5xf32>, tensor<3x5xf32>, tensor<3x5x2xf32> -> tensor<3x5x4xf32>, tensor<3x7x4xf32>, tensor<3x7x2xf32>, tensor<5x7xf32>
// PLAIN-LABEL: @biased
//  PLAIN-SAME: (%[[Q:.*]]: tensor<3x5x4xf32>, %[[K:.*]]: tensor<3x7x4xf32>, %[[V:.*]]: tensor<3x7x2xf32>, %[[C:.*]]: tensor<5x7xf32>, %[[LSE:.*]]: tensor<3x5xf32>, %{{.*}}: tensor<3x5xf32>, %[[G:.*]]: tensor<3x5x2xf32>)
//       PLAIN: kerf.contract %[[Q]], %[[K]]
//       PLAIN: %[[NONE:.*]] = kerf.compare %[[LSE]]
//       PLAIN: kerf.select %[[NONE]]
//       PLAIN: %[[P:.*]] = kerf.exp
//       PLAIN: %[[GV:.*]] = kerf.contract %[[G]], %[[V]], a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [2]
//       PLAIN: %[[REST:.*]] = kerf.sub %[[GV]]
//       PLAIN: %[[DP:.*]] = kerf.mul %[[P]], %[[REST]]
//       PLAIN: kerf.contract %[[DP]], %[[K]], a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [1]
//       PLAIN: kerf.contract %[[DP]], %[[Q]], a_batch = [0], b_batch = [0], a_contract = [1], b_contract = [1]
//       PLAIN: kerf.contract %[[P]], %[[G]], a_batch = [0], b_batch = [0], a_contract = [1], b_contract = [1]
//       PLAIN: kerf.sum %[[DP]], axes = [0] : tensor<3x5x7xf32> -> tensor<5x7xf32>
//   PLAIN-NOT: kerf.attention
func.func @biased(%q: tensor<3x5x4xf32>, %k: tensor<3x7x4xf32>, %v: tensor<3x7x2xf32>, %bias: tensor<5x7xf32>,
                  %lse: tensor<3x5xf32>, %delta: tensor<3x5xf32>, %g: tensor<3x5x2xf32>)
    -> (tensor<3x5x4xf32>, tensor<3x7x4xf32>, tensor<3x7x2xf32>, tensor<5x7xf32>) {
  %dq, %dk, %dv, %dc = kerf.attention_vjp %q, %k, %v captures(%bias : tensor<5x7xf32>) maps [affine_map<(h, i, j) -> (i, j)>]
      lse %lse delta %delta g %g scale = 0.5, empty = "nan", wanted = [0] score {
    ^bb0(%s: tensor<f32>, %h: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %c: tensor<f32>):
      %t = kerf.add %s, %c : tensor<f32>
      kerf.yield %t : tensor<f32>
  } mask {
  } score_vjp {
    ^bb0(%s: tensor<f32>, %h: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %c: tensor<f32>, %dp: tensor<f32>):
      kerf.yield %dp, %dp : tensor<f32>, tensor<f32>
  } : tensor<3x5x4xf32>, tensor<3x7x4xf32>, tensor<3x7x2xf32>, tensor<3x5xf32>, tensor<3x5xf32>, tensor<3x5x2xf32>
      -> tensor<3x5x4xf32>, tensor<3x7x4xf32>, tensor<3x7x2xf32>, tensor<5x7xf32>
  return %dq, %dk, %dv, %dc : tensor<3x5x4xf32>, tensor<3x7x4xf32>, tensor<3x7x2xf32>, tensor<5x7xf32>
}

// Heads share keys, distances have a bias, weights are dropped, a length masks.
func.func @much(%q: tensor<2x3x5x4xf64>, %k: tensor<2x1x7x4xf64>, %v: tensor<1x3x7x2xf64>, %bias: tensor<3x11xf64>,
                %lengths: tensor<2xi32> {kerf.range = [1, 7]}, %key: tensor<2xi32>, %offset: tensor<i64>,
                %lse: tensor<2x3x5xf64>, %delta: tensor<2x3x5xf64>, %g: tensor<2x3x5x2xf64>)
    -> (tensor<2x3x5x4xf64>, tensor<2x1x7x4xf64>, tensor<1x3x7x2xf64>, tensor<3x11xf64>) {
  %dq, %dk, %dv, %dc = kerf.attention_vjp %q, %k, %v captures(%lengths, %bias : tensor<2xi32>, tensor<3x11xf64>)
      maps [affine_map<(b, h, i, j) -> (b)>, affine_map<(b, h, i, j) -> (h, i - j + 6)>] drop(%key, %offset, 0.25)
      lse %lse delta %delta g %g scale = 0.5, empty = "zero", wanted = [1] score {
    ^bb0(%s: tensor<f64>, %b: tensor<i32>, %h: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %n: tensor<i32>, %c: tensor<f64>):
      %t = kerf.mul %s, %c : tensor<f64>
      kerf.yield %t : tensor<f64>
  } mask {
    ^bb0(%b: tensor<i32>, %h: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %n: tensor<i32>, %c: tensor<f64>):
      %seen = kerf.compare %j, %n, predicate = "lt" : tensor<i32> -> tensor<i1>
      kerf.yield %seen : tensor<i1>
  } score_vjp {
    ^bb0(%s: tensor<f64>, %b: tensor<i32>, %h: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %n: tensor<i32>, %c: tensor<f64>, %dp: tensor<f64>):
      %ds = kerf.mul %dp, %c : tensor<f64>
      %dc = kerf.mul %dp, %s : tensor<f64>
      kerf.yield %ds, %dc : tensor<f64>, tensor<f64>
  } : tensor<2x3x5x4xf64>, tensor<2x1x7x4xf64>, tensor<1x3x7x2xf64>, tensor<2x3x5xf64>, tensor<2x3x5xf64>, tensor<2x3x5x2xf64>
      -> tensor<2x3x5x4xf64>, tensor<2x1x7x4xf64>, tensor<1x3x7x2xf64>, tensor<3x11xf64>
  return %dq, %dk, %dv, %dc : tensor<2x3x5x4xf64>, tensor<2x1x7x4xf64>, tensor<1x3x7x2xf64>, tensor<3x11xf64>
}

// Of the gradient: lse is kept, delta made of o and g, and score_vjp of the score; nothing flows to
// integers.
// With the family off, no op of it is left behind differentiation.
// OFF-NOT: kerf.attention
// MADE-LABEL: @made
//       MADE: %[[O:.*]], %[[LSE:.*]] = kerf.attention
//       MADE: %[[G:.*]] = kerf.broadcast
//       MADE: %[[OG:.*]] = kerf.mul %[[G]], %[[O]]
//       MADE: %[[DELTA:.*]] = kerf.sum %[[OG]], axes = [1]
//       MADE: kerf.attention_vjp %{{.*}}, %{{.*}}, %{{.*}} captures({{.*}}) {{.*}} lse %[[LSE]] delta %[[DELTA]] g %[[G]] scale = 5.000000e-01, empty = "zero", wanted = [1] score {
//       MADE: } score_vjp {
//       MADE: ^bb0(%[[S:.*]]: tensor<f64>, %{{.*}}: tensor<i32>, %{{.*}}: tensor<i32>, %{{.*}}: tensor<i32>, %[[C:.*]]: tensor<f64>, %[[DP:.*]]: tensor<f64>):
//  MADE-NEXT:   %[[DS:.*]] = kerf.mul %[[DP]], %[[C]]
//  MADE-NEXT:   %[[SAFE:.*]] = kerf.unless_idle %[[DS]], %[[DP]]
//  MADE-NEXT:   %[[DC:.*]] = kerf.mul %[[DP]], %[[S]]
//  MADE-NEXT:   %[[SAFE_TOO:.*]] = kerf.unless_idle %[[DC]], %[[DP]]
//  MADE-NEXT:   kerf.yield %[[SAFE]], %[[SAFE_TOO]]
func.func @made(%q: tensor<5x4xf64>, %k: tensor<7x4xf64>, %v: tensor<7x2xf64>, %limit: tensor<5xi32>, %c: tensor<7xf64>)
    -> (tensor<f64>, tensor<5x4xf64>, tensor<7x4xf64>, tensor<7x2xf64>, tensor<7xf64>) {
  %y, %dq, %dk, %dv, %dc = kerf.value_and_grad params(%a = %q : tensor<5x4xf64>, %b = %k : tensor<7x4xf64>,
      %d = %v : tensor<7x2xf64>, %f = %c : tensor<7xf64>)
      captures(%e = %limit : tensor<5xi32>) {
    %o, %lse = kerf.attention %a, %b, %d captures(%e, %f : tensor<5xi32>, tensor<7xf64>)
        maps [affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (j)>] scale = 0.5, empty = "zero" score {
      ^bb0(%s: tensor<f64>, %i: tensor<i32>, %j: tensor<i32>, %l: tensor<i32>, %m: tensor<f64>):
        %t = kerf.mul %s, %m : tensor<f64>
        kerf.yield %t : tensor<f64>
    } mask {
      ^bb0(%i: tensor<i32>, %j: tensor<i32>, %l: tensor<i32>, %m: tensor<f64>):
        %seen = kerf.compare %j, %l, predicate = "ge" : tensor<i32> -> tensor<i1>
        kerf.yield %seen : tensor<i1>
    } : tensor<5x4xf64>, tensor<7x4xf64>, tensor<7x2xf64> -> tensor<5x2xf64>, tensor<5xf64>
    %loss = kerf.sum %o, axes = [0, 1] : tensor<5x2xf64> -> tensor<f64>
    kerf.yield %loss : tensor<f64>
  }
  return %y, %dq, %dk, %dv, %dc : tensor<f64>, tensor<5x4xf64>, tensor<7x4xf64>, tensor<7x2xf64>, tensor<7xf64>
}

// One weight of 1, an empty row, and one whose cotangent is of lse alone.
// VALUE-LABEL: @edges
//  VALUE-NEXT: tensor<3x1xf32>: 0 0 -4
//  VALUE-NEXT: tensor<1x1xf32>: -2
//  VALUE-NEXT: tensor<1x1xf32>: 3
func.func @edges() -> (tensor<3x1xf32>, tensor<1x1xf32>, tensor<1x1xf32>) attributes {kerf.no_gradient} {
  %q = arith.constant dense<[[1.0], [1.0], [2.0]]> : tensor<3x1xf32>
  %k = arith.constant dense<4.0> : tensor<1x1xf32>
  %v = arith.constant dense<5.0> : tensor<1x1xf32>
  %lse = arith.constant dense<[4.0, 0xFF800000, 8.0]> : tensor<3xf32>
  %delta = arith.constant dense<[15.0, 7.0, 1.0]> : tensor<3xf32>
  %g = arith.constant dense<[[3.0], [2.0], [0.0]]> : tensor<3x1xf32>
  %dq, %dk, %dv = kerf.attention_vjp %q, %k, %v lse %lse delta %delta g %g scale = 1.0, empty = "zero", wanted = [] score {} mask {} score_vjp {}
      : tensor<3x1xf32>, tensor<1x1xf32>, tensor<1x1xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3x1xf32>
      -> tensor<3x1xf32>, tensor<1x1xf32>, tensor<1x1xf32>
  return %dq, %dk, %dv : tensor<3x1xf32>, tensor<1x1xf32>, tensor<1x1xf32>
}

// The first capture's cotangent has no use, and then no region reads that capture; the second one's
// has, and is that of the first now.
// LESS-LABEL: @unused_cotangent
//  LESS-SAME: %[[C:.*]]: tensor<7xf64>, %[[E:.*]]: tensor<7xf64>, %{{.*}}: tensor<5xf64>
//       LESS: %{{.*}}, %{{.*}}, %{{.*}}, %[[DC:.*]] = kerf.attention_vjp %{{.*}}, %{{.*}}, %{{.*}} captures(%[[E]] : tensor<7xf64>) maps [#{{.*}}] lse {{.*}}, wanted = [0] score {
//  LESS-NEXT: ^bb0(%[[S:.*]]: tensor<f64>, %{{.*}}: tensor<i32>, %{{.*}}: tensor<i32>, %[[M:.*]]: tensor<f64>):
//  LESS-NEXT:   kerf.mul %[[S]], %[[M]]
//       LESS: } mask {
//  LESS-NEXT: } score_vjp {
//       LESS:   kerf.yield %{{.*}}, %{{.*}} : tensor<f64>, tensor<f64>
//       LESS: return %{{.*}}, %[[DC]]
func.func @unused_cotangent(%q: tensor<5x4xf64>, %k: tensor<7x4xf64>, %v: tensor<7x2xf64>, %c: tensor<7xf64>, %e: tensor<7xf64>,
                            %lse: tensor<5xf64>, %delta: tensor<5xf64>, %g: tensor<5x2xf64>) -> (tensor<5x4xf64>, tensor<7xf64>) {
  %dq, %dk, %dv, %dc:2 = kerf.attention_vjp %q, %k, %v captures(%c, %e : tensor<7xf64>, tensor<7xf64>)
      maps [affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (j)>]
      lse %lse delta %delta g %g scale = 0.5, empty = "nan", wanted = [0, 1] score {
    ^bb0(%s: tensor<f64>, %i: tensor<i32>, %j: tensor<i32>, %l: tensor<f64>, %m: tensor<f64>):
      %t = kerf.mul %s, %m : tensor<f64>
      %zero = arith.constant dense<0.0> : tensor<f64>
      %unused = kerf.add %l, %zero : tensor<f64>
      kerf.yield %t : tensor<f64>
  } mask {
    ^bb0(%i: tensor<i32>, %j: tensor<i32>, %l: tensor<f64>, %m: tensor<f64>):
      %all = arith.constant dense<true> : tensor<i1>
      kerf.yield %all : tensor<i1>
  } score_vjp {
    ^bb0(%s: tensor<f64>, %i: tensor<i32>, %j: tensor<i32>, %l: tensor<f64>, %m: tensor<f64>, %dp: tensor<f64>):
      %ds = kerf.mul %dp, %m : tensor<f64>
      %dl = kerf.mul %dp, %l : tensor<f64>
      %dm = kerf.mul %dp, %s : tensor<f64>
      kerf.yield %ds, %dl, %dm : tensor<f64>, tensor<f64>, tensor<f64>
  } : tensor<5x4xf64>, tensor<7x4xf64>, tensor<7x2xf64>, tensor<5xf64>, tensor<5xf64>, tensor<5x2xf64>
      -> tensor<5x4xf64>, tensor<7x4xf64>, tensor<7x2xf64>, tensor<7xf64>, tensor<7xf64>
  return %dq, %dc#1 : tensor<5x4xf64>, tensor<7xf64>
}

// A score that is s has a score_vjp that is its cotangent: both are nothing.
// LESS-LABEL: @nothing_said
//       LESS: kerf.attention_vjp {{.*}}, wanted = [] score {
//  LESS-NEXT: } mask {
//  LESS-NEXT: } score_vjp {
//  LESS-NEXT: }
func.func @nothing_said(%q: tensor<5x4xf64>, %k: tensor<7x4xf64>, %v: tensor<7x2xf64>, %lse: tensor<5xf64>, %delta: tensor<5xf64>,
                        %g: tensor<5x2xf64>) -> tensor<5x4xf64> {
  %dq, %dk, %dv = kerf.attention_vjp %q, %k, %v lse %lse delta %delta g %g scale = 0.5, empty = "nan", wanted = [] score {
    ^bb0(%s: tensor<f64>, %i: tensor<i32>, %j: tensor<i32>):
      kerf.yield %s : tensor<f64>
  } mask {} score_vjp {
    ^bb0(%s: tensor<f64>, %i: tensor<i32>, %j: tensor<i32>, %dp: tensor<f64>):
      kerf.yield %dp : tensor<f64>
  } : tensor<5x4xf64>, tensor<7x4xf64>, tensor<7x2xf64>, tensor<5xf64>, tensor<5xf64>, tensor<5x2xf64>
      -> tensor<5x4xf64>, tensor<7x4xf64>, tensor<7x2xf64>
  return %dq : tensor<5x4xf64>
}

// A score without a derivative in s, as stop_gradient leaves one, keeps its regions.
// LESS-LABEL: @stopped
//       LESS: score {
//  LESS-NEXT: ^bb0
func.func @stopped(%q: tensor<5x4xf64>, %k: tensor<7x4xf64>, %v: tensor<7x2xf64>, %lse: tensor<5xf64>, %delta: tensor<5xf64>,
                   %g: tensor<5x2xf64>) -> tensor<5x4xf64> {
  %dq, %dk, %dv = kerf.attention_vjp %q, %k, %v lse %lse delta %delta g %g scale = 0.5, empty = "nan", wanted = [] score {
    ^bb0(%s: tensor<f64>, %i: tensor<i32>, %j: tensor<i32>):
      kerf.yield %s : tensor<f64>
  } mask {} score_vjp {
    ^bb0(%s: tensor<f64>, %i: tensor<i32>, %j: tensor<i32>, %dp: tensor<f64>):
      %zero = arith.constant dense<0.0> : tensor<f64>
      kerf.yield %zero : tensor<f64>
  } : tensor<5x4xf64>, tensor<7x4xf64>, tensor<7x2xf64>, tensor<5xf64>, tensor<5xf64>, tensor<5x2xf64>
      -> tensor<5x4xf64>, tensor<7x4xf64>, tensor<7x2xf64>
  return %dq : tensor<5x4xf64>
}

// -----

func.func @operands_c1(%q: tensor<5x4xf32>, %k: tensor<7x6xf32>, %v: tensor<7x3xf32>, %c: tensor<7xf32>, %lse: tensor<5xf32>, %delta: tensor<5xf32>, %g: tensor<5x3xf32>) {
  // expected-error @+1 {{'kerf.attention_vjp' op q : 'tensor<5x4xf32>' has not the 6 features of k : 'tensor<7x6xf32>'}}
  %dq, %dk, %dv = kerf.attention_vjp %q, %k, %v captures(%c : tensor<7xf32>) maps [affine_map<(i, j) -> (j)>]
      lse %lse delta %delta g %g scale = 1.0, empty = "nan", wanted = [] score {
    ^bb0(%s: tensor<f32>, %i: tensor<i32>, %j: tensor<i32>, %e: tensor<f32>):
      kerf.yield %s : tensor<f32>
  } mask {} score_vjp {
    ^bb0(%s: tensor<f32>, %i: tensor<i32>, %j: tensor<i32>, %e: tensor<f32>, %dp: tensor<f32>):
      kerf.yield %dp : tensor<f32>
  }
      : tensor<5x4xf32>, tensor<7x6xf32>, tensor<7x3xf32>, tensor<5xf32>, tensor<5xf32>, tensor<5x3xf32>
      -> tensor<5x4xf32>, tensor<7x6xf32>, tensor<7x3xf32>
  return
}

// -----

func.func @mask_c1(%q: tensor<5x4xf32>, %k: tensor<7x4xf32>, %v: tensor<7x3xf32>, %c: tensor<7xf32>, %lse: tensor<5xf32>, %delta: tensor<5xf32>, %g: tensor<5x3xf32>) {
  // expected-error @+1 {{'kerf.attention_vjp' op has 1 mask arguments but should have 3}}
  %dq, %dk, %dv = kerf.attention_vjp %q, %k, %v captures(%c : tensor<7xf32>) maps [affine_map<(i, j) -> (j)>]
      lse %lse delta %delta g %g scale = 1.0, empty = "nan", wanted = [] score {
    ^bb0(%s: tensor<f32>, %i: tensor<i32>, %j: tensor<i32>, %e: tensor<f32>):
      kerf.yield %s : tensor<f32>
  } mask {
    ^bb0(%s: tensor<i1>):
      kerf.yield %s : tensor<i1>
  } score_vjp {
    ^bb0(%s: tensor<f32>, %i: tensor<i32>, %j: tensor<i32>, %e: tensor<f32>, %dp: tensor<f32>):
      kerf.yield %dp : tensor<f32>
  }
      : tensor<5x4xf32>, tensor<7x4xf32>, tensor<7x3xf32>, tensor<5xf32>, tensor<5xf32>, tensor<5x3xf32>
      -> tensor<5x4xf32>, tensor<7x4xf32>, tensor<7x3xf32>
  return
}

// -----

func.func @lse_c2(%q: tensor<5x4xf32>, %k: tensor<7x4xf32>, %v: tensor<7x3xf32>, %c: tensor<7xf32>, %lse: tensor<5x1xf32>, %delta: tensor<5xf32>, %g: tensor<5x3xf32>) {
  // expected-error @+1 {{'kerf.attention_vjp' op cotangent 0 is 'tensor<5x1xf32>' but should be 'tensor<5xf32>'}}
  %dq, %dk, %dv = kerf.attention_vjp %q, %k, %v captures(%c : tensor<7xf32>) maps [affine_map<(i, j) -> (j)>]
      lse %lse delta %delta g %g scale = 1.0, empty = "nan", wanted = [] score {
    ^bb0(%s: tensor<f32>, %i: tensor<i32>, %j: tensor<i32>, %e: tensor<f32>):
      kerf.yield %s : tensor<f32>
  } mask {} score_vjp {
    ^bb0(%s: tensor<f32>, %i: tensor<i32>, %j: tensor<i32>, %e: tensor<f32>, %dp: tensor<f32>):
      kerf.yield %dp : tensor<f32>
  }
      : tensor<5x4xf32>, tensor<7x4xf32>, tensor<7x3xf32>, tensor<5x1xf32>, tensor<5xf32>, tensor<5x3xf32>
      -> tensor<5x4xf32>, tensor<7x4xf32>, tensor<7x3xf32>
  return
}

// -----

func.func @delta_c2(%q: tensor<5x4xf32>, %k: tensor<7x4xf32>, %v: tensor<7x3xf32>, %c: tensor<7xf32>, %lse: tensor<5xf32>, %delta: tensor<7xf32>, %g: tensor<5x3xf32>) {
  // expected-error @+1 {{'kerf.attention_vjp' op cotangent 1 is 'tensor<7xf32>' but should be 'tensor<5xf32>'}}
  %dq, %dk, %dv = kerf.attention_vjp %q, %k, %v captures(%c : tensor<7xf32>) maps [affine_map<(i, j) -> (j)>]
      lse %lse delta %delta g %g scale = 1.0, empty = "nan", wanted = [] score {
    ^bb0(%s: tensor<f32>, %i: tensor<i32>, %j: tensor<i32>, %e: tensor<f32>):
      kerf.yield %s : tensor<f32>
  } mask {} score_vjp {
    ^bb0(%s: tensor<f32>, %i: tensor<i32>, %j: tensor<i32>, %e: tensor<f32>, %dp: tensor<f32>):
      kerf.yield %dp : tensor<f32>
  }
      : tensor<5x4xf32>, tensor<7x4xf32>, tensor<7x3xf32>, tensor<5xf32>, tensor<7xf32>, tensor<5x3xf32>
      -> tensor<5x4xf32>, tensor<7x4xf32>, tensor<7x3xf32>
  return
}

// -----

func.func @g_c2(%q: tensor<5x4xf32>, %k: tensor<7x4xf32>, %v: tensor<7x3xf32>, %c: tensor<7xf32>, %lse: tensor<5xf32>, %delta: tensor<5xf32>, %g: tensor<5x4xf32>) {
  // expected-error @+1 {{'kerf.attention_vjp' op cotangent 2 is 'tensor<5x4xf32>' but should be 'tensor<5x3xf32>'}}
  %dq, %dk, %dv = kerf.attention_vjp %q, %k, %v captures(%c : tensor<7xf32>) maps [affine_map<(i, j) -> (j)>]
      lse %lse delta %delta g %g scale = 1.0, empty = "nan", wanted = [] score {
    ^bb0(%s: tensor<f32>, %i: tensor<i32>, %j: tensor<i32>, %e: tensor<f32>):
      kerf.yield %s : tensor<f32>
  } mask {} score_vjp {
    ^bb0(%s: tensor<f32>, %i: tensor<i32>, %j: tensor<i32>, %e: tensor<f32>, %dp: tensor<f32>):
      kerf.yield %dp : tensor<f32>
  }
      : tensor<5x4xf32>, tensor<7x4xf32>, tensor<7x3xf32>, tensor<5xf32>, tensor<5xf32>, tensor<5x4xf32>
      -> tensor<5x4xf32>, tensor<7x4xf32>, tensor<7x3xf32>
  return
}

// -----

func.func @wanted_c3(%q: tensor<5x4xf32>, %k: tensor<7x4xf32>, %v: tensor<7x3xf32>, %c: tensor<7xf32>, %lse: tensor<5xf32>, %delta: tensor<5xf32>, %g: tensor<5x3xf32>) {
  // expected-error @+1 {{'kerf.attention_vjp' op wanted = [1] are not the numbers of captures of floats, ascending, of 1}}
  %dq, %dk, %dv, %d0 = kerf.attention_vjp %q, %k, %v captures(%c : tensor<7xf32>) maps [affine_map<(i, j) -> (j)>]
      lse %lse delta %delta g %g scale = 1.0, empty = "nan", wanted = [1] score {
    ^bb0(%s: tensor<f32>, %i: tensor<i32>, %j: tensor<i32>, %e: tensor<f32>):
      kerf.yield %s : tensor<f32>
  } mask {} score_vjp {
    ^bb0(%s: tensor<f32>, %i: tensor<i32>, %j: tensor<i32>, %e: tensor<f32>, %dp: tensor<f32>):
      kerf.yield %dp, %dp : tensor<f32>, tensor<f32>
  }
      : tensor<5x4xf32>, tensor<7x4xf32>, tensor<7x3xf32>, tensor<5xf32>, tensor<5xf32>, tensor<5x3xf32>
      -> tensor<5x4xf32>, tensor<7x4xf32>, tensor<7x3xf32>, tensor<7xf32>
  return
}

// -----

func.func @integer_c3(%q: tensor<5x4xf32>, %k: tensor<7x4xf32>, %v: tensor<7x3xf32>, %c: tensor<7xi32>, %lse: tensor<5xf32>, %delta: tensor<5xf32>, %g: tensor<5x3xf32>) {
  // expected-error @+1 {{'kerf.attention_vjp' op wanted = [0] are not the numbers of captures of floats, ascending, of 1}}
  %dq, %dk, %dv, %d0 = kerf.attention_vjp %q, %k, %v captures(%c : tensor<7xi32>) maps [affine_map<(i, j) -> (j)>]
      lse %lse delta %delta g %g scale = 1.0, empty = "nan", wanted = [0] score {
    ^bb0(%s: tensor<f32>, %i: tensor<i32>, %j: tensor<i32>, %e: tensor<i32>):
      kerf.yield %s : tensor<f32>
  } mask {} score_vjp {
    ^bb0(%s: tensor<f32>, %i: tensor<i32>, %j: tensor<i32>, %e: tensor<i32>, %dp: tensor<f32>):
      kerf.yield %dp : tensor<f32>
  }
      : tensor<5x4xf32>, tensor<7x4xf32>, tensor<7x3xf32>, tensor<5xf32>, tensor<5xf32>, tensor<5x3xf32>
      -> tensor<5x4xf32>, tensor<7x4xf32>, tensor<7x3xf32>, tensor<7xi32>
  return
}

// -----

func.func @twice_c3(%q: tensor<5x4xf32>, %k: tensor<7x4xf32>, %v: tensor<7x3xf32>, %c: tensor<7xf32>, %lse: tensor<5xf32>, %delta: tensor<5xf32>, %g: tensor<5x3xf32>) {
  // expected-error @+1 {{'kerf.attention_vjp' op wanted = [0, 0] are not the numbers of captures of floats, ascending, of 1}}
  %dq, %dk, %dv, %d0, %d1 = kerf.attention_vjp %q, %k, %v captures(%c : tensor<7xf32>) maps [affine_map<(i, j) -> (j)>]
      lse %lse delta %delta g %g scale = 1.0, empty = "nan", wanted = [0, 0] score {
    ^bb0(%s: tensor<f32>, %i: tensor<i32>, %j: tensor<i32>, %e: tensor<f32>):
      kerf.yield %s : tensor<f32>
  } mask {} score_vjp {
    ^bb0(%s: tensor<f32>, %i: tensor<i32>, %j: tensor<i32>, %e: tensor<f32>, %dp: tensor<f32>):
      kerf.yield %dp : tensor<f32>
  }
      : tensor<5x4xf32>, tensor<7x4xf32>, tensor<7x3xf32>, tensor<5xf32>, tensor<5xf32>, tensor<5x3xf32>
      -> tensor<5x4xf32>, tensor<7x4xf32>, tensor<7x3xf32>, tensor<7xf32>, tensor<7xf32>
  return
}

// -----

func.func @result_c4(%q: tensor<5x4xf32>, %k: tensor<7x4xf32>, %v: tensor<7x3xf32>, %c: tensor<7xf32>, %lse: tensor<5xf32>, %delta: tensor<5xf32>, %g: tensor<5x3xf32>) {
  // expected-error @+1 {{'kerf.attention_vjp' op result 0 is 'tensor<5x5xf32>' but should be 'tensor<5x4xf32>'}}
  %dq, %dk, %dv = kerf.attention_vjp %q, %k, %v captures(%c : tensor<7xf32>) maps [affine_map<(i, j) -> (j)>]
      lse %lse delta %delta g %g scale = 1.0, empty = "nan", wanted = [] score {
    ^bb0(%s: tensor<f32>, %i: tensor<i32>, %j: tensor<i32>, %e: tensor<f32>):
      kerf.yield %s : tensor<f32>
  } mask {} score_vjp {
    ^bb0(%s: tensor<f32>, %i: tensor<i32>, %j: tensor<i32>, %e: tensor<f32>, %dp: tensor<f32>):
      kerf.yield %dp : tensor<f32>
  }
      : tensor<5x4xf32>, tensor<7x4xf32>, tensor<7x3xf32>, tensor<5xf32>, tensor<5xf32>, tensor<5x3xf32>
      -> tensor<5x5xf32>, tensor<7x4xf32>, tensor<7x3xf32>
  return
}

// -----

func.func @captured_c4(%q: tensor<5x4xf32>, %k: tensor<7x4xf32>, %v: tensor<7x3xf32>, %c: tensor<7xf32>, %lse: tensor<5xf32>, %delta: tensor<5xf32>, %g: tensor<5x3xf32>) {
  // expected-error @+1 {{'kerf.attention_vjp' op result 3 is 'tensor<5xf32>' but should be 'tensor<7xf32>'}}
  %dq, %dk, %dv, %d0 = kerf.attention_vjp %q, %k, %v captures(%c : tensor<7xf32>) maps [affine_map<(i, j) -> (j)>]
      lse %lse delta %delta g %g scale = 1.0, empty = "nan", wanted = [0] score {
    ^bb0(%s: tensor<f32>, %i: tensor<i32>, %j: tensor<i32>, %e: tensor<f32>):
      kerf.yield %s : tensor<f32>
  } mask {} score_vjp {
    ^bb0(%s: tensor<f32>, %i: tensor<i32>, %j: tensor<i32>, %e: tensor<f32>, %dp: tensor<f32>):
      kerf.yield %dp, %dp : tensor<f32>, tensor<f32>
  }
      : tensor<5x4xf32>, tensor<7x4xf32>, tensor<7x3xf32>, tensor<5xf32>, tensor<5xf32>, tensor<5x3xf32>
      -> tensor<5x4xf32>, tensor<7x4xf32>, tensor<7x3xf32>, tensor<5xf32>
  return
}

// -----

func.func @number_c4(%q: tensor<5x4xf32>, %k: tensor<7x4xf32>, %v: tensor<7x3xf32>, %c: tensor<7xf32>, %lse: tensor<5xf32>, %delta: tensor<5xf32>, %g: tensor<5x3xf32>) {
  // expected-error @+1 {{'kerf.attention_vjp' op has 3 results but should have 4}}
  %dq, %dk, %dv = kerf.attention_vjp %q, %k, %v captures(%c : tensor<7xf32>) maps [affine_map<(i, j) -> (j)>]
      lse %lse delta %delta g %g scale = 1.0, empty = "nan", wanted = [0] score {
    ^bb0(%s: tensor<f32>, %i: tensor<i32>, %j: tensor<i32>, %e: tensor<f32>):
      kerf.yield %s : tensor<f32>
  } mask {} score_vjp {
    ^bb0(%s: tensor<f32>, %i: tensor<i32>, %j: tensor<i32>, %e: tensor<f32>, %dp: tensor<f32>):
      kerf.yield %dp, %dp : tensor<f32>, tensor<f32>
  }
      : tensor<5x4xf32>, tensor<7x4xf32>, tensor<7x3xf32>, tensor<5xf32>, tensor<5xf32>, tensor<5x3xf32>
      -> tensor<5x4xf32>, tensor<7x4xf32>, tensor<7x3xf32>
  return
}

// -----

func.func @empty_c5(%q: tensor<5x4xf32>, %k: tensor<7x4xf32>, %v: tensor<7x3xf32>, %c: tensor<7xf32>, %lse: tensor<5xf32>, %delta: tensor<5xf32>, %g: tensor<5x3xf32>) {
  // expected-error @+1 {{'kerf.attention_vjp' op score_vjp is empty where score is, and only there}}
  %dq, %dk, %dv = kerf.attention_vjp %q, %k, %v captures(%c : tensor<7xf32>) maps [affine_map<(i, j) -> (j)>]
      lse %lse delta %delta g %g scale = 1.0, empty = "nan", wanted = [] score {
    ^bb0(%s: tensor<f32>, %i: tensor<i32>, %j: tensor<i32>, %e: tensor<f32>):
      kerf.yield %s : tensor<f32>
  } mask {} score_vjp {}
      : tensor<5x4xf32>, tensor<7x4xf32>, tensor<7x3xf32>, tensor<5xf32>, tensor<5xf32>, tensor<5x3xf32>
      -> tensor<5x4xf32>, tensor<7x4xf32>, tensor<7x3xf32>
  return
}

// -----

func.func @not_empty_c5(%q: tensor<5x4xf32>, %k: tensor<7x4xf32>, %v: tensor<7x3xf32>, %c: tensor<7xf32>, %lse: tensor<5xf32>, %delta: tensor<5xf32>, %g: tensor<5x3xf32>) {
  // expected-error @+1 {{'kerf.attention_vjp' op score_vjp is empty where score is, and only there}}
  %dq, %dk, %dv = kerf.attention_vjp %q, %k, %v captures(%c : tensor<7xf32>) maps [affine_map<(i, j) -> (j)>]
      lse %lse delta %delta g %g scale = 1.0, empty = "nan", wanted = [] score {} mask {} score_vjp {
    ^bb0(%s: tensor<f32>, %i: tensor<i32>, %j: tensor<i32>, %e: tensor<f32>, %dp: tensor<f32>):
      kerf.yield %dp : tensor<f32>
  }
      : tensor<5x4xf32>, tensor<7x4xf32>, tensor<7x3xf32>, tensor<5xf32>, tensor<5xf32>, tensor<5x3xf32>
      -> tensor<5x4xf32>, tensor<7x4xf32>, tensor<7x3xf32>
  return
}

// -----

func.func @arguments_c5(%q: tensor<5x4xf32>, %k: tensor<7x4xf32>, %v: tensor<7x3xf32>, %c: tensor<7xf32>, %lse: tensor<5xf32>, %delta: tensor<5xf32>, %g: tensor<5x3xf32>) {
  // expected-error @+1 {{'kerf.attention_vjp' op has 4 score_vjp arguments but should have 5}}
  %dq, %dk, %dv = kerf.attention_vjp %q, %k, %v captures(%c : tensor<7xf32>) maps [affine_map<(i, j) -> (j)>]
      lse %lse delta %delta g %g scale = 1.0, empty = "nan", wanted = [] score {
    ^bb0(%s: tensor<f32>, %i: tensor<i32>, %j: tensor<i32>, %e: tensor<f32>):
      kerf.yield %s : tensor<f32>
  } mask {} score_vjp {
    ^bb0(%s: tensor<f32>, %i: tensor<i32>, %j: tensor<i32>, %e: tensor<f32>):
      kerf.yield %s : tensor<f32>
  }
      : tensor<5x4xf32>, tensor<7x4xf32>, tensor<7x3xf32>, tensor<5xf32>, tensor<5xf32>, tensor<5x3xf32>
      -> tensor<5x4xf32>, tensor<7x4xf32>, tensor<7x3xf32>
  return
}

// -----

func.func @yield_c5(%q: tensor<5x4xf32>, %k: tensor<7x4xf32>, %v: tensor<7x3xf32>, %c: tensor<7xf32>, %lse: tensor<5xf32>, %delta: tensor<5xf32>, %g: tensor<5x3xf32>) {
  // expected-error @+1 {{'kerf.attention_vjp' op has 1 score_vjp yields but should have 2}}
  %dq, %dk, %dv, %d0 = kerf.attention_vjp %q, %k, %v captures(%c : tensor<7xf32>) maps [affine_map<(i, j) -> (j)>]
      lse %lse delta %delta g %g scale = 1.0, empty = "nan", wanted = [0] score {
    ^bb0(%s: tensor<f32>, %i: tensor<i32>, %j: tensor<i32>, %e: tensor<f32>):
      kerf.yield %s : tensor<f32>
  } mask {} score_vjp {
    ^bb0(%s: tensor<f32>, %i: tensor<i32>, %j: tensor<i32>, %e: tensor<f32>, %dp: tensor<f32>):
      kerf.yield %dp : tensor<f32>
  }
      : tensor<5x4xf32>, tensor<7x4xf32>, tensor<7x3xf32>, tensor<5xf32>, tensor<5xf32>, tensor<5x3xf32>
      -> tensor<5x4xf32>, tensor<7x4xf32>, tensor<7x3xf32>, tensor<7xf32>
  return
}
