// RUN: kerf-opt %s -split-input-file -verify-diagnostics | kerf-opt -split-input-file | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// Kept for a kernel.
// CHECK-LABEL: @matmul
//       CHECK: kerf.contract %{{.*}}, %{{.*}}, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<7x17xf32>, tensor<17x65xf32> -> tensor<7x65xf32>
// LOWER-LABEL: @matmul
//       LOWER: kerf.contract
func.func @matmul(%a: tensor<7x17xf32>, %b: tensor<17x65xf32>) -> tensor<7x65xf32> {
  %y = kerf.contract %a, %b, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<7x17xf32>, tensor<17x65xf32> -> tensor<7x65xf32>
  return %y : tensor<7x65xf32>
}

// PyTorch's linear layer: weights are (out, in).
func.func @linear(%x: tensor<7x13xf32>, %w: tensor<17x13xf32>) -> tensor<7x17xf32> {
  %y = kerf.contract %x, %w, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<7x13xf32>, tensor<17x13xf32> -> tensor<7x17xf32>
  return %y : tensor<7x17xf32>
}

func.func @both_transposed(%a: tensor<13x7xf32>, %b: tensor<17x13xf32>) -> tensor<7x17xf32> {
  %y = kerf.contract %a, %b, a_batch = [], b_batch = [], a_contract = [0], b_contract = [1] : tensor<13x7xf32>, tensor<17x13xf32> -> tensor<7x17xf32>
  return %y : tensor<7x17xf32>
}

func.func @ones(%a: tensor<1x1xf32>, %b: tensor<1x1xf32>) -> tensor<1x1xf32> {
  %y = kerf.contract %a, %b, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<1x1xf32>, tensor<1x1xf32> -> tensor<1x1xf32>
  return %y : tensor<1x1xf32>
}

// A sum of no terms.
func.func @nothing_to_sum(%a: tensor<7x0xf32>, %b: tensor<0x5xf32>) -> tensor<7x5xf32> {
  %r = kerf.contract %a, %b, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<7x0xf32>, tensor<0x5xf32> -> tensor<7x5xf32>
  return %r : tensor<7x5xf32>
}

func.func @matrix_vector(%a: tensor<65x17xf32>, %b: tensor<17xf32>) -> tensor<65xf32> {
  %y = kerf.contract %a, %b, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<65x17xf32>, tensor<17xf32> -> tensor<65xf32>
  return %y : tensor<65xf32>
}

func.func @inner(%a: tensor<65xf32>, %b: tensor<65xf32>) -> tensor<f32> {
  %y = kerf.contract %a, %b, a_batch = [], b_batch = [], a_contract = [0], b_contract = [0] : tensor<65xf32>, tensor<65xf32> -> tensor<f32>
  return %y : tensor<f32>
}

func.func @outer(%a: tensor<7xf32>, %b: tensor<17xf32>) -> tensor<7x17xf32> {
  %y = kerf.contract %a, %b, a_batch = [], b_batch = [], a_contract = [], b_contract = [] : tensor<7xf32>, tensor<17xf32> -> tensor<7x17xf32>
  return %y : tensor<7x17xf32>
}

func.func @scalar_times_matrix(%a: tensor<f32>, %b: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %y = kerf.contract %a, %b, a_batch = [], b_batch = [], a_contract = [], b_contract = [] : tensor<f32>, tensor<3x5xf32> -> tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

func.func @batch(%a: tensor<3x5x7xf32>, %b: tensor<3x7x17xf32>) -> tensor<3x5x17xf32> {
  %y = kerf.contract %a, %b, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [1] : tensor<3x5x7xf32>, tensor<3x7x17xf32> -> tensor<3x5x17xf32>
  return %y : tensor<3x5x17xf32>
}

// Attention scores: (batch, token, head, channel) of both.
func.func @two_batch_axes_in_the_middle(%q: tensor<2x5x3x7xf32>, %k: tensor<2x4x3x7xf32>) -> tensor<2x3x5x4xf32> {
  %y = kerf.contract %q, %k, a_batch = [0, 2], b_batch = [0, 2], a_contract = [3], b_contract = [3] : tensor<2x5x3x7xf32>, tensor<2x4x3x7xf32> -> tensor<2x3x5x4xf32>
  return %y : tensor<2x3x5x4xf32>
}

func.func @batch_axes_in_other_orders(%a: tensor<3x5x2xf32>, %b: tensor<2x7x3xf32>) -> tensor<2x3x5x7xf32> {
  %y = kerf.contract %a, %b, a_batch = [2, 0], b_batch = [0, 2], a_contract = [], b_contract = [] : tensor<3x5x2xf32>, tensor<2x7x3xf32> -> tensor<2x3x5x7xf32>
  return %y : tensor<2x3x5x7xf32>
}

func.func @batch_of_inner_products(%a: tensor<17x5xf32>, %b: tensor<17x5xf32>) -> tensor<17xf32> {
  %y = kerf.contract %a, %b, a_batch = [0], b_batch = [0], a_contract = [1], b_contract = [1] : tensor<17x5xf32>, tensor<17x5xf32> -> tensor<17xf32>
  return %y : tensor<17xf32>
}

func.func @two_contracting_axes(%a: tensor<4x2x3xf32>, %b: tensor<3x5x2xf32>) -> tensor<4x5xf32> {
  %y = kerf.contract %a, %b, a_batch = [], b_batch = [], a_contract = [1, 2], b_contract = [2, 0] : tensor<4x2x3xf32>, tensor<3x5x2xf32> -> tensor<4x5xf32>
  return %y : tensor<4x5xf32>
}

func.func @three_contracting_axes_around_a_batch(%a: tensor<2x3x5x4xf32>, %b: tensor<4x5x3x2x7xf32>) -> tensor<5x7xf32> {
  %y = kerf.contract %a, %b, a_batch = [2], b_batch = [1], a_contract = [0, 3, 1], b_contract = [3, 0, 2] : tensor<2x3x5x4xf32>, tensor<4x5x3x2x7xf32> -> tensor<5x7xf32>
  return %y : tensor<5x7xf32>
}

// More than one block of k: design of the order of additions, and past it.
func.func @long_k(%a: tensor<2x521xf32>, %b: tensor<521x3xf32>) -> tensor<2x3xf32> {
  %y = kerf.contract %a, %b, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<2x521xf32>, tensor<521x3xf32> -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

func.func @with_itself(%a: tensor<5x7xf32>) -> tensor<5x5xf32> {
  %y = kerf.contract %a, %a, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<5x7xf32>, tensor<5x7xf32> -> tensor<5x5xf32>
  return %y : tensor<5x5xf32>
}

// -----

func.func @batch_count_c1(%a: tensor<3x5xf32>, %b: tensor<3x5xf32>) -> tensor<3x5xf32> {
  // expected-error @+1 {{'kerf.contract' op batch axes [0] and [] differ in number}}
  %y = kerf.contract %a, %b, a_batch = [0], b_batch = [], a_contract = [1], b_contract = [1] : tensor<3x5xf32>, tensor<3x5xf32> -> tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// -----

func.func @contract_count_c1(%a: tensor<3x5xf32>, %b: tensor<3x5xf32>) -> tensor<3x5xf32> {
  // expected-error @+1 {{'kerf.contract' op contracting axes [0, 1] and [1] differ in number}}
  %y = kerf.contract %a, %b, a_batch = [], b_batch = [], a_contract = [0, 1], b_contract = [1] : tensor<3x5xf32>, tensor<3x5xf32> -> tensor<3x5xf32>
  return %y : tensor<3x5xf32>
}

// -----

func.func @axis_of_a_c2(%a: tensor<3x5xf32>, %b: tensor<5x4xf32>) -> tensor<3x4xf32> {
  // expected-error @+1 {{'kerf.contract' op batch [] and contracting [2] are not distinct axes of [3, 5]}}
  %y = kerf.contract %a, %b, a_batch = [], b_batch = [], a_contract = [2], b_contract = [0] : tensor<3x5xf32>, tensor<5x4xf32> -> tensor<3x4xf32>
  return %y : tensor<3x4xf32>
}

// -----

func.func @axis_of_b_twice_c2(%a: tensor<3x5xf32>, %b: tensor<3x4xf32>) -> tensor<3x4xf32> {
  // expected-error @+1 {{'kerf.contract' op batch [0] and contracting [0] are not distinct axes of [3, 4]}}
  %y = kerf.contract %a, %b, a_batch = [0], b_batch = [0], a_contract = [1], b_contract = [0] : tensor<3x5xf32>, tensor<3x4xf32> -> tensor<3x4xf32>
  return %y : tensor<3x4xf32>
}

// -----

func.func @too_many_axes_c2(%a: tensor<3xf32>, %b: tensor<3x3xf32>) -> tensor<3xf32> {
  // expected-error @+1 {{'kerf.contract' op more axes named than there are in [3] @ [3, 3]}}
  %y = kerf.contract %a, %b, a_batch = [0], b_batch = [0], a_contract = [0], b_contract = [1] : tensor<3xf32>, tensor<3x3xf32> -> tensor<3xf32>
  return %y : tensor<3xf32>
}

// -----

func.func @inner_c3(%a: tensor<4x64xf32>, %b: tensor<128x32xf32>) -> tensor<4x32xf32> {
  // expected-error @+1 {{'kerf.contract' op inner dimensions differ: 64 vs 128 in [4, 64] @ [128, 32]}}
  %y = kerf.contract %a, %b, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<4x64xf32>, tensor<128x32xf32> -> tensor<4x32xf32>
  return %y : tensor<4x32xf32>
}

// -----

func.func @batch_c3(%a: tensor<4x8xf32>, %b: tensor<3x8xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{'kerf.contract' op batch dimensions differ: 4 vs 3 in [4, 8] @ [3, 8]}}
  %y = kerf.contract %a, %b, a_batch = [0], b_batch = [0], a_contract = [1], b_contract = [1] : tensor<4x8xf32>, tensor<3x8xf32> -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @shape_c4(%a: tensor<3x5x7xf32>, %b: tensor<3x7x2xf32>) -> tensor<5x3x2xf32> {
  // expected-error @+1 {{'kerf.contract' op the result is [5, 3, 2] but should be [3, 5, 2]}}
  %y = kerf.contract %a, %b, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [1] : tensor<3x5x7xf32>, tensor<3x7x2xf32> -> tensor<5x3x2xf32>
  return %y : tensor<5x3x2xf32>
}
