// RUN: kerf-opt %s -split-input-file -verify-diagnostics | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-differentiate -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-differentiate -canonicalize | FileCheck %s --check-prefix=GRADIENT
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// k is an integer, so that no difference quotient sees what stop_gradient hides.
// CHECK-LABEL: @awkward_sizes
//       CHECK: kerf.stop_gradient %{{.*}} : tensor<7x17xf32>
// LOWER-LABEL: @awkward_sizes
//   LOWER-NOT: kerf.stop_gradient
func.func @awkward_sizes(%k: tensor<7x17xi64>, %l: tensor<65xi64>, %m: tensor<i64>,
                         %x: tensor<7x17xf32>, %y: tensor<65xf32>, %z: tensor<f32>)
    -> (tensor<7x17xf32>, tensor<65xf32>, tensor<f32>) {
  %a = kerf.cast %k : tensor<7x17xi64> -> tensor<7x17xf32>
  %b = kerf.stop_gradient %a : tensor<7x17xf32>
  %c = kerf.mul %b, %x : tensor<7x17xf32>
  %d = kerf.stop_gradient %l : tensor<65xi64>
  %e = kerf.cast %d : tensor<65xi64> -> tensor<65xf32>
  %f = kerf.mul %e, %y : tensor<65xf32>
  %g = kerf.cast %m : tensor<i64> -> tensor<f32>
  %h = kerf.stop_gradient %g : tensor<f32>
  %i = kerf.mul %h, %z : tensor<f32>
  return %c, %f, %i : tensor<7x17xf32>, tensor<65xf32>, tensor<f32>
}

// -----

// d/dx sum(sg(x) * w + x * w) = w, once.
// GRADIENT-LABEL: @one_of_two_paths
//  GRADIENT-SAME: %{{.*}}: tensor<5xf32>, %[[W:.*]]: tensor<5xf32>
//       GRADIENT: return %[[W]]
func.func @one_of_two_paths(%x0: tensor<5xf32>, %w0: tensor<5xf32>) -> tensor<5xf32> {
  %loss, %dx = kerf.value_and_grad params(%x = %x0 : tensor<5xf32>) captures(%w = %w0 : tensor<5xf32>) {
    %s = kerf.stop_gradient %x : tensor<5xf32>
    %a = kerf.mul %s, %w : tensor<5xf32>
    %b = kerf.mul %x, %w : tensor<5xf32>
    %y = kerf.add %a, %b : tensor<5xf32>
    %l = kerf.sum %y, axes = [0] : tensor<5xf32> -> tensor<f32>
    kerf.yield %l : tensor<f32>
  }
  return %dx : tensor<5xf32>
}
