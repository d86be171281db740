// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-fuse-attention=explain=1 -canonicalize -mlir-print-local-scope | FileCheck %s

// softmax(score(q k^T)) v, in one op: masks, scores and what they take, wherever it comes from.

// A window of three keys: comparisons of places, in i32, keys on the left.
// CHECK-LABEL: @window
//       CHECK: kerf.attention %arg0, %arg1, %arg2 scale = 1.0
//       CHECK: score {
//       CHECK: } mask {
//       CHECK: %[[I:[a-z0-9]+]]: tensor<i32>, %[[J:[a-z0-9]+]]: tensor<i32>):
//       CHECK: %[[C:[a-z0-9]+]] = kerf.compare %[[J]], %[[I]], predicate = "le" : tensor<i32>
//       CHECK: %[[L:[a-z0-9]+]] = kerf.add %[[I]], %{{.*}} : tensor<i32>
//       CHECK: kerf.compare %[[J]], %[[L]], predicate = "ge" : tensor<i32>
//       CHECK: kerf.bit_and
func.func @window(%q: tensor<2x4x3xf32>, %k: tensor<2x5x3xf32>, %v: tensor<2x5x6xf32>) -> tensor<2x4x6xf32> {
  %i0 = kerf.iota : tensor<4xi64>
  %j0 = kerf.iota : tensor<5xi64>
  %i = kerf.broadcast %i0, dims = [0] : tensor<4xi64> -> tensor<4x5xi64>
  %j = kerf.broadcast %j0, dims = [1] : tensor<5xi64> -> tensor<4x5xi64>
  %d = kerf.sub %i, %j : tensor<4x5xi64>
  %zero = arith.constant dense<0> : tensor<4x5xi64>
  %three = arith.constant dense<3> : tensor<4x5xi64>
  %c1 = kerf.compare %d, %zero, predicate = "ge" : tensor<4x5xi64> -> tensor<4x5xi1>
  %c2 = kerf.compare %three, %d, predicate = "gt" : tensor<4x5xi64> -> tensor<4x5xi1>
  %c0 = kerf.bit_and %c1, %c2 : tensor<4x5xi1>
  %c = kerf.broadcast %c0, dims = [1, 2] : tensor<4x5xi1> -> tensor<2x4x5xi1>
  %none = arith.constant dense<0xFF800000> : tensor<2x4x5xf32>
  %p = kerf.contract %q, %k, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [2] : tensor<2x4x3xf32>, tensor<2x5x3xf32> -> tensor<2x4x5xf32>
  %s = kerf.select %c, %p, %none : tensor<2x4x5xi1>, tensor<2x4x5xf32>
  %l = kerf.log_softmax %s, axis = 2 : tensor<2x4x5xf32>
  %w = kerf.exp %l : tensor<2x4x5xf32>
  // expected-remark @+1 {{attention: fused}}
  %y = kerf.contract %w, %v, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [1] : tensor<2x4x5xf32>, tensor<2x5x6xf32> -> tensor<2x4x6xf32>
  return %y : tensor<2x4x6xf32>
}

// Of the same document: two captures of one tensor.
// CHECK-LABEL: @documents
//       CHECK: captures(%arg2, %arg2 : tensor<2x4xi64>, tensor<2x4xi64>) maps [affine_map<(d0, d1, d2) -> (d0, d1)>, affine_map<(d0, d1, d2) -> (d0, d2)>]
func.func @documents(%q: tensor<2x4x3xf32>, %v: tensor<2x4x6xf32>, %doc: tensor<2x4xi64>) -> tensor<2x4x6xf32> {
  %a = kerf.broadcast %doc, dims = [0, 1] : tensor<2x4xi64> -> tensor<2x4x4xi64>
  %b = kerf.broadcast %doc, dims = [0, 2] : tensor<2x4xi64> -> tensor<2x4x4xi64>
  %c = kerf.compare %a, %b, predicate = "eq" : tensor<2x4x4xi64> -> tensor<2x4x4xi1>
  %p = kerf.contract %q, %q, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [2] : tensor<2x4x3xf32>, tensor<2x4x3xf32> -> tensor<2x4x4xf32>
  %none = arith.constant dense<0xFF800000> : tensor<2x4x4xf32>
  %s = kerf.select %c, %p, %none : tensor<2x4x4xi1>, tensor<2x4x4xf32>
  %l = kerf.log_softmax %s, axis = 2 : tensor<2x4x4xf32>
  %w = kerf.exp %l : tensor<2x4x4xf32>
  // expected-remark @+1 {{attention: fused}}
  %y = kerf.contract %w, %v, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [1] : tensor<2x4x4xf32>, tensor<2x4x6xf32> -> tensor<2x4x6xf32>
  return %y : tensor<2x4x6xf32>
}

// Keys before the length of their batch: the place is compared with what is captured.
// CHECK-LABEL: @lengths
//       CHECK: captures(%arg3 : tensor<2xi64>) maps [affine_map<(d0, d1, d2) -> (d0)>]
//       CHECK: mask {
//       CHECK: kerf.compare
func.func @lengths(%q: tensor<2x4x3xf32>, %k: tensor<2x5x3xf32>, %v: tensor<2x5x6xf32>, %length: tensor<2xi64>) -> tensor<2x4x6xf32> {
  %j0 = kerf.iota : tensor<5xi64>
  %j = kerf.broadcast %j0, dims = [2] : tensor<5xi64> -> tensor<2x4x5xi64>
  %n = kerf.broadcast %length, dims = [0] : tensor<2xi64> -> tensor<2x4x5xi64>
  %c = kerf.compare %j, %n, predicate = "lt" : tensor<2x4x5xi64> -> tensor<2x4x5xi1>
  %none = arith.constant dense<0xFF800000> : tensor<2x4x5xf32>
  %p = kerf.contract %q, %k, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [2] : tensor<2x4x3xf32>, tensor<2x5x3xf32> -> tensor<2x4x5xf32>
  %s = kerf.select %c, %p, %none : tensor<2x4x5xi1>, tensor<2x4x5xf32>
  %l = kerf.log_softmax %s, axis = 2 : tensor<2x4x5xf32>
  %w = kerf.exp %l : tensor<2x4x5xf32>
  // expected-remark @+1 {{attention: fused}}
  %y = kerf.contract %w, %v, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [1] : tensor<2x4x5xf32>, tensor<2x5x6xf32> -> tensor<2x4x6xf32>
  return %y : tensor<2x4x6xf32>
}

// What is true of a key, and not of a query: the truths as they are.
// CHECK-LABEL: @padding
//       CHECK: %[[SEEN:[a-z0-9]+]] = kerf.compare %arg3
//       CHECK: captures(%[[SEEN]] : tensor<2x5xi1>) maps [affine_map<(d0, d1, d2) -> (d0, d2)>]
func.func @padding(%q: tensor<2x4x3xf32>, %k: tensor<2x5x3xf32>, %v: tensor<2x5x6xf32>, %tokens: tensor<2x5xi64>) -> tensor<2x4x6xf32> {
  %zero = arith.constant dense<0> : tensor<2x5xi64>
  %c0 = kerf.compare %tokens, %zero, predicate = "ne" : tensor<2x5xi64> -> tensor<2x5xi1>
  %c = kerf.broadcast %c0, dims = [0, 2] : tensor<2x5xi1> -> tensor<2x4x5xi1>
  %none = arith.constant dense<0xFF800000> : tensor<2x4x5xf32>
  %p = kerf.contract %q, %k, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [2] : tensor<2x4x3xf32>, tensor<2x5x3xf32> -> tensor<2x4x5xf32>
  %s = kerf.select %c, %p, %none : tensor<2x4x5xi1>, tensor<2x4x5xf32>
  %l = kerf.log_softmax %s, axis = 2 : tensor<2x4x5xf32>
  %w = kerf.exp %l : tensor<2x4x5xf32>
  // expected-remark @+1 {{attention: fused}}
  %y = kerf.contract %w, %v, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [1] : tensor<2x4x5xf32>, tensor<2x5x6xf32> -> tensor<2x4x6xf32>
  return %y : tensor<2x4x6xf32>
}

// ALiBi: places become numbers in the score.
// CHECK-LABEL: @slopes
//       CHECK: captures(%arg3 : tensor<2xf32>)
//       CHECK: %[[S:[a-z0-9]+]]: tensor<f32>, %{{.*}}: tensor<i32>, %[[I:[a-z0-9]+]]: tensor<i32>, %[[J:[a-z0-9]+]]: tensor<i32>, %[[M:[a-z0-9]+]]: tensor<f32>):
//       CHECK: %[[D:[a-z0-9]+]] = kerf.sub %[[J]], %[[I]] : tensor<i32>
//       CHECK: %[[X:[a-z0-9]+]] = kerf.cast %[[D]] : tensor<i32> -> tensor<f32>
//       CHECK: %[[T:[a-z0-9]+]] = kerf.mul %[[M]], %[[X]]
//       CHECK: kerf.add %[[S]], %[[T]]
func.func @slopes(%q: tensor<2x4x3xf32>, %k: tensor<2x5x3xf32>, %v: tensor<2x5x6xf32>, %slope: tensor<2xf32>) -> tensor<2x4x6xf32> {
  %i0 = kerf.iota : tensor<4xi64>
  %j0 = kerf.iota : tensor<5xi64>
  %i = kerf.broadcast %i0, dims = [0] : tensor<4xi64> -> tensor<4x5xi64>
  %j = kerf.broadcast %j0, dims = [1] : tensor<5xi64> -> tensor<4x5xi64>
  %d = kerf.sub %j, %i : tensor<4x5xi64>
  %x = kerf.cast %d : tensor<4x5xi64> -> tensor<4x5xf32>
  %xs = kerf.broadcast %x, dims = [1, 2] : tensor<4x5xf32> -> tensor<2x4x5xf32>
  %m = kerf.broadcast %slope, dims = [0] : tensor<2xf32> -> tensor<2x4x5xf32>
  %t = kerf.mul %m, %xs : tensor<2x4x5xf32>
  %p = kerf.contract %q, %k, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [2] : tensor<2x4x3xf32>, tensor<2x5x3xf32> -> tensor<2x4x5xf32>
  %s = kerf.add %t, %p : tensor<2x4x5xf32>
  %l = kerf.log_softmax %s, axis = 2 : tensor<2x4x5xf32>
  %w = kerf.exp %l : tensor<2x4x5xf32>
  // expected-remark @+1 {{attention: fused}}
  %y = kerf.contract %w, %v, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [1] : tensor<2x4x5xf32>, tensor<2x5x6xf32> -> tensor<2x4x6xf32>
  return %y : tensor<2x4x6xf32>
}

// A row of a table for every distance.
// CHECK-LABEL: @relative_positions
//       CHECK: captures(%arg3 : tensor<8x2xf32>) maps [affine_map<(d0, d1, d2) -> (-d2 + d1 + 4, d0)>]
func.func @relative_positions(%q: tensor<2x4x3xf32>, %k: tensor<2x5x3xf32>, %v: tensor<2x5x6xf32>, %table: tensor<8x2xf32>) -> tensor<2x4x6xf32> {
  %i0 = kerf.iota : tensor<4xi64>
  %j0 = kerf.iota : tensor<5xi64>
  %i = kerf.broadcast %i0, dims = [0] : tensor<4xi64> -> tensor<4x5xi64>
  %j = kerf.broadcast %j0, dims = [1] : tensor<5xi64> -> tensor<4x5xi64>
  %d = kerf.sub %i, %j : tensor<4x5xi64>
  %n = arith.constant dense<4> : tensor<4x5xi64>
  %e = kerf.add %d, %n : tensor<4x5xi64>
  %g = kerf.gather %table, %e : tensor<8x2xf32>, tensor<4x5xi64> -> tensor<4x5x2xf32>
  %t = kerf.transpose %g, permutation = [2, 0, 1] : tensor<4x5x2xf32> -> tensor<2x4x5xf32>
  %p = kerf.contract %q, %k, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [2] : tensor<2x4x3xf32>, tensor<2x5x3xf32> -> tensor<2x4x5xf32>
  %s = kerf.add %p, %t : tensor<2x4x5xf32>
  %l = kerf.log_softmax %s, axis = 2 : tensor<2x4x5xf32>
  %w = kerf.exp %l : tensor<2x4x5xf32>
  // expected-remark @+1 {{attention: fused}}
  %y = kerf.contract %w, %v, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [1] : tensor<2x4x5xf32>, tensor<2x5x6xf32> -> tensor<2x4x6xf32>
  return %y : tensor<2x4x6xf32>
}

// Of other rows the array that is gathered.
// CHECK-LABEL: @table_by_an_index
//       CHECK: %[[G:[a-z0-9]+]] = kerf.gather
//       CHECK: captures(%[[G]] : tensor<4x5x2xf32>) maps [affine_map<(d0, d1, d2) -> (d1, d2, d0)>]
func.func @table_by_an_index(%q: tensor<2x4x3xf32>, %k: tensor<2x5x3xf32>, %v: tensor<2x5x6xf32>, %table: tensor<4x2xf32>) -> tensor<2x4x6xf32> {
  %index = arith.constant dense<[[0, 1, 2, 3, 2], [1, 1, 0, 3, 2], [2, 1, 2, 0, 2], [0, 3, 2, 3, 2]]> : tensor<4x5xi64>
  %g = kerf.gather %table, %index : tensor<4x2xf32>, tensor<4x5xi64> -> tensor<4x5x2xf32>
  %t = kerf.transpose %g, permutation = [2, 0, 1] : tensor<4x5x2xf32> -> tensor<2x4x5xf32>
  %p = kerf.contract %q, %k, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [2] : tensor<2x4x3xf32>, tensor<2x5x3xf32> -> tensor<2x4x5xf32>
  %s = kerf.add %p, %t : tensor<2x4x5xf32>
  %l = kerf.log_softmax %s, axis = 2 : tensor<2x4x5xf32>
  %w = kerf.exp %l : tensor<2x4x5xf32>
  // expected-remark @+1 {{attention: fused}}
  %y = kerf.contract %w, %v, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [1] : tensor<2x4x5xf32>, tensor<2x5x6xf32> -> tensor<2x4x6xf32>
  return %y : tensor<2x4x6xf32>
}

// A function of the score, with the factor of queries as the scale.
// CHECK-LABEL: @softcap
//       CHECK: kerf.attention %arg0, %arg1, %arg2 scale = 0.0041
//       CHECK: score {
//       CHECK: %[[S:[a-z0-9]+]]: tensor<f32>
//       CHECK: %[[T:[a-z0-9]+]] = kerf.tanh %[[S]]
//       CHECK: kerf.mul %[[T]]
func.func @softcap(%q: tensor<2x4x3xf32>, %k: tensor<2x5x3xf32>, %v: tensor<2x5x6xf32>) -> tensor<2x4x6xf32> {
  %eighth = arith.constant dense<0.125> : tensor<2x4x3xf32>
  %q8 = kerf.mul %q, %eighth : tensor<2x4x3xf32>
  %p = kerf.contract %q8, %k, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [2] : tensor<2x4x3xf32>, tensor<2x5x3xf32> -> tensor<2x4x5xf32>
  %cap = arith.constant dense<30.0> : tensor<2x4x5xf32>
  %a = kerf.div %p, %cap : tensor<2x4x5xf32>
  %t = kerf.tanh %a : tensor<2x4x5xf32>
  %s = kerf.mul %t, %cap : tensor<2x4x5xf32>
  %l = kerf.log_softmax %s, axis = 2 : tensor<2x4x5xf32>
  %w = kerf.exp %l : tensor<2x4x5xf32>
  // expected-remark @+1 {{attention: fused}}
  %y = kerf.contract %w, %v, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [1] : tensor<2x4x5xf32>, tensor<2x5x6xf32> -> tensor<2x4x6xf32>
  return %y : tensor<2x4x6xf32>
}

// A factor that stands on the product once more is a factor of the score.
// CHECK-LABEL: @two_factors
//       CHECK: scale = 5.0
//       CHECK: %[[S:[a-z0-9]+]]: tensor<f32>
//       CHECK: %[[T:[a-z0-9]+]] = kerf.mul %[[S]]
//       CHECK: %[[U:[a-z0-9]+]] = kerf.tanh %[[T]]
//       CHECK: kerf.add %[[S]], %[[U]]
func.func @two_factors(%q: tensor<2x4x3xf32>, %k: tensor<2x5x3xf32>, %v: tensor<2x5x6xf32>) -> tensor<2x4x6xf32> {
  %half = arith.constant dense<0.5> : tensor<2x4x5xf32>
  %p = kerf.contract %q, %k, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [2] : tensor<2x4x3xf32>, tensor<2x5x3xf32> -> tensor<2x4x5xf32>
  %a = kerf.mul %p, %half : tensor<2x4x5xf32>
  %t = kerf.tanh %p : tensor<2x4x5xf32>
  %s = kerf.add %a, %t : tensor<2x4x5xf32>
  %l = kerf.log_softmax %s, axis = 2 : tensor<2x4x5xf32>
  %w = kerf.exp %l : tensor<2x4x5xf32>
  // expected-remark @+1 {{attention: fused}}
  %y = kerf.contract %w, %v, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [1] : tensor<2x4x5xf32>, tensor<2x5x6xf32> -> tensor<2x4x6xf32>
  return %y : tensor<2x4x6xf32>
}

// Two heads of queries beside one of keys: an axis that the keys do not have.
// CHECK-LABEL: @queries_in_groups
//       CHECK: : tensor<2x3x4x6xf32>, tensor<2x1x5x6xf32>, tensor<2x1x5x6xf32> -> tensor<2x3x4x6xf32>
func.func @queries_in_groups(%q: tensor<2x3x4x6xf32>, %k: tensor<2x5x6xf32>, %v: tensor<2x5x6xf32>) -> tensor<2x3x4x6xf32> {
  %p = kerf.contract %q, %k, a_batch = [0], b_batch = [0], a_contract = [3], b_contract = [2] : tensor<2x3x4x6xf32>, tensor<2x5x6xf32> -> tensor<2x3x4x5xf32>
  %l = kerf.log_softmax %p, axis = 3 : tensor<2x3x4x5xf32>
  %w = kerf.exp %l : tensor<2x3x4x5xf32>
  // expected-remark @+1 {{attention: fused}}
  %y = kerf.contract %w, %v, a_batch = [0], b_batch = [0], a_contract = [3], b_contract = [1] : tensor<2x3x4x5xf32>, tensor<2x5x6xf32> -> tensor<2x3x4x6xf32>
  return %y : tensor<2x3x4x6xf32>
}

// The same, of keys that are repeated for every head of queries.
// CHECK-LABEL: @keys_repeated
//       CHECK: : tensor<2x3x4x6xf32>, tensor<2x1x5x6xf32>, tensor<2x1x5x6xf32> -> tensor<2x3x4x6xf32>
func.func @keys_repeated(%q: tensor<6x4x6xf32>, %k: tensor<2x5x6xf32>, %v: tensor<2x5x6xf32>) -> tensor<6x4x6xf32> {
  %ka = kerf.reshape %k : tensor<2x5x6xf32> -> tensor<2x1x5x6xf32>
  %kb = kerf.broadcast %ka, dims = [0, 1, 2, 3] : tensor<2x1x5x6xf32> -> tensor<2x3x5x6xf32>
  %kc = kerf.reshape %kb : tensor<2x3x5x6xf32> -> tensor<6x5x6xf32>
  %va = kerf.reshape %v : tensor<2x5x6xf32> -> tensor<2x1x5x6xf32>
  %vb = kerf.broadcast %va, dims = [0, 1, 2, 3] : tensor<2x1x5x6xf32> -> tensor<2x3x5x6xf32>
  %vc = kerf.reshape %vb : tensor<2x3x5x6xf32> -> tensor<6x5x6xf32>
  %p = kerf.contract %q, %kc, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [2] : tensor<6x4x6xf32>, tensor<6x5x6xf32> -> tensor<6x4x5xf32>
  %l = kerf.log_softmax %p, axis = 2 : tensor<6x4x5xf32>
  %w = kerf.exp %l : tensor<6x4x5xf32>
  // expected-remark @+1 {{attention: fused}}
  %y = kerf.contract %w, %vc, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [1] : tensor<6x4x5xf32>, tensor<6x5x6xf32> -> tensor<6x4x6xf32>
  return %y : tensor<6x4x6xf32>
}

// A query without an axis.
// CHECK-LABEL: @one_query
//       CHECK: : tensor<2x1x3xf32>, tensor<2x5x3xf32>, tensor<2x5x6xf32> -> tensor<2x1x6xf32>
func.func @one_query(%q: tensor<2x3xf32>, %k: tensor<2x5x3xf32>, %v: tensor<2x5x6xf32>) -> tensor<2x6xf32> {
  %p = kerf.contract %q, %k, a_batch = [0], b_batch = [0], a_contract = [1], b_contract = [2] : tensor<2x3xf32>, tensor<2x5x3xf32> -> tensor<2x5xf32>
  %l = kerf.log_softmax %p, axis = 1 : tensor<2x5xf32>
  %w = kerf.exp %l : tensor<2x5xf32>
  // expected-remark @+1 {{attention: fused}}
  %y = kerf.contract %w, %v, a_batch = [0], b_batch = [0], a_contract = [1], b_contract = [1] : tensor<2x5xf32>, tensor<2x5x6xf32> -> tensor<2x6xf32>
  return %y : tensor<2x6xf32>
}

// Where maximum and sum are kept from -inf and 0 a row without keys gives 0.
// CHECK-LABEL: @rows_without_keys
//       CHECK: empty = "zero"
func.func @rows_without_keys(%q: tensor<2x4x3xf32>, %k: tensor<2x5x3xf32>, %v: tensor<2x5x6xf32>, %seen: tensor<2x4x5xi1>) -> tensor<2x4x6xf32> {
  %none = arith.constant dense<0xFF800000> : tensor<2x4x5xf32>
  %p = kerf.contract %q, %k, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [2] : tensor<2x4x3xf32>, tensor<2x5x3xf32> -> tensor<2x4x5xf32>
  %s = kerf.select %seen, %p, %none : tensor<2x4x5xi1>, tensor<2x4x5xf32>
  %m0 = kerf.max %s, axes = [2] : tensor<2x4x5xf32> -> tensor<2x4xf32>
  %low = arith.constant dense<-3.40282347E+38> : tensor<2x4xf32>
  %m1 = kerf.maximum %m0, %low : tensor<2x4xf32>
  %m2 = kerf.stop_gradient %m1 : tensor<2x4xf32>
  %m = kerf.broadcast %m2, dims = [0, 1] : tensor<2x4xf32> -> tensor<2x4x5xf32>
  %d = kerf.sub %s, %m : tensor<2x4x5xf32>
  %e = kerf.exp %d : tensor<2x4x5xf32>
  %n = kerf.sum %e, axes = [2] : tensor<2x4x5xf32> -> tensor<2x4xf32>
  %zero = arith.constant dense<0.0> : tensor<2x4xf32>
  %one = arith.constant dense<1.0> : tensor<2x4xf32>
  %is = kerf.compare %n, %zero, predicate = "eq" : tensor<2x4xf32> -> tensor<2x4xi1>
  %n1 = kerf.select %is, %one, %n : tensor<2x4xi1>, tensor<2x4xf32>
  %nb = kerf.broadcast %n1, dims = [0, 1] : tensor<2x4xf32> -> tensor<2x4x5xf32>
  %w = kerf.div %e, %nb : tensor<2x4x5xf32>
  // expected-remark @+1 {{attention: fused}}
  %y = kerf.contract %w, %v, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [1] : tensor<2x4x5xf32>, tensor<2x5x6xf32> -> tensor<2x4x6xf32>
  return %y : tensor<2x4x6xf32>
}

// The logarithm of the sums is a result of the op.
// CHECK-LABEL: @sum_read_too
//       CHECK: %[[O:.+]], %[[LSE:.+]] = kerf.attention
//       CHECK: return %[[O]], %[[LSE]]
func.func @sum_read_too(%q: tensor<2x4x3xf32>, %k: tensor<2x5x3xf32>, %v: tensor<2x5x6xf32>, %seen: tensor<2x4x5xi1>) -> (tensor<2x4x6xf32>, tensor<2x4xf32>) {
  %none = arith.constant dense<0xFF800000> : tensor<2x4x5xf32>
  %p = kerf.contract %q, %k, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [2] : tensor<2x4x3xf32>, tensor<2x5x3xf32> -> tensor<2x4x5xf32>
  %s = kerf.select %seen, %p, %none : tensor<2x4x5xi1>, tensor<2x4x5xf32>
  %m0 = kerf.max %s, axes = [2] : tensor<2x4x5xf32> -> tensor<2x4xf32>
  %low = arith.constant dense<-3.40282347E+38> : tensor<2x4xf32>
  %m1 = kerf.maximum %m0, %low : tensor<2x4xf32>
  %m2 = kerf.stop_gradient %m1 : tensor<2x4xf32>
  %m = kerf.broadcast %m2, dims = [0, 1] : tensor<2x4xf32> -> tensor<2x4x5xf32>
  %d = kerf.sub %s, %m : tensor<2x4x5xf32>
  %e = kerf.exp %d : tensor<2x4x5xf32>
  %n = kerf.sum %e, axes = [2] : tensor<2x4x5xf32> -> tensor<2x4xf32>
  %zero = arith.constant dense<0.0> : tensor<2x4xf32>
  %one = arith.constant dense<1.0> : tensor<2x4xf32>
  %is = kerf.compare %n, %zero, predicate = "eq" : tensor<2x4xf32> -> tensor<2x4xi1>
  %n1 = kerf.select %is, %one, %n : tensor<2x4xi1>, tensor<2x4xf32>
  %nb = kerf.broadcast %n1, dims = [0, 1] : tensor<2x4xf32> -> tensor<2x4x5xf32>
  %w = kerf.div %e, %nb : tensor<2x4x5xf32>
  // expected-remark @+1 {{attention: fused}}
  %y = kerf.contract %w, %v, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [1] : tensor<2x4x5xf32>, tensor<2x5x6xf32> -> tensor<2x4x6xf32>
  %log = kerf.log %n1 : tensor<2x4xf32>
  %lse0 = kerf.add %log, %m2 : tensor<2x4xf32>
  %minus = arith.constant dense<0xFF800000> : tensor<2x4xf32>
  %lse = kerf.select %is, %minus, %lse0 : tensor<2x4xi1>, tensor<2x4xf32>
  return %y, %lse : tensor<2x4x6xf32>, tensor<2x4xf32>
}

// Weights that are dropped.
// CHECK-LABEL: @dropout
//       CHECK: drop(%arg3, %{{.*}}, 2.500000e-01)
//       CHECK: return
func.func @dropout(%q: tensor<2x4x3xf32>, %k: tensor<2x5x3xf32>, %v: tensor<2x5x6xf32>, %key: tensor<2xi32>) -> tensor<2x4x6xf32> {
  %off = arith.constant dense<7> : tensor<i64>
  %u = kerf.uniform %key, %off : tensor<2x4x5xf32>
  %p = kerf.contract %q, %k, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [2] : tensor<2x4x3xf32>, tensor<2x5x3xf32> -> tensor<2x4x5xf32>
  %l = kerf.log_softmax %p, axis = 2 : tensor<2x4x5xf32>
  %w = kerf.exp %l : tensor<2x4x5xf32>
  %rate = arith.constant dense<0.25> : tensor<2x4x5xf32>
  %keep = kerf.compare %u, %rate, predicate = "ge" : tensor<2x4x5xf32> -> tensor<2x4x5xi1>
  %c = arith.constant dense<1.33333337> : tensor<2x4x5xf32>
  %big = kerf.mul %w, %c : tensor<2x4x5xf32>
  %zero = arith.constant dense<0.0> : tensor<2x4x5xf32>
  %d = kerf.select %keep, %big, %zero : tensor<2x4x5xi1>, tensor<2x4x5xf32>
  // expected-remark @+1 {{attention: fused}}
  %y = kerf.contract %d, %v, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [1] : tensor<2x4x5xf32>, tensor<2x5x6xf32> -> tensor<2x4x6xf32>
  return %y : tensor<2x4x6xf32>
}

// Weights that leave are made beside the op.
// CHECK-LABEL: @weights_returned
//       CHECK: kerf.exp
//       CHECK: kerf.attention
//       CHECK: return
func.func @weights_returned(%q: tensor<2x4x3xf32>, %k: tensor<2x5x3xf32>, %v: tensor<2x5x6xf32>) -> (tensor<2x4x6xf32>, tensor<2x4x5xf32>) {
  %p = kerf.contract %q, %k, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [2] : tensor<2x4x3xf32>, tensor<2x5x3xf32> -> tensor<2x4x5xf32>
  %l = kerf.log_softmax %p, axis = 2 : tensor<2x4x5xf32>
  %w = kerf.exp %l : tensor<2x4x5xf32>
  // expected-remark @+1 {{attention: fused}}
  %y = kerf.contract %w, %v, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [1] : tensor<2x4x5xf32>, tensor<2x5x6xf32> -> tensor<2x4x6xf32>
  return %y, %w : tensor<2x4x6xf32>, tensor<2x4x5xf32>
}

// -inf that is added by a choice is the mask; what is added else the score.
// CHECK-LABEL: @bias_and_mask
//       CHECK: captures(
//       CHECK: score {
//       CHECK: %[[S:[a-z0-9]+]]: tensor<f32>
//       CHECK: kerf.add %[[S]]
//       CHECK: } mask {
//       CHECK: kerf.yield %{{.*}} : tensor<i1>
func.func @bias_and_mask(%q: tensor<2x4x3xf32>, %k: tensor<2x5x3xf32>, %v: tensor<2x5x6xf32>, %seen: tensor<2x4x5xi1>, %bias: tensor<4x5xf32>) -> tensor<2x4x6xf32> {
  %zero = arith.constant dense<0.0> : tensor<2x4x5xf32>
  %none = arith.constant dense<0xFF800000> : tensor<2x4x5xf32>
  %b = kerf.select %seen, %zero, %none : tensor<2x4x5xi1>, tensor<2x4x5xf32>
  %p = kerf.contract %q, %k, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [2] : tensor<2x4x3xf32>, tensor<2x5x3xf32> -> tensor<2x4x5xf32>
  %t = kerf.add %p, %b : tensor<2x4x5xf32>
  %xb = kerf.broadcast %bias, dims = [1, 2] : tensor<4x5xf32> -> tensor<2x4x5xf32>
  %s = kerf.add %t, %xb : tensor<2x4x5xf32>
  %l = kerf.log_softmax %s, axis = 2 : tensor<2x4x5xf32>
  %w = kerf.exp %l : tensor<2x4x5xf32>
  // expected-remark @+1 {{attention: fused}}
  %y = kerf.contract %w, %v, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [1] : tensor<2x4x5xf32>, tensor<2x5x6xf32> -> tensor<2x4x6xf32>
  return %y : tensor<2x4x6xf32>
}

// Of bf16 the op takes bf16; its sums are in f32.
// CHECK-LABEL: @narrow
//       CHECK: : tensor<2x4x3xbf16>, tensor<2x5x3xbf16>, tensor<2x5x6xbf16> -> tensor<2x4x6xbf16>, tensor<2x4xf32>
func.func @narrow(%q: tensor<2x4x3xbf16>, %k: tensor<2x5x3xbf16>, %v: tensor<2x5x6xbf16>) -> tensor<2x4x6xbf16> {
  %p = kerf.contract %q, %k, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [2] : tensor<2x4x3xbf16>, tensor<2x5x3xbf16> -> tensor<2x4x5xbf16>
  %s = kerf.cast %p : tensor<2x4x5xbf16> -> tensor<2x4x5xf32>
  %l = kerf.log_softmax %s, axis = 2 : tensor<2x4x5xf32>
  %w = kerf.exp %l : tensor<2x4x5xf32>
  %wb = kerf.cast %w : tensor<2x4x5xf32> -> tensor<2x4x5xbf16>
  // expected-remark @+1 {{attention: fused}}
  %y = kerf.contract %wb, %v, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [1] : tensor<2x4x5xbf16>, tensor<2x5x6xbf16> -> tensor<2x4x6xbf16>
  return %y : tensor<2x4x6xbf16>
}

// Truths of places that are always so are none.
// CHECK-LABEL: @key_bias_by_places
//       CHECK: score {
//       CHECK: } mask {
//       CHECK: } : tensor
func.func @key_bias_by_places(%q: tensor<2x4x3xf32>, %k: tensor<2x5x3xf32>, %v: tensor<2x5x6xf32>) -> tensor<2x4x6xf32> {
  %i0 = kerf.iota : tensor<4xi64>
  %j0 = kerf.iota : tensor<5xi64>
  %i = kerf.broadcast %i0, dims = [0] : tensor<4xi64> -> tensor<4x5xi64>
  %j = kerf.broadcast %j0, dims = [1] : tensor<5xi64> -> tensor<4x5xi64>
  %ten = arith.constant dense<10> : tensor<4x5xi64>
  %c0 = kerf.compare %j, %ten, predicate = "lt" : tensor<4x5xi64> -> tensor<4x5xi1>
  %c = kerf.broadcast %c0, dims = [1, 2] : tensor<4x5xi1> -> tensor<2x4x5xi1>
  %none = arith.constant dense<0xFF800000> : tensor<2x4x5xf32>
  %p = kerf.contract %q, %k, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [2] : tensor<2x4x3xf32>, tensor<2x5x3xf32> -> tensor<2x4x5xf32>
  %s = kerf.select %c, %p, %none : tensor<2x4x5xi1>, tensor<2x4x5xf32>
  %l = kerf.log_softmax %s, axis = 2 : tensor<2x4x5xf32>
  %w = kerf.exp %l : tensor<2x4x5xf32>
  // expected-remark @+1 {{attention: fused}}
  %y = kerf.contract %w, %v, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [1] : tensor<2x4x5xf32>, tensor<2x5x6xf32> -> tensor<2x4x6xf32>
  return %y : tensor<2x4x6xf32>
}
