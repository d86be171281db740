// Slices at places that are known when a model runs, and what is written there: views, where nobody needs what was there.
// RUN: kerf-run --compare %s
// RUN: env KERF_PRINT=buffers kerf-run --compare %s 2>&1 | FileCheck %s

// A row of a cache, which is state: nothing else is moved.
// CHECK-LABEL: func.func @cache
//   CHECK-NOT:   memref.alloc
//       CHECK:   %[[ROW:.*]] = memref.subview %arg0[%{{.*}}, 0] [1, 32] [1, 1]
//       CHECK:   ins(%arg1 : memref<1x32xf32>) outs(%[[ROW]] :
//   CHECK-NOT:   linalg.generic
//       CHECK:   return
func.func @cache(%c: tensor<64x32xf32> {kerf.role = "cache", kerf.name = "c"}, %row: tensor<1x32xf32> {kerf.name = "row"},
                 %i: tensor<i64> {kerf.name = "i"})
    -> (tensor<64x32xf32> {kerf.role = "cache", kerf.name = "c"}) attributes {kerf.entry} {
  %y = kerf.update_at %c, %i, %row, axis = 0 : tensor<64x32xf32>, tensor<1x32xf32>
  return %y : tensor<64x32xf32>
}

// A loop that carries one: an iteration writes a row.
// CHECK-LABEL: func.func @filled
//       CHECK:   scf.for
//   CHECK-NOT:     memref<7x32xf32>) outs
//       CHECK:     memref.subview %{{.*}}[%{{.*}}, 0] [1, 32] [1, 1]
//   CHECK-NOT:     memref<7x32xf32>) outs
//       CHECK:   return
func.func @filled(%c: tensor<7x32xf32>, %row: tensor<1x32xf32>, %from: tensor<i64>) -> tensor<7x32xf32> attributes {kerf.no_gradient} {
  %y = kerf.scan count = 5 index %i carried(%k = %c : tensor<7x32xf32>)
      captures(%r = %row : tensor<1x32xf32>, %o = %from : tensor<i64>) {
    %at = kerf.add %i, %o : tensor<i64>
    %last = kerf.slice_at %k, %at, axis = 0 : tensor<7x32xf32> -> tensor<1x32xf32>
    %u = kerf.add %r, %last : tensor<1x32xf32>
    %n = kerf.update_at %k, %at, %u, axis = 0 : tensor<7x32xf32>, tensor<1x32xf32>
    kerf.yield %n : tensor<7x32xf32>
  }
  return %y : tensor<7x32xf32>
}

// What was there is needed beside what comes: it is not overwritten.
func.func @both(%x: tensor<5x4xf32>, %u: tensor<5x2xf32>, %i: tensor<i64>) -> (tensor<5x4xf32>, tensor<5x4xf32>, tensor<5x2xf32>) {
  %y = kerf.mul %x, %x : tensor<5x4xf32>
  %old = kerf.slice_at %y, %i, axis = 1 : tensor<5x4xf32> -> tensor<5x2xf32>
  %z = kerf.update_at %y, %i, %u, axis = 1 : tensor<5x4xf32>, tensor<5x2xf32>
  return %y, %z, %old : tensor<5x4xf32>, tensor<5x4xf32>, tensor<5x2xf32>
}

// A window is moved within one tensor, over itself.
func.func @moved(%c: tensor<9x3xf32> {kerf.role = "moved", kerf.name = "c"}, %i: tensor<i64> {kerf.name = "i"}, %j: tensor<i64> {kerf.name = "j"})
    -> (tensor<9x3xf32> {kerf.role = "moved", kerf.name = "c"}) attributes {kerf.entry} {
  %w = kerf.slice_at %c, %i, axis = 0 : tensor<9x3xf32> -> tensor<5x3xf32>
  %y = kerf.update_at %c, %j, %w, axis = 0 : tensor<9x3xf32>, tensor<5x3xf32>
  return %y : tensor<9x3xf32>
}

// Two windows of one tensor, as operands of kernels: compact, wherever they begin.
func.func @windows(%x: tensor<9x8xf32>, %i: tensor<i64>, %j: tensor<i64>) -> (tensor<4x4xf32>, tensor<4xi64>) {
  %a = kerf.slice_at %x, %i, axis = 0 : tensor<9x8xf32> -> tensor<4x8xf32>
  %b = kerf.slice_at %x, %j, axis = 1 : tensor<9x8xf32> -> tensor<9x4xf32>
  %c = kerf.slice_at %b, %j, axis = 0 : tensor<9x4xf32> -> tensor<8x4xf32>
  %p = kerf.contract %a, %c, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<4x8xf32>, tensor<8x4xf32> -> tensor<4x4xf32>
  %k = kerf.argmin %a, axis = 1 : tensor<4x8xf32> -> tensor<4xi64>
  return %p, %k : tensor<4x4xf32>, tensor<4xi64>
}
