// No tensor, block or arena is larger than memory can be, whatever its extents wrap around to.
// RUN: kerf-opt %s --split-input-file --verify-diagnostics
// RUN: kerf-opt %s --split-input-file --verify-diagnostics --kerf-compile

func.func @product(%x: tensor<4294967296x1xf32>, %y: tensor<1x4294967296xf32>) -> tensor<f32> {
  // expected-error@+1 {{result 0 [4294967296, 4294967296] has 1.8e19 elements of f32, 7.4e19 bytes, more than the 2^47 that a process can address}}
  %p = kerf.contract %x, %y, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<4294967296x1xf32>, tensor<1x4294967296xf32> -> tensor<4294967296x4294967296xf32>
  %s = kerf.max %p, axes = [0, 1] : tensor<4294967296x4294967296xf32> -> tensor<f32>
  return %s : tensor<f32>
}

// -----

func.func @extent(%x: tensor<1xf32>) -> tensor<f32> {
  // expected-error@+1 {{result 0 [9223372036854775807] has 9.2e18 elements of f32}}
  %y = kerf.broadcast %x, dims = [0] : tensor<1xf32> -> tensor<9223372036854775807xf32>
  %s = kerf.sum %y, axes = [0] : tensor<9223372036854775807xf32> -> tensor<f32>
  return %s : tensor<f32>
}

// -----

func.func @operand(%a: tensor<4611686018427387904xf32>) -> tensor<4xf32> { // 2^62 x 4 bytes are 0 in 64 bits
  // expected-error@+1 {{operand 0 [4611686018427387904] has 4.6e18 elements of f32, 1.8e19 bytes}}
  %y = kerf.slice %a, offsets = [262144], limits = [262148], strides = [1] : tensor<4611686018427387904xf32> -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @rows(%u: tensor<3x4xf32>, %i: tensor<3xi64>) -> tensor<4xf32> {
  // expected-error@+1 {{result 0 [9223372036854775807, 4] has 3.7e19 elements}}
  %t = kerf.scatter_add %u, %i, rows = 9223372036854775807 : tensor<3x4xf32>, tensor<3xi64> -> tensor<9223372036854775807x4xf32>
  %y = kerf.max %t, axes = [0] : tensor<9223372036854775807x4xf32> -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @width_counts(%x: tensor<1xf64>) -> tensor<f64> { // as f32 it would have 2^46 bytes
  // expected-error@+1 {{result 0 [17592186044417] has 1.8e13 elements of f64, 1.4e14 bytes}}
  %y = kerf.broadcast %x, dims = [0] : tensor<1xf64> -> tensor<17592186044417xf64>
  %s = kerf.max %y, axes = [0] : tensor<17592186044417xf64> -> tensor<f64>
  return %s : tensor<f64>
}

// -----

func.func @in_a_loop(%x: tensor<1xf32>, %s: tensor<f32>) -> tensor<f32> {
  %y = kerf.scan count = 3 index %i carried (%c = %s : tensor<f32>) captures (%a = %x : tensor<1xf32>) {
    // expected-error@+1 {{result 0 [4294967296, 4294967296] has 1.8e19 elements}}
    %b = kerf.broadcast %a, dims = [1] : tensor<1xf32> -> tensor<4294967296x4294967296xf32>
    %d = kerf.max %b, axes = [0, 1] : tensor<4294967296x4294967296xf32> -> tensor<f32>
    kerf.yield %d : tensor<f32>
  }
  return %y : tensor<f32>
}

// -----

// Steps that would overflow where they are multiplied.
func.func @padding(%x: tensor<2xf32>) -> tensor<2xf32> {
  // expected-error@+1 {{padding of axis 0 is above 2^47: low 0, high 0, interior 9223372036854775807}}
  %y = kerf.pad %x, low = [0], high = [0], interior = [9223372036854775807] : tensor<2xf32> -> tensor<2xf32>
  return %y : tensor<2xf32>
}

// -----

func.func @one_element_padded(%x: tensor<1xf32>) -> tensor<1xf32> {
  // expected-error@+1 {{padding of axis 0 is above 2^47}}
  %y = kerf.pad %x, low = [0], high = [0], interior = [9223372036854775807] : tensor<1xf32> -> tensor<1xf32>
  return %y : tensor<1xf32>
}

// -----

func.func @stride(%x: tensor<8xf32>) -> tensor<1xf32> {
  // expected-error@+1 {{stride 9223372036854775807 of axis 0 is outside [1, 2^47]}}
  %y = kerf.slice %x, offsets = [0], limits = [8], strides = [9223372036854775807] : tensor<8xf32> -> tensor<1xf32>
  return %y : tensor<1xf32>
}

// -----

func.func @offset(%x: tensor<8xf32>) -> tensor<1xf32> {
  // expected-error@+1 {{[-9223372036854775808, 8) is not inside axis 0 of [8]}}
  %y = kerf.slice %x, offsets = [-9223372036854775808], limits = [8], strides = [1] : tensor<8xf32> -> tensor<1xf32>
  return %y : tensor<1xf32>
}

// -----

func.func @convolution(%x: tensor<1x1x4x4xf32>, %w: tensor<1x1x3x3xf32>) -> tensor<1x1x1x1xf32> {
  // expected-error@+1 {{strides [1, 1] and paddings [9223372036854775807, 0] are at most 2^47}}
  %y = kerf.conv %x, %w, stride = [1, 1], padding = [9223372036854775807, 0] : tensor<1x1x4x4xf32>, tensor<1x1x3x3xf32> -> tensor<1x1x1x1xf32>
  return %y : tensor<1x1x1x1xf32>
}
