// RUN: kerf-opt %s -split-input-file -verify-diagnostics "-kerf-stream-rows=explain=1 min-elements=1 block-elements=1" | FileCheck %s
// RUN: kerf-run --match rows --stream-from 1 --tolerance 1e-5 --second %s

// 523 rows: here eight blocks of 64 and 11 rows behind them, when they run two of 256 and 11 rows.

// softmax(z e^T) e: no array of 523 x 24 is left.
// CHECK-LABEL: @soft_assignment
//   CHECK-NOT: 523x24
//       CHECK: kerf.rows block = 64 index %{{.*}} sliced(%{{.*}} = %{{.*}} : tensor<512x3xf32>) whole(%{{.*}} = %{{.*}} : tensor<24x3xf32>)
//       CHECK:   kerf.exp %{{.*}} : tensor<64x24xf32>
//       CHECK:   kerf.yield %{{.*}} : tensor<64x3xf32>
//       CHECK: kerf.rows block = 11
//       CHECK:   kerf.exp %{{.*}} : tensor<11x24xf32>
//       CHECK: kerf.concat
func.func @soft_assignment(%z: tensor<523x3xf32>, %e: tensor<24x3xf32>) -> tensor<523x3xf32> {
  // expected-remark @+1 {{rows: fused}}
  %s = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<523x3xf32>, tensor<24x3xf32> -> tensor<523x24xf32>
  %pm = kerf.max %s, axes = [1] : tensor<523x24xf32> -> tensor<523xf32>
  %pmb = kerf.broadcast %pm, dims = [0] : tensor<523xf32> -> tensor<523x24xf32>
  %pd = kerf.sub %s, %pmb : tensor<523x24xf32>
  %px = kerf.exp %pd : tensor<523x24xf32>
  %pt = kerf.sum %px, axes = [1] : tensor<523x24xf32> -> tensor<523xf32>
  %ptb = kerf.broadcast %pt, dims = [0] : tensor<523xf32> -> tensor<523x24xf32>
  %p = kerf.div %px, %ptb : tensor<523x24xf32>
  %o = kerf.contract %p, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<523x24xf32>, tensor<24x3xf32> -> tensor<523x3xf32>
  return %o : tensor<523x3xf32>
}

// Codes before rows, as some write the scores.
// CHECK-LABEL: @codes_first
//   CHECK-NOT: 24x523
//       CHECK: kerf.rows
//       CHECK:   kerf.contract %{{.*}} -> tensor<24x64xf32>
func.func @codes_first(%z: tensor<523x3xf32>, %e: tensor<24x3xf32>) -> tensor<523x3xf32> {
  // expected-remark @+1 {{rows: fused}}
  %s = kerf.contract %e, %z, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<24x3xf32>, tensor<523x3xf32> -> tensor<24x523xf32>
  %pm = kerf.max %s, axes = [0] : tensor<24x523xf32> -> tensor<523xf32>
  %pmb = kerf.broadcast %pm, dims = [1] : tensor<523xf32> -> tensor<24x523xf32>
  %pd = kerf.sub %s, %pmb : tensor<24x523xf32>
  %px = kerf.exp %pd : tensor<24x523xf32>
  %pt = kerf.sum %px, axes = [0] : tensor<24x523xf32> -> tensor<523xf32>
  %ptb = kerf.broadcast %pt, dims = [1] : tensor<523xf32> -> tensor<24x523xf32>
  %p = kerf.div %px, %ptb : tensor<24x523xf32>
  %o = kerf.contract %p, %e, a_batch = [], b_batch = [], a_contract = [0], b_contract = [0] : tensor<24x523xf32>, tensor<24x3xf32> -> tensor<523x3xf32>
  return %o : tensor<523x3xf32>
}

// How often each code is taken, on the mean: a sum over rows leaves as a sum.
// CHECK-LABEL: @usage
//       CHECK: kerf.rows {{.*}} sums(
//       CHECK:   %[[PART:.*]] = kerf.sum %{{.*}}, axes = [0] : tensor<64x24xf32> -> tensor<24xf32>
//       CHECK:   %[[NEXT:.*]] = kerf.add %{{.*}}, %[[PART]]
//       CHECK:   kerf.yield %[[NEXT]]
func.func @usage(%z: tensor<523x3xf32>, %e: tensor<24x3xf32>) -> tensor<24xf32> {
  // expected-remark @+1 {{rows: fused}}
  %s = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<523x3xf32>, tensor<24x3xf32> -> tensor<523x24xf32>
  %pm = kerf.max %s, axes = [1] : tensor<523x24xf32> -> tensor<523xf32>
  %pmb = kerf.broadcast %pm, dims = [0] : tensor<523xf32> -> tensor<523x24xf32>
  %pd = kerf.sub %s, %pmb : tensor<523x24xf32>
  %px = kerf.exp %pd : tensor<523x24xf32>
  %pt = kerf.sum %px, axes = [1] : tensor<523x24xf32> -> tensor<523xf32>
  %ptb = kerf.broadcast %pt, dims = [0] : tensor<523xf32> -> tensor<523x24xf32>
  %p = kerf.div %px, %ptb : tensor<523x24xf32>
  %u = kerf.sum %p, axes = [0] : tensor<523x24xf32> -> tensor<24xf32>
  return %u : tensor<24xf32>
}

// -sum p log q, q the mean of p over rows: what needs q comes a region later, and makes p again.
// CHECK-LABEL: @two_steps
//       CHECK: kerf.rows block = 64
//       CHECK: kerf.rows block = 11
//       CHECK: kerf.rows block = 64
//       CHECK:   kerf.contract
//   CHECK-NOT: kerf.max
//       CHECK:   kerf.yield
//       CHECK: kerf.rows block = 11
func.func @two_steps(%z: tensor<523x3xf32>, %e: tensor<24x3xf32>) -> tensor<523xf32> {
  // expected-remark @+1 {{rows: fused}}
  %s = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<523x3xf32>, tensor<24x3xf32> -> tensor<523x24xf32>
  %pm = kerf.max %s, axes = [1] : tensor<523x24xf32> -> tensor<523xf32>
  %pmb = kerf.broadcast %pm, dims = [0] : tensor<523xf32> -> tensor<523x24xf32>
  %pd = kerf.sub %s, %pmb : tensor<523x24xf32>
  %px = kerf.exp %pd : tensor<523x24xf32>
  %pt = kerf.sum %px, axes = [1] : tensor<523x24xf32> -> tensor<523xf32>
  %ptb = kerf.broadcast %pt, dims = [0] : tensor<523xf32> -> tensor<523x24xf32>
  %p = kerf.div %px, %ptb : tensor<523x24xf32>
  %u = kerf.sum %p, axes = [0] : tensor<523x24xf32> -> tensor<24xf32>
  %l = kerf.log %u : tensor<24xf32>
  %lb = kerf.broadcast %l, dims = [1] : tensor<24xf32> -> tensor<523x24xf32>
  %h = kerf.mul %p, %lb : tensor<523x24xf32>
  %y = kerf.sum %h, axes = [1] : tensor<523x24xf32> -> tensor<523xf32>
  return %y : tensor<523xf32>
}

// The code of the largest score stands beside the softmax, which the search of one code alone would not do.
// CHECK-LABEL: @with_codes
//       CHECK: kerf.rows
//       CHECK:   kerf.argmin %{{.*}}, axis = 1 : tensor<64x24xf32> -> tensor<64xi64>
func.func @with_codes(%z: tensor<523x3xf32>, %e: tensor<24x3xf32>) -> (tensor<523x3xf32>, tensor<523xi64>) {
  // expected-remark @+1 {{rows: fused}}
  %s = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<523x3xf32>, tensor<24x3xf32> -> tensor<523x24xf32>
  %pm = kerf.max %s, axes = [1] : tensor<523x24xf32> -> tensor<523xf32>
  %pmb = kerf.broadcast %pm, dims = [0] : tensor<523xf32> -> tensor<523x24xf32>
  %pd = kerf.sub %s, %pmb : tensor<523x24xf32>
  %px = kerf.exp %pd : tensor<523x24xf32>
  %pt = kerf.sum %px, axes = [1] : tensor<523x24xf32> -> tensor<523xf32>
  %ptb = kerf.broadcast %pt, dims = [0] : tensor<523xf32> -> tensor<523x24xf32>
  %p = kerf.div %px, %ptb : tensor<523x24xf32>
  %o = kerf.contract %p, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<523x24xf32>, tensor<24x3xf32> -> tensor<523x3xf32>
  %n = kerf.neg %s : tensor<523x24xf32>
  %c = kerf.argmin %n, axis = 1 : tensor<523x24xf32> -> tensor<523xi64>
  return %o, %c : tensor<523x3xf32>, tensor<523xi64>
}

// Noise of a block is that of its rows: the offset moves on.
// CHECK-LABEL: @noise
//       CHECK: kerf.rows block = 64 index %[[I:.*]] sliced
//       CHECK:   %[[ROWS:.*]] = kerf.mul %[[I]], %{{.*}} : tensor<i64>
//       CHECK:   %[[ROW:.*]] = kerf.add %[[ROWS]], %{{.*}} : tensor<i64>
//       CHECK:   %[[SKIPPED:.*]] = kerf.mul %[[ROW]], %{{.*}} : tensor<i64>
//       CHECK:   %[[OFFSET:.*]] = kerf.add %{{.*}}, %[[SKIPPED]] : tensor<i64>
//       CHECK:   kerf.uniform %{{.*}}, %[[OFFSET]] {kerf.part} : tensor<64x24xf32>
func.func @noise(%z: tensor<523x3xf32>, %e: tensor<24x3xf32>, %k: tensor<2xi32>) -> tensor<523x3xf32> {
  // expected-remark @+1 {{rows: fused}}
  %s = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<523x3xf32>, tensor<24x3xf32> -> tensor<523x24xf32>
  %zero = arith.constant dense<0> : tensor<i64>
  %w = kerf.uniform %k, %zero : tensor<523x24xf32>
  %v = kerf.add %s, %w : tensor<523x24xf32>
  %pm = kerf.max %v, axes = [1] : tensor<523x24xf32> -> tensor<523xf32>
  %pmb = kerf.broadcast %pm, dims = [0] : tensor<523xf32> -> tensor<523x24xf32>
  %pd = kerf.sub %v, %pmb : tensor<523x24xf32>
  %px = kerf.exp %pd : tensor<523x24xf32>
  %pt = kerf.sum %px, axes = [1] : tensor<523x24xf32> -> tensor<523xf32>
  %ptb = kerf.broadcast %pt, dims = [0] : tensor<523xf32> -> tensor<523x24xf32>
  %p = kerf.div %px, %ptb : tensor<523x24xf32>
  %o = kerf.contract %p, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<523x24xf32>, tensor<24x3xf32> -> tensor<523x3xf32>
  return %o : tensor<523x3xf32>
}

// Codes drawn from the softmax of their scores: what makes it no plain search does not make it an array.
// CHECK-LABEL: @drawn
//       CHECK: kerf.rows
//       CHECK:   kerf.uniform
//       CHECK:   kerf.argmin %{{.*}} : tensor<64x24xf32> -> tensor<64xi64>
func.func @drawn(%z: tensor<523x3xf32>, %e: tensor<24x3xf32>, %k: tensor<2xi32>) -> tensor<523xi64> {
  // expected-remark @+1 {{rows: fused}}
  %s = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<523x3xf32>, tensor<24x3xf32> -> tensor<523x24xf32>
  %zero = arith.constant dense<0> : tensor<i64>
  %w = kerf.uniform %k, %zero : tensor<523x24xf32>
  %l = kerf.log %w : tensor<523x24xf32>
  %n = kerf.neg %l : tensor<523x24xf32>
  %g = kerf.log %n : tensor<523x24xf32>
  %d = kerf.sub %g, %s : tensor<523x24xf32>
  %c = kerf.argmin %d, axis = 1 : tensor<523x24xf32> -> tensor<523xi64>
  return %c : tensor<523xi64>
}

// The three codes with the largest scores.
// CHECK-LABEL: @three_codes
//       CHECK: kerf.rows
//       CHECK:   kerf.top_k
func.func @three_codes(%z: tensor<523x3xf32>, %e: tensor<24x3xf32>) -> tensor<523x3xi64> {
  // expected-remark @+1 {{rows: fused}}
  %s = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<523x3xf32>, tensor<24x3xf32> -> tensor<523x24xf32>
  %c = kerf.top_k %s, k = 3 : tensor<523x24xf32> -> tensor<523x3xi64>
  return %c : tensor<523x3xi64>
}

// An array of all scores that the caller has exists anyway, so that it is read block by block.
// CHECK-LABEL: @given_noise
//       CHECK: kerf.rows {{.*}} sliced({{.*}} : tensor<512x24xf32>
func.func @given_noise(%z: tensor<523x3xf32>, %e: tensor<24x3xf32>, %g: tensor<523x24xf32>) -> tensor<523x3xf32> {
  // expected-remark @+1 {{rows: fused}}
  %s = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<523x3xf32>, tensor<24x3xf32> -> tensor<523x24xf32>
  %v = kerf.add %s, %g : tensor<523x24xf32>
  %pm = kerf.max %v, axes = [1] : tensor<523x24xf32> -> tensor<523xf32>
  %pmb = kerf.broadcast %pm, dims = [0] : tensor<523xf32> -> tensor<523x24xf32>
  %pd = kerf.sub %v, %pmb : tensor<523x24xf32>
  %px = kerf.exp %pd : tensor<523x24xf32>
  %pt = kerf.sum %px, axes = [1] : tensor<523x24xf32> -> tensor<523xf32>
  %ptb = kerf.broadcast %pt, dims = [0] : tensor<523xf32> -> tensor<523x24xf32>
  %p = kerf.div %px, %ptb : tensor<523x24xf32>
  %o = kerf.contract %p, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<523x24xf32>, tensor<24x3xf32> -> tensor<523x3xf32>
  return %o : tensor<523x3xf32>
}

// Three levels: what one leaves is the next one's row, and is in no array of 523 rows.
// CHECK-LABEL: @levels
//       CHECK: kerf.rows block = 64 index %{{.*}} sliced(%[[Z:.*]] = %{{.*}} : tensor<512x3xf32>) whole(%[[E:.*]] = %{{.*}} : tensor<24x3xf32>)
//       CHECK:   %[[A:.*]] = kerf.vq %[[Z]], %[[E]]
//       CHECK:   %[[Q:.*]] = kerf.gather %[[E]], %[[A]]
//       CHECK:   %[[REST:.*]] = kerf.sub %[[Z]], %[[Q]]
//       CHECK:   %[[B:.*]] = kerf.vq %[[REST]], %[[E]]
//       CHECK:   %[[C:.*]] = kerf.vq %{{.*}}, %[[E]]
//       CHECK:   kerf.yield %[[A]], %[[B]], %[[C]] : tensor<64xi64>, tensor<64xi64>, tensor<64xi64>
//       CHECK: kerf.rows block = 11
func.func @levels(%z: tensor<523x3xf32>, %e: tensor<24x3xf32>) -> (tensor<523xi64>, tensor<523xi64>, tensor<523xi64>) {
  // expected-remark @+1 {{rows: fused}}
  %a = kerf.vq %z, %e, metric = "l2" : tensor<523x3xf32>, tensor<24x3xf32> -> tensor<523xi64>
  %qr = kerf.gather %e, %a : tensor<24x3xf32>, tensor<523xi64> -> tensor<523x3xf32>
  %r = kerf.sub %z, %qr : tensor<523x3xf32>
  %b = kerf.vq %r, %e, metric = "l2" : tensor<523x3xf32>, tensor<24x3xf32> -> tensor<523xi64>
  %qs = kerf.gather %e, %b : tensor<24x3xf32>, tensor<523xi64> -> tensor<523x3xf32>
  %s = kerf.sub %r, %qs : tensor<523x3xf32>
  %c = kerf.vq %s, %e, metric = "l2" : tensor<523x3xf32>, tensor<24x3xf32> -> tensor<523xi64>
  return %a, %b, %c : tensor<523xi64>, tensor<523xi64>, tensor<523xi64>
}

// -----

// Every level's rest is in a loss: to make it in blocks would save nothing.
// CHECK-LABEL: @rests_are_read
//   CHECK-NOT: kerf.rows
func.func @rests_are_read(%z: tensor<523x3xf32>, %e: tensor<24x3xf32>) -> (tensor<523xi64>, tensor<523x3xf32>) {
  // expected-remark @+1 {{rows: not fused: what every level left is read elsewhere too, so it must exist}}
  %a = kerf.vq %z, %e, metric = "l2" : tensor<523x3xf32>, tensor<24x3xf32> -> tensor<523xi64>
  %qr = kerf.gather %e, %a : tensor<24x3xf32>, tensor<523xi64> -> tensor<523x3xf32>
  %r = kerf.sub %z, %qr : tensor<523x3xf32>
  // expected-note @+1 {{compute losses of the levels from rows of the codebooks, or leave this as it is}}
  %b = kerf.vq %r, %e, metric = "l2" : tensor<523x3xf32>, tensor<24x3xf32> -> tensor<523xi64>
  return %b, %r : tensor<523xi64>, tensor<523x3xf32>
}

// -----

// The caller wants them.
// CHECK-LABEL: @scores_are_returned
//   CHECK-NOT: kerf.rows
func.func @scores_are_returned(%z: tensor<523x3xf32>, %e: tensor<24x3xf32>) -> (tensor<523x3xf32>, tensor<523x24xf32>) {
  // expected-remark @+1 {{rows: not fused: all scores are needed at once by func.return}}
  %s = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<523x3xf32>, tensor<24x3xf32> -> tensor<523x24xf32>
  %pm = kerf.max %s, axes = [1] : tensor<523x24xf32> -> tensor<523xf32>
  %pmb = kerf.broadcast %pm, dims = [0] : tensor<523xf32> -> tensor<523x24xf32>
  %pd = kerf.sub %s, %pmb : tensor<523x24xf32>
  %px = kerf.exp %pd : tensor<523x24xf32>
  %pt = kerf.sum %px, axes = [1] : tensor<523x24xf32> -> tensor<523xf32>
  %ptb = kerf.broadcast %pt, dims = [0] : tensor<523xf32> -> tensor<523x24xf32>
  %p = kerf.div %px, %ptb : tensor<523x24xf32>
  %o = kerf.contract %p, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<523x24xf32>, tensor<24x3xf32> -> tensor<523x3xf32>
  // expected-note @+1 {{reduce them over the columns first, then over the rows}}
  return %o, %p : tensor<523x3xf32>, tensor<523x24xf32>
}

// -----

// As Sinkhorn's algorithm does.
// CHECK-LABEL: @normalised_over_rows
//   CHECK-NOT: kerf.rows
func.func @normalised_over_rows(%z: tensor<523x3xf32>, %e: tensor<24x3xf32>) -> tensor<523x3xf32> {
  // expected-remark @+1 {{rows: not fused: all scores are needed at once by kerf.max}}
  %s = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<523x3xf32>, tensor<24x3xf32> -> tensor<523x24xf32>
  %pm = kerf.max %s, axes = [1] : tensor<523x24xf32> -> tensor<523xf32>
  %pmb = kerf.broadcast %pm, dims = [0] : tensor<523xf32> -> tensor<523x24xf32>
  %pd = kerf.sub %s, %pmb : tensor<523x24xf32>
  %px = kerf.exp %pd : tensor<523x24xf32>
  %pt = kerf.sum %px, axes = [1] : tensor<523x24xf32> -> tensor<523xf32>
  %ptb = kerf.broadcast %pt, dims = [0] : tensor<523xf32> -> tensor<523x24xf32>
  %p = kerf.div %px, %ptb : tensor<523x24xf32>
  // expected-note @+1 {{reduce them over the columns first, then over the rows}}
  %c = kerf.max %p, axes = [0] : tensor<523x24xf32> -> tensor<24xf32>
  %cb = kerf.broadcast %c, dims = [1] : tensor<24xf32> -> tensor<523x24xf32>
  %q = kerf.div %p, %cb : tensor<523x24xf32>
  %o = kerf.contract %q, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<523x24xf32>, tensor<24x3xf32> -> tensor<523x3xf32>
  return %o : tensor<523x3xf32>
}

// -----

// Every row against every row: a block of them, and all of them beside.
// CHECK-LABEL: @rows_against_rows
//  CHECK-SAME: %[[Z:.*]]: tensor<150x3xf32>
//   CHECK-NOT: 150x150
//       CHECK: kerf.rows block = {{[0-9]+}} {{.*}} = %[[Z]] : tensor<150x3xf32>) whole({{.*}} = %[[Z]] : tensor<150x3xf32>)
//   CHECK-NOT: 150x150
func.func @rows_against_rows(%z: tensor<150x3xf32>) -> tensor<150xf32> {
  // expected-remark @+1 {{rows: fused}}
  %s = kerf.contract %z, %z, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<150x3xf32>, tensor<150x3xf32> -> tensor<150x150xf32>
  %pm = kerf.max %s, axes = [1] : tensor<150x150xf32> -> tensor<150xf32>
  %pmb = kerf.broadcast %pm, dims = [0] : tensor<150xf32> -> tensor<150x150xf32>
  %pd = kerf.sub %s, %pmb : tensor<150x150xf32>
  %px = kerf.exp %pd : tensor<150x150xf32>
  %pt = kerf.sum %px, axes = [1] : tensor<150x150xf32> -> tensor<150xf32>
  %ptb = kerf.broadcast %pt, dims = [0] : tensor<150xf32> -> tensor<150x150xf32>
  %p = kerf.div %px, %ptb : tensor<150x150xf32>
  %pp = kerf.mul %p, %p : tensor<150x150xf32>
  %y = kerf.sum %pp, axes = [1] : tensor<150x150xf32> -> tensor<150xf32>
  return %y : tensor<150xf32>
}

// -----

// Blocks of rows are not blocks of memory here: rows are brought together once, before the blocks.
// CHECK-LABEL: @features_first
//       CHECK: kerf.transpose %{{.*}} -> tensor<523x3xf32>
//       CHECK: kerf.rows block = 64
//       CHECK:   kerf.transpose %{{.*}} -> tensor<3x64xf32>
func.func @features_first(%z: tensor<3x523xf32>, %e: tensor<24x3xf32>) -> tensor<523xf32> {
  // expected-remark @+1 {{rows: fused}}
  %s = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [0], b_contract = [1] : tensor<3x523xf32>, tensor<24x3xf32> -> tensor<523x24xf32>
  %pm = kerf.max %s, axes = [1] : tensor<523x24xf32> -> tensor<523xf32>
  %pmb = kerf.broadcast %pm, dims = [0] : tensor<523xf32> -> tensor<523x24xf32>
  %pd = kerf.sub %s, %pmb : tensor<523x24xf32>
  %px = kerf.exp %pd : tensor<523x24xf32>
  %pt = kerf.sum %px, axes = [1] : tensor<523x24xf32> -> tensor<523xf32>
  %ptb = kerf.broadcast %pt, dims = [0] : tensor<523xf32> -> tensor<523x24xf32>
  %p = kerf.div %px, %ptb : tensor<523x24xf32>
  %pp = kerf.mul %p, %p : tensor<523x24xf32>
  %y = kerf.sum %pp, axes = [1] : tensor<523x24xf32> -> tensor<523xf32>
  return %y : tensor<523xf32>
}

// -----

// CHECK-LABEL: @result_across
//       CHECK: kerf.rows block = 64
//       CHECK:   kerf.transpose %{{.*}} -> tensor<64x3xf32>
//       CHECK: kerf.concat({{.*}} -> tensor<523x3xf32>
//       CHECK: kerf.transpose %{{.*}} -> tensor<3x523xf32>
func.func @result_across(%z: tensor<523x3xf32>, %e: tensor<24x3xf32>) -> tensor<3x523xf32> {
  // expected-remark @+1 {{rows: fused}}
  %s = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<523x3xf32>, tensor<24x3xf32> -> tensor<523x24xf32>
  %pm = kerf.max %s, axes = [1] : tensor<523x24xf32> -> tensor<523xf32>
  %pmb = kerf.broadcast %pm, dims = [0] : tensor<523xf32> -> tensor<523x24xf32>
  %pd = kerf.sub %s, %pmb : tensor<523x24xf32>
  %px = kerf.exp %pd : tensor<523x24xf32>
  %pt = kerf.sum %px, axes = [1] : tensor<523x24xf32> -> tensor<523xf32>
  %ptb = kerf.broadcast %pt, dims = [0] : tensor<523xf32> -> tensor<523x24xf32>
  %p = kerf.div %px, %ptb : tensor<523x24xf32>
  %o = kerf.contract %e, %p, a_batch = [], b_batch = [], a_contract = [0], b_contract = [1] : tensor<24x3xf32>, tensor<523x24xf32> -> tensor<3x523xf32>
  return %o : tensor<3x523xf32>
}

// -----

// No softmax, no candidate: a wide layer of a network stays as it is, and nothing is said.
// CHECK-LABEL: @wide_layer
//   CHECK-NOT: kerf.rows
func.func @wide_layer(%z: tensor<523x3xf32>, %e: tensor<24x3xf32>) -> tensor<523x3xf32> {
  %s = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<523x3xf32>, tensor<24x3xf32> -> tensor<523x24xf32>
  %t = kerf.tanh %s : tensor<523x24xf32>
  %o = kerf.contract %t, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<523x24xf32>, tensor<24x3xf32> -> tensor<523x3xf32>
  return %o : tensor<523x3xf32>
}

// -----

// What the second level searches is made of all rows that the first one left: no block of rows leads through both.
// CHECK-LABEL: @codebook_of_rows
//   CHECK-NOT: kerf.rows
func.func @codebook_of_rows(%z: tensor<100x2xf32>, %e: tensor<24x2xf32>) -> tensor<100xi64> {
  %codes = kerf.vq %z, %e, metric = "l2" : tensor<100x2xf32>, tensor<24x2xf32> -> tensor<100xi64>
  %nearest = kerf.gather %e, %codes : tensor<24x2xf32>, tensor<100xi64> -> tensor<100x2xf32>
  %all = kerf.reshape %nearest : tensor<100x2xf32> -> tensor<200xf32>
  %few = kerf.slice %all, offsets = [0], limits = [4], strides = [1] : tensor<200xf32> -> tensor<4xf32>
  %book = kerf.reshape %few : tensor<4xf32> -> tensor<2x2xf32>
  %y = kerf.vq %nearest, %book, metric = "l2" : tensor<100x2xf32>, tensor<2x2xf32> -> tensor<100xi64>
  return %y : tensor<100xi64>
}

// -----

// Attention, its heads behind the positions: an image, then a head, then 64 of its rows; what is made for a head is no array of all.
// CHECK-LABEL: @attention
//   CHECK-NOT: 130x70
//       CHECK: kerf.rows block = 1 index %{{.*}} sliced(%{{.*}} : tensor<2x130x3x4xf32>, %{{.*}} : tensor<2x70x3x4xf32>
//       CHECK:   kerf.rows block = 1 index %{{.*}} sliced(%{{.*}} : tensor<3x1x130x4xf32>
//       CHECK:     kerf.rows block = 64
//       CHECK:       kerf.exp %{{.*}} : tensor<1x1x64x70xf32>
//       CHECK:   kerf.yield %{{.*}} : tensor<1x3x130x4xf32>
func.func @attention(%q: tensor<2x130x3x4xf32>, %k: tensor<2x70x3x4xf32>, %v: tensor<2x70x3x4xf32>) -> tensor<2x3x130x4xf32> {
  // expected-remark @+1 {{rows: fused}}
  %s = kerf.contract %q, %k, a_batch = [0, 2], b_batch = [0, 2], a_contract = [3], b_contract = [3] : tensor<2x130x3x4xf32>, tensor<2x70x3x4xf32> -> tensor<2x3x130x70xf32>
  %pm = kerf.max %s, axes = [3] : tensor<2x3x130x70xf32> -> tensor<2x3x130xf32>
  %pmb = kerf.broadcast %pm, dims = [0, 1, 2] : tensor<2x3x130xf32> -> tensor<2x3x130x70xf32>
  %pd = kerf.sub %s, %pmb : tensor<2x3x130x70xf32>
  %px = kerf.exp %pd : tensor<2x3x130x70xf32>
  %pt = kerf.sum %px, axes = [3] : tensor<2x3x130x70xf32> -> tensor<2x3x130xf32>
  %ptb = kerf.broadcast %pt, dims = [0, 1, 2] : tensor<2x3x130xf32> -> tensor<2x3x130x70xf32>
  %p = kerf.div %px, %ptb : tensor<2x3x130x70xf32>
  %o = kerf.contract %p, %v, a_batch = [0, 1], b_batch = [0, 2], a_contract = [3], b_contract = [1] : tensor<2x3x130x70xf32>, tensor<2x70x3x4xf32> -> tensor<2x3x130x4xf32>
  return %o : tensor<2x3x130x4xf32>
}

// -----

// A constant that is another for every image is there already, however large.
// CHECK-LABEL: @constant_bias
//       CHECK: %[[BIAS:.*]] = arith.constant dense<{{.*}}> : tensor<3x4x4xf32>
//       CHECK: kerf.rows block = 1 {{.*}} = %[[BIAS]] : tensor<3x4x4xf32>
func.func @constant_bias(%q: tensor<3x4x1xf32>, %k: tensor<3x4x1xf32>) -> tensor<3x4x1xf32> {
  %bias = arith.constant dense<[[[-0.25, 0.5, 1.75, -2.25], [1.25, -0.5, -2.0, -1.0], [-1.5, 0.5, 1.5, -0.5], [0.75, 2.0, -1.5, 2.25]], [[-0.5, -2.25, -0.75, 1.0], [-0.25, -1.0, 0.75, -1.0], [-1.75, -1.25, 1.25, -1.25], [-1.25, -2.25, -2.25, -0.75]], [[-0.75, -1.0, -1.0, 0.0], [0.25, -0.75, 2.0, -0.75], [-1.0, -0.75, 0.75, 0.0], [-2.25, 0.5, 1.0, -1.0]]]> : tensor<3x4x4xf32>
  // expected-remark @+1 {{rows: fused}}
  %a = kerf.contract %q, %k, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [2] : tensor<3x4x1xf32>, tensor<3x4x1xf32> -> tensor<3x4x4xf32>
  %s = kerf.add %a, %bias : tensor<3x4x4xf32>
  %pm = kerf.max %s, axes = [2] : tensor<3x4x4xf32> -> tensor<3x4xf32>
  %pmb = kerf.broadcast %pm, dims = [0, 1] : tensor<3x4xf32> -> tensor<3x4x4xf32>
  %pd = kerf.sub %s, %pmb : tensor<3x4x4xf32>
  %px = kerf.exp %pd : tensor<3x4x4xf32>
  %pt = kerf.sum %px, axes = [2] : tensor<3x4x4xf32> -> tensor<3x4xf32>
  %ptb = kerf.broadcast %pt, dims = [0, 1] : tensor<3x4xf32> -> tensor<3x4x4xf32>
  %p = kerf.div %px, %ptb : tensor<3x4x4xf32>
  %o = kerf.contract %p, %k, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [1] : tensor<3x4x4xf32>, tensor<3x4x1xf32> -> tensor<3x4x1xf32>
  return %o : tensor<3x4x1xf32>
}

// -----

// No array of a mask either: it is made again for each block, of the numbers of its positions and of all.
// CHECK-LABEL: @causal
//   CHECK-NOT: 130x130
//       CHECK:     kerf.rows block = 64
//       CHECK:       kerf.compare {{.*}} : tensor<64x130xi64> -> tensor<64x130xi1>
//   CHECK-NOT: 130x130
func.func @causal(%q: tensor<2x3x130x4xf64>) -> tensor<2x3x130x4xf64> {
  %n = kerf.iota : tensor<130xi64>
  %i = kerf.broadcast %n, dims = [0] : tensor<130xi64> -> tensor<130x130xi64>
  %j = kerf.broadcast %n, dims = [1] : tensor<130xi64> -> tensor<130x130xi64>
  %hidden = kerf.compare %j, %i, predicate = "gt" : tensor<130x130xi64> -> tensor<130x130xi1>
  %mask = kerf.broadcast %hidden, dims = [2, 3] : tensor<130x130xi1> -> tensor<2x3x130x130xi1>
  %low = arith.constant dense<0xFFF0000000000000> : tensor<2x3x130x130xf64>
  // expected-remark @+1 {{rows: fused}}
  %a = kerf.contract %q, %q, a_batch = [0, 1], b_batch = [0, 1], a_contract = [3], b_contract = [3] : tensor<2x3x130x4xf64>, tensor<2x3x130x4xf64> -> tensor<2x3x130x130xf64>
  %s = kerf.select %mask, %low, %a : tensor<2x3x130x130xi1>, tensor<2x3x130x130xf64>
  %pm = kerf.max %s, axes = [3] : tensor<2x3x130x130xf64> -> tensor<2x3x130xf64>
  %pmb = kerf.broadcast %pm, dims = [0, 1, 2] : tensor<2x3x130xf64> -> tensor<2x3x130x130xf64>
  %pd = kerf.sub %s, %pmb : tensor<2x3x130x130xf64>
  %px = kerf.exp %pd : tensor<2x3x130x130xf64>
  %pt = kerf.sum %px, axes = [3] : tensor<2x3x130x130xf64> -> tensor<2x3x130xf64>
  %ptb = kerf.broadcast %pt, dims = [0, 1, 2] : tensor<2x3x130xf64> -> tensor<2x3x130x130xf64>
  %p = kerf.div %px, %ptb : tensor<2x3x130x130xf64>
  %o = kerf.contract %p, %q, a_batch = [0, 1], b_batch = [0, 1], a_contract = [3], b_contract = [2] : tensor<2x3x130x130xf64>, tensor<2x3x130x4xf64> -> tensor<2x3x130x4xf64>
  return %o : tensor<2x3x130x4xf64>
}

// -----

// Weights that the caller wants leave block by block; no other array is as large.
// CHECK-LABEL: @weights_are_returned
//       CHECK: %[[ALL:.*]]:2 = kerf.rows block = 1
//       CHECK:     kerf.rows block = 64
//       CHECK:       %[[WEIGHTS:.*]] = kerf.div {{.*}} : tensor<1x64x70xf32>
//       CHECK: return %{{.*}}, %{{.*}} : tensor<3x130x4xf32>, tensor<3x130x70xf32>
func.func @weights_are_returned(%q: tensor<3x130x4xf32>, %k: tensor<3x70x4xf32>) -> (tensor<3x130x4xf32>, tensor<3x130x70xf32>) {
  // expected-remark @+1 {{rows: fused}}
  %s = kerf.contract %q, %k, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [2] : tensor<3x130x4xf32>, tensor<3x70x4xf32> -> tensor<3x130x70xf32>
  %pm = kerf.max %s, axes = [2] : tensor<3x130x70xf32> -> tensor<3x130xf32>
  %pmb = kerf.broadcast %pm, dims = [0, 1] : tensor<3x130xf32> -> tensor<3x130x70xf32>
  %pd = kerf.sub %s, %pmb : tensor<3x130x70xf32>
  %px = kerf.exp %pd : tensor<3x130x70xf32>
  %pt = kerf.sum %px, axes = [2] : tensor<3x130x70xf32> -> tensor<3x130xf32>
  %ptb = kerf.broadcast %pt, dims = [0, 1] : tensor<3x130xf32> -> tensor<3x130x70xf32>
  %p = kerf.div %px, %ptb : tensor<3x130x70xf32>
  %o = kerf.contract %p, %k, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [1] : tensor<3x130x70xf32>, tensor<3x70x4xf32> -> tensor<3x130x4xf32>
  return %o, %p : tensor<3x130x4xf32>, tensor<3x130x70xf32>
}

// -----

// A product that is added up over rows takes as many as a contraction does at once; such a block is cut no further.
// CHECK-LABEL: @product_over_rows
//       CHECK: kerf.rows block = 256
//   CHECK-NOT: kerf.rows block = 64
func.func @product_over_rows(%z: tensor<523x3xf32>, %e: tensor<24x3xf32>) -> tensor<24x3xf32> {
  // expected-remark @+1 {{rows: fused}}
  %s = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<523x3xf32>, tensor<24x3xf32> -> tensor<523x24xf32>
  %pm = kerf.max %s, axes = [1] : tensor<523x24xf32> -> tensor<523xf32>
  %pmb = kerf.broadcast %pm, dims = [0] : tensor<523xf32> -> tensor<523x24xf32>
  %pd = kerf.sub %s, %pmb : tensor<523x24xf32>
  %px = kerf.exp %pd : tensor<523x24xf32>
  %pt = kerf.sum %px, axes = [1] : tensor<523x24xf32> -> tensor<523xf32>
  %ptb = kerf.broadcast %pt, dims = [0] : tensor<523xf32> -> tensor<523x24xf32>
  %p = kerf.div %px, %ptb : tensor<523x24xf32>
  %o = kerf.contract %p, %z, a_batch = [], b_batch = [], a_contract = [0], b_contract = [0] : tensor<523x24xf32>, tensor<523x3xf32> -> tensor<24x3xf32>
  return %o : tensor<24x3xf32>
}
