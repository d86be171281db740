// Weights that a loop reads in every iteration are packed once, before it, and shared by all loops.
// RUN: kerf-run %s --function open --compare --rows 1 --rows 2 --rows 7
// RUN: kerf-run %s --function open_large --compare --rows 7
// RUN: env KERF_PRINT=buffers kerf-run --compare %s 2>&1 | FileCheck %s

// Three products with w, two of which want it in one layout.
// CHECK-LABEL: func.func @shared
//       CHECK:   %[[W:.*]] = memref.alloc() {{.*}} : memref<279xf32>
//       CHECK:   kerf_schedule.kernel "pack_columns"(%arg2 {{.*}}) outs(%[[W]] : {{.*}}) sizes = [1, 9, 16, 1, 1, 9]
//       CHECK:   scf.for
//       CHECK:     kerf_schedule.kernel "gemm_packed"(%{{.*}}, %[[W]] :
//       CHECK:   %[[T:.*]] = memref.alloc() {{.*}} : memref<384xf32>
//       CHECK:   kerf_schedule.kernel "pack_columns"(%arg2 {{.*}}) outs(%[[T]] : {{.*}}) sizes = [1, 16, 9, 1, 9, 1]
//       CHECK:   scf.for
//       CHECK:     kerf_schedule.kernel "gemm_packed"(%{{.*}}, %[[W]] :
//       CHECK:     kerf_schedule.kernel "gemm_packed"(%{{.*}}, %[[T]] :
//   CHECK-NOT:   kerf_schedule.kernel
//       CHECK:   return
func.func @shared(%x: tensor<5x7x16xf32> {kerf.name = "x"}, %h: tensor<7x9xf32> {kerf.name = "h"}, %w: tensor<16x9xf32> {kerf.name = "w"}) -> (tensor<5x7x9xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %a:2 = kerf.scan count = 5 index %i carried(%s = %h : tensor<7x9xf32>) inputs(%r = %x : tensor<5x7x16xf32>) captures(%m = %w : tensor<16x9xf32>) {
    %p = kerf.contract %s, %m, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<7x9xf32>, tensor<16x9xf32> -> tensor<7x16xf32>
    %q = kerf.add %p, %r : tensor<7x16xf32>
    %t = kerf.tanh %q : tensor<7x16xf32>
    %n = kerf.slice %t, offsets = [0, 2], limits = [7, 11], strides = [1, 1] : tensor<7x16xf32> -> tensor<7x9xf32>
    kerf.yield %n, %t : tensor<7x9xf32>, tensor<7x16xf32>
  }
  %b:2 = kerf.scan count = 5, reverse index %i carried(%s = %a#0 : tensor<7x9xf32>) inputs(%r = %a#1 : tensor<5x7x16xf32>) captures(%m = %w : tensor<16x9xf32>) {
    %p = kerf.contract %s, %m, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<7x9xf32>, tensor<16x9xf32> -> tensor<7x16xf32>
    %q = kerf.mul %p, %r : tensor<7x16xf32>
    %d = kerf.contract %q, %m, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<7x16xf32>, tensor<16x9xf32> -> tensor<7x9xf32>
    %n = kerf.tanh %d : tensor<7x9xf32>
    kerf.yield %n, %n : tensor<7x9xf32>, tensor<7x9xf32>
  }
  return %b#1 : tensor<5x7x9xf32>
}

// Narrow weights are widened as they are packed.
// CHECK-LABEL: func.func @narrow
//       CHECK:   kerf_schedule.kernel "pack_columns"(%arg1 : memref<8x8xbf16>) outs(%[[W:.*]] : memref<{{.*}}xf32>)
//       CHECK:   scf.for
//       CHECK:     kerf_schedule.kernel "gemm_packed"(%{{.*}}, %[[W]] :
//       CHECK:   return
func.func @narrow(%h: tensor<3x8xf32> {kerf.name = "h"}, %w: tensor<8x8xbf16> {kerf.name = "w"}) -> (tensor<3x8xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = kerf.scan count = 4 index %i carried(%s = %h : tensor<3x8xf32>) captures(%n = %w : tensor<8x8xbf16>) {
    %m = kerf.cast %n : tensor<8x8xbf16> -> tensor<8x8xf32>
    %p = kerf.contract %s, %m, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<3x8xf32>, tensor<8x8xf32> -> tensor<3x8xf32>
    %t = kerf.tanh %p : tensor<3x8xf32>
    kerf.yield %t : tensor<3x8xf32>
  }
  return %y : tensor<3x8xf32>
}

// What the loop makes of weights alone is made before it.
// CHECK-LABEL: func.func @made_in_the_loop
//       CHECK:   math.exp
//       CHECK:   kerf_schedule.kernel "pack_columns"
//       CHECK:   scf.for
//   CHECK-NOT:     math.exp
//       CHECK:     kerf_schedule.kernel "gemm_packed"
//       CHECK:   return
func.func @made_in_the_loop(%h: tensor<3x8xf32> {kerf.name = "h"}, %w: tensor<8x8xf32> {kerf.name = "w"}) -> (tensor<3x8xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = kerf.scan count = 4 index %i carried(%s = %h : tensor<3x8xf32>) captures(%n = %w : tensor<8x8xf32>) {
    %m = kerf.exp %n : tensor<8x8xf32>
    %p = kerf.contract %s, %m, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<3x8xf32>, tensor<8x8xf32> -> tensor<3x8xf32>
    %t = kerf.tanh %p : tensor<3x8xf32>
    kerf.yield %t : tensor<3x8xf32>
  }
  return %y : tensor<3x8xf32>
}

// Weights that the outer loop changes are packed in each of its iterations.
// CHECK-LABEL: func.func @inner_loop
//       CHECK:   scf.for
//       CHECK:     kerf_schedule.kernel "pack_columns"
//       CHECK:     scf.for
//       CHECK:       kerf_schedule.kernel "gemm_packed"
//       CHECK:   return
func.func @inner_loop(%h: tensor<8x8xf32> {kerf.name = "h"}, %w: tensor<8x8xf32> {kerf.name = "w"}) -> (tensor<8x8xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = kerf.scan count = 2 index %j carried(%v = %w : tensor<8x8xf32>) captures(%g = %h : tensor<8x8xf32>) {
    %z = kerf.scan count = 3 index %i carried(%s = %g : tensor<8x8xf32>) captures(%m = %v : tensor<8x8xf32>) {
      %p = kerf.contract %s, %m, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<8x8xf32>, tensor<8x8xf32> -> tensor<8x8xf32>
      %t = kerf.tanh %p : tensor<8x8xf32>
      kerf.yield %t : tensor<8x8xf32>
    }
    kerf.yield %z : tensor<8x8xf32>
  }
  return %y : tensor<8x8xf32>
}

// A branch in a loop runs often, one alone runs once: there nothing is packed before.
// CHECK-LABEL: func.func @branch
//       CHECK:   kerf_schedule.kernel "pack_columns"(%arg2
//       CHECK:   scf.for
//       CHECK:     scf.for
//       CHECK:       kerf_schedule.kernel "gemm_packed"
//       CHECK:   scf.for
//   CHECK-NOT:   kerf_schedule.kernel "pack_columns"
//       CHECK:     kerf_schedule.kernel "gemm"(
//       CHECK:   return
func.func @branch(%c: tensor<4xi1> {kerf.name = "c"}, %h: tensor<3x8xf32> {kerf.name = "h"}, %w: tensor<8x8xf32> {kerf.name = "w"}) -> (tensor<3x8xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %true = arith.constant dense<true> : tensor<i1>
  %last:2 = kerf.scan count = 4 index %i carried(%s = %h : tensor<3x8xf32>, %f = %true : tensor<i1>) inputs(%q = %c : tensor<4xi1>) captures(%m = %w : tensor<8x8xf32>) {
    %n = kerf.cond %q then(%a = %s : tensor<3x8xf32>, %b = %m : tensor<8x8xf32>) {
      %p = kerf.contract %a, %b, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<3x8xf32>, tensor<8x8xf32> -> tensor<3x8xf32>
      kerf.yield %p : tensor<3x8xf32>
    } else(%a = %s : tensor<3x8xf32>, %b = %m : tensor<8x8xf32>) {
      %t = kerf.tanh %a : tensor<3x8xf32>
      kerf.yield %t : tensor<3x8xf32>
    }
    kerf.yield %n, %q : tensor<3x8xf32>, tensor<i1>
  }
  %y = kerf.cond %last#1 then(%a = %last#0 : tensor<3x8xf32>, %b = %w : tensor<8x8xf32>) {
    %p = kerf.contract %a, %b, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<3x8xf32>, tensor<8x8xf32> -> tensor<3x8xf32>
    kerf.yield %p : tensor<3x8xf32>
  } else(%a = %last#0 : tensor<3x8xf32>, %b = %w : tensor<8x8xf32>) {
    %t = kerf.tanh %a : tensor<3x8xf32>
    kerf.yield %t : tensor<3x8xf32>
  }
  return %y : tensor<3x8xf32>
}

// Columns that are another matrix in every iteration; numbers that no register tile takes; a matrix
// of more than 16 MiB.
// CHECK-LABEL: func.func @changes
//   CHECK-NOT:   pack_columns
//       CHECK:   return
func.func @changes(%h: tensor<8x8xf32> {kerf.name = "h"}, %w: tensor<4x8x8xf32> {kerf.name = "w"}) -> (tensor<8x8xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = kerf.scan count = 4 index %i carried(%s = %h : tensor<8x8xf32>) inputs(%m = %w : tensor<4x8x8xf32>) {
    %p = kerf.contract %s, %m, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<8x8xf32>, tensor<8x8xf32> -> tensor<8x8xf32>
    %t = kerf.tanh %p : tensor<8x8xf32>
    kerf.yield %t : tensor<8x8xf32>
  }
  return %y : tensor<8x8xf32>
}
// CHECK-LABEL: func.func @doubles
//   CHECK-NOT:   pack_columns
//       CHECK:   return
func.func @doubles(%h: tensor<3x8xf64> {kerf.name = "h"}, %w: tensor<8x8xf64> {kerf.name = "w"}) -> (tensor<3x8xf64> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = kerf.scan count = 4 index %i carried(%s = %h : tensor<3x8xf64>) captures(%m = %w : tensor<8x8xf64>) {
    %p = kerf.contract %s, %m, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<3x8xf64>, tensor<8x8xf64> -> tensor<3x8xf64>
    %t = kerf.tanh %p : tensor<3x8xf64>
    kerf.yield %t : tensor<3x8xf64>
  }
  return %y : tensor<3x8xf64>
}
// CHECK-LABEL: func.func @large
//   CHECK-NOT:   pack_columns
//       CHECK:   return
func.func @large(%h: tensor<2x2050xf32> {kerf.name = "h"}, %w: tensor<2050x2050xf32> {kerf.name = "w"}) -> (tensor<2x2050xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = kerf.scan count = 2 index %i carried(%s = %h : tensor<2x2050xf32>) captures(%m = %w : tensor<2050x2050xf32>) {
    %p = kerf.contract %s, %m, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<2x2050xf32>, tensor<2050x2050xf32> -> tensor<2x2050xf32>
    %t = kerf.tanh %p : tensor<2x2050xf32>
    kerf.yield %t : tensor<2x2050xf32>
  }
  return %y : tensor<2x2050xf32>
}

// Of an open entry the rows may be the columns, or what is summed over: a call packs its own.
// CHECK-LABEL: func.func @open
//       CHECK:   pack_columns{{.*}} memref<184xf32>
//       CHECK:   pack_columns{{.*}} memref<184xf32>
//       CHECK:   scf.for
//       CHECK:     gemm_packed
//       CHECK:     gemm_packed
func.func @open(%q: tensor<3x8xf32> {kerf.name = "q"}, %k: tensor<8x8xf32> {kerf.name = "k"}) -> (tensor<3x8xf32> {kerf.name = "y"}) attributes {kerf.entry, kerf.open = "B", kerf.rows = 8 : i64} {
  %y = kerf.scan count = 3 index %i carried(%s = %q : tensor<3x8xf32>) captures(%m = %k : tensor<8x8xf32>) {
    %p = kerf.contract %s, %m, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<3x8xf32>, tensor<8x8xf32> -> tensor<3x8xf32>
    %t = kerf.tanh %p : tensor<3x8xf32>
    %n = kerf.contract %t, %m, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<3x8xf32>, tensor<8x8xf32> -> tensor<3x8xf32>
    kerf.yield %n : tensor<3x8xf32>
  }
  return %y : tensor<3x8xf32>
}
func.func @"open.7"(%q: tensor<3x8xf32> {kerf.name = "q"}, %k: tensor<7x8xf32> {kerf.name = "k"}) -> (tensor<3x8xf32> {kerf.name = "y"}) attributes {kerf.entry, kerf.open = "B", kerf.rows = 7 : i64, kerf.companion_of = "open"} {
  %y = kerf.scan count = 3 index %i carried(%s = %q : tensor<3x8xf32>) captures(%m = %k : tensor<7x8xf32>) {
    %p = kerf.contract %s, %m, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<3x8xf32>, tensor<7x8xf32> -> tensor<3x7xf32>
    %t = kerf.tanh %p : tensor<3x7xf32>
    %n = kerf.contract %t, %m, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<3x7xf32>, tensor<7x8xf32> -> tensor<3x8xf32>
    kerf.yield %n : tensor<3x8xf32>
  }
  return %y : tensor<3x8xf32>
}
func.func @"open.5"(%q: tensor<3x8xf32> {kerf.name = "q"}, %k: tensor<5x8xf32> {kerf.name = "k"}) -> (tensor<3x8xf32> {kerf.name = "y"}) attributes {kerf.entry, kerf.open = "B", kerf.rows = 5 : i64, kerf.companion_of = "open"} {
  %y = kerf.scan count = 3 index %i carried(%s = %q : tensor<3x8xf32>) captures(%m = %k : tensor<5x8xf32>) {
    %p = kerf.contract %s, %m, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<3x8xf32>, tensor<5x8xf32> -> tensor<3x5xf32>
    %t = kerf.tanh %p : tensor<3x5xf32>
    %n = kerf.contract %t, %m, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<3x5xf32>, tensor<5x8xf32> -> tensor<3x8xf32>
    kerf.yield %n : tensor<3x8xf32>
  }
  return %y : tensor<3x8xf32>
}

// Of 8 rows one of the two would take more than 16 MiB, of 7 none: both do as for 8.
// CHECK-LABEL: func.func @open_large
//       CHECK:   pack_columns{{.*}} memref<1459320xf32>
//   CHECK-NOT:   pack_columns
//       CHECK:   kerf_schedule.kernel "gemm"(
//       CHECK:   kerf_schedule.kernel "gemm_packed"(
func.func @open_large(%q: tensor<1x182400xf32> {kerf.name = "q"}, %k: tensor<8x182400xf32> {kerf.name = "k"}) -> (tensor<1x182400xf32> {kerf.name = "y"}) attributes {kerf.entry, kerf.open = "B", kerf.rows = 8 : i64} {
  %y = kerf.scan count = 2 index %i carried(%s = %q : tensor<1x182400xf32>) captures(%m = %k : tensor<8x182400xf32>) {
    %p = kerf.contract %s, %m, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<1x182400xf32>, tensor<8x182400xf32> -> tensor<1x8xf32>
    %t = kerf.tanh %p : tensor<1x8xf32>
    %n = kerf.contract %t, %m, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<1x8xf32>, tensor<8x182400xf32> -> tensor<1x182400xf32>
    kerf.yield %n : tensor<1x182400xf32>
  }
  return %y : tensor<1x182400xf32>
}
func.func @"open_large.7"(%q: tensor<1x182400xf32> {kerf.name = "q"}, %k: tensor<7x182400xf32> {kerf.name = "k"}) -> (tensor<1x182400xf32> {kerf.name = "y"}) attributes {kerf.entry, kerf.open = "B", kerf.rows = 7 : i64, kerf.companion_of = "open_large"} {
  %y = kerf.scan count = 2 index %i carried(%s = %q : tensor<1x182400xf32>) captures(%m = %k : tensor<7x182400xf32>) {
    %p = kerf.contract %s, %m, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<1x182400xf32>, tensor<7x182400xf32> -> tensor<1x7xf32>
    %t = kerf.tanh %p : tensor<1x7xf32>
    %n = kerf.contract %t, %m, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<1x7xf32>, tensor<7x182400xf32> -> tensor<1x182400xf32>
    kerf.yield %n : tensor<1x182400xf32>
  }
  return %y : tensor<1x182400xf32>
}
func.func @"open_large.5"(%q: tensor<1x182400xf32> {kerf.name = "q"}, %k: tensor<5x182400xf32> {kerf.name = "k"}) -> (tensor<1x182400xf32> {kerf.name = "y"}) attributes {kerf.entry, kerf.open = "B", kerf.rows = 5 : i64, kerf.companion_of = "open_large"} {
  %y = kerf.scan count = 2 index %i carried(%s = %q : tensor<1x182400xf32>) captures(%m = %k : tensor<5x182400xf32>) {
    %p = kerf.contract %s, %m, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<1x182400xf32>, tensor<5x182400xf32> -> tensor<1x5xf32>
    %t = kerf.tanh %p : tensor<1x5xf32>
    %n = kerf.contract %t, %m, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<1x5xf32>, tensor<5x182400xf32> -> tensor<1x182400xf32>
    kerf.yield %n : tensor<1x182400xf32>
  }
  return %y : tensor<1x182400xf32>
}
