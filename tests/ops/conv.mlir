// RUN: kerf-opt %s -split-input-file -verify-diagnostics | kerf-opt -split-input-file | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// Kept for a kernel.
// CHECK-LABEL: @same_3x3
//       CHECK: kerf.conv %{{.*}}, %{{.*}}, stride = [1, 1], padding = [1, 1] : tensor<2x3x8x8xf32>, tensor<5x3x3x3xf32> -> tensor<2x5x8x8xf32>
// LOWER-LABEL: @same_3x3
//       LOWER: kerf.conv
func.func @same_3x3(%x: tensor<2x3x8x8xf32>, %w: tensor<5x3x3x3xf32>) -> tensor<2x5x8x8xf32> {
  %r = kerf.conv %x, %w, stride = [1, 1], padding = [1, 1] : tensor<2x3x8x8xf32>, tensor<5x3x3x3xf32> -> tensor<2x5x8x8xf32>
  return %r : tensor<2x5x8x8xf32>
}

func.func @halves_4x4(%x: tensor<3x1x8x8xf32>, %w: tensor<5x1x4x4xf32>) -> tensor<3x5x4x4xf32> {
  %r = kerf.conv %x, %w, stride = [2, 2], padding = [1, 1] : tensor<3x1x8x8xf32>, tensor<5x1x4x4xf32> -> tensor<3x5x4x4xf32>
  return %r : tensor<3x5x4x4xf32>
}

func.func @one_by_one(%x: tensor<2x7x5x5xf32>, %w: tensor<17x7x1x1xf32>) -> tensor<2x17x5x5xf32> {
  %r = kerf.conv %x, %w, stride = [1, 1], padding = [0, 0] : tensor<2x7x5x5xf32>, tensor<17x7x1x1xf32> -> tensor<2x17x5x5xf32>
  return %r : tensor<2x17x5x5xf32>
}

func.func @no_padding(%x: tensor<1x2x7x9xf32>, %w: tensor<3x2x3x3xf32>) -> tensor<1x3x5x7xf32> {
  %r = kerf.conv %x, %w, stride = [1, 1], padding = [0, 0] : tensor<1x2x7x9xf32>, tensor<3x2x3x3xf32> -> tensor<1x3x5x7xf32>
  return %r : tensor<1x3x5x7xf32>
}

// The last rows and columns of x meet no kernel position.
func.func @stride_3_leaves_a_rest(%x: tensor<2x2x11x13xf32>, %w: tensor<3x2x3x2xf32>) -> tensor<2x3x4x5xf32> {
  %r = kerf.conv %x, %w, stride = [3, 3], padding = [1, 1] : tensor<2x2x11x13xf32>, tensor<3x2x3x2xf32> -> tensor<2x3x4x5xf32>
  return %r : tensor<2x3x4x5xf32>
}

func.func @stride_and_padding_differ_by_axis(%x: tensor<1x3x9x7xf32>, %w: tensor<2x3x3x5xf32>) -> tensor<1x2x7x4xf32> {
  %r = kerf.conv %x, %w, stride = [1, 2], padding = [0, 2] : tensor<1x3x9x7xf32>, tensor<2x3x3x5xf32> -> tensor<1x2x7x4xf32>
  return %r : tensor<1x2x7x4xf32>
}

func.func @kernel_covers_the_image(%x: tensor<2x3x5x4xf32>, %w: tensor<7x3x5x4xf32>) -> tensor<2x7x1x1xf32> {
  %r = kerf.conv %x, %w, stride = [1, 1], padding = [0, 0] : tensor<2x3x5x4xf32>, tensor<7x3x5x4xf32> -> tensor<2x7x1x1xf32>
  return %r : tensor<2x7x1x1xf32>
}

// Some results see padding only.
func.func @padding_beyond_the_kernel(%x: tensor<1x2x3x3xf32>, %w: tensor<2x2x2x2xf32>) -> tensor<1x2x8x6xf32> {
  %r = kerf.conv %x, %w, stride = [1, 1], padding = [3, 2] : tensor<1x2x3x3xf32>, tensor<2x2x2x2xf32> -> tensor<1x2x8x6xf32>
  return %r : tensor<1x2x8x6xf32>
}

func.func @one_pixel(%x: tensor<1x1x1x1xf32>, %w: tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32> {
  %r = kerf.conv %x, %w, stride = [1, 1], padding = [0, 0] : tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32> -> tensor<1x1x1x1xf32>
  return %r : tensor<1x1x1x1xf32>
}

func.func @strides_skip_pixels(%x: tensor<1x2x7x7xf32>, %w: tensor<3x2x1x1xf32>) -> tensor<1x3x3x4xf32> {
  %r = kerf.conv %x, %w, stride = [3, 2], padding = [0, 0] : tensor<1x2x7x7xf32>, tensor<3x2x1x1xf32> -> tensor<1x3x3x4xf32>
  return %r : tensor<1x3x3x4xf32>
}

// A sum over no channels.
func.func @no_channels(%x: tensor<2x0x5x5xf32>, %w: tensor<3x0x3x3xf32>) -> tensor<2x3x3x3xf32> {
  %r = kerf.conv %x, %w, stride = [1, 1], padding = [0, 0] : tensor<2x0x5x5xf32>, tensor<3x0x3x3xf32> -> tensor<2x3x3x3xf32>
  return %r : tensor<2x3x3x3xf32>
}

func.func @one_past_a_tile(%x: tensor<1x17x17x17xf32>, %w: tensor<7x17x3x3xf32>) -> tensor<1x7x17x17xf32> {
  %r = kerf.conv %x, %w, stride = [1, 1], padding = [1, 1] : tensor<1x17x17x17xf32>, tensor<7x17x3x3xf32> -> tensor<1x7x17x17xf32>
  return %r : tensor<1x7x17x17xf32>
}

// -----

func.func @rank_of_x_c1(%x: tensor<3x8x8xf32>, %w: tensor<5x3x3x3xf32>) -> tensor<2x5x6x6xf32> {
  // expected-error @+1 {{'kerf.conv' op needs images of [N, C, H, W], got [3, 8, 8]}}
  %r = kerf.conv %x, %w, stride = [1, 1], padding = [0, 0] : tensor<3x8x8xf32>, tensor<5x3x3x3xf32> -> tensor<2x5x6x6xf32>
  return %r : tensor<2x5x6x6xf32>
}

// -----

func.func @rank_of_w_c1(%x: tensor<2x3x8x8xf32>, %w: tensor<5x3x3xf32>) -> tensor<2x5x6x6xf32> {
  // expected-error @+1 {{'kerf.conv' op needs a filter of [O, I, H, W], got [5, 3, 3]}}
  %r = kerf.conv %x, %w, stride = [1, 1], padding = [0, 0] : tensor<2x3x8x8xf32>, tensor<5x3x3xf32> -> tensor<2x5x6x6xf32>
  return %r : tensor<2x5x6x6xf32>
}

// -----

func.func @stride_c2(%x: tensor<2x3x8x8xf32>, %w: tensor<5x3x3x3xf32>) -> tensor<2x5x6x6xf32> {
  // expected-error @+1 {{'kerf.conv' op needs two strides of at least 1, got [0, 1]}}
  %r = kerf.conv %x, %w, stride = [0, 1], padding = [0, 0] : tensor<2x3x8x8xf32>, tensor<5x3x3x3xf32> -> tensor<2x5x6x6xf32>
  return %r : tensor<2x5x6x6xf32>
}

// -----

func.func @stride_count_c2(%x: tensor<2x3x8x8xf32>, %w: tensor<5x3x3x3xf32>) -> tensor<2x5x6x6xf32> {
  // expected-error @+1 {{'kerf.conv' op needs two strides of at least 1, got [2]}}
  %r = kerf.conv %x, %w, stride = [2], padding = [0, 0] : tensor<2x3x8x8xf32>, tensor<5x3x3x3xf32> -> tensor<2x5x6x6xf32>
  return %r : tensor<2x5x6x6xf32>
}

// -----

func.func @padding_c2(%x: tensor<2x3x8x8xf32>, %w: tensor<5x3x3x3xf32>) -> tensor<2x5x6x6xf32> {
  // expected-error @+1 {{'kerf.conv' op needs two paddings of at least 0, got [0, -1]}}
  %r = kerf.conv %x, %w, stride = [1, 1], padding = [0, -1] : tensor<2x3x8x8xf32>, tensor<5x3x3x3xf32> -> tensor<2x5x6x6xf32>
  return %r : tensor<2x5x6x6xf32>
}

// -----

func.func @channels_c3(%x: tensor<2x3x8x8xf32>, %w: tensor<5x4x3x3xf32>) -> tensor<2x5x6x6xf32> {
  // expected-error @+1 {{'kerf.conv' op input has 3 channels, the filter expects 4, in [2, 3, 8, 8] * [5, 4, 3, 3]}}
  %r = kerf.conv %x, %w, stride = [1, 1], padding = [0, 0] : tensor<2x3x8x8xf32>, tensor<5x4x3x3xf32> -> tensor<2x5x6x6xf32>
  return %r : tensor<2x5x6x6xf32>
}

// -----

func.func @kernel_c4(%x: tensor<2x3x8x8xf32>, %w: tensor<5x3x11x3xf32>) -> tensor<2x5x6x6xf32> {
  // expected-error @+1 {{'kerf.conv' op a kernel of [11, 3] does not fit into [8, 8] with padding [1, 0]}}
  %r = kerf.conv %x, %w, stride = [1, 1], padding = [1, 0] : tensor<2x3x8x8xf32>, tensor<5x3x11x3xf32> -> tensor<2x5x6x6xf32>
  return %r : tensor<2x5x6x6xf32>
}

// -----

func.func @shape_c5(%x: tensor<2x3x8x8xf32>, %w: tensor<5x3x3x3xf32>) -> tensor<2x5x4x4xf32> {
  // expected-error @+1 {{'kerf.conv' op the result is [2, 5, 4, 4] but should be [2, 5, 3, 3]}}
  %r = kerf.conv %x, %w, stride = [2, 2], padding = [0, 0] : tensor<2x3x8x8xf32>, tensor<5x3x3x3xf32> -> tensor<2x5x4x4xf32>
  return %r : tensor<2x5x4x4xf32>
}
