// RUN: kerf-opt %s -split-input-file -verify-diagnostics
// RUN: kerf-run --compare %s

// A stride beyond the image takes no step. Its size is nothing that memory is needed for.
func.func @stride_beyond_the_image(%x: tensor<2x3x5x4xf32>, %w: tensor<2x3x2x3xf32>) -> tensor<2x2x1x1xf32> {
  %y = kerf.conv %x, %w, stride = [140737488355328, 35184372088832], padding = [1, 0] : tensor<2x3x5x4xf32>, tensor<2x3x2x3xf32> -> tensor<2x2x1x1xf32>
  return %y : tensor<2x2x1x1xf32>
}

// As large as the stride that they are all alike to, one more and one less.
func.func @strides_at_the_limit(%x: tensor<1x2x5x4xf32>, %w: tensor<3x2x6x3xf32>) -> (tensor<1x3x1x1xf32>, tensor<1x3x1x1xf32>) {
  %y = kerf.conv %x, %w, stride = [7, 5], padding = [1, 0] : tensor<1x2x5x4xf32>, tensor<3x2x6x3xf32> -> tensor<1x3x1x1xf32>
  %z = kerf.conv %x, %w, stride = [6, 3], padding = [1, 0] : tensor<1x2x5x4xf32>, tensor<3x2x6x3xf32> -> tensor<1x3x1x1xf32>
  return %y, %z : tensor<1x3x1x1xf32>, tensor<1x3x1x1xf32>
}

// -----

// Two pixels with 2^32 between them: the scratch of the kernel wrapped around to nothing.
func.func @padding_beyond_memory(%x: tensor<1x1x1x1xf32>, %w: tensor<1x1x1x1xf32>) -> tensor<1x1x2x2xf32> {
  // expected-error @+1 {{'kerf.conv' op padded, an image of [1, 1, 4294967297, 4294967297] has 1.8e19 elements of f32, 7.4e19 bytes, more than the 2^47 that a process can address}}
  %y = kerf.conv %x, %w, stride = [4294967296, 4294967296], padding = [2147483648, 2147483648] : tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32> -> tensor<1x1x2x2xf32>
  return %y : tensor<1x1x2x2xf32>
}

// -----

func.func @transposed(%y: tensor<1x1x2x2xf32>, %w: tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32> {
  // expected-error @+1 {{'kerf.conv_transpose' op padded, an image of [1, 1, 4294967297, 4294967297] has 1.8e19 elements}}
  %x = kerf.conv_transpose %y, %w, stride = [4294967296, 4294967296], padding = [2147483648, 2147483648] : tensor<1x1x2x2xf32>, tensor<1x1x1x1xf32> -> tensor<1x1x1x1xf32>
  return %x : tensor<1x1x1x1xf32>
}

// -----

func.func @filter(%x: tensor<1x1x1x1xf32>, %y: tensor<1x1x2x2xf32>) -> tensor<1x1x1x1xf32> {
  // expected-error @+1 {{'kerf.conv_filter' op padded, an image of [1, 1, 4294967297, 4294967297] has 1.8e19 elements}}
  %w = kerf.conv_filter %x, %y, stride = [4294967296, 4294967296], padding = [2147483648, 2147483648] : tensor<1x1x1x1xf32>, tensor<1x1x2x2xf32> -> tensor<1x1x1x1xf32>
  return %w : tensor<1x1x1x1xf32>
}
