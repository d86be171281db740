// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-compute-narrow -canonicalize | FileCheck %s

// A layer with its bias and what follows of the cheap kind is bf16, its softmax is not.
// CHECK-LABEL: @layer
//       CHECK: %[[P:.*]] = kerf.contract %{{.*}} : tensor<4x8xbf16>, tensor<6x8xbf16> -> tensor<4x6xbf16>
//       CHECK: %[[S:.*]] = kerf.add %[[P]], %{{.*}} : tensor<4x6xbf16>
//       CHECK: %[[R:.*]] = kerf.maximum %[[S]], %{{.*}} : tensor<4x6xbf16>
//       CHECK: %[[T:.*]] = kerf.transpose %[[R]], permutation = [1, 0] : tensor<4x6xbf16> -> tensor<6x4xbf16>
//       CHECK: %[[W:.*]] = kerf.cast %[[T]] : tensor<6x4xbf16> -> tensor<6x4xf32>
//       CHECK: kerf.log_softmax %[[W]], axis = 1 : tensor<6x4xf32>
func.func @layer(%x: tensor<4x8xf32>, %w: tensor<6x8xf32>, %b: tensor<6xf32>) -> tensor<6x4xf32> attributes {kerf.compute = bf16} {
  %p = kerf.contract %x, %w, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<4x8xf32>, tensor<6x8xf32> -> tensor<4x6xf32>
  %row = kerf.broadcast %b, dims = [1] : tensor<6xf32> -> tensor<4x6xf32>
  %s = kerf.add %p, %row : tensor<4x6xf32>
  %zero = arith.constant dense<0.0> : tensor<4x6xf32>
  %r = kerf.maximum %s, %zero : tensor<4x6xf32>
  %t = kerf.transpose %r, permutation = [1, 0] : tensor<4x6xf32> -> tensor<6x4xf32>
  %y = kerf.log_softmax %t, axis = 1 : tensor<6x4xf32>
  return %y : tensor<6x4xf32>
}

// A batch of one is computed as any other.
// CHECK-LABEL: @one_row
//       CHECK: kerf.add %{{.*}} : tensor<1x6xbf16>
func.func @one_row(%x: tensor<1x8xf32>, %w: tensor<6x8xf32>, %b: tensor<6xf32>) -> tensor<1x6xf32> attributes {kerf.compute = bf16} {
  %p = kerf.contract %x, %w, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<1x8xf32>, tensor<6x8xf32> -> tensor<1x6xf32>
  %row = kerf.broadcast %b, dims = [1] : tensor<6xf32> -> tensor<1x6xf32>
  %s = kerf.add %p, %row : tensor<1x6xf32>
  return %s : tensor<1x6xf32>
}

// A residual stream, and a factor that bf16 has not, are f32.
// CHECK-LABEL: @stream
//       CHECK: kerf.contract %{{.*}} : tensor<4x8xbf16>, tensor<8x8xbf16> -> tensor<4x8xbf16>
//       CHECK: kerf.mul %{{.*}} : tensor<4x8xf32>
//       CHECK: kerf.add %{{.*}} : tensor<4x8xf32>
func.func @stream(%x: tensor<4x8xf32>, %w: tensor<8x8xf32>) -> tensor<4x8xf32> attributes {kerf.compute = bf16} {
  %p = kerf.contract %x, %w, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<4x8xf32>, tensor<8x8xf32> -> tensor<4x8xf32>
  %third = arith.constant dense<0.333333343> : tensor<4x8xf32>
  %q = kerf.mul %p, %third : tensor<4x8xf32>
  %y = kerf.add %x, %q : tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// Within what is differentiated, too; the gradient is f32 as the parameter is.
// CHECK-LABEL: @gradient
//       CHECK: kerf.value_and_grad
//       CHECK: kerf.contract %{{.*}} : tensor<4x8xbf16>, tensor<8xbf16> -> tensor<4xbf16>
func.func @gradient(%x: tensor<4x8xf32>, %w: tensor<8xf32>) -> (tensor<f32>, tensor<8xf32>) attributes {kerf.compute = bf16} {
  %loss, %dw = kerf.value_and_grad params(%p = %w : tensor<8xf32>) captures(%a = %x : tensor<4x8xf32>) {
    %y = kerf.contract %a, %p, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<4x8xf32>, tensor<8xf32> -> tensor<4xf32>
    %s = kerf.mul %y, %y : tensor<4xf32>
    %l = kerf.sum %s, axes = [0] : tensor<4xf32> -> tensor<f32>
    kerf.yield %l : tensor<f32>
  }
  return %loss, %dw : tensor<f32>, tensor<8xf32>
}

// Distances that only choose a code, and sums over what was chosen.
// CHECK-LABEL: @choices
//   CHECK-NOT: bf16
//       CHECK: return
func.func @choices(%z: tensor<4x8xf32>, %e: tensor<6x8xf32>, %c: tensor<4x6xi1>) -> (tensor<4xi64>, tensor<6x8xf32>) attributes {kerf.compute = bf16} {
  %p = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<4x8xf32>, tensor<6x8xf32> -> tensor<4x6xf32>
  %d = kerf.neg %p : tensor<4x6xf32>
  %i = kerf.argmin %d, axis = 1 : tensor<4x6xf32> -> tensor<4xi64>
  %taken = kerf.cast %c : tensor<4x6xi1> -> tensor<4x6xf32>
  %sums = kerf.contract %taken, %z, a_batch = [], b_batch = [], a_contract = [0], b_contract = [0] : tensor<4x6xf32>, tensor<4x8xf32> -> tensor<6x8xf32>
  return %i, %sums : tensor<4xi64>, tensor<6x8xf32>
}

// Without a policy nothing changes.
// CHECK-LABEL: @as_written
//   CHECK-NOT: bf16
//       CHECK: return
func.func @as_written(%x: tensor<4x8xf32>, %w: tensor<6x8xf32>) -> tensor<4x6xf32> {
  %p = kerf.contract %x, %w, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<4x8xf32>, tensor<6x8xf32> -> tensor<4x6xf32>
  return %p : tensor<4x6xf32>
}

// -----

// expected-error @+1 {{computes in 'f64', but a policy is bf16 or f16}}
func.func @wide(%x: tensor<4xf32>) -> tensor<4xf32> attributes {kerf.compute = f64} {
  return %x : tensor<4xf32>
}
