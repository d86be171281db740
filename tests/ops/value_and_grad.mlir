// RUN: kerf-opt %s -split-input-file -verify-diagnostics | kerf-opt -split-input-file | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-differentiate -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// CHECK-LABEL: @product
//  CHECK-SAME: %[[P:.*]]: tensor<17xf32>, %[[A:.*]]: tensor<17xf32>
//       CHECK: %{{.*}}:2 = kerf.value_and_grad params(%[[W:.*]] = %[[P]] : tensor<17xf32>) captures(%[[X:.*]] = %[[A]] : tensor<17xf32>) {
//       CHECK:   kerf.mul %[[W]], %[[X]] : tensor<17xf32>
//       CHECK:   kerf.yield %{{.*}} : tensor<f32>
// LOWER-LABEL: @product
//   LOWER-NOT: kerf.
func.func @product(%p: tensor<17xf32>, %a: tensor<17xf32>) -> (tensor<f32>, tensor<17xf32>) {
  %loss, %dw = kerf.value_and_grad params(%w = %p : tensor<17xf32>) captures(%x = %a : tensor<17xf32>) {
    %y = kerf.mul %w, %x : tensor<17xf32>
    %l = kerf.sum %y, axes = [0] : tensor<17xf32> -> tensor<f32>
    kerf.yield %l : tensor<f32>
  }
  return %loss, %dw : tensor<f32>, tensor<17xf32>
}

// CHECK-LABEL: @two_parameters_and_an_auxiliary
//       CHECK: kerf.value_and_grad params(%{{.*}} = %{{.*}} : tensor<3x7xf32>, %{{.*}} = %{{.*}} : tensor<3xf32>) {
//       CHECK:   kerf.yield %{{.*}}, %{{.*}} : tensor<f32>, tensor<3x7xf32>
func.func @two_parameters_and_an_auxiliary(%p: tensor<3x7xf32>, %q: tensor<3xf32>) -> (tensor<3x7xf32>, tensor<3x7xf32>, tensor<3xf32>) {
  %loss, %aux, %dw, %db = kerf.value_and_grad params(%w = %p : tensor<3x7xf32>, %b = %q : tensor<3xf32>) {
    %c = kerf.broadcast %b, dims = [0] : tensor<3xf32> -> tensor<3x7xf32>
    %y = kerf.mul %w, %c : tensor<3x7xf32>
    %z = kerf.mul %y, %w : tensor<3x7xf32>
    %l = kerf.sum %z, axes = [0, 1] : tensor<3x7xf32> -> tensor<f32>
    kerf.yield %l, %y : tensor<f32>, tensor<3x7xf32>
  }
  return %aux, %dw, %db : tensor<3x7xf32>, tensor<3x7xf32>, tensor<3xf32>
}

// A gradient inside a loss, the penalty of a WGAN-GP: the derivative of a derivative.
// CHECK-LABEL: @gradient_of_a_gradient
//       CHECK: kerf.value_and_grad
//       CHECK:   kerf.value_and_grad
// LOWER-LABEL: @gradient_of_a_gradient
//   LOWER-NOT: kerf.value_and_grad
func.func @gradient_of_a_gradient(%p: tensor<5xf32>, %a: tensor<5xf32>) -> tensor<5xf32> {
  %penalty, %dw = kerf.value_and_grad params(%w = %p : tensor<5xf32>) captures(%x = %a : tensor<5xf32>) {
    %inner, %dx = kerf.value_and_grad params(%x0 = %x : tensor<5xf32>) captures(%w0 = %w : tensor<5xf32>) {
      %t = kerf.mul %w0, %x0 : tensor<5xf32>
      %u = kerf.tanh %t : tensor<5xf32>
      %l = kerf.sum %u, axes = [0] : tensor<5xf32> -> tensor<f32>
      kerf.yield %l : tensor<f32>
    }
    %s = kerf.mul %dx, %dx : tensor<5xf32>
    %l = kerf.sum %s, axes = [0] : tensor<5xf32> -> tensor<f32>
    kerf.yield %l : tensor<f32>
  }
  return %dw : tensor<5xf32>
}

// One tensor as parameter and as capture: only the parameter's share counts.
func.func @parameter_is_captured_too(%p: tensor<5xf32>) -> tensor<5xf32> {
  %loss, %dw = kerf.value_and_grad params(%w = %p : tensor<5xf32>) captures(%c = %p : tensor<5xf32>) {
    %y = kerf.mul %w, %c : tensor<5xf32>
    %l = kerf.sum %y, axes = [0] : tensor<5xf32> -> tensor<f32>
    kerf.yield %l : tensor<f32>
  }
  return %dw : tensor<5xf32>
}

// A parameter that the loss does not reach has gradient zero.
func.func @unreached(%p: tensor<3xf32>, %q: tensor<f32>) -> (tensor<3xf32>, tensor<f32>) {
  %loss, %dw, %db = kerf.value_and_grad params(%w = %p : tensor<3xf32>, %b = %q : tensor<f32>) {
    %l = kerf.mul %b, %b : tensor<f32>
    kerf.yield %l : tensor<f32>
  }
  return %dw, %db : tensor<3xf32>, tensor<f32>
}

// -----

func.func @num_params_c1(%p: tensor<f32>) -> tensor<f32> {
  // expected-error @+1 {{'kerf.value_and_grad' op num_params is 2 but there are 1 operands}}
  %loss, %g, %h = "kerf.value_and_grad"(%p) ({
  ^bb0(%x: tensor<f32>):
    kerf.yield %x : tensor<f32>
  }) {num_params = 2 : i64, num_aux = 0 : i64} : (tensor<f32>) -> (tensor<f32>, tensor<f32>, tensor<f32>)
  return %g : tensor<f32>
}

// -----

func.func @integer_parameter_c2(%p: tensor<f32>, %i: tensor<i64>) -> tensor<i64> {
  // expected-error @+1 {{'kerf.value_and_grad' op parameter 1 is 'tensor<i64>': only floats have a gradient; make it a capture}}
  %loss, %g, %h = kerf.value_and_grad params(%x = %p : tensor<f32>, %j = %i : tensor<i64>) {
    kerf.yield %x : tensor<f32>
  }
  return %h : tensor<i64>
}

// -----

func.func @argument_count_c3(%p: tensor<f32>, %a: tensor<f32>) -> tensor<f32> {
  // expected-error @+1 {{'kerf.value_and_grad' op has 1 region arguments but should have 2}}
  %loss, %g = "kerf.value_and_grad"(%p, %a) ({
  ^bb0(%x: tensor<f32>):
    kerf.yield %x : tensor<f32>
  }) {num_params = 1 : i64, num_aux = 0 : i64} : (tensor<f32>, tensor<f32>) -> (tensor<f32>, tensor<f32>)
  return %g : tensor<f32>
}

// -----

func.func @argument_type_c3(%p: tensor<3xf32>) -> tensor<3xf32> {
  // expected-error @+1 {{'kerf.value_and_grad' op region argument 0 is 'tensor<f32>' but should be 'tensor<3xf32>'}}
  %loss, %g = "kerf.value_and_grad"(%p) ({
  ^bb0(%x: tensor<f32>):
    kerf.yield %x : tensor<f32>
  }) {num_params = 1 : i64, num_aux = 0 : i64} : (tensor<3xf32>) -> (tensor<f32>, tensor<3xf32>)
  return %g : tensor<3xf32>
}

// -----

func.func @terminator_c4(%p: tensor<f32>) -> tensor<f32> {
  // expected-error @+1 {{'kerf.value_and_grad' op the region must end in kerf.yield}}
  %loss, %g = "kerf.value_and_grad"(%p) ({
  ^bb0(%x: tensor<f32>):
    llvm.unreachable
  }) {num_params = 1 : i64, num_aux = 0 : i64} : (tensor<f32>) -> (tensor<f32>, tensor<f32>)
  return %g : tensor<f32>
}

// -----

func.func @no_loss_c4(%p: tensor<f32>) {
  // expected-error @+1 {{the region yields no loss}}
  kerf.value_and_grad params(%x = %p : tensor<f32>) {
    kerf.yield
  }
  return
}

// -----

func.func @num_aux_c4(%p: tensor<f32>) -> tensor<f32> {
  %loss, %a, %g = "kerf.value_and_grad"(%p) ({
  ^bb0(%x: tensor<f32>):
    // expected-error @+1 {{'kerf.yield' op has 1 operands, but the loss and 1 auxiliary values are due}}
    kerf.yield %x : tensor<f32>
  }) {num_params = 1 : i64, num_aux = 1 : i64} : (tensor<f32>) -> (tensor<f32>, tensor<f32>, tensor<f32>)
  return %g : tensor<f32>
}

// -----

func.func @loss_c4(%p: tensor<3xf32>) -> tensor<3xf32> {
  %loss, %g = kerf.value_and_grad params(%x = %p : tensor<3xf32>) {
    // expected-error @+1 {{'kerf.yield' op the loss is 'tensor<3xf32>' but should be a float of rank 0}}
    kerf.yield %x : tensor<3xf32>
  }
  return %g : tensor<3xf32>
}

// -----

func.func @result_type_c5(%p: tensor<3xf32>) -> tensor<f32> {
  // expected-error @+1 {{'kerf.value_and_grad' op result 1 is 'tensor<f32>' but should be 'tensor<3xf32>'}}
  %loss, %g = "kerf.value_and_grad"(%p) ({
  ^bb0(%x: tensor<3xf32>):
    %l = kerf.sum %x, axes = [0] : tensor<3xf32> -> tensor<f32>
    kerf.yield %l : tensor<f32>
  }) {num_params = 1 : i64, num_aux = 0 : i64} : (tensor<3xf32>) -> (tensor<f32>, tensor<f32>)
  return %g : tensor<f32>
}

// -----

func.func @isolated(%p: tensor<f32>, %a: tensor<f32>) -> tensor<f32> {
  %loss, %g = kerf.value_and_grad params(%x = %p : tensor<f32>) {
    // expected-error @+1 {{use of undeclared SSA value name}}
    %l = kerf.mul %x, %a : tensor<f32>
    kerf.yield %l : tensor<f32>
  }
  return %g : tensor<f32>
}
