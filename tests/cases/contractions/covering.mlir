// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second --function one_output %s
// RUN: kerf-run --gradient --second --function of_one_channel %s
// RUN: env KERF_PRINT=fuse kerf-run --compiled %s 2>&1 | FileCheck %s

// A kernel that covers its image: a matmul, whatever the stride. As a convolution the last one met each of its taps at every pixel,
// in the oracle too, which took hours.
// CHECK-COUNT-10: kerf_schedule.kernel "gemm
//      CHECK-NOT: kerf_schedule.kernel

func.func @one_output(%x: tensor<3x2x5x4xf32>, %w: tensor<7x2x5x4xf32>, %y: tensor<3x7x1x1xf32>)
    -> (tensor<3x7x1x1xf32>, tensor<3x2x5x4xf32>, tensor<7x2x5x4xf32>) {
  %a = kerf.conv %x, %w, stride = [3, 1], padding = [0, 0] : tensor<3x2x5x4xf32>, tensor<7x2x5x4xf32> -> tensor<3x7x1x1xf32>
  %b = kerf.conv_transpose %y, %w, stride = [3, 1], padding = [0, 0] : tensor<3x7x1x1xf32>, tensor<7x2x5x4xf32> -> tensor<3x2x5x4xf32>
  %c = kerf.conv_filter %x, %y, stride = [3, 1], padding = [0, 0] : tensor<3x2x5x4xf32>, tensor<3x7x1x1xf32> -> tensor<7x2x5x4xf32>
  return %a, %b, %c : tensor<3x7x1x1xf32>, tensor<3x2x5x4xf32>, tensor<7x2x5x4xf32>
}

// One output channel, and one image: vectors.
func.func @of_one_channel(%x: tensor<3x2x4x4xf32>, %w: tensor<1x2x4x4xf32>, %y: tensor<3x1x1x1xf32>)
    -> (tensor<3x1x1x1xf32>, tensor<3x2x4x4xf32>, tensor<1x2x4x4xf32>) {
  %a = kerf.conv %x, %w, stride = [1, 1], padding = [0, 0] : tensor<3x2x4x4xf32>, tensor<1x2x4x4xf32> -> tensor<3x1x1x1xf32>
  %b = kerf.conv_transpose %y, %w, stride = [1, 1], padding = [0, 0] : tensor<3x1x1x1xf32>, tensor<1x2x4x4xf32> -> tensor<3x2x4x4xf32>
  %c = kerf.conv_filter %x, %y, stride = [1, 1], padding = [0, 0] : tensor<3x2x4x4xf32>, tensor<3x1x1x1xf32> -> tensor<1x2x4x4xf32>
  return %a, %b, %c : tensor<3x1x1x1xf32>, tensor<3x2x4x4xf32>, tensor<1x2x4x4xf32>
}

func.func @double_of_one_image(%x: tensor<1x2x4x4xf64>, %w: tensor<3x2x4x4xf64>, %y: tensor<1x3x1x1xf64>)
    -> (tensor<1x3x1x1xf64>, tensor<1x2x4x4xf64>, tensor<3x2x4x4xf64>) {
  %a = kerf.conv %x, %w, stride = [1, 1], padding = [0, 0] : tensor<1x2x4x4xf64>, tensor<3x2x4x4xf64> -> tensor<1x3x1x1xf64>
  %b = kerf.conv_transpose %y, %w, stride = [1, 1], padding = [0, 0] : tensor<1x3x1x1xf64>, tensor<3x2x4x4xf64> -> tensor<1x2x4x4xf64>
  %c = kerf.conv_filter %x, %y, stride = [1, 1], padding = [0, 0] : tensor<1x2x4x4xf64>, tensor<1x3x1x1xf64> -> tensor<3x2x4x4xf64>
  return %a, %b, %c : tensor<1x3x1x1xf64>, tensor<1x2x4x4xf64>, tensor<3x2x4x4xf64>
}

func.func @wide(%y: tensor<2x7x1x1xf32>, %w: tensor<7x3x5x65536xf32>) -> tensor<2x3x5x65536xf32> {
  %x = kerf.conv_transpose %y, %w, stride = [1, 1], padding = [0, 0] : tensor<2x7x1x1xf32>, tensor<7x3x5x65536xf32> -> tensor<2x3x5x65536xf32>
  return %x : tensor<2x3x5x65536xf32>
}
