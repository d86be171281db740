// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-fuse-vq=explain=1 | FileCheck %s
// RUN: kerf-run --compare %s
// RUN: kerf-run --match vq %s

// Constant factors, wherever they stand, are those of the search that is made.

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
