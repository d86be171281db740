// A codebook of one code, and one row: an axis of extent 1 keeps its place among rows, codes and features.
// RUN: kerf-opt %s -kerf-fuse-vq | FileCheck %s
// RUN: kerf-run --compare %s

// CHECK-LABEL: @one_row
//       CHECK: kerf.vq %{{.*}}, %{{.*}}, metric = "l2" : tensor<1x3xf64>, tensor<1x3xf64> -> tensor<1xi64>
func.func @one_row(%e: tensor<1x1x3xf64>, %z: tensor<1x3xf64>) -> tensor<1xi64> {
  %0 = kerf.broadcast %z, dims = [0, 2] : tensor<1x3xf64> -> tensor<1x1x3xf64>
  %1 = kerf.sub %0, %e : tensor<1x1x3xf64>
  %2 = kerf.mul %1, %1 : tensor<1x1x3xf64>
  %3 = kerf.sum %2, axes = [2] : tensor<1x1x3xf64> -> tensor<1x1xf64>
  %4 = kerf.argmin %3, axis = 1 : tensor<1x1xf64> -> tensor<1xi64>
  return %4 : tensor<1xi64>
}

// CHECK-LABEL: @one_code
//       CHECK: kerf.vq %{{.*}}, %{{.*}}, metric = "l2" : tensor<5x3xf32>, tensor<1x3xf32> -> tensor<5xi64>
func.func @one_code(%e: tensor<1x3xf32>, %z: tensor<5x3xf32>) -> tensor<5xi64> {
  %0 = kerf.broadcast %z, dims = [0, 2] : tensor<5x3xf32> -> tensor<5x1x3xf32>
  %1 = kerf.broadcast %e, dims = [1, 2] : tensor<1x3xf32> -> tensor<5x1x3xf32>
  %2 = kerf.sub %0, %1 : tensor<5x1x3xf32>
  %3 = kerf.mul %2, %2 : tensor<5x1x3xf32>
  %4 = kerf.sum %3, axes = [2] : tensor<5x1x3xf32> -> tensor<5x1xf32>
  %5 = kerf.argmin %4, axis = 1 : tensor<5x1xf32> -> tensor<5xi64>
  return %5 : tensor<5xi64>
}

// One feature, and codes of two axes.
// CHECK-LABEL: @one_feature
//       CHECK: kerf.vq %{{.*}}, %{{.*}}, metric = "l2" : tensor<5x1xf32>, tensor<4x1xf32> -> tensor<5xi64>
func.func @one_feature(%e: tensor<4x1xf32>, %z: tensor<5x1xf32>) -> tensor<5xi64> {
  %0 = kerf.broadcast %z, dims = [0, 2] : tensor<5x1xf32> -> tensor<5x4x1xf32>
  %1 = kerf.broadcast %e, dims = [1, 2] : tensor<4x1xf32> -> tensor<5x4x1xf32>
  %2 = kerf.sub %0, %1 : tensor<5x4x1xf32>
  %3 = kerf.mul %2, %2 : tensor<5x4x1xf32>
  %4 = kerf.sum %3, axes = [2] : tensor<5x4x1xf32> -> tensor<5x4xf32>
  %5 = kerf.argmin %4, axis = 1 : tensor<5x4xf32> -> tensor<5xi64>
  return %5 : tensor<5xi64>
}
