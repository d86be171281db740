// RUN: kerf-opt %s -kerf-leave-attention | FileCheck %s

// There is no kernel of f64.
// CHECK-LABEL: @of_f64
//   CHECK-NOT: kerf.attention
//       CHECK: kerf.contract
//       CHECK: kerf.exp
//       CHECK: return
func.func @of_f64(%q: tensor<2x4x3xf64>, %k: tensor<2x5x3xf64>, %v: tensor<2x5x6xf64>) -> tensor<2x4x6xf64> {
  %o, %lse = kerf.attention %q, %k, %v scale = 1.0, empty = "nan" score {
  } mask {
  } : tensor<2x4x3xf64>, tensor<2x5x3xf64>, tensor<2x5x6xf64> -> tensor<2x4x6xf64>, tensor<2x4xf64>
  return %o : tensor<2x4x6xf64>
}

// CHECK-LABEL: @of_f32
//       CHECK: kerf.attention
func.func @of_f32(%q: tensor<2x4x3xf32>, %k: tensor<2x5x3xf32>, %v: tensor<2x5x6xf32>) -> tensor<2x4x6xf32> {
  %o, %lse = kerf.attention %q, %k, %v scale = 1.0, empty = "nan" score {
  } mask {
  } : tensor<2x4x3xf32>, tensor<2x5x3xf32>, tensor<2x5x6xf32> -> tensor<2x4x6xf32>, tensor<2x4xf32>
  return %o : tensor<2x4x6xf32>
}
