// RUN: kerf-opt %s -split-input-file -verify-diagnostics | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-drop-marks | FileCheck %s --check-prefix=PLAIN
// RUN: kerf-run --function edges %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compiled --function edges %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --function gradient_of_a_sure_class %s | FileCheck %s --check-prefix=SURE
// RUN: kerf-run --compiled --function gradient_of_a_sure_class %s | FileCheck %s --check-prefix=SURE
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// Plain ops from the moment that derivatives are taken.
// CHECK-LABEL: @awkward_sizes
//       CHECK: kerf.log_softmax %{{.*}}, axis = 0 : tensor<1xf32>
//       CHECK: kerf.log_softmax %{{.*}}, axis = 1 : tensor<7x17xf32>
// PLAIN-LABEL: @awkward_sizes
//   PLAIN-NOT: kerf.log_softmax
//       PLAIN: kerf.log1p
func.func @awkward_sizes(%a: tensor<1xf32>, %b: tensor<7x17xf32>, %c: tensor<3x65x2xf64>, %d: tensor<0x3xf32>)
    -> (tensor<1xf32>, tensor<7x17xf32>, tensor<3x65x2xf64>, tensor<0x3xf32>) {
  %ya = kerf.log_softmax %a, axis = 0 : tensor<1xf32>
  %yb = kerf.log_softmax %b, axis = 1 : tensor<7x17xf32>
  %yc = kerf.log_softmax %c, axis = 1 : tensor<3x65x2xf64>
  %yd = kerf.log_softmax %d, axis = 1 : tensor<0x3xf32>
  return %ya, %yb, %yc, %yd : tensor<1xf32>, tensor<7x17xf32>, tensor<3x65x2xf64>, tensor<0x3xf32>
}

// A sure class, one without a share, two winners, no share at all, a NaN.
// VALUE-LABEL: @edges
//  VALUE-NEXT: tensor<5x3xf32>: -2.061154e-09 -20 -50 -0.6931472 -inf -0.6931472 -0.6931472 -0.6931472 -1000.693 {{-?nan}} {{-?nan}} {{-?nan}} {{-?nan}} {{-?nan}} {{-?nan}}
func.func @edges() -> tensor<5x3xf32> {
  %x = arith.constant dense<[[20.0, 0.0, -30.0], [1.0, 0xFF800000, 1.0], [1000.0, 1000.0, 0.0], [0xFF800000, 0xFF800000, 0xFF800000], [0.0, 0x7FC00000, 1.0]]> : tensor<5x3xf32>
  %y = kerf.log_softmax %x, axis = 1 : tensor<5x3xf32>
  return %y : tensor<5x3xf32>
}

// p - 1 where p is 1 but for e^-20; what has no share gets no gradient.
// SURE-LABEL: @gradient_of_a_sure_class
//  SURE-NEXT: tensor<3xf32>: 2.061154e-09 -2.061154e-09 {{-?}}0
func.func @gradient_of_a_sure_class() -> tensor<3xf32> {
  %x = arith.constant dense<[20.0, 0.0, 0xFF800000]> : tensor<3xf32>
  %l, %dx = kerf.value_and_grad params(%a = %x : tensor<3xf32>) {
    %y = kerf.log_softmax %a, axis = 0 : tensor<3xf32>
    %t = kerf.slice %y, offsets = [0], limits = [1], strides = [1] : tensor<3xf32> -> tensor<1xf32>
    %l = kerf.reshape %t : tensor<1xf32> -> tensor<f32>
    kerf.yield %l : tensor<f32>
  }
  return %dx : tensor<3xf32>
}

// -----

func.func @axis_c1(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // expected-error @+1 {{'kerf.log_softmax' op axis 2 is outside [0, 2) of [4, 8]}}
  %y = kerf.log_softmax %x, axis = 2 : tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}
