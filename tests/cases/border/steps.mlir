// Undefined behaviour that only a sanitizer sees: inputs of the widest ranges, copies of nothing.
// RUN: kerf-run %s | FileCheck %s
// RUN: kerf-run --compare %s

// CHECK-LABEL: @empty_slice
//       CHECK: tensor<0x2xf32>:
func.func @empty_slice(%x: tensor<0x8xf32>) -> tensor<0x2xf32> {
  %y = kerf.slice %x, offsets = [0, 3], limits = [0, 5], strides = [1, 1] : tensor<0x8xf32> -> tensor<0x2xf32>
  return %y : tensor<0x2xf32>
}

// CHECK-LABEL: @wide_range
//       CHECK: tensor<4xi64>:{{( -?[0-9]+)+}}
func.func @wide_range(%x: tensor<4xi64> {kerf.range = [-4611686018427387904, 4611686018427387904]}) -> tensor<4xi64> {
  return %x : tensor<4xi64>
}

// CHECK-LABEL: @every_integer
//       CHECK: tensor<4xi64>:{{( -?[0-9]+)+}}
func.func @every_integer(%x: tensor<4xi64> {kerf.range = [-9223372036854775808, 9223372036854775807]}) -> tensor<4xi64> {
  return %x : tensor<4xi64>
}

// A range that ends before it begins is one number.
// CHECK-LABEL: @backwards
//       CHECK: tensor<2xi64>: 5 5
func.func @backwards(%x: tensor<2xi64> {kerf.range = [5, 3]}) -> tensor<2xi64> {
  return %x : tensor<2xi64>
}

// CHECK-LABEL: @no_number
//       CHECK: tensor<2xi32>: 0 0
func.func @no_number(%x: tensor<2xi32> {kerf.range = [0x7FF8000000000000 : f64, 0x7FF8000000000000 : f64]}) -> tensor<2xi32> {
  return %x : tensor<2xi32>
}
