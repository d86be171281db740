// RUN: kerf-opt %s -split-input-file -verify-diagnostics | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -canonicalize | FileCheck %s --check-prefix=FOLD
// RUN: kerf-run --limit 64 --function edges %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compiled --limit 64 --function edges %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compare %s

// CHECK-LABEL: @awkward_sizes
//       CHECK: kerf.bit_and %{{.*}}, %{{.*}} : tensor<7x17xi1>
// LOWER-LABEL: @awkward_sizes
//   LOWER-NOT: kerf.bit_and
//       LOWER: arith.andi
func.func @awkward_sizes(%a0: tensor<7x17xi1>, %b0: tensor<7x17xi1>, %a1: tensor<65xi32>, %b1: tensor<65xi32>, %a2: tensor<i64>, %b2: tensor<i64>, %a3: tensor<1xi1>, %b3: tensor<1xi1>, %a4: tensor<0x3xi32>, %b4: tensor<0x3xi32>)
    -> (tensor<7x17xi1>, tensor<65xi32>, tensor<i64>, tensor<1xi1>, tensor<0x3xi32>) {
  %y0 = kerf.bit_and %a0, %b0 : tensor<7x17xi1>
  %y1 = kerf.bit_and %a1, %b1 : tensor<65xi32>
  %y2 = kerf.bit_and %a2, %b2 : tensor<i64>
  %y3 = kerf.bit_and %a3, %b3 : tensor<1xi1>
  %y4 = kerf.bit_and %a4, %b4 : tensor<0x3xi32>
  return %y0, %y1, %y2, %y3, %y4 : tensor<7x17xi1>, tensor<65xi32>, tensor<i64>, tensor<1xi1>, tensor<0x3xi32>
}

// Every corner.
// VALUE-LABEL: @edges
//  VALUE-NEXT: tensor<4xi1>: 0 0 0 1
//  VALUE-NEXT: tensor<5xi32>: 8 5 -2147483648 2 0
//  VALUE-NEXT: tensor<5xi64>: 8 5 -9223372036854775808 2 0
func.func @edges() -> (tensor<4xi1>, tensor<5xi32>, tensor<5xi64>) {
  %a1 = arith.constant dense<[false, false, true, true]> : tensor<4xi1>
  %b1 = arith.constant dense<[false, true, false, true]> : tensor<4xi1>
  %y1 = kerf.bit_and %a1, %b1 : tensor<4xi1>
  %a32 = arith.constant dense<[12, -1, -2147483648, -6, 0]> : tensor<5xi32>
  %b32 = arith.constant dense<[10, 5, -1, 3, 7]> : tensor<5xi32>
  %y32 = kerf.bit_and %a32, %b32 : tensor<5xi32>
  %a64 = arith.constant dense<[12, -1, -9223372036854775808, -6, 0]> : tensor<5xi64>
  %b64 = arith.constant dense<[10, 5, -1, 3, 7]> : tensor<5xi64>
  %y64 = kerf.bit_and %a64, %b64 : tensor<5xi64>
  return %y1, %y32, %y64 : tensor<4xi1>, tensor<5xi32>, tensor<5xi64>
}

// FOLD-LABEL: @equal_operands
//  FOLD-SAME: %[[A:.*]]: tensor<5xi32>
//  FOLD-NEXT: return %[[A]]
func.func @equal_operands(%a: tensor<5xi32>) -> tensor<5xi32> {
  %y = kerf.bit_and %a, %a : tensor<5xi32>
  return %y : tensor<5xi32>
}

// FOLD-LABEL: @constants
//       FOLD: %[[Y:.*]] = arith.constant dense<0> : tensor<5xi32>
//  FOLD-NEXT: return %[[Y]]
func.func @constants() -> tensor<5xi32> {
  %a = arith.constant dense<-7> : tensor<5xi32>
  %b = arith.constant dense<2> : tensor<5xi32>
  %y = kerf.bit_and %a, %b : tensor<5xi32>
  return %y : tensor<5xi32>
}

// -----

func.func @no_floats(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{'kerf.bit_and' op operand #0 must be tensor of static shape, at most 8 axes, of 64-bit signless integer or 32-bit signless integer or 16-bit signless integer or 8-bit signless integer or 1-bit signless integer, but got 'tensor<4xf32>'}}
  %y = kerf.bit_and %x, %x : tensor<4xf32>
  return %y : tensor<4xf32>
}
