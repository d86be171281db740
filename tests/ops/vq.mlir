// RUN: kerf-opt %s -split-input-file -verify-diagnostics | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-decompose | FileCheck %s --check-prefix=PLAIN
// RUN: kerf-run --function edges %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --function short_codes %s | FileCheck %s --check-prefix=SHORT
// RUN: kerf-run --compare %s
// RUN: kerf-run --match vq %s
// RUN: kerf-run --gradient --second %s

// Kept for a kernel.
// CHECK-LABEL: @metrics
//       CHECK: kerf.vq %{{.*}}, %{{.*}}, metric = "l2" : tensor<3x7x5xf32>, tensor<65x5xf32> -> tensor<3x7xi64>
// LOWER-LABEL: @metrics
// LOWER-COUNT-3: kerf.vq
// PLAIN-LABEL: @metrics
//  PLAIN-SAME: (%[[Z:.*]]: tensor<3x7x5xf32>, %[[E:.*]]: tensor<65x5xf32>)
//       PLAIN: %[[SOME:.*]] = kerf.slice %[[E]], offsets = [0, 0], limits = [64, 5], strides = [1, 1]
//       PLAIN: %[[SUM:.*]] = kerf.sum %[[SOME]], axes = [0]
//       PLAIN: %[[MEAN:.*]] = kerf.div %[[SUM]]
//       PLAIN: %[[FAR:.*]] = kerf.compare
//       PLAIN: %[[CENTER:.*]] = kerf.select %[[FAR]], %[[MEAN]]
//       PLAIN: %[[ROWS:.*]] = kerf.sub %[[Z]]
//       PLAIN: %[[CODES:.*]] = kerf.sub %[[E]]
//       PLAIN: %[[SQUARES:.*]] = kerf.sum %{{.*}}, axes = [1] : tensor<65x5xf32>
//       PLAIN: %[[NORM:.*]] = kerf.broadcast %[[SQUARES]], dims = [2]
//       PLAIN: %[[TWICE:.*]] = kerf.mul %[[ROWS]]
//       PLAIN: %[[DOT:.*]] = kerf.contract %[[TWICE]], %[[CODES]]
//       PLAIN: %[[SCORES:.*]] = kerf.sub %[[NORM]], %[[DOT]]
//       PLAIN: kerf.argmin %[[SCORES]], axis = 2
//   PLAIN-NOT: kerf.vq
func.func @metrics(%z: tensor<3x7x5xf32>, %e: tensor<65x5xf32>) -> (tensor<3x7xi64>, tensor<3x7xi64>, tensor<3x7xi64>) {
  %a = kerf.vq %z, %e, metric = "l2" : tensor<3x7x5xf32>, tensor<65x5xf32> -> tensor<3x7xi64>
  %b = kerf.vq %z, %e, metric = "dot" : tensor<3x7x5xf32>, tensor<65x5xf32> -> tensor<3x7xi64>
  %c = kerf.vq %z, %e, metric = "cosine" : tensor<3x7x5xf32>, tensor<65x5xf32> -> tensor<3x7xi64>
  return %a, %b, %c : tensor<3x7xi64>, tensor<3x7xi64>, tensor<3x7xi64>
}

// Deeper than a block of a contraction, in both types; one row without axes.
func.func @awkward_sizes(%z: tensor<13x257xf32>, %e: tensor<17x257xf32>, %y: tensor<1xf64>, %u: tensor<1x1xf64>)
    -> (tensor<13xi64>, tensor<i64>) {
  %a = kerf.vq %z, %e, metric = "l2" : tensor<13x257xf32>, tensor<17x257xf32> -> tensor<13xi64>
  %b = kerf.vq %y, %u, metric = "cosine" : tensor<1xf64>, tensor<1x1xf64> -> tensor<i64>
  return %a, %b : tensor<13xi64>, tensor<i64>
}

// Heads with codes of their own: on one axis, on two, and one row each.
// PLAIN-LABEL: @heads
//       PLAIN: kerf.slice %{{.*}}, offsets = [0, 0, 0], limits = [3, 17, 5], strides = [1, 1, 1]
//       PLAIN: kerf.sub %{{.*}} : tensor<3x17x5xf32>
//       PLAIN: %[[SQUARES:.*]] = kerf.sum %{{.*}}, axes = [2] : tensor<3x17x5xf32>
//       PLAIN: kerf.broadcast %[[SQUARES]], dims = [0, 3] : tensor<3x17xf32> -> tensor<3x2x7x17xf32>
//       PLAIN: kerf.contract %{{.*}}, %{{.*}}, a_batch = [0], b_batch = [0], a_contract = [3], b_contract = [2]
//   PLAIN-NOT: kerf.vq
func.func @heads(%z: tensor<3x2x7x5xf32>, %e: tensor<3x17x5xf32>, %f: tensor<3x2x4x5xf32>, %y: tensor<3x9xf64>, %u: tensor<3x65x9xf64>)
    -> (tensor<3x2x7xi64>, tensor<3x2x7xi64>, tensor<3xi64>) {
  %a = kerf.vq %z, %e, metric = "l2" : tensor<3x2x7x5xf32>, tensor<3x17x5xf32> -> tensor<3x2x7xi64>
  %b = kerf.vq %z, %f, metric = "cosine" : tensor<3x2x7x5xf32>, tensor<3x2x4x5xf32> -> tensor<3x2x7xi64>
  %c = kerf.vq %y, %u, metric = "dot" : tensor<3x9xf64>, tensor<3x65x9xf64> -> tensor<3xi64>
  return %a, %b, %c : tensor<3x2x7xi64>, tensor<3x2x7xi64>, tensor<3xi64>
}

// The choice is constant to the gradient, what it chooses is not.
func.func @nearest_code(%z: tensor<7x5xf32>, %e: tensor<17x5xf32>) -> tensor<7x5xf32> {
  %i = kerf.vq %z, %e, metric = "l2" : tensor<7x5xf32>, tensor<17x5xf32> -> tensor<7xi64>
  %q = kerf.gather %e, %i : tensor<17x5xf32>, tensor<7xi64> -> tensor<7x5xf32>
  %d = kerf.sub %z, %q : tensor<7x5xf32>
  %y = kerf.mul %d, %d : tensor<7x5xf32>
  return %y : tensor<7x5xf32>
}

// Codes 1 and 2 are equal: the lower wins. A row with a NaN has NaN scores only: 0. The long code
// is the most similar by `dot`, not by angle; a code of length 0 is like a right angle.
// VALUE-LABEL: @edges
//  VALUE-NEXT: tensor<3xi64>: 1 0 4
//  VALUE-NEXT: tensor<3xi64>: 4 0 4
//  VALUE-NEXT: tensor<3xi64>: 1 0 4
func.func @edges() -> (tensor<3xi64>, tensor<3xi64>, tensor<3xi64>) {
  %z = arith.constant dense<[[1.0, 0.0], [0x7FC00000, 0.0], [3.0, 3.0]]> : tensor<3x2xf32>
  %e = arith.constant dense<[[0.0, 0.0], [1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [4.0, 4.0]]> : tensor<5x2xf32>
  %a = kerf.vq %z, %e, metric = "l2" : tensor<3x2xf32>, tensor<5x2xf32> -> tensor<3xi64>
  %b = kerf.vq %z, %e, metric = "dot" : tensor<3x2xf32>, tensor<5x2xf32> -> tensor<3xi64>
  %c = kerf.vq %z, %e, metric = "cosine" : tensor<3x2xf32>, tensor<5x2xf32> -> tensor<3xi64>
  return %a, %b, %c : tensor<3xi64>, tensor<3xi64>, tensor<3xi64>
}

// By angle, a code shorter than 1e-12 is no direction: it is divided by 1e-12, and is like 0.1 here.
// SHORT-LABEL: @short_codes
//  SHORT-NEXT: tensor<2xi64>: 1 2
func.func @short_codes() -> tensor<2xi64> {
  %z = arith.constant dense<[[1.0, 0.0], [0.0, 1.0]]> : tensor<2x2xf32>
  %e = arith.constant dense<[[1.0e-13, 0.0], [0.02, 0.02], [0.0, 0.03]]> : tensor<3x2xf32>
  %y = kerf.vq %z, %e, metric = "cosine" : tensor<2x2xf32>, tensor<3x2xf32> -> tensor<2xi64>
  return %y : tensor<2xi64>
}

// -----

func.func @codebook_axes_c1(%z: tensor<4x8xf32>, %e: tensor<8xf32>) -> tensor<4xi64> {
  // expected-error @+1 {{'kerf.vq' op the codebook must be [codes, features] behind its heads, got [8]}}
  %y = kerf.vq %z, %e, metric = "l2" : tensor<4x8xf32>, tensor<8xf32> -> tensor<4xi64>
  return %y : tensor<4xi64>
}

// -----

func.func @no_code_c1(%z: tensor<4x8xf32>, %e: tensor<0x8xf32>) -> tensor<4xi64> {
  // expected-error @+1 {{'kerf.vq' op the codebook [0, 8] has no code to choose}}
  %y = kerf.vq %z, %e, metric = "l2" : tensor<4x8xf32>, tensor<0x8xf32> -> tensor<4xi64>
  return %y : tensor<4xi64>
}

// -----

func.func @features_c2(%z: tensor<4x8xf32>, %e: tensor<16x9xf32>) -> tensor<4xi64> {
  // expected-error @+1 {{'kerf.vq' op z [4, 8] has not the 9 features of the codebook [16, 9] on its last axis}}
  %y = kerf.vq %z, %e, metric = "l2" : tensor<4x8xf32>, tensor<16x9xf32> -> tensor<4xi64>
  return %y : tensor<4xi64>
}

// -----

func.func @heads_c2(%z: tensor<4x2x8xf32>, %e: tensor<2x16x8xf32>) -> tensor<4x2xi64> {
  // expected-error @+1 {{'kerf.vq' op z [4, 2, 8] does not begin with the heads of the codebook [2, 16, 8]}}
  %y = kerf.vq %z, %e, metric = "l2" : tensor<4x2x8xf32>, tensor<2x16x8xf32> -> tensor<4x2xi64>
  return %y : tensor<4x2xi64>
}

// -----

func.func @fewer_axes_than_heads_c2(%z: tensor<2x8xf32>, %e: tensor<2x3x16x8xf32>) -> tensor<2xi64> {
  // expected-error @+1 {{'kerf.vq' op z [2, 8] does not begin with the heads of the codebook [2, 3, 16, 8]}}
  %y = kerf.vq %z, %e, metric = "l2" : tensor<2x8xf32>, tensor<2x3x16x8xf32> -> tensor<2xi64>
  return %y : tensor<2xi64>
}

// -----

func.func @shape_c3(%z: tensor<4x8xf32>, %e: tensor<16x8xf32>) -> tensor<16xi64> {
  // expected-error @+1 {{'kerf.vq' op the result is [16] but should be [4]}}
  %y = kerf.vq %z, %e, metric = "l2" : tensor<4x8xf32>, tensor<16x8xf32> -> tensor<16xi64>
  return %y : tensor<16xi64>
}

// -----

func.func @metric_c4(%z: tensor<4x8xf32>, %e: tensor<16x8xf32>) -> tensor<4xi64> {
  // expected-error @+1 {{'kerf.vq' op attribute 'metric' failed to satisfy constraint: string attribute whose value is one of l2, dot, cosine}}
  %y = kerf.vq %z, %e, metric = "l1" : tensor<4x8xf32>, tensor<16x8xf32> -> tensor<4xi64>
  return %y : tensor<4xi64>
}

// -----

func.func @types_c5(%z: tensor<4x8xf32>, %e: tensor<16x8xf64>) -> tensor<4xi64> {
  // expected-error @+1 {{'kerf.vq' op failed to verify that all of {z, codebook} have same element type}}
  %y = kerf.vq %z, %e, metric = "l2" : tensor<4x8xf32>, tensor<16x8xf64> -> tensor<4xi64>
  return %y : tensor<4xi64>
}
