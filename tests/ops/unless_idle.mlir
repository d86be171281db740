// RUN: kerf-opt %s -split-input-file -verify-diagnostics | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -canonicalize | FileCheck %s --check-prefix=FOLD
// RUN: kerf-run --function edges --limit 36 %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --function edges --limit 36 --compiled %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// CHECK-LABEL: @awkward_sizes
//       CHECK: kerf.unless_idle %{{.*}}, %{{.*}} : tensor<f32>
//       CHECK: kerf.unless_idle %{{.*}}, %{{.*}} : tensor<7x17xf32>
// LOWER-LABEL: @awkward_sizes
//   LOWER-NOT: kerf.unless_idle
//       LOWER: arith.cmpf uno
func.func @awkward_sizes(%a: tensor<f32>, %b: tensor<1xf32>, %c: tensor<7x17xf32>, %d: tensor<65xf32>)
    -> (tensor<f32>, tensor<1xf32>, tensor<7x17xf32>, tensor<65xf32>) {
  %ya = kerf.unless_idle %a, %a : tensor<f32>
  %yb = kerf.unless_idle %b, %b : tensor<1xf32>
  %yc = kerf.unless_idle %c, %c : tensor<7x17xf32>
  %yd = kerf.unless_idle %d, %d : tensor<65xf32>
  return %ya, %yb, %yc, %yd : tensor<f32>, tensor<1xf32>, tensor<7x17xf32>, tensor<65xf32>
}

func.func @double(%flow: tensor<7xf64>) -> tensor<7xf64> {
  %y = kerf.unless_idle %flow, %flow : tensor<7xf64>
  return %y : tensor<7xf64>
}

// Flow along the rows, g along the columns: NaN, infinity, zeros and a number of each.
// VALUE-LABEL: @edges
//  VALUE-NEXT: tensor<36xf32>: {{-?nan}} {{-?nan}} {{-?nan}} 0 0 {{-?nan}}
//  VALUE-SAME: inf inf inf inf inf inf
//  VALUE-SAME: -inf -inf -inf -inf -inf -inf
//  VALUE-SAME: -0 -0 -0 -0 -0 -0
//  VALUE-SAME: 0 0 0 0 0 0
//  VALUE-SAME: 1.5 1.5 1.5 1.5 1.5 1.5
func.func @edges() -> tensor<36xf32> {
  %a = arith.constant dense<[0x7FC00000, 0x7F800000, 0xFF800000, -0.0, 0.0, 1.5]> : tensor<6xf32>
  %flow = kerf.broadcast %a, dims = [0] : tensor<6xf32> -> tensor<6x6xf32>
  %g = kerf.broadcast %a, dims = [1] : tensor<6xf32> -> tensor<6x6xf32>
  %y = kerf.unless_idle %flow, %g : tensor<6x6xf32>
  %z = kerf.reshape %y : tensor<6x6xf32> -> tensor<36xf32>
  return %z : tensor<36xf32>
}

// FOLD-LABEL: @something_came
//  FOLD-SAME: %[[FLOW:.*]]: tensor<5xf32>
//  FOLD-NEXT: return %[[FLOW]]
func.func @something_came(%flow: tensor<5xf32>) -> tensor<5xf32> {
  %g = arith.constant dense<2.0> : tensor<5xf32>
  %y = kerf.unless_idle %flow, %g : tensor<5xf32>
  return %y : tensor<5xf32>
}

// FOLD-LABEL: @something_came_everywhere
//  FOLD-SAME: %[[FLOW:.*]]: tensor<5xf32>
//   FOLD-NOT: unless_idle
//       FOLD: return %[[FLOW]]
func.func @something_came_everywhere(%flow: tensor<5xf32>) -> tensor<5xf32> {
  %one = arith.constant dense<2.0> : tensor<f32>
  %g = kerf.broadcast %one, dims = [] : tensor<f32> -> tensor<5xf32>
  %y = kerf.unless_idle %flow, %g : tensor<5xf32>
  return %y : tensor<5xf32>
}

// FOLD-LABEL: @a_number
//       FOLD: %[[FLOW:.*]] = arith.constant dense<3.000000e+00>
//  FOLD-NEXT: return %[[FLOW]]
func.func @a_number(%g: tensor<5xf32>) -> tensor<5xf32> {
  %flow = arith.constant dense<3.0> : tensor<5xf32>
  %y = kerf.unless_idle %flow, %g : tensor<5xf32>
  return %y : tensor<5xf32>
}

// What may be 0, or NaN, stays.
// FOLD-LABEL: @unknown
//       FOLD: kerf.unless_idle
//       FOLD: kerf.unless_idle
func.func @unknown(%x: tensor<5xf32>) -> (tensor<5xf32>, tensor<5xf32>) attributes {kerf.no_gradient} {
  %nan = arith.constant dense<0x7FC00000> : tensor<5xf32>
  %zero = arith.constant dense<-0.0> : tensor<5xf32>
  %y = kerf.unless_idle %nan, %x : tensor<5xf32>
  %z = kerf.unless_idle %x, %zero : tensor<5xf32>
  return %y, %z : tensor<5xf32>, tensor<5xf32>
}

// -----

func.func @equal_types(%a: tensor<4xf32>, %b: tensor<1xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{'kerf.unless_idle' op requires the same type for all operands and results}}
  %y = "kerf.unless_idle"(%a, %b) : (tensor<4xf32>, tensor<1xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @no_integers(%x: tensor<4xi32>) -> tensor<4xi32> {
  // expected-error @+1 {{'kerf.unless_idle' op operand #0 must be tensor of static shape, at most 8 axes, of 32-bit float or 64-bit float or bfloat16 type or 16-bit float, but got 'tensor<4xi32>'}}
  %y = kerf.unless_idle %x, %x : tensor<4xi32>
  return %y : tensor<4xi32>
}
