// Tables of constants.
// RUN: env KERF_PRINT=llvm kerf-run --compiled --limit 2 %s 2>&1 | FileCheck %s
// RUN: kerf-run --compare %s
// RUN: env KERF_PRINT=emit kerf-run --compiled --limit 2 %s 2>&1 | FileCheck %s --check-prefix=EMIT

// Equal elements are in the object once, whatever their shape and entry, and however many targets it is for.
//       CHECK: @__constant_{{[0-9x]*}}f32 = {{.*}}constant [48 x float]
//   CHECK-NOT: constant [48 x float]
// CHECK-LABEL: @flat

// A long table is named in what is printed, its numbers are left out.
// EMIT-LABEL: @long
//       EMIT: arith.constant dense_resource<__elided__> : tensor<70xi64>

func.func @flat(%x: tensor<48xf32>) -> tensor<48xf32> {
  %t = arith.constant dense<[0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 5.5, 6.0, 6.5, 7.0, 7.5, 8.0, 8.5, 9.0, 9.5, 10.0, 10.5, 11.0, 11.5, 12.0, 12.5, 13.0, 13.5, 14.0, 14.5, 15.0, 15.5, 16.0, 16.5, 17.0, 17.5, 18.0, 18.5, 19.0, 19.5, 20.0, 20.5, 21.0, 21.5, 22.0, 22.5, 23.0, 23.5]> : tensor<48xf32>
  %y = kerf.mul %x, %t : tensor<48xf32>
  return %y : tensor<48xf32>
}
func.func @square(%x: tensor<4x12xf32>) -> (tensor<4x12xf32>, tensor<4x12xf32>) {
  %t = arith.constant dense<[[0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 5.5], [6.0, 6.5, 7.0, 7.5, 8.0, 8.5, 9.0, 9.5, 10.0, 10.5, 11.0, 11.5], [12.0, 12.5, 13.0, 13.5, 14.0, 14.5, 15.0, 15.5, 16.0, 16.5, 17.0, 17.5], [18.0, 18.5, 19.0, 19.5, 20.0, 20.5, 21.0, 21.5, 22.0, 22.5, 23.0, 23.5]]> : tensor<4x12xf32>
  %y = kerf.mul %x, %t : tensor<4x12xf32>
  return %y, %t : tensor<4x12xf32>, tensor<4x12xf32>
}
func.func @long(%x: tensor<70xi64>) -> tensor<70xi64> {
  %t = arith.constant dense<[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69]> : tensor<70xi64>
  %y = kerf.mul %x, %t : tensor<70xi64>
  return %y : tensor<70xi64>
}
