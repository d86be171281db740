// RUN: kerf-opt %s -split-input-file -verify-diagnostics | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -canonicalize | FileCheck %s --check-prefix=FOLD
// RUN: kerf-run --function edges --limit 36 %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// CHECK-LABEL: @awkward_sizes
//       CHECK: kerf.add %{{.*}}, %{{.*}} : tensor<f32>
//       CHECK: kerf.add %{{.*}}, %{{.*}} : tensor<7x17xf32>
// LOWER-LABEL: @awkward_sizes
//   LOWER-NOT: kerf.add
//       LOWER: arith.addf
func.func @awkward_sizes(%af: tensor<f32>, %bf: tensor<f32>,
                         %ag: tensor<1xf32>, %bg: tensor<1xf32>,
                         %ah: tensor<7x17xf32>, %bh: tensor<7x17xf32>,
                         %ai: tensor<65xf32>, %bi: tensor<65xf32>)
    -> (tensor<f32>, tensor<1xf32>, tensor<7x17xf32>, tensor<65xf32>) {
  %yf = kerf.add %af, %bf : tensor<f32>
  %yg = kerf.add %ag, %bg : tensor<1xf32>
  %yh = kerf.add %ah, %bh : tensor<7x17xf32>
  %yi = kerf.add %ai, %bi : tensor<65xf32>
  return %yf, %yg, %yh, %yi : tensor<f32>, tensor<1xf32>, tensor<7x17xf32>, tensor<65xf32>
}

func.func @double(%a: tensor<7xf64>, %b: tensor<7xf64>) -> tensor<7xf64> {
  %y = kerf.add %a, %b : tensor<7xf64>
  return %y : tensor<7xf64>
}

// LOWER-LABEL: @integers
//       LOWER: arith.addi
func.func @integers(%a: tensor<7xi32>, %b: tensor<7xi32>, %m: tensor<3xi64>, %n: tensor<3xi64>)
    -> (tensor<7xi32>, tensor<3xi64>) {
  %y = kerf.add %a, %b : tensor<7xi32>
  %z = kerf.add %m, %n : tensor<3xi64>
  return %y, %z : tensor<7xi32>, tensor<3xi64>
}

// Every pair of NaN, infinity, zeros and numbers.
// VALUE-LABEL: @edges
//  VALUE-NEXT: tensor<36xf32>: {{-?nan}} {{-?nan}} {{-?nan}} {{-?nan}} {{-?nan}} {{-?nan}}
//  VALUE-SAME: {{-?nan}} inf {{-?nan}} inf inf inf
//  VALUE-SAME: {{-?nan}} {{-?nan}} -inf -inf -inf -inf
//  VALUE-SAME: {{-?nan}} inf -inf -0 0 1.5
//  VALUE-SAME: {{-?nan}} inf -inf 0 0 1.5
//  VALUE-SAME: {{-?nan}} inf -inf 1.5 1.5 3
func.func @edges() -> tensor<36xf32> {
  %a = arith.constant dense<[0x7FC00000, 0x7F800000, 0xFF800000, -0.0, 0.0, 1.5]> : tensor<6xf32>
  %b = kerf.broadcast %a, dims = [0] : tensor<6xf32> -> tensor<6x6xf32>
  %c = kerf.broadcast %a, dims = [1] : tensor<6xf32> -> tensor<6x6xf32>
  %y = kerf.add %b, %c : tensor<6x6xf32>
  %z = kerf.reshape %y : tensor<6x6xf32> -> tensor<36xf32>
  return %z : tensor<36xf32>
}

// FOLD-LABEL: @plus_minus_zero
//  FOLD-SAME: %[[A:.*]]: tensor<5xf32>
//  FOLD-NEXT: return %[[A]]
func.func @plus_minus_zero(%a: tensor<5xf32>) -> tensor<5xf32> {
  %e = arith.constant dense<-0.0> : tensor<5xf32>
  %y = kerf.add %a, %e : tensor<5xf32>
  return %y : tensor<5xf32>
}

// FOLD-LABEL: @plus_zero_of_integers
//  FOLD-SAME: %[[A:.*]]: tensor<5xi32>
//  FOLD-NEXT: return %[[A]]
func.func @plus_zero_of_integers(%a: tensor<5xi32>) -> tensor<5xi32> {
  %e = arith.constant dense<0> : tensor<5xi32>
  %y = kerf.add %a, %e : tensor<5xi32>
  return %y : tensor<5xi32>
}

// -0 + 0 = 0.
// FOLD-LABEL: @plus_zero_is_not_nothing
//       FOLD: kerf.add
func.func @plus_zero_is_not_nothing(%a: tensor<5xf32>) -> tensor<5xf32> {
  %e = arith.constant dense<0.0> : tensor<5xf32>
  %y = kerf.add %a, %e : tensor<5xf32>
  return %y : tensor<5xf32>
}

// FOLD-LABEL: @constants
//       FOLD: %[[Y:.*]] = arith.constant dense<-2147483648> : tensor<5xi32>
//  FOLD-NEXT: return %[[Y]]
func.func @constants() -> tensor<5xi32> {
  %a = arith.constant dense<2147483647> : tensor<5xi32>
  %b = arith.constant dense<1> : tensor<5xi32>
  %y = kerf.add %a, %b : tensor<5xi32>
  return %y : tensor<5xi32>
}

// -----

func.func @equal_types(%a: tensor<4xf32>, %b: tensor<1xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{'kerf.add' op requires the same type for all operands and results}}
  %y = "kerf.add"(%a, %b) : (tensor<4xf32>, tensor<1xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @no_truth_values(%a: tensor<4xi1>) -> tensor<4xi1> {
  // expected-error @+1 {{'kerf.add' op operand #0 must be tensor of static shape, at most 8 axes, of 32-bit float or 64-bit float or bfloat16 type or 16-bit float or 64-bit signless integer or 32-bit signless integer or 16-bit signless integer or 8-bit signless integer, but got 'tensor<4xi1>'}}
  %y = kerf.add %a, %a : tensor<4xi1>
  return %y : tensor<4xi1>
}

// -----

func.func @static_shapes(%a: tensor<?xf32>) -> tensor<?xf32> {
  // expected-error @+1 {{'kerf.add' op operand #0 must be tensor of static shape, at most 8 axes, of 32-bit float or 64-bit float or bfloat16 type or 16-bit float or 64-bit signless integer or 32-bit signless integer or 16-bit signless integer or 8-bit signless integer, but got 'tensor<?xf32>'}}
  %y = kerf.add %a, %a : tensor<?xf32>
  return %y : tensor<?xf32>
}

// -----

func.func @at_most_8_axes(%a: tensor<1x1x1x1x1x1x1x1x2xf32>) -> tensor<1x1x1x1x1x1x1x1x2xf32> {
  // expected-error @+1 {{'kerf.add' op operand #0 must be tensor of static shape, at most 8 axes, of 32-bit float or 64-bit float or bfloat16 type or 16-bit float or 64-bit signless integer or 32-bit signless integer or 16-bit signless integer or 8-bit signless integer, but got 'tensor<1x1x1x1x1x1x1x1x2xf32>'}}
  %y = kerf.add %a, %a : tensor<1x1x1x1x1x1x1x1x2xf32>
  return %y : tensor<1x1x1x1x1x1x1x1x2xf32>
}
