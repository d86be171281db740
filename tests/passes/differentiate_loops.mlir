// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-differentiate | FileCheck %s --implicit-check-not=value_and_grad --implicit-check-not=kerf.jvp
// RUN: kerf-run --gradient --second %s
// RUN: kerf-run --compare %s

// A recurrent net. Of an iteration the state is kept, and the slope of tanh, which alone reads the product. The gradient of the matrix is
// one contraction over iterations and rows, that of the bias one sum.
// CHECK-LABEL: @recurrent
//  CHECK-SAME: (%[[H:.*]]: tensor<3x4xf64>, %[[X:.*]]: tensor<5x3x4xf64>, %[[W:.*]]: tensor<4x4xf64>, %[[B:.*]]: tensor<4xf64>)
//       CHECK: %[[FIRST:.*]]:4 = kerf.scan count = 5 index %{{.*}} carried(%[[OLD:.*]] = %[[H]] : tensor<3x4xf64>) inputs(%{{.*}} = %[[X]] : tensor<5x3x4xf64>)
//       CHECK:   kerf.contract
//       CHECK:   %[[NEW:.*]] = kerf.tanh
//       CHECK:   kerf.logistic_density
//       CHECK:   %[[SLOPE:.*]] = kerf.mul
//       CHECK:   kerf.yield %[[NEW]], %[[NEW]], %[[SLOPE]], %[[OLD]]
//       CHECK: %[[SECOND:.*]]:2 = kerf.scan count = 5, reverse index %{{.*}} carried(%{{[^:]*}}: tensor<3x4xf64>) inputs({{.*}}%[[SLOPES:[^ ]*]] = %[[FIRST]]#2 :
//   CHECK-NOT:   kerf.tanh
//   CHECK-NOT:   kerf.logistic_density
//       CHECK:   kerf.mul %{{.*}}, %[[SLOPES]]
//       CHECK:   kerf.contract
//   CHECK-NOT:   kerf.contract
//       CHECK:   kerf.yield
//       CHECK: %[[DW:.*]] = kerf.contract %[[FIRST]]#3, %[[SECOND]]#1, {{.*}} a_contract = [0, 1], b_contract = [0, 1] : tensor<5x3x4xf64>, tensor<5x3x4xf64> -> tensor<4x4xf64>
//       CHECK: %[[DB:.*]] = kerf.sum %[[SECOND]]#1, axes = [0, 1] : tensor<5x3x4xf64> -> tensor<4xf64>
//       CHECK: return %{{.*}}, %[[SECOND]]#0, %[[SECOND]]#1, %[[DW]], %[[DB]]
func.func @recurrent(%h: tensor<3x4xf64>, %x: tensor<5x3x4xf64>, %w: tensor<4x4xf64>, %b: tensor<4xf64>)
    -> (tensor<f64>, tensor<3x4xf64>, tensor<5x3x4xf64>, tensor<4x4xf64>, tensor<4xf64>) {
  %loss, %dh, %dx, %dw, %db = kerf.value_and_grad params(%h0 = %h : tensor<3x4xf64>, %xs = %x : tensor<5x3x4xf64>, %m = %w : tensor<4x4xf64>, %c = %b : tensor<4xf64>) {
    %last, %all = kerf.scan count = 5 index %i carried(%s = %h0 : tensor<3x4xf64>) inputs(%r = %xs : tensor<5x3x4xf64>) captures(%u = %m : tensor<4x4xf64>, %v = %c : tensor<4xf64>) {
      %p = kerf.contract %s, %u, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<3x4xf64>, tensor<4x4xf64> -> tensor<3x4xf64>
      %q = kerf.broadcast %v, dims = [1] : tensor<4xf64> -> tensor<3x4xf64>
      %t = kerf.add %p, %q : tensor<3x4xf64>
      %z = kerf.add %t, %r : tensor<3x4xf64>
      %n = kerf.tanh %z : tensor<3x4xf64>
      kerf.yield %n, %n : tensor<3x4xf64>, tensor<3x4xf64>
    }
    %e = kerf.mul %all, %all : tensor<5x3x4xf64>
    %l = kerf.sum %e, axes = [0, 1, 2] : tensor<5x3x4xf64> -> tensor<f64>
    %k = kerf.sum %last, axes = [0, 1] : tensor<3x4xf64> -> tensor<f64>
    %y = kerf.add %l, %k : tensor<f64>
    kerf.yield %y : tensor<f64>
  }
  return %loss, %dh, %dx, %dw, %db : tensor<f64>, tensor<3x4xf64>, tensor<5x3x4xf64>, tensor<4x4xf64>, tensor<4xf64>
}

// What a gradient is taken of by the test: of functions below, all arguments.
// CHECK-LABEL: @options
func.func @keep_one(%h: tensor<4xf64>, %x: tensor<7x4xf64>, %w: tensor<4x4xf64>) -> (tensor<4xf64>, tensor<7x4xf64>) {
  %last, %all = kerf.scan count = 7, keep = 1 index %i carried(%s = %h : tensor<4xf64>) inputs(%r = %x : tensor<7x4xf64>) captures(%u = %w : tensor<4x4xf64>) {
    %p = kerf.contract %s, %u, a_batch = [], b_batch = [], a_contract = [0], b_contract = [0] : tensor<4xf64>, tensor<4x4xf64> -> tensor<4xf64>
    %z = kerf.add %p, %r : tensor<4xf64>
    %n = kerf.tanh %z : tensor<4xf64>
    kerf.yield %n, %p : tensor<4xf64>, tensor<4xf64>
  }
  return %last, %all : tensor<4xf64>, tensor<7x4xf64>
}
func.func @keep_every_third(%h: tensor<4xf64>, %x: tensor<7x4xf64>, %w: tensor<4x4xf64>) -> (tensor<4xf64>, tensor<7x4xf64>) {
  %last, %all = kerf.scan count = 7, keep = 3 index %i carried(%s = %h : tensor<4xf64>) inputs(%r = %x : tensor<7x4xf64>) captures(%u = %w : tensor<4x4xf64>) {
    %p = kerf.contract %s, %u, a_batch = [], b_batch = [], a_contract = [0], b_contract = [0] : tensor<4xf64>, tensor<4x4xf64> -> tensor<4xf64>
    %z = kerf.add %p, %r : tensor<4xf64>
    %n = kerf.tanh %z : tensor<4xf64>
    %f = kerf.cast %i : tensor<i64> -> tensor<f64>
    %g = kerf.broadcast %f, dims = [] : tensor<f64> -> tensor<4xf64>
    %o = kerf.mul %p, %g : tensor<4xf64>
    kerf.yield %n, %o : tensor<4xf64>, tensor<4xf64>
  }
  return %last, %all : tensor<4xf64>, tensor<7x4xf64>
}
func.func @keep_every_second_in_reverse(%h: tensor<4xf64>, %x: tensor<4x7xf64>, %w: tensor<4x4xf64>) -> (tensor<4xf64>, tensor<4x7xf64>) {
  %last, %all = kerf.scan count = 7, axis = 1, reverse, keep = 2 index %i carried(%s = %h : tensor<4xf64>) inputs(%r = %x : tensor<4x7xf64>) captures(%u = %w : tensor<4x4xf64>) {
    %p = kerf.contract %s, %u, a_batch = [], b_batch = [], a_contract = [0], b_contract = [0] : tensor<4xf64>, tensor<4x4xf64> -> tensor<4xf64>
    %z = kerf.add %p, %r : tensor<4xf64>
    %n = kerf.tanh %z : tensor<4xf64>
    %f = kerf.cast %i : tensor<i64> -> tensor<f64>
    %g = kerf.broadcast %f, dims = [] : tensor<f64> -> tensor<4xf64>
    %o = kerf.mul %p, %g : tensor<4xf64>
    kerf.yield %n, %o : tensor<4xf64>, tensor<4xf64>
  }
  return %last, %all : tensor<4xf64>, tensor<4x7xf64>
}
// So many iterations run as an argument says; then none behind a norm of the state.
func.func @options(%h: tensor<4xf64>, %x: tensor<6x4xf64>, %m: tensor<i64> {kerf.range = [0.0, 8.0]}) -> (tensor<4xf64>, tensor<6x4xf64>, tensor<4xf64>, tensor<4xf64>) {
  %last, %all = kerf.scan count = 6 index %i carried(%s = %h : tensor<4xf64>) inputs(%r = %x : tensor<6x4xf64>) steps(%m) {
    %n = kerf.mul %s, %r : tensor<4xf64>
    %e = kerf.tanh %n : tensor<4xf64>
    kerf.yield %e, %n : tensor<4xf64>, tensor<4xf64>
  }
  %back, %other = kerf.scan count = 6, reverse, keep = 4 index %i carried(%s = %h : tensor<4xf64>) inputs(%r = %x : tensor<6x4xf64>) steps(%m) {
    %n = kerf.mul %s, %r : tensor<4xf64>
    %e = kerf.sin %n : tensor<4xf64>
    kerf.yield %e, %n : tensor<4xf64>, tensor<4xf64>
  }
  %true = arith.constant dense<true> : tensor<i1>
  %flag, %stopped = kerf.scan count = 9, stops index %i carried(%go = %true : tensor<i1>, %s = %h : tensor<4xf64>) {
    %n = kerf.mul %s, %s : tensor<4xf64>
    %c = kerf.cos %s : tensor<4xf64>
    %t = kerf.add %c, %s : tensor<4xf64>
    %z = kerf.sum %n, axes = [0] : tensor<4xf64> -> tensor<f64>
    %most = arith.constant dense<9.0> : tensor<f64>
    %on = kerf.compare %z, %most, predicate = "lt" : tensor<f64> -> tensor<i1>
    kerf.yield %on, %t : tensor<i1>, tensor<4xf64>
  }
  return %last, %all, %back, %stopped : tensor<4xf64>, tensor<6x4xf64>, tensor<4xf64>, tensor<4xf64>
}
// A loop in a loop, what is carried along a chain, and a number beside.
func.func @loop_in_loop(%a: tensor<3xf64>, %b: tensor<3xf64>, %w: tensor<3x3xf64>) -> (tensor<3xf64>, tensor<3xf64>, tensor<3xf64>) {
  %zero = arith.constant dense<0> : tensor<i64>
  %p, %q, %r, %n = kerf.scan count = 3 index %i carried(%x = %a : tensor<3xf64>, %y = %b : tensor<3xf64>, %z = %b : tensor<3xf64>, %k = %zero : tensor<i64>) captures(%u = %w : tensor<3x3xf64>) {
    %in, %rows = kerf.scan count = 2 index %j carried(%s = %x : tensor<3xf64>) captures(%v = %u : tensor<3x3xf64>, %c = %y : tensor<3xf64>) {
      %t = kerf.contract %v, %s, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<3x3xf64>, tensor<3xf64> -> tensor<3xf64>
      %d = kerf.mul %t, %c : tensor<3xf64>
      %e = kerf.tanh %d : tensor<3xf64>
      kerf.yield %e, %e : tensor<3xf64>, tensor<3xf64>
    }
    %sum = kerf.sum %rows, axes = [0] : tensor<2x3xf64> -> tensor<3xf64>
    %one = arith.constant dense<1> : tensor<i64>
    %more = kerf.add %k, %one : tensor<i64>
    kerf.yield %in, %sum, %y, %more : tensor<3xf64>, tensor<3xf64>, tensor<3xf64>, tensor<i64>
  }
  return %p, %q, %r : tensor<3xf64>, tensor<3xf64>, tensor<3xf64>
}
// Tables, filters and matrices that each iteration would add to.
func.func @sums(%table: tensor<5x4xf64>, %codes: tensor<3x2xi64> {kerf.range = [0.0, 4.0]}, %image: tensor<1x2x4x4xf64>, %filter: tensor<2x2x3x3xf64>) -> (tensor<2x4xf64>, tensor<1x2x4x4xf64>) {
  %zero = arith.constant dense<0.0> : tensor<2x4xf64>
  %y, %z = kerf.scan count = 3 index %i carried(%s = %zero : tensor<2x4xf64>, %m = %image : tensor<1x2x4x4xf64>) inputs(%c = %codes : tensor<3x2xi64>) captures(%t = %table : tensor<5x4xf64>, %f = %filter : tensor<2x2x3x3xf64>) {
    %e = kerf.gather %t, %c : tensor<5x4xf64>, tensor<2xi64> -> tensor<2x4xf64>
    %q = kerf.mul %e, %e : tensor<2x4xf64>
    %n = kerf.add %s, %q : tensor<2x4xf64>
    %o = kerf.conv %m, %f, stride = [1, 1], padding = [1, 1] : tensor<1x2x4x4xf64>, tensor<2x2x3x3xf64> -> tensor<1x2x4x4xf64>
    %r = kerf.tanh %o : tensor<1x2x4x4xf64>
    kerf.yield %n, %r : tensor<2x4xf64>, tensor<1x2x4x4xf64>
  }
  return %y, %z : tensor<2x4xf64>, tensor<1x2x4x4xf64>
}
// None, one, and what depends on captures alone.
func.func @few(%a: tensor<3xf64>, %w: tensor<3x3xf64>) -> (tensor<3xf64>, tensor<3xf64>, tensor<3xf64>) {
  %none, %rows = kerf.scan count = 0 index %i carried(%s = %a : tensor<3xf64>) captures(%u = %w : tensor<3x3xf64>) {
    %t = kerf.contract %u, %s, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<3x3xf64>, tensor<3xf64> -> tensor<3xf64>
    kerf.yield %t, %t : tensor<3xf64>, tensor<3xf64>
  }
  %one = kerf.scan count = 1, keep = 1 index %i carried(%s = %a : tensor<3xf64>) captures(%u = %w : tensor<3x3xf64>) {
    %t = kerf.contract %u, %s, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<3x3xf64>, tensor<3xf64> -> tensor<3xf64>
    %e = kerf.tanh %t : tensor<3xf64>
    kerf.yield %e : tensor<3xf64>
  }
  %same = kerf.scan count = 4 index %i carried(%s = %a : tensor<3xf64>) captures(%u = %w : tensor<3x3xf64>) {
    %square = kerf.contract %u, %u, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<3x3xf64>, tensor<3x3xf64> -> tensor<3x3xf64>
    %t = kerf.contract %square, %s, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<3x3xf64>, tensor<3xf64> -> tensor<3xf64>
    %e = kerf.tanh %t : tensor<3xf64>
    kerf.yield %e : tensor<3xf64>
  }
  return %none, %one, %same : tensor<3xf64>, tensor<3xf64>, tensor<3xf64>
}
// Gradients and tangents inside of a loop.
func.func @steps_of_descent(%a: tensor<3xf64>, %rate: tensor<3xf64>) -> tensor<3xf64> {
  %y = kerf.scan count = 3 index %i carried(%x = %a : tensor<3xf64>) captures(%r = %rate : tensor<3xf64>) {
    %loss, %g = kerf.value_and_grad params(%p = %x : tensor<3xf64>) {
      %c = kerf.cos %p : tensor<3xf64>
      %l = kerf.sum %c, axes = [0] : tensor<3xf64> -> tensor<f64>
      kerf.yield %l : tensor<f64>
    }
    %v, %t = kerf.jvp params(%p = %x : tensor<3xf64>) tangents(%g) {
      %e = kerf.exp %p : tensor<3xf64>
      kerf.yield %e : tensor<3xf64>
    }
    %d = kerf.mul %r, %t : tensor<3xf64>
    %n = kerf.sub %x, %d : tensor<3xf64>
    kerf.yield %n : tensor<3xf64>
  }
  return %y : tensor<3xf64>
}
// Gates: of a product those parts are kept that somebody reads, fewer bytes than the whole; their cotangents are put together, with
// zeros for the part that nobody reads.
// CHECK-LABEL: @gates
//       CHECK: kerf.scan
//       CHECK:   kerf.contract
//       CHECK:   %[[PART:.*]] = kerf.slice
//       CHECK:   %[[OTHER:.*]] = kerf.slice
//       CHECK:   kerf.yield %{{[^,]*}}, %[[PART]], %[[OTHER]], %{{[^,]*}} :
//       CHECK: kerf.scan
//   CHECK-NOT:   kerf.pad
//       CHECK:   %[[FLOW:.*]] = kerf.concat(%{{.*}}, %{{.*}}, %{{.*}}), axis = 0 : (tensor<3xf64>, tensor<3xf64>, tensor<1xf64>) -> tensor<7xf64>
//       CHECK:   kerf.contract {{.*}}%[[FLOW]]
func.func @gates(%h: tensor<3xf64>, %w: tensor<3x7xf64>) -> (tensor<f64>, tensor<3xf64>, tensor<3x7xf64>) {
  %loss, %dh, %dw = kerf.value_and_grad params(%p = %h : tensor<3xf64>, %q = %w : tensor<3x7xf64>) {
    %last = kerf.scan count = 5 index %i carried(%s = %p : tensor<3xf64>) captures(%m = %q : tensor<3x7xf64>) {
      %a = kerf.contract %s, %m, a_batch = [], b_batch = [], a_contract = [0], b_contract = [0] : tensor<3xf64>, tensor<3x7xf64> -> tensor<7xf64>
      %b = kerf.slice %a, offsets = [0], limits = [3], strides = [1] : tensor<7xf64> -> tensor<3xf64>
      %c = kerf.slice %a, offsets = [3], limits = [6], strides = [1] : tensor<7xf64> -> tensor<3xf64>
      %d = kerf.sigmoid %b : tensor<3xf64>
      %e = kerf.tanh %c : tensor<3xf64>
      %n = kerf.mul %d, %e : tensor<3xf64>
      kerf.yield %n : tensor<3xf64>
    }
    %l = kerf.sum %last, axes = [0] : tensor<3xf64> -> tensor<f64>
    kerf.yield %l : tensor<f64>
  }
  return %loss, %dh, %dw : tensor<f64>, tensor<3xf64>, tensor<3x7xf64>
}
// Branches of which one reaches what the other does not; a loop in one, and a choice in a loop.
func.func @branches(%x: tensor<4xf64>, %z: tensor<4xf64>, %p: tensor<i1>) -> (tensor<4xf64>, tensor<f64>, tensor<4xf64>) {
  %y, %s = kerf.cond %p then(%a = %x : tensor<4xf64>, %b = %z : tensor<4xf64>) {
    %n = kerf.scan count = 3 index %i carried(%c = %a : tensor<4xf64>) captures(%d = %b : tensor<4xf64>) {
      %q = kerf.mul %c, %d : tensor<4xf64>
      %e = kerf.sin %q : tensor<4xf64>
      kerf.yield %e : tensor<4xf64>
    }
    %t = kerf.sum %n, axes = [0] : tensor<4xf64> -> tensor<f64>
    kerf.yield %n, %t : tensor<4xf64>, tensor<f64>
  } else(%a = %x : tensor<4xf64>, %b = %z : tensor<4xf64>) {
    %m = kerf.mul %b, %b : tensor<4xf64>
    %zero = arith.constant dense<0.0> : tensor<f64>
    kerf.yield %m, %zero : tensor<4xf64>, tensor<f64>
  }
  %w = kerf.scan count = 4 index %i carried(%c = %x : tensor<4xf64>) captures(%d = %z : tensor<4xf64>) {
    %one = arith.constant dense<1> : tensor<i64>
    %late = kerf.compare %i, %one, predicate = "gt" : tensor<i64> -> tensor<i1>
    %n = kerf.cond %late then(%e = %c : tensor<4xf64>, %f = %d : tensor<4xf64>) {
      %q = kerf.mul %e, %f : tensor<4xf64>
      kerf.yield %q : tensor<4xf64>
    } else(%e = %c : tensor<4xf64>, %f = %d : tensor<4xf64>) {
      %q = kerf.cos %e : tensor<4xf64>
      kerf.yield %q : tensor<4xf64>
    }
    kerf.yield %n : tensor<4xf64>
  }
  return %y, %s, %w : tensor<4xf64>, tensor<f64>, tensor<4xf64>
}

// -----

// What has no derivative says so where it is, in the loop.
func.func @floor_in_a_loop(%x: tensor<5xf32>) -> tensor<5xf32> {
  // expected-note @+1 {{the gradient taken here needs it; wrap the value in stop_gradient or straight_through}}
  %loss, %g = kerf.value_and_grad params(%p = %x : tensor<5xf32>) {
    %r = kerf.scan count = 3 index %i carried(%a = %p : tensor<5xf32>) {
      // expected-error @+1 {{what this line computes has no derivative: piecewise constant}}
      %n = kerf.floor %a : tensor<5xf32>
      kerf.yield %n : tensor<5xf32>
    }
    %l = kerf.sum %r, axes = [0] : tensor<5xf32> -> tensor<f32>
    kerf.yield %l : tensor<f32>
  }
  return %g : tensor<5xf32>
}

// -----

func.func @only_through_an_integer_in_a_loop(%x: tensor<5xf32>, %t: tensor<5xf32>) -> tensor<5xf32> attributes {kerf.no_gradient} {
  // expected-note @+1 {{the gradient is taken here}}
  %loss, %g, %h = kerf.value_and_grad params(%p = %x : tensor<5xf32>, %q = %t : tensor<5xf32>) {
    %zero = arith.constant dense<0.0> : tensor<f32>
    %r = kerf.scan count = 3 index %i carried(%a = %zero : tensor<f32>) captures(%s = %p : tensor<5xf32>, %table = %q : tensor<5xf32>) {
      // expected-warning @+1 {{parameter #0 reaches the loss only through integer or i1 values, which this line computes: its gradient is zero}}
      %best = kerf.argmin %s, axis = 0 : tensor<5xf32> -> tensor<i64>
      %e = kerf.gather %table, %best : tensor<5xf32>, tensor<i64> -> tensor<f32>
      %n = kerf.add %a, %e : tensor<f32>
      kerf.yield %n : tensor<f32>
    }
    kerf.yield %r : tensor<f32>
  }
  return %g : tensor<5xf32>
}

// -----

// The iterations that ran are not the first ones.
func.func @stops_in_reverse(%x: tensor<5xf32>) -> tensor<5xf32> {
  // expected-note @+1 {{the gradient taken here needs it; wrap the value in stop_gradient or straight_through}}
  %loss, %g = kerf.value_and_grad params(%p = %x : tensor<5xf32>) {
    %true = arith.constant dense<true> : tensor<i1>
    // expected-error @+1 {{what this line computes has no derivative: not implemented, of a loop in reverse that stops}}
    %on, %r = kerf.scan count = 3, reverse, stops index %i carried(%go = %true : tensor<i1>, %a = %p : tensor<5xf32>) {
      %n = kerf.sin %a : tensor<5xf32>
      kerf.yield %go, %n : tensor<i1>, tensor<5xf32>
    }
    %l = kerf.sum %r, axes = [0] : tensor<5xf32> -> tensor<f32>
    kerf.yield %l : tensor<f32>
  }
  return %g : tensor<5xf32>
}
