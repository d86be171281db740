// RUN: kerf-opt %s -split-input-file -verify-diagnostics | kerf-opt -split-input-file | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-differentiate -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-run --function values %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// CHECK-LABEL: @product
//  CHECK-SAME: %[[P:.*]]: tensor<17xf32>, %[[T:.*]]: tensor<17xf32>, %[[A:.*]]: tensor<17xf32>
//       CHECK: %{{.*}}:2 = kerf.jvp params(%[[W:.*]] = %[[P]] : tensor<17xf32>) tangents(%[[T]]) captures(%[[X:.*]] = %[[A]] : tensor<17xf32>) {
//       CHECK:   kerf.mul %[[W]], %[[X]] : tensor<17xf32>
//       CHECK:   kerf.yield %{{.*}} : tensor<17xf32>
// LOWER-LABEL: @product
//   LOWER-NOT: kerf.
func.func @product(%p: tensor<17xf32>, %v: tensor<17xf32>, %a: tensor<17xf32>) -> (tensor<17xf32>, tensor<17xf32>) {
  %y, %t = kerf.jvp params(%w = %p : tensor<17xf32>) tangents(%v) captures(%x = %a : tensor<17xf32>) {
    %z = kerf.mul %w, %x : tensor<17xf32>
    kerf.yield %z : tensor<17xf32>
  }
  return %y, %t : tensor<17xf32>, tensor<17xf32>
}

// Integers have no tangent, and what no parameter reaches has tangent zero. x^2, with x = 3 along 5.
// VALUE-LABEL: @values
//  VALUE-NEXT: tensor<f32>: 9
//  VALUE-NEXT: tensor<i64>: 3
//  VALUE-NEXT: tensor<f32>: 7
//  VALUE-NEXT: tensor<f32>: 30
//  VALUE-NEXT: tensor<f32>: 0
func.func @values() -> (tensor<f32>, tensor<i64>, tensor<f32>, tensor<f32>, tensor<f32>) {
  %three = arith.constant dense<3.0> : tensor<f32>
  %five = arith.constant dense<5.0> : tensor<f32>
  %seven = arith.constant dense<7.0> : tensor<f32>
  %s, %i, %c, %ts, %tc = kerf.jvp params(%x = %three : tensor<f32>) tangents(%five) captures(%z = %seven : tensor<f32>) {
    %square = kerf.mul %x, %x : tensor<f32>
    %n = kerf.cast %x : tensor<f32> -> tensor<i64>
    kerf.yield %square, %n, %z : tensor<f32>, tensor<i64>, tensor<f32>
  }
  return %s, %i, %c, %ts, %tc : tensor<f32>, tensor<i64>, tensor<f32>, tensor<f32>, tensor<f32>
}

// A Hessian times a vector is the derivative of a gradient along it; a gradient of a tangent is the same.
// LOWER-LABEL: @hessian_times_vector
//   LOWER-NOT: kerf.jvp
//   LOWER-NOT: kerf.value_and_grad
func.func @hessian_times_vector(%p: tensor<5xf64>, %v: tensor<5xf64>) -> (tensor<5xf64>, tensor<5xf64>) {
  %g, %hv = kerf.jvp params(%w = %p : tensor<5xf64>) tangents(%v) {
    %loss, %dw = kerf.value_and_grad params(%u = %w : tensor<5xf64>) {
      %t = kerf.tanh %u : tensor<5xf64>
      %c = kerf.cumsum %t, axis = 0 : tensor<5xf64>
      %z = kerf.mul %c, %u : tensor<5xf64>
      %l = kerf.sum %z, axes = [0] : tensor<5xf64> -> tensor<f64>
      kerf.yield %l : tensor<f64>
    }
    kerf.yield %dw : tensor<5xf64>
  }
  %slope, %same = kerf.value_and_grad params(%w = %p : tensor<5xf64>) captures(%c = %v : tensor<5xf64>) {
    %l, %tangent = kerf.jvp params(%u = %w : tensor<5xf64>) tangents(%c) {
      %t = kerf.tanh %u : tensor<5xf64>
      %d = kerf.cumsum %t, axis = 0 : tensor<5xf64>
      %z = kerf.mul %d, %u : tensor<5xf64>
      %s = kerf.sum %z, axes = [0] : tensor<5xf64> -> tensor<f64>
      kerf.yield %s : tensor<f64>
    }
    kerf.yield %tangent : tensor<f64>
  }
  return %hv, %same : tensor<5xf64>, tensor<5xf64>
}

// -----

func.func @num_params_c1(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  // expected-error @+1 {{'kerf.jvp' op num_params is 1, each with a tangent, but there are 1 operands}}
  %y:2 = "kerf.jvp"(%x) <{num_params = 1}> ({
  ^bb0(%w: tensor<4xf32>):
    kerf.yield %w : tensor<4xf32>
  }) : (tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>)
  return %y#0, %y#1 : tensor<4xf32>, tensor<4xf32>
}

// -----

func.func @integer_parameter_c2(%x: tensor<4xi32>) -> tensor<4xi32> {
  // expected-error @+1 {{'kerf.jvp' op parameter 0 is 'tensor<4xi32>': only floats have a tangent; make it a capture}}
  %y = kerf.jvp params(%w = %x : tensor<4xi32>) tangents(%x) {
    kerf.yield %w : tensor<4xi32>
  }
  return %y : tensor<4xi32>
}

// -----

func.func @tangent_c3(%x: tensor<4xf32>, %v: tensor<5xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  // expected-error @+1 {{'kerf.jvp' op tangent 0 is 'tensor<5xf32>' but should be 'tensor<4xf32>'}}
  %y:2 = "kerf.jvp"(%x, %v) <{num_params = 1}> ({
  ^bb0(%w: tensor<4xf32>):
    kerf.yield %w : tensor<4xf32>
  }) : (tensor<4xf32>, tensor<5xf32>) -> (tensor<4xf32>, tensor<4xf32>)
  return %y#0, %y#1 : tensor<4xf32>, tensor<4xf32>
}

// -----

func.func @arguments_c4(%x: tensor<4xf32>) -> (tensor<5xf32>, tensor<5xf32>) {
  // expected-error @+1 {{'kerf.jvp' op region argument 0 is 'tensor<5xf32>' but should be 'tensor<4xf32>'}}
  %y:2 = "kerf.jvp"(%x, %x) <{num_params = 1}> ({
  ^bb0(%w: tensor<5xf32>):
    kerf.yield %w : tensor<5xf32>
  }) : (tensor<4xf32>, tensor<4xf32>) -> (tensor<5xf32>, tensor<5xf32>)
  return %y#0, %y#1 : tensor<5xf32>, tensor<5xf32>
}

// -----

func.func @results_c6(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{'kerf.jvp' op has 1 results but should have 2}}
  %y = "kerf.jvp"(%x, %x) <{num_params = 1}> ({
  ^bb0(%w: tensor<4xf32>):
    kerf.yield %w : tensor<4xf32>
  }) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @yield_c5(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{'kerf.jvp' op the region must end in kerf.yield}}
  %y = "kerf.jvp"(%x, %x) <{num_params = 1}> ({
  ^bb0(%w: tensor<4xf32>):
    llvm.unreachable
  }) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}
