// RUN: kerf-opt %s -split-input-file -verify-diagnostics | kerf-opt -split-input-file | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-run --compiled --limit 64 %s | FileCheck %s --check-prefix=VALUE

// CHECK-LABEL: @pieces_and_sums
//       CHECK: %{{.*}}:2 = kerf.rows block = 2 index %[[I:.*]] sliced(%[[A:.*]] = %{{.*}} : tensor<6x3xf32>) whole(%[[W:.*]] = %{{.*}} : tensor<3xf32>) sums(%[[T:.*]] = %{{.*}} : tensor<3xf32>) {
//       CHECK:   kerf.mul %[[A]], %{{.*}} : tensor<2x3xf32>
//       CHECK:   kerf.yield %{{.*}}, %{{.*}} : tensor<2x3xf32>, tensor<3xf32>
//       CHECK: } -> tensor<6x3xf32>, tensor<3xf32>
// LOWER-LABEL: @pieces_and_sums
//       LOWER: scf.for %[[N:.*]] = %{{.*}} to %{{.*}} step %{{.*}} iter_args(%[[Y:.*]] = %{{.*}}, %{{.*}} = %{{.*}}) -> (tensor<6x3xf32>, tensor<3xf32>)
//       LOWER:   %[[FIRST:.*]] = arith.muli %[[N]], %{{.*}} : index
//       LOWER:   tensor.extract_slice %{{.*}}[%[[FIRST]], 0] [2, 3] [1, 1]
//       LOWER:   tensor.insert_slice %{{.*}} into %[[Y]][%[[FIRST]], 0] [2, 3] [1, 1]
//   LOWER-NOT: kerf.
// The weights 1 2 3 on rows of ones; the columns' sums from 10.
//       VALUE: @pieces_and_sums
//    VALUE-NEXT: 1 2 3 1 2 3 1 2 3 1 2 3 1 2 3 1 2 3
//    VALUE-NEXT: 16 22 28
func.func @pieces_and_sums() -> (tensor<6x3xf32>, tensor<3xf32>) {
  %x = arith.constant dense<1.0> : tensor<6x3xf32>
  %w = arith.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
  %s = arith.constant dense<10.0> : tensor<3xf32>
  %p, %t = kerf.rows block = 2 index %i sliced(%a = %x : tensor<6x3xf32>) whole(%b = %w : tensor<3xf32>) sums(%t = %s : tensor<3xf32>) {
    %c = kerf.broadcast %b, dims = [1] : tensor<3xf32> -> tensor<2x3xf32>
    %y = kerf.mul %a, %c : tensor<2x3xf32>
    %part = kerf.sum %y, axes = [0] : tensor<2x3xf32> -> tensor<3xf32>
    %next = kerf.add %t, %part : tensor<3xf32>
    kerf.yield %y, %next : tensor<2x3xf32>, tensor<3xf32>
  } -> tensor<6x3xf32>, tensor<3xf32>
  return %p, %t : tensor<6x3xf32>, tensor<3xf32>
}

// The number of the block, at every row of it.
// CHECK-LABEL: @number
//       VALUE: @number
//    VALUE-NEXT: 0 0 1 1 2 2
func.func @number() -> tensor<6xi64> {
  %y = kerf.rows block = 2 index %i {
    %b = kerf.broadcast %i, dims = [] : tensor<i64> -> tensor<2xi64>
    kerf.yield %b : tensor<2xi64>
  } -> tensor<6xi64>
  return %y : tensor<6xi64>
}

// 300 blocks are 256, 32 and 12: every one is added once, in groups.
// LOWER-LABEL: @groups
//       LOWER: scf.for
//       LOWER: scf.for
//       LOWER: linalg.add
//       VALUE: @groups
//    VALUE-NEXT: 610 1210 1810
//    VALUE-NEXT: 44850
//    VALUE-NEXT: 0 0 1 1 2 2 3 3 4 4 5 5 6 6 7 7 8 8 9 9 10 10
func.func @groups() -> (tensor<3xf32>, tensor<i64>, tensor<600xi64>) {
  %x = arith.constant dense<1.0> : tensor<600x3xf32>
  %w = arith.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
  %s = arith.constant dense<10.0> : tensor<3xf32>
  %n = arith.constant dense<0> : tensor<i64>
  %p, %t, %m = kerf.rows block = 2 index %i sliced(%a = %x : tensor<600x3xf32>) whole(%b = %w : tensor<3xf32>) sums(%t = %s : tensor<3xf32>, %m = %n : tensor<i64>) {
    %c = kerf.broadcast %b, dims = [1] : tensor<3xf32> -> tensor<2x3xf32>
    %y = kerf.mul %a, %c : tensor<2x3xf32>
    %part = kerf.sum %y, axes = [0] : tensor<2x3xf32> -> tensor<3xf32>
    %next = kerf.add %t, %part : tensor<3xf32>
    %count = kerf.add %m, %i : tensor<i64>
    %numbers = kerf.broadcast %i, dims = [] : tensor<i64> -> tensor<2xi64>
    kerf.yield %numbers, %next, %count : tensor<2xi64>, tensor<3xf32>, tensor<i64>
  } -> tensor<600xi64>, tensor<3xf32>, tensor<i64>
  return %t, %m, %p : tensor<3xf32>, tensor<i64>, tensor<600xi64>
}

// 18 blocks of 256 rows, a group of 16 and one of two: the bits of the contraction over all rows.
//       VALUE: @contraction_in_blocks
//    VALUE-NEXT: 0 0 0 0 0 0
func.func @contraction_in_blocks() -> tensor<2x3xf32> {
  %i = kerf.iota : tensor<4608xi64>
  %n = kerf.cast %i : tensor<4608xi64> -> tensor<4608xf32>
  %angle = kerf.broadcast %n, dims = [0] : tensor<4608xf32> -> tensor<4608x2xf32>
  %x = kerf.sin %angle : tensor<4608x2xf32>
  %other = kerf.broadcast %n, dims = [0] : tensor<4608xf32> -> tensor<4608x3xf32>
  %root = kerf.sqrt %other : tensor<4608x3xf32>
  %y = kerf.cos %root : tensor<4608x3xf32>
  %zero = arith.constant dense<0.0> : tensor<2x3xf32>
  %s = kerf.rows block = 256 index %j sliced(%a = %x : tensor<4608x2xf32>, %b = %y : tensor<4608x3xf32>) sums(%t = %zero : tensor<2x3xf32>) {
    %part = kerf.contract %a, %b, a_batch = [], b_batch = [], a_contract = [0], b_contract = [0] : tensor<256x2xf32>, tensor<256x3xf32> -> tensor<2x3xf32>
    %next = kerf.add %t, %part : tensor<2x3xf32>
    kerf.yield %next : tensor<2x3xf32>
  } -> tensor<2x3xf32>
  %whole = kerf.contract %x, %y, a_batch = [], b_batch = [], a_contract = [0], b_contract = [0] : tensor<4608x2xf32>, tensor<4608x3xf32> -> tensor<2x3xf32>
  %off = kerf.sub %s, %whole : tensor<2x3xf32>
  return %off : tensor<2x3xf32>
}

// -----

func.func @operands_c1(%x: tensor<6xf32>) -> tensor<6xf32> {
  // expected-error @+1 {{has 1 operands and 1 results, too few for 1 sliced and 1 whole ones}}
  %y = "kerf.rows"(%x) <{block = 2, num_sliced = 1, num_whole = 1}> ({
  ^bb0(%i: tensor<i64>, %a: tensor<2xf32>):
    kerf.yield %a : tensor<2xf32>
  }) : (tensor<6xf32>) -> tensor<6xf32>
  return %y : tensor<6xf32>
}

// -----

func.func @rows_c2(%x: tensor<6xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{has 'tensor<4xf32>' where another has 6 rows}}
  %y = kerf.rows block = 2 index %i sliced(%a = %x : tensor<6xf32>) {
    kerf.yield %a : tensor<2xf32>
  } -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @block_c2(%x: tensor<6xf32>) -> tensor<6xf32> {
  // expected-error @+1 {{has 6 rows, no multiple of its block of 4}}
  %y = kerf.rows block = 4 index %i sliced(%a = %x : tensor<6xf32>) {
    kerf.yield %a : tensor<4xf32>
  } -> tensor<6xf32>
  return %y : tensor<6xf32>
}

// -----

func.func @arguments_c3(%x: tensor<6xf32>) -> tensor<6xf32> {
  // expected-error @+1 {{the region's arguments are not a block number and its operands}}
  %y = "kerf.rows"(%x) <{block = 2, num_sliced = 1, num_whole = 0}> ({
  ^bb0(%i: tensor<i64>, %a: tensor<6xf32>):
    %b = kerf.slice %a, offsets = [0], limits = [2], strides = [1] : tensor<6xf32> -> tensor<2xf32>
    kerf.yield %b : tensor<2xf32>
  }) : (tensor<6xf32>) -> tensor<6xf32>
  return %y : tensor<6xf32>
}

// -----

func.func @yield_c4(%x: tensor<6xf32>) -> tensor<6xf32> {
  // expected-error @+1 {{the region does not end in kerf.yield of a block of its results}}
  %y = kerf.rows block = 2 index %i sliced(%a = %x : tensor<6xf32>) {
    %b = kerf.sum %a, axes = [0] : tensor<2xf32> -> tensor<f32>
    kerf.yield %b : tensor<f32>
  } -> tensor<6xf32>
  return %y : tensor<6xf32>
}

// -----

func.func @sums_c5(%x: tensor<6xf32>, %s: tensor<f32>) -> tensor<f32> {
  // expected-error @+1 {{the region does more to a sum than to add to it}}
  %y = kerf.rows block = 2 index %i sliced(%a = %x : tensor<6xf32>) sums(%t = %s : tensor<f32>) {
    %b = kerf.sum %a, axes = [0] : tensor<2xf32> -> tensor<f32>
    %next = kerf.mul %t, %b : tensor<f32>
    kerf.yield %next : tensor<f32>
  } -> tensor<f32>
  return %y : tensor<f32>
}
