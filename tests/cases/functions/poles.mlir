// What is chosen keeps its infinite slope, a cotangent that is no number stays none, and the derivative of a gradient in
// its zero cotangent is the slope. What is not chosen is the matter of poles.py.
// RUN: kerf-run %s | FileCheck %s
// RUN: kerf-run --compiled %s | FileCheck %s
// RUN: kerf-run --compare %s

// CHECK-LABEL: @chosen
//  CHECK-NEXT: tensor<2xf32>: inf inf
//  CHECK-NEXT: tensor<2xf32>: inf inf
func.func @chosen(%x: tensor<2xf32> {kerf.range = [0.0, 0.0]}) -> (tensor<2xf32>, tensor<2xf32>) {
  %l, %dx = kerf.value_and_grad params(%a = %x : tensor<2xf32>) {
    %r = kerf.sqrt %a : tensor<2xf32>
    %l = kerf.sum %r, axes = [0] : tensor<2xf32> -> tensor<f32>
    kerf.yield %l : tensor<f32>
  }
  %k, %dy = kerf.value_and_grad params(%a = %x : tensor<2xf32>) {
    %r = kerf.log %a : tensor<2xf32>
    %l = kerf.sum %r, axes = [0] : tensor<2xf32> -> tensor<f32>
    kerf.yield %l : tensor<f32>
  }
  return %dx, %dy : tensor<2xf32>, tensor<2xf32>
}

// A constant may be what one differentiates in: of x / 3, -x / 9.
// CHECK-LABEL: @in_a_constant_divisor
//  CHECK-NEXT: tensor<2xf32>: -1 -1
func.func @in_a_constant_divisor(%x: tensor<2xf32> {kerf.range = [9.0, 9.0]}) -> tensor<2xf32> {
  %three = arith.constant dense<3.0> : tensor<2xf32>
  %l, %d = kerf.value_and_grad params(%b = %three : tensor<2xf32>) captures(%a = %x : tensor<2xf32>) {
    %y = kerf.div %a, %b : tensor<2xf32>
    %l = kerf.sum %y, axes = [0] : tensor<2xf32> -> tensor<f32>
    kerf.yield %l : tensor<f32>
  }
  return %d : tensor<2xf32>
}

// sqrt(x) w at w = 0: its gradient in x is 0, and the derivative of that in w is 1 / (2 sqrt(x)).
// CHECK-LABEL: @slope_in_a_zero_cotangent
//  CHECK-NEXT: tensor<f32>: 0.25
func.func @slope_in_a_zero_cotangent(%x: tensor<f32> {kerf.range = [4.0, 4.0]}, %w: tensor<f32> {kerf.range = [0.0, 0.0]}) -> tensor<f32> {
  %l, %dw = kerf.value_and_grad params(%p = %w : tensor<f32>) captures(%a = %x : tensor<f32>) {
    %k, %da = kerf.value_and_grad params(%b = %a : tensor<f32>) captures(%q = %p : tensor<f32>) {
      %r = kerf.sqrt %b : tensor<f32>
      %y = kerf.mul %r, %q : tensor<f32>
      kerf.yield %y : tensor<f32>
    }
    kerf.yield %da : tensor<f32>
  }
  return %dw : tensor<f32>
}

// A cotangent that is no number stays none.
// CHECK-LABEL: @no_number_stays
//  CHECK-NEXT: tensor<f32>: {{-?nan}}
func.func @no_number_stays(%x: tensor<f32> {kerf.range = [0.0, 0.0]}, %w: tensor<f32> {kerf.range = [-1.0, -1.0]}) -> tensor<f32> {
  %l, %dx = kerf.value_and_grad params(%a = %x : tensor<f32>) captures(%q = %w : tensor<f32>) {
    %n = kerf.sqrt %q : tensor<f32>
    %r = kerf.sqrt %a : tensor<f32>
    %y = kerf.mul %r, %n : tensor<f32>
    kerf.yield %y : tensor<f32>
  }
  return %dx : tensor<f32>
}

// A cotangent of 0 times -1: of finite factors every bit stays, the sign of -0 too.
// CHECK-LABEL: @minus_zero_stays
//  CHECK-NEXT: tensor<2xf32>: -0 -0
func.func @minus_zero_stays(%x: tensor<2xf32> {kerf.range = [0.0, 0.0]}, %w: tensor<2xf32> {kerf.range = [-1.0, -1.0]}) -> tensor<2xf32> {
  %l, %dx = kerf.value_and_grad params(%a = %x : tensor<2xf32>) captures(%zero = %x : tensor<2xf32>, %q = %w : tensor<2xf32>) {
    %y = kerf.mul %a, %q : tensor<2xf32>
    %z = kerf.mul %y, %zero : tensor<2xf32>
    %l = kerf.sum %z, axes = [0] : tensor<2xf32> -> tensor<f32>
    kerf.yield %l : tensor<f32>
  }
  return %dx : tensor<2xf32>
}

// w log(x) at w = 0 where x is a number: the second derivative in w and x is 1 / x, as if nothing were guarded.
// CHECK-LABEL: @slope_of_a_quotient_in_a_zero_cotangent
//  CHECK-NEXT: tensor<f32>: 0.25
func.func @slope_of_a_quotient_in_a_zero_cotangent(%x: tensor<f32> {kerf.range = [4.0, 4.0]}, %w: tensor<f32> {kerf.range = [0.0, 0.0]}) -> tensor<f32> {
  %l, %dw = kerf.value_and_grad params(%p = %w : tensor<f32>) captures(%a = %x : tensor<f32>) {
    %k, %da = kerf.value_and_grad params(%b = %a : tensor<f32>) captures(%q = %p : tensor<f32>) {
      %r = kerf.log %b : tensor<f32>
      %y = kerf.mul %r, %q : tensor<f32>
      kerf.yield %y : tensor<f32>
    }
    kerf.yield %da : tensor<f32>
  }
  return %dw : tensor<f32>
}

// The bound of what can be guarded: a contraction sums over what was not chosen, and 0 times NaN is NaN there.
// CHECK-LABEL: @contraction
//  CHECK-NEXT: tensor<2xf32>: {{-?nan}} {{-?nan}}
func.func @contraction(%x: tensor<2xf32> {kerf.range = [-1.0, -1.0]}) -> tensor<2xf32> {
  %l, %dx = kerf.value_and_grad params(%a = %x : tensor<2xf32>) {
    %one = arith.constant dense<1.0> : tensor<2xf32>
    %nan = arith.constant dense<0x7FC00000> : tensor<2x2xf32>
    %f = kerf.contract %a, %nan, a_batch = [], b_batch = [], a_contract = [0], b_contract = [0] : tensor<2xf32>, tensor<2x2xf32> -> tensor<2xf32>
    %far = kerf.compare %a, %one, predicate = "gt" : tensor<2xf32> -> tensor<2xi1>
    %y = kerf.select %far, %f, %a : tensor<2xi1>, tensor<2xf32>
    %l = kerf.sum %y, axes = [0] : tensor<2xf32> -> tensor<f32>
    kerf.yield %l : tensor<f32>
  }
  return %dx : tensor<2xf32>
}
