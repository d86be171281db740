// RUN: kerf-opt %s -split-input-file -verify-diagnostics | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -canonicalize | FileCheck %s --check-prefix=FOLD
// RUN: kerf-run --limit 64 --function edges %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compiled --limit 64 --function edges %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compare %s

// CHECK-LABEL: @awkward_sizes
//       CHECK: kerf.bit_not %{{.*}} : tensor<7x17xi1>
// LOWER-LABEL: @awkward_sizes
//   LOWER-NOT: kerf.bit_not
//       LOWER: arith.xori
func.func @awkward_sizes(%a: tensor<7x17xi1>, %b: tensor<65xi32>, %c: tensor<i64>, %d: tensor<0x3xi1>)
    -> (tensor<7x17xi1>, tensor<65xi32>, tensor<i64>, tensor<0x3xi1>) {
  %x = kerf.bit_not %a : tensor<7x17xi1>
  %y = kerf.bit_not %b : tensor<65xi32>
  %z = kerf.bit_not %c : tensor<i64>
  %w = kerf.bit_not %d : tensor<0x3xi1>
  return %x, %y, %z, %w : tensor<7x17xi1>, tensor<65xi32>, tensor<i64>, tensor<0x3xi1>
}

// VALUE-LABEL: @edges
//  VALUE-NEXT: tensor<2xi1>: 1 0
//  VALUE-NEXT: tensor<4xi32>: -1 0 2147483647 -8
func.func @edges() -> (tensor<2xi1>, tensor<4xi32>) {
  %a = arith.constant dense<[false, true]> : tensor<2xi1>
  %b = arith.constant dense<[0, -1, -2147483648, 7]> : tensor<4xi32>
  %x = kerf.bit_not %a : tensor<2xi1>
  %y = kerf.bit_not %b : tensor<4xi32>
  return %x, %y : tensor<2xi1>, tensor<4xi32>
}

// FOLD-LABEL: @twice
//  FOLD-SAME: %[[A:.*]]: tensor<5xi1>
//  FOLD-NEXT: return %[[A]]
func.func @twice(%a: tensor<5xi1>) -> tensor<5xi1> {
  %x = kerf.bit_not %a : tensor<5xi1>
  %y = kerf.bit_not %x : tensor<5xi1>
  return %y : tensor<5xi1>
}

// FOLD-LABEL: @constant
//       FOLD: %[[Y:.*]] = arith.constant dense<false> : tensor<5xi1>
//  FOLD-NEXT: return %[[Y]]
func.func @constant() -> tensor<5xi1> {
  %a = arith.constant dense<true> : tensor<5xi1>
  %y = kerf.bit_not %a : tensor<5xi1>
  return %y : tensor<5xi1>
}
