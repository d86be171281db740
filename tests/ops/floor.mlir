// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-differentiate | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-differentiate -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-differentiate -canonicalize | FileCheck %s --check-prefix=FOLD
// RUN: kerf-run --function edges %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// The gradient is taken in x alone: k is an integer, so nothing would flow back through floor.
// CHECK-LABEL: @awkward_sizes
//       CHECK: kerf.floor %{{.*}} : tensor<7x17xf32>
// LOWER-LABEL: @awkward_sizes
//   LOWER-NOT: kerf.floor
//       LOWER: math.floor
func.func @awkward_sizes(%k: tensor<7x17xi64>, %l: tensor<65xi64>, %x: tensor<7x17xf32>, %y: tensor<65xf32>)
    -> (tensor<7x17xf32>, tensor<65xf32>) {
  %third = arith.constant dense<0.3> : tensor<7x17xf32>
  %a = kerf.cast %k : tensor<7x17xi64> -> tensor<7x17xf32>
  %b = kerf.mul %a, %third : tensor<7x17xf32>
  %c = kerf.floor %b : tensor<7x17xf32>
  %d = kerf.mul %c, %x : tensor<7x17xf32>
  %e = kerf.cast %l : tensor<65xi64> -> tensor<65xf32>
  %f = kerf.floor %e : tensor<65xf32>
  %g = kerf.mul %f, %y : tensor<65xf32>
  return %d, %g : tensor<7x17xf32>, tensor<65xf32>
}

// NaN, both infinities, both zeros.
// VALUE-LABEL: @edges
//  VALUE-NEXT: tensor<7xf32>: {{-?nan}} inf -inf -0 0 1 -3
func.func @edges() -> tensor<7xf32> {
  %x = arith.constant dense<[0x7FC00000, 0x7F800000, 0xFF800000, -0.0, 0.0, 1.5, -2.5]> : tensor<7xf32>
  %y = kerf.floor %x : tensor<7xf32>
  return %y : tensor<7xf32>
}

// FOLD-LABEL: @twice
//       FOLD: %[[Y:.*]] = kerf.floor
//  FOLD-NEXT: return %[[Y]]
func.func @twice(%x: tensor<5xf32>) -> tensor<5xf32> attributes {kerf.no_gradient} {
  %y = kerf.floor %x : tensor<5xf32>
  %z = kerf.floor %y : tensor<5xf32>
  return %z : tensor<5xf32>
}

// FOLD-LABEL: @constant
//       FOLD: %[[Y:.*]] = arith.constant dense<-2.000000e+00> : tensor<5xf32>
//  FOLD-NEXT: return %[[Y]]
func.func @constant() -> tensor<5xf32> {
  %x = arith.constant dense<-1.5> : tensor<5xf32>
  %y = kerf.floor %x : tensor<5xf32>
  return %y : tensor<5xf32>
}

// -----

func.func @piecewise_constant(%p: tensor<5xf32>) -> tensor<5xf32> {
  // expected-note @+1 {{the gradient taken here needs it; wrap the value in stop_gradient or straight_through}}
  %loss, %dx = kerf.value_and_grad params(%x = %p : tensor<5xf32>) captures() {
    // expected-error @+1 {{what this line computes has no derivative: piecewise constant}}
    %y = kerf.floor %x : tensor<5xf32>
    %l = kerf.sum %y, axes = [0] : tensor<5xf32> -> tensor<f32>
    kerf.yield %l : tensor<f32>
  }
  return %dx : tensor<5xf32>
}

// -----

func.func @no_integers(%x: tensor<4xi32>) -> tensor<4xi32> {
  // expected-error @+1 {{'kerf.floor' op operand #0 must be tensor of static shape, at most 8 axes, of 32-bit float or 64-bit float or bfloat16 type or 16-bit float, but got 'tensor<4xi32>'}}
  %y = kerf.floor %x : tensor<4xi32>
  return %y : tensor<4xi32>
}
