// RUN: kerf-opt %s -split-input-file -verify-diagnostics | kerf-opt -split-input-file | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-differentiate -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-run --function edges %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second --function beside_a_gradient %s

// CHECK-LABEL: @power
//  CHECK-SAME: %[[A:.*]]: tensor<7x7xf32>, %[[X:.*]]: tensor<7xf32>
//       CHECK: %[[Y:.*]] = kerf.repeat count = 5 index %{{.*}} carried(%[[V:.*]] = %[[X]] : tensor<7xf32>) captures(%[[M:.*]] = %[[A]] : tensor<7x7xf32>) {
//       CHECK:   kerf.contract %[[M]], %[[V]]
//       CHECK:   kerf.yield %{{.*}} : tensor<7xf32>
//       CHECK: return %[[Y]]
// LOWER-LABEL: @power
//  LOWER-SAME: %[[A:.*]]: tensor<7x7xf32>, %[[X:.*]]: tensor<7xf32>
//   LOWER-DAG: %[[ZERO:.*]] = arith.constant 0 : index
//   LOWER-DAG: %[[FIVE:.*]] = arith.constant 5 : index
//   LOWER-DAG: %[[ONE:.*]] = arith.constant 1 : index
//       LOWER: scf.for %{{.*}} = %[[ZERO]] to %[[FIVE]] step %[[ONE]] iter_args(%[[V:.*]] = %[[X]])
//       LOWER:   kerf.contract %[[A]], %[[V]]
//       LOWER:   linalg.generic
//       LOWER:   scf.yield
//   LOWER-NOT: kerf.repeat
func.func @power(%a: tensor<7x7xf32>, %x: tensor<7xf32>) -> tensor<7xf32> attributes {kerf.no_gradient} {
  %y = kerf.repeat count = 5 index %i carried(%v = %x : tensor<7xf32>) captures(%m = %a : tensor<7x7xf32>) {
    %p = kerf.contract %m, %v, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<7x7xf32>, tensor<7xf32> -> tensor<7xf32>
    %s = kerf.mul %p, %p : tensor<7xf32>
    %n = kerf.sum %s, axes = [0] : tensor<7xf32> -> tensor<f32>
    %r = kerf.rsqrt %n : tensor<f32>
    %b = kerf.broadcast %r, dims = [] : tensor<f32> -> tensor<7xf32>
    %u = kerf.mul %p, %b : tensor<7xf32>
    kerf.yield %u : tensor<7xf32>
  }
  return %y : tensor<7xf32>
}

// The number of the iteration; no iteration; one; two that trade places.
// VALUE-LABEL: @edges
//       VALUE:   tensor<i64>: 10
//       VALUE:   tensor<i64>: 0
//       VALUE:   tensor<i64>: 2
//       VALUE:   tensor<i64>: 55
//       VALUE:   tensor<i64>: 89
//       VALUE:   tensor<2xi64>: 3 4
//       VALUE:   tensor<2xi64>: 1 2
func.func @edges() -> (tensor<i64>, tensor<i64>, tensor<i64>, tensor<i64>, tensor<i64>, tensor<2xi64>, tensor<2xi64>) {
  %0 = arith.constant dense<0> : tensor<i64>
  %1 = arith.constant dense<1> : tensor<i64>
  %two = arith.constant dense<2> : tensor<i64>
  %a = arith.constant dense<[1, 2]> : tensor<2xi64>
  %b = arith.constant dense<[3, 4]> : tensor<2xi64>
  %sum = kerf.repeat count = 5 index %i carried(%s = %0 : tensor<i64>) {
    %n = kerf.add %s, %i : tensor<i64>
    kerf.yield %n : tensor<i64>
  }
  %none = kerf.repeat count = 0 index %i carried(%s = %0 : tensor<i64>) captures(%c = %two : tensor<i64>) {
    %n = kerf.add %s, %c : tensor<i64>
    kerf.yield %n : tensor<i64>
  }
  %once = kerf.repeat count = 1 index %i carried(%s = %0 : tensor<i64>) captures(%c = %two : tensor<i64>) {
    %n = kerf.add %s, %c : tensor<i64>
    kerf.yield %n : tensor<i64>
  }
  %fibonacci:2 = kerf.repeat count = 9 index %i carried(%p = %1 : tensor<i64>, %q = %1 : tensor<i64>) {
    %n = kerf.add %p, %q : tensor<i64>
    kerf.yield %q, %n : tensor<i64>, tensor<i64>
  }
  %swapped:2 = kerf.repeat count = 3 index %i carried(%p = %a : tensor<2xi64>, %q = %b : tensor<2xi64>) {
    kerf.yield %q, %p : tensor<2xi64>, tensor<2xi64>
  }
  return %sum, %none, %once, %fibonacci#0, %fibonacci#1, %swapped#0, %swapped#1
      : tensor<i64>, tensor<i64>, tensor<i64>, tensor<i64>, tensor<i64>, tensor<2xi64>, tensor<2xi64>
}

// Lloyd's algorithm, three steps: what is chosen in a step decides what the next one sees.
// CHECK-LABEL: @means
// LOWER-LABEL: @means
//       LOWER:   scf.for
//       LOWER:     kerf.argmin
//       LOWER:     kerf.scatter_add
//       LOWER:     scf.yield
func.func @means(%x: tensor<33x3xf32>, %e: tensor<4x3xf32>) -> (tensor<4x3xf32>, tensor<33xi64>) attributes {kerf.no_gradient} {
  %zero = arith.constant dense<0> : tensor<33xi64>
  %y:2 = kerf.repeat count = 3 index %i carried(%c = %e : tensor<4x3xf32>, %old = %zero : tensor<33xi64>) captures(%z = %x : tensor<33x3xf32>) {
    %ones = arith.constant dense<1.0> : tensor<33xf32>
    %one = arith.constant dense<1.0> : tensor<4xf32>
    %b = kerf.broadcast %z, dims = [0, 2] : tensor<33x3xf32> -> tensor<33x4x3xf32>
    %d = kerf.broadcast %c, dims = [1, 2] : tensor<4x3xf32> -> tensor<33x4x3xf32>
    %f = kerf.sub %b, %d : tensor<33x4x3xf32>
    %s = kerf.mul %f, %f : tensor<33x4x3xf32>
    %t = kerf.sum %s, axes = [2] : tensor<33x4x3xf32> -> tensor<33x4xf32>
    %k = kerf.argmin %t, axis = 1 : tensor<33x4xf32> -> tensor<33xi64>
    %sums = kerf.scatter_add %z, %k, rows = 4 : tensor<33x3xf32>, tensor<33xi64> -> tensor<4x3xf32>
    %counts = kerf.scatter_add %ones, %k, rows = 4 : tensor<33xf32>, tensor<33xi64> -> tensor<4xf32>
    %n = kerf.maximum %counts, %one : tensor<4xf32>
    %nb = kerf.broadcast %n, dims = [0] : tensor<4xf32> -> tensor<4x3xf32>
    %m = kerf.div %sums, %nb : tensor<4x3xf32>
    kerf.yield %m, %k : tensor<4x3xf32>, tensor<33xi64>
  }
  return %y#0, %y#1 : tensor<4x3xf32>, tensor<33xi64>
}

// A repeat in a repeat, whose first value is the outer one's.
// LOWER-LABEL: @nested
//       LOWER:   scf.for
//       LOWER:     scf.for
func.func @nested(%x: tensor<5x7xf32>, %y: tensor<5x7xf32>) -> tensor<5x7xf32> attributes {kerf.no_gradient} {
  %r = kerf.repeat count = 3 index %i carried(%a = %x : tensor<5x7xf32>) captures(%c = %y : tensor<5x7xf32>) {
    %s = kerf.repeat count = 2 index %j carried(%b = %a : tensor<5x7xf32>) captures(%d = %c : tensor<5x7xf32>, %k = %i : tensor<i64>) {
      %kj = kerf.add %k, %j : tensor<i64>
      %f = kerf.cast %kj : tensor<i64> -> tensor<f32>
      %g = kerf.broadcast %f, dims = [] : tensor<f32> -> tensor<5x7xf32>
      %h = kerf.mul %b, %d : tensor<5x7xf32>
      %l = kerf.add %h, %g : tensor<5x7xf32>
      kerf.yield %l : tensor<5x7xf32>
    }
    %t = kerf.tanh %s : tensor<5x7xf32>
    kerf.yield %t : tensor<5x7xf32>
  }
  return %r : tensor<5x7xf32>
}

// Every element type, no elements at all, and values that are no splat.
func.func @kinds(%x: tensor<5xf64>, %y: tensor<5xf32>, %z: tensor<0x3xf32>)
    -> (tensor<5xf64>, tensor<5xi1>, tensor<0x3xf32>, tensor<5xf32>, tensor<2xi32>) attributes {kerf.no_gradient} {
  %t = arith.constant dense<true> : tensor<5xi1>
  %k = arith.constant dense<[3, 4]> : tensor<2xi32>
  %r:5 = kerf.repeat count = 3 index %i carried(%a = %x : tensor<5xf64>, %b = %t : tensor<5xi1>, %c = %z : tensor<0x3xf32>,
      %d = %y : tensor<5xf32>, %e = %k : tensor<2xi32>) captures(%m = %y : tensor<5xf32>) {
    %zero = arith.constant dense<0.0> : tensor<5xf32>
    %five = arith.constant dense<[5, 6]> : tensor<2xi32>
    %a2 = kerf.mul %a, %a : tensor<5xf64>
    %p = kerf.compare %d, %zero, predicate = "gt" : tensor<5xf32> -> tensor<5xi1>
    %q = kerf.select %b, %d, %m : tensor<5xi1>, tensor<5xf32>
    %n = kerf.neg %q : tensor<5xf32>
    %c2 = kerf.neg %c : tensor<0x3xf32>
    kerf.yield %a2, %p, %c2, %n, %five : tensor<5xf64>, tensor<5xi1>, tensor<0x3xf32>, tensor<5xf32>, tensor<2xi32>
  }
  return %r#0, %r#1, %r#2, %r#3, %r#4 : tensor<5xf64>, tensor<5xi1>, tensor<0x3xf32>, tensor<5xf32>, tensor<2xi32>
}

// What is yielded is a constant, or what was captured; one tensor is where three begin.
func.func @constants(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) attributes {kerf.no_gradient} {
  %r:3 = kerf.repeat count = 2 index %i carried(%a = %x : tensor<4xf32>, %b = %x : tensor<4xf32>, %c = %x : tensor<4xf32>) captures(%m = %x : tensor<4xf32>) {
    %two = arith.constant dense<2.0> : tensor<4xf32>
    %s = kerf.add %a, %b : tensor<4xf32>
    kerf.yield %two, %s, %m : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
  }
  return %r#0, %r#1, %r#2 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}

// What is carried begins as a view of what is read later, and is seen through views.
func.func @reshaped(%x: tensor<12xf32>) -> (tensor<3x4xf32>, tensor<12xf32>) attributes {kerf.no_gradient} {
  %v = kerf.reshape %x : tensor<12xf32> -> tensor<3x4xf32>
  %e = kerf.exp %x : tensor<12xf32>
  %w = kerf.reshape %e : tensor<12xf32> -> tensor<3x4xf32>
  %r:2 = kerf.repeat count = 3 index %i carried(%a = %v : tensor<3x4xf32>, %b = %w : tensor<3x4xf32>) {
    %f = kerf.reshape %b : tensor<3x4xf32> -> tensor<4x3xf32>
    %g = kerf.transpose %f, permutation = [1, 0] : tensor<4x3xf32> -> tensor<3x4xf32>
    %h = kerf.sub %a, %g : tensor<3x4xf32>
    kerf.yield %h, %g : tensor<3x4xf32>, tensor<3x4xf32>
  }
  %o = kerf.reshape %r#1 : tensor<3x4xf32> -> tensor<12xf32>
  %p = kerf.add %o, %e : tensor<12xf32>
  return %r#0, %p : tensor<3x4xf32>, tensor<12xf32>
}

// Descent: the gradient is taken in every iteration.
// CHECK-LABEL: @gradients_inside
//       CHECK:   kerf.repeat
//       CHECK:     kerf.value_and_grad
func.func @gradients_inside(%x: tensor<5xf32>, %c: tensor<5xf32>) -> tensor<5xf32> attributes {kerf.no_gradient} {
  %y = kerf.repeat count = 4 index %i carried(%a = %x : tensor<5xf32>) captures(%t = %c : tensor<5xf32>) {
    %loss, %g = kerf.value_and_grad params(%p = %a : tensor<5xf32>) captures(%q = %t : tensor<5xf32>) {
      %d = kerf.sub %p, %q : tensor<5xf32>
      %s = kerf.mul %d, %d : tensor<5xf32>
      %l = kerf.sum %s, axes = [0] : tensor<5xf32> -> tensor<f32>
      kerf.yield %l : tensor<f32>
    }
    %rate = arith.constant dense<0.125> : tensor<5xf32>
    %step = kerf.mul %rate, %g : tensor<5xf32>
    %n = kerf.sub %a, %step : tensor<5xf32>
    kerf.yield %n : tensor<5xf32>
  }
  return %y : tensor<5xf32>
}

// A gradient passes beside a repeat that is constant to it; one result is an integer.
func.func @beside_a_gradient(%x: tensor<5xf32>) -> tensor<5xf32> {
  %half = arith.constant dense<0.5> : tensor<5xf32>
  %zero = arith.constant dense<0> : tensor<i64>
  %r:2 = kerf.repeat count = 3 index %i carried(%a = %half : tensor<5xf32>, %s = %zero : tensor<i64>) {
    %n = kerf.tanh %a : tensor<5xf32>
    %t = kerf.add %s, %i : tensor<i64>
    kerf.yield %n, %t : tensor<5xf32>, tensor<i64>
  }
  %f = kerf.cast %r#1 : tensor<i64> -> tensor<f32>
  %b = kerf.broadcast %f, dims = [] : tensor<f32> -> tensor<5xf32>
  %e = kerf.exp %x : tensor<5xf32>
  %m = kerf.mul %e, %r#0 : tensor<5xf32>
  %y = kerf.mul %m, %b : tensor<5xf32>
  return %y : tensor<5xf32>
}

// As it is to a gradient behind stop_gradient, or in the value of a straight_through.
func.func @behind_stop_gradient(%x: tensor<5xf32>) -> tensor<5xf32> {
  %c = kerf.stop_gradient %x : tensor<5xf32>
  %r = kerf.repeat count = 3 index %i carried(%a = %c : tensor<5xf32>) {
    %n = kerf.tanh %a : tensor<5xf32>
    kerf.yield %n : tensor<5xf32>
  }
  %v = kerf.repeat count = 2 index %i carried(%a = %x : tensor<5xf32>) {
    %n = kerf.tanh %a : tensor<5xf32>
    kerf.yield %n : tensor<5xf32>
  }
  %t = kerf.straight_through %x, %v : tensor<5xf32>
  %y = kerf.mul %t, %r : tensor<5xf32>
  return %y : tensor<5xf32>
}

// -----

func.func @num_carried_c1(%x: tensor<f32>) -> tensor<f32> {
  // expected-error @+1 {{'kerf.repeat' op num_carried is 2 but there are 1 operands}}
  %y = "kerf.repeat"(%x) ({
  ^bb0(%a: tensor<f32>, %i: tensor<i64>):
    kerf.yield %a : tensor<f32>
  }) {count = 3 : i64, num_carried = 2 : i64} : (tensor<f32>) -> tensor<f32>
  return %y : tensor<f32>
}

// -----

func.func @no_index_c2(%x: tensor<f32>) -> tensor<f32> {
  // expected-error @+1 {{'kerf.repeat' op has 1 region arguments but should have 2}}
  %y = "kerf.repeat"(%x) ({
  ^bb0(%a: tensor<f32>):
    kerf.yield %a : tensor<f32>
  }) {count = 3 : i64, num_carried = 1 : i64} : (tensor<f32>) -> tensor<f32>
  return %y : tensor<f32>
}

// -----

func.func @index_type_c2(%x: tensor<f32>) -> tensor<f32> {
  // expected-error @+1 {{'kerf.repeat' op region argument 1 is 'tensor<f32>' but should be 'tensor<i64>'}}
  %y = "kerf.repeat"(%x) ({
  ^bb0(%a: tensor<f32>, %i: tensor<f32>):
    kerf.yield %a : tensor<f32>
  }) {count = 3 : i64, num_carried = 1 : i64} : (tensor<f32>) -> tensor<f32>
  return %y : tensor<f32>
}

// -----

func.func @yielded_c3(%x: tensor<5xf32>) -> tensor<5xf32> {
  %y = kerf.repeat count = 3 index %i carried(%a = %x : tensor<5xf32>) {
    %s = kerf.sum %a, axes = [0] : tensor<5xf32> -> tensor<f32>
    // expected-error @+1 {{'kerf.yield' op operand 0 is 'tensor<f32>' but should be 'tensor<5xf32>'}}
    kerf.yield %s : tensor<f32>
  }
  return %y : tensor<5xf32>
}

// -----

func.func @terminator_c3(%x: tensor<f32>) -> tensor<f32> {
  // expected-error @+1 {{'kerf.repeat' op the region must end in kerf.yield}}
  %y = "kerf.repeat"(%x) ({
  ^bb0(%a: tensor<f32>, %i: tensor<i64>):
    llvm.unreachable
  }) {count = 3 : i64, num_carried = 1 : i64} : (tensor<f32>) -> tensor<f32>
  return %y : tensor<f32>
}

// -----

func.func @result_c4(%x: tensor<f32>) -> tensor<i64> {
  // expected-error @+1 {{'kerf.repeat' op result 0 is 'tensor<i64>' but should be 'tensor<f32>'}}
  %y = "kerf.repeat"(%x) ({
  ^bb0(%a: tensor<f32>, %i: tensor<i64>):
    kerf.yield %a : tensor<f32>
  }) {count = 3 : i64, num_carried = 1 : i64} : (tensor<f32>) -> tensor<i64>
  return %y : tensor<i64>
}

// -----

func.func @isolated(%x: tensor<f32>, %z: tensor<f32>) -> tensor<f32> {
  %y = kerf.repeat count = 3 index %i carried(%a = %x : tensor<f32>) {
    // expected-error @+1 {{use of undeclared SSA value name}}
    %n = kerf.mul %a, %z : tensor<f32>
    kerf.yield %n : tensor<f32>
  }
  return %y : tensor<f32>
}
