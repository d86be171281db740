// Rows of scans are read where they lie and made in their place; a branch makes its results in theirs.
// RUN: kerf-run --compare %s
// RUN: env KERF_PRINT=buffers kerf-run --compare %s 2>&1 | FileCheck %s
// RUN: env KERF_PRINT=loops kerf-run --compare %s 2>&1 | FileCheck %s --check-prefix=CODE

// The state is made in the place of its result; whatever an iteration touches of x and y is a row.
// CHECK-LABEL: func.func @recurrence
//       CHECK:   kerf_schedule.kernel "pack_columns"(%arg2 {{.*}} outs(%[[W:.*]] :
//       CHECK:   scf.for %[[I:.*]] =
//       CHECK:     %[[ROW:.*]] = memref.subview %arg0[%[[I]], 0] [1, 8] [1, 1]
//       CHECK:     memref.alloc() {{.*}} : memref<8xf32>
//       CHECK:     kerf_schedule.kernel "gemm_packed"(%arg3, %[[W]]
//       CHECK:     ins(%{{.*}}, %[[ROW]] : {{.*}} outs(%arg3 : memref<8xf32>)
//       CHECK:     %[[TO:.*]] = memref.subview %arg4[%[[I]], 0] [1, 8] [1, 1]
//       CHECK:     ins(%arg3 : memref<8xf32>) outs(%[[TO]] :
//   CHECK-NOT:     linalg.generic
//       CHECK:   return
func.func @recurrence(%x: tensor<64x8xf32> {kerf.name = "x"}, %h: tensor<8xf32> {kerf.name = "h"}, %w: tensor<8x8xf32> {kerf.name = "w"}) -> (tensor<8xf32> {kerf.name = "last"}, tensor<64x8xf32> {kerf.name = "y"})
    attributes {kerf.entry} {
  %y:2 = kerf.scan count = 64 index %i carried(%s = %h : tensor<8xf32>) inputs(%a = %x : tensor<64x8xf32>) captures(%m = %w : tensor<8x8xf32>) {
    %p = kerf.contract %m, %s, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<8x8xf32>, tensor<8xf32> -> tensor<8xf32>
    %q = kerf.add %p, %a : tensor<8xf32>
    %t = kerf.tanh %q : tensor<8xf32>
    kerf.yield %t, %t : tensor<8xf32>, tensor<8xf32>
  }
  return %y#0, %y#1 : tensor<8xf32>, tensor<64x8xf32>
}

// CODE-LABEL: func.func private @{{.*}}until
//       CODE:   scf.while
//       CODE:     llvm.load {{.*}} -> i8
//       CODE:     scf.condition
//       CODE:     scf.for
//       CODE:     scf.yield
// The rows are 0 first. An iteration is a loop that runs as often as the flag says, and writes it.
// CHECK-LABEL: func.func @until
//       CHECK:   %[[FLAG:.*]] = memref.alloc() {{.*}} : memref<i1>
//       CHECK:   outs(%arg3 : memref<64x8xf32>)
//       CHECK:   scf.for %[[I:.*]] =
//       CHECK:     %[[GO:.*]] = memref.load %[[FLAG]][]
//       CHECK:     %[[TIMES:.*]] = arith.index_castui %[[GO]]
//       CHECK:     scf.for %{{.*}} to %[[TIMES]]
//       CHECK:       memref.subview %arg0[%[[I]], 0]
//       CHECK:       outs(%arg2 : memref<8xf32>)
//       CHECK:       outs(%[[FLAG]] : memref<i1>)
//   CHECK-NOT:       memref<64x8xf32>) outs
//       CHECK:   return
func.func @until(%x: tensor<64x8xf32> {kerf.name = "x"}, %h: tensor<8xf32> {kerf.name = "h"}) -> (tensor<8xf32> {kerf.name = "last"}, tensor<64x8xf32> {kerf.name = "y"})
    attributes {kerf.entry} {
  %yes = arith.constant dense<true> : tensor<i1>
  %y:3 = kerf.scan count = 64, stops index %i carried(%go = %yes : tensor<i1>, %s = %h : tensor<8xf32>) inputs(%a = %x : tensor<64x8xf32>) {
    %ten = arith.constant dense<10.0> : tensor<f32>
    %q = kerf.add %s, %a : tensor<8xf32>
    %l = kerf.sum %q, axes = [0] : tensor<8xf32> -> tensor<f32>
    %g = kerf.compare %l, %ten, predicate = "lt" : tensor<f32> -> tensor<i1>
    kerf.yield %g, %q, %q : tensor<i1>, tensor<8xf32>, tensor<8xf32>
  }
  return %y#1, %y#2 : tensor<8xf32>, tensor<64x8xf32>
}

// CHECK-LABEL: func.func @branch
//   CHECK-NOT:   memref.alloc
//       CHECK:   scf.for
//       CHECK:     kerf_schedule.kernel "gemm"(%arg1, %arg2 {{.*}} outs(%arg3
//       CHECK:   scf.for
//       CHECK:     ins(%arg1 : memref<8x8xf32>) outs(%arg3
//       CHECK:   return
func.func @branch(%p: tensor<i1> {kerf.name = "p"}, %x: tensor<8x8xf32> {kerf.name = "x"}, %w: tensor<8x8xf32> {kerf.name = "w"}) -> (tensor<8x8xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = kerf.cond %p then(%a = %x : tensor<8x8xf32>, %b = %w : tensor<8x8xf32>) {
    %q = kerf.contract %a, %b, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<8x8xf32>, tensor<8x8xf32> -> tensor<8x8xf32>
    kerf.yield %q : tensor<8x8xf32>
  } else(%a = %x : tensor<8x8xf32>, %b = %w : tensor<8x8xf32>) {
    %e = kerf.exp %a : tensor<8x8xf32>
    kerf.yield %e : tensor<8x8xf32>
  }
  return %y : tensor<8x8xf32>
}

// A flag of each iteration's own ends nothing.
// CODE-LABEL: func.func private @{{.*}}some_rows
//   CODE-NOT:   scf.while
//       CODE:   return
func.func @some_rows(%p: tensor<5xi1> {kerf.name = "p"}, %x: tensor<5x8xf32> {kerf.name = "x"}, %h: tensor<8xf32> {kerf.name = "h"}) -> (tensor<8xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = kerf.scan count = 5 index %i carried(%s = %h : tensor<8xf32>) inputs(%q = %p : tensor<5xi1>, %a = %x : tensor<5x8xf32>) {
    %n = kerf.cond %q then(%t = %s : tensor<8xf32>, %b = %a : tensor<8xf32>) {
      %u = kerf.add %t, %b : tensor<8xf32>
      kerf.yield %u : tensor<8xf32>
    } else(%t = %s : tensor<8xf32>, %b = %a : tensor<8xf32>) {
      kerf.yield %t : tensor<8xf32>
    }
    kerf.yield %n : tensor<8xf32>
  }
  return %y : tensor<8xf32>
}
