// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-fuse-vq=explain=1 | FileCheck %s
// RUN: kerf-run --compare %s
// RUN: kerf-run --match vq %s

// Terms, factors and axes, wherever they stand, are those of the search that is made.

// |e|^2 - z.e / 0.5 is the distance itself.
// CHECK-LABEL: @quotient
//       CHECK: kerf.vq %arg0, %arg1, metric = "l2"
func.func @quotient(%z: tensor<29x5xf32>, %e: tensor<17x5xf32>) -> tensor<29xi64> {
  %ee = kerf.mul %e, %e : tensor<17x5xf32>
  %n = kerf.sum %ee, axes = [1] : tensor<17x5xf32> -> tensor<17xf32>
  %b = kerf.broadcast %n, dims = [1] : tensor<17xf32> -> tensor<29x17xf32>
  %d = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<29x5xf32>, tensor<17x5xf32> -> tensor<29x17xf32>
  %half = arith.constant dense<0.5> : tensor<29x17xf32>
  %q = kerf.div %d, %half : tensor<29x17xf32>
  %s = kerf.sub %b, %q : tensor<29x17xf32>
  // expected-remark @+1 {{vq: fused}}
  %y = kerf.argmin %s, axis = 1 : tensor<29x17xf32> -> tensor<29xi64>
  return %y : tensor<29xi64>
}

// |3 e|^2 - 18 z.e is nine times the distance: the factor of a square is squared.
// CHECK-LABEL: @square_of_a_multiple
//       CHECK: kerf.vq %arg0, %arg1, metric = "l2"
func.func @square_of_a_multiple(%z: tensor<29x5xf32>, %e: tensor<17x5xf32>) -> tensor<29xi64> {
  %three = arith.constant dense<3.0> : tensor<17x5xf32>
  %e3 = kerf.mul %e, %three : tensor<17x5xf32>
  %ee = kerf.mul %e3, %e3 : tensor<17x5xf32>
  %n = kerf.sum %ee, axes = [1] : tensor<17x5xf32> -> tensor<17xf32>
  %b = kerf.broadcast %n, dims = [1] : tensor<17xf32> -> tensor<29x17xf32>
  %d = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<29x5xf32>, tensor<17x5xf32> -> tensor<29x17xf32>
  %eighteen = arith.constant dense<18.0> : tensor<29x17xf32>
  %q = kerf.mul %d, %eighteen : tensor<29x17xf32>
  %s = kerf.sub %b, %q : tensor<29x17xf32>
  // expected-remark @+1 {{vq: fused}}
  %y = kerf.argmin %s, axis = 1 : tensor<29x17xf32> -> tensor<29xi64>
  return %y : tensor<29xi64>
}

// An axis with as many elements as there are rows is not the rows: the reshape mixes them with codes.
// CHECK-LABEL: @axis_of_the_same_extent
//   CHECK-NOT: kerf.vq
func.func @axis_of_the_same_extent(%z: tensor<4x5xf32>, %e: tensor<6x5xf32>) -> tensor<6xi64> {
  %d = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<4x5xf32>, tensor<6x5xf32> -> tensor<4x6xf32>
  // expected-note @+1 {{take the argmin over an axis that holds all codes and nothing else}}
  %m = kerf.reshape %d : tensor<4x6xf32> -> tensor<6x4xf32>
  %s = kerf.neg %m : tensor<6x4xf32>
  // expected-remark @+1 {{vq: not fused: a reshape mixes the codes with other axes}}
  %y = kerf.argmin %s, axis = 1 : tensor<6x4xf32> -> tensor<6xi64>
  return %y : tensor<6xi64>
}

// Codes are the first axis of the product, and the second one of the scores: codes of rows have the
// other axes in the order of the scores.
// CHECK-LABEL: @codes_between_rows
//       CHECK: kerf.vq %arg0, %arg1, metric = "dot"
//       CHECK: kerf.transpose %{{.*}}, permutation = [1, 0]
func.func @codes_between_rows(%z: tensor<6x5xf32>, %e: tensor<7x5xf32>) -> tensor<3x2xi64> {
  %d = kerf.contract %e, %z, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<7x5xf32>, tensor<6x5xf32> -> tensor<7x6xf32>
  %m = kerf.reshape %d : tensor<7x6xf32> -> tensor<7x2x3xf32>
  %t = kerf.transpose %m, permutation = [2, 0, 1] : tensor<7x2x3xf32> -> tensor<3x7x2xf32>
  %s = kerf.neg %t : tensor<3x7x2xf32>
  // expected-remark @+1 {{vq: fused}}
  %y = kerf.argmin %s, axis = 1 : tensor<3x7x2xf32> -> tensor<3x2xi64>
  return %y : tensor<3x2xi64>
}

// What is added to the distance of a code would be lost.
// CHECK-LABEL: @penalty_beside_differences
//   CHECK-NOT: kerf.vq
func.func @penalty_beside_differences(%z: tensor<13x5xf32>, %e: tensor<7x5xf32>, %usage: tensor<7xf32>) -> tensor<13xi64> {
  %a = kerf.reshape %z : tensor<13x5xf32> -> tensor<13x1x5xf32>
  %za = kerf.broadcast %a, dims = [0, 1, 2] : tensor<13x1x5xf32> -> tensor<13x7x5xf32>
  %ea = kerf.broadcast %e, dims = [1, 2] : tensor<7x5xf32> -> tensor<13x7x5xf32>
  %x = kerf.sub %za, %ea : tensor<13x7x5xf32>
  %xx = kerf.mul %x, %x : tensor<13x7x5xf32>
  %t = kerf.sum %xx, axes = [2] : tensor<13x7x5xf32> -> tensor<13x7xf32>
  %minus = kerf.neg %usage : tensor<7xf32>
  // expected-note @+1 {{drop the term, or add a feature for it to rows and codes}}
  %less = kerf.exp %minus : tensor<7xf32>
  %b = kerf.broadcast %less, dims = [1] : tensor<7xf32> -> tensor<13x7xf32>
  %s = kerf.add %t, %b : tensor<13x7xf32>
  // expected-remark @+1 {{vq: not fused: a term that varies with the code is added to the distance}}
  %y = kerf.argmin %s, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
  return %y : tensor<13xi64>
}
