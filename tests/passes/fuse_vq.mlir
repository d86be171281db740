// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-fuse-vq=explain=1 | FileCheck %s
// RUN: kerf-run --compare %s
// RUN: kerf-run --match vq --second %s

// Every form is checked against the oracle of what was written, with awkward sizes.

// As models/vqvae/vqvae.h has it: the factor 2 stands on z, and |z|^2 is left out.
// CHECK-LABEL: @as_the_model_writes_it
//  CHECK-SAME: (%[[Z:.*]]: tensor<13x5xf32>, %[[E:.*]]: tensor<7x5xf32>)
//  CHECK-NEXT: %[[CODES:.*]] = kerf.vq %[[Z]], %[[E]], metric = "l2"
//  CHECK-NEXT: return %[[CODES]]
func.func @as_the_model_writes_it(%z: tensor<13x5xf32>, %e: tensor<7x5xf32>) -> tensor<13xi64> {
  %ee = kerf.mul %e, %e : tensor<7x5xf32>
  %n = kerf.sum %ee, axes = [1] : tensor<7x5xf32> -> tensor<7xf32>
  %b = kerf.broadcast %n, dims = [1] : tensor<7xf32> -> tensor<13x7xf32>
  %two = arith.constant dense<2.0> : tensor<13x5xf32>
  %w = kerf.mul %z, %two : tensor<13x5xf32>
  %d = kerf.contract %w, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<13x5xf32>, tensor<7x5xf32> -> tensor<13x7xf32>
  %s = kerf.sub %b, %d : tensor<13x7xf32>
  // expected-remark @+1 {{vq: fused}}
  %y = kerf.argmin %s, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
  return %y : tensor<13xi64>
}

// |z|^2 - 2 z.e + |e|^2, the factor behind the contraction.
// CHECK-LABEL: @with_the_rows_length
//       CHECK: kerf.vq %{{.*}}, %{{.*}}, metric = "l2"
//   CHECK-NOT: kerf.argmin
func.func @with_the_rows_length(%z: tensor<13x5xf32>, %e: tensor<7x5xf32>) -> tensor<13xi64> {
  %ee = kerf.mul %e, %e : tensor<7x5xf32>
  %n = kerf.sum %ee, axes = [1] : tensor<7x5xf32> -> tensor<7xf32>
  %b = kerf.broadcast %n, dims = [1] : tensor<7xf32> -> tensor<13x7xf32>
  %zz = kerf.mul %z, %z : tensor<13x5xf32>
  %zn = kerf.sum %zz, axes = [1] : tensor<13x5xf32> -> tensor<13xf32>
  %zb = kerf.broadcast %zn, dims = [0] : tensor<13xf32> -> tensor<13x7xf32>
  %d = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<13x5xf32>, tensor<7x5xf32> -> tensor<13x7xf32>
  %two = arith.constant dense<2.0> : tensor<13x7xf32>
  %d2 = kerf.mul %d, %two : tensor<13x7xf32>
  %t = kerf.add %zb, %b : tensor<13x7xf32>
  %s = kerf.sub %t, %d2 : tensor<13x7xf32>
  // expected-remark @+1 {{vq: fused}}
  %y = kerf.argmin %s, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
  return %y : tensor<13xi64>
}

// cdist: the root of the distance, clamped at 0.
// CHECK-LABEL: @root_and_clamp
//       CHECK: kerf.vq %{{.*}}, %{{.*}}, metric = "l2"
//   CHECK-NOT: kerf.argmin
func.func @root_and_clamp(%z: tensor<13x5xf32>, %e: tensor<7x5xf32>) -> tensor<13xi64> {
  %ee = kerf.mul %e, %e : tensor<7x5xf32>
  %n = kerf.sum %ee, axes = [1] : tensor<7x5xf32> -> tensor<7xf32>
  %b = kerf.broadcast %n, dims = [1] : tensor<7xf32> -> tensor<13x7xf32>
  %zz = kerf.mul %z, %z : tensor<13x5xf32>
  %zn = kerf.sum %zz, axes = [1] : tensor<13x5xf32> -> tensor<13xf32>
  %zb = kerf.broadcast %zn, dims = [0] : tensor<13xf32> -> tensor<13x7xf32>
  %d = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<13x5xf32>, tensor<7x5xf32> -> tensor<13x7xf32>
  %two = arith.constant dense<2.0> : tensor<13x7xf32>
  %d2 = kerf.mul %d, %two : tensor<13x7xf32>
  %t = kerf.add %zb, %b : tensor<13x7xf32>
  %d2full = kerf.sub %t, %d2 : tensor<13x7xf32>
  %zero = arith.constant dense<0.0> : tensor<13x7xf32>
  %c = kerf.maximum %d2full, %zero : tensor<13x7xf32>
  %s = kerf.sqrt %c : tensor<13x7xf32>
  // expected-remark @+1 {{vq: fused}}
  %y = kerf.argmin %s, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
  return %y : tensor<13xi64>
}

// The factor -2 on the codebook, a sum in the other order.
// CHECK-LABEL: @factor_on_the_codebook
//       CHECK: kerf.vq %arg0, %arg1, metric = "l2"
func.func @factor_on_the_codebook(%z: tensor<13x5xf32>, %e: tensor<7x5xf32>) -> tensor<13xi64> {
  %ee = kerf.mul %e, %e : tensor<7x5xf32>
  %n = kerf.sum %ee, axes = [1] : tensor<7x5xf32> -> tensor<7xf32>
  %b = kerf.broadcast %n, dims = [1] : tensor<7xf32> -> tensor<13x7xf32>
  %k = arith.constant dense<-2.0> : tensor<7x5xf32>
  %w = kerf.mul %e, %k : tensor<7x5xf32>
  %d = kerf.contract %z, %w, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<13x5xf32>, tensor<7x5xf32> -> tensor<13x7xf32>
  %s = kerf.add %d, %b : tensor<13x7xf32>
  // expected-remark @+1 {{vq: fused}}
  %y = kerf.argmin %s, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
  return %y : tensor<13xi64>
}

// Codes x rows: the codebook is the left operand, and the argmin is over axis 0.
// CHECK-LABEL: @codes_first
//       CHECK: kerf.vq %arg0, %arg1, metric = "l2"
func.func @codes_first(%z: tensor<13x5xf32>, %e: tensor<7x5xf32>) -> tensor<13xi64> {
  %ee = kerf.mul %e, %e : tensor<7x5xf32>
  %n = kerf.sum %ee, axes = [1] : tensor<7x5xf32> -> tensor<7xf32>
  %b = kerf.broadcast %n, dims = [0] : tensor<7xf32> -> tensor<7x13xf32>
  %d = kerf.contract %e, %z, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<7x5xf32>, tensor<13x5xf32> -> tensor<7x13xf32>
  %two = arith.constant dense<2.0> : tensor<7x13xf32>
  %d2 = kerf.mul %two, %d : tensor<7x13xf32>
  %s = kerf.sub %b, %d2 : tensor<7x13xf32>
  // expected-remark @+1 {{vq: fused}}
  %y = kerf.argmin %s, axis = 0 : tensor<7x13xf32> -> tensor<13xi64>
  return %y : tensor<13xi64>
}

// The distance halved and negated twice, as an argmax of a log-likelihood is.
// CHECK-LABEL: @scaled
//       CHECK: kerf.vq %{{.*}}, %{{.*}}, metric = "l2"
//   CHECK-NOT: kerf.argmin
func.func @scaled(%z: tensor<13x5xf32>, %e: tensor<7x5xf32>) -> tensor<13xi64> {
  %ee = kerf.mul %e, %e : tensor<7x5xf32>
  %n = kerf.sum %ee, axes = [1] : tensor<7x5xf32> -> tensor<7xf32>
  %b = kerf.broadcast %n, dims = [1] : tensor<7xf32> -> tensor<13x7xf32>
  %zz = kerf.mul %z, %z : tensor<13x5xf32>
  %zn = kerf.sum %zz, axes = [1] : tensor<13x5xf32> -> tensor<13xf32>
  %zb = kerf.broadcast %zn, dims = [0] : tensor<13xf32> -> tensor<13x7xf32>
  %d = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<13x5xf32>, tensor<7x5xf32> -> tensor<13x7xf32>
  %two = arith.constant dense<2.0> : tensor<13x7xf32>
  %d2 = kerf.mul %d, %two : tensor<13x7xf32>
  %t = kerf.add %zb, %b : tensor<13x7xf32>
  %d2full = kerf.sub %t, %d2 : tensor<13x7xf32>
  %half = arith.constant dense<0.5> : tensor<13x7xf32>
  %h = kerf.mul %d2full, %half : tensor<13x7xf32>
  %m = kerf.neg %h : tensor<13x7xf32>
  %s = kerf.neg %m : tensor<13x7xf32>
  // expected-remark @+1 {{vq: fused}}
  %y = kerf.argmin %s, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
  return %y : tensor<13xi64>
}

// |e|^2 - z.e: the nearest code of z / 2.
// CHECK-LABEL: @any_factor_is_a_nearest_code
//       CHECK: %[[HALF:.*]] = kerf.mul %arg0
//       CHECK: kerf.vq %[[HALF]], %arg1, metric = "l2"
func.func @any_factor_is_a_nearest_code(%z: tensor<13x5xf32>, %e: tensor<7x5xf32>) -> tensor<13xi64> {
  %ee = kerf.mul %e, %e : tensor<7x5xf32>
  %n = kerf.sum %ee, axes = [1] : tensor<7x5xf32> -> tensor<7xf32>
  %b = kerf.broadcast %n, dims = [1] : tensor<7xf32> -> tensor<13x7xf32>
  %d = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<13x5xf32>, tensor<7x5xf32> -> tensor<13x7xf32>
  %s = kerf.sub %b, %d : tensor<13x7xf32>
  // expected-remark @+1 {{vq: fused}}
  %y = kerf.argmin %s, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
  return %y : tensor<13xi64>
}

// A codebook of features x codes is transposed for the kernel; its lengths are summed over axis 0.
// CHECK-LABEL: @features_first
//       CHECK: %[[E:.*]] = kerf.transpose %arg1, permutation = [1, 0]
//       CHECK: kerf.vq %arg0, %[[E]], metric = "l2"
func.func @features_first(%z: tensor<13x5xf32>, %e: tensor<5x7xf32>) -> tensor<13xi64> {
  %ee = kerf.mul %e, %e : tensor<5x7xf32>
  %n = kerf.sum %ee, axes = [0] : tensor<5x7xf32> -> tensor<7xf32>
  %b = kerf.broadcast %n, dims = [1] : tensor<7xf32> -> tensor<13x7xf32>
  %two = arith.constant dense<2.0> : tensor<13x5xf32>
  %w = kerf.mul %z, %two : tensor<13x5xf32>
  %d = kerf.contract %w, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<13x5xf32>, tensor<5x7xf32> -> tensor<13x7xf32>
  %s = kerf.sub %b, %d : tensor<13x7xf32>
  // expected-remark @+1 {{vq: fused}}
  %y = kerf.argmin %s, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
  return %y : tensor<13xi64>
}

// Images: features are axis 1 of z, behind the contraction rows are split and moved.
// CHECK-LABEL: @through_views
//       CHECK: %[[R:.*]] = kerf.transpose %arg0
//       CHECK: %[[M:.*]] = kerf.reshape %[[R]]
//       CHECK: %[[CODES:.*]] = kerf.vq %[[M]], %arg1, metric = "l2"
//       CHECK: %[[SPLIT:.*]] = kerf.reshape %[[CODES]] : tensor<24xi64> -> tensor<2x3x4xi64>
//       CHECK: kerf.transpose %[[SPLIT]], permutation = [0, 2, 1]
func.func @through_views(%z: tensor<2x5x3x4xf32>, %e: tensor<7x5xf32>) -> tensor<2x4x3xi64> {
  %ee = kerf.mul %e, %e : tensor<7x5xf32>
  %n = kerf.sum %ee, axes = [1] : tensor<7x5xf32> -> tensor<7xf32>
  %two = arith.constant dense<2.0> : tensor<2x5x3x4xf32>
  %w = kerf.mul %z, %two : tensor<2x5x3x4xf32>
  %r = kerf.transpose %w, permutation = [0, 2, 3, 1] : tensor<2x5x3x4xf32> -> tensor<2x3x4x5xf32>
  %m = kerf.reshape %r : tensor<2x3x4x5xf32> -> tensor<24x5xf32>
  %d = kerf.contract %m, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<24x5xf32>, tensor<7x5xf32> -> tensor<24x7xf32>
  %d4 = kerf.reshape %d : tensor<24x7xf32> -> tensor<2x3x4x7xf32>
  %dt = kerf.transpose %d4, permutation = [3, 0, 2, 1] : tensor<2x3x4x7xf32> -> tensor<7x2x4x3xf32>
  %b = kerf.broadcast %n, dims = [0] : tensor<7xf32> -> tensor<7x2x4x3xf32>
  %s = kerf.sub %b, %dt : tensor<7x2x4x3xf32>
  // expected-remark @+1 {{vq: fused}}
  %y = kerf.argmin %s, axis = 0 : tensor<7x2x4x3xf32> -> tensor<2x4x3xi64>
  return %y : tensor<2x4x3xi64>
}

// Features in two axes, rows in two, in an order that is not the kernel's.
// CHECK-LABEL: @several_axes
//       CHECK: kerf.vq %{{.*}}, %{{.*}}, metric = "l2" : tensor<4x5x6xf32>, tensor<7x6xf32>
func.func @several_axes(%z: tensor<2x4x3x5xf32>, %e: tensor<2x7x3xf32>) -> tensor<4x5xi64> {
  %ee = kerf.mul %e, %e : tensor<2x7x3xf32>
  %n = kerf.sum %ee, axes = [0, 2] : tensor<2x7x3xf32> -> tensor<7xf32>
  %two = arith.constant dense<2.0> : tensor<2x4x3x5xf32>
  %w = kerf.mul %z, %two : tensor<2x4x3x5xf32>
  %d = kerf.contract %w, %e, a_batch = [], b_batch = [], a_contract = [0, 2], b_contract = [0, 2] : tensor<2x4x3x5xf32>, tensor<2x7x3xf32> -> tensor<4x5x7xf32>
  %b = kerf.broadcast %n, dims = [2] : tensor<7xf32> -> tensor<4x5x7xf32>
  %s = kerf.sub %b, %d : tensor<4x5x7xf32>
  // expected-remark @+1 {{vq: fused}}
  %y = kerf.argmin %s, axis = 2 : tensor<4x5x7xf32> -> tensor<4x5xi64>
  return %y : tensor<4x5xi64>
}

// sum((z - e)^2) over a rows x codes x features array, which is gone.
// CHECK-LABEL: @differences
//       CHECK: kerf.vq %{{.*}}, %{{.*}}, metric = "l2"
//   CHECK-NOT: kerf.argmin
func.func @differences(%z: tensor<13x5xf32>, %e: tensor<7x5xf32>) -> tensor<13xi64> {
  %a = kerf.reshape %z : tensor<13x5xf32> -> tensor<13x1x5xf32>
  %za = kerf.broadcast %a, dims = [0, 1, 2] : tensor<13x1x5xf32> -> tensor<13x7x5xf32>
  %ea = kerf.broadcast %e, dims = [1, 2] : tensor<7x5xf32> -> tensor<13x7x5xf32>
  %x = kerf.sub %za, %ea : tensor<13x7x5xf32>
  %xx = kerf.mul %x, %x : tensor<13x7x5xf32>
  %t = kerf.sum %xx, axes = [2] : tensor<13x7x5xf32> -> tensor<13x7xf32>
  %s = kerf.sqrt %t : tensor<13x7xf32>
  // expected-remark @+1 {{vq: fused}}
  %y = kerf.argmin %s, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
  return %y : tensor<13xi64>
}

// Codes x features x rows, subtracted the other way round.
// CHECK-LABEL: @differences_in_another_order
//       CHECK: %[[Z:.*]] = kerf.transpose %arg0
//       CHECK: kerf.vq %[[Z]], %arg1, metric = "l2"
func.func @differences_in_another_order(%z: tensor<5x13xf32>, %e: tensor<7x5xf32>) -> tensor<13xi64> {
  %za = kerf.broadcast %z, dims = [1, 2] : tensor<5x13xf32> -> tensor<7x5x13xf32>
  %ea = kerf.broadcast %e, dims = [0, 1] : tensor<7x5xf32> -> tensor<7x5x13xf32>
  %x = kerf.sub %ea, %za : tensor<7x5x13xf32>
  %xx = kerf.mul %x, %x : tensor<7x5x13xf32>
  %s = kerf.sum %xx, axes = [1] : tensor<7x5x13xf32> -> tensor<7x13xf32>
  // expected-remark @+1 {{vq: fused}}
  %y = kerf.argmin %s, axis = 0 : tensor<7x13xf32> -> tensor<13xi64>
  return %y : tensor<13xi64>
}

// No length: the most similar code; the sign may stand on either side.
// CHECK-LABEL: @similarity
//       CHECK: kerf.vq %arg0, %arg1, metric = "dot"
func.func @similarity(%z: tensor<13x5xf32>, %e: tensor<7x5xf32>) -> tensor<13xi64> {
  %d = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<13x5xf32>, tensor<7x5xf32> -> tensor<13x7xf32>
  %s = kerf.neg %d : tensor<13x7xf32>
  // expected-remark @+1 {{vq: fused}}
  %y = kerf.argmin %s, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
  return %y : tensor<13xi64>
}

// The least similar code is the most similar one of -z.
// CHECK-LABEL: @least_similar
//       CHECK: %[[MINUS:.*]] = kerf.neg %arg0
//       CHECK: kerf.vq %[[MINUS]], %arg1, metric = "dot"
func.func @least_similar(%z: tensor<13x5xf32>, %e: tensor<7x5xf32>) -> tensor<13xi64> {
  %s = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<13x5xf32>, tensor<7x5xf32> -> tensor<13x7xf32>
  // expected-remark @+1 {{vq: fused}}
  %y = kerf.argmin %s, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
  return %y : tensor<13xi64>
}

// 1 - cosine: the lengths stand on the operands, so it is a product with unit codes.
// CHECK-LABEL: @cosine_distance
//       CHECK: %[[U:.*]] = kerf.mul %arg1, %{{[0-9]+}}
//       CHECK: kerf.vq %arg0, %[[U]], metric = "dot"
func.func @cosine_distance(%z: tensor<13x5xf32>, %e: tensor<7x5xf32>) -> tensor<13xi64> {
  %ee = kerf.mul %e, %e : tensor<7x5xf32>
  %n = kerf.sum %ee, axes = [1] : tensor<7x5xf32> -> tensor<7xf32>
  %l = kerf.rsqrt %n : tensor<7xf32>
  %lb = kerf.broadcast %l, dims = [0] : tensor<7xf32> -> tensor<7x5xf32>
  %u = kerf.mul %e, %lb : tensor<7x5xf32>
  %d = kerf.contract %z, %u, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<13x5xf32>, tensor<7x5xf32> -> tensor<13x7xf32>
  %one = arith.constant dense<1.0> : tensor<13x7xf32>
  %s = kerf.sub %one, %d : tensor<13x7xf32>
  // expected-remark @+1 {{vq: fused}}
  %y = kerf.argmin %s, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
  return %y : tensor<13xi64>
}

// One row without axes; |e|^2 as a contraction, and as the square of a root.
// CHECK-LABEL: @one_row
//       CHECK: kerf.vq %{{.*}}, %{{.*}}, metric = "l2"
//   CHECK-NOT: kerf.argmin
func.func @one_row(%z: tensor<5xf32>, %e: tensor<7x5xf32>) -> tensor<i64> {
  %ee = kerf.contract %e, %e, a_batch = [0], b_batch = [0], a_contract = [1], b_contract = [1] : tensor<7x5xf32>, tensor<7x5xf32> -> tensor<7xf32>
  %l = kerf.sqrt %ee : tensor<7xf32>
  %n = kerf.mul %l, %l : tensor<7xf32>
  %two = arith.constant dense<2.0> : tensor<5xf32>
  %w = kerf.mul %z, %two : tensor<5xf32>
  %d = kerf.contract %e, %w, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<7x5xf32>, tensor<5xf32> -> tensor<7xf32>
  %s = kerf.sub %n, %d : tensor<7xf32>
  // expected-remark @+1 {{vq: fused}}
  %y = kerf.argmin %s, axis = 0 : tensor<7xf32> -> tensor<i64>
  return %y : tensor<i64>
}

// CHECK-LABEL: @one_codebook_per_head
//  CHECK-SAME: (%[[Z:.*]]: tensor<2x13x5xf32>, %[[E:.*]]: tensor<2x7x5xf32>)
//  CHECK-NEXT: %[[CODES:.*]] = kerf.vq %[[Z]], %[[E]], metric = "dot" : tensor<2x13x5xf32>, tensor<2x7x5xf32> -> tensor<2x13xi64>
//  CHECK-NEXT: return %[[CODES]]
func.func @one_codebook_per_head(%z: tensor<2x13x5xf32>, %e: tensor<2x7x5xf32>) -> tensor<2x13xi64> {
  %d = kerf.contract %z, %e, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [2] : tensor<2x13x5xf32>, tensor<2x7x5xf32> -> tensor<2x13x7xf32>
  %s = kerf.neg %d : tensor<2x13x7xf32>
  // expected-remark @+1 {{vq: fused}}
  %y = kerf.argmin %s, axis = 2 : tensor<2x13x7xf32> -> tensor<2x13xi64>
  return %y : tensor<2x13xi64>
}

// Heads stand behind the rows of z and of the result; |e|^2 is written as a contraction.
// CHECK-LABEL: @heads_behind_rows
//  CHECK-SAME: (%[[Z:.*]]: tensor<13x2x5xf32>, %[[E:.*]]: tensor<2x7x5xf32>)
//  CHECK-NEXT: %[[ROWS:.*]] = kerf.transpose %[[Z]], permutation = [1, 0, 2]
//  CHECK-NEXT: %[[CODES:.*]] = kerf.vq %[[ROWS]], %[[E]], metric = "l2"
//  CHECK-NEXT: %[[BACK:.*]] = kerf.transpose %[[CODES]], permutation = [1, 0]
//  CHECK-NEXT: return %[[BACK]]
func.func @heads_behind_rows(%z: tensor<13x2x5xf32>, %e: tensor<2x7x5xf32>) -> tensor<13x2xi64> {
  %n = kerf.contract %e, %e, a_batch = [0, 1], b_batch = [0, 1], a_contract = [2], b_contract = [2] : tensor<2x7x5xf32>, tensor<2x7x5xf32> -> tensor<2x7xf32>
  %b = kerf.broadcast %n, dims = [1, 2] : tensor<2x7xf32> -> tensor<13x2x7xf32>
  %d = kerf.contract %z, %e, a_batch = [1], b_batch = [0], a_contract = [2], b_contract = [2] : tensor<13x2x5xf32>, tensor<2x7x5xf32> -> tensor<2x13x7xf32>
  %t = kerf.transpose %d, permutation = [1, 0, 2] : tensor<2x13x7xf32> -> tensor<13x2x7xf32>
  %two = arith.constant dense<2.0> : tensor<13x2x7xf32>
  %d2 = kerf.mul %t, %two : tensor<13x2x7xf32>
  %s = kerf.sub %b, %d2 : tensor<13x2x7xf32>
  // expected-remark @+1 {{vq: fused}}
  %y = kerf.argmin %s, axis = 2 : tensor<13x2x7xf32> -> tensor<13x2xi64>
  return %y : tensor<13x2xi64>
}

// The codebook is the contraction's first operand, a head of extent 1 among the heads.
// CHECK-LABEL: @codes_before_heads_rows
//       CHECK: kerf.vq %{{.*}}, %{{.*}}, metric = "l2" : tensor<1x3x13x5xf32>, tensor<1x3x7x5xf32> -> tensor<1x3x13xi64>
func.func @codes_before_heads_rows(%z: tensor<1x3x13x5xf32>, %e: tensor<1x3x7x5xf32>) -> tensor<1x3x13xi64> {
  %ee = kerf.mul %e, %e : tensor<1x3x7x5xf32>
  %n = kerf.sum %ee, axes = [3] : tensor<1x3x7x5xf32> -> tensor<1x3x7xf32>
  %r = kerf.reshape %n : tensor<1x3x7xf32> -> tensor<3x7x1xf32>
  %b = kerf.broadcast %r, dims = [1, 2, 3] : tensor<3x7x1xf32> -> tensor<1x3x7x13xf32>
  %two = arith.constant dense<2.0> : tensor<1x3x13x5xf32>
  %w = kerf.mul %z, %two : tensor<1x3x13x5xf32>
  %d = kerf.contract %e, %w, a_batch = [0, 1], b_batch = [0, 1], a_contract = [3], b_contract = [3] : tensor<1x3x7x5xf32>, tensor<1x3x13x5xf32> -> tensor<1x3x7x13xf32>
  %s = kerf.sub %b, %d : tensor<1x3x7x13xf32>
  // expected-remark @+1 {{vq: fused}}
  %y = kerf.argmin %s, axis = 2 : tensor<1x3x7x13xf32> -> tensor<1x3x13xi64>
  return %y : tensor<1x3x13xi64>
}

// One row per head: |e|^2 has the shape of the scores.
// CHECK-LABEL: @a_row_per_head
//       CHECK: kerf.vq %{{.*}}, %{{.*}}, metric = "l2" : tensor<3x5xf32>, tensor<3x7x5xf32> -> tensor<3xi64>
func.func @a_row_per_head(%z: tensor<3x5xf32>, %e: tensor<3x7x5xf32>) -> tensor<3xi64> {
  %ee = kerf.mul %e, %e : tensor<3x7x5xf32>
  %n = kerf.sum %ee, axes = [2] : tensor<3x7x5xf32> -> tensor<3x7xf32>
  %two = arith.constant dense<2.0> : tensor<3x5xf32>
  %w = kerf.mul %z, %two : tensor<3x5xf32>
  %d = kerf.contract %w, %e, a_batch = [0], b_batch = [0], a_contract = [1], b_contract = [2] : tensor<3x5xf32>, tensor<3x7x5xf32> -> tensor<3x7xf32>
  %s = kerf.sub %n, %d : tensor<3x7xf32>
  // expected-remark @+1 {{vq: fused}}
  %y = kerf.argmin %s, axis = 1 : tensor<3x7xf32> -> tensor<3xi64>
  return %y : tensor<3xi64>
}

// Gumbel noise on the scores, as kerf/vq.h writes it: drawn in the kernel, bit for bit.
// CHECK-LABEL: @drawn_as_the_language_does
//  CHECK-SAME: (%[[Z:.*]]: tensor<13x5xf32>, %[[E:.*]]: tensor<7x5xf32>, %[[KEY:.*]]: tensor<2xi32> {{.*}}, %[[T:.*]]: tensor<f32>)
//  CHECK-NEXT: %[[OFFSET:.*]] = arith.constant dense<3>
//  CHECK-NEXT: %[[CODES:.*]] = kerf.vq_sampled %[[Z]], %[[E]], %[[KEY]], %[[OFFSET]], %[[T]], metric = "l2", least = 2.98{{.*}}E-8
//  CHECK-NEXT: return %[[CODES]]
func.func @drawn_as_the_language_does(%z: tensor<13x5xf32>, %e: tensor<7x5xf32>, %key: tensor<2xi32> {kerf.dtype = "uint32"}, %t: tensor<f32>) -> tensor<13xi64> {
  %ee = kerf.mul %e, %e : tensor<7x5xf32>
  %n = kerf.sum %ee, axes = [1] : tensor<7x5xf32> -> tensor<7xf32>
  %b = kerf.broadcast %n, dims = [1] : tensor<7xf32> -> tensor<13x7xf32>
  %two = arith.constant dense<2.0> : tensor<13x5xf32>
  %w = kerf.mul %z, %two : tensor<13x5xf32>
  %d = kerf.contract %w, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<13x5xf32>, tensor<7x5xf32> -> tensor<13x7xf32>
  %s = kerf.sub %b, %d : tensor<13x7xf32>
  %offset = arith.constant dense<3> : tensor<i64>
  %u = kerf.uniform %key, %offset : tensor<13x7xf32>
  %least = arith.constant dense<2.98023224E-8> : tensor<13x7xf32>
  %m = kerf.maximum %u, %least : tensor<13x7xf32>
  %l = kerf.log %m : tensor<13x7xf32>
  %v = kerf.neg %l : tensor<13x7xf32>
  %ll = kerf.log %v : tensor<13x7xf32>
  %g = kerf.neg %ll : tensor<13x7xf32>
  %tb = kerf.broadcast %t, dims = [] : tensor<f32> -> tensor<13x7xf32>
  %tg = kerf.mul %tb, %g : tensor<13x7xf32>
  %x = kerf.sub %s, %tg : tensor<13x7xf32>
  // expected-remark @+1 {{vq: fused}}
  %y = kerf.argmin %x, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
  return %y : tensor<13xi64>
}

// An argmax of logits by a temperature, plus noise; rows of two axes; the number before the noise is
// what is left of all factors.
// CHECK-LABEL: @logits_plus_noise
//  CHECK-SAME: (%[[Z:.*]]: tensor<13x5xf32>, %[[E:.*]]: tensor<7x5xf32>, %[[KEY:.*]]: tensor<2xi32>
//       CHECK: %[[T:.*]] = arith.constant dense<5.000000e-01> : tensor<f32>
//       CHECK: kerf.vq_sampled %[[Z]], %[[E]], %[[KEY]], %{{.*}}, %[[T]], metric = "l2", least = 0.000000e+00
//       CHECK: kerf.reshape %{{.*}} : tensor<13xi64> -> tensor<1x13xi64>
func.func @logits_plus_noise(%z: tensor<13x5xf32>, %e: tensor<7x5xf32>, %key: tensor<2xi32> {kerf.dtype = "uint32"}) -> tensor<1x13xi64> {
  %ee = kerf.mul %e, %e : tensor<7x5xf32>
  %n = kerf.sum %ee, axes = [1] : tensor<7x5xf32> -> tensor<7xf32>
  %b = kerf.broadcast %n, dims = [1] : tensor<7xf32> -> tensor<13x7xf32>
  %two = arith.constant dense<2.0> : tensor<13x5xf32>
  %w = kerf.mul %z, %two : tensor<13x5xf32>
  %d = kerf.contract %w, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<13x5xf32>, tensor<7x5xf32> -> tensor<13x7xf32>
  %s = kerf.sub %b, %d : tensor<13x7xf32>
  %half = arith.constant dense<0.5> : tensor<13x7xf32>
  %q = kerf.div %s, %half : tensor<13x7xf32>
  %logits = kerf.neg %q : tensor<13x7xf32>
  %offset = arith.constant dense<0> : tensor<i64>
  %u = kerf.uniform %key, %offset : tensor<1x13x7xf32>
  %l = kerf.log %u : tensor<1x13x7xf32>
  %v = kerf.neg %l : tensor<1x13x7xf32>
  %ll = kerf.log %v : tensor<1x13x7xf32>
  %lr = kerf.reshape %logits : tensor<13x7xf32> -> tensor<1x13x7xf32>
  %x = kerf.sub %lr, %ll : tensor<1x13x7xf32>
  %minus = kerf.neg %x : tensor<1x13x7xf32>
  // expected-remark @+1 {{vq: fused}}
  %y = kerf.argmin %minus, axis = 2 : tensor<1x13x7xf32> -> tensor<1x13xi64>
  return %y : tensor<1x13xi64>
}

// By product, with all factors; what is drawn depends on them.
// CHECK-LABEL: @products_plus_noise
//       CHECK: %[[ROWS:.*]] = kerf.mul
//       CHECK: kerf.vq_sampled %[[ROWS]], %arg1, %arg2, %{{.*}}, %{{.*}}, metric = "dot"
func.func @products_plus_noise(%z: tensor<13x5xf32>, %e: tensor<7x5xf32>, %key: tensor<2xi32> {kerf.dtype = "uint32"}) -> tensor<13xi64> {
  %d = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<13x5xf32>, tensor<7x5xf32> -> tensor<13x7xf32>
  %k = arith.constant dense<-4.0> : tensor<13x7xf32>
  %s = kerf.mul %d, %k : tensor<13x7xf32>
  %offset = arith.constant dense<0> : tensor<i64>
  %u = kerf.uniform %key, %offset : tensor<13x7xf32>
  %l = kerf.log %u : tensor<13x7xf32>
  %v = kerf.neg %l : tensor<13x7xf32>
  %ll = kerf.log %v : tensor<13x7xf32>
  %x = kerf.add %s, %ll : tensor<13x7xf32>
  // expected-remark @+1 {{vq: fused}}
  %y = kerf.argmin %x, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
  return %y : tensor<13xi64>
}

// In a loop, with |e|^2 and its repetition along rows from outside, which then need not be made.
// CHECK-LABEL: @in_a_loop
//  CHECK-SAME: (%[[Z:.*]]: tensor<13x5xf32>, %[[E:.*]]: tensor<7x5xf32>)
//  CHECK-NEXT: kerf.scan count = 3 index %{{.*}} carried(%[[R:.*]] = %[[Z]] : tensor<13x5xf32>) captures(%[[C:.*]] = %[[E]] : tensor<7x5xf32>)
//  CHECK-NEXT:   kerf.vq %[[R]], %[[C]], metric = "l2"
func.func @in_a_loop(%z: tensor<13x5xf32>, %e: tensor<7x5xf32>) -> tensor<13x5xf32> attributes {kerf.no_gradient} {
  %ee = kerf.mul %e, %e : tensor<7x5xf32>
  %n = kerf.sum %ee, axes = [1] : tensor<7x5xf32> -> tensor<7xf32>
  %b = kerf.broadcast %n, dims = [1] : tensor<7xf32> -> tensor<13x7xf32>
  %rest = kerf.scan count = 3 index %i carried(%r = %z : tensor<13x5xf32>) captures(%c = %e : tensor<7x5xf32>, %lengths = %b : tensor<13x7xf32>) {
    %two = arith.constant dense<2.0> : tensor<13x5xf32>
    %w = kerf.mul %r, %two : tensor<13x5xf32>
    %d = kerf.contract %w, %c, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<13x5xf32>, tensor<7x5xf32> -> tensor<13x7xf32>
    %s = kerf.sub %lengths, %d : tensor<13x7xf32>
    // expected-remark @+1 {{vq: fused}}
    %y = kerf.argmin %s, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
    %q = kerf.gather %c, %y : tensor<7x5xf32>, tensor<13xi64> -> tensor<13x5xf32>
    %next = kerf.sub %r, %q : tensor<13x5xf32>
    kerf.yield %next : tensor<13x5xf32>
  }
  return %rest : tensor<13x5xf32>
}

// What the loop has from outside is a multiple of what the lengths are taken of, in two loops; the
// root is of the full distance.
// CHECK-LABEL: @multiples_from_outside_a_loop
//       CHECK: kerf.scan
//       CHECK:   kerf.scan
//       CHECK:     %[[SCALED:.*]] = kerf.mul
//       CHECK:     kerf.vq %{{.*}}, %{{.*}}, metric = "l2"
func.func @multiples_from_outside_a_loop(%z: tensor<13x5xf32>, %e: tensor<7x5xf32>, %codes: tensor<13xi64>) -> tensor<13xi64> {
  %ee = kerf.mul %e, %e : tensor<7x5xf32>
  %n = kerf.sum %ee, axes = [1] : tensor<7x5xf32> -> tensor<7xf32>
  %zz = kerf.mul %z, %z : tensor<13x5xf32>
  %m = kerf.sum %zz, axes = [1] : tensor<13x5xf32> -> tensor<13xf32>
  %minus = arith.constant dense<-8.0> : tensor<7x5xf32>
  %f = kerf.mul %e, %minus : tensor<7x5xf32>
  %last = kerf.scan count = 2 index %i carried(%u = %codes : tensor<13xi64>) captures(%c = %f : tensor<7x5xf32>, %l = %n : tensor<7xf32>, %r = %z : tensor<13x5xf32>, %k = %m : tensor<13xf32>) {
    %inner = kerf.scan count = 2 index %j carried(%v = %u : tensor<13xi64>) captures(%ci = %c : tensor<7x5xf32>, %li = %l : tensor<7xf32>, %ri = %r : tensor<13x5xf32>, %ki = %k : tensor<13xf32>) {
      %d = kerf.contract %ri, %ci, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<13x5xf32>, tensor<7x5xf32> -> tensor<13x7xf32>
      %quarter = arith.constant dense<0.25> : tensor<13x7xf32>
      %dq = kerf.mul %d, %quarter : tensor<13x7xf32>
      %b = kerf.broadcast %li, dims = [1] : tensor<7xf32> -> tensor<13x7xf32>
      %kb = kerf.broadcast %ki, dims = [0] : tensor<13xf32> -> tensor<13x7xf32>
      %t = kerf.add %kb, %b : tensor<13x7xf32>
      %s = kerf.add %t, %dq : tensor<13x7xf32>
      %root = kerf.sqrt %s : tensor<13x7xf32>
      // expected-remark @+1 {{vq: fused}}
      %y = kerf.argmin %root, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
      kerf.yield %y : tensor<13xi64>
    }
    kerf.yield %inner : tensor<13xi64>
  }
  return %last : tensor<13xi64>
}

// Two searches of one codebook read one |e|^2, repeated along their rows.
// CHECK-LABEL: @lengths_shared_by_two_searches
//  CHECK-SAME: (%[[Z:.*]]: tensor<13x5xf32>, %[[X:.*]]: tensor<13x5xf32>, %[[E:.*]]: tensor<7x5xf32>)
//  CHECK-NEXT: %[[FIRST:.*]] = kerf.vq %[[Z]], %[[E]], metric = "l2"
//  CHECK-NEXT: %[[SECOND:.*]] = kerf.vq %[[X]], %[[E]], metric = "l2"
//  CHECK-NEXT: return %[[FIRST]], %[[SECOND]]
func.func @lengths_shared_by_two_searches(%z: tensor<13x5xf32>, %x: tensor<13x5xf32>, %e: tensor<7x5xf32>) -> (tensor<13xi64>, tensor<13xi64>) {
  %two = arith.constant dense<2.0> : tensor<13x5xf32>
  %ee = kerf.mul %e, %e : tensor<7x5xf32>
  %n = kerf.sum %ee, axes = [1] : tensor<7x5xf32> -> tensor<7xf32>
  %b = kerf.broadcast %n, dims = [1] : tensor<7xf32> -> tensor<13x7xf32>
  %z2 = kerf.mul %z, %two : tensor<13x5xf32>
  %dz = kerf.contract %z2, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<13x5xf32>, tensor<7x5xf32> -> tensor<13x7xf32>
  %sz = kerf.sub %b, %dz : tensor<13x7xf32>
  // expected-remark @+1 {{vq: fused}}
  %y = kerf.argmin %sz, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
  %x2 = kerf.mul %x, %two : tensor<13x5xf32>
  %dx = kerf.contract %x2, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<13x5xf32>, tensor<7x5xf32> -> tensor<13x7xf32>
  %sx = kerf.sub %b, %dx : tensor<13x7xf32>
  // expected-remark @+1 {{vq: fused}}
  %w = kerf.argmin %sx, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
  return %y, %w : tensor<13xi64>, tensor<13xi64>
}

// What is repeated along rows and codes may be read by anything; the scores need not exist for it.
// CHECK-LABEL: @lengths_have_a_second_user
//       CHECK: kerf.vq %arg0, %arg1, metric = "l2"
func.func @lengths_have_a_second_user(%z: tensor<13x5xf32>, %e: tensor<7x5xf32>) -> (tensor<13xi64>, tensor<13x7xf32>) {
  %ee = kerf.mul %e, %e : tensor<7x5xf32>
  %n = kerf.sum %ee, axes = [1] : tensor<7x5xf32> -> tensor<7xf32>
  %b = kerf.broadcast %n, dims = [1] : tensor<7xf32> -> tensor<13x7xf32>
  %zz = kerf.mul %z, %z : tensor<13x5xf32>
  %zn = kerf.sum %zz, axes = [1] : tensor<13x5xf32> -> tensor<13xf32>
  %zb = kerf.broadcast %zn, dims = [0] : tensor<13xf32> -> tensor<13x7xf32>
  %t = kerf.add %zb, %b : tensor<13x7xf32>
  %d = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<13x5xf32>, tensor<7x5xf32> -> tensor<13x7xf32>
  %two = arith.constant dense<2.0> : tensor<13x7xf32>
  %d2 = kerf.mul %d, %two : tensor<13x7xf32>
  %s = kerf.sub %t, %d2 : tensor<13x7xf32>
  // expected-remark @+1 {{vq: fused}}
  %y = kerf.argmin %s, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
  return %y, %t : tensor<13xi64>, tensor<13x7xf32>
}

// With a loss behind it: its derivatives, fused or not, are the same.
// CHECK-LABEL: @quantisation_error
//       CHECK: kerf.vq %arg0, %arg1, metric = "l2"
func.func @quantisation_error(%z: tensor<13x5xf32>, %e: tensor<7x5xf32>) -> tensor<f32> {
  %a = kerf.broadcast %z, dims = [0, 2] : tensor<13x5xf32> -> tensor<13x7x5xf32>
  %b = kerf.broadcast %e, dims = [1, 2] : tensor<7x5xf32> -> tensor<13x7x5xf32>
  %x = kerf.sub %a, %b : tensor<13x7x5xf32>
  %xx = kerf.mul %x, %x : tensor<13x7x5xf32>
  %s = kerf.sum %xx, axes = [2] : tensor<13x7x5xf32> -> tensor<13x7xf32>
  // expected-remark @+1 {{vq: fused}}
  %codes = kerf.argmin %s, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
  %q = kerf.gather %e, %codes : tensor<7x5xf32>, tensor<13xi64> -> tensor<13x5xf32>
  %d = kerf.sub %z, %q : tensor<13x5xf32>
  %dd = kerf.mul %d, %d : tensor<13x5xf32>
  %cubed = kerf.mul %dd, %d : tensor<13x5xf32>
  %loss = kerf.sum %cubed, axes = [0, 1] : tensor<13x5xf32> -> tensor<f32>
  return %loss : tensor<f32>
}

// An argmin over anything else is no candidate, and not spoken of.
// CHECK-LABEL: @no_candidate
//       CHECK: kerf.argmin
func.func @no_candidate(%z: tensor<13x5xf32>) -> tensor<13xi64> {
  %y = kerf.argmin %z, axis = 1 : tensor<13x5xf32> -> tensor<13xi64>
  return %y : tensor<13xi64>
}

// Near misses: the constraint, on its line, with the edit that would mend it.

// CHECK-LABEL: @scores_have_a_second_user
//   CHECK-NOT: kerf.vq
//       CHECK: kerf.argmin
func.func @scores_have_a_second_user(%z: tensor<13x5xf32>, %e: tensor<7x5xf32>) -> tensor<13xi64> {
  %ee = kerf.mul %e, %e : tensor<7x5xf32>
  %n = kerf.sum %ee, axes = [1] : tensor<7x5xf32> -> tensor<7xf32>
  %b = kerf.broadcast %n, dims = [1] : tensor<7xf32> -> tensor<13x7xf32>
  %d = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<13x5xf32>, tensor<7x5xf32> -> tensor<13x7xf32>
  %two = arith.constant dense<2.0> : tensor<13x7xf32>
  %d2 = kerf.mul %d, %two : tensor<13x7xf32>
  %s = kerf.sub %b, %d2 : tensor<13x7xf32>
  // expected-remark @+1 {{vq: not fused: the scores have a second user, so they must exist}}
  %y = kerf.argmin %s, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
  // expected-note @+1 {{compute what this line needs from the chosen codes}}
  %m = kerf.max %s, axes = [1] : tensor<13x7xf32> -> tensor<13xf32>
  %mi = kerf.cast %m : tensor<13xf32> -> tensor<13xi64>
  %q = kerf.add %y, %mi : tensor<13xi64>
  return %q : tensor<13xi64>
}

// CHECK-LABEL: @the_products_have_a_second_user
//   CHECK-NOT: kerf.vq
//       CHECK: kerf.argmin
func.func @the_products_have_a_second_user(%z: tensor<13x5xf32>, %e: tensor<7x5xf32>) -> tensor<13xi64> {
  %ee = kerf.mul %e, %e : tensor<7x5xf32>
  %n = kerf.sum %ee, axes = [1] : tensor<7x5xf32> -> tensor<7xf32>
  %b = kerf.broadcast %n, dims = [1] : tensor<7xf32> -> tensor<13x7xf32>
  %d = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<13x5xf32>, tensor<7x5xf32> -> tensor<13x7xf32>
  %two = arith.constant dense<2.0> : tensor<13x7xf32>
  %d2 = kerf.mul %d, %two : tensor<13x7xf32>
  %s = kerf.sub %b, %d2 : tensor<13x7xf32>
  // expected-remark @+1 {{vq: not fused: the scores have a second user, so they must exist}}
  %y = kerf.argmin %s, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
  // expected-note @+1 {{compute what this line needs from the chosen codes}}
  %m = kerf.max %d, axes = [1] : tensor<13x7xf32> -> tensor<13xf32>
  %mi = kerf.cast %m : tensor<13xf32> -> tensor<13xi64>
  %q = kerf.add %y, %mi : tensor<13xi64>
  return %q : tensor<13xi64>
}

// CHECK-LABEL: @lengths_of_another_codebook
//   CHECK-NOT: kerf.vq
//       CHECK: kerf.argmin
func.func @lengths_of_another_codebook(%z: tensor<13x5xf32>, %e: tensor<7x5xf32>, %f: tensor<7x5xf32>) -> tensor<13xi64> {
  %ee = kerf.mul %f, %f : tensor<7x5xf32>
  // expected-note @+1 {{use one tensor as the codebook in both terms}}
  %n = kerf.sum %ee, axes = [1] : tensor<7x5xf32> -> tensor<7xf32>
  %b = kerf.broadcast %n, dims = [1] : tensor<7xf32> -> tensor<13x7xf32>
  %d = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<13x5xf32>, tensor<7x5xf32> -> tensor<13x7xf32>
  %two = arith.constant dense<2.0> : tensor<13x7xf32>
  %d2 = kerf.mul %d, %two : tensor<13x7xf32>
  %s = kerf.sub %b, %d2 : tensor<13x7xf32>
  // expected-remark @+1 {{vq: not fused: |e|^2 is taken of another tensor than the codebook of the contraction}}
  %y = kerf.argmin %s, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
  return %y : tensor<13xi64>
}

// CHECK-LABEL: @lengths_without_a_square
//   CHECK-NOT: kerf.vq
//       CHECK: kerf.argmin
func.func @lengths_without_a_square(%z: tensor<13x5xf32>, %e: tensor<7x5xf32>) -> tensor<13xi64> {
  // expected-note @+1 {{write it as sum(e * e) over the features, e being the codebook of the contraction; other terms have no fused form}}
  %n = kerf.sum %e, axes = [1] : tensor<7x5xf32> -> tensor<7xf32>
  %b = kerf.broadcast %n, dims = [1] : tensor<7xf32> -> tensor<13x7xf32>
  %d = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<13x5xf32>, tensor<7x5xf32> -> tensor<13x7xf32>
  %two = arith.constant dense<2.0> : tensor<13x7xf32>
  %d2 = kerf.mul %d, %two : tensor<13x7xf32>
  %s = kerf.sub %b, %d2 : tensor<13x7xf32>
  // expected-remark @+1 {{vq: not fused: a term that varies with the code is not |e|^2}}
  %y = kerf.argmin %s, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
  return %y : tensor<13xi64>
}

// The usage counts of codes as a penalty, say.
// CHECK-LABEL: @bias_of_each_code
//   CHECK-NOT: kerf.vq
//       CHECK: kerf.argmin
func.func @bias_of_each_code(%z: tensor<13x5xf32>, %e: tensor<7x5xf32>, %p: tensor<7xf32>) -> tensor<13xi64> {
  %ee = kerf.mul %e, %e : tensor<7x5xf32>
  %n = kerf.sum %ee, axes = [1] : tensor<7x5xf32> -> tensor<7xf32>
  %b = kerf.broadcast %n, dims = [1] : tensor<7xf32> -> tensor<13x7xf32>
  // expected-note @+1 {{write it as sum(e * e) over the features, e being the codebook of the contraction; other terms have no fused form}}
  %d = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<13x5xf32>, tensor<7x5xf32> -> tensor<13x7xf32>
  %two = arith.constant dense<2.0> : tensor<13x7xf32>
  %d2 = kerf.mul %d, %two : tensor<13x7xf32>
  %s0 = kerf.sub %b, %d2 : tensor<13x7xf32>
  %pb = kerf.broadcast %p, dims = [1] : tensor<7xf32> -> tensor<13x7xf32>
  %s = kerf.add %s0, %pb : tensor<13x7xf32>
  // expected-remark @+1 {{vq: not fused: a term that varies with the code is not |e|^2}}
  %y = kerf.argmin %s, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
  return %y : tensor<13xi64>
}

// CHECK-LABEL: @lengths_along_the_wrong_axis
//   CHECK-NOT: kerf.vq
//       CHECK: kerf.argmin
func.func @lengths_along_the_wrong_axis(%z: tensor<13x5xf32>, %e: tensor<5x5xf32>) -> tensor<13xi64> {
  %ee = kerf.mul %e, %e : tensor<5x5xf32>
  // expected-note @+1 {{sum e * e over the axes that the contraction sums}}
  %n = kerf.sum %ee, axes = [0] : tensor<5x5xf32> -> tensor<5xf32>
  %b = kerf.broadcast %n, dims = [1] : tensor<5xf32> -> tensor<13x5xf32>
  %two = arith.constant dense<2.0> : tensor<13x5xf32>
  %w = kerf.mul %z, %two : tensor<13x5xf32>
  %d = kerf.contract %w, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<13x5xf32>, tensor<5x5xf32> -> tensor<13x5xf32>
  %s = kerf.sub %b, %d : tensor<13x5xf32>
  // expected-remark @+1 {{vq: not fused: |e|^2 is summed over codes, not over features}}
  %y = kerf.argmin %s, axis = 1 : tensor<13x5xf32> -> tensor<13xi64>
  return %y : tensor<13xi64>
}

// CHECK-LABEL: @farthest_code
//   CHECK-NOT: kerf.vq
//       CHECK: kerf.argmin
func.func @farthest_code(%z: tensor<13x5xf32>, %e: tensor<7x5xf32>) -> tensor<13xi64> {
  %ee = kerf.mul %e, %e : tensor<7x5xf32>
  %n = kerf.sum %ee, axes = [1] : tensor<7x5xf32> -> tensor<7xf32>
  %b = kerf.broadcast %n, dims = [1] : tensor<7xf32> -> tensor<13x7xf32>
  %zz = kerf.mul %z, %z : tensor<13x5xf32>
  %zn = kerf.sum %zz, axes = [1] : tensor<13x5xf32> -> tensor<13xf32>
  %zb = kerf.broadcast %zn, dims = [0] : tensor<13xf32> -> tensor<13x7xf32>
  // expected-note @+1 {{take the argmin of the distance, not of its negative}}
  %d = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<13x5xf32>, tensor<7x5xf32> -> tensor<13x7xf32>
  %two = arith.constant dense<2.0> : tensor<13x7xf32>
  %d2 = kerf.mul %d, %two : tensor<13x7xf32>
  %t = kerf.add %zb, %b : tensor<13x7xf32>
  %d2full = kerf.sub %t, %d2 : tensor<13x7xf32>
  %s = kerf.neg %d2full : tensor<13x7xf32>
  // expected-remark @+1 {{vq: not fused: it takes the farthest code}}
  %y = kerf.argmin %s, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
  return %y : tensor<13xi64>
}

// CHECK-LABEL: @farthest_by_differences
//   CHECK-NOT: kerf.vq
//       CHECK: kerf.argmin
func.func @farthest_by_differences(%z: tensor<13x5xf32>, %e: tensor<7x5xf32>) -> tensor<13xi64> {
  %za = kerf.broadcast %z, dims = [0, 2] : tensor<13x5xf32> -> tensor<13x7x5xf32>
  %ea = kerf.broadcast %e, dims = [1, 2] : tensor<7x5xf32> -> tensor<13x7x5xf32>
  %x = kerf.sub %za, %ea : tensor<13x7x5xf32>
  %xx = kerf.mul %x, %x : tensor<13x7x5xf32>
  // expected-note @+1 {{take the argmin of the distance, not of its negative}}
  %t = kerf.sum %xx, axes = [2] : tensor<13x7x5xf32> -> tensor<13x7xf32>
  %s = kerf.neg %t : tensor<13x7xf32>
  // expected-remark @+1 {{vq: not fused: it takes the farthest code}}
  %y = kerf.argmin %s, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
  return %y : tensor<13xi64>
}

// Scores below 0 would tie.
// CHECK-LABEL: @clamp_without_the_rows_length
//   CHECK-NOT: kerf.vq
//       CHECK: kerf.argmin
func.func @clamp_without_the_rows_length(%z: tensor<13x5xf32>, %e: tensor<7x5xf32>) -> tensor<13xi64> {
  %ee = kerf.mul %e, %e : tensor<7x5xf32>
  %n = kerf.sum %ee, axes = [1] : tensor<7x5xf32> -> tensor<7xf32>
  %b = kerf.broadcast %n, dims = [1] : tensor<7xf32> -> tensor<13x7xf32>
  %d = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<13x5xf32>, tensor<7x5xf32> -> tensor<13x7xf32>
  %two = arith.constant dense<2.0> : tensor<13x7xf32>
  %d2 = kerf.mul %d, %two : tensor<13x7xf32>
  %t = kerf.sub %b, %d2 : tensor<13x7xf32>
  %zero = arith.constant dense<0.0> : tensor<13x7xf32>
  // expected-note @+1 {{drop it: the nearest code does not change}}
  %s = kerf.maximum %t, %zero : tensor<13x7xf32>
  // expected-remark @+1 {{vq: not fused: the root or clamp is of scores without |z|^2, which may be negative}}
  %y = kerf.argmin %s, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
  return %y : tensor<13xi64>
}

// CHECK-LABEL: @root_of_a_difference
//   CHECK-NOT: kerf.vq
//       CHECK: kerf.argmin
func.func @root_of_a_difference(%z: tensor<13x5xf32>, %e: tensor<7x5xf32>) -> tensor<13xi64> {
  %ee = kerf.mul %e, %e : tensor<7x5xf32>
  %n = kerf.sum %ee, axes = [1] : tensor<7x5xf32> -> tensor<7xf32>
  %b = kerf.broadcast %n, dims = [1] : tensor<7xf32> -> tensor<13x7xf32>
  %zz = kerf.mul %z, %z : tensor<13x5xf32>
  %zn = kerf.sum %zz, axes = [1] : tensor<13x5xf32> -> tensor<13xf32>
  %zb = kerf.broadcast %zn, dims = [0] : tensor<13xf32> -> tensor<13x7xf32>
  %d = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<13x5xf32>, tensor<7x5xf32> -> tensor<13x7xf32>
  %two = arith.constant dense<2.0> : tensor<13x7xf32>
  %d2 = kerf.mul %d, %two : tensor<13x7xf32>
  %t = kerf.add %zb, %b : tensor<13x7xf32>
  %d2full = kerf.sub %t, %d2 : tensor<13x7xf32>
  %k = arith.constant dense<0.5> : tensor<13x7xf32>
  %t2 = kerf.sub %d2full, %k : tensor<13x7xf32>
  // expected-note @+1 {{drop it: the nearest code does not change}}
  %s = kerf.sqrt %t2 : tensor<13x7xf32>
  // expected-remark @+1 {{vq: not fused: the root or clamp is of scores without |z|^2, which may be negative}}
  %y = kerf.argmin %s, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
  return %y : tensor<13xi64>
}

// CHECK-LABEL: @clamp_above_zero
//   CHECK-NOT: kerf.vq
//       CHECK: kerf.argmin
func.func @clamp_above_zero(%z: tensor<13x5xf32>, %e: tensor<7x5xf32>) -> tensor<13xi64> {
  %ee = kerf.mul %e, %e : tensor<7x5xf32>
  %n = kerf.sum %ee, axes = [1] : tensor<7x5xf32> -> tensor<7xf32>
  %b = kerf.broadcast %n, dims = [1] : tensor<7xf32> -> tensor<13x7xf32>
  %zz = kerf.mul %z, %z : tensor<13x5xf32>
  %zn = kerf.sum %zz, axes = [1] : tensor<13x5xf32> -> tensor<13xf32>
  %zb = kerf.broadcast %zn, dims = [0] : tensor<13xf32> -> tensor<13x7xf32>
  %d = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<13x5xf32>, tensor<7x5xf32> -> tensor<13x7xf32>
  %two = arith.constant dense<2.0> : tensor<13x7xf32>
  %d2 = kerf.mul %d, %two : tensor<13x7xf32>
  %t = kerf.add %zb, %b : tensor<13x7xf32>
  %d2full = kerf.sub %t, %d2 : tensor<13x7xf32>
  %k = arith.constant dense<0.5> : tensor<13x7xf32>
  // expected-note @+1 {{clamp at 0, or not at all: the nearest code does not need it}}
  %s = kerf.maximum %d2full, %k : tensor<13x7xf32>
  // expected-remark @+1 {{vq: not fused: distances below 0.500000 are made equal}}
  %y = kerf.argmin %s, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
  return %y : tensor<13xi64>
}

// CHECK-LABEL: @scores_in_an_unknown_step
//   CHECK-NOT: kerf.vq
//       CHECK: kerf.argmin
func.func @scores_in_an_unknown_step(%z: tensor<13x5xf32>, %e: tensor<7x5xf32>) -> tensor<13xi64> {
  %ee = kerf.mul %e, %e : tensor<7x5xf32>
  %n = kerf.sum %ee, axes = [1] : tensor<7x5xf32> -> tensor<7xf32>
  %b = kerf.broadcast %n, dims = [1] : tensor<7xf32> -> tensor<13x7xf32>
  %d = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<13x5xf32>, tensor<7x5xf32> -> tensor<13x7xf32>
  %two = arith.constant dense<2.0> : tensor<13x7xf32>
  %d2 = kerf.mul %d, %two : tensor<13x7xf32>
  %t = kerf.sub %b, %d2 : tensor<13x7xf32>
  // expected-note @+1 {{take the argmin of sum(e * e) - 2 * z.e itself}}
  %s = kerf.tanh %t : tensor<13x7xf32>
  // expected-remark @+1 {{vq: not fused: between the contraction and the argmin stands kerf.tanh, of which the order is not known}}
  %y = kerf.argmin %s, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
  return %y : tensor<13xi64>
}

// A temperature that is not known to be positive.
// CHECK-LABEL: @scaled_by_a_tensor
//   CHECK-NOT: kerf.vq
//       CHECK: kerf.argmin
func.func @scaled_by_a_tensor(%z: tensor<13x5xf32>, %e: tensor<7x5xf32>, %temperature: tensor<f32>) -> tensor<13xi64> {
  %ee = kerf.mul %e, %e : tensor<7x5xf32>
  %n = kerf.sum %ee, axes = [1] : tensor<7x5xf32> -> tensor<7xf32>
  %b = kerf.broadcast %n, dims = [1] : tensor<7xf32> -> tensor<13x7xf32>
  %d = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<13x5xf32>, tensor<7x5xf32> -> tensor<13x7xf32>
  %two = arith.constant dense<2.0> : tensor<13x7xf32>
  %d2 = kerf.mul %d, %two : tensor<13x7xf32>
  %t = kerf.sub %b, %d2 : tensor<13x7xf32>
  %tb = kerf.broadcast %temperature, dims = [] : tensor<f32> -> tensor<13x7xf32>
  // expected-note @+1 {{take the argmin of sum(e * e) - 2 * z.e itself}}
  %s = kerf.mul %t, %tb : tensor<13x7xf32>
  // expected-remark @+1 {{vq: not fused: between the contraction and the argmin stands kerf.mul, of which the order is not known}}
  %y = kerf.argmin %s, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
  return %y : tensor<13xi64>
}

// CHECK-LABEL: @two_contractions
//   CHECK-NOT: kerf.vq
//       CHECK: kerf.argmin
func.func @two_contractions(%z: tensor<13x5xf32>, %x: tensor<13x5xf32>, %e: tensor<7x5xf32>) -> tensor<13xi64> {
  %d = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<13x5xf32>, tensor<7x5xf32> -> tensor<13x7xf32>
  // expected-note @+1 {{put the features side by side, so that one contraction sums them all}}
  %d1 = kerf.contract %x, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<13x5xf32>, tensor<7x5xf32> -> tensor<13x7xf32>
  %s = kerf.add %d, %d1 : tensor<13x7xf32>
  // expected-remark @+1 {{vq: not fused: the scores add two contractions}}
  %y = kerf.argmin %s, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
  return %y : tensor<13xi64>
}

// CHECK-LABEL: @noise_by_codes_first
//   CHECK-NOT: kerf.vq
//       CHECK: kerf.argmin
func.func @noise_by_codes_first(%z: tensor<13x5xf32>, %e: tensor<7x5xf32>, %key: tensor<2xi32> {kerf.dtype = "uint32"}) -> tensor<13xi64> {
  %ee = kerf.mul %e, %e : tensor<7x5xf32>
  %n = kerf.sum %ee, axes = [1] : tensor<7x5xf32> -> tensor<7xf32>
  %b = kerf.broadcast %n, dims = [1] : tensor<7xf32> -> tensor<13x7xf32>
  %two = arith.constant dense<2.0> : tensor<13x5xf32>
  %w = kerf.mul %z, %two : tensor<13x5xf32>
  %d = kerf.contract %w, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<13x5xf32>, tensor<7x5xf32> -> tensor<13x7xf32>
  %s = kerf.sub %b, %d : tensor<13x7xf32>
  %offset = arith.constant dense<0> : tensor<i64>
  // expected-note @+1 {{let codes be the last axis of the draw and of the contraction}}
  %u = kerf.uniform %key, %offset : tensor<7x13xf32>
  %l = kerf.log %u : tensor<7x13xf32>
  %v = kerf.neg %l : tensor<7x13xf32>
  %ll = kerf.log %v : tensor<7x13xf32>
  %lt = kerf.transpose %ll, permutation = [1, 0] : tensor<7x13xf32> -> tensor<13x7xf32>
  %x = kerf.add %s, %lt : tensor<13x7xf32>
  // expected-remark @+1 {{vq: not fused: the noise is drawn in another order than rows, then codes}}
  %y = kerf.argmin %x, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
  return %y : tensor<13xi64>
}

// CHECK-LABEL: @two_draws
//   CHECK-NOT: kerf.vq
//       CHECK: kerf.argmin
func.func @two_draws(%z: tensor<13x5xf32>, %e: tensor<7x5xf32>, %key: tensor<2xi32> {kerf.dtype = "uint32"}, %other: tensor<2xi32> {kerf.dtype = "uint32"}) -> tensor<13xi64> {
  %ee = kerf.mul %e, %e : tensor<7x5xf32>
  %n = kerf.sum %ee, axes = [1] : tensor<7x5xf32> -> tensor<7xf32>
  %b = kerf.broadcast %n, dims = [1] : tensor<7xf32> -> tensor<13x7xf32>
  %two = arith.constant dense<2.0> : tensor<13x5xf32>
  %w = kerf.mul %z, %two : tensor<13x5xf32>
  %d = kerf.contract %w, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<13x5xf32>, tensor<7x5xf32> -> tensor<13x7xf32>
  %s = kerf.sub %b, %d : tensor<13x7xf32>
  %offset = arith.constant dense<0> : tensor<i64>
  // expected-note @+1 {{add one; one number per row and code is enough}}
  %u = kerf.uniform %key, %offset : tensor<13x7xf32>
  %l = kerf.log %u : tensor<13x7xf32>
  %v = kerf.neg %l : tensor<13x7xf32>
  %ll = kerf.log %v : tensor<13x7xf32>
  %u2 = kerf.uniform %other, %offset : tensor<13x7xf32>
  %l2 = kerf.log %u2 : tensor<13x7xf32>
  %v2 = kerf.neg %l2 : tensor<13x7xf32>
  %ll2 = kerf.log %v2 : tensor<13x7xf32>
  %x2 = kerf.add %s, %ll2 : tensor<13x7xf32>
  %x = kerf.add %x2, %ll : tensor<13x7xf32>
  // expected-remark @+1 {{vq: not fused: two draws are added to the scores}}
  %y = kerf.argmin %x, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
  return %y : tensor<13xi64>
}

// CHECK-LABEL: @root_of_noisy_scores
//   CHECK-NOT: kerf.vq
//       CHECK: kerf.argmin
func.func @root_of_noisy_scores(%z: tensor<13x5xf32>, %e: tensor<7x5xf32>, %key: tensor<2xi32> {kerf.dtype = "uint32"}) -> tensor<13xi64> {
  %ee = kerf.mul %e, %e : tensor<7x5xf32>
  %n = kerf.sum %ee, axes = [1] : tensor<7x5xf32> -> tensor<7xf32>
  %b = kerf.broadcast %n, dims = [1] : tensor<7xf32> -> tensor<13x7xf32>
  %two = arith.constant dense<2.0> : tensor<13x5xf32>
  %w = kerf.mul %z, %two : tensor<13x5xf32>
  %d = kerf.contract %w, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<13x5xf32>, tensor<7x5xf32> -> tensor<13x7xf32>
  %s = kerf.sub %b, %d : tensor<13x7xf32>
  %offset = arith.constant dense<0> : tensor<i64>
  %u = kerf.uniform %key, %offset : tensor<13x7xf32>
  %l = kerf.log %u : tensor<13x7xf32>
  %v = kerf.neg %l : tensor<13x7xf32>
  %ll = kerf.log %v : tensor<13x7xf32>
  %x = kerf.add %s, %ll : tensor<13x7xf32>
  // expected-note @+1 {{drop it: the code that is drawn does not change}}
  %r = kerf.sqrt %x : tensor<13x7xf32>
  // expected-remark @+1 {{vq: not fused: the root or clamp is of scores with noise}}
  %y = kerf.argmin %r, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
  return %y : tensor<13xi64>
}

// CHECK-LABEL: @noise_on_heads
//   CHECK-NOT: kerf.vq
//       CHECK: kerf.argmin
func.func @noise_on_heads(%z: tensor<2x13x5xf32>, %e: tensor<2x7x5xf32>, %key: tensor<2xi32> {kerf.dtype = "uint32"}) -> tensor<2x13xi64> {
  // expected-note @+1 {{draw for the rows of each head by itself}}
  %d = kerf.contract %z, %e, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [2] : tensor<2x13x5xf32>, tensor<2x7x5xf32> -> tensor<2x13x7xf32>
  %offset = arith.constant dense<0> : tensor<i64>
  %u = kerf.uniform %key, %offset : tensor<2x13x7xf32>
  %l = kerf.log %u : tensor<2x13x7xf32>
  %v = kerf.neg %l : tensor<2x13x7xf32>
  %ll = kerf.log %v : tensor<2x13x7xf32>
  %x = kerf.sub %ll, %d : tensor<2x13x7xf32>
  // expected-remark @+1 {{vq: not fused: noise is added to the scores of heads}}
  %y = kerf.argmin %x, axis = 2 : tensor<2x13x7xf32> -> tensor<2x13xi64>
  return %y : tensor<2x13xi64>
}

// One logarithm: exponential noise.
// CHECK-LABEL: @noise_of_another_law
//   CHECK-NOT: kerf.vq
//       CHECK: kerf.argmin
func.func @noise_of_another_law(%z: tensor<13x5xf32>, %e: tensor<7x5xf32>, %key: tensor<2xi32> {kerf.dtype = "uint32"}) -> tensor<13xi64> {
  %ee = kerf.mul %e, %e : tensor<7x5xf32>
  %n = kerf.sum %ee, axes = [1] : tensor<7x5xf32> -> tensor<7xf32>
  %b = kerf.broadcast %n, dims = [1] : tensor<7xf32> -> tensor<13x7xf32>
  %two = arith.constant dense<2.0> : tensor<13x5xf32>
  %w = kerf.mul %z, %two : tensor<13x5xf32>
  %d = kerf.contract %w, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<13x5xf32>, tensor<7x5xf32> -> tensor<13x7xf32>
  %s = kerf.sub %b, %d : tensor<13x7xf32>
  %offset = arith.constant dense<0> : tensor<i64>
  %u = kerf.uniform %key, %offset : tensor<13x7xf32>
  // expected-note @+1 {{take the argmin of sum(e * e) - 2 * z.e itself}}
  %l = kerf.log %u : tensor<13x7xf32>
  %v = kerf.neg %l : tensor<13x7xf32>
  %x = kerf.add %s, %v : tensor<13x7xf32>
  // expected-remark @+1 {{vq: not fused: between the contraction and the argmin stands kerf.log, of which the order is not known}}
  %y = kerf.argmin %x, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
  return %y : tensor<13xi64>
}

// CHECK-LABEL: @scores_from_outside_a_loop
//   CHECK-NOT: kerf.vq
//       CHECK: kerf.argmin
func.func @scores_from_outside_a_loop(%z: tensor<13x5xf32>, %e: tensor<7x5xf32>, %codes: tensor<13xi64>) -> tensor<13xi64> {
  // expected-note @+1 {{compute them in the loop, so that they need not exist}}
  %d = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<13x5xf32>, tensor<7x5xf32> -> tensor<13x7xf32>
  %last = kerf.scan count = 3 index %i carried(%u = %codes : tensor<13xi64>) captures(%x = %z : tensor<13x5xf32>, %c = %e : tensor<7x5xf32>, %before = %d : tensor<13x7xf32>) {
    %h = kerf.contract %x, %c, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<13x5xf32>, tensor<7x5xf32> -> tensor<13x7xf32>
    %s = kerf.sub %h, %before : tensor<13x7xf32>
    // expected-remark @+1 {{vq: not fused: the scores are made before the loop that searches them}}
    %y = kerf.argmin %s, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
    kerf.yield %y : tensor<13xi64>
  }
  return %last : tensor<13xi64>
}

// |e|^2 that is the same for all heads.
// CHECK-LABEL: @lengths_of_one_head
//   CHECK-NOT: kerf.vq
//       CHECK: kerf.argmin
func.func @lengths_of_one_head(%z: tensor<2x13x5xf32>, %e: tensor<2x7x5xf32>) -> tensor<2x13xi64> {
  %ee = kerf.mul %e, %e : tensor<2x7x5xf32>
  // expected-note @+1 {{sum e * e over the features alone, one length per head and code}}
  %n = kerf.sum %ee, axes = [0, 2] : tensor<2x7x5xf32> -> tensor<7xf32>
  %b = kerf.broadcast %n, dims = [2] : tensor<7xf32> -> tensor<2x13x7xf32>
  %d = kerf.contract %z, %e, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [2] : tensor<2x13x5xf32>, tensor<2x7x5xf32> -> tensor<2x13x7xf32>
  %s = kerf.sub %b, %d : tensor<2x13x7xf32>
  // expected-remark @+1 {{vq: not fused: |e|^2 is not told apart by the heads of the contraction}}
  %y = kerf.argmin %s, axis = 2 : tensor<2x13x7xf32> -> tensor<2x13xi64>
  return %y : tensor<2x13xi64>
}

// As many heads as heads: the lengths of head 0 stand beside the rows of head 1, and so on.
// CHECK-LABEL: @lengths_of_other_heads
//   CHECK-NOT: kerf.vq
//       CHECK: kerf.argmin
func.func @lengths_of_other_heads(%z: tensor<3x3x5xf32>, %e: tensor<3x3x7x5xf32>) -> tensor<3x3xi64> {
  %ee = kerf.mul %e, %e : tensor<3x3x7x5xf32>
  // expected-note @+1 {{keep the heads of |e|^2 in the order of the contraction's}}
  %n = kerf.sum %ee, axes = [3] : tensor<3x3x7x5xf32> -> tensor<3x3x7xf32>
  %b = kerf.transpose %n, permutation = [1, 0, 2] : tensor<3x3x7xf32> -> tensor<3x3x7xf32>
  %d = kerf.contract %z, %e, a_batch = [0, 1], b_batch = [0, 1], a_contract = [2], b_contract = [3] : tensor<3x3x5xf32>, tensor<3x3x7x5xf32> -> tensor<3x3x7xf32>
  %s = kerf.sub %b, %d : tensor<3x3x7xf32>
  // expected-remark @+1 {{vq: not fused: |e|^2 of one head stands beside the rows of another}}
  %y = kerf.argmin %s, axis = 2 : tensor<3x3x7xf32> -> tensor<3x3xi64>
  return %y : tensor<3x3xi64>
}

// CHECK-LABEL: @codes_in_two_axes
//   CHECK-NOT: kerf.vq
//       CHECK: kerf.argmin
func.func @codes_in_two_axes(%z: tensor<13x5xf32>, %e: tensor<2x7x5xf32>) -> tensor<13x2xi64> {
  // expected-note @+1 {{give the contraction a codebook of shape [codes, features]}}
  %d = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [2] : tensor<13x5xf32>, tensor<2x7x5xf32> -> tensor<13x2x7xf32>
  %s = kerf.neg %d : tensor<13x2x7xf32>
  // expected-remark @+1 {{vq: not fused: the codebook has another axis beside codes and features}}
  %y = kerf.argmin %s, axis = 2 : tensor<13x2x7xf32> -> tensor<13x2xi64>
  return %y : tensor<13x2xi64>
}

// CHECK-LABEL: @codes_merged_by_a_reshape
//   CHECK-NOT: kerf.vq
//       CHECK: kerf.argmin
func.func @codes_merged_by_a_reshape(%z: tensor<13x5xf32>, %e: tensor<2x7x5xf32>) -> tensor<13xi64> {
  %d = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [2] : tensor<13x5xf32>, tensor<2x7x5xf32> -> tensor<13x2x7xf32>
  // expected-note @+1 {{take the argmin over an axis that holds all codes and nothing else}}
  %r = kerf.reshape %d : tensor<13x2x7xf32> -> tensor<13x14xf32>
  %one = arith.constant dense<1.0> : tensor<13x14xf32>
  %s = kerf.sub %one, %r : tensor<13x14xf32>
  // expected-remark @+1 {{vq: not fused: a reshape mixes the codes with other axes}}
  %y = kerf.argmin %s, axis = 1 : tensor<13x14xf32> -> tensor<13xi64>
  return %y : tensor<13xi64>
}

// CHECK-LABEL: @a_codebook_for_every_row
//   CHECK-NOT: kerf.vq
//       CHECK: kerf.argmin
func.func @a_codebook_for_every_row(%z: tensor<13x5xf32>, %e: tensor<13x7x5xf32>) -> tensor<13xi64> {
  %za = kerf.broadcast %z, dims = [0, 2] : tensor<13x5xf32> -> tensor<13x7x5xf32>
  // expected-note @+1 {{use one codebook for all rows}}
  %x = kerf.sub %za, %e : tensor<13x7x5xf32>
  %xx = kerf.mul %x, %x : tensor<13x7x5xf32>
  %s = kerf.sum %xx, axes = [2] : tensor<13x7x5xf32> -> tensor<13x7xf32>
  // expected-remark @+1 {{vq: not fused: the codebook varies with the row}}
  %y = kerf.argmin %s, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
  return %y : tensor<13xi64>
}

// The city-block distance.
// CHECK-LABEL: @differences_without_a_square
//   CHECK-NOT: kerf.vq
//       CHECK: kerf.argmin
func.func @differences_without_a_square(%z: tensor<13x5xf32>, %e: tensor<7x5xf32>) -> tensor<13xi64> {
  %za = kerf.broadcast %z, dims = [0, 2] : tensor<13x5xf32> -> tensor<13x7x5xf32>
  %ea = kerf.broadcast %e, dims = [1, 2] : tensor<7x5xf32> -> tensor<13x7x5xf32>
  %x = kerf.sub %za, %ea : tensor<13x7x5xf32>
  %xx = kerf.abs %x : tensor<13x7x5xf32>
  // expected-note @+1 {{take the argmin of sum(e * e) - 2 * z.e itself}}
  %s = kerf.sum %xx, axes = [2] : tensor<13x7x5xf32> -> tensor<13x7xf32>
  // expected-remark @+1 {{vq: not fused: between the contraction and the argmin stands kerf.sum, of which the order is not known}}
  %y = kerf.argmin %s, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
  return %y : tensor<13xi64>
}
