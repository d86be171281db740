// RUN: kerf-opt %s -split-input-file -verify-diagnostics | kerf-opt -split-input-file | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// Kept for a kernel.
// CHECK-LABEL: @same_3x3
//       CHECK: kerf.conv_filter %{{.*}}, %{{.*}}, stride = [1, 1], padding = [1, 1] : tensor<2x3x8x8xf32>, tensor<2x5x8x8xf32> -> tensor<5x3x3x3xf32>
// LOWER-LABEL: @same_3x3
//       LOWER: kerf.conv_filter
func.func @same_3x3(%x: tensor<2x3x8x8xf32>, %y: tensor<2x5x8x8xf32>) -> tensor<5x3x3x3xf32> {
  %r = kerf.conv_filter %x, %y, stride = [1, 1], padding = [1, 1] : tensor<2x3x8x8xf32>, tensor<2x5x8x8xf32> -> tensor<5x3x3x3xf32>
  return %r : tensor<5x3x3x3xf32>
}

func.func @halves_4x4(%x: tensor<3x1x8x8xf32>, %y: tensor<3x5x4x4xf32>) -> tensor<5x1x4x4xf32> {
  %r = kerf.conv_filter %x, %y, stride = [2, 2], padding = [1, 1] : tensor<3x1x8x8xf32>, tensor<3x5x4x4xf32> -> tensor<5x1x4x4xf32>
  return %r : tensor<5x1x4x4xf32>
}

func.func @one_by_one(%x: tensor<2x7x5x5xf32>, %y: tensor<2x17x5x5xf32>) -> tensor<17x7x1x1xf32> {
  %r = kerf.conv_filter %x, %y, stride = [1, 1], padding = [0, 0] : tensor<2x7x5x5xf32>, tensor<2x17x5x5xf32> -> tensor<17x7x1x1xf32>
  return %r : tensor<17x7x1x1xf32>
}

func.func @no_padding(%x: tensor<1x2x7x9xf32>, %y: tensor<1x3x5x7xf32>) -> tensor<3x2x3x3xf32> {
  %r = kerf.conv_filter %x, %y, stride = [1, 1], padding = [0, 0] : tensor<1x2x7x9xf32>, tensor<1x3x5x7xf32> -> tensor<3x2x3x3xf32>
  return %r : tensor<3x2x3x3xf32>
}

// The last rows and columns of x meet no kernel position.
func.func @stride_3_leaves_a_rest(%x: tensor<2x2x11x13xf32>, %y: tensor<2x3x4x5xf32>) -> tensor<3x2x3x2xf32> {
  %r = kerf.conv_filter %x, %y, stride = [3, 3], padding = [1, 1] : tensor<2x2x11x13xf32>, tensor<2x3x4x5xf32> -> tensor<3x2x3x2xf32>
  return %r : tensor<3x2x3x2xf32>
}

func.func @stride_and_padding_differ_by_axis(%x: tensor<1x3x9x7xf32>, %y: tensor<1x2x7x4xf32>) -> tensor<2x3x3x5xf32> {
  %r = kerf.conv_filter %x, %y, stride = [1, 2], padding = [0, 2] : tensor<1x3x9x7xf32>, tensor<1x2x7x4xf32> -> tensor<2x3x3x5xf32>
  return %r : tensor<2x3x3x5xf32>
}

func.func @kernel_covers_the_image(%x: tensor<2x3x5x4xf32>, %y: tensor<2x7x1x1xf32>) -> tensor<7x3x5x4xf32> {
  %r = kerf.conv_filter %x, %y, stride = [1, 1], padding = [0, 0] : tensor<2x3x5x4xf32>, tensor<2x7x1x1xf32> -> tensor<7x3x5x4xf32>
  return %r : tensor<7x3x5x4xf32>
}

// Some pixels of y belong to padding only.
func.func @padding_beyond_the_kernel(%x: tensor<1x2x3x3xf32>, %y: tensor<1x2x8x6xf32>) -> tensor<2x2x2x2xf32> {
  %r = kerf.conv_filter %x, %y, stride = [1, 1], padding = [3, 2] : tensor<1x2x3x3xf32>, tensor<1x2x8x6xf32> -> tensor<2x2x2x2xf32>
  return %r : tensor<2x2x2x2xf32>
}

func.func @one_pixel(%x: tensor<1x1x1x1xf32>, %y: tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32> {
  %r = kerf.conv_filter %x, %y, stride = [1, 1], padding = [0, 0] : tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32> -> tensor<1x1x1x1xf32>
  return %r : tensor<1x1x1x1xf32>
}

func.func @strides_skip_pixels(%x: tensor<1x2x7x7xf32>, %y: tensor<1x3x3x4xf32>) -> tensor<3x2x1x1xf32> {
  %r = kerf.conv_filter %x, %y, stride = [3, 2], padding = [0, 0] : tensor<1x2x7x7xf32>, tensor<1x3x3x4xf32> -> tensor<3x2x1x1xf32>
  return %r : tensor<3x2x1x1xf32>
}

// A sum over no images.
func.func @no_images(%x: tensor<0x3x5x5xf32>, %y: tensor<0x2x3x3xf32>) -> tensor<2x3x3x3xf32> {
  %r = kerf.conv_filter %x, %y, stride = [1, 1], padding = [0, 0] : tensor<0x3x5x5xf32>, tensor<0x2x3x3xf32> -> tensor<2x3x3x3xf32>
  return %r : tensor<2x3x3x3xf32>
}

func.func @one_past_a_tile(%x: tensor<1x17x17x17xf32>, %y: tensor<1x7x17x17xf32>) -> tensor<7x17x3x3xf32> {
  %r = kerf.conv_filter %x, %y, stride = [1, 1], padding = [1, 1] : tensor<1x17x17x17xf32>, tensor<1x7x17x17xf32> -> tensor<7x17x3x3xf32>
  return %r : tensor<7x17x3x3xf32>
}

// -----

func.func @rank_of_x_c1(%x: tensor<3x8x8xf32>, %y: tensor<2x5x3x3xf32>) -> tensor<5x3x3x3xf32> {
  // expected-error @+1 {{'kerf.conv_filter' op needs images of [N, C, H, W], got [3, 8, 8]}}
  %r = kerf.conv_filter %x, %y, stride = [1, 1], padding = [0, 0] : tensor<3x8x8xf32>, tensor<2x5x3x3xf32> -> tensor<5x3x3x3xf32>
  return %r : tensor<5x3x3x3xf32>
}

// -----

func.func @rank_of_y_c1(%x: tensor<2x3x8x8xf32>, %y: tensor<5x3xf32>) -> tensor<5x3x3x3xf32> {
  // expected-error @+1 {{'kerf.conv_filter' op needs results of [N, O, H, W], got [5, 3]}}
  %r = kerf.conv_filter %x, %y, stride = [1, 1], padding = [0, 0] : tensor<2x3x8x8xf32>, tensor<5x3xf32> -> tensor<5x3x3x3xf32>
  return %r : tensor<5x3x3x3xf32>
}

// -----

func.func @rank_of_w_c5(%x: tensor<2x3x8x8xf32>, %y: tensor<2x5x3x3xf32>) -> tensor<5x3xf32> {
  // expected-error @+1 {{'kerf.conv_filter' op needs a kernel size of [H, W], got []}}
  %r = kerf.conv_filter %x, %y, stride = [2, 2], padding = [0, 0] : tensor<2x3x8x8xf32>, tensor<2x5x3x3xf32> -> tensor<5x3xf32>
  return %r : tensor<5x3xf32>
}

// -----

func.func @stride_c2(%x: tensor<2x3x8x8xf32>, %y: tensor<2x5x3x3xf32>) -> tensor<5x3x3x3xf32> {
  // expected-error @+1 {{'kerf.conv_filter' op needs two strides of at least 1, got [-1, 2]}}
  %r = kerf.conv_filter %x, %y, stride = [-1, 2], padding = [0, 0] : tensor<2x3x8x8xf32>, tensor<2x5x3x3xf32> -> tensor<5x3x3x3xf32>
  return %r : tensor<5x3x3x3xf32>
}

// -----

func.func @padding_c2(%x: tensor<2x3x8x8xf32>, %y: tensor<2x5x3x3xf32>) -> tensor<5x3x3x3xf32> {
  // expected-error @+1 {{'kerf.conv_filter' op needs two paddings of at least 0, got []}}
  %r = kerf.conv_filter %x, %y, stride = [2, 2], padding = [] : tensor<2x3x8x8xf32>, tensor<2x5x3x3xf32> -> tensor<5x3x3x3xf32>
  return %r : tensor<5x3x3x3xf32>
}

// -----

func.func @batch_c3(%x: tensor<2x3x8x8xf32>, %y: tensor<1x5x3x3xf32>) -> tensor<5x3x3x3xf32> {
  // expected-error @+1 {{'kerf.conv_filter' op batches differ: 2 vs 1 in [2, 3, 8, 8] and [1, 5, 3, 3]}}
  %r = kerf.conv_filter %x, %y, stride = [2, 2], padding = [0, 0] : tensor<2x3x8x8xf32>, tensor<1x5x3x3xf32> -> tensor<5x3x3x3xf32>
  return %r : tensor<5x3x3x3xf32>
}

// -----

func.func @size_c4(%x: tensor<2x3x8x8xf32>, %y: tensor<2x5x3x3xf32>) -> tensor<5x3x4x1xf32> {
  // expected-error @+1 {{'kerf.conv_filter' op a kernel of [4, 1] gives [3, 4], but the result is [3, 3]}}
  %r = kerf.conv_filter %x, %y, stride = [2, 2], padding = [0, 0] : tensor<2x3x8x8xf32>, tensor<2x5x3x3xf32> -> tensor<5x3x4x1xf32>
  return %r : tensor<5x3x4x1xf32>
}

// -----

func.func @shape_c5(%x: tensor<2x3x8x8xf32>, %y: tensor<2x5x3x3xf32>) -> tensor<3x5x3x3xf32> {
  // expected-error @+1 {{'kerf.conv_filter' op the result is [3, 5, 3, 3] but should be [5, 3, 3, 3]}}
  %r = kerf.conv_filter %x, %y, stride = [2, 2], padding = [0, 0] : tensor<2x3x8x8xf32>, tensor<2x5x3x3xf32> -> tensor<3x5x3x3xf32>
  return %r : tensor<3x5x3x3xf32>
}
