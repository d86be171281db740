// RUN: mkdir -p %t
// RUN: env KERF_PRINT=llvm kerf-compile %s -o %t --sanitize thread --target x86-64-v3 2>&1 | FileCheck %s
// RUN: env KERF_PRINT=llvm kerf-compile %s -o %t --target x86-64-v3 2>&1 | FileCheck %s --check-prefix=PLAIN
// RUN: not kerf-compile %s -o %t --sanitize memory 2>&1 | FileCheck %s --check-prefix=WRONG
// PLAIN-NOT: tsan
// WRONG: --sanitize: memory not in {thread}

// Registers, which LLVM's pass leaves out, and what it takes itself.
// CHECK-LABEL: define {{.*}}@kerf_loop_0_task0.x86-64-v3(
//       CHECK: call void @__tsan_read_range(ptr [[FROM:%[0-9]+]], i64 64)
//  CHECK-NEXT: load <16 x float>, ptr [[FROM]]
//       CHECK: call void @__tsan_write_range(ptr [[TO:%[0-9]+]], i64 64)
//  CHECK-NEXT: store <16 x float> {{.*}}, ptr [[TO]]
//       CHECK: call void @__tsan_write4
func.func @wide(%x: tensor<6007xf32> {kerf.name = "x"}) -> (tensor<6007xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = kerf.exp %x : tensor<6007xf32>
  return %y : tensor<6007xf32>
}

// A mask: lanes that are off are not accessed.
// CHECK-LABEL: define {{.*}}@kerf_kernel_gemm_task0.x86-64-v3(
//       CHECK: [[LANE:%[0-9]+]] = getelementptr float, ptr [[ROW:%[0-9]+]], i64 7
//  CHECK-NEXT: [[ON:%[0-9]+]] = extractelement <8 x i1> [[MASK:%[0-9]+]], i64 7
//  CHECK-NEXT: [[ADDRESS:%[0-9]+]] = select i1 [[ON]], ptr [[LANE]], ptr
//  CHECK-NEXT: call void @__tsan_read_range(ptr [[ADDRESS]], i64 4)
//  CHECK-NEXT: call <8 x float> @llvm.masked.load.v8f32.p0(ptr {{.*}}[[ROW]], <8 x i1> [[MASK]],
func.func @masked(%a: tensor<40x300xf32> {kerf.name = "a"}, %b: tensor<300x61xf32> {kerf.name = "b"})
    -> (tensor<40x61xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = kerf.contract %a, %b, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0]
     : tensor<40x300xf32>, tensor<300x61xf32> -> tensor<40x61xf32>
  return %y : tensor<40x61xf32>
}
