// RUN: kerf-opt %s -split-input-file -verify-diagnostics | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -canonicalize | FileCheck %s --check-prefix=FOLD
// RUN: kerf-run --limit 64 --function edges %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compiled --limit 64 --function edges %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --limit 64 --function edges_of_floats %s | FileCheck %s --check-prefix=FLOAT
// RUN: kerf-run --compiled --limit 64 --function edges_of_floats %s | FileCheck %s --check-prefix=FLOAT
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// CHECK-LABEL: @awkward_sizes
//       CHECK: kerf.remainder %{{.*}}, %{{.*}} : tensor<7x17xi32>
// LOWER-LABEL: @awkward_sizes
//   LOWER-NOT: kerf.remainder
//       LOWER: arith.divsi
func.func @awkward_sizes(%a0: tensor<7x17xi32>, %b0: tensor<7x17xi32>, %a1: tensor<65xi64>, %b1: tensor<65xi64>, %a2: tensor<i32>, %b2: tensor<i32>, %a3: tensor<1xi64>, %b3: tensor<1xi64>, %a4: tensor<0x3xi32>, %b4: tensor<0x3xi32>)
    -> (tensor<7x17xi32>, tensor<65xi64>, tensor<i32>, tensor<1xi64>, tensor<0x3xi32>) {
  %y0 = kerf.remainder %a0, %b0 : tensor<7x17xi32>
  %y1 = kerf.remainder %a1, %b1 : tensor<65xi64>
  %y2 = kerf.remainder %a2, %b2 : tensor<i32>
  %y3 = kerf.remainder %a3, %b3 : tensor<1xi64>
  %y4 = kerf.remainder %a4, %b4 : tensor<0x3xi32>
  return %y0, %y1, %y2, %y3, %y4 : tensor<7x17xi32>, tensor<65xi64>, tensor<i32>, tensor<1xi64>, tensor<0x3xi32>
}

// LOWER-LABEL: @floats
//       LOWER: arith.remf
func.func @floats(%a: tensor<65xf32> {kerf.range = [-9.0, 9.0]}, %b: tensor<65xf32> {kerf.range = [0.5, 2.0]},
                  %c: tensor<7xf64> {kerf.range = [-9.0, 9.0]}, %d: tensor<7xf64> {kerf.range = [-2.0, -0.5]})
    -> (tensor<65xf32>, tensor<7xf64>) {
  %y = kerf.remainder %a, %b : tensor<65xf32>
  %z = kerf.remainder %c, %d : tensor<7xf64>
  return %y, %z : tensor<65xf32>, tensor<7xf64>
}

// Far apart: exact still.
func.func @far(%a: tensor<65xf64> {kerf.range = [-1.0e+300, 1.0e+300]}, %b: tensor<65xf64>)
    -> tensor<65xf64> attributes {kerf.no_gradient} {
  %y = kerf.remainder %a, %b : tensor<65xf64>
  return %y : tensor<65xf64>
}

// FLOAT-LABEL: @edges_of_floats
//  FLOAT-NEXT: tensor<10xf32>: 1.5 0.5 -0.5 -1.5 {{-?nan}} {{-?nan}} 5 inf 1.198891 {{-?nan}}
func.func @edges_of_floats() -> tensor<10xf32> {
  %a = arith.constant dense<[5.5, -5.5, 5.5, -5.5, 5.5, 0x7F800000, 5.0, -5.0, 1.0e+20, 0x7FC00000]> : tensor<10xf32>
  %b = arith.constant dense<[2.0, 2.0, -2.0, -2.0, 0.0, 2.0, 0x7F800000, 0x7F800000, 3.00001, 2.0]> : tensor<10xf32>
  %y = kerf.remainder %a, %b : tensor<10xf32>
  return %y : tensor<10xf32>
}

// Every corner.
// VALUE-LABEL: @edges
//  VALUE-NEXT: tensor<18xi32>: 1 1 -1 -1 0 0 5 -5 0 0 0 0 0 0 -1 2147483646 -2147483647 2147483646
//  VALUE-NEXT: tensor<18xi64>: 1 1 -1 -1 0 0 5 -5 0 0 0 0 0 0 -1 9223372036854775806 -9223372036854775807 9223372036854775806
func.func @edges() -> (tensor<18xi32>, tensor<18xi64>) {
  %a32 = arith.constant dense<[7, -7, 7, -7, 6, -6, 5, -5, 0, 0, -2147483648, -2147483648, 2147483647, -2147483648, 2147483647, -2147483648, 1, -1]> : tensor<18xi32>
  %b32 = arith.constant dense<[2, 2, -2, -2, 3, 3, 0, 0, 0, -3, -1, 1, -1, -2147483648, -2147483648, 2147483647, -2147483648, 2147483647]> : tensor<18xi32>
  %y32 = kerf.remainder %a32, %b32 : tensor<18xi32>
  %a64 = arith.constant dense<[7, -7, 7, -7, 6, -6, 5, -5, 0, 0, -9223372036854775808, -9223372036854775808, 9223372036854775807, -9223372036854775808, 9223372036854775807, -9223372036854775808, 1, -1]> : tensor<18xi64>
  %b64 = arith.constant dense<[2, 2, -2, -2, 3, 3, 0, 0, 0, -3, -1, 1, -1, -9223372036854775808, -9223372036854775808, 9223372036854775807, -9223372036854775808, 9223372036854775807]> : tensor<18xi64>
  %y64 = kerf.remainder %a64, %b64 : tensor<18xi64>
  return %y32, %y64 : tensor<18xi32>, tensor<18xi64>
}

// FOLD-LABEL: @constants
//       FOLD: %[[Y:.*]] = arith.constant dense<1> : tensor<5xi32>
//  FOLD-NEXT: return %[[Y]]
func.func @constants() -> tensor<5xi32> {
  %a = arith.constant dense<-7> : tensor<5xi32>
  %b = arith.constant dense<2> : tensor<5xi32>
  %y = kerf.remainder %a, %b : tensor<5xi32>
  return %y : tensor<5xi32>
}

// -----

func.func @no_truths(%x: tensor<4xi1>) -> tensor<4xi1> {
  // expected-error @+1 {{'kerf.remainder' op operand #0 must be tensor of static shape, at most 8 axes, of 32-bit float or 64-bit float or bfloat16 type or 16-bit float or 64-bit signless integer or 32-bit signless integer or 16-bit signless integer or 8-bit signless integer, but got 'tensor<4xi1>'}}
  %y = kerf.remainder %x, %x : tensor<4xi1>
  return %y : tensor<4xi1>
}
