// RUN: kerf-opt %s -split-input-file -verify-diagnostics | kerf-opt -split-input-file | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-differentiate | FileCheck %s --check-prefix=DIFF
// RUN: kerf-run --function values %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --function in_a_loop %s | FileCheck %s --check-prefix=LOOP
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// Where no derivative is taken it is the ops of its first region. This derivative is the true one.
// CHECK-LABEL: @sine
//       CHECK: "kerf.custom_vjp"(%{{.*}}) <{num_inputs = 1 : i64}> ({
//  DIFF-LABEL: @sine
//   DIFF-NEXT: kerf.sin
//   DIFF-NEXT: return
func.func @sine(%x: tensor<7xf64>) -> tensor<7xf64> {
  %y = "kerf.custom_vjp"(%x) <{num_inputs = 1}> ({
  ^bb0(%a: tensor<7xf64>):
    %s = kerf.sin %a : tensor<7xf64>
    kerf.yield %s : tensor<7xf64>
  }, {
  ^bb0(%a: tensor<7xf64>, %s: tensor<7xf64>, %g: tensor<7xf64>):
    %c = kerf.cos %a : tensor<7xf64>
    %d = kerf.mul %g, %c : tensor<7xf64>
    kerf.yield %d : tensor<7xf64>
  }) : (tensor<7xf64>) -> tensor<7xf64>
  return %y : tensor<7xf64>
}

// Two inputs, one of integers, a capture, and an integer result; again the true derivative: y = x z c, n = i + 1.
func.func @several(%x: tensor<5xf64>, %z: tensor<5xf64>, %i: tensor<i64>) -> (tensor<5xf64>, tensor<i64>) {
  %c = arith.constant dense<[1.0, 2.0, 3.0, 4.0, 5.0]> : tensor<5xf64>
  %y, %n = "kerf.custom_vjp"(%x, %i, %z, %c) <{num_inputs = 3}> ({
  ^bb0(%a: tensor<5xf64>, %k: tensor<i64>, %b: tensor<5xf64>, %f: tensor<5xf64>):
    %p = kerf.mul %a, %b : tensor<5xf64>
    %q = kerf.mul %p, %f : tensor<5xf64>
    %m = kerf.add %k, %k : tensor<i64>
    kerf.yield %q, %m : tensor<5xf64>, tensor<i64>
  }, {
  ^bb0(%a: tensor<5xf64>, %k: tensor<i64>, %b: tensor<5xf64>, %q: tensor<5xf64>, %m: tensor<i64>, %g: tensor<5xf64>, %f: tensor<5xf64>):
    %h = kerf.mul %g, %f : tensor<5xf64>
    %da = kerf.mul %h, %b : tensor<5xf64>
    %db = kerf.mul %h, %a : tensor<5xf64>
    kerf.yield %da, %db : tensor<5xf64>, tensor<5xf64>
  }) : (tensor<5xf64>, tensor<i64>, tensor<5xf64>, tensor<5xf64>) -> (tensor<5xf64>, tensor<i64>)
  return %y, %n : tensor<5xf64>, tensor<i64>
}

// x^2 at 3 whose derivative is said to be 10: the gradient is 10 y', and the tangent too.
// VALUE-LABEL: @values
//  VALUE-NEXT: tensor<f32>: 9
//  VALUE-NEXT: tensor<f32>: 10
//  VALUE-NEXT: tensor<f32>: 20
func.func @values() -> (tensor<f32>, tensor<f32>, tensor<f32>) attributes {kerf.no_gradient} {
  %three = arith.constant dense<3.0> : tensor<f32>
  %two = arith.constant dense<2.0> : tensor<f32>
  %y, %g = kerf.value_and_grad params(%p = %three : tensor<f32>) {
    %s = "kerf.custom_vjp"(%p) <{num_inputs = 1}> ({
    ^bb0(%a: tensor<f32>):
      %q = kerf.mul %a, %a : tensor<f32>
      kerf.yield %q : tensor<f32>
    }, {
    ^bb0(%a: tensor<f32>, %q: tensor<f32>, %d: tensor<f32>):
      %ten = arith.constant dense<10.0> : tensor<f32>
      %e = kerf.mul %d, %ten : tensor<f32>
      kerf.yield %e : tensor<f32>
    }) : (tensor<f32>) -> tensor<f32>
    kerf.yield %s : tensor<f32>
  }
  %z, %t = kerf.jvp params(%p = %three : tensor<f32>) tangents(%two) {
    %s = "kerf.custom_vjp"(%p) <{num_inputs = 1}> ({
    ^bb0(%a: tensor<f32>):
      %q = kerf.mul %a, %a : tensor<f32>
      kerf.yield %q : tensor<f32>
    }, {
    ^bb0(%a: tensor<f32>, %q: tensor<f32>, %d: tensor<f32>):
      %ten = arith.constant dense<10.0> : tensor<f32>
      %e = kerf.mul %d, %ten : tensor<f32>
      kerf.yield %e : tensor<f32>
    }) : (tensor<f32>) -> tensor<f32>
    kerf.yield %s : tensor<f32>
  }
  return %y, %g, %t : tensor<f32>, tensor<f32>, tensor<f32>
}

// A step of a staircase in a loop, with the gradient of a line: floor itself has none.
// LOOP-LABEL: @in_a_loop
//  LOOP-NEXT: tensor<f32>: 7
//  LOOP-NEXT: tensor<f32>: 8
func.func @in_a_loop() -> (tensor<f32>, tensor<f32>) attributes {kerf.no_gradient} {
  %x = arith.constant dense<0.8> : tensor<f32>
  %y, %g = kerf.value_and_grad params(%p = %x : tensor<f32>) {
    %last = kerf.scan count = 3 index %i carried(%s = %p : tensor<f32>) {
      %two = arith.constant dense<2.0> : tensor<f32>
      %d = kerf.mul %s, %two : tensor<f32>
      %f = "kerf.custom_vjp"(%d) <{num_inputs = 1}> ({
      ^bb0(%a: tensor<f32>):
        %q = kerf.floor %a : tensor<f32>
        %one = arith.constant dense<0.75> : tensor<f32>
        %r = kerf.add %q, %one : tensor<f32>
        kerf.yield %r : tensor<f32>
      }, {
      ^bb0(%a: tensor<f32>, %q: tensor<f32>, %e: tensor<f32>):
        kerf.yield %e : tensor<f32>
      }) : (tensor<f32>) -> tensor<f32>
      kerf.yield %f : tensor<f32>
    }
    kerf.yield %last : tensor<f32>
  }
  %f = kerf.floor %y : tensor<f32>
  return %f, %g : tensor<f32>, tensor<f32>
}

// -----

func.func @num_inputs_c1(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{'kerf.custom_vjp' op num_inputs is 2 but there are 1 operands}}
  %y = "kerf.custom_vjp"(%x) <{num_inputs = 2}> ({
  ^bb0(%a: tensor<4xf32>):
    kerf.yield %a : tensor<4xf32>
  }, {
  ^bb0(%a: tensor<4xf32>, %s: tensor<4xf32>, %g: tensor<4xf32>):
    kerf.yield %g : tensor<4xf32>
  }) : (tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @arguments_c2(%x: tensor<4xf32>) -> tensor<5xf32> {
  // expected-error @+1 {{'kerf.custom_vjp' op forward argument 0 is 'tensor<5xf32>' but should be 'tensor<4xf32>'}}
  %y = "kerf.custom_vjp"(%x) <{num_inputs = 1}> ({
  ^bb0(%a: tensor<5xf32>):
    kerf.yield %a : tensor<5xf32>
  }, {
  ^bb0(%a: tensor<4xf32>, %s: tensor<5xf32>, %g: tensor<5xf32>):
    kerf.yield %a : tensor<4xf32>
  }) : (tensor<4xf32>) -> tensor<5xf32>
  return %y : tensor<5xf32>
}

// -----

func.func @arguments_c3(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{'kerf.custom_vjp' op has 2 backward arguments but should have 3}}
  %y = "kerf.custom_vjp"(%x) <{num_inputs = 1}> ({
  ^bb0(%a: tensor<4xf32>):
    kerf.yield %a : tensor<4xf32>
  }, {
  ^bb0(%a: tensor<4xf32>, %g: tensor<4xf32>):
    kerf.yield %g : tensor<4xf32>
  }) : (tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @terminator_c4(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{'kerf.custom_vjp' op both regions must end in kerf.yield}}
  %y = "kerf.custom_vjp"(%x) <{num_inputs = 1}> ({
  ^bb0(%a: tensor<4xf32>):
    kerf.yield %a : tensor<4xf32>
  }, {
  ^bb0(%a: tensor<4xf32>, %s: tensor<4xf32>, %g: tensor<4xf32>):
    llvm.unreachable
  }) : (tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @results_c5(%x: tensor<4xf32>, %i: tensor<4xi32>) -> tensor<4xi32> {
  // expected-error @+1 {{'kerf.custom_vjp' op result 0 is 'tensor<4xi32>' but should be 'tensor<4xf32>'}}
  %y = "kerf.custom_vjp"(%x) <{num_inputs = 1}> ({
  ^bb0(%a: tensor<4xf32>):
    kerf.yield %a : tensor<4xf32>
  }, {
  ^bb0(%a: tensor<4xf32>, %s: tensor<4xi32>):
    kerf.yield %a : tensor<4xf32>
  }) : (tensor<4xf32>) -> tensor<4xi32>
  return %y : tensor<4xi32>
}

// -----

func.func @cotangents_c6(%x: tensor<4xf32>, %z: tensor<5xf32>) -> tensor<4xf32> {
  %y = "kerf.custom_vjp"(%x, %z) <{num_inputs = 2}> ({
  ^bb0(%a: tensor<4xf32>, %b: tensor<5xf32>):
    kerf.yield %a : tensor<4xf32>
  }, {
  ^bb0(%a: tensor<4xf32>, %b: tensor<5xf32>, %s: tensor<4xf32>, %g: tensor<4xf32>):
    // expected-error @+1 {{'kerf.yield' op has 1 operands but should have 2}}
    kerf.yield %g : tensor<4xf32>
  }) : (tensor<4xf32>, tensor<5xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}
