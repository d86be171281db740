// RUN: kerf-opt %s -split-input-file -verify-diagnostics | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-run --limit 17 --function awkward_sizes %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compiled --limit 17 --function awkward_sizes %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compare %s

// CHECK-LABEL: @awkward_sizes
//       CHECK: kerf.iota : tensor<1xi64>
//       CHECK: kerf.iota : tensor<17xi64>
// LOWER-LABEL: @awkward_sizes
//   LOWER-NOT: kerf.iota
//       LOWER: linalg.index 0
// VALUE-LABEL: @awkward_sizes
//  VALUE-NEXT: tensor<0xi64>:
//  VALUE-NEXT: tensor<1xi64>: 0
//  VALUE-NEXT: tensor<17xi64>: 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16
func.func @awkward_sizes() -> (tensor<0xi64>, tensor<1xi64>, tensor<17xi64>) {
  %x = kerf.iota : tensor<0xi64>
  %y = kerf.iota : tensor<1xi64>
  %z = kerf.iota : tensor<17xi64>
  return %x, %y, %z : tensor<0xi64>, tensor<1xi64>, tensor<17xi64>
}

// One where the class is.
func.func @beside_labels(%labels: tensor<9xi64>) -> tensor<9x5xi1> {
  %i = kerf.iota : tensor<5xi64>
  %a = kerf.broadcast %i, dims = [1] : tensor<5xi64> -> tensor<9x5xi64>
  %b = kerf.broadcast %labels, dims = [0] : tensor<9xi64> -> tensor<9x5xi64>
  %y = kerf.compare %a, %b, predicate = "eq" : tensor<9x5xi64> -> tensor<9x5xi1>
  return %y : tensor<9x5xi1>
}

// -----

func.func @rank_c1() -> tensor<2x3xi64> {
  // expected-error @+1 {{'kerf.iota' op y has one axis, not 2: 'tensor<2x3xi64>'}}
  %y = kerf.iota : tensor<2x3xi64>
  return %y : tensor<2x3xi64>
}

// -----

func.func @integers_c1() -> tensor<3xf32> {
  // expected-error @+1 {{'kerf.iota' op result #0 must be tensor of static shape, at most 8 axes, of 64-bit signless integer, but got 'tensor<3xf32>'}}
  %y = kerf.iota : tensor<3xf32>
  return %y : tensor<3xf32>
}
