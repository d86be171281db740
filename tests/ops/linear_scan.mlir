// RUN: kerf-opt %s -split-input-file -verify-diagnostics | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-differentiate -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-run --limit 18 --function edges %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compiled --limit 18 --function edges %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --function gradients %s | FileCheck %s --check-prefix=GRADIENT
// RUN: kerf-run --compiled --function gradients %s | FileCheck %s --check-prefix=GRADIENT
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// Kept for a kernel.
// CHECK-LABEL: @awkward_sizes
//       CHECK: kerf.linear_scan %{{.*}}, %{{.*}}, axis = 1 {reverse = true} : tensor<7x17xf32>
// LOWER-LABEL: @awkward_sizes
//       LOWER: kerf.linear_scan
func.func @awkward_sizes(%a: tensor<7x17xf32>, %b: tensor<7x17xf32>, %c: tensor<65xf64>, %d: tensor<65xf64>, %e: tensor<3x5x17xi32>,
                         %f: tensor<3x5x17xi32>, %g: tensor<1xf32>, %h: tensor<1xf32>, %i: tensor<0x3xf32>, %j: tensor<0x3xf32>,
                         %k: tensor<5x33x9xi64>, %l: tensor<5x33x9xi64>, %m: tensor<3x0xf32>, %n: tensor<3x0xf32>)
    -> (tensor<7x17xf32>, tensor<65xf64>, tensor<3x5x17xi32>, tensor<1xf32>, tensor<0x3xf32>, tensor<5x33x9xi64>, tensor<3x0xf32>) {
  %t = kerf.linear_scan %a, %b, axis = 1 {reverse = true} : tensor<7x17xf32>
  %u = kerf.linear_scan %c, %d, axis = 0 : tensor<65xf64>
  %v = kerf.linear_scan %e, %f, axis = 1 : tensor<3x5x17xi32>
  %w = kerf.linear_scan %g, %h, axis = 0 {reverse = true} : tensor<1xf32>
  %x = kerf.linear_scan %i, %j, axis = 0 : tensor<0x3xf32>
  %y = kerf.linear_scan %k, %l, axis = 1 {reverse = true} : tensor<5x33x9xi64>
  %z = kerf.linear_scan %m, %n, axis = 1 : tensor<3x0xf32>
  return %t, %u, %v, %w, %x, %y, %z
      : tensor<7x17xf32>, tensor<65xf64>, tensor<3x5x17xi32>, tensor<1xf32>, tensor<0x3xf32>, tensor<5x33x9xi64>, tensor<3x0xf32>
}

// Along the first axis, one in the middle, the last.
func.func @curved(%a: tensor<3x4x2xf64>, %b: tensor<3x4x2xf64>) -> tensor<3x4x2xf64> {
  %x = kerf.linear_scan %a, %b, axis = 0 : tensor<3x4x2xf64>
  %y = kerf.linear_scan %a, %x, axis = 1 {reverse = true} : tensor<3x4x2xf64>
  %z = kerf.linear_scan %y, %a, axis = 2 : tensor<3x4x2xf64>
  return %z : tensor<3x4x2xf64>
}

// The first a is not read, not even an infinite one; f32 is kept in f64 on the way (2^24 + 1 + 1); integers wrap around.
// VALUE-LABEL: @edges
//  VALUE-NEXT: tensor<4xf32>: 1 3 7 15
//  VALUE-NEXT: tensor<4xf32>: {{-?nan}} 7 3 1
//  VALUE-NEXT: tensor<3xf32>: 1.677722e+07 1.677722e+07 1.677722e+07
//  VALUE-NEXT: tensor<1xf32>: 2
//  VALUE-NEXT: tensor<3xi32>: 3 -1073741824 -2147483647
func.func @edges() -> (tensor<4xf32>, tensor<4xf32>, tensor<3xf32>, tensor<1xf32>, tensor<3xi32>) {
  %a = arith.constant dense<[0x7F800000, 2.0, 2.0, 2.0]> : tensor<4xf32>
  %one = arith.constant dense<1.0> : tensor<4xf32>
  %x = kerf.linear_scan %a, %one, axis = 0 : tensor<4xf32>
  %b = arith.constant dense<[0x7FC00000, 2.0, 2.0, 0x7FC00000]> : tensor<4xf32>
  %y = kerf.linear_scan %b, %one, axis = 0 {reverse = true} : tensor<4xf32>
  %ones = arith.constant dense<1.0> : tensor<3xf32>
  %large = arith.constant dense<[1.6777216e7, 1.0, 1.0]> : tensor<3xf32>
  %z = kerf.linear_scan %ones, %large, axis = 0 : tensor<3xf32>
  %last = kerf.slice %z, offsets = [2], limits = [3], strides = [1] : tensor<3xf32> -> tensor<1xf32>
  %first = kerf.slice %z, offsets = [0], limits = [1], strides = [1] : tensor<3xf32> -> tensor<1xf32>
  %w = kerf.sub %last, %first : tensor<1xf32>
  %i = arith.constant dense<[7, 1073741824, 2]> : tensor<3xi32>
  %j = arith.constant dense<[3, 0, 1]> : tensor<3xi32>
  %v = kerf.linear_scan %i, %j, axis = 0 : tensor<3xi32>
  return %x, %y, %z, %w, %v : tensor<4xf32>, tensor<4xf32>, tensor<3xf32>, tensor<1xf32>, tensor<3xi32>
}

// y = 1, 2 + 5, 3 * 7 + 6, weighted 1, 10, 100: g = 1 + 2 (10 + 3 * 100), 10 + 3 * 100, 100, and da[i] = g[i] y[i-1].
// GRADIENT-LABEL: @gradients
//  GRADIENT-NEXT: tensor<3xf32>: 0 310 700
//  GRADIENT-NEXT: tensor<3xf32>: 621 310 100
func.func @gradients() -> (tensor<3xf32>, tensor<3xf32>) {
  %a = arith.constant dense<[9.0, 2.0, 3.0]> : tensor<3xf32>
  %b = arith.constant dense<[1.0, 5.0, 6.0]> : tensor<3xf32>
  %l, %da, %db = kerf.value_and_grad params(%x = %a : tensor<3xf32>, %z = %b : tensor<3xf32>) {
    %w = arith.constant dense<[1.0, 10.0, 100.0]> : tensor<3xf32>
    %y = kerf.linear_scan %x, %z, axis = 0 : tensor<3xf32>
    %p = kerf.mul %y, %w : tensor<3xf32>
    %s = kerf.sum %p, axes = [0] : tensor<3xf32> -> tensor<f32>
    kerf.yield %s : tensor<f32>
  }
  return %da, %db : tensor<3xf32>, tensor<3xf32>
}

// -----

func.func @axis_c1(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // expected-error @+1 {{'kerf.linear_scan' op axis 2 is outside [0, 2) of [4, 8]}}
  %y = kerf.linear_scan %x, %x, axis = 2 : tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}
