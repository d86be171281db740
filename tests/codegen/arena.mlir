// Where temporaries lie.
// RUN: kerf-run --compare %s
// RUN: env KERF_PRINT=buffers kerf-run --compiled %s 2>&1 | FileCheck %s

// The sums keep the loops apart. Each temporary is read for the last time where the next is made.
// CHECK-LABEL: func.func @takes_over
//       CHECK:   memref.alloc() {{.*}}kerf.offset = 0 : i64} : memref<33x65xf32>
//       CHECK:   memref.alloc() {{.*}}kerf.offset = 0 : i64} : memref<33x65xf32>
//       CHECK:   return
func.func @takes_over(%x: tensor<33x65xf32> {kerf.name = "x"})
    -> (tensor<33xf32> {kerf.name = "a"}, tensor<33xf32> {kerf.name = "b"}) attributes {kerf.entry} {
  %y = kerf.exp %x : tensor<33x65xf32>
  %a = kerf.sum %y, axes = [1] : tensor<33x65xf32> -> tensor<33xf32>
  %r = kerf.broadcast %a, dims = [0] : tensor<33xf32> -> tensor<33x65xf32>
  %z = kerf.div %y, %r : tensor<33x65xf32>
  %e = kerf.tanh %z : tensor<33x65xf32>
  %s = kerf.sum %e, axes = [0] : tensor<33x65xf32> -> tensor<65xf32>
  %q = kerf.broadcast %s, dims = [1] : tensor<65xf32> -> tensor<33x65xf32>
  %f = kerf.mul %e, %q : tensor<33x65xf32>
  %b = kerf.sum %f, axes = [1] : tensor<33x65xf32> -> tensor<33xf32>
  return %a, %b : tensor<33xf32>, tensor<33xf32>
}

// Read at another index: the first must still be whole while the second is written.
// CHECK-LABEL: func.func @two_places
//   CHECK-DAG:   memref.alloc() {{.*}}kerf.offset = 0 : i64} : memref<16x16xf32>
//   CHECK-DAG:   memref.alloc() {{.*}}kerf.offset = 1024 : i64} : memref<16x16xf32>
//       CHECK:   return
func.func @two_places(%x: tensor<16x16xf32> {kerf.name = "x"}) -> (tensor<16xf32> {kerf.name = "y"})
    attributes {kerf.entry} {
  %e = kerf.exp %x : tensor<16x16xf32>
  %m = kerf.max %e, axes = [0] : tensor<16x16xf32> -> tensor<16xf32>
  %t = kerf.transpose %e, permutation = [1, 0] : tensor<16x16xf32> -> tensor<16x16xf32>
  %b = kerf.broadcast %m, dims = [1] : tensor<16xf32> -> tensor<16x16xf32>
  %d = kerf.div %t, %b : tensor<16x16xf32>
  %l = kerf.tanh %d : tensor<16x16xf32>
  %s = kerf.sum %l, axes = [1] : tensor<16x16xf32> -> tensor<16xf32>
  %c = kerf.broadcast %s, dims = [0] : tensor<16xf32> -> tensor<16x16xf32>
  %p = kerf.mul %l, %c : tensor<16x16xf32>
  %y = kerf.sum %p, axes = [1] : tensor<16x16xf32> -> tensor<16xf32>
  return %y : tensor<16xf32>
}

// What is made before a loop and read in it is whole until the loop ends; what an iteration makes
// shares the rest, whatever the count.
// CHECK-LABEL: func.func @few_iterations(
//       CHECK:   memref.alloc() {{.*}}kerf.offset = 0 : i64} : memref<33x65xf32>
//       CHECK:   scf.for
//       CHECK:     memref.alloc() {{.*}}kerf.offset = 8640 : i64} : memref<33x65xf32>
//       CHECK:     memref.alloc() {{.*}}kerf.offset = 25920 : i64} : memref<33xf32>
//       CHECK:     memref.alloc() {{.*}}kerf.offset = 17280 : i64} : memref<33x65xf32>
//       CHECK:     memref.alloc() {{.*}}kerf.offset = 25920 : i64} : memref<65xf32>
//   CHECK-NOT:   memref.alloc
//       CHECK:   return
func.func @few_iterations(%x: tensor<33x65xf32> {kerf.name = "x"}) -> (tensor<65xf32> {kerf.name = "y"})
    attributes {kerf.entry} {
  %e = kerf.tanh %x : tensor<33x65xf32>
  %m = kerf.max %e, axes = [0] : tensor<33x65xf32> -> tensor<65xf32>
  %y = kerf.scan count = 3 index %i carried(%v = %m : tensor<65xf32>) captures(%c = %e : tensor<33x65xf32>) {
    %r = kerf.broadcast %v, dims = [1] : tensor<65xf32> -> tensor<33x65xf32>
    %p = kerf.mul %c, %r : tensor<33x65xf32>
    %t = kerf.tanh %p : tensor<33x65xf32>
    %s = kerf.max %t, axes = [1] : tensor<33x65xf32> -> tensor<33xf32>
    %b = kerf.broadcast %s, dims = [0] : tensor<33xf32> -> tensor<33x65xf32>
    %q = kerf.mul %t, %b : tensor<33x65xf32>
    %u = kerf.tanh %q : tensor<33x65xf32>
    %w = kerf.max %u, axes = [0] : tensor<33x65xf32> -> tensor<65xf32>
    %wb = kerf.broadcast %w, dims = [1] : tensor<65xf32> -> tensor<33x65xf32>
    %ut = kerf.mul %u, %t : tensor<33x65xf32>
    %d = kerf.sub %ut, %wb : tensor<33x65xf32>
    %n = kerf.max %d, axes = [0] : tensor<33x65xf32> -> tensor<65xf32>
    kerf.yield %n : tensor<65xf32>
  }
  return %y : tensor<65xf32>
}

// CHECK-LABEL: func.func @many_iterations(
//       CHECK:   memref.alloc() {{.*}}kerf.offset = 0 : i64} : memref<33x65xf32>
//       CHECK:   scf.for
//       CHECK:     memref.alloc() {{.*}}kerf.offset = 8640 : i64} : memref<33x65xf32>
//       CHECK:     memref.alloc() {{.*}}kerf.offset = 25920 : i64} : memref<33xf32>
//       CHECK:     memref.alloc() {{.*}}kerf.offset = 17280 : i64} : memref<33x65xf32>
//       CHECK:     memref.alloc() {{.*}}kerf.offset = 25920 : i64} : memref<65xf32>
//   CHECK-NOT:   memref.alloc
//       CHECK:   return
func.func @many_iterations(%x: tensor<33x65xf32> {kerf.name = "x"}) -> (tensor<65xf32> {kerf.name = "y"})
    attributes {kerf.entry} {
  %e = kerf.tanh %x : tensor<33x65xf32>
  %m = kerf.max %e, axes = [0] : tensor<33x65xf32> -> tensor<65xf32>
  %y = kerf.scan count = 300 index %i carried(%v = %m : tensor<65xf32>) captures(%c = %e : tensor<33x65xf32>) {
    %r = kerf.broadcast %v, dims = [1] : tensor<65xf32> -> tensor<33x65xf32>
    %p = kerf.mul %c, %r : tensor<33x65xf32>
    %t = kerf.tanh %p : tensor<33x65xf32>
    %s = kerf.max %t, axes = [1] : tensor<33x65xf32> -> tensor<33xf32>
    %b = kerf.broadcast %s, dims = [0] : tensor<33xf32> -> tensor<33x65xf32>
    %q = kerf.mul %t, %b : tensor<33x65xf32>
    %u = kerf.tanh %q : tensor<33x65xf32>
    %w = kerf.max %u, axes = [0] : tensor<33x65xf32> -> tensor<65xf32>
    %wb = kerf.broadcast %w, dims = [1] : tensor<65xf32> -> tensor<33x65xf32>
    %ut = kerf.mul %u, %t : tensor<33x65xf32>
    %d = kerf.sub %ut, %wb : tensor<33x65xf32>
    %n = kerf.max %d, axes = [0] : tensor<33x65xf32> -> tensor<65xf32>
    kerf.yield %n : tensor<65xf32>
  }
  return %y : tensor<65xf32>
}
