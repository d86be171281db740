// What rounding decided is counted, and only what it can have decided is excused.
// RUN: kerf-run --compare %s | FileCheck %s

// Nothing is rounded.
// CHECK: @exact: compiled agrees{{$}}
func.func @exact(%x: tensor<64xf32>) -> tensor<64xi1> {
  %y = kerf.compare %x, %x, predicate = "le" : tensor<64xf32> -> tensor<64xi1>
  return %y : tensor<64xi1>
}

// A sum of terms that cancel: its sign is that of the order in which they are added.
// CHECK: @sign: compiled agrees; decided within rounding: compare {{[0-9]+}} of 64 (largest loss {{[0-9.e-]+}})
func.func @sign(%x: tensor<64x300xf32>) -> tensor<64xi1> {
  %m = kerf.neg %x : tensor<64x300xf32>
  %both = kerf.concat(%x, %m), axis = 1 : (tensor<64x300xf32>, tensor<64x300xf32>) -> tensor<64x600xf32>
  %wide = kerf.mul %both, %both : tensor<64x600xf32>
  %cubes = kerf.mul %wide, %both : tensor<64x600xf32>
  %sum = kerf.sum %cubes, axes = [1] : tensor<64x600xf32> -> tensor<64xf32>
  %zero = arith.constant dense<0.0> : tensor<64xf32>
  %y = kerf.compare %sum, %zero, predicate = "gt" : tensor<64xf32> -> tensor<64xi1>
  return %y : tensor<64xi1>
}

// A step of a staircase.
// CHECK: @step: compiled agrees; decided within rounding: floor {{[0-9]+}} of 64 (largest loss {{[0-9.e-]+}})
func.func @step(%x: tensor<64x300xf32> {kerf.name = "x"}) -> (tensor<64xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %m = kerf.neg %x : tensor<64x300xf32>
  %both = kerf.concat(%x, %m), axis = 1 : (tensor<64x300xf32>, tensor<64x300xf32>) -> tensor<64x600xf32>
  %sum = kerf.sum %both, axes = [1] : tensor<64x600xf32> -> tensor<64xf32>
  %y = kerf.floor %sum : tensor<64xf32>
  return %y : tensor<64xf32>
}

// All that there is is rounding.
// CHECK: @cancels: compiled agrees{{$}}
func.func @cancels(%x: tensor<64x300xf32>) -> tensor<64xf32> {
  %m = kerf.neg %x : tensor<64x300xf32>
  %both = kerf.concat(%x, %m), axis = 1 : (tensor<64x300xf32>, tensor<64x300xf32>) -> tensor<64x600xf32>
  %sum = kerf.sum %both, axes = [1] : tensor<64x600xf32> -> tensor<64xf32>
  return %sum : tensor<64xf32>
}

// What cancels, squared: the error relative to the largest element is a thousand times the tolerance, and as far from 0.
// CHECK: @amplified: compiled agrees{{$}}
func.func @amplified(%x: tensor<8x300xf32>) -> tensor<8xf32> {
  %m = kerf.neg %x : tensor<8x300xf32>
  %both = kerf.concat(%x, %m), axis = 1 : (tensor<8x300xf32>, tensor<8x300xf32>) -> tensor<8x600xf32>
  %curve = kerf.exp %both : tensor<8x600xf32>
  %log = kerf.log %curve : tensor<8x600xf32>
  %sum = kerf.sum %log, axes = [1] : tensor<8x600xf32> -> tensor<8xf32>
  %square = kerf.mul %sum, %sum : tensor<8xf32>
  return %square : tensor<8xf32>
}
