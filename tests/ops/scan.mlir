// RUN: kerf-opt %s -split-input-file -verify-diagnostics | kerf-opt -split-input-file | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-differentiate -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -canonicalize | FileCheck %s --check-prefix=LESS
// RUN: kerf-run --function edges %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --function rows %s | FileCheck %s --check-prefix=ROWS
// RUN: kerf-run --function ends %s | FileCheck %s --check-prefix=ENDS
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// CHECK-LABEL: @power
//  CHECK-SAME: %[[A:.*]]: tensor<7x7xf32>, %[[X:.*]]: tensor<7xf32>
//       CHECK: %[[Y:.*]] = kerf.scan count = 5 index %{{.*}} carried(%[[V:.*]] = %[[X]] : tensor<7xf32>) captures(%[[M:.*]] = %[[A]] : tensor<7x7xf32>) {
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
//   LOWER-NOT: kerf.scan
func.func @power(%a: tensor<7x7xf32>, %x: tensor<7xf32>) -> tensor<7xf32> {
  %y = kerf.scan count = 5 index %i carried(%v = %x : tensor<7xf32>) captures(%m = %a : tensor<7x7xf32>) {
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
  %sum = kerf.scan count = 5 index %i carried(%s = %0 : tensor<i64>) {
    %n = kerf.add %s, %i : tensor<i64>
    kerf.yield %n : tensor<i64>
  }
  %none = kerf.scan count = 0 index %i carried(%s = %0 : tensor<i64>) captures(%c = %two : tensor<i64>) {
    %n = kerf.add %s, %c : tensor<i64>
    kerf.yield %n : tensor<i64>
  }
  %once = kerf.scan count = 1 index %i carried(%s = %0 : tensor<i64>) captures(%c = %two : tensor<i64>) {
    %n = kerf.add %s, %c : tensor<i64>
    kerf.yield %n : tensor<i64>
  }
  %fibonacci:2 = kerf.scan count = 9 index %i carried(%p = %1 : tensor<i64>, %q = %1 : tensor<i64>) {
    %n = kerf.add %p, %q : tensor<i64>
    kerf.yield %q, %n : tensor<i64>, tensor<i64>
  }
  %swapped:2 = kerf.scan count = 3 index %i carried(%p = %a : tensor<2xi64>, %q = %b : tensor<2xi64>) {
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
func.func @means(%x: tensor<33x3xf32>, %e: tensor<4x3xf32>) -> (tensor<4x3xf32>, tensor<33xi64>) {
  %zero = arith.constant dense<0> : tensor<33xi64>
  %y:2 = kerf.scan count = 3 index %i carried(%c = %e : tensor<4x3xf32>, %old = %zero : tensor<33xi64>) captures(%z = %x : tensor<33x3xf32>) {
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

// A scan in a scan, whose first value is the outer one's.
// LOWER-LABEL: @nested
//       LOWER:   scf.for
//       LOWER:     scf.for
func.func @nested(%x: tensor<5x7xf32>, %y: tensor<5x7xf32>) -> tensor<5x7xf32> {
  %r = kerf.scan count = 3 index %i carried(%a = %x : tensor<5x7xf32>) captures(%c = %y : tensor<5x7xf32>) {
    %s = kerf.scan count = 2 index %j carried(%b = %a : tensor<5x7xf32>) captures(%d = %c : tensor<5x7xf32>, %k = %i : tensor<i64>) {
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

// Rows of inputs go in and rows of results come out, along axis 0 or 1, in either direction.
// CHECK-LABEL: @rows
//       CHECK: kerf.scan count = 3 index %{{.*}} carried({{.*}}) inputs(%[[ROW:.*]] = %{{.*}} : tensor<3xi64>) {
//       CHECK:   kerf.add %{{.*}}, %[[ROW]] : tensor<i64>
//       CHECK: kerf.scan count = 3, reverse index
//       CHECK: kerf.scan count = 3, axis = 1, keep = 2 index %{{.*}} inputs(
// LOWER-LABEL: @rows
//       LOWER: scf.for
//       LOWER:   tensor.extract_slice {{.*}} : tensor<3xi64> to tensor<i64>
//       LOWER:   tensor.insert_slice {{.*}} : tensor<i64> into tensor<3xi64>
// ROWS-LABEL: @rows
//       ROWS:   tensor<i64>: 16
//       ROWS:   tensor<3xi64>: 11 13 16
//       ROWS:   tensor<i64>: 16
//       ROWS:   tensor<3xi64>: 16 15 13
//       ROWS:   tensor<3xi64>: 0 1 2
//       ROWS:   tensor<2x3xi64>: 1 4 7 4 7 10
//       ROWS:   tensor<2x3x2xi64>: 1 1 3 3 5 5 4 4 6 6 8 8
func.func @rows() -> (tensor<i64>, tensor<3xi64>, tensor<i64>, tensor<3xi64>, tensor<3xi64>, tensor<2x3xi64>, tensor<2x3x2xi64>) {
  %ten = arith.constant dense<10> : tensor<i64>
  %v = arith.constant dense<[1, 2, 3]> : tensor<3xi64>
  %m = arith.constant dense<[[1, 3, 5], [4, 6, 8]]> : tensor<2x3xi64>
  %last, %sums = kerf.scan count = 3 index %i carried(%s = %ten : tensor<i64>) inputs(%x = %v : tensor<3xi64>) {
    %n = kerf.add %s, %x : tensor<i64>
    kerf.yield %n, %n : tensor<i64>, tensor<i64>
  }
  %first, %back, %numbers = kerf.scan count = 3, reverse index %i carried(%s = %ten : tensor<i64>) inputs(%x = %v : tensor<3xi64>) {
    %n = kerf.add %s, %x : tensor<i64>
    kerf.yield %n, %n, %i : tensor<i64>, tensor<i64>, tensor<i64>
  }
  %columns, %pairs = kerf.scan count = 3, axis = 1, keep = 2 index %i inputs(%x = %m : tensor<2x3xi64>) {
    %b = kerf.broadcast %i, dims = [] : tensor<i64> -> tensor<2xi64>
    %n = kerf.add %x, %b : tensor<2xi64>
    %p = kerf.broadcast %x, dims = [0] : tensor<2xi64> -> tensor<2x2xi64>
    kerf.yield %n, %p : tensor<2xi64>, tensor<2x2xi64>
  }
  return %last, %sums, %first, %back, %numbers, %columns, %pairs
      : tensor<i64>, tensor<3xi64>, tensor<i64>, tensor<3xi64>, tensor<3xi64>, tensor<2x3xi64>, tensor<2x3x2xi64>
}

// How many iterations run is known when it runs: by a number, or by what they carry. Rows of others
// are 0, and with `reverse` the first number is that of the last iteration that runs.
// CHECK-LABEL: @ends
//       CHECK: kerf.scan count = 4 index %{{.*}} carried({{.*}}) steps(%{{.*}}) {
//       CHECK: kerf.scan count = 5, stops index
// LOWER-LABEL: @ends
//       LOWER: scf.for
//       LOWER: tensor.extract
//       LOWER: arith.index_castui
//       LOWER: scf.for
// ENDS-LABEL: @ends
//       ENDS:   tensor<i64>: 2
//       ENDS:   tensor<4xi64>: 1 2 0 0
//       ENDS:   tensor<4xi64>: 1 0 0 0
//       ENDS:   tensor<i64>: 0
//       ENDS:   tensor<4xi64>: 0 0 0 0
//       ENDS:   tensor<4xi64>: 1 2 3 4
//       ENDS:   tensor<i64>: 8
//       ENDS:   tensor<5xi64>: 2 4 8 0 0
//       ENDS:   tensor<i64>: 1
//       ENDS:   tensor<5xi64>: 0 0 0 0 0
//       ENDS:   tensor<3xi64>: 0 2 4
func.func @ends() -> (tensor<i64>, tensor<4xi64>, tensor<4xi64>, tensor<i64>, tensor<4xi64>, tensor<4xi64>, tensor<i64>, tensor<5xi64>, tensor<i64>, tensor<5xi64>, tensor<3xi64>) {
  %0 = arith.constant dense<0> : tensor<i64>
  %1 = arith.constant dense<1> : tensor<i64>
  %two = arith.constant dense<2> : tensor<i64>
  %minus = arith.constant dense<-3> : tensor<i64>
  %nine = arith.constant dense<9> : tensor<i64>
  %yes = arith.constant dense<true> : tensor<i1>
  %no = arith.constant dense<false> : tensor<i1>
  %a, %as = kerf.scan count = 4 index %i carried(%s = %0 : tensor<i64>) steps(%two) captures(%c = %1 : tensor<i64>) {
    %n = kerf.add %s, %c : tensor<i64>
    kerf.yield %n, %n : tensor<i64>, tensor<i64>
  }
  %bs = kerf.scan count = 4, reverse index %i steps(%two) captures(%c = %1 : tensor<i64>) {
    %n = kerf.sub %c, %i : tensor<i64>
    kerf.yield %n : tensor<i64>
  }
  %c, %cs = kerf.scan count = 4 index %i carried(%s = %0 : tensor<i64>) steps(%minus) captures(%c = %1 : tensor<i64>) {
    %n = kerf.add %s, %c : tensor<i64>
    kerf.yield %n, %n : tensor<i64>, tensor<i64>
  }
  %ds = kerf.scan count = 4 index %i steps(%nine) captures(%c = %1 : tensor<i64>) {
    %n = kerf.add %i, %c : tensor<i64>
    kerf.yield %n : tensor<i64>
  }
  %e:3 = kerf.scan count = 5, stops index %i carried(%go = %yes : tensor<i1>, %s = %1 : tensor<i64>) {
    %n = kerf.add %s, %s : tensor<i64>
    %most = arith.constant dense<8> : tensor<i64>
    %g = kerf.compare %n, %most, predicate = "lt" : tensor<i64> -> tensor<i1>
    kerf.yield %g, %n, %n : tensor<i1>, tensor<i64>, tensor<i64>
  }
  %f:3 = kerf.scan count = 5, stops index %i carried(%go = %no : tensor<i1>, %s = %1 : tensor<i64>) {
    %n = kerf.add %s, %s : tensor<i64>
    kerf.yield %go, %n, %n : tensor<i1>, tensor<i64>, tensor<i64>
  }
  %g:2 = kerf.scan count = 3, stops index %i carried(%go = %yes : tensor<i1>) {
    %n = kerf.add %i, %i : tensor<i64>
    kerf.yield %go, %n : tensor<i1>, tensor<i64>
  }
  return %a, %as, %bs, %c, %cs, %ds, %e#1, %e#2, %f#1, %f#2, %g#1
      : tensor<i64>, tensor<4xi64>, tensor<4xi64>, tensor<i64>, tensor<4xi64>, tensor<4xi64>, tensor<i64>, tensor<5xi64>, tensor<i64>, tensor<5xi64>, tensor<3xi64>
}

// All of it on numbers that compiled code reads and writes in place: along both axes, from arguments
// and from what is computed; a scan in a scan that stops; and what is carried read later.
func.func @rows_in_place(%x: tensor<5x3xf32>, %h: tensor<3xf32>, %w: tensor<3x3xf32>, %n: tensor<i64>)
    -> (tensor<3xf32>, tensor<5x3xf32>, tensor<3x5xf32>, tensor<3xf32>, tensor<5x4x3xf32>, tensor<3xf32>) {
  %e = kerf.exp %x : tensor<5x3xf32>
  %y:2 = kerf.scan count = 5 index %i carried(%s = %h : tensor<3xf32>) inputs(%a = %e : tensor<5x3xf32>, %b = %x : tensor<5x3xf32>) captures(%m = %w : tensor<3x3xf32>) {
    %p = kerf.contract %m, %s, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<3x3xf32>, tensor<3xf32> -> tensor<3xf32>
    %q = kerf.add %p, %b : tensor<3xf32>
    %t = kerf.tanh %q : tensor<3xf32>
    %r = kerf.mul %t, %a : tensor<3xf32>
    kerf.yield %t, %r : tensor<3xf32>, tensor<3xf32>
  }
  %turned = kerf.transpose %y#1, permutation = [1, 0] : tensor<5x3xf32> -> tensor<3x5xf32>
  %z = kerf.scan count = 5, axis = 1, reverse index %i inputs(%a = %turned : tensor<3x5xf32>) captures(%m = %w : tensor<3x3xf32>) {
    %p = kerf.contract %m, %a, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<3x3xf32>, tensor<3xf32> -> tensor<3xf32>
    kerf.yield %p : tensor<3xf32>
  }
  %true = arith.constant dense<true> : tensor<i1>
  %outer:3 = kerf.scan count = 5 index %i carried(%v = %h : tensor<3xf32>) inputs(%a = %x : tensor<5x3xf32>) steps(%n) captures(%go = %true : tensor<i1>) {
    %inner:3 = kerf.scan count = 4, stops index %j carried(%g = %go : tensor<i1>, %u = %v : tensor<3xf32>) captures(%d = %a : tensor<3xf32>) {
      %one = arith.constant dense<1.0> : tensor<f32>
      %k = kerf.add %u, %d : tensor<3xf32>
      %sq = kerf.mul %k, %k : tensor<3xf32>
      %l = kerf.sum %sq, axes = [0] : tensor<3xf32> -> tensor<f32>
      %c = kerf.compare %l, %one, predicate = "lt" : tensor<f32> -> tensor<i1>
      kerf.yield %c, %k, %k : tensor<i1>, tensor<3xf32>, tensor<3xf32>
    }
    %t = kerf.tanh %inner#1 : tensor<3xf32>
    kerf.yield %t, %inner#2, %t : tensor<3xf32>, tensor<4x3xf32>, tensor<3xf32>
  }
  %o = kerf.add %outer#0, %h : tensor<3xf32>
  return %y#0, %y#1, %z, %o, %outer#1, %outer#0 : tensor<3xf32>, tensor<5x3xf32>, tensor<3x5xf32>, tensor<3xf32>, tensor<5x4x3xf32>, tensor<3xf32>
}

// No iteration, no rows, rows without elements, an input of the loop's own and one that is carried
// too, and rows that are what was captured or carried.
func.func @rows_of_any_kind(%x: tensor<0x3xf32>, %y: tensor<4x0xf32>, %z: tensor<4xf64>, %t: tensor<4xi1>)
    -> (tensor<0x2xf32>, tensor<4x0xf32>, tensor<f64>, tensor<4xi1>, tensor<4x4xf64>, tensor<4x4xf64>, tensor<4xi64>) {
  %none = kerf.scan count = 0 index %i inputs(%a = %x : tensor<0x3xf32>) {
    %b = kerf.slice %a, offsets = [0], limits = [2], strides = [1] : tensor<3xf32> -> tensor<2xf32>
    kerf.yield %b : tensor<2xf32>
  }
  %zero = arith.constant dense<0.0> : tensor<f64>
  %r:6 = kerf.scan count = 4 index %i carried(%s = %zero : tensor<f64>) inputs(%a = %y : tensor<4x0xf32>, %b = %z : tensor<4xf64>, %c = %t : tensor<4xi1>) captures(%d = %z : tensor<4xf64>) {
    %e = kerf.exp %a : tensor<0xf32>
    %n = kerf.select %c, %b, %s : tensor<i1>, tensor<f64>
    %m = kerf.add %d, %d : tensor<4xf64>
    kerf.yield %n, %e, %c, %d, %m, %i : tensor<f64>, tensor<0xf32>, tensor<i1>, tensor<4xf64>, tensor<4xf64>, tensor<i64>
  }
  return %none, %r#1, %r#0, %r#2, %r#3, %r#4, %r#5 : tensor<0x2xf32>, tensor<4x0xf32>, tensor<f64>, tensor<4xi1>, tensor<4x4xf64>, tensor<4x4xf64>, tensor<4xi64>
}

// Every row needs the one before it, which is carried, too; the whole is read again beside it.
func.func @carried_is_stacked(%x: tensor<7xf32>, %n: tensor<i64>) -> (tensor<7x7xf32>, tensor<7x7xf32>) {
  %r:2 = kerf.scan count = 7, reverse index %i carried(%s = %x : tensor<7xf32>) steps(%n) {
    %t = kerf.tanh %s : tensor<7xf32>
    kerf.yield %t, %s : tensor<7xf32>, tensor<7xf32>
  }
  %q = kerf.scan count = 7 index %i inputs(%a = %r#1 : tensor<7x7xf32>) captures(%all = %r#1 : tensor<7x7xf32>) {
    %p = kerf.contract %all, %a, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<7x7xf32>, tensor<7xf32> -> tensor<7xf32>
    kerf.yield %p : tensor<7xf32>
  }
  return %q, %r#1 : tensor<7x7xf32>, tensor<7x7xf32>
}

// What nobody needs goes: results, what only feeds itself, inputs, captures. What never changes is
// captured. A flag is needed, whoever reads it.
// LESS-LABEL: @unused
//  LESS-SAME: %[[X:.*]]: tensor<3xf32>, %[[Y:.*]]: tensor<4x3xf32>, %[[Z:.*]]: tensor<3xf32>
//       LESS: %[[R:.*]] = kerf.scan count = 4 index %{{.*}} carried(%[[A:.*]] = %[[X]] : tensor<3xf32>) captures(%[[B:.*]] = %[[Z]] : tensor<3xf32>) {
//  LESS-NEXT:   %[[S:.*]] = kerf.add %[[A]], %[[B]]
//  LESS-NEXT:   kerf.yield %[[S]] : tensor<3xf32>
//       LESS: return %[[R]], %[[Z]]
func.func @unused(%x: tensor<3xf32>, %y: tensor<4x3xf32>, %z: tensor<3xf32>) -> (tensor<3xf32>, tensor<3xf32>) {
  %r:4 = kerf.scan count = 4 index %i carried(%a = %x : tensor<3xf32>, %b = %z : tensor<3xf32>, %c = %x : tensor<3xf32>) inputs(%d = %y : tensor<4x3xf32>) captures(%e = %z : tensor<3xf32>) {
    %s = kerf.add %a, %b : tensor<3xf32>
    %t = kerf.mul %c, %d : tensor<3xf32>
    %u = kerf.mul %t, %e : tensor<3xf32>
    kerf.yield %s, %b, %u, %u : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>
  }
  return %r#0, %r#1 : tensor<3xf32>, tensor<3xf32>
}

// One iteration of which a gradient keeps what goes in stays a loop; other ones need not.
// LOWER-LABEL: @one_iteration
//       LOWER: %[[ONE:.*]] = arith.constant 1 : i64
//       LOWER: %[[HIDDEN:.*]] = builtin.unrealized_conversion_cast %[[ONE]] : i64 to index
//       LOWER: scf.for %{{.*}} = %{{.*}} to %[[HIDDEN]] step
//       LOWER: %[[BOUND:.*]] = arith.constant 1 : index
//       LOWER: scf.for %{{.*}} = %{{.*}} to %[[BOUND]] step
func.func @one_iteration(%x: tensor<3xf32>) -> tensor<3xf32> attributes {kerf.no_gradient} {
  %y = kerf.scan count = 1, keep = 1 index %i carried(%a = %x : tensor<3xf32>) {
    %t = kerf.tanh %a : tensor<3xf32>
    kerf.yield %t : tensor<3xf32>
  }
  %z = kerf.scan count = 1 index %i carried(%a = %y : tensor<3xf32>) {
    %t = kerf.tanh %a : tensor<3xf32>
    kerf.yield %t : tensor<3xf32>
  }
  return %z : tensor<3xf32>
}

// LESS-LABEL: @flag_is_needed
//       LESS: kerf.scan count = 4, stops index %{{.*}} carried(%[[G:.*]] = %{{.*}} : tensor<i1>, %[[N:.*]] = %{{.*}} : tensor<i64>) {
//       LESS:   kerf.yield
func.func @flag_is_needed(%x: tensor<i64>) -> tensor<i64> {
  %yes = arith.constant dense<true> : tensor<i1>
  %r:2 = kerf.scan count = 4, stops index %i carried(%g = %yes : tensor<i1>, %n = %x : tensor<i64>) {
    %m = kerf.add %n, %n : tensor<i64>
    kerf.yield %g, %m : tensor<i1>, tensor<i64>
  }
  return %r#1 : tensor<i64>
}

// LESS-LABEL: @no_iteration
//  LESS-SAME: %[[X:.*]]: tensor<3xf32>
//       LESS: %[[NONE:.*]] = arith.constant dense<{{.*}}> : tensor<0x3xf32>
//       LESS: return %[[X]], %[[NONE]]
func.func @no_iteration(%x: tensor<3xf32>) -> (tensor<3xf32>, tensor<0x3xf32>) {
  %r:2 = kerf.scan count = 0 index %i carried(%a = %x : tensor<3xf32>) {
    kerf.yield %a, %a : tensor<3xf32>, tensor<3xf32>
  }
  return %r#0, %r#1 : tensor<3xf32>, tensor<0x3xf32>
}

// Every element type, no elements at all, and values that are no splat.
func.func @kinds(%x: tensor<5xf64>, %y: tensor<5xf32>, %z: tensor<0x3xf32>)
    -> (tensor<5xf64>, tensor<5xi1>, tensor<0x3xf32>, tensor<5xf32>, tensor<2xi32>) {
  %t = arith.constant dense<true> : tensor<5xi1>
  %k = arith.constant dense<[3, 4]> : tensor<2xi32>
  %r:5 = kerf.scan count = 3 index %i carried(%a = %x : tensor<5xf64>, %b = %t : tensor<5xi1>, %c = %z : tensor<0x3xf32>,
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
func.func @constants(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
  %r:3 = kerf.scan count = 2 index %i carried(%a = %x : tensor<4xf32>, %b = %x : tensor<4xf32>, %c = %x : tensor<4xf32>) captures(%m = %x : tensor<4xf32>) {
    %two = arith.constant dense<2.0> : tensor<4xf32>
    %s = kerf.add %a, %b : tensor<4xf32>
    kerf.yield %two, %s, %m : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
  }
  return %r#0, %r#1, %r#2 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}

// What is carried begins as a view of what is read later, and is seen through views.
func.func @reshaped(%x: tensor<12xf32>) -> (tensor<3x4xf32>, tensor<12xf32>) {
  %v = kerf.reshape %x : tensor<12xf32> -> tensor<3x4xf32>
  %e = kerf.exp %x : tensor<12xf32>
  %w = kerf.reshape %e : tensor<12xf32> -> tensor<3x4xf32>
  %r:2 = kerf.scan count = 3 index %i carried(%a = %v : tensor<3x4xf32>, %b = %w : tensor<3x4xf32>) {
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
//       CHECK:   kerf.scan
//       CHECK:     kerf.value_and_grad
func.func @gradients_inside(%x: tensor<5xf32>, %c: tensor<5xf32>) -> tensor<5xf32> {
  %y = kerf.scan count = 4 index %i carried(%a = %x : tensor<5xf32>) captures(%t = %c : tensor<5xf32>) {
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

// A gradient passes beside a scan that is constant to it; one result is an integer.
func.func @beside_a_gradient(%x: tensor<5xf32>) -> tensor<5xf32> {
  %half = arith.constant dense<0.5> : tensor<5xf32>
  %zero = arith.constant dense<0> : tensor<i64>
  %r:2 = kerf.scan count = 3 index %i carried(%a = %half : tensor<5xf32>, %s = %zero : tensor<i64>) {
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
func.func @behind_stop_gradient(%x: tensor<5xf32>) -> tensor<5xf32> attributes {kerf.no_gradient} {
  %c = kerf.stop_gradient %x : tensor<5xf32>
  %r = kerf.scan count = 3 index %i carried(%a = %c : tensor<5xf32>) {
    %n = kerf.tanh %a : tensor<5xf32>
    kerf.yield %n : tensor<5xf32>
  }
  %v = kerf.scan count = 2 index %i carried(%a = %x : tensor<5xf32>) {
    %n = kerf.tanh %a : tensor<5xf32>
    kerf.yield %n : tensor<5xf32>
  }
  %t = kerf.straight_through %x, %v : tensor<5xf32>
  %y = kerf.mul %t, %r : tensor<5xf32>
  return %y : tensor<5xf32>
}

// Rows of which one more axis has extent 1, and a single one of them: which axis a slice drops is not to be guessed.
// LOWER-LABEL: @unit_axes
//       LOWER: tensor.extract_slice {{.*}} to tensor<8x1x8x1xf32>
//  LOWER-NEXT: tensor.collapse_shape {{.*}} into tensor<8x1x8xf32>
func.func @unit_axes(%x: tensor<8x1x8x1xf32>, %a: tensor<f32>) -> (tensor<f32>, tensor<8x1x8x1xf32>) {
  %y, %all = kerf.scan count = 1, axis = 3 index %i carried(%c = %a : tensor<f32>) inputs(%r = %x : tensor<8x1x8x1xf32>) {
    %s = kerf.sum %r, axes = [0, 1, 2] : tensor<8x1x8xf32> -> tensor<f32>
    %e = kerf.exp %r : tensor<8x1x8xf32>
    kerf.yield %s, %e : tensor<f32>, tensor<8x1x8xf32>
  }
  return %y, %all : tensor<f32>, tensor<8x1x8x1xf32>
}

// -----

func.func @operands_c1(%x: tensor<f32>) -> tensor<f32> {
  // expected-error @+1 {{'kerf.scan' op has 1 operands but should have at least 2: 2 carried, 0 inputs}}
  %y = "kerf.scan"(%x) ({
  ^bb0(%a: tensor<f32>, %i: tensor<i64>):
    kerf.yield %a : tensor<f32>
  }) {count = 3 : i64, num_carried = 2 : i64} : (tensor<f32>) -> tensor<f32>
  return %y : tensor<f32>
}

// -----

func.func @rows_c2(%x: tensor<4x3xf32>) -> tensor<5x3xf32> {
  // expected-error @+1 {{'kerf.scan' op input 0 is 'tensor<4x3xf32>' but should have extent 5 along axis 0}}
  %y = kerf.scan count = 5 index %i inputs(%a = %x : tensor<4x3xf32>) {
    kerf.yield %a : tensor<3xf32>
  }
  return %y : tensor<5x3xf32>
}

// -----

func.func @axis_c2(%x: tensor<4x3xf32>) -> tensor<3xf32> {
  // expected-error @+1 {{'kerf.scan' op input 0 is 'tensor<4x3xf32>' but should have extent 4 along axis 2}}
  %y = kerf.scan count = 4, axis = 2 index %i inputs(%a = %x : tensor<4x3xf32>) {
    %s = kerf.sum %a, axes = [0] : tensor<4x3xf32> -> tensor<3xf32>
    kerf.yield %s : tensor<3xf32>
  }
  return %y : tensor<3xf32>
}

// -----

func.func @steps_c3(%x: tensor<f32>) -> tensor<f32> {
  // expected-error @+1 {{'kerf.scan' op steps is 'tensor<f32>' but should be 'tensor<i64>'}}
  %y = "kerf.scan"(%x, %x) ({
  ^bb0(%a: tensor<f32>, %i: tensor<i64>):
    kerf.yield %a : tensor<f32>
  }) {count = 3 : i64, num_carried = 1 : i64, has_steps = true} : (tensor<f32>, tensor<f32>) -> tensor<f32>
  return %y : tensor<f32>
}

// -----

func.func @no_index_c4(%x: tensor<f32>) -> tensor<f32> {
  // expected-error @+1 {{'kerf.scan' op has 1 region arguments but should have 2}}
  %y = "kerf.scan"(%x) ({
  ^bb0(%a: tensor<f32>):
    kerf.yield %a : tensor<f32>
  }) {count = 3 : i64, num_carried = 1 : i64} : (tensor<f32>) -> tensor<f32>
  return %y : tensor<f32>
}

// -----

func.func @index_type_c4(%x: tensor<f32>) -> tensor<f32> {
  // expected-error @+1 {{'kerf.scan' op region argument 1 is 'tensor<f32>' but should be 'tensor<i64>'}}
  %y = "kerf.scan"(%x) ({
  ^bb0(%a: tensor<f32>, %i: tensor<f32>):
    kerf.yield %a : tensor<f32>
  }) {count = 3 : i64, num_carried = 1 : i64} : (tensor<f32>) -> tensor<f32>
  return %y : tensor<f32>
}

// -----

func.func @row_type_c4(%x: tensor<3x2xf32>) -> tensor<3x2xf32> {
  // expected-error @+1 {{'kerf.scan' op region argument 1 is 'tensor<3x2xf32>' but should be 'tensor<2xf32>'}}
  %y = "kerf.scan"(%x) ({
  ^bb0(%i: tensor<i64>, %a: tensor<3x2xf32>):
    kerf.yield %a : tensor<3x2xf32>
  }) {count = 3 : i64, num_carried = 0 : i64, num_inputs = 1 : i64} : (tensor<3x2xf32>) -> tensor<3x2xf32>
  return %y : tensor<3x2xf32>
}

// -----

func.func @yielded_c5(%x: tensor<5xf32>) -> tensor<5xf32> {
  %y = kerf.scan count = 3 index %i carried(%a = %x : tensor<5xf32>) {
    %s = kerf.sum %a, axes = [0] : tensor<5xf32> -> tensor<f32>
    // expected-error @+1 {{'kerf.yield' op operand 0 is 'tensor<f32>' but should be 'tensor<5xf32>'}}
    kerf.yield %s : tensor<f32>
  }
  return %y : tensor<5xf32>
}

// -----

func.func @nothing_yielded_c5(%x: tensor<5xf32>) -> tensor<5xf32> {
  %y = kerf.scan count = 3 index %i carried(%a = %x : tensor<5xf32>) {
    // expected-error @+1 {{'kerf.yield' op has 0 operands but should have 1}}
    kerf.yield
  }
  return %y : tensor<5xf32>
}

// -----

func.func @row_c5(%x: tensor<2x3xf32>) {
  %y = kerf.scan count = 3, axis = 1 index %i inputs(%a = %x : tensor<2x3xf32>) {
    %s = kerf.sum %a, axes = [0] : tensor<2xf32> -> tensor<f32>
    // expected-error @+1 {{'kerf.yield' op has a row 'tensor<f32>', which cannot be stacked along axis 1}}
    kerf.yield %s : tensor<f32>
  }
  return
}

// -----

func.func @terminator_c5(%x: tensor<f32>) -> tensor<f32> {
  // expected-error @+1 {{'kerf.scan' op the region must end in kerf.yield}}
  %y = "kerf.scan"(%x) ({
  ^bb0(%a: tensor<f32>, %i: tensor<i64>):
    llvm.unreachable
  }) {count = 3 : i64, num_carried = 1 : i64} : (tensor<f32>) -> tensor<f32>
  return %y : tensor<f32>
}

// -----

func.func @result_c6(%x: tensor<f32>) -> tensor<i64> {
  // expected-error @+1 {{'kerf.scan' op result 0 is 'tensor<i64>' but should be 'tensor<f32>'}}
  %y = "kerf.scan"(%x) ({
  ^bb0(%a: tensor<f32>, %i: tensor<i64>):
    kerf.yield %a : tensor<f32>
  }) {count = 3 : i64, num_carried = 1 : i64} : (tensor<f32>) -> tensor<i64>
  return %y : tensor<i64>
}

// -----

func.func @stacked_c6(%x: tensor<f32>) -> tensor<4xf32> {
  // expected-error @+1 {{'kerf.scan' op result 1 is 'tensor<4xf32>' but should be 'tensor<3xf32>'}}
  %y:2 = "kerf.scan"(%x) ({
  ^bb0(%a: tensor<f32>, %i: tensor<i64>):
    kerf.yield %a, %a : tensor<f32>, tensor<f32>
  }) {count = 3 : i64, num_carried = 1 : i64} : (tensor<f32>) -> (tensor<f32>, tensor<4xf32>)
  return %y#1 : tensor<4xf32>
}

// -----

func.func @flag_c7(%x: tensor<f32>) -> tensor<f32> {
  // expected-error @+1 {{'kerf.scan' op stops, so its first carried value should be a 'tensor<i1>'}}
  %y = kerf.scan count = 3, stops index %i carried(%a = %x : tensor<f32>) {
    kerf.yield %a : tensor<f32>
  }
  return %y : tensor<f32>
}

// -----

func.func @option(%x: tensor<f32>) -> tensor<f32> {
  // expected-error @+1 {{there is no option 'backward'; there are axis, keep, reverse and stops}}
  %y = kerf.scan count = 3, backward index %i carried(%a = %x : tensor<f32>) {
    kerf.yield %a : tensor<f32>
  }
  return %y : tensor<f32>
}

// -----

func.func @isolated(%x: tensor<f32>, %z: tensor<f32>) -> tensor<f32> {
  %y = kerf.scan count = 3 index %i carried(%a = %x : tensor<f32>) {
    // expected-error @+1 {{use of undeclared SSA value name}}
    %n = kerf.mul %a, %z : tensor<f32>
    kerf.yield %n : tensor<f32>
  }
  return %y : tensor<f32>
}
