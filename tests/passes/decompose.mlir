// RUN: kerf-opt %s -kerf-decompose | FileCheck %s
// RUN: kerf-opt %s -kerf-decompose=families=vq | FileCheck %s
// RUN: kerf-opt %s -kerf-decompose=families=rows | FileCheck %s --check-prefix=OTHER
// RUN: kerf-run --match vq --tolerance 0 %s

// Every op of the family, at its place.
// CHECK-LABEL: @searches
//   CHECK-NOT: kerf.vq
//       CHECK: kerf.argmin
//   CHECK-NOT: kerf.vq
//       CHECK: kerf.argmin
//   CHECK-NOT: kerf.vq
//       CHECK: return
// OTHER-LABEL: @searches
//   OTHER-NOT: kerf.argmin
//       OTHER: kerf.vq %
//       OTHER: kerf.vq_sampled
//   OTHER-NOT: kerf.argmin
func.func @searches(%z: tensor<7x5xf32>, %e: tensor<9x5xf32>, %key: tensor<2xi32> {kerf.dtype = "uint32"}, %t: tensor<f32> {kerf.range = [0.5, 2.0]}) -> (tensor<7xi64>, tensor<7xi64>) {
  %offset = arith.constant dense<3> : tensor<i64>
  %nearest = kerf.vq %z, %e, metric = "l2" : tensor<7x5xf32>, tensor<9x5xf32> -> tensor<7xi64>
  %drawn = kerf.vq_sampled %z, %e, %key, %offset, %t, metric = "dot", least = 0.0 : tensor<7x5xf32>, tensor<9x5xf32>, tensor<f32> -> tensor<7xi64>
  return %nearest, %drawn : tensor<7xi64>, tensor<7xi64>
}

// Inside a loop too.
// CHECK-LABEL: @in_a_loop
//       CHECK: kerf.scan
//   CHECK-NOT: kerf.vq
//       CHECK: kerf.argmin
func.func @in_a_loop(%z: tensor<7x5xf32>, %e: tensor<9x5xf32>, %first: tensor<7xi64> {kerf.range = [0, 9]}) -> tensor<7xi64> {
  %codes = kerf.scan count = 2 index %i carried(%code = %first : tensor<7xi64>) captures(%rows = %z : tensor<7x5xf32>, %book = %e : tensor<9x5xf32>) {
    %y = kerf.vq %rows, %book, metric = "l2" : tensor<7x5xf32>, tensor<9x5xf32> -> tensor<7xi64>
    kerf.yield %y : tensor<7xi64>
  }
  return %codes : tensor<7xi64>
}
