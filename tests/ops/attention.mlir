// RUN: kerf-opt %s -split-input-file -verify-diagnostics | kerf-opt -split-input-file | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-decompose | FileCheck %s --check-prefix=PLAIN
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -canonicalize | FileCheck %s --check-prefix=LESS
// RUN: kerf-run --function edges %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --function narrow %s | FileCheck %s --check-prefix=NARROW
// RUN: kerf-run --gradient --second %s
// What the op is and what its plain ops are is the same.
// RUN: kerf-run --mode f64 --limit 1000 %s > %t.op
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-decompose -o %t.mlir
// RUN: kerf-run --mode f64 --limit 1000 %t.mlir | sed s/-nan/nan/g > %t.plain
// RUN: diff %t.op %t.plain
// Compiled by blocks of rows they are, too.
// RUN: kerf-run --compare --stream-from 16 %t.mlir

// Causal, with a slope for each head of distances.
// CHECK-LABEL: @slopes
//       CHECK: kerf.attention %{{.*}}, %{{.*}}, %{{.*}} captures(%{{.*}} : tensor<3xf32>) maps
//       CHECK: scale = 5.000000e-01, empty = "zero" score {
//       CHECK: ^bb0(%[[S:.*]]: tensor<f32>, %{{.*}}: tensor<i32>, %{{.*}}: tensor<i32>, %{{.*}}: tensor<i32>, %{{.*}}: tensor<i32>, %{{.*}}: tensor<f32>):
//       CHECK: } mask {
//       CHECK: : tensor<2x3x7x4xf32>, tensor<2x3x7x4xf32>, tensor<2x3x7x5xf32> -> tensor<2x3x7x5xf32>, tensor<2x3x7xf32>
// PLAIN-LABEL: @slopes
//  PLAIN-SAME: (%[[Q:.*]]: tensor<2x3x7x4xf32>, %[[K:.*]]: tensor<2x3x7x4xf32>, %[[V:.*]]: tensor<2x3x7x5xf32>, %[[SLOPES:.*]]: tensor<3xf32>)
//       PLAIN: %[[DOT:.*]] = kerf.contract %[[Q]], %[[K]], a_batch = [0, 1], b_batch = [0, 1], a_contract = [3], b_contract = [3]
//       PLAIN: %[[S:.*]] = kerf.mul %[[DOT]]
//       PLAIN: %[[DISTANCE:.*]] = kerf.sub {{.*}} : tensor<7x7xi32>
//       PLAIN: %[[BIAS:.*]] = kerf.mul {{.*}} : tensor<3x7x7xf32>
//       PLAIN: %[[SCORE:.*]] = kerf.add %[[S]]
//       PLAIN: %[[CAUSAL:.*]] = kerf.compare {{.*}} : tensor<7x7xi32> -> tensor<7x7xi1>
//       PLAIN: %[[SEEN:.*]] = kerf.broadcast %[[CAUSAL]], dims = [2, 3]
//       PLAIN: %[[MASKED:.*]] = kerf.select %[[SEEN]], %[[SCORE]]
//       PLAIN: kerf.max %[[MASKED]], axes = [3]
//       PLAIN: kerf.maximum
//       PLAIN: %[[MOST:.*]] = kerf.stop_gradient
//       PLAIN: %[[E:.*]] = kerf.exp
//       PLAIN: %[[SUM:.*]] = kerf.sum %[[E]], axes = [3]
//       PLAIN: %[[EMPTY:.*]] = kerf.compare %[[SUM]]
//       PLAIN: %[[W:.*]] = kerf.div %[[E]]
//       PLAIN: kerf.contract %[[W]], %[[V]], a_batch = [0, 1], b_batch = [0, 1], a_contract = [3], b_contract = [2]
//       PLAIN: kerf.select %[[EMPTY]]
//   PLAIN-NOT: kerf.attention
func.func @slopes(%q: tensor<2x3x7x4xf32>, %k: tensor<2x3x7x4xf32>, %v: tensor<2x3x7x5xf32>, %slopes: tensor<3xf32>)
    -> (tensor<2x3x7x5xf32>, tensor<2x3x7xf32>) {
  %o, %lse = kerf.attention %q, %k, %v captures(%slopes : tensor<3xf32>) maps [affine_map<(b, h, i, j) -> (h)>]
      scale = 0.5, empty = "zero" score {
    ^bb0(%s: tensor<f32>, %b: tensor<i32>, %h: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %slope: tensor<f32>):
      %d = kerf.sub %j, %i : tensor<i32>
      %x = kerf.cast %d : tensor<i32> -> tensor<f32>
      %y = kerf.mul %slope, %x : tensor<f32>
      %t = kerf.add %s, %y : tensor<f32>
      kerf.yield %t : tensor<f32>
  } mask {
    ^bb0(%b: tensor<i32>, %h: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %slope: tensor<f32>):
      %seen = kerf.compare %j, %i, predicate = "le" : tensor<i32> -> tensor<i1>
      kerf.yield %seen : tensor<i1>
  } : tensor<2x3x7x4xf32>, tensor<2x3x7x4xf32>, tensor<2x3x7x5xf32> -> tensor<2x3x7x5xf32>, tensor<2x3x7xf32>
  return %o, %lse : tensor<2x3x7x5xf32>, tensor<2x3x7xf32>
}

// No batch, all keys, nothing done to a score; a written softmax.
// CHECK-LABEL: @softmax
//       CHECK: scale = 1.000000e+00, empty = "nan" score {
//  CHECK-NEXT: } mask {
//  CHECK-NEXT: } : tensor<5x4xf64>
// PLAIN-LABEL: @softmax
//   PLAIN-NOT: kerf.mul
//   PLAIN-NOT: kerf.maximum
//       PLAIN: kerf.div
func.func @softmax(%q: tensor<5x4xf64>, %k: tensor<7x4xf64>, %v: tensor<7x3xf64>) -> tensor<5x3xf64> {
  %o, %lse = kerf.attention %q, %k, %v scale = 1.0, empty = "nan" score {} mask {}
      : tensor<5x4xf64>, tensor<7x4xf64>, tensor<7x3xf64> -> tensor<5x3xf64>, tensor<5xf64>
  return %o : tensor<5x3xf64>
}

// Only the logarithm is differentiated.
func.func @logarithm(%q: tensor<5x4xf64>, %k: tensor<7x4xf64>, %v: tensor<7x3xf64>) -> tensor<5xf64> {
  %o, %lse = kerf.attention %q, %k, %v scale = 0.7, empty = "nan" score {} mask {}
      : tensor<5x4xf64>, tensor<7x4xf64>, tensor<7x3xf64> -> tensor<5x3xf64>, tensor<5xf64>
  return %lse : tensor<5xf64>
}

// Two queries share a head of keys and values; all heads share those of the second call, in another
// place: axes that are shared come first in a product.
// PLAIN-LABEL: @shared_keys
//       PLAIN: kerf.contract {{.*}}, a_batch = [0, 1], b_batch = [0, 1], a_contract = [4], b_contract = [3] : tensor<2x3x2x5x4xf64>, tensor<2x3x7x4xf64>
//       PLAIN: kerf.contract {{.*}}, a_batch = [1], b_batch = [0], a_contract = [3], b_contract = [2] : tensor<2x3x5x4xf64>, tensor<3x7x4xf64>
//       PLAIN: kerf.transpose {{.*}}, permutation = [1, 0, 2, 3]
func.func @shared_keys(%q: tensor<2x3x2x5x4xf64>, %k: tensor<2x3x1x7x4xf64>, %v: tensor<2x3x1x7x2xf64>,
                       %r: tensor<2x3x5x4xf64>, %l: tensor<1x3x7x4xf64>, %w: tensor<1x1x7x2xf64>)
    -> (tensor<2x3x2x5x2xf64>, tensor<2x3x5x2xf64>) {
  %o, %a = kerf.attention %q, %k, %v scale = 0.5, empty = "nan" score {} mask {}
      : tensor<2x3x2x5x4xf64>, tensor<2x3x1x7x4xf64>, tensor<2x3x1x7x2xf64> -> tensor<2x3x2x5x2xf64>, tensor<2x3x2x5xf64>
  %p, %b = kerf.attention %r, %l, %w scale = 0.5, empty = "nan" score {} mask {}
      : tensor<2x3x5x4xf64>, tensor<1x3x7x4xf64>, tensor<1x1x7x2xf64> -> tensor<2x3x5x2xf64>, tensor<2x3x5xf64>
  return %o, %p : tensor<2x3x2x5x2xf64>, tensor<2x3x5x2xf64>
}

// A learned bias for each distance, a cap of scores, and lengths: no key is seen where one is 0.
// PLAIN-LABEL: @distances
//       PLAIN: %[[ROW:.*]] = kerf.reshape %{{.*}} : tensor<3x11xf64> -> tensor<33xf64>
//       PLAIN: kerf.gather %[[ROW]], %{{.*}} : tensor<33xf64>, tensor<3x5x7xi64> -> tensor<3x5x7xf64>
func.func @distances(%q: tensor<2x3x5x4xf64>, %k: tensor<2x3x7x4xf64>, %v: tensor<2x3x7x2xf64>, %bias: tensor<3x11xf64>,
                     %lengths: tensor<2xi32> {kerf.range = [0, 3]}) -> (tensor<2x3x5x2xf64>) {
  %o, %lse = kerf.attention %q, %k, %v captures(%bias, %lengths : tensor<3x11xf64>, tensor<2xi32>)
      maps [affine_map<(b, h, i, j) -> (h, i - j + 6)>, affine_map<(b, h, i, j) -> (b)>]
      scale = 0.5, empty = "zero" score {
    ^bb0(%s: tensor<f64>, %b: tensor<i32>, %h: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %c: tensor<f64>, %n: tensor<i32>):
      %t = kerf.tanh %s : tensor<f64>
      %y = kerf.add %t, %c : tensor<f64>
      kerf.yield %y : tensor<f64>
  } mask {
    ^bb0(%b: tensor<i32>, %h: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %c: tensor<f64>, %n: tensor<i32>):
      %seen = kerf.compare %j, %n, predicate = "lt" : tensor<i32> -> tensor<i1>
      kerf.yield %seen : tensor<i1>
  } : tensor<2x3x5x4xf64>, tensor<2x3x7x4xf64>, tensor<2x3x7x2xf64> -> tensor<2x3x5x2xf64>, tensor<2x3x5xf64>
  return %o : tensor<2x3x5x2xf64>
}

// Elements of captures in all kinds of places: a part, axes in another order, one index twice,
// quotients and rests; and a float that only the mask reads.
func.func @places(%q: tensor<2x5x4xf64>, %k: tensor<2x7x4xf64>, %v: tensor<2x7x2xf64>, %part: tensor<8x4x6xf64>,
                  %diagonal: tensor<5x5xf64>, %window: tensor<3x3x3xf64>, %one: tensor<f64>) -> (tensor<2x5x2xf64>, tensor<2x5xf64>) {
  %o, %lse = kerf.attention %q, %k, %v
      captures(%part, %diagonal, %window, %one : tensor<8x4x6xf64>, tensor<5x5xf64>, tensor<3x3x3xf64>, tensor<f64>)
      maps [affine_map<(b, i, j) -> (j, 2, i)>, affine_map<(b, i, j) -> (i, i)>,
            affine_map<(b, i, j) -> (j floordiv 3, j mod 3, i ceildiv 2)>, affine_map<(b, i, j) -> ()>]
      scale = 0.5, empty = "nan" score {
    ^bb0(%s: tensor<f64>, %b: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %p: tensor<f64>, %d: tensor<f64>, %w: tensor<f64>, %c: tensor<f64>):
      %x = kerf.mul %s, %d : tensor<f64>
      %y = kerf.mul %w, %p : tensor<f64>
      %t = kerf.add %x, %y : tensor<f64>
      kerf.yield %t : tensor<f64>
  } mask {
    ^bb0(%b: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %p: tensor<f64>, %d: tensor<f64>, %w: tensor<f64>, %c: tensor<f64>):
      %far = arith.constant dense<9.0> : tensor<f64>
      %seen = kerf.compare %c, %far, predicate = "lt" : tensor<f64> -> tensor<i1>
      kerf.yield %seen : tensor<i1>
  } : tensor<2x5x4xf64>, tensor<2x7x4xf64>, tensor<2x7x2xf64> -> tensor<2x5x2xf64>, tensor<2x5xf64>
  return %o, %lse : tensor<2x5x2xf64>, tensor<2x5xf64>
}

// Weights are dropped by the words of one draw.
// CHECK-LABEL: @dropped
//       CHECK: kerf.attention %{{.*}}, %{{.*}}, %{{.*}} drop(%{{.*}}, %{{.*}}, 2.500000e-01) scale
// PLAIN-LABEL: @dropped
//       PLAIN: kerf.uniform %{{.*}}, %{{.*}} : tensor<2x5x7xf32>
//       PLAIN: kerf.compare {{.*}}, predicate = "ge"
func.func @dropped(%q: tensor<2x5x4xf64>, %k: tensor<2x7x4xf64>, %v: tensor<2x7x2xf64>, %key: tensor<2xi32>, %offset: tensor<i64>)
    -> tensor<2x5x2xf64> {
  %o, %lse = kerf.attention %q, %k, %v drop(%key, %offset, 0.25) scale = 0.5, empty = "nan" score {} mask {}
      : tensor<2x5x4xf64>, tensor<2x7x4xf64>, tensor<2x7x2xf64> -> tensor<2x5x2xf64>, tensor<2x5xf64>
  return %o : tensor<2x5x2xf64>
}

// Sums are in f32: 1 + 2^-8, the score, is no bf16.
// NARROW-LABEL: @narrow
//  NARROW-NEXT: tensor<1x1xbf16>: 2
//  NARROW-NEXT: tensor<1xf32>: 3.704866
func.func @narrow() -> (tensor<1x1xbf16>, tensor<1xf32>) {
  %q = arith.constant dense<[[1.0, 0.00390625]]> : tensor<1x2xbf16>
  %k = arith.constant dense<1.0> : tensor<2x2xbf16>
  %v = arith.constant dense<[[1.0], [3.0]]> : tensor<2x1xbf16>
  %o, %lse = kerf.attention %q, %k, %v scale = 3.0, empty = "nan" score {} mask {}
      : tensor<1x2xbf16>, tensor<2x2xbf16>, tensor<2x1xbf16> -> tensor<1x1xbf16>, tensor<1xf32>
  return %o, %lse : tensor<1x1xbf16>, tensor<1xf32>
}

// Row 0 sees key 0, row 1 no key; row 2 has a NaN among its scores, row 3 only -inf. What is not
// seen may be NaN. Without keys, all rows are empty.
// VALUE-LABEL: @edges
//  VALUE-NEXT: tensor<4x1xf32>: 5 0 nan 0
//  VALUE-NEXT: tensor<4xf32>: 1 -inf nan -inf
//  VALUE-NEXT: tensor<4x1xf32>: 5 nan nan nan
//  VALUE-NEXT: tensor<4xf32>: 1 -inf nan -inf
//  VALUE-NEXT: tensor<2x3xf32>: 0 0 0 0 0 0
//  VALUE-NEXT: tensor<2xf32>: -inf -inf
func.func @edges() -> (tensor<4x1xf32>, tensor<4xf32>, tensor<4x1xf32>, tensor<4xf32>, tensor<2x3xf32>, tensor<2xf32>) attributes {kerf.no_gradient} {
  %q = arith.constant dense<[[1.0], [1.0], [0x7FC00000], [0xFF800000]]> : tensor<4x1xf32>
  %k = arith.constant dense<1.0> : tensor<1x1xf32>
  %v = arith.constant dense<5.0> : tensor<1x1xf32>
  %a, %la = kerf.attention %q, %k, %v scale = 1.0, empty = "zero" score {} mask {
    ^bb0(%i: tensor<i32>, %j: tensor<i32>):
      %1 = arith.constant dense<1> : tensor<i32>
      %seen = kerf.compare %i, %1, predicate = "ne" : tensor<i32> -> tensor<i1>
      kerf.yield %seen : tensor<i1>
  } : tensor<4x1xf32>, tensor<1x1xf32>, tensor<1x1xf32> -> tensor<4x1xf32>, tensor<4xf32>
  %b, %lb = kerf.attention %q, %k, %v scale = 1.0, empty = "nan" score {} mask {
    ^bb0(%i: tensor<i32>, %j: tensor<i32>):
      %1 = arith.constant dense<1> : tensor<i32>
      %seen = kerf.compare %i, %1, predicate = "ne" : tensor<i32> -> tensor<i1>
      kerf.yield %seen : tensor<i1>
  } : tensor<4x1xf32>, tensor<1x1xf32>, tensor<1x1xf32> -> tensor<4x1xf32>, tensor<4xf32>
  %p = arith.constant dense<1.0> : tensor<2x4xf32>
  %none = arith.constant dense<> : tensor<0x4xf32>
  %nothing = arith.constant dense<> : tensor<0x3xf32>
  %c, %lc = kerf.attention %p, %none, %nothing scale = 1.0, empty = "zero" score {} mask {}
      : tensor<2x4xf32>, tensor<0x4xf32>, tensor<0x3xf32> -> tensor<2x3xf32>, tensor<2xf32>
  return %a, %la, %b, %lb, %c, %lc : tensor<4x1xf32>, tensor<4xf32>, tensor<4x1xf32>, tensor<4xf32>, tensor<2x3xf32>, tensor<2xf32>
}

// A score that is s, a mask that is true, and captures that no region reads are nothing; the first
// call's third capture stays, for the mask.
// LESS-LABEL: @nothing_said
//  LESS-SAME: (%[[Q:.*]]: tensor<5x4xf64>, %[[K:.*]]: tensor<7x4xf64>, %[[V:.*]]: tensor<7x2xf64>, %{{.*}}: tensor<7xf64>, %[[N:.*]]: tensor<i32> {
//       LESS: kerf.attention %[[Q]], %[[K]], %[[V]] captures(%[[N]] : tensor<i32>) maps [#{{.*}}] scale = 5.000000e-01, empty = "nan" score {
//  LESS-NEXT: } mask {
//  LESS-NEXT: ^bb0(%{{.*}}: tensor<i32>, %[[J:.*]]: tensor<i32>, %[[M:.*]]: tensor<i32>):
//  LESS-NEXT:   kerf.compare %[[J]], %[[M]]
//       LESS: kerf.attention %[[Q]], %[[K]], %[[V]] scale = 5.000000e-01, empty = "nan" score {
//  LESS-NEXT: } mask {
//  LESS-NEXT: }
func.func @nothing_said(%q: tensor<5x4xf64>, %k: tensor<7x4xf64>, %v: tensor<7x2xf64>, %c: tensor<7xf64>, %n: tensor<i32> {kerf.range = [1, 9]})
    -> (tensor<5x2xf64>, tensor<5xf64>) {
  %o, %a = kerf.attention %q, %k, %v captures(%c, %c, %n : tensor<7xf64>, tensor<7xf64>, tensor<i32>)
      maps [affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i)>, affine_map<(i, j) -> ()>] scale = 0.5, empty = "nan" score {
    ^bb0(%s: tensor<f64>, %i: tensor<i32>, %j: tensor<i32>, %d: tensor<f64>, %e: tensor<f64>, %m: tensor<i32>):
      %unused = kerf.add %s, %d : tensor<f64>
      kerf.yield %s : tensor<f64>
  } mask {
    ^bb0(%i: tensor<i32>, %j: tensor<i32>, %d: tensor<f64>, %e: tensor<f64>, %m: tensor<i32>):
      %seen = kerf.compare %j, %m, predicate = "lt" : tensor<i32> -> tensor<i1>
      kerf.yield %seen : tensor<i1>
  } : tensor<5x4xf64>, tensor<7x4xf64>, tensor<7x2xf64> -> tensor<5x2xf64>, tensor<5xf64>
  %p, %b = kerf.attention %q, %k, %v captures(%c : tensor<7xf64>) maps [affine_map<(i, j) -> (j)>] scale = 0.5, empty = "nan" score {
    ^bb0(%s: tensor<f64>, %i: tensor<i32>, %j: tensor<i32>, %d: tensor<f64>):
      %zero = arith.constant dense<0.0> : tensor<f64>
      %one = arith.constant dense<1.0> : tensor<f64>
      %t = kerf.mul %s, %one : tensor<f64>
      kerf.yield %t : tensor<f64>
  } mask {
    ^bb0(%i: tensor<i32>, %j: tensor<i32>, %d: tensor<f64>):
      %all = arith.constant dense<true> : tensor<i1>
      kerf.yield %all : tensor<i1>
  } : tensor<5x4xf64>, tensor<7x4xf64>, tensor<7x2xf64> -> tensor<5x2xf64>, tensor<5xf64>
  return %o, %b : tensor<5x2xf64>, tensor<5xf64>
}

// -----

func.func @types_c1(%q: tensor<2x5x4xf32>, %k: tensor<2x7x4xf64>, %v: tensor<2x7x3xf32>) {
  // expected-error @+1 {{'kerf.attention' op q, k and v must have one element type and one rank, at least 2, got 'tensor<2x5x4xf32>', 'tensor<2x7x4xf64>' and 'tensor<2x7x3xf32>'}}
  %o, %lse = kerf.attention %q, %k, %v scale = 1.0, empty = "nan" score {} mask {}
      : tensor<2x5x4xf32>, tensor<2x7x4xf64>, tensor<2x7x3xf32> -> tensor<2x5x3xf32>, tensor<2x5xf32>
  return
}

// -----

func.func @ranks_c1(%q: tensor<2x5x4xf32>, %k: tensor<2x7x4xf32>, %v: tensor<7x3xf32>) {
  // expected-error @+1 {{'kerf.attention' op q, k and v must have one element type and one rank, at least 2, got 'tensor<2x5x4xf32>', 'tensor<2x7x4xf32>' and 'tensor<7x3xf32>'}}
  %o, %lse = kerf.attention %q, %k, %v scale = 1.0, empty = "nan" score {} mask {}
      : tensor<2x5x4xf32>, tensor<2x7x4xf32>, tensor<7x3xf32> -> tensor<2x5x3xf32>, tensor<2x5xf32>
  return
}

// -----

func.func @no_rows_c1(%q: tensor<4xf32>, %k: tensor<4xf32>, %v: tensor<4xf32>) {
  // expected-error @+1 {{'kerf.attention' op q, k and v must have one element type and one rank, at least 2, got 'tensor<4xf32>', 'tensor<4xf32>' and 'tensor<4xf32>'}}
  %o, %lse = kerf.attention %q, %k, %v scale = 1.0, empty = "nan" score {} mask {}
      : tensor<4xf32>, tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>, tensor<f32>
  return
}

// -----

func.func @features_c2(%q: tensor<2x5x4xf32>, %k: tensor<2x7x6xf32>, %v: tensor<2x7x3xf32>) {
  // expected-error @+1 {{'kerf.attention' op q : 'tensor<2x5x4xf32>' has not the 6 features of k : 'tensor<2x7x6xf32>'}}
  %o, %lse = kerf.attention %q, %k, %v scale = 1.0, empty = "nan" score {} mask {}
      : tensor<2x5x4xf32>, tensor<2x7x6xf32>, tensor<2x7x3xf32> -> tensor<2x5x3xf32>, tensor<2x5xf32>
  return
}

// -----

func.func @keys_c2(%q: tensor<2x5x4xf32>, %k: tensor<2x7x4xf32>, %v: tensor<2x8x3xf32>) {
  // expected-error @+1 {{'kerf.attention' op v : 'tensor<2x8x3xf32>' has not the 7 keys of k : 'tensor<2x7x4xf32>'}}
  %o, %lse = kerf.attention %q, %k, %v scale = 1.0, empty = "nan" score {} mask {}
      : tensor<2x5x4xf32>, tensor<2x7x4xf32>, tensor<2x8x3xf32> -> tensor<2x5x3xf32>, tensor<2x5xf32>
  return
}

// -----

func.func @batch_c2(%q: tensor<2x5x4xf32>, %k: tensor<3x7x4xf32>, %v: tensor<2x7x3xf32>) {
  // expected-error @+1 {{'kerf.attention' op k : 'tensor<3x7x4xf32>' has 3 along axis 0, which is neither 1 nor that of q : 'tensor<2x5x4xf32>'}}
  %o, %lse = kerf.attention %q, %k, %v scale = 1.0, empty = "nan" score {} mask {}
      : tensor<2x5x4xf32>, tensor<3x7x4xf32>, tensor<2x7x3xf32> -> tensor<2x5x3xf32>, tensor<2x5xf32>
  return
}

// -----

func.func @result_c3(%q: tensor<2x5x4xf32>, %k: tensor<2x7x4xf32>, %v: tensor<2x7x3xf32>) {
  // expected-error @+1 {{'kerf.attention' op result 0 is 'tensor<2x5x4xf32>' but should be 'tensor<2x5x3xf32>'}}
  %o, %lse = kerf.attention %q, %k, %v scale = 1.0, empty = "nan" score {} mask {}
      : tensor<2x5x4xf32>, tensor<2x7x4xf32>, tensor<2x7x3xf32> -> tensor<2x5x4xf32>, tensor<2x5xf32>
  return
}

// -----

func.func @logarithm_c3(%q: tensor<2x5x4xf32>, %k: tensor<2x7x4xf32>, %v: tensor<2x7x3xf32>) {
  // expected-error @+1 {{'kerf.attention' op result 1 is 'tensor<2x5x1xf32>' but should be 'tensor<2x5xf32>'}}
  %o, %lse = kerf.attention %q, %k, %v scale = 1.0, empty = "nan" score {} mask {}
      : tensor<2x5x4xf32>, tensor<2x7x4xf32>, tensor<2x7x3xf32> -> tensor<2x5x3xf32>, tensor<2x5x1xf32>
  return
}

// -----

func.func @maps_c4(%q: tensor<2x5x4xf32>, %k: tensor<2x7x4xf32>, %v: tensor<2x7x3xf32>, %c: tensor<7xf32>) {
  // expected-error @+1 {{'kerf.attention' op has 1 captures but 0 maps}}
  %o, %lse = kerf.attention %q, %k, %v captures(%c : tensor<7xf32>) maps [] scale = 1.0, empty = "nan" score {} mask {}
      : tensor<2x5x4xf32>, tensor<2x7x4xf32>, tensor<2x7x3xf32> -> tensor<2x5x3xf32>, tensor<2x5xf32>
  return
}

// -----

func.func @dims_c4(%q: tensor<2x5x4xf32>, %k: tensor<2x7x4xf32>, %v: tensor<2x7x3xf32>, %c: tensor<7xf32>) {
  // expected-error @+1 {{'kerf.attention' op the map of capture 0 is affine_map<(d0, d1) -> (d1)>, not an affine map of the 3 indices of a score with positive divisors}}
  %o, %lse = kerf.attention %q, %k, %v captures(%c : tensor<7xf32>) maps [affine_map<(i, j) -> (j)>] scale = 1.0, empty = "nan" score {} mask {}
      : tensor<2x5x4xf32>, tensor<2x7x4xf32>, tensor<2x7x3xf32> -> tensor<2x5x3xf32>, tensor<2x5xf32>
  return
}

// -----

func.func @symbols_c4(%q: tensor<2x5x4xf32>, %k: tensor<2x7x4xf32>, %v: tensor<2x7x3xf32>, %c: tensor<7xf32>) {
  // expected-error @+1 {{'kerf.attention' op the map of capture 0 is affine_map<(d0, d1, d2)[s0] -> (d2 + s0)>, not an affine map of the 3 indices of a score with positive divisors}}
  %o, %lse = kerf.attention %q, %k, %v captures(%c : tensor<7xf32>) maps [affine_map<(b, i, j)[n] -> (j + n)>] scale = 1.0, empty = "nan" score {} mask {}
      : tensor<2x5x4xf32>, tensor<2x7x4xf32>, tensor<2x7x3xf32> -> tensor<2x5x3xf32>, tensor<2x5xf32>
  return
}

// -----

func.func @divisor_c4(%q: tensor<2x5x4xf32>, %k: tensor<2x7x4xf32>, %v: tensor<2x7x3xf32>, %c: tensor<7xf32>) {
  // expected-error @+1 {{'kerf.attention' op the map of capture 0 is affine_map<(d0, d1, d2) -> (d2 floordiv -2)>, not an affine map of the 3 indices of a score with positive divisors}}
  %o, %lse = kerf.attention %q, %k, %v captures(%c : tensor<7xf32>) maps [affine_map<(b, i, j) -> (j floordiv -2)>] scale = 1.0, empty = "nan" score {} mask {}
      : tensor<2x5x4xf32>, tensor<2x7x4xf32>, tensor<2x7x3xf32> -> tensor<2x5x3xf32>, tensor<2x5xf32>
  return
}

// -----

func.func @axes_c4(%q: tensor<2x5x4xf32>, %k: tensor<2x7x4xf32>, %v: tensor<2x7x3xf32>, %c: tensor<7x1xf32>) {
  // expected-error @+1 {{'kerf.attention' op the map of capture 0 is affine_map<(d0, d1, d2) -> (d2)>, which gives 1 indices for the 2 axes of 'tensor<7x1xf32>'}}
  %o, %lse = kerf.attention %q, %k, %v captures(%c : tensor<7x1xf32>) maps [affine_map<(b, i, j) -> (j)>] scale = 1.0, empty = "nan" score {} mask {}
      : tensor<2x5x4xf32>, tensor<2x7x4xf32>, tensor<2x7x3xf32> -> tensor<2x5x3xf32>, tensor<2x5xf32>
  return
}

// -----

func.func @outside_c4(%q: tensor<2x5x4xf32>, %k: tensor<2x7x4xf32>, %v: tensor<2x7x3xf32>, %c: tensor<11xf32>) {
  // expected-error @+1 {{'kerf.attention' op the map of capture 0 is affine_map<(d0, d1, d2) -> (d1 - d2 + 5)>, whose index 0 is in [-1, 9], outside of 'tensor<11xf32>'}}
  %o, %lse = kerf.attention %q, %k, %v captures(%c : tensor<11xf32>) maps [affine_map<(b, i, j) -> (i - j + 5)>] scale = 1.0, empty = "nan" score {} mask {}
      : tensor<2x5x4xf32>, tensor<2x7x4xf32>, tensor<2x7x3xf32> -> tensor<2x5x3xf32>, tensor<2x5xf32>
  return
}

// -----

func.func @behind_c4(%q: tensor<2x5x4xf32>, %k: tensor<2x7x4xf32>, %v: tensor<2x7x3xf32>, %c: tensor<4x3xf32>) {
  // expected-error @+1 {{'kerf.attention' op the map of capture 0 is affine_map<(d0, d1, d2) -> (d2 floordiv 2, d2 mod 4)>, whose index 1 is in [0, 3], outside of 'tensor<4x3xf32>'}}
  %o, %lse = kerf.attention %q, %k, %v captures(%c : tensor<4x3xf32>) maps [affine_map<(b, i, j) -> (j floordiv 2, j mod 4)>] scale = 1.0, empty = "nan" score {} mask {}
      : tensor<2x5x4xf32>, tensor<2x7x4xf32>, tensor<2x7x3xf32> -> tensor<2x5x3xf32>, tensor<2x5xf32>
  return
}

// -----

func.func @score_arguments_c5(%q: tensor<2x5x4xf32>, %k: tensor<2x7x4xf32>, %v: tensor<2x7x3xf32>) {
  // expected-error @+1 {{'kerf.attention' op has 3 score arguments but should have 4}}
  %o, %lse = kerf.attention %q, %k, %v scale = 1.0, empty = "nan" score {
    ^bb0(%s: tensor<f32>, %i: tensor<i32>, %j: tensor<i32>):
      kerf.yield %s : tensor<f32>
  } mask {}
      : tensor<2x5x4xf32>, tensor<2x7x4xf32>, tensor<2x7x3xf32> -> tensor<2x5x3xf32>, tensor<2x5xf32>
  return
}

// -----

func.func @index_type_c5(%q: tensor<2x5x4xf32>, %k: tensor<2x7x4xf32>, %v: tensor<2x7x3xf32>) {
  // expected-error @+1 {{'kerf.attention' op score argument 1 is 'tensor<i64>' but should be 'tensor<i32>'}}
  %o, %lse = kerf.attention %q, %k, %v scale = 1.0, empty = "nan" score {
    ^bb0(%s: tensor<f32>, %b: tensor<i64>, %i: tensor<i32>, %j: tensor<i32>):
      kerf.yield %s : tensor<f32>
  } mask {}
      : tensor<2x5x4xf32>, tensor<2x7x4xf32>, tensor<2x7x3xf32> -> tensor<2x5x3xf32>, tensor<2x5xf32>
  return
}

// -----

func.func @score_type_c5(%q: tensor<2x5x4xbf16>, %k: tensor<2x7x4xbf16>, %v: tensor<2x7x3xbf16>) {
  // expected-error @+1 {{'kerf.attention' op score argument 0 is 'tensor<bf16>' but should be 'tensor<f32>'}}
  %o, %lse = kerf.attention %q, %k, %v scale = 1.0, empty = "nan" score {
    ^bb0(%s: tensor<bf16>, %b: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>):
      kerf.yield %s : tensor<bf16>
  } mask {}
      : tensor<2x5x4xbf16>, tensor<2x7x4xbf16>, tensor<2x7x3xbf16> -> tensor<2x5x3xbf16>, tensor<2x5xf32>
  return
}

// -----

func.func @mask_yield_c5(%q: tensor<2x5x4xf32>, %k: tensor<2x7x4xf32>, %v: tensor<2x7x3xf32>) {
  // expected-error @+1 {{'kerf.attention' op mask yield 0 is 'tensor<i32>' but should be 'tensor<i1>'}}
  %o, %lse = kerf.attention %q, %k, %v scale = 1.0, empty = "nan" score {} mask {
    ^bb0(%b: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>):
      kerf.yield %j : tensor<i32>
  }
      : tensor<2x5x4xf32>, tensor<2x7x4xf32>, tensor<2x7x3xf32> -> tensor<2x5x3xf32>, tensor<2x5xf32>
  return
}

// -----

func.func @blocks_c5(%q: tensor<2x5x4xf32>, %k: tensor<2x7x4xf32>, %v: tensor<2x7x3xf32>) {
  // expected-error @+1 {{'kerf.attention' op mask must be one block that ends in kerf.yield}}
  %o, %lse = kerf.attention %q, %k, %v scale = 1.0, empty = "nan" score {} mask {
    ^bb0(%b: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>):
      kerf.yield
    ^bb1:
      kerf.yield
  }
      : tensor<2x5x4xf32>, tensor<2x7x4xf32>, tensor<2x7x3xf32> -> tensor<2x5x3xf32>, tensor<2x5xf32>
  return
}

// -----

func.func @ops_c5(%q: tensor<5x4xf32>, %k: tensor<7x4xf32>, %v: tensor<7x3xf32>) {
  // expected-error @+1 {{'kerf.attention' op mask holds 'kerf.iota', but only ops of elements and constants, without axes, may stand in it}}
  %o, %lse = kerf.attention %q, %k, %v scale = 1.0, empty = "nan" score {} mask {
    ^bb0(%i: tensor<i32>, %j: tensor<i32>):
      // expected-note @+1 {{here}}
      %n = kerf.iota : tensor<7xi64>
      %seen = kerf.compare %i, %j, predicate = "ge" : tensor<i32> -> tensor<i1>
      kerf.yield %seen : tensor<i1>
  } : tensor<5x4xf32>, tensor<7x4xf32>, tensor<7x3xf32> -> tensor<5x3xf32>, tensor<5xf32>
  return
}

// -----

func.func @rate_c6(%q: tensor<2x5x4xf32>, %k: tensor<2x7x4xf32>, %v: tensor<2x7x3xf32>, %key: tensor<2xi32>, %offset: tensor<i64>) {
  // expected-error @+1 {{'kerf.attention' op drops at the rate 1.000000e+00, outside of [0, 1)}}
  %o, %lse = kerf.attention %q, %k, %v drop(%key, %offset, 1.0) scale = 1.0, empty = "nan" score {} mask {}
      : tensor<2x5x4xf32>, tensor<2x7x4xf32>, tensor<2x7x3xf32> -> tensor<2x5x3xf32>, tensor<2x5xf32>
  return
}

// -----

func.func @key_c6(%q: tensor<2x5x4xf32>, %k: tensor<2x7x4xf32>, %v: tensor<2x7x3xf32>) {
  // expected-error @+1 {{'kerf.attention' op drops by a key, an offset and a rate, or by none of them}}
  %o, %lse = "kerf.attention"(%q, %k, %v) <{scale = 1.0, rate = 0.5, empty = "nan", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0>}> ({}, {})
      : (tensor<2x5x4xf32>, tensor<2x7x4xf32>, tensor<2x7x3xf32>) -> (tensor<2x5x3xf32>, tensor<2x5xf32>)
  return
}
