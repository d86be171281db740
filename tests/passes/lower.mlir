// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s

// Ops with a lowering become linalg; ops with a kernel stay.
// CHECK-LABEL: @keeps_what_has_a_kernel
//   CHECK-NOT: kerf.exp
//       CHECK: math.exp
//       CHECK: kerf.contract
func.func @keeps_what_has_a_kernel(%a: tensor<4x8xf32>, %b: tensor<8x2xf32>) -> tensor<4x2xf32> {
  %e = kerf.exp %a : tensor<4x8xf32>
  %y = kerf.contract %e, %b, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<4x8xf32>, tensor<8x2xf32> -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

// -----

func.func @gradient_not_expanded(%a: tensor<f32>) -> tensor<f32> {
  // expected-error @+1 {{'kerf.value_and_grad' is still here: run kerf-differentiate before kerf-lower}}
  %loss, %dw = kerf.value_and_grad params(%w = %a : tensor<f32>) captures() {
    kerf.yield %w : tensor<f32>
  }
  return %dw : tensor<f32>
}
