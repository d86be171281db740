// There are no inputs, and no gradients, for an argument that is no tensor: refused before either is made.
// RUN: not kerf-run %s 2>&1 | FileCheck %s
// RUN: not kerf-run --compare %s 2>&1 | FileCheck %s
// RUN: not kerf-run --gradient %s 2>&1 | FileCheck %s

// CHECK-NOT: died
// CHECK: error: {{.*}}f32
func.func @scalar(%x: f32) -> f32 {
  return %x : f32
}
