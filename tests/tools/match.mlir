// RUN: kerf-run --match vq --tolerance 0 %s | FileCheck %s
// RUN: kerf-run --match vq --tolerance 0 --function far_apart %s | FileCheck %s --check-prefix=FAR
// RUN: not kerf-run --match nothing %s 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// UNKNOWN: --match: nothing not in {attention,vq,rows}

// Scores next to each other in f32, which a factor below 1 makes equal: without fusion the first of
// them is taken, fused the least. No code is wrong.
// CHECK: @near_ties: {{[1-9][0-9]*}} choices differ, each within rounding of the best
// CHECK-NEXT: @near_ties: vq fused agrees
func.func @near_ties(%z: tensor<200x5xf32> {kerf.range = [1.0, 1.000001]}, %e: tensor<65x5xf32> {kerf.range = [1.0, 1.000001]})
    -> (tensor<200xi64>, tensor<200x5xf32>) {
  %ee = kerf.mul %e, %e : tensor<65x5xf32>
  %n = kerf.sum %ee, axes = [1] : tensor<65x5xf32> -> tensor<65xf32>
  %b = kerf.broadcast %n, dims = [1] : tensor<65xf32> -> tensor<200x65xf32>
  %two = arith.constant dense<2.0> : tensor<200x5xf32>
  %w = kerf.mul %z, %two : tensor<200x5xf32>
  %d = kerf.contract %w, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<200x5xf32>, tensor<65x5xf32> -> tensor<200x65xf32>
  %t = kerf.sub %b, %d : tensor<200x65xf32>
  %f = arith.constant dense<0.9> : tensor<200x65xf32>
  %s = kerf.mul %t, %f : tensor<200x65xf32>
  %y = kerf.argmin %s, axis = 1 : tensor<200x65xf32> -> tensor<200xi64>
  %q = kerf.gather %e, %y : tensor<65x5xf32>, tensor<200xi64> -> tensor<200x5xf32>
  return %y, %q : tensor<200xi64>, tensor<200x5xf32>
}

// The same codes: nothing is said of choices.
// FAR-NOT: choices differ
// FAR: @far_apart: vq fused agrees
func.func @far_apart(%z: tensor<20x5xf32>, %e: tensor<65x5xf32>) -> tensor<20xi64> {
  %ee = kerf.mul %e, %e : tensor<65x5xf32>
  %n = kerf.sum %ee, axes = [1] : tensor<65x5xf32> -> tensor<65xf32>
  %b = kerf.broadcast %n, dims = [1] : tensor<65xf32> -> tensor<20x65xf32>
  %two = arith.constant dense<2.0> : tensor<20x5xf32>
  %w = kerf.mul %z, %two : tensor<20x5xf32>
  %d = kerf.contract %w, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<20x5xf32>, tensor<65x5xf32> -> tensor<20x65xf32>
  %s = kerf.sub %b, %d : tensor<20x65xf32>
  %y = kerf.argmin %s, axis = 1 : tensor<20x65xf32> -> tensor<20xi64>
  return %y : tensor<20xi64>
}
