// Which loops become one, and which do not. Values are compared with the oracle as well.
// RUN: kerf-run --compare %s
// RUN: env KERF_PRINT=fuse kerf-run --compiled %s 2>&1 | FileCheck %s

// CHECK-LABEL: func.func @chain_is_one_loop
//       CHECK:   linalg.generic
//   CHECK-NOT:   linalg.generic
//       CHECK:   return
func.func @chain_is_one_loop(%x: tensor<7x9xf32> {kerf.name = "x"}, %b: tensor<9xf32> {kerf.name = "b"})
    -> (tensor<7x9xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %zero = arith.constant dense<0.0> : tensor<7x9xf32>
  %bb = kerf.broadcast %b, dims = [1] : tensor<9xf32> -> tensor<7x9xf32>
  %z = kerf.add %x, %bb : tensor<7x9xf32>
  %y = kerf.maximum %z, %zero : tensor<7x9xf32>
  return %y : tensor<7x9xf32>
}

// A mask is one comparison: it is made again where it is used, and is no tensor.
// CHECK-LABEL: func.func @masks_are_no_tensors
//   CHECK-NOT:   tensor.empty() : tensor<65xi1>
//       CHECK:   return
func.func @masks_are_no_tensors(%x: tensor<65xf32> {kerf.name = "x"}, %g: tensor<65xf32> {kerf.name = "g"},
                                %h: tensor<65xf32> {kerf.name = "h"})
    -> (tensor<65xf32> {kerf.name = "y"}, tensor<f32> {kerf.name = "s"}) attributes {kerf.entry} {
  %zero = arith.constant dense<0.0> : tensor<65xf32>
  %m = kerf.compare %x, %zero, predicate = "gt" : tensor<65xf32> -> tensor<65xi1>
  %y = kerf.select %m, %g, %zero : tensor<65xi1>, tensor<65xf32>
  %z = kerf.select %m, %h, %g : tensor<65xi1>, tensor<65xf32>
  %e = kerf.exp %z : tensor<65xf32>
  %s = kerf.sum %e, axes = [0] : tensor<65xf32> -> tensor<f32>
  return %y, %s : tensor<65xf32>, tensor<f32>
}

// The producer goes into the reduction, so that the squares are never written down.
// CHECK-LABEL: func.func @into_a_reduction
//       CHECK:   linalg.fill
//       CHECK:   linalg.generic {{.*}}iterator_types = ["parallel", "reduction"]
//       CHECK:     arith.mulf
//       CHECK:     arith.addf
//   CHECK-NOT:   linalg.generic
//       CHECK:   return
func.func @into_a_reduction(%x: tensor<5x33xf32> {kerf.name = "x"})
    -> (tensor<5xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %z = kerf.mul %x, %x : tensor<5x33xf32>
  %y = kerf.sum %z, axes = [1] : tensor<5x33xf32> -> tensor<5xf32>
  return %y : tensor<5xf32>
}

// A reduction is computed once, whoever reads it and however often.
// CHECK-LABEL: func.func @a_reduction_is_not_repeated
//       CHECK:   iterator_types = ["parallel", "reduction"]
//   CHECK-NOT:   "reduction"
//       CHECK:   return
func.func @a_reduction_is_not_repeated(%x: tensor<5x33xf32> {kerf.name = "x"})
    -> (tensor<5x33xf32> {kerf.name = "y"}, tensor<5x33xf32> {kerf.name = "z"}) attributes {kerf.entry} {
  %s = kerf.sum %x, axes = [1] : tensor<5x33xf32> -> tensor<5xf32>
  %b = kerf.broadcast %s, dims = [0] : tensor<5xf32> -> tensor<5x33xf32>
  %y = kerf.sub %x, %b : tensor<5x33xf32>
  %e = kerf.exp %b : tensor<5x33xf32>
  %z = kerf.mul %x, %e : tensor<5x33xf32>
  return %y, %z : tensor<5x33xf32>, tensor<5x33xf32>
}

// A costly producer of a smaller tensor stays: in the consumer it would run 7 times as often.
// CHECK-LABEL: func.func @a_costly_row_is_not_repeated
//       CHECK:   linalg.generic
//       CHECK:     math.exp
//       CHECK:   linalg.generic
//   CHECK-NOT:     math.exp
//       CHECK:   return
func.func @a_costly_row_is_not_repeated(%x: tensor<7x9xf32> {kerf.name = "x"}, %r: tensor<9xf32> {kerf.name = "r"})
    -> (tensor<7x9xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %e = kerf.exp %r : tensor<9xf32>
  %b = kerf.broadcast %e, dims = [1] : tensor<9xf32> -> tensor<7x9xf32>
  %y = kerf.mul %x, %b : tensor<7x9xf32>
  return %y : tensor<7x9xf32>
}

// Moments and weights of an optimizer are one sweep with three results.
// CHECK-LABEL: func.func @one_sweep
//       CHECK:   linalg.generic
//       CHECK:   -> (tensor<65xf32>, tensor<65xf32>, tensor<65xf32>)
//   CHECK-NOT:   linalg.generic
//       CHECK:   return
func.func @one_sweep(%w: tensor<65xf32> {kerf.role = "params", kerf.name = "w"},
                     %m: tensor<65xf32> {kerf.role = "m", kerf.name = "w"},
                     %v: tensor<65xf32> {kerf.role = "v", kerf.name = "w", kerf.range = [0.0, 1.0]},
                     %g: tensor<65xf32> {kerf.name = "g"})
    -> (tensor<65xf32> {kerf.role = "params", kerf.name = "w"}, tensor<65xf32> {kerf.role = "m", kerf.name = "w"},
        tensor<65xf32> {kerf.role = "v", kerf.name = "w"}) attributes {kerf.entry} {
  %b1 = arith.constant dense<0.9> : tensor<65xf32>
  %c1 = arith.constant dense<0.1> : tensor<65xf32>
  %b2 = arith.constant dense<0.999> : tensor<65xf32>
  %c2 = arith.constant dense<0.001> : tensor<65xf32>
  %eps = arith.constant dense<1.0e-3> : tensor<65xf32>
  %m0 = kerf.mul %b1, %m : tensor<65xf32>
  %m1 = kerf.mul %c1, %g : tensor<65xf32>
  %m2 = kerf.add %m0, %m1 : tensor<65xf32>
  %v0 = kerf.mul %b2, %v : tensor<65xf32>
  %g2 = kerf.mul %g, %g : tensor<65xf32>
  %v1 = kerf.mul %c2, %g2 : tensor<65xf32>
  %v2 = kerf.add %v0, %v1 : tensor<65xf32>
  %s = kerf.sqrt %v2 : tensor<65xf32>
  %d = kerf.add %s, %eps : tensor<65xf32>
  %u = kerf.div %m2, %d : tensor<65xf32>
  %n = kerf.sub %w, %u : tensor<65xf32>
  return %n, %m2, %v2 : tensor<65xf32>, tensor<65xf32>, tensor<65xf32>
}

// The second loop needs what a kernel makes of the first one's result: they cannot be one.
// CHECK-LABEL: func.func @a_kernel_stands_between
//       CHECK:   linalg.generic
//       CHECK:   kerf_schedule.kernel "gemm"
//       CHECK:   linalg.generic
//       CHECK:   return
func.func @a_kernel_stands_between(%x: tensor<5x5xf32> {kerf.name = "x"})
    -> (tensor<5x5xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %e = kerf.exp %x : tensor<5x5xf32>
  %c = kerf.contract %e, %x, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0]
      : tensor<5x5xf32>, tensor<5x5xf32> -> tensor<5x5xf32>
  %y = kerf.add %e, %c : tensor<5x5xf32>
  return %y : tensor<5x5xf32>
}

// What is read twice by what becomes one loop is computed once, in it: no residual doubles the loop's body.
// CHECK-LABEL: func.func @residuals_are_one_loop
//       CHECK:   linalg.generic
// CHECK-COUNT-3:   math.absf
//   CHECK-NOT:   math.absf
//   CHECK-NOT:   linalg.generic
//       CHECK:   return
func.func @residuals_are_one_loop(%x: tensor<65xf32> {kerf.name = "x"})
    -> (tensor<65xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %a = kerf.abs %x : tensor<65xf32>
  %u = kerf.add %x, %a : tensor<65xf32>
  %b = kerf.abs %u : tensor<65xf32>
  %v = kerf.mul %u, %b : tensor<65xf32>
  %c = kerf.abs %v : tensor<65xf32>
  %y = kerf.add %v, %c : tensor<65xf32>
  return %y : tensor<65xf32>
}

// Costly, but read by one consumer in the end: it is no tensor.
// CHECK-LABEL: func.func @what_reads_it_becomes_one
//       CHECK:   linalg.fill
//       CHECK:   linalg.generic {{.*}}iterator_types = ["reduction"]
//       CHECK:     arith.divf
//       CHECK:     math.log
//   CHECK-NOT:   linalg.generic
//       CHECK:   return
func.func @what_reads_it_becomes_one(%x: tensor<65xf32> {kerf.name = "x", kerf.range = [0.5, 2.0]}, %n: tensor<65xf32> {kerf.name = "n", kerf.range = [0.5, 2.0]})
    -> (tensor<f32> {kerf.name = "y"}) attributes {kerf.entry} {
  %p = kerf.div %x, %n : tensor<65xf32>
  %l = kerf.log %p : tensor<65xf32>
  %e = kerf.mul %p, %l : tensor<65xf32>
  %y = kerf.sum %e, axes = [0] : tensor<65xf32> -> tensor<f32>
  return %y : tensor<f32>
}

// Skip connections: whether a value is repeated or shares the loop, ten ops are one.
// CHECK-LABEL: func.func @skip_connections
//       CHECK:   linalg.generic
//   CHECK-NOT:   linalg.generic
//       CHECK:   return
func.func @skip_connections(%x: tensor<65xf32> {kerf.name = "x", kerf.range = [0.5, 1.0]})
    -> (tensor<65xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %a = kerf.add %x, %x : tensor<65xf32>
  %b = kerf.mul %a, %x : tensor<65xf32>
  %c = kerf.add %b, %a : tensor<65xf32>
  %d = kerf.mul %c, %x : tensor<65xf32>
  %e = kerf.add %d, %a : tensor<65xf32>
  %f = kerf.mul %e, %b : tensor<65xf32>
  %g = kerf.add %f, %c : tensor<65xf32>
  %h = kerf.mul %g, %d : tensor<65xf32>
  %i = kerf.add %h, %e : tensor<65xf32>
  %y = kerf.mul %i, %f : tensor<65xf32>
  return %y : tensor<65xf32>
}

// A mean is divided once per row, not once per element.
// CHECK-LABEL: func.func @a_mean_is_divided_once
//       CHECK:   iterator_types = ["parallel", "reduction"]
//       CHECK:   linalg.generic
//       CHECK:     arith.divf
//   CHECK-NOT:     arith.subf
//       CHECK:   linalg.generic
//       CHECK:     arith.subf
//       CHECK:   return
func.func @a_mean_is_divided_once(%x: tensor<65x330xf32> {kerf.name = "x"}, %n: tensor<65xf32> {kerf.name = "n", kerf.range = [1.0, 2.0]})
    -> (tensor<65x330xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %s = kerf.sum %x, axes = [1] : tensor<65x330xf32> -> tensor<65xf32>
  %m = kerf.div %s, %n : tensor<65xf32>
  %b = kerf.broadcast %m, dims = [0] : tensor<65xf32> -> tensor<65x330xf32>
  %y = kerf.sub %x, %b : tensor<65x330xf32>
  return %y : tensor<65x330xf32>
}
