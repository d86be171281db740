// What kerf-run has no inputs or no memory for is refused before it runs, in numbers.
// RUN: not kerf-run %s 2>&1 | FileCheck %s
// RUN: not kerf-run --compare %s 2>&1 | FileCheck %s
// RUN: not kerf-run --elements 9 --function small %s 2>&1 | FileCheck %s --check-prefix=SMALL
// RUN: kerf-run --elements 10 --function small %s

// CHECK: error: @large: its values have 12884901888 elements together, and a run takes 134217728 at most; --elements sets another limit
func.func @large(%x: tensor<65536x65536xf32>) -> tensor<65536x65536xf32> {
  %y = kerf.neg %x : tensor<65536x65536xf32>
  %z = kerf.neg %y : tensor<65536x65536xf32>
  return %z : tensor<65536x65536xf32>
}

// -----

// CHECK: error: @scalar takes 'f32', and there are inputs for tensors of static shape only
func.func @scalar(%x: f32) -> f32 {
  return %x : f32
}

// -----

// SMALL: error: @small: its values have 10 elements together, and a run takes 9 at most
func.func @small(%x: tensor<5xf32>) -> tensor<5xf32> {
  %y = kerf.neg %x : tensor<5xf32>
  return %y : tensor<5xf32>
}
