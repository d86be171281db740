// RUN: kerf-opt %s -split-input-file -verify-diagnostics | kerf-opt -split-input-file | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -cse | FileCheck %s --check-prefix=CSE
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// Kept for a kernel.
// CHECK-LABEL: @draw
//  CHECK-SAME: %[[KEY:[a-z0-9]+]]: tensor<2xi32> {{.*}}, %[[OFFSET:.*]]: tensor<i64>
//       CHECK: kerf.normal %[[KEY]], %[[OFFSET]] : tensor<7x17xf32>
// LOWER-LABEL: @draw
//       LOWER: kerf.normal
func.func @draw(%key: tensor<2xi32> {kerf.dtype = "uint32"}, %offset: tensor<i64>) -> tensor<7x17xf32> {
  %y = kerf.normal %key, %offset : tensor<7x17xf32>
  return %y : tensor<7x17xf32>
}

func.func @one_number(%key: tensor<2xi32> {kerf.dtype = "uint32"}, %offset: tensor<i64>) -> tensor<f32> {
  %y = kerf.normal %key, %offset : tensor<f32>
  return %y : tensor<f32>
}

func.func @one_past_a_tile(%key: tensor<2xi32> {kerf.dtype = "uint32"}, %offset: tensor<i64>) -> tensor<65xf32> {
  %y = kerf.normal %key, %offset : tensor<65xf32>
  return %y : tensor<65xf32>
}

// Offsets that begin with a sine, and cross into the counter's upper half.
func.func @odd_offset(%key: tensor<2xi32> {kerf.dtype = "uint32"}) -> tensor<13xf32> {
  %offset = arith.constant dense<3> : tensor<i64>
  %y = kerf.normal %key, %offset : tensor<13xf32>
  return %y : tensor<13xf32>
}
func.func @across_two_to_the_34(%key: tensor<2xi32> {kerf.dtype = "uint32"}) -> tensor<13xf32> {
  %offset = arith.constant dense<17179869178> : tensor<i64>
  %y = kerf.normal %key, %offset : tensor<13xf32>
  return %y : tensor<13xf32>
}

// A draw is a constant to the gradient, what it multiplies is not.
func.func @noise_times_x(%key: tensor<2xi32> {kerf.dtype = "uint32"}, %offset: tensor<i64>, %x: tensor<5xf32>) -> tensor<5xf32> {
  %u = kerf.normal %key, %offset : tensor<5xf32>
  %y = kerf.mul %u, %x : tensor<5xf32>
  return %y : tensor<5xf32>
}

// The same draw twice is one value.
// CSE-LABEL: @twice_is_once
//       CSE: %[[U:.*]] = kerf.normal
//   CSE-NOT: kerf.normal
//       CSE: return %[[U]], %[[U]]
func.func @twice_is_once(%key: tensor<2xi32> {kerf.dtype = "uint32"}, %offset: tensor<i64>) -> (tensor<3xf32>, tensor<3xf32>) {
  %y = kerf.normal %key, %offset : tensor<3xf32>
  %z = kerf.normal %key, %offset : tensor<3xf32>
  return %y, %z : tensor<3xf32>, tensor<3xf32>
}

// -----

func.func @key_type(%key: tensor<4xi32>, %offset: tensor<i64>) -> tensor<3xf32> {
  // expected-error @+1 {{'kerf.normal' op operand #0 must be tensor<2xi32>, but got 'tensor<4xi32>'}}
  %y = "kerf.normal"(%key, %offset) : (tensor<4xi32>, tensor<i64>) -> tensor<3xf32>
  return %y : tensor<3xf32>
}

// -----

func.func @offset_type(%key: tensor<2xi32> {kerf.dtype = "uint32"}, %offset: tensor<i32>) -> tensor<3xf32> {
  // expected-error @+1 {{'kerf.normal' op operand #1 must be tensor<i64>, but got 'tensor<i32>'}}
  %y = "kerf.normal"(%key, %offset) : (tensor<2xi32>, tensor<i32>) -> tensor<3xf32>
  return %y : tensor<3xf32>
}

// -----

func.func @another_distribution_c1(%key: tensor<2xi32>, %offset: tensor<i64>) -> (tensor<3xf32>, tensor<3xf32>) {
  // expected-note @+1 {{the other draw}}
  %y = kerf.uniform %key, %offset : tensor<3xf32>
  // expected-error @+1 {{'kerf.normal' op reads a key that another draw reads; give each draw a key of its own by fold_key}}
  %z = kerf.normal %key, %offset : tensor<3xf32>
  return %y, %z : tensor<3xf32>, tensor<3xf32>
}

// -----

func.func @another_offset_c1(%key: tensor<2xi32>) -> (tensor<3xf32>, tensor<3xf32>) {
  %zero = arith.constant dense<0> : tensor<i64>
  %two = arith.constant dense<2> : tensor<i64>
  // expected-note @+1 {{the other draw}}
  %y = kerf.normal %key, %zero : tensor<3xf32>
  // expected-error @+1 {{'kerf.normal' op reads a key that another draw reads; give each draw a key of its own by fold_key}}
  %z = kerf.normal %key, %two : tensor<3xf32>
  return %y, %z : tensor<3xf32>, tensor<3xf32>
}

// -----

// Equal constants are one offset, whoever made them.
func.func @the_same_draw_from_two_constants(%key: tensor<2xi32>) -> (tensor<3xf32>, tensor<3xf32>) {
  %a = arith.constant dense<5> : tensor<i64>
  %b = arith.constant dense<5> : tensor<i64>
  %y = kerf.normal %key, %a : tensor<3xf32>
  %z = kerf.normal %key, %b : tensor<3xf32>
  return %y, %z : tensor<3xf32>, tensor<3xf32>
}
