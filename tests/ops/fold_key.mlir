// RUN: kerf-opt %s -split-input-file -verify-diagnostics | kerf-opt -split-input-file | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// Kept for a kernel.
// CHECK-LABEL: @child
//  CHECK-SAME: %[[KEY:[a-z0-9]+]]: tensor<2xi32> {{.*}}, %[[N:.*]]: tensor<i64>
//       CHECK: kerf.fold_key %[[KEY]], %[[N]]
// LOWER-LABEL: @child
//       LOWER: kerf.fold_key
func.func @child(%key: tensor<2xi32> {kerf.dtype = "uint32"}, %n: tensor<i64>) -> tensor<2xi32> {
  %y = kerf.fold_key %key, %n
  return %y : tensor<2xi32>
}

func.func @grandchild(%key: tensor<2xi32> {kerf.dtype = "uint32"}, %n: tensor<i64>) -> tensor<2xi32> {
  %y = kerf.fold_key %key, %n
  %z = kerf.fold_key %y, %n
  return %z : tensor<2xi32>
}

// Both halves of n count.
func.func @far_child(%key: tensor<2xi32> {kerf.dtype = "uint32"}) -> tensor<2xi32> {
  %n = arith.constant dense<-4294967297> : tensor<i64>
  %y = kerf.fold_key %key, %n
  return %y : tensor<2xi32>
}

// A draw under a folded key is a constant to the gradient.
func.func @noise_times_x(%key: tensor<2xi32> {kerf.dtype = "uint32"}, %n: tensor<i64>, %x: tensor<5xf32>) -> tensor<5xf32> {
  %child = kerf.fold_key %key, %n
  %u = kerf.uniform %child, %n : tensor<5xf32>
  %y = kerf.mul %u, %x : tensor<5xf32>
  return %y : tensor<5xf32>
}

// -----

func.func @key_type(%key: tensor<2xi64>, %n: tensor<i64>) -> tensor<2xi32> {
  // expected-error @+1 {{'kerf.fold_key' op operand #0 must be tensor<2xi32>, but got 'tensor<2xi64>'}}
  %y = "kerf.fold_key"(%key, %n) : (tensor<2xi64>, tensor<i64>) -> tensor<2xi32>
  return %y : tensor<2xi32>
}
