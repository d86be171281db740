// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-fuse-attention=explain=1 | FileCheck %s

// What is no attention, and why: near misses, each with the line that is in the way and what would help.

// The scores add two products of queries with keys.
// CHECK-LABEL: @scores_of_two_contractions
//   CHECK-NOT: kerf.attention
func.func @scores_of_two_contractions(%q: tensor<4x3xf32>, %k: tensor<5x3xf32>, %v: tensor<5x2xf32>, %p: tensor<4x2xf32>, %r: tensor<5x2xf32>) -> tensor<4x2xf32> {
  %s = kerf.contract %q, %k, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<4x3xf32>, tensor<5x3xf32> -> tensor<4x5xf32>
  // expected-note @+1 {{put their features side by side, so that one contraction sums them all}}
  %s2 = kerf.contract %p, %r, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<4x2xf32>, tensor<5x2xf32> -> tensor<4x5xf32>
  %t = kerf.add %s, %s2 : tensor<4x5xf32>
  %l = kerf.log_softmax %t, axis = 1 : tensor<4x5xf32>
  %w = kerf.exp %l : tensor<4x5xf32>
  // expected-remark @+1 {{attention: not fused: the scores add two contractions}}
  %y = kerf.contract %w, %v, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<4x5xf32>, tensor<5x2xf32> -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

// A score is made of those of all keys before it.
// CHECK-LABEL: @sum_over_keys_before
//   CHECK-NOT: kerf.attention
func.func @sum_over_keys_before(%q: tensor<4x3xf32>, %k: tensor<5x3xf32>, %v: tensor<5x2xf32>) -> tensor<4x2xf32> {
  %s = kerf.contract %q, %k, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<4x3xf32>, tensor<5x3xf32> -> tensor<4x5xf32>
  %t = kerf.cumsum %s, axis = 1 : tensor<4x5xf32>
  %l = kerf.log_softmax %t, axis = 1 : tensor<4x5xf32>
  %w = kerf.exp %l : tensor<4x5xf32>
  // expected-remark @+2 {{attention: not fused: no contraction of queries with keys is among the scores}}
  // expected-note @+1 {{let element by element lead from it to the softmax: no sort, sum or concatenation}}
  %y = kerf.contract %w, %v, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<4x5xf32>, tensor<5x2xf32> -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

// So is one that is divided by the spread of its row.
// CHECK-LABEL: @standardised_scores
//   CHECK-NOT: kerf.attention
func.func @standardised_scores(%q: tensor<4x3xf32>, %k: tensor<5x3xf32>, %v: tensor<5x2xf32>) -> tensor<4x2xf32> {
  %s = kerf.contract %q, %k, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<4x3xf32>, tensor<5x3xf32> -> tensor<4x5xf32>
  %a = kerf.abs %s : tensor<4x5xf32>
  // expected-note @+1 {{make a score from its own query and key alone}}
  %m = kerf.sum %a, axes = [1] : tensor<4x5xf32> -> tensor<4xf32>
  %b = kerf.broadcast %m, dims = [0] : tensor<4xf32> -> tensor<4x5xf32>
  %t = kerf.div %s, %b : tensor<4x5xf32>
  %l = kerf.log_softmax %t, axis = 1 : tensor<4x5xf32>
  %w = kerf.exp %l : tensor<4x5xf32>
  // expected-remark @+1 {{attention: not fused: between the contraction and the softmax stands kerf.sum, which needs more than one score}}
  %y = kerf.contract %w, %v, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<4x5xf32>, tensor<5x2xf32> -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

// The shares of queries in a key are summed over keys.
// CHECK-LABEL: @softmax_over_queries
//   CHECK-NOT: kerf.attention
func.func @softmax_over_queries(%q: tensor<4x3xf32>, %k: tensor<5x3xf32>, %v: tensor<5x2xf32>) -> tensor<4x2xf32> {
  %s = kerf.contract %q, %k, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<4x3xf32>, tensor<5x3xf32> -> tensor<4x5xf32>
  // expected-note @+1 {{take the softmax along the keys, the axis that the contraction sums}}
  %l = kerf.log_softmax %s, axis = 0 : tensor<4x5xf32>
  %w = kerf.exp %l : tensor<4x5xf32>
  // expected-remark @+1 {{attention: not fused: the softmax is along another axis than the one that the values are summed over}}
  %y = kerf.contract %w, %v, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<4x5xf32>, tensor<5x2xf32> -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

// The same, written out.
// CHECK-LABEL: @sums_over_queries
//   CHECK-NOT: kerf.attention
func.func @sums_over_queries(%q: tensor<4x3xf32>, %k: tensor<5x3xf32>, %v: tensor<5x2xf32>) -> tensor<4x2xf32> {
  %s = kerf.contract %q, %k, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<4x3xf32>, tensor<5x3xf32> -> tensor<4x5xf32>
  %e = kerf.exp %s : tensor<4x5xf32>
  // expected-note @+1 {{take the softmax along the keys, the axis that the contraction sums}}
  %n = kerf.sum %e, axes = [0] : tensor<4x5xf32> -> tensor<5xf32>
  %b = kerf.broadcast %n, dims = [1] : tensor<5xf32> -> tensor<4x5xf32>
  %w = kerf.div %e, %b : tensor<4x5xf32>
  // expected-remark @+1 {{attention: not fused: the softmax is along another axis than the one that the values are summed over}}
  %y = kerf.contract %w, %v, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<4x5xf32>, tensor<5x2xf32> -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

// One sum for all queries.
// CHECK-LABEL: @sum_over_all
//   CHECK-NOT: kerf.attention
func.func @sum_over_all(%q: tensor<4x3xf32>, %k: tensor<5x3xf32>, %v: tensor<5x2xf32>) -> tensor<4x2xf32> {
  %s = kerf.contract %q, %k, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<4x3xf32>, tensor<5x3xf32> -> tensor<4x5xf32>
  %e = kerf.exp %s : tensor<4x5xf32>
  // expected-note @+1 {{take the softmax along the keys, the axis that the contraction sums}}
  %n = kerf.sum %e, axes = [0, 1] : tensor<4x5xf32> -> tensor<f32>
  %b = kerf.broadcast %n, dims = [] : tensor<f32> -> tensor<4x5xf32>
  %w = kerf.div %e, %b : tensor<4x5xf32>
  // expected-remark @+1 {{attention: not fused: the softmax is along another axis than the one that the values are summed over}}
  %y = kerf.contract %w, %v, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<4x5xf32>, tensor<5x2xf32> -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

// What is added to the sum changes every weight.
// CHECK-LABEL: @epsilon_in_the_sum
//   CHECK-NOT: kerf.attention
func.func @epsilon_in_the_sum(%q: tensor<4x3xf32>, %k: tensor<5x3xf32>, %v: tensor<5x2xf32>) -> tensor<4x2xf32> {
  %s = kerf.contract %q, %k, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<4x3xf32>, tensor<5x3xf32> -> tensor<4x5xf32>
  %e = kerf.exp %s : tensor<4x5xf32>
  %n = kerf.sum %e, axes = [1] : tensor<4x5xf32> -> tensor<4xf32>
  %eps = arith.constant dense<1.0e-6> : tensor<4xf32>
  // expected-note @+1 {{divide by the sum of the exponentials over the keys alone; a sink is a key more, whose value is 0}}
  %g = kerf.add %n, %eps : tensor<4xf32>
  %b = kerf.broadcast %g, dims = [0] : tensor<4xf32> -> tensor<4x5xf32>
  %w = kerf.div %e, %b : tensor<4x5xf32>
  // expected-remark @+1 {{attention: not fused: the weights are divided by what is not their sum}}
  %y = kerf.contract %w, %v, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<4x5xf32>, tensor<5x2xf32> -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

// Without the maximum a sum may be as small as the number that keeps it from 0.
// CHECK-LABEL: @least_sum_without_maximum
//   CHECK-NOT: kerf.attention
func.func @least_sum_without_maximum(%q: tensor<4x3xf32>, %k: tensor<5x3xf32>, %v: tensor<5x2xf32>) -> tensor<4x2xf32> {
  %s = kerf.contract %q, %k, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<4x3xf32>, tensor<5x3xf32> -> tensor<4x5xf32>
  %e = kerf.exp %s : tensor<4x5xf32>
  %n = kerf.sum %e, axes = [1] : tensor<4x5xf32> -> tensor<4xf32>
  %eps = arith.constant dense<1.0e-6> : tensor<4xf32>
  // expected-note @+1 {{subtract the maximum of the scores; a sum is at least 1 then}}
  %g = kerf.maximum %n, %eps : tensor<4xf32>
  %b = kerf.broadcast %g, dims = [0] : tensor<4xf32> -> tensor<4x5xf32>
  %w = kerf.div %e, %b : tensor<4x5xf32>
  // expected-remark @+1 {{attention: not fused: the sums of the weights are kept above a number that they reach}}
  %y = kerf.contract %w, %v, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<4x5xf32>, tensor<5x2xf32> -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

// Keys are left out of the exponentials, not of the scores.
// CHECK-LABEL: @mask_times_exponentials
//   CHECK-NOT: kerf.attention
func.func @mask_times_exponentials(%q: tensor<4x3xf32>, %k: tensor<5x3xf32>, %v: tensor<5x2xf32>, %seen: tensor<4x5xf32>) -> tensor<4x2xf32> {
  %s = kerf.contract %q, %k, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<4x3xf32>, tensor<5x3xf32> -> tensor<4x5xf32>
  %e0 = kerf.exp %s : tensor<4x5xf32>
  // expected-note @+1 {{divide exp(scores) by its sum over the keys; a key is left out by a score of -inf}}
  %e = kerf.mul %e0, %seen : tensor<4x5xf32>
  %n = kerf.sum %e, axes = [1] : tensor<4x5xf32> -> tensor<4xf32>
  %b = kerf.broadcast %n, dims = [0] : tensor<4xf32> -> tensor<4x5xf32>
  %w = kerf.div %e, %b : tensor<4x5xf32>
  // expected-remark @+1 {{attention: not fused: what is divided is no exponential}}
  %y = kerf.contract %w, %v, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<4x5xf32>, tensor<5x2xf32> -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

// The weights are multiplied with gates.
// CHECK-LABEL: @gated_weights
//   CHECK-NOT: kerf.attention
func.func @gated_weights(%q: tensor<4x3xf32>, %k: tensor<5x3xf32>, %v: tensor<5x2xf32>, %gates: tensor<4x5xf32>) -> tensor<4x2xf32> {
  %s = kerf.contract %q, %k, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<4x3xf32>, tensor<5x3xf32> -> tensor<4x5xf32>
  %l = kerf.log_softmax %s, axis = 1 : tensor<4x5xf32>
  // expected-note @+1 {{multiply the scores before the softmax, or the values}}
  %w = kerf.exp %l : tensor<4x5xf32>
  %g = kerf.mul %w, %gates : tensor<4x5xf32>
  // expected-remark @+1 {{attention: not fused: the weights are multiplied with what is no reciprocal of their sums}}
  %y = kerf.contract %g, %v, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<4x5xf32>, tensor<5x2xf32> -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

// Or sharpened.
// CHECK-LABEL: @function_of_weights
//   CHECK-NOT: kerf.attention
func.func @function_of_weights(%q: tensor<4x3xf32>, %k: tensor<5x3xf32>, %v: tensor<5x2xf32>) -> tensor<4x2xf32> {
  %s = kerf.contract %q, %k, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<4x3xf32>, tensor<5x3xf32> -> tensor<4x5xf32>
  %l = kerf.log_softmax %s, axis = 1 : tensor<4x5xf32>
  %w = kerf.exp %l : tensor<4x5xf32>
  // expected-note @+1 {{apply it to the result, or to the scores before the softmax}}
  %g = kerf.sqrt %w : tensor<4x5xf32>
  // expected-remark @+1 {{attention: not fused: behind the softmax stands kerf.sqrt}}
  %y = kerf.contract %g, %v, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<4x5xf32>, tensor<5x2xf32> -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

// Keys are left out behind the softmax.
// CHECK-LABEL: @chosen_weights
//   CHECK-NOT: kerf.attention
func.func @chosen_weights(%q: tensor<4x3xf32>, %k: tensor<5x3xf32>, %v: tensor<5x2xf32>, %seen: tensor<4x5xi1>) -> tensor<4x2xf32> {
  %s = kerf.contract %q, %k, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<4x3xf32>, tensor<5x3xf32> -> tensor<4x5xf32>
  %l = kerf.log_softmax %s, axis = 1 : tensor<4x5xf32>
  %w = kerf.exp %l : tensor<4x5xf32>
  %zero = arith.constant dense<0.0> : tensor<4x5xf32>
  // expected-note @+1 {{choose among the scores, by -inf, or drop by uniform(key) >= rate}}
  %g = kerf.select %seen, %w, %zero : tensor<4x5xi1>, tensor<4x5xf32>
  // expected-remark @+1 {{attention: not fused: behind the softmax stands a choice that is no dropout}}
  %y = kerf.contract %g, %v, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<4x5xf32>, tensor<5x2xf32> -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

// The entropy reads every weight.
// CHECK-LABEL: @entropy_of_weights
//   CHECK-NOT: kerf.attention
func.func @entropy_of_weights(%q: tensor<4x3xf32>, %k: tensor<5x3xf32>, %v: tensor<5x2xf32>) -> (tensor<4x2xf32>, tensor<4xf32>) {
  %s = kerf.contract %q, %k, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<4x3xf32>, tensor<5x3xf32> -> tensor<4x5xf32>
  %l = kerf.log_softmax %s, axis = 1 : tensor<4x5xf32>
  %w = kerf.exp %l : tensor<4x5xf32>
  // expected-note @+1 {{compute what this line needs from the result, or return the weights}}
  %wl = kerf.mul %w, %l : tensor<4x5xf32>
  %h = kerf.sum %wl, axes = [1] : tensor<4x5xf32> -> tensor<4xf32>
  // expected-remark @+1 {{attention: not fused: weights or scores are read here too, so they must exist}}
  %y = kerf.contract %w, %v, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<4x5xf32>, tensor<5x2xf32> -> tensor<4x2xf32>
  return %y, %h : tensor<4x2xf32>, tensor<4xf32>
}

// One softmax over the keys of all heads.
// CHECK-LABEL: @keys_merged_with_heads
//   CHECK-NOT: kerf.attention
func.func @keys_merged_with_heads(%q: tensor<4x3xf32>, %k: tensor<2x5x3xf32>, %v: tensor<10x2xf32>) -> tensor<4x2xf32> {
  %s = kerf.contract %q, %k, a_batch = [], b_batch = [], a_contract = [1], b_contract = [2] : tensor<4x3xf32>, tensor<2x5x3xf32> -> tensor<4x2x5xf32>
  %m = kerf.reshape %s : tensor<4x2x5xf32> -> tensor<4x10xf32>
  %l = kerf.log_softmax %m, axis = 1 : tensor<4x10xf32>
  %w = kerf.exp %l : tensor<4x10xf32>
  // expected-remark @+2 {{attention: not fused: no contraction of queries with keys is among the scores}}
  // expected-note @+1 {{let element by element lead from it to the softmax: no sort, sum or concatenation}}
  %y = kerf.contract %w, %v, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<4x10xf32>, tensor<10x2xf32> -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

// Keys of two axes, each with a softmax of its own.
// CHECK-LABEL: @values_summed_over_two_axes
//   CHECK-NOT: kerf.attention
func.func @values_summed_over_two_axes(%q: tensor<4x3xf32>, %k: tensor<2x5x3xf32>, %v: tensor<2x5x2xf32>) -> tensor<4x2xf32> {
  %s = kerf.contract %q, %k, a_batch = [], b_batch = [], a_contract = [1], b_contract = [2] : tensor<4x3xf32>, tensor<2x5x3xf32> -> tensor<4x2x5xf32>
  %l = kerf.log_softmax %s, axis = 2 : tensor<4x2x5xf32>
  %w = kerf.exp %l : tensor<4x2x5xf32>
  // expected-remark @+2 {{attention: not fused: the values are summed over 2 axes}}
  // expected-note @+1 {{make one axis of the keys, by a reshape of keys and values}}
  %y = kerf.contract %w, %v, a_batch = [], b_batch = [], a_contract = [1, 2], b_contract = [0, 1] : tensor<4x2x5xf32>, tensor<2x5x2xf32> -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

// Queries and keys have the axis that is summed in common.
// CHECK-LABEL: @softmax_over_heads
//   CHECK-NOT: kerf.attention
func.func @softmax_over_heads(%q: tensor<2x4x3xf32>, %k: tensor<2x5x3xf32>, %v: tensor<2x2xf32>) -> tensor<4x5x2xf32> {
  // expected-note @+1 {{take it over the keys, an axis that the queries do not have}}
  %s = kerf.contract %q, %k, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [2] : tensor<2x4x3xf32>, tensor<2x5x3xf32> -> tensor<2x4x5xf32>
  %l = kerf.log_softmax %s, axis = 0 : tensor<2x4x5xf32>
  %w = kerf.exp %l : tensor<2x4x5xf32>
  // expected-remark @+1 {{attention: not fused: the softmax runs over an axis that queries and keys share}}
  %y = kerf.contract %w, %v, a_batch = [], b_batch = [], a_contract = [0], b_contract = [0] : tensor<2x4x5xf32>, tensor<2x2xf32> -> tensor<4x5x2xf32>
  return %y : tensor<4x5x2xf32>
}

// More keys are scored than are used.
// CHECK-LABEL: @some_of_the_scores
//   CHECK-NOT: kerf.attention
func.func @some_of_the_scores(%q: tensor<4x3xf32>, %k: tensor<9x3xf32>, %v: tensor<5x2xf32>) -> tensor<4x2xf32> {
  // expected-note @+1 {{slice queries and keys before their contraction, not the scores}}
  %s0 = kerf.contract %q, %k, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<4x3xf32>, tensor<9x3xf32> -> tensor<4x9xf32>
  %s = kerf.slice %s0, offsets = [0, 2], limits = [4, 7], strides = [1, 1] : tensor<4x9xf32> -> tensor<4x5xf32>
  %l = kerf.log_softmax %s, axis = 1 : tensor<4x5xf32>
  %w = kerf.exp %l : tensor<4x5xf32>
  // expected-remark @+1 {{attention: not fused: not every score is used, in its own place}}
  %y = kerf.contract %w, %v, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<4x5xf32>, tensor<5x2xf32> -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

// A score that no key has is put in front of the others.
// CHECK-LABEL: @score_of_a_sink
//   CHECK-NOT: kerf.attention
func.func @score_of_a_sink(%q: tensor<4x3xf32>, %k: tensor<4x3xf32>, %v: tensor<5x2xf32>, %sink: tensor<4x1xf32>) -> tensor<4x2xf32> {
  %s0 = kerf.contract %q, %k, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<4x3xf32>, tensor<4x3xf32> -> tensor<4x4xf32>
  %s = kerf.concat(%sink, %s0), axis = 1 : (tensor<4x1xf32>, tensor<4x4xf32>) -> tensor<4x5xf32>
  %l = kerf.log_softmax %s, axis = 1 : tensor<4x5xf32>
  %w = kerf.exp %l : tensor<4x5xf32>
  // expected-remark @+2 {{attention: not fused: no contraction of queries with keys is among the scores}}
  // expected-note @+1 {{let element by element lead from it to the softmax: no sort, sum or concatenation}}
  %y = kerf.contract %w, %v, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<4x5xf32>, tensor<5x2xf32> -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

// There is no kernel of f64.
// CHECK-LABEL: @numbers_of_64_bits
//   CHECK-NOT: kerf.attention
func.func @numbers_of_64_bits(%q: tensor<4x3xf64>, %k: tensor<5x3xf64>, %v: tensor<5x2xf64>) -> tensor<4x2xf64> {
  %s = kerf.contract %q, %k, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<4x3xf64>, tensor<5x3xf64> -> tensor<4x5xf64>
  %l = kerf.log_softmax %s, axis = 1 : tensor<4x5xf64>
  %w = kerf.exp %l : tensor<4x5xf64>
  // expected-remark @+2 {{attention: not fused: it is of f64, for which there is no kernel}}
  // expected-note @+1 {{compute it in f32; sums of bf16 and f16 are in f32, too}}
  %y = kerf.contract %w, %v, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<4x5xf64>, tensor<5x2xf64> -> tensor<4x2xf64>
  return %y : tensor<4x2xf64>
}

// A draw of all scores stays one by blocks of rows.
// CHECK-LABEL: @noise_of_every_score
//   CHECK-NOT: kerf.attention
func.func @noise_of_every_score(%q: tensor<4x3xf32>, %k: tensor<5x3xf32>, %v: tensor<5x2xf32>, %key: tensor<2xi32>) -> tensor<4x2xf32> {
  %off = arith.constant dense<0> : tensor<i64>
  // expected-note @+1 {{add them to what queries or keys are made of; noise of all scores is made by blocks of rows}}
  %u = kerf.uniform %key, %off : tensor<4x5xf32>
  %s = kerf.contract %q, %k, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<4x3xf32>, tensor<5x3xf32> -> tensor<4x5xf32>
  %t = kerf.add %s, %u : tensor<4x5xf32>
  %l = kerf.log_softmax %t, axis = 1 : tensor<4x5xf32>
  %w = kerf.exp %l : tensor<4x5xf32>
  // expected-remark @+1 {{attention: not fused: numbers are drawn for every score}}
  %y = kerf.contract %w, %v, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<4x5xf32>, tensor<5x2xf32> -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

// The numbers of the draw go along queries first.
// CHECK-LABEL: @dropout_drawn_by_keys
//   CHECK-NOT: kerf.attention
func.func @dropout_drawn_by_keys(%q: tensor<4x3xf32>, %k: tensor<5x3xf32>, %v: tensor<5x2xf32>, %key: tensor<2xi32>) -> tensor<4x2xf32> {
  %off = arith.constant dense<0> : tensor<i64>
  // expected-note @+1 {{draw one number per weight, with queries and keys as the last two axes}}
  %u0 = kerf.uniform %key, %off : tensor<5x4xf32>
  %u = kerf.transpose %u0, permutation = [1, 0] : tensor<5x4xf32> -> tensor<4x5xf32>
  %s = kerf.contract %q, %k, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<4x3xf32>, tensor<5x3xf32> -> tensor<4x5xf32>
  %l = kerf.log_softmax %s, axis = 1 : tensor<4x5xf32>
  %w = kerf.exp %l : tensor<4x5xf32>
  %rate = arith.constant dense<0.25> : tensor<4x5xf32>
  %keep = kerf.compare %u, %rate, predicate = "ge" : tensor<4x5xf32> -> tensor<4x5xi1>
  %zero = arith.constant dense<0.0> : tensor<4x5xf32>
  %d = kerf.select %keep, %w, %zero : tensor<4x5xi1>, tensor<4x5xf32>
  // expected-remark @+1 {{attention: not fused: the dropout draws in another order than queries, then keys, or less than all}}
  %y = kerf.contract %d, %v, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<4x5xf32>, tensor<5x2xf32> -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

// One number drops a key for all queries.
// CHECK-LABEL: @dropout_of_whole_keys
//   CHECK-NOT: kerf.attention
func.func @dropout_of_whole_keys(%q: tensor<4x3xf32>, %k: tensor<5x3xf32>, %v: tensor<5x2xf32>, %key: tensor<2xi32>) -> tensor<4x2xf32> {
  %off = arith.constant dense<0> : tensor<i64>
  // expected-note @+1 {{draw one number per weight, with queries and keys as the last two axes}}
  %u0 = kerf.uniform %key, %off : tensor<5xf32>
  %u = kerf.broadcast %u0, dims = [1] : tensor<5xf32> -> tensor<4x5xf32>
  %s = kerf.contract %q, %k, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<4x3xf32>, tensor<5x3xf32> -> tensor<4x5xf32>
  %l = kerf.log_softmax %s, axis = 1 : tensor<4x5xf32>
  %w = kerf.exp %l : tensor<4x5xf32>
  %rate = arith.constant dense<0.25> : tensor<4x5xf32>
  %keep = kerf.compare %u, %rate, predicate = "ge" : tensor<4x5xf32> -> tensor<4x5xi1>
  %zero = arith.constant dense<0.0> : tensor<4x5xf32>
  %d = kerf.select %keep, %w, %zero : tensor<4x5xi1>, tensor<4x5xf32>
  // expected-remark @+1 {{attention: not fused: the dropout draws in another order than queries, then keys, or less than all}}
  %y = kerf.contract %d, %v, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<4x5xf32>, tensor<5x2xf32> -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

// Two draws.
// CHECK-LABEL: @dropped_twice
//   CHECK-NOT: kerf.attention
func.func @dropped_twice(%q: tensor<4x3xf32>, %k: tensor<5x3xf32>, %v: tensor<5x2xf32>, %key: tensor<2xi32>, %key2: tensor<2xi32>) -> tensor<4x2xf32> {
  %off = arith.constant dense<0> : tensor<i64>
  %u = kerf.uniform %key, %off : tensor<4x5xf32>
  %u2 = kerf.uniform %key2, %off : tensor<4x5xf32>
  %s = kerf.contract %q, %k, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<4x3xf32>, tensor<5x3xf32> -> tensor<4x5xf32>
  %l = kerf.log_softmax %s, axis = 1 : tensor<4x5xf32>
  %w = kerf.exp %l : tensor<4x5xf32>
  %rate = arith.constant dense<0.25> : tensor<4x5xf32>
  %keep = kerf.compare %u, %rate, predicate = "ge" : tensor<4x5xf32> -> tensor<4x5xi1>
  %zero = arith.constant dense<0.0> : tensor<4x5xf32>
  // expected-note @+1 {{drop once, at the rate of both}}
  %d = kerf.select %keep, %w, %zero : tensor<4x5xi1>, tensor<4x5xf32>
  %rate2 = arith.constant dense<0.25> : tensor<4x5xf32>
  %keep2 = kerf.compare %u2, %rate2, predicate = "ge" : tensor<4x5xf32> -> tensor<4x5xi1>
  %d2 = kerf.select %keep2, %d, %zero : tensor<4x5xi1>, tensor<4x5xf32>
  // expected-remark @+1 {{attention: not fused: weights are dropped twice}}
  %y = kerf.contract %d2, %v, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<4x5xf32>, tensor<5x2xf32> -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

// Nothing is kept.
// CHECK-LABEL: @all_dropped
//   CHECK-NOT: kerf.attention
func.func @all_dropped(%q: tensor<4x3xf32>, %k: tensor<5x3xf32>, %v: tensor<5x2xf32>, %key: tensor<2xi32>) -> tensor<4x2xf32> {
  %off = arith.constant dense<0> : tensor<i64>
  %u = kerf.uniform %key, %off : tensor<4x5xf32>
  %s = kerf.contract %q, %k, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<4x3xf32>, tensor<5x3xf32> -> tensor<4x5xf32>
  %l = kerf.log_softmax %s, axis = 1 : tensor<4x5xf32>
  %w = kerf.exp %l : tensor<4x5xf32>
  %rate = arith.constant dense<1.0> : tensor<4x5xf32>
  %keep = kerf.compare %u, %rate, predicate = "ge" : tensor<4x5xf32> -> tensor<4x5xi1>
  %zero = arith.constant dense<0.0> : tensor<4x5xf32>
  // expected-note @+1 {{drop at a rate below 1}}
  %d = kerf.select %keep, %w, %zero : tensor<4x5xi1>, tensor<4x5xf32>
  // expected-remark @+1 {{attention: not fused: the rate of the dropout is not in [0, 1)}}
  %y = kerf.contract %d, %v, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<4x5xf32>, tensor<5x2xf32> -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

// A reshape between mixes queries with keys.
// CHECK-LABEL: @key_without_queries_of_its_own
//   CHECK-NOT: kerf.attention
func.func @key_without_queries_of_its_own(%q: tensor<10x3xf32>, %k: tensor<2x3xf32>, %v: tensor<5x2xf32>) -> tensor<4x2xf32> {
  %s0 = kerf.contract %q, %k, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<10x3xf32>, tensor<2x3xf32> -> tensor<10x2xf32>
  %s = kerf.reshape %s0 : tensor<10x2xf32> -> tensor<4x5xf32>
  %l = kerf.log_softmax %s, axis = 1 : tensor<4x5xf32>
  %w = kerf.exp %l : tensor<4x5xf32>
  // expected-remark @+2 {{attention: not fused: no contraction of queries with keys is among the scores}}
  // expected-note @+1 {{let element by element lead from it to the softmax: no sort, sum or concatenation}}
  %y = kerf.contract %w, %v, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<4x5xf32>, tensor<5x2xf32> -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}
