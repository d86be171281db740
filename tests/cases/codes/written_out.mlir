// A distance written out as kmeans has it, about 10,000, where its own rounding chooses for it: the fused search is exact, and
// is said to differ from what was written.
// RUN: kerf-run --mode f64 --limit 64 %s | grep -o "i64.*" > %t.f64
// RUN: kerf-run --compiled --limit 64 %s | grep -o "i64.*" > %t.compiled
// RUN: diff %t.f64 %t.compiled
// RUN: kerf-run --compare %s | FileCheck %s
// RUN: kerf-run --match vq --tolerance 0 %s | FileCheck %s --check-prefix=MATCH
// CHECK: @expanded: compiled agrees; decided within rounding: argmin {{[0-9]+}} of 64 (largest loss
// MATCH: @expanded: {{[0-9]+}} choices differ, each within rounding of the best
func.func @expanded(%z: tensor<64x16xf32> {kerf.range = [9998.0, 10002.0]}, %e: tensor<40x16xf32> {kerf.range = [9998.0, 10002.0]}) -> tensor<64xi64> {
  %sq = kerf.mul %e, %e : tensor<40x16xf32>
  %n = kerf.sum %sq, axes = [1] : tensor<40x16xf32> -> tensor<40xf32>
  %nb = kerf.broadcast %n, dims = [1] : tensor<40xf32> -> tensor<64x40xf32>
  %two = arith.constant dense<2.0> : tensor<64x16xf32>
  %z2 = kerf.mul %z, %two : tensor<64x16xf32>
  %d = kerf.contract %z2, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<64x16xf32>, tensor<40x16xf32> -> tensor<64x40xf32>
  %s = kerf.sub %nb, %d : tensor<64x40xf32>
  %y = kerf.argmin %s, axis = 1 : tensor<64x40xf32> -> tensor<64xi64>
  return %y : tensor<64xi64>
}
