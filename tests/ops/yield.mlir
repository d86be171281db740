// RUN: kerf-opt %s -split-input-file -verify-diagnostics | kerf-opt -split-input-file | FileCheck %s
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// CHECK-LABEL: @one_value
//       CHECK: kerf.yield %{{.*}} : tensor<f32>
func.func @one_value(%p: tensor<f32>) -> tensor<f32> {
  %loss, %g = kerf.value_and_grad params(%x = %p : tensor<f32>) {
    %l = kerf.mul %x, %x : tensor<f32>
    kerf.yield %l : tensor<f32>
  }
  return %g : tensor<f32>
}

// CHECK-LABEL: @two_values
//       CHECK: kerf.yield %{{.*}}, %{{.*}} : tensor<f32>, tensor<3xf32>
func.func @two_values(%p: tensor<3xf32>) -> (tensor<3xf32>, tensor<3xf32>) {
  %loss, %aux, %g = kerf.value_and_grad params(%x = %p : tensor<3xf32>) {
    %y = kerf.mul %x, %x : tensor<3xf32>
    %l = kerf.sum %y, axes = [0] : tensor<3xf32> -> tensor<f32>
    kerf.yield %l, %y : tensor<f32>, tensor<3xf32>
  }
  return %aux, %g : tensor<3xf32>, tensor<3xf32>
}

// -----

func.func @ends_its_block(%p: tensor<f32>) -> tensor<f32> {
  %loss, %g = kerf.value_and_grad params(%x = %p : tensor<f32>) {
    // expected-error @+1 {{'kerf.yield' op must be the last operation in the parent block}}
    kerf.yield %x : tensor<f32>
    kerf.yield %x : tensor<f32>
  }
  return %g : tensor<f32>
}
