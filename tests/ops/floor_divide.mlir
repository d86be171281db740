// RUN: kerf-opt %s -split-input-file -verify-diagnostics | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -canonicalize | FileCheck %s --check-prefix=FOLD
// RUN: kerf-run --limit 64 --function edges %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compiled --limit 64 --function edges %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compare %s

// CHECK-LABEL: @awkward_sizes
//       CHECK: kerf.floor_divide %{{.*}}, %{{.*}} : tensor<7x17xi32>
// LOWER-LABEL: @awkward_sizes
//   LOWER-NOT: kerf.floor_divide
//       LOWER: arith.divsi
func.func @awkward_sizes(%a0: tensor<7x17xi32>, %b0: tensor<7x17xi32>, %a1: tensor<65xi64>, %b1: tensor<65xi64>, %a2: tensor<i32>, %b2: tensor<i32>, %a3: tensor<1xi64>, %b3: tensor<1xi64>, %a4: tensor<0x3xi32>, %b4: tensor<0x3xi32>)
    -> (tensor<7x17xi32>, tensor<65xi64>, tensor<i32>, tensor<1xi64>, tensor<0x3xi32>) {
  %y0 = kerf.floor_divide %a0, %b0 : tensor<7x17xi32>
  %y1 = kerf.floor_divide %a1, %b1 : tensor<65xi64>
  %y2 = kerf.floor_divide %a2, %b2 : tensor<i32>
  %y3 = kerf.floor_divide %a3, %b3 : tensor<1xi64>
  %y4 = kerf.floor_divide %a4, %b4 : tensor<0x3xi32>
  return %y0, %y1, %y2, %y3, %y4 : tensor<7x17xi32>, tensor<65xi64>, tensor<i32>, tensor<1xi64>, tensor<0x3xi32>
}

// Every corner.
// VALUE-LABEL: @edges
//  VALUE-NEXT: tensor<18xi32>: 3 -4 -4 3 2 -2 0 0 0 0 -2147483648 -2147483648 -2147483647 1 -1 -2 -1 -1
//  VALUE-NEXT: tensor<18xi64>: 3 -4 -4 3 2 -2 0 0 0 0 -9223372036854775808 -9223372036854775808 -9223372036854775807 1 -1 -2 -1 -1
func.func @edges() -> (tensor<18xi32>, tensor<18xi64>) {
  %a32 = arith.constant dense<[7, -7, 7, -7, 6, -6, 5, -5, 0, 0, -2147483648, -2147483648, 2147483647, -2147483648, 2147483647, -2147483648, 1, -1]> : tensor<18xi32>
  %b32 = arith.constant dense<[2, 2, -2, -2, 3, 3, 0, 0, 0, -3, -1, 1, -1, -2147483648, -2147483648, 2147483647, -2147483648, 2147483647]> : tensor<18xi32>
  %y32 = kerf.floor_divide %a32, %b32 : tensor<18xi32>
  %a64 = arith.constant dense<[7, -7, 7, -7, 6, -6, 5, -5, 0, 0, -9223372036854775808, -9223372036854775808, 9223372036854775807, -9223372036854775808, 9223372036854775807, -9223372036854775808, 1, -1]> : tensor<18xi64>
  %b64 = arith.constant dense<[2, 2, -2, -2, 3, 3, 0, 0, 0, -3, -1, 1, -1, -9223372036854775808, -9223372036854775808, 9223372036854775807, -9223372036854775808, 9223372036854775807]> : tensor<18xi64>
  %y64 = kerf.floor_divide %a64, %b64 : tensor<18xi64>
  return %y32, %y64 : tensor<18xi32>, tensor<18xi64>
}

// FOLD-LABEL: @by_1
//  FOLD-SAME: %[[A:.*]]: tensor<5xi32>
//  FOLD-NEXT: return %[[A]]
func.func @by_1(%a: tensor<5xi32>) -> tensor<5xi32> {
  %b = arith.constant dense<1> : tensor<5xi32>
  %y = kerf.floor_divide %a, %b : tensor<5xi32>
  return %y : tensor<5xi32>
}

// FOLD-LABEL: @constants
//       FOLD: %[[Y:.*]] = arith.constant dense<-4> : tensor<5xi32>
//  FOLD-NEXT: return %[[Y]]
func.func @constants() -> tensor<5xi32> {
  %a = arith.constant dense<-7> : tensor<5xi32>
  %b = arith.constant dense<2> : tensor<5xi32>
  %y = kerf.floor_divide %a, %b : tensor<5xi32>
  return %y : tensor<5xi32>
}

// -----

func.func @no_floats(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{'kerf.floor_divide' op operand #0 must be tensor of static shape, at most 8 axes, of 64-bit signless integer or 32-bit signless integer or 16-bit signless integer or 8-bit signless integer, but got 'tensor<4xf32>'}}
  %y = kerf.floor_divide %x, %x : tensor<4xf32>
  return %y : tensor<4xf32>
}
