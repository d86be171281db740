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
//       CHECK: kerf.cumsum %{{.*}}, axis = 1 {reverse = true} : tensor<7x17xf32>
// LOWER-LABEL: @awkward_sizes
//       LOWER: kerf.cumsum
func.func @awkward_sizes(%a: tensor<7x17xf32>, %b: tensor<65xf64>, %c: tensor<3x5x17xi32>, %d: tensor<1xf32>, %e: tensor<0x3xf32>,
                         %f: tensor<5x33x9xi64>, %g: tensor<3x0xf32>)
    -> (tensor<7x17xf32>, tensor<65xf64>, tensor<3x5x17xi32>, tensor<1xf32>, tensor<0x3xf32>, tensor<5x33x9xi64>, tensor<3x0xf32>) {
  %t = kerf.cumsum %a, axis = 1 {reverse = true} : tensor<7x17xf32>
  %u = kerf.cumsum %b, axis = 0 : tensor<65xf64>
  %v = kerf.cumsum %c, axis = 1 {exclusive = true} : tensor<3x5x17xi32>
  %w = kerf.cumsum %d, axis = 0 {exclusive = true, reverse = true} : tensor<1xf32>
  %x = kerf.cumsum %e, axis = 0 : tensor<0x3xf32>
  %y = kerf.cumsum %f, axis = 1 {exclusive = true, reverse = true} : tensor<5x33x9xi64>
  %z = kerf.cumsum %g, axis = 0 : tensor<3x0xf32>
  return %t, %u, %v, %w, %x, %y, %z
      : tensor<7x17xf32>, tensor<65xf64>, tensor<3x5x17xi32>, tensor<1xf32>, tensor<0x3xf32>, tensor<5x33x9xi64>, tensor<3x0xf32>
}

// A product of running sums, so that second derivatives are not 0; axes that are the first, one in the middle, the last.
func.func @curved(%x: tensor<3x5x2xf64>) -> tensor<3x5x2xf64> {
  %a = kerf.cumsum %x, axis = 0 : tensor<3x5x2xf64>
  %b = kerf.cumsum %x, axis = 1 {exclusive = true} : tensor<3x5x2xf64>
  %c = kerf.cumsum %x, axis = 2 {reverse = true} : tensor<3x5x2xf64>
  %ab = kerf.mul %a, %b : tensor<3x5x2xf64>
  %y = kerf.mul %ab, %c : tensor<3x5x2xf64>
  return %y : tensor<3x5x2xf64>
}

// The four orders; sums that f32 would lose (2^24 + 1 + 1); what wraps; what is not a number stays in its line.
// VALUE-LABEL: @edges
//  VALUE-NEXT: tensor<4xf32>: 1 3 6 10
//  VALUE-NEXT: tensor<4xf32>: 0 1 3 6
//  VALUE-NEXT: tensor<4xf32>: 10 9 7 4
//  VALUE-NEXT: tensor<4xf32>: 9 7 4 0
//  VALUE-NEXT: tensor<3xf32>: 1.677722e+07 1.677722e+07 1.677722e+07
//  VALUE-NEXT: tensor<2xf32>: 0 2
//  VALUE-NEXT: tensor<2xi32>: 2147483647 -2147483648
//  VALUE-NEXT: tensor<3x3xf32>: inf inf {{-?nan}} 1 {{-?nan}} {{-?nan}} 1 2 3
func.func @edges() -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<3xf32>, tensor<2xf32>, tensor<2xi32>, tensor<3x3xf32>) {
  %x = arith.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
  %a = kerf.cumsum %x, axis = 0 : tensor<4xf32>
  %b = kerf.cumsum %x, axis = 0 {exclusive = true} : tensor<4xf32>
  %c = kerf.cumsum %x, axis = 0 {reverse = true} : tensor<4xf32>
  %d = kerf.cumsum %x, axis = 0 {exclusive = true, reverse = true} : tensor<4xf32>
  %large = arith.constant dense<[1.6777216e7, 1.0, 1.0]> : tensor<3xf32>
  %e = kerf.cumsum %large, axis = 0 : tensor<3xf32>
  %first = kerf.slice %large, offsets = [0], limits = [1], strides = [1] : tensor<3xf32> -> tensor<1xf32>
  %one = kerf.broadcast %first, dims = [0] : tensor<1xf32> -> tensor<2xf32>
  %ends = kerf.slice %e, offsets = [0], limits = [3], strides = [2] : tensor<3xf32> -> tensor<2xf32>
  %f = kerf.sub %ends, %one : tensor<2xf32>
  %whole = arith.constant dense<[2147483647, 1]> : tensor<2xi32>
  %g = kerf.cumsum %whole, axis = 0 : tensor<2xi32>
  %wild = arith.constant dense<[[0x7F800000, 1.0, 0xFF800000], [1.0, 0x7FC00000, 1.0], [1.0, 1.0, 1.0]]> : tensor<3x3xf32>
  %h = kerf.cumsum %wild, axis = 1 : tensor<3x3xf32>
  return %a, %b, %c, %d, %e, %f, %g, %h
      : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<3xf32>, tensor<2xf32>, tensor<2xi32>, tensor<3x3xf32>
}

// Weights 1, 10, 100 on the sums: what each element meets.
// GRADIENT-LABEL: @gradients
//  GRADIENT-NEXT: tensor<3xf32>: 111 110 100
//  GRADIENT-NEXT: tensor<3xf32>: 110 100 0
func.func @gradients() -> (tensor<3xf32>, tensor<3xf32>) {
  %x = arith.constant dense<[5.0, 6.0, 7.0]> : tensor<3xf32>
  %l, %dx = kerf.value_and_grad params(%a = %x : tensor<3xf32>) {
    %w = arith.constant dense<[1.0, 10.0, 100.0]> : tensor<3xf32>
    %y = kerf.cumsum %a, axis = 0 : tensor<3xf32>
    %p = kerf.mul %y, %w : tensor<3xf32>
    %s = kerf.sum %p, axes = [0] : tensor<3xf32> -> tensor<f32>
    kerf.yield %s : tensor<f32>
  }
  %m, %dz = kerf.value_and_grad params(%a = %x : tensor<3xf32>) {
    %w = arith.constant dense<[1.0, 10.0, 100.0]> : tensor<3xf32>
    %y = kerf.cumsum %a, axis = 0 {exclusive = true} : tensor<3xf32>
    %p = kerf.mul %y, %w : tensor<3xf32>
    %s = kerf.sum %p, axes = [0] : tensor<3xf32> -> tensor<f32>
    kerf.yield %s : tensor<f32>
  }
  return %dx, %dz : tensor<3xf32>, tensor<3xf32>
}

// -----

func.func @axis_c1(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // expected-error @+1 {{'kerf.cumsum' op axis 2 is outside [0, 2) of [4, 8]}}
  %y = kerf.cumsum %x, axis = 2 : tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}
