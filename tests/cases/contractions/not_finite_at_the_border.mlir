// RUN: kerf-run --compare %s
// RUN: kerf-run --compiled %s | FileCheck %s

// A convolution reads zeros outside of the image, and zero times NaN or infinity is NaN: in the
// oracle, in the kernels and in those without a register tile.

//      CHECK: @nan_in_a_corner_of_the_filter
// CHECK-NEXT: nan nan nan nan

func.func @nan_in_a_corner_of_the_filter(%x: tensor<1x1x2x2xf32> {kerf.range = [1.0, 1.0]}, %s: tensor<1x1x3x3xf32>) -> tensor<1x1x2x2xf32> {
  %minus = arith.constant dense<-1.0> : tensor<1x1x3x3xf32>
  %zero = arith.constant dense<0.0> : tensor<1x1x3x3xf32>
  %nan = kerf.log %minus : tensor<1x1x3x3xf32>
  %corner = arith.constant dense<[[[[true, false, false], [false, false, false], [false, false, false]]]]> : tensor<1x1x3x3xi1>
  %w = kerf.select %corner, %nan, %zero : tensor<1x1x3x3xi1>, tensor<1x1x3x3xf32>
  %y = kerf.conv %x, %w, stride = [1, 1], padding = [1, 1] : tensor<1x1x2x2xf32>, tensor<1x1x3x3xf32> -> tensor<1x1x2x2xf32>
  return %y : tensor<1x1x2x2xf32>
}
