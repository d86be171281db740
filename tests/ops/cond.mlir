// RUN: kerf-opt %s -split-input-file -verify-diagnostics | kerf-opt -split-input-file | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -canonicalize | FileCheck %s --check-prefix=LESS
// RUN: kerf-run --function edges %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// CHECK-LABEL: @chosen
//  CHECK-SAME: %[[P:.*]]: tensor<i1>, %[[X:.*]]: tensor<7xf32>, %[[Z:.*]]: tensor<7xf32>
//       CHECK: %[[Y:.*]]:2 = kerf.cond %[[P]] then(%[[A:.*]] = %[[X]] : tensor<7xf32>, %[[B:.*]] = %[[Z]] : tensor<7xf32>) {
//       CHECK:   %[[S:.*]] = kerf.add %[[A]], %[[B]]
//       CHECK:   kerf.yield %[[S]], %[[A]] : tensor<7xf32>, tensor<7xf32>
//       CHECK: } else(%[[C:.*]] = %[[X]] : tensor<7xf32>, %[[D:.*]] = %[[Z]] : tensor<7xf32>) {
//       CHECK:   %[[M:.*]] = kerf.mul %[[C]], %[[D]]
//       CHECK:   kerf.yield %[[M]], %[[D]]
// LOWER-LABEL: @chosen
//  LOWER-SAME: %[[P:.*]]: tensor<i1>
//       LOWER: %[[BIT:.*]] = tensor.extract %[[P]]
//       LOWER: %[[TIMES:.*]] = arith.index_castui %[[BIT]] : i1 to index
//       LOWER: %[[FIRST:.*]]:2 = scf.for %{{.*}} to %[[TIMES]] step
//       LOWER:   arith.addf
//       LOWER: %[[REST:.*]] = arith.subi %{{.*}}, %[[TIMES]] : index
//       LOWER: scf.for %{{.*}} to %[[REST]] step %{{.*}} iter_args(%{{.*}} = %[[FIRST]]#0, %{{.*}} = %[[FIRST]]#1)
//       LOWER:   arith.mulf
//   LOWER-NOT: kerf.cond
func.func @chosen(%p: tensor<i1>, %x: tensor<7xf32>, %z: tensor<7xf32>) -> (tensor<7xf32>, tensor<7xf32>) {
  %y:2 = kerf.cond %p then(%a = %x : tensor<7xf32>, %b = %z : tensor<7xf32>) {
    %s = kerf.add %a, %b : tensor<7xf32>
    kerf.yield %s, %a : tensor<7xf32>, tensor<7xf32>
  } else(%a = %x : tensor<7xf32>, %b = %z : tensor<7xf32>) {
    %m = kerf.mul %a, %b : tensor<7xf32>
    kerf.yield %m, %b : tensor<7xf32>, tensor<7xf32>
  }
  return %y#0, %y#1 : tensor<7xf32>, tensor<7xf32>
}

// VALUE-LABEL: @edges
//       VALUE:   tensor<i64>: 1
//       VALUE:   tensor<i64>: 2
//       VALUE:   tensor<2xi64>: 3 4
//       VALUE:   tensor<4xi64>: 10 -1 12 -3
//       VALUE:   tensor<0xf32>:
func.func @edges() -> (tensor<i64>, tensor<i64>, tensor<2xi64>, tensor<4xi64>, tensor<0xf32>) {
  %yes = arith.constant dense<true> : tensor<i1>
  %no = arith.constant dense<false> : tensor<i1>
  %1 = arith.constant dense<1> : tensor<i64>
  %two = arith.constant dense<2> : tensor<i64>
  %three = arith.constant dense<[3, 4]> : tensor<2xi64>
  %none = arith.constant dense<> : tensor<0xf32>
  %a = kerf.cond %yes then(%x = %1 : tensor<i64>, %y = %two : tensor<i64>) {
    kerf.yield %x : tensor<i64>
  } else(%x = %1 : tensor<i64>, %y = %two : tensor<i64>) {
    kerf.yield %y : tensor<i64>
  }
  %b = kerf.cond %no then(%x = %1 : tensor<i64>, %y = %two : tensor<i64>) {
    kerf.yield %x : tensor<i64>
  } else(%x = %1 : tensor<i64>, %y = %two : tensor<i64>) {
    kerf.yield %y : tensor<i64>
  }
  %c, %d = kerf.cond %no then(%x = %three : tensor<2xi64>, %e = %none : tensor<0xf32>) {
    %zero = arith.constant dense<0> : tensor<2xi64>
    kerf.yield %zero, %e : tensor<2xi64>, tensor<0xf32>
  } else(%x = %three : tensor<2xi64>, %e = %none : tensor<0xf32>) {
    %n = kerf.neg %e : tensor<0xf32>
    kerf.yield %x, %n : tensor<2xi64>, tensor<0xf32>
  }
  %turns = kerf.scan count = 4 index %i captures(%o = %1 : tensor<i64>) {
    %odd = kerf.bit_and %i, %o : tensor<i64>
    %q = kerf.compare %odd, %o, predicate = "eq" : tensor<i64> -> tensor<i1>
    %r = kerf.cond %q then(%j = %i : tensor<i64>) {
      %n = kerf.neg %j : tensor<i64>
      kerf.yield %n : tensor<i64>
    } else(%j = %i : tensor<i64>) {
      %ten = arith.constant dense<10> : tensor<i64>
      %n = kerf.add %j, %ten : tensor<i64>
      kerf.yield %n : tensor<i64>
    }
    kerf.yield %r : tensor<i64>
  }
  return %a, %b, %c, %turns, %d : tensor<i64>, tensor<i64>, tensor<2xi64>, tensor<4xi64>, tensor<0xf32>
}

// Branches update what the loop around them carries, where it lies; a branch in a branch; what is
// chosen in one is among the decisions.
func.func @in_a_loop(%x: tensor<5x3xf32>, %h: tensor<3xf32>, %w: tensor<3x3xf32>) -> (tensor<3xf32>, tensor<5x3xf32>) {
  %zero = arith.constant dense<0.0> : tensor<f32>
  %r:2 = kerf.scan count = 5 index %i carried(%s = %h : tensor<3xf32>) inputs(%a = %x : tensor<5x3xf32>) captures(%m = %w : tensor<3x3xf32>, %z = %zero : tensor<f32>) {
    %l = kerf.sum %a, axes = [0] : tensor<3xf32> -> tensor<f32>
    %p = kerf.compare %l, %z, predicate = "gt" : tensor<f32> -> tensor<i1>
    %n = kerf.cond %p then(%sa = %s : tensor<3xf32>, %aa = %a : tensor<3xf32>, %ma = %m : tensor<3x3xf32>) {
      %v = kerf.contract %ma, %sa, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<3x3xf32>, tensor<3xf32> -> tensor<3xf32>
      %t = kerf.tanh %v : tensor<3xf32>
      %u = kerf.add %t, %aa : tensor<3xf32>
      kerf.yield %u : tensor<3xf32>
    } else(%sa = %s : tensor<3xf32>, %aa = %a : tensor<3xf32>, %ma = %m : tensor<3x3xf32>) {
      %k = kerf.argmin %aa, axis = 0 : tensor<3xf32> -> tensor<i64>
      %g = kerf.gather %sa, %k : tensor<3xf32>, tensor<i64> -> tensor<f32>
      %f = arith.constant dense<0.5> : tensor<f32>
      %q = kerf.compare %g, %f, predicate = "lt" : tensor<f32> -> tensor<i1>
      %o = kerf.cond %q then(%sb = %sa : tensor<3xf32>) {
        %e = kerf.exp %sb : tensor<3xf32>
        kerf.yield %e : tensor<3xf32>
      } else(%sb = %sa : tensor<3xf32>) {
        kerf.yield %sb : tensor<3xf32>
      }
      kerf.yield %o : tensor<3xf32>
    }
    kerf.yield %n, %n : tensor<3xf32>, tensor<3xf32>
  }
  return %r#0, %r#1 : tensor<3xf32>, tensor<5x3xf32>
}

// A loop in a branch, of which only one runs; both read what is computed before, one of them what is
// captured as a part; the values are read again behind it.
func.func @loop_in_a_branch(%p: tensor<i1>, %x: tensor<4x3xf32>, %y: tensor<3xf64>) -> (tensor<3xf32>, tensor<4x3xf32>, tensor<3xf64>, tensor<4x3xf32>) {
  %e = kerf.exp %x : tensor<4x3xf32>
  %row = kerf.slice %e, offsets = [1, 0], limits = [2, 3], strides = [1, 1] : tensor<4x3xf32> -> tensor<1x3xf32>
  %part = kerf.reshape %row : tensor<1x3xf32> -> tensor<3xf32>
  %r:3 = kerf.cond %p then(%a = %e : tensor<4x3xf32>, %b = %part : tensor<3xf32>, %c = %y : tensor<3xf64>) {
    %s:2 = kerf.scan count = 4 index %i carried(%v = %b : tensor<3xf32>) inputs(%u = %a : tensor<4x3xf32>) {
      %t = kerf.mul %v, %u : tensor<3xf32>
      kerf.yield %t, %t : tensor<3xf32>, tensor<3xf32>
    }
    kerf.yield %s#0, %s#1, %c : tensor<3xf32>, tensor<4x3xf32>, tensor<3xf64>
  } else(%a = %e : tensor<4x3xf32>, %b = %part : tensor<3xf32>, %c = %y : tensor<3xf64>) {
    %d = kerf.neg %c : tensor<3xf64>
    kerf.yield %b, %a, %d : tensor<3xf32>, tensor<4x3xf32>, tensor<3xf64>
  }
  %z = kerf.add %e, %r#1 : tensor<4x3xf32>
  return %r#0, %r#1, %r#2, %z : tensor<3xf32>, tensor<4x3xf32>, tensor<3xf64>, tensor<4x3xf32>
}

// LESS-LABEL: @known
//  LESS-SAME: %[[X:.*]]: tensor<3xf32>
//       LESS: %[[N:.*]] = kerf.neg %[[X]]
//       LESS: return %[[N]]
func.func @known(%x: tensor<3xf32>) -> tensor<3xf32> {
  %no = arith.constant dense<false> : tensor<i1>
  %y = kerf.cond %no then(%a = %x : tensor<3xf32>) {
    kerf.yield %a : tensor<3xf32>
  } else(%a = %x : tensor<3xf32>) {
    %n = kerf.neg %a : tensor<3xf32>
    kerf.yield %n : tensor<3xf32>
  }
  return %y : tensor<3xf32>
}

// LESS-LABEL: @unused
//  LESS-SAME: %[[P:.*]]: tensor<i1>, %[[X:.*]]: tensor<3xf32>, %[[Y:.*]]: tensor<3xf32>, %[[Z:.*]]: tensor<3xf32>
//       LESS: %[[R:.*]] = kerf.cond %[[P]] then(%[[A:.*]] = %[[X]] : tensor<3xf32>, %[[B:.*]] = %[[Z]] : tensor<3xf32>) {
//  LESS-NEXT:   kerf.yield %[[A]] : tensor<3xf32>
//  LESS-NEXT: } else(%[[C:.*]] = %[[X]] : tensor<3xf32>, %[[D:.*]] = %[[Z]] : tensor<3xf32>) {
//  LESS-NEXT:   kerf.yield %[[D]] : tensor<3xf32>
//       LESS: return %[[R]]
func.func @unused(%p: tensor<i1>, %x: tensor<3xf32>, %y: tensor<3xf32>, %z: tensor<3xf32>) -> tensor<3xf32> {
  %r:2 = kerf.cond %p then(%a = %x : tensor<3xf32>, %b = %y : tensor<3xf32>, %c = %z : tensor<3xf32>) {
    %n = kerf.neg %b : tensor<3xf32>
    kerf.yield %a, %n : tensor<3xf32>, tensor<3xf32>
  } else(%a = %x : tensor<3xf32>, %b = %y : tensor<3xf32>, %c = %z : tensor<3xf32>) {
    kerf.yield %c, %b : tensor<3xf32>, tensor<3xf32>
  }
  return %r#0 : tensor<3xf32>
}

// -----

func.func @arguments_c1(%p: tensor<i1>, %x: tensor<f32>) -> tensor<f32> {
  // expected-error @+1 {{'kerf.cond' op region argument 0 is 'tensor<i64>' but should be 'tensor<f32>'}}
  %y = "kerf.cond"(%p, %x) ({
  ^bb0(%a: tensor<f32>):
    kerf.yield %a : tensor<f32>
  }, {
  ^bb0(%a: tensor<i64>):
    %b = kerf.cast %a : tensor<i64> -> tensor<f32>
    kerf.yield %b : tensor<f32>
  }) : (tensor<i1>, tensor<f32>) -> tensor<f32>
  return %y : tensor<f32>
}

// -----

func.func @yielded_c2(%p: tensor<i1>, %x: tensor<5xf32>) -> tensor<5xf32> {
  %y = kerf.cond %p then(%a = %x : tensor<5xf32>) {
    kerf.yield %a : tensor<5xf32>
  } else(%a = %x : tensor<5xf32>) {
    %s = kerf.sum %a, axes = [0] : tensor<5xf32> -> tensor<f32>
    // expected-error @+1 {{'kerf.yield' op operand 0 is 'tensor<f32>' but should be 'tensor<5xf32>'}}
    kerf.yield %s : tensor<f32>
  }
  return %y : tensor<5xf32>
}

// -----

func.func @terminator_c2(%p: tensor<i1>) {
  // expected-error @+1 {{'kerf.cond' op both regions must end in kerf.yield}}
  "kerf.cond"(%p) ({
    kerf.yield
  }, {
    llvm.unreachable
  }) : (tensor<i1>) -> ()
  return
}

// -----

func.func @operands(%p: tensor<i1>, %x: tensor<f32>, %z: tensor<f32>) -> tensor<f32> {
  %y = kerf.cond %p then(%a = %x : tensor<f32>) {
    kerf.yield %a : tensor<f32>
  // expected-error @+1 {{both regions must have the same operands}}
  } else(%a = %z : tensor<f32>) {
    kerf.yield %a : tensor<f32>
  }
  return %y : tensor<f32>
}

// -----

func.func @isolated(%p: tensor<i1>, %x: tensor<f32>, %z: tensor<f32>) -> tensor<f32> {
  %y = kerf.cond %p then(%a = %x : tensor<f32>) {
    // expected-error @+1 {{use of undeclared SSA value name}}
    %n = kerf.mul %a, %z : tensor<f32>
    kerf.yield %n : tensor<f32>
  } else(%a = %x : tensor<f32>) {
    kerf.yield %a : tensor<f32>
  }
  return %y : tensor<f32>
}
