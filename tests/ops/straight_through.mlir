// RUN: kerf-opt %s -split-input-file -verify-diagnostics | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-differentiate -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-differentiate -canonicalize | FileCheck %s --check-prefix=GRADIENT
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// Where q is z, the gradient that straight_through declares is the true one.
// CHECK-LABEL: @awkward_sizes
//       CHECK: kerf.straight_through %{{.*}}, %{{.*}} : tensor<7x17xf32>
// LOWER-LABEL: @awkward_sizes
//   LOWER-NOT: kerf.straight_through
func.func @awkward_sizes(%a: tensor<f32>, %b: tensor<1xf32>, %c: tensor<7x17xf32>, %d: tensor<65xf32>)
    -> (tensor<f32>, tensor<1xf32>, tensor<7x17xf32>, tensor<65xf32>) {
  %ya = kerf.straight_through %a, %a : tensor<f32>
  %yb = kerf.straight_through %b, %b : tensor<1xf32>
  %yc = kerf.straight_through %c, %c : tensor<7x17xf32>
  %yd = kerf.straight_through %d, %d : tensor<65xf32>
  return %ya, %yb, %yc, %yd : tensor<f32>, tensor<1xf32>, tensor<7x17xf32>, tensor<65xf32>
}

// LOWER-LABEL: @value_of_q
//       LOWER: %[[Q:.*]] = arith.constant
//       LOWER: return %[[Q]]
func.func @value_of_q(%k: tensor<3xi32>) -> tensor<3xf32> {
  %z = kerf.cast %k : tensor<3xi32> -> tensor<3xf32>
  %q = arith.constant dense<[0x7F800000, -0.0, 1.5]> : tensor<3xf32>
  %y = kerf.straight_through %z, %q : tensor<3xf32>
  return %y : tensor<3xf32>
}

// -----

// The whole cotangent of y goes to z, none to q.
// GRADIENT-LABEL: @gradient_to_z
//  GRADIENT-SAME: %[[Z:.*]]: tensor<5xf32>, %[[Q:.*]]: tensor<5xf32>, %[[W:.*]]: tensor<5xf32>
//       GRADIENT: %[[ZERO:.*]] = arith.constant dense<0.000000e+00> : tensor<5xf32>
//       GRADIENT: return %[[W]], %[[ZERO]]
func.func @gradient_to_z(%z0: tensor<5xf32>, %q0: tensor<5xf32>, %w0: tensor<5xf32>)
    -> (tensor<5xf32>, tensor<5xf32>) {
  %loss, %dz, %dq = kerf.value_and_grad params(%z = %z0 : tensor<5xf32>, %q = %q0 : tensor<5xf32>)
      captures(%w = %w0 : tensor<5xf32>) {
    %y = kerf.straight_through %z, %q : tensor<5xf32>
    %p = kerf.mul %y, %w : tensor<5xf32>
    %l = kerf.sum %p, axes = [0] : tensor<5xf32> -> tensor<f32>
    kerf.yield %l : tensor<f32>
  }
  return %dz, %dq : tensor<5xf32>, tensor<5xf32>
}

// -----

func.func @equal_types(%a: tensor<4xf32>, %b: tensor<1xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{'kerf.straight_through' op requires the same type for all operands and results}}
  %y = "kerf.straight_through"(%a, %b) : (tensor<4xf32>, tensor<1xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}
