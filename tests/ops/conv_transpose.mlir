// RUN: kerf-opt %s -split-input-file -verify-diagnostics | kerf-opt -split-input-file | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// Kept for a kernel.
// CHECK-LABEL: @same_3x3
//       CHECK: kerf.conv_transpose %{{.*}}, %{{.*}}, stride = [1, 1], padding = [1, 1] : tensor<2x5x8x8xf32>, tensor<5x3x3x3xf32> -> tensor<2x3x8x8xf32>
// LOWER-LABEL: @same_3x3
//       LOWER: kerf.conv_transpose
func.func @same_3x3(%y: tensor<2x5x8x8xf32>, %w: tensor<5x3x3x3xf32>) -> tensor<2x3x8x8xf32> {
  %r = kerf.conv_transpose %y, %w, stride = [1, 1], padding = [1, 1] : tensor<2x5x8x8xf32>, tensor<5x3x3x3xf32> -> tensor<2x3x8x8xf32>
  return %r : tensor<2x3x8x8xf32>
}

func.func @halves_4x4(%y: tensor<3x5x4x4xf32>, %w: tensor<5x1x4x4xf32>) -> tensor<3x1x8x8xf32> {
  %r = kerf.conv_transpose %y, %w, stride = [2, 2], padding = [1, 1] : tensor<3x5x4x4xf32>, tensor<5x1x4x4xf32> -> tensor<3x1x8x8xf32>
  return %r : tensor<3x1x8x8xf32>
}

func.func @one_by_one(%y: tensor<2x17x5x5xf32>, %w: tensor<17x7x1x1xf32>) -> tensor<2x7x5x5xf32> {
  %r = kerf.conv_transpose %y, %w, stride = [1, 1], padding = [0, 0] : tensor<2x17x5x5xf32>, tensor<17x7x1x1xf32> -> tensor<2x7x5x5xf32>
  return %r : tensor<2x7x5x5xf32>
}

func.func @no_padding(%y: tensor<1x3x5x7xf32>, %w: tensor<3x2x3x3xf32>) -> tensor<1x2x7x9xf32> {
  %r = kerf.conv_transpose %y, %w, stride = [1, 1], padding = [0, 0] : tensor<1x3x5x7xf32>, tensor<3x2x3x3xf32> -> tensor<1x2x7x9xf32>
  return %r : tensor<1x2x7x9xf32>
}

// The last rows and columns of the result get nothing: zero.
func.func @stride_3_leaves_a_rest(%y: tensor<2x3x4x5xf32>, %w: tensor<3x2x3x2xf32>) -> tensor<2x2x11x13xf32> {
  %r = kerf.conv_transpose %y, %w, stride = [3, 3], padding = [1, 1] : tensor<2x3x4x5xf32>, tensor<3x2x3x2xf32> -> tensor<2x2x11x13xf32>
  return %r : tensor<2x2x11x13xf32>
}

func.func @stride_and_padding_differ_by_axis(%y: tensor<1x2x7x4xf32>, %w: tensor<2x3x3x5xf32>) -> tensor<1x3x9x7xf32> {
  %r = kerf.conv_transpose %y, %w, stride = [1, 2], padding = [0, 2] : tensor<1x2x7x4xf32>, tensor<2x3x3x5xf32> -> tensor<1x3x9x7xf32>
  return %r : tensor<1x3x9x7xf32>
}

func.func @kernel_covers_the_image(%y: tensor<2x7x1x1xf32>, %w: tensor<7x3x5x4xf32>) -> tensor<2x3x5x4xf32> {
  %r = kerf.conv_transpose %y, %w, stride = [1, 1], padding = [0, 0] : tensor<2x7x1x1xf32>, tensor<7x3x5x4xf32> -> tensor<2x3x5x4xf32>
  return %r : tensor<2x3x5x4xf32>
}

// Some pixels of y belong to padding only.
func.func @padding_beyond_the_kernel(%y: tensor<1x2x8x6xf32>, %w: tensor<2x2x2x2xf32>) -> tensor<1x2x3x3xf32> {
  %r = kerf.conv_transpose %y, %w, stride = [1, 1], padding = [3, 2] : tensor<1x2x8x6xf32>, tensor<2x2x2x2xf32> -> tensor<1x2x3x3xf32>
  return %r : tensor<1x2x3x3xf32>
}

func.func @one_pixel(%y: tensor<1x1x1x1xf32>, %w: tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32> {
  %r = kerf.conv_transpose %y, %w, stride = [1, 1], padding = [0, 0] : tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32> -> tensor<1x1x1x1xf32>
  return %r : tensor<1x1x1x1xf32>
}

func.func @strides_skip_pixels(%y: tensor<1x3x3x4xf32>, %w: tensor<3x2x1x1xf32>) -> tensor<1x2x7x7xf32> {
  %r = kerf.conv_transpose %y, %w, stride = [3, 2], padding = [0, 0] : tensor<1x3x3x4xf32>, tensor<3x2x1x1xf32> -> tensor<1x2x7x7xf32>
  return %r : tensor<1x2x7x7xf32>
}

// A sum over no channels.
func.func @no_channels(%y: tensor<2x0x3x3xf32>, %w: tensor<0x3x3x3xf32>) -> tensor<2x3x5x5xf32> {
  %r = kerf.conv_transpose %y, %w, stride = [1, 1], padding = [0, 0] : tensor<2x0x3x3xf32>, tensor<0x3x3x3xf32> -> tensor<2x3x5x5xf32>
  return %r : tensor<2x3x5x5xf32>
}

func.func @one_past_a_tile(%y: tensor<1x7x17x17xf32>, %w: tensor<7x17x3x3xf32>) -> tensor<1x17x17x17xf32> {
  %r = kerf.conv_transpose %y, %w, stride = [1, 1], padding = [1, 1] : tensor<1x7x17x17xf32>, tensor<7x17x3x3xf32> -> tensor<1x17x17x17xf32>
  return %r : tensor<1x17x17x17xf32>
}

// -----

func.func @rank_of_y_c1(%y: tensor<5x3x3xf32>, %w: tensor<5x3x3x3xf32>) -> tensor<2x3x8x8xf32> {
  // expected-error @+1 {{'kerf.conv_transpose' op needs images of [N, C, H, W], got [5, 3, 3]}}
  %r = kerf.conv_transpose %y, %w, stride = [1, 1], padding = [0, 0] : tensor<5x3x3xf32>, tensor<5x3x3x3xf32> -> tensor<2x3x8x8xf32>
  return %r : tensor<2x3x8x8xf32>
}

// -----

func.func @rank_of_w_c1(%y: tensor<2x5x3x3xf32>, %w: tensor<5xf32>) -> tensor<2x3x8x8xf32> {
  // expected-error @+1 {{'kerf.conv_transpose' op needs a filter of [O, I, H, W], got [5]}}
  %r = kerf.conv_transpose %y, %w, stride = [1, 1], padding = [0, 0] : tensor<2x5x3x3xf32>, tensor<5xf32> -> tensor<2x3x8x8xf32>
  return %r : tensor<2x3x8x8xf32>
}

// -----

func.func @rank_of_x_c5(%y: tensor<2x5x3x3xf32>, %w: tensor<5x3x3x3xf32>) -> tensor<2x3x8xf32> {
  // expected-error @+1 {{'kerf.conv_transpose' op needs a result size of [H, W], got [8]}}
  %r = kerf.conv_transpose %y, %w, stride = [2, 2], padding = [0, 0] : tensor<2x5x3x3xf32>, tensor<5x3x3x3xf32> -> tensor<2x3x8xf32>
  return %r : tensor<2x3x8xf32>
}

// -----

func.func @stride_c2(%y: tensor<2x5x3x3xf32>, %w: tensor<5x3x3x3xf32>) -> tensor<2x3x8x8xf32> {
  // expected-error @+1 {{'kerf.conv_transpose' op needs two strides of at least 1, got [2, 0]}}
  %r = kerf.conv_transpose %y, %w, stride = [2, 0], padding = [0, 0] : tensor<2x5x3x3xf32>, tensor<5x3x3x3xf32> -> tensor<2x3x8x8xf32>
  return %r : tensor<2x3x8x8xf32>
}

// -----

func.func @padding_c2(%y: tensor<2x5x3x3xf32>, %w: tensor<5x3x3x3xf32>) -> tensor<2x3x8x8xf32> {
  // expected-error @+1 {{'kerf.conv_transpose' op needs two paddings of at least 0, got [0, 0, 0]}}
  %r = kerf.conv_transpose %y, %w, stride = [2, 2], padding = [0, 0, 0] : tensor<2x5x3x3xf32>, tensor<5x3x3x3xf32> -> tensor<2x3x8x8xf32>
  return %r : tensor<2x3x8x8xf32>
}

// -----

func.func @channels_c3(%y: tensor<2x5x3x3xf32>, %w: tensor<4x3x3x3xf32>) -> tensor<2x3x8x8xf32> {
  // expected-error @+1 {{'kerf.conv_transpose' op input has 5 channels, the filter expects 4, in [2, 5, 3, 3] * [4, 3, 3, 3]}}
  %r = kerf.conv_transpose %y, %w, stride = [2, 2], padding = [0, 0] : tensor<2x5x3x3xf32>, tensor<4x3x3x3xf32> -> tensor<2x3x8x8xf32>
  return %r : tensor<2x3x8x8xf32>
}

// -----

func.func @size_c4(%y: tensor<2x5x3x3xf32>, %w: tensor<5x3x3x3xf32>) -> tensor<2x3x9x8xf32> {
  // expected-error @+1 {{'kerf.conv_transpose' op a convolution of [9, 8] gives [4, 3], but the input is [3, 3]}}
  %r = kerf.conv_transpose %y, %w, stride = [2, 2], padding = [0, 0] : tensor<2x5x3x3xf32>, tensor<5x3x3x3xf32> -> tensor<2x3x9x8xf32>
  return %r : tensor<2x3x9x8xf32>
}

// -----

func.func @shape_c5(%y: tensor<2x5x3x3xf32>, %w: tensor<5x3x3x3xf32>) -> tensor<2x4x8x8xf32> {
  // expected-error @+1 {{'kerf.conv_transpose' op the result is [2, 4, 8, 8] but should be [2, 3, 8, 8]}}
  %r = kerf.conv_transpose %y, %w, stride = [2, 2], padding = [0, 0] : tensor<2x5x3x3xf32>, tensor<5x3x3x3xf32> -> tensor<2x4x8x8xf32>
  return %r : tensor<2x4x8x8xf32>
}
