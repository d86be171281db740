// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-differentiate | FileCheck %s --implicit-check-not=value_and_grad --implicit-check-not=kerf.jvp
// RUN: kerf-run --gradient --second %s

// The region's ops, then their vjps from the last to the first.
// CHECK-LABEL: @square_sum
//  CHECK-SAME: (%[[W:.*]]: tensor<3xf32>, %[[X:.*]]: tensor<3xf32>)
//       CHECK: %[[Y:.*]] = kerf.mul %[[W]], %[[X]]
//       CHECK: %[[Z:.*]] = kerf.mul %[[Y]], %[[W]]
//       CHECK: %[[LOSS:.*]] = kerf.sum %[[Z]]
//       CHECK: %[[ONE:.*]] = arith.constant dense<1.000000e+00> : tensor<f32>
//       CHECK: %[[DZ:.*]] = kerf.broadcast %[[ONE]]
//       CHECK: %[[DY:.*]] = kerf.mul %[[DZ]], %[[W]]
//       CHECK: %[[DW0:.*]] = kerf.mul %[[DZ]], %[[Y]]
//       CHECK: %[[DW1:.*]] = kerf.mul %[[DY]], %[[X]]
//   CHECK-NOT: kerf.mul
//       CHECK: %[[FLOW:.*]] = kerf.unless_idle %[[DW1]], %[[DY]]
//       CHECK: %[[DW:.*]] = kerf.add %[[DW0]], %[[FLOW]]
//       CHECK: return %[[LOSS]], %[[DW]]
func.func @square_sum(%a: tensor<3xf32>, %b: tensor<3xf32>) -> (tensor<f32>, tensor<3xf32>) {
  %loss, %dw = kerf.value_and_grad params(%w = %a : tensor<3xf32>) captures(%x = %b : tensor<3xf32>) {
    %y = kerf.mul %w, %x : tensor<3xf32>
    %z = kerf.mul %y, %w : tensor<3xf32>
    %l = kerf.sum %z, axes = [0] : tensor<3xf32> -> tensor<f32>
    kerf.yield %l : tensor<f32>
  }
  return %loss, %dw : tensor<f32>, tensor<3xf32>
}

// Auxiliary values come between the loss and the gradients, and add nothing to these.
// CHECK-LABEL: @auxiliary
//  CHECK-SAME: (%[[W:.*]]: tensor<f32>)
//       CHECK: %[[AUX:.*]] = kerf.exp %[[W]]
//       CHECK: %[[LOSS:.*]] = kerf.mul %[[W]], %[[W]]
//       CHECK: %[[DW:.*]] = kerf.add
//       CHECK: return %[[LOSS]], %[[AUX]], %[[DW]]
func.func @auxiliary(%a: tensor<f32>) -> (tensor<f32>, tensor<f32>, tensor<f32>) {
  %loss, %aux, %dw = kerf.value_and_grad params(%w = %a : tensor<f32>) captures() {
    %e = kerf.exp %w : tensor<f32>
    %l = kerf.mul %w, %w : tensor<f32>
    kerf.yield %l, %e : tensor<f32>, tensor<f32>
  }
  return %loss, %aux, %dw : tensor<f32>, tensor<f32>, tensor<f32>
}

// One tensor as parameter and as capture: the capture is constant, so d(w * x)/dw = x.
// CHECK-LABEL: @captured_parameter
//  CHECK-SAME: (%[[A:.*]]: tensor<f32>)
//       CHECK: %[[LOSS:.*]] = kerf.mul %[[A]], %[[A]]
//       CHECK: %[[ONE:.*]] = arith.constant dense<1.0
//       CHECK: %[[DW:.*]] = kerf.mul %[[ONE]], %[[A]]
//       CHECK: return %[[LOSS]], %[[DW]]
func.func @captured_parameter(%a: tensor<f32>) -> (tensor<f32>, tensor<f32>) {
  %loss, %dw = kerf.value_and_grad params(%w = %a : tensor<f32>) captures(%x = %a : tensor<f32>) {
    %l = kerf.mul %w, %x : tensor<f32>
    kerf.yield %l : tensor<f32>
  }
  return %loss, %dw : tensor<f32>, tensor<f32>
}

// The loss is a parameter.
// CHECK-LABEL: @loss_is_a_parameter
//  CHECK-SAME: (%[[A:.*]]: tensor<f32>)
//       CHECK: %[[ONE:.*]] = arith.constant dense<1.0
//       CHECK: return %[[A]], %[[ONE]]
func.func @loss_is_a_parameter(%a: tensor<f32>) -> (tensor<f32>, tensor<f32>) {
  %loss, %dw = kerf.value_and_grad params(%w = %a : tensor<f32>) captures() {
    kerf.yield %w : tensor<f32>
  }
  return %loss, %dw : tensor<f32>, tensor<f32>
}

// A gradient of a gradient: d/dw (3 w^2) from w^3, by the pass run on what it left.
// CHECK-LABEL: @nested
//       CHECK: return
func.func @nested(%a: tensor<f32>) -> (tensor<f32>, tensor<f32>) {
  %slope, %curvature = kerf.value_and_grad params(%v = %a : tensor<f32>) captures() {
    %cube, %square = kerf.value_and_grad params(%w = %v : tensor<f32>) captures() {
      %y = kerf.mul %w, %w : tensor<f32>
      %z = kerf.mul %y, %w : tensor<f32>
      kerf.yield %z : tensor<f32>
    }
    kerf.yield %square : tensor<f32>
  }
  return %slope, %curvature : tensor<f32>, tensor<f32>
}

// What an inner gradient takes as constant, an outer one differentiates: d/dx of d/dw (w x) = 1.
// CHECK-LABEL: @through_a_capture
//       CHECK: return
func.func @through_a_capture(%a: tensor<f32>, %b: tensor<f32>) -> (tensor<f32>, tensor<f32>) {
  %y, %dx = kerf.value_and_grad params(%x = %b : tensor<f32>) captures(%c = %a : tensor<f32>) {
    %l, %dw = kerf.value_and_grad params(%w = %c : tensor<f32>) captures(%d = %x : tensor<f32>) {
      %z = kerf.mul %w, %d : tensor<f32>
      kerf.yield %z : tensor<f32>
    }
    kerf.yield %dw : tensor<f32>
  }
  return %y, %dx : tensor<f32>, tensor<f32>
}

// -----

// CHECK-LABEL: @unreached
//       CHECK: %[[ZERO:.*]] = arith.constant dense<0.000000e+00> : tensor<5xf32>
//       CHECK: return %{{.*}}, %{{.*}}, %[[ZERO]]
func.func @unreached(%a: tensor<f32>, %b: tensor<5xf32>) -> (tensor<f32>, tensor<f32>, tensor<5xf32>) {
  %loss, %dw, %du = kerf.value_and_grad params(%w = %a : tensor<f32>, %u = %b : tensor<5xf32>) captures() {
    %l = kerf.exp %w : tensor<f32>
    kerf.yield %l : tensor<f32>
  }
  return %loss, %dw, %du : tensor<f32>, tensor<f32>, tensor<5xf32>
}

// -----

// stop_gradient says it, so nothing is warned of.
// CHECK-LABEL: @stopped
//       CHECK: %[[ZERO:.*]] = arith.constant dense<0.000000e+00> : tensor<f32>
//       CHECK: return %{{.*}}, %[[ZERO]]
func.func @stopped(%a: tensor<f32>) -> (tensor<f32>, tensor<f32>) attributes {kerf.no_gradient} {
  %loss, %dw = kerf.value_and_grad params(%w = %a : tensor<f32>) captures() {
    %s = kerf.stop_gradient %w : tensor<f32>
    %l = kerf.exp %s : tensor<f32>
    kerf.yield %l : tensor<f32>
  }
  return %loss, %dw : tensor<f32>, tensor<f32>
}

// -----

// CHECK-LABEL: @only_through_integers
//       CHECK: %[[ZERO:.*]] = arith.constant dense<0.000000e+00> : tensor<4xf32>
//       CHECK: return %{{.*}}, %{{.*}}, %[[ZERO]]
func.func @only_through_integers(%a: tensor<3xf32>, %b: tensor<4xf32> {kerf.name = "scores"})
    -> (tensor<f32>, tensor<3xf32>, tensor<4xf32>) {
  // expected-note @+1 {{the gradient is taken here}}
  %loss, %dt, %ds = kerf.value_and_grad params(%table = %a : tensor<3xf32>, %s = %b : tensor<4xf32>) captures() {
    %squares = kerf.mul %s, %s : tensor<4xf32>
    // expected-warning @+1 {{parameter "scores" reaches the loss only through integer or i1 values, which this line computes: its gradient is zero}}
    %best = kerf.argmin %squares, axis = 0 : tensor<4xf32> -> tensor<i64>
    %l = kerf.gather %table, %best : tensor<3xf32>, tensor<i64> -> tensor<f32>
    kerf.yield %l : tensor<f32>
  }
  return %loss, %dt, %ds : tensor<f32>, tensor<3xf32>, tensor<4xf32>
}

// -----

// So does what the mask of attention alone reads, however its scores are made.
// CHECK-LABEL: @only_through_a_mask
func.func @only_through_a_mask(%x: tensor<5x4xf32>, %k: tensor<7x4xf32>, %b: tensor<5xf32> {kerf.name = "spans"}) -> tensor<5xf32> {
  // expected-note @+1 {{the gradient is taken here}}
  %loss, %dq, %ds = kerf.value_and_grad params(%q = %x : tensor<5x4xf32>, %s = %b : tensor<5xf32>) captures(%c = %k : tensor<7x4xf32>) {
    %o, %lse = kerf.attention %q, %c, %c captures(%s : tensor<5xf32>) maps [affine_map<(i, j) -> (i)>] scale = 0.5, empty = "zero" score {} mask {
    ^bb0(%i: tensor<i32>, %j: tensor<i32>, %span: tensor<f32>):
      %at = kerf.cast %j : tensor<i32> -> tensor<f32>
      // expected-warning @+1 {{parameter "spans" reaches the loss only through integer or i1 values, which this line computes: its gradient is zero}}
      %seen = kerf.compare %at, %span, predicate = "lt" : tensor<f32> -> tensor<i1>
      kerf.yield %seen : tensor<i1>
    } : tensor<5x4xf32>, tensor<7x4xf32>, tensor<7x4xf32> -> tensor<5x4xf32>, tensor<5xf32>
    %l = kerf.sum %o, axes = [0, 1] : tensor<5x4xf32> -> tensor<f32>
    kerf.yield %l : tensor<f32>
  }
  return %ds : tensor<5xf32>
}

// -----

// A second path, through floats, makes it no loss of a parameter.
// CHECK-LABEL: @through_integers_and_floats
func.func @through_integers_and_floats(%a: tensor<3xf32>) -> (tensor<f32>, tensor<3xf32>) {
  %loss, %dt = kerf.value_and_grad params(%t = %a : tensor<3xf32>) captures() {
    %best = kerf.argmin %t, axis = 0 : tensor<3xf32> -> tensor<i64>
    %l = kerf.gather %t, %best : tensor<3xf32>, tensor<i64> -> tensor<f32>
    kerf.yield %l : tensor<f32>
  }
  return %loss, %dt : tensor<f32>, tensor<3xf32>
}

// -----

func.func @floor_has_no_derivative(%a: tensor<f32>) -> (tensor<f32>, tensor<f32>) {
  // expected-note @+1 {{the gradient taken here needs it; wrap the value in stop_gradient or straight_through}}
  %loss, %dw = kerf.value_and_grad params(%w = %a : tensor<f32>) captures() {
    // expected-error @+1 {{what this line computes has no derivative: piecewise constant}}
    %l = kerf.floor %w : tensor<f32>
    kerf.yield %l : tensor<f32>
  }
  return %loss, %dw : tensor<f32>, tensor<f32>
}

// -----

// floor of what depends on no parameter needs no derivative, and behind stop_gradient neither.
// CHECK-LABEL: @floor_off_the_path
func.func @floor_off_the_path(%a: tensor<f32>, %b: tensor<f32>) -> (tensor<f32>, tensor<f32>)
    attributes {kerf.no_gradient} {
  %loss, %dw = kerf.value_and_grad params(%w = %a : tensor<f32>) captures(%x = %b : tensor<f32>) {
    %f = kerf.floor %x : tensor<f32>
    %g = kerf.floor %w : tensor<f32>
    %s = kerf.stop_gradient %g : tensor<f32>
    %fs = kerf.mul %f, %s : tensor<f32>
    %l = kerf.mul %fs, %w : tensor<f32>
    kerf.yield %l : tensor<f32>
  }
  return %loss, %dw : tensor<f32>, tensor<f32>
}

// -----

// Somebody forgot the model in the loss.
func.func @loss_of_something_else(%x: tensor<5xf32>, %c: tensor<5xf32>) -> tensor<5xf32>
    attributes {kerf.no_gradient} {
  // expected-warning @+1 {{the loss depends on none of the 1 parameters that its gradient is taken in: all of it is zero}}
  %loss, %g = kerf.value_and_grad params(%p = %x : tensor<5xf32>) captures(%q = %c : tensor<5xf32>) {
    %s = kerf.mul %q, %q : tensor<5xf32>
    // expected-note @+1 {{the loss is made here}}
    %l = kerf.sum %s, axes = [0] : tensor<5xf32> -> tensor<f32>
    kerf.yield %l : tensor<f32>
  }
  return %g : tensor<5xf32>
}

// -----

func.func @floor_has_no_tangent(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  // expected-note @+1 {{the derivative taken here needs it; wrap the value in stop_gradient or straight_through}}
  %y:2 = kerf.jvp params(%w = %x : tensor<4xf32>) tangents(%x) {
    // expected-error @+1 {{what this line computes has no derivative: piecewise constant}}
    %f = kerf.floor %w : tensor<4xf32>
    kerf.yield %f : tensor<4xf32>
  }
  return %y#0, %y#1 : tensor<4xf32>, tensor<4xf32>
}

// -----

func.func @captured_by_custom_vjp(%x: tensor<4xf32>, %z: tensor<4xf32>) -> tensor<4xf32> {
  // expected-note @+1 {{the derivative is taken here}}
  %loss, %g = kerf.value_and_grad params(%p = %x : tensor<4xf32>) captures(%c = %z : tensor<4xf32>) {
    // expected-error @+1 {{a derivative is taken in a value that a function of custom_vjp captures, which gets none: pass it as an argument, or wrap it in stop_gradient}}
    %y = "kerf.custom_vjp"(%c, %p) <{num_inputs = 1}> ({
    ^bb0(%a: tensor<4xf32>, %b: tensor<4xf32>):
      %q = kerf.mul %a, %b : tensor<4xf32>
      kerf.yield %q : tensor<4xf32>
    }, {
    ^bb0(%a: tensor<4xf32>, %q: tensor<4xf32>, %d: tensor<4xf32>, %b: tensor<4xf32>):
      kerf.yield %d : tensor<4xf32>
    }) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %l = kerf.sum %y, axes = [0] : tensor<4xf32> -> tensor<f32>
    kerf.yield %l : tensor<f32>
  }
  return %g : tensor<4xf32>
}
