// Sums of many equal terms keep their digits: the relative error is at most 1e-6, by columns and by rows.
// RUN: kerf-run --compiled %s | FileCheck %s
// RUN: kerf-run --compare --tolerance 1e-6 --function columns_65536 %s
// RUN: kerf-run --compare --tolerance 1e-6 --function rows_65537 %s
// RUN: kerf-run --compare --function variance %s

// CHECK-LABEL: @columns_65536
// CHECK-NEXT: 6553.59{{[6-9]}} 6553.59
func.func @columns_65536(%x: tensor<65536x8xf32> {kerf.range = [0.1, 0.1]}) -> tensor<8xf32> {
  %y = kerf.sum %x, axes = [0] : tensor<65536x8xf32> -> tensor<8xf32>
  return %y : tensor<8xf32>
}

// CHECK-LABEL: @rows_65537
// CHECK-NEXT: 6553.69
func.func @rows_65537(%x: tensor<2x65537xf32> {kerf.range = [0.1, 0.1]}) -> tensor<2xf32> {
  %y = kerf.sum %x, axes = [1] : tensor<2x65537xf32> -> tensor<2xf32>
  return %y : tensor<2xf32>
}

// CHECK-LABEL: @columns_1e6
// CHECK-NEXT: {{99999\.9[5-9]|100000 |100000\.0[0-4]}}
func.func @columns_1e6(%x: tensor<3xf32> {kerf.range = [0.1, 0.1]}) -> tensor<3xf32> {
  %all = kerf.broadcast %x, dims = [1] : tensor<3xf32> -> tensor<1000000x3xf32>
  %y = kerf.sum %all, axes = [0] : tensor<1000000x3xf32> -> tensor<3xf32>
  return %y : tensor<3xf32>
}

// CHECK-LABEL: @rows_1e6
// CHECK-NEXT: {{99999\.9[5-9]|100000 |100000\.0[0-4]}}
func.func @rows_1e6(%x: tensor<3xf32> {kerf.range = [0.1, 0.1]}) -> tensor<3xf32> {
  %all = kerf.broadcast %x, dims = [0] : tensor<3xf32> -> tensor<3x1000000xf32>
  %y = kerf.sum %all, axes = [1] : tensor<3x1000000xf32> -> tensor<3xf32>
  return %y : tensor<3xf32>
}

// CHECK-LABEL: @columns_1e8
// CHECK-NEXT: {{999999[0-9]|1e\+07|1000000[0-9]}}
func.func @columns_1e8(%x: tensor<1xf32> {kerf.range = [0.1, 0.1]}) -> tensor<1xf32> {
  %all = kerf.broadcast %x, dims = [1] : tensor<1xf32> -> tensor<100000000x1xf32>
  %y = kerf.sum %all, axes = [0] : tensor<100000000x1xf32> -> tensor<1xf32>
  return %y : tensor<1xf32>
}

// CHECK-LABEL: @rows_1e8
// CHECK-NEXT: {{999999[0-9]|1e\+07|1000000[0-9]}}
func.func @rows_1e8(%x: tensor<f32> {kerf.range = [0.1, 0.1]}) -> tensor<f32> {
  %all = kerf.broadcast %x, dims = [] : tensor<f32> -> tensor<100000000xf32>
  %y = kerf.sum %all, axes = [0] : tensor<100000000xf32> -> tensor<f32>
  return %y : tensor<f32>
}

// The variance of numbers far from 0, by the mean of squared distances from the mean.
// CHECK-LABEL: @variance
// CHECK-NEXT: 0.0830801
func.func @variance(%x: tensor<100000xf32> {kerf.range = [10000.0, 10001.0]}) -> tensor<f32> {
  %n = arith.constant dense<1.0e5> : tensor<f32>
  %s = kerf.sum %x, axes = [0] : tensor<100000xf32> -> tensor<f32>
  %mean = kerf.div %s, %n : tensor<f32>
  %means = kerf.broadcast %mean, dims = [] : tensor<f32> -> tensor<100000xf32>
  %d = kerf.sub %x, %means : tensor<100000xf32>
  %q = kerf.mul %d, %d : tensor<100000xf32>
  %t = kerf.sum %q, axes = [0] : tensor<100000xf32> -> tensor<f32>
  %y = kerf.div %t, %n : tensor<f32>
  return %y : tensor<f32>
}

// What a million iterations add to the gradient of a tensor from outside.
// CHECK-LABEL: @gradient_of_loop
// CHECK-NEXT: {{99999\.9[5-9]|100000|100000\.0[0-4]}}
func.func @gradient_of_loop(%b: tensor<1xf32> {kerf.range = [0.1, 0.1]}) -> tensor<1xf32> {
  %loss, %db = kerf.value_and_grad params(%p = %b : tensor<1xf32>) captures(%c = %b : tensor<1xf32>) {
    %zero = arith.constant dense<0.0> : tensor<1xf32>
    %y = kerf.scan count = 1000000 index %i carried(%s = %zero : tensor<1xf32>) captures(%q = %p : tensor<1xf32>, %x = %c : tensor<1xf32>) {
      %z = kerf.mul %q, %x : tensor<1xf32>
      %n = kerf.add %s, %z : tensor<1xf32>
      kerf.yield %n : tensor<1xf32>
    }
    %l = kerf.sum %y, axes = [0] : tensor<1xf32> -> tensor<f32>
    kerf.yield %l : tensor<f32>
  }
  return %db : tensor<1xf32>
}

// In bf16 256 ones and one more would be 256.
// CHECK-LABEL: @narrow_gradient_of_loop
// CHECK-NEXT: 1000
func.func @narrow_gradient_of_loop(%b: tensor<1xbf16>) -> tensor<1xbf16> {
  %loss, %db = kerf.value_and_grad params(%p = %b : tensor<1xbf16>) {
    %zero = arith.constant dense<0.0> : tensor<1xbf16>
    %y = kerf.scan count = 1000 index %i carried(%s = %zero : tensor<1xbf16>) captures(%q = %p : tensor<1xbf16>) {
      %n = kerf.add %s, %q : tensor<1xbf16>
      kerf.yield %n : tensor<1xbf16>
    }
    %l = kerf.sum %y, axes = [0] : tensor<1xbf16> -> tensor<bf16>
    kerf.yield %l : tensor<bf16>
  }
  return %db : tensor<1xbf16>
}
