// RUN: kerf-opt %s -split-input-file -verify-diagnostics | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -canonicalize | FileCheck %s --check-prefix=FOLD
// RUN: kerf-run --function edges --limit 36 %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compare %s
// RUN: kerf-run --gradient --second %s

// CHECK-LABEL: @awkward_sizes
//       CHECK: kerf.compare %{{.*}}, %{{.*}}, predicate = "lt" : tensor<7x17xf32> -> tensor<7x17xi1>
// LOWER-LABEL: @awkward_sizes
//   LOWER-NOT: kerf.compare
//       LOWER: arith.cmpf olt
//       LOWER: arith.cmpf oge
//       LOWER: arith.cmpf une
func.func @awkward_sizes(%a: tensor<7x17xf32>, %b: tensor<7x17xf32>, %c: tensor<65xf32>, %d: tensor<65xf32>,
                         %e: tensor<f32>, %f: tensor<f32>)
    -> (tensor<7x17xf32>, tensor<65xf32>, tensor<f32>) {
  %l = kerf.compare %a, %b, predicate = "lt" : tensor<7x17xf32> -> tensor<7x17xi1>
  %x = kerf.select %l, %a, %b : tensor<7x17xi1>, tensor<7x17xf32>
  %m = kerf.compare %c, %d, predicate = "ge" : tensor<65xf32> -> tensor<65xi1>
  %y = kerf.select %m, %c, %d : tensor<65xi1>, tensor<65xf32>
  %n = kerf.compare %e, %f, predicate = "ne" : tensor<f32> -> tensor<i1>
  %z = kerf.select %n, %e, %f : tensor<i1>, tensor<f32>
  return %x, %y, %z : tensor<7x17xf32>, tensor<65xf32>, tensor<f32>
}

// Every pair of NaN, infinity, zeros and numbers.
// VALUE-LABEL: @edges
//  VALUE-NEXT: tensor<6x6xi1>: 0 0 0 0 0 0  0 0 0 0 0 0  0 1 0 1 1 1  0 1 0 0 0 1  0 1 0 0 0 1  0 1 0 0 0 0
//  VALUE-NEXT: tensor<6x6xi1>: 0 0 0 0 0 0  0 1 0 0 0 0  0 1 1 1 1 1  0 1 0 1 1 1  0 1 0 1 1 1  0 1 0 0 0 1
//  VALUE-NEXT: tensor<6x6xi1>: 0 0 0 0 0 0  0 0 1 1 1 1  0 0 0 0 0 0  0 0 1 0 0 0  0 0 1 0 0 0  0 0 1 1 1 0
//  VALUE-NEXT: tensor<6x6xi1>: 0 0 0 0 0 0  0 1 1 1 1 1  0 0 1 0 0 0  0 0 1 1 1 0  0 0 1 1 1 0  0 0 1 1 1 1
//  VALUE-NEXT: tensor<6x6xi1>: 0 0 0 0 0 0  0 1 0 0 0 0  0 0 1 0 0 0  0 0 0 1 1 0  0 0 0 1 1 0  0 0 0 0 0 1
//  VALUE-NEXT: tensor<6x6xi1>: 1 1 1 1 1 1  1 0 1 1 1 1  1 1 0 1 1 1  1 1 1 0 0 1  1 1 1 0 0 1  1 1 1 1 1 0
func.func @edges() -> (tensor<6x6xi1>, tensor<6x6xi1>, tensor<6x6xi1>, tensor<6x6xi1>, tensor<6x6xi1>, tensor<6x6xi1>) {
  %a = arith.constant dense<[0x7FC00000, 0x7F800000, 0xFF800000, -0.0, 0.0, 1.5]> : tensor<6xf32>
  %b = kerf.broadcast %a, dims = [0] : tensor<6xf32> -> tensor<6x6xf32>
  %c = kerf.broadcast %a, dims = [1] : tensor<6xf32> -> tensor<6x6xf32>
  %lt = kerf.compare %b, %c, predicate = "lt" : tensor<6x6xf32> -> tensor<6x6xi1>
  %le = kerf.compare %b, %c, predicate = "le" : tensor<6x6xf32> -> tensor<6x6xi1>
  %gt = kerf.compare %b, %c, predicate = "gt" : tensor<6x6xf32> -> tensor<6x6xi1>
  %ge = kerf.compare %b, %c, predicate = "ge" : tensor<6x6xf32> -> tensor<6x6xi1>
  %eq = kerf.compare %b, %c, predicate = "eq" : tensor<6x6xf32> -> tensor<6x6xi1>
  %ne = kerf.compare %b, %c, predicate = "ne" : tensor<6x6xf32> -> tensor<6x6xi1>
  return %lt, %le, %gt, %ge, %eq, %ne
      : tensor<6x6xi1>, tensor<6x6xi1>, tensor<6x6xi1>, tensor<6x6xi1>, tensor<6x6xi1>, tensor<6x6xi1>
}

// LOWER-LABEL: @integers
//       LOWER: arith.cmpi slt
//       LOWER: arith.cmpi sle
//       LOWER: arith.cmpi sgt
//       LOWER: arith.cmpi sge
//       LOWER: arith.cmpi eq
//       LOWER: arith.cmpi ne
func.func @integers(%a: tensor<17xi64>, %b: tensor<17xi64>)
    -> (tensor<17xi1>, tensor<17xi1>, tensor<17xi1>, tensor<17xi1>, tensor<17xi1>, tensor<17xi1>) {
  %lt = kerf.compare %a, %b, predicate = "lt" : tensor<17xi64> -> tensor<17xi1>
  %le = kerf.compare %a, %b, predicate = "le" : tensor<17xi64> -> tensor<17xi1>
  %gt = kerf.compare %a, %b, predicate = "gt" : tensor<17xi64> -> tensor<17xi1>
  %ge = kerf.compare %a, %b, predicate = "ge" : tensor<17xi64> -> tensor<17xi1>
  %eq = kerf.compare %a, %b, predicate = "eq" : tensor<17xi64> -> tensor<17xi1>
  %ne = kerf.compare %a, %b, predicate = "ne" : tensor<17xi64> -> tensor<17xi1>
  return %lt, %le, %gt, %ge, %eq, %ne
      : tensor<17xi1>, tensor<17xi1>, tensor<17xi1>, tensor<17xi1>, tensor<17xi1>, tensor<17xi1>
}

// LOWER-LABEL: @truth_values
//       LOWER: arith.cmpi ult
//       LOWER: arith.cmpi ule
//       LOWER: arith.cmpi ugt
//       LOWER: arith.cmpi uge
//       LOWER: arith.cmpi eq
//       LOWER: arith.cmpi ne
func.func @truth_values(%a: tensor<17xi1>, %b: tensor<17xi1>)
    -> (tensor<17xi1>, tensor<17xi1>, tensor<17xi1>, tensor<17xi1>, tensor<17xi1>, tensor<17xi1>) {
  %lt = kerf.compare %a, %b, predicate = "lt" : tensor<17xi1> -> tensor<17xi1>
  %le = kerf.compare %a, %b, predicate = "le" : tensor<17xi1> -> tensor<17xi1>
  %gt = kerf.compare %a, %b, predicate = "gt" : tensor<17xi1> -> tensor<17xi1>
  %ge = kerf.compare %a, %b, predicate = "ge" : tensor<17xi1> -> tensor<17xi1>
  %eq = kerf.compare %a, %b, predicate = "eq" : tensor<17xi1> -> tensor<17xi1>
  %ne = kerf.compare %a, %b, predicate = "ne" : tensor<17xi1> -> tensor<17xi1>
  return %lt, %le, %gt, %ge, %eq, %ne
      : tensor<17xi1>, tensor<17xi1>, tensor<17xi1>, tensor<17xi1>, tensor<17xi1>, tensor<17xi1>
}

// FOLD-LABEL: @constants
//       FOLD: %[[Y:.*]] = arith.constant dense<true> : tensor<5xi1>
//  FOLD-NEXT: return %[[Y]]
func.func @constants() -> tensor<5xi1> {
  %a = arith.constant dense<-1> : tensor<5xi32>
  %b = arith.constant dense<1> : tensor<5xi32>
  %y = kerf.compare %a, %b, predicate = "lt" : tensor<5xi32> -> tensor<5xi1>
  return %y : tensor<5xi1>
}

// -----

func.func @predicate_c1(%a: tensor<4xf32>) -> tensor<4xi1> {
  // expected-error @+1 {{'kerf.compare' op attribute 'predicate' failed to satisfy constraint: string attribute whose value is one of lt, le, gt, ge, eq, ne}}
  %y = kerf.compare %a, %a, predicate = "less" : tensor<4xf32> -> tensor<4xi1>
  return %y : tensor<4xi1>
}

// -----

func.func @equal_types_c2(%a: tensor<4xf32>, %b: tensor<4xf64>) -> tensor<4xi1> {
  // expected-error @+1 {{'kerf.compare' op failed to verify that all of {a, b} have same type}}
  %y = "kerf.compare"(%a, %b) <{predicate = "lt"}> : (tensor<4xf32>, tensor<4xf64>) -> tensor<4xi1>
  return %y : tensor<4xi1>
}

// -----

func.func @shape_c3(%a: tensor<4x8xf32>) -> tensor<8xi1> {
  // expected-error @+1 {{'kerf.compare' op the result is [8] but should be [4, 8]}}
  %y = kerf.compare %a, %a, predicate = "lt" : tensor<4x8xf32> -> tensor<8xi1>
  return %y : tensor<8xi1>
}
