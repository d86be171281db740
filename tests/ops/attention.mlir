// RUN: kerf-opt %s | kerf-opt | FileCheck %s

// Causal, with a slope for each head of distances.
// CHECK-LABEL: @slopes
//       CHECK: kerf.attention %{{.*}}, %{{.*}}, %{{.*}} captures(%{{.*}} : tensor<8xf32>) maps
func.func @slopes(%q: tensor<2x8x64x32xf32>, %k: tensor<2x8x64x32xf32>, %v: tensor<2x8x64x32xf32>,
                  %slopes: tensor<8xf32>) -> tensor<2x8x64x32xf32> {
  %o, %lse = kerf.attention %q, %k, %v captures(%slopes : tensor<8xf32>) maps [affine_map<(b, h, i, j) -> (h)>]
      scale = 0.125, empty = "zero" score {
    ^bb0(%s: tensor<f32>, %b: tensor<i32>, %h: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %slope: tensor<f32>):
      %d = kerf.sub %j, %i : tensor<i32>
      %x = kerf.cast %d : tensor<i32> -> tensor<f32>
      %y = kerf.mul %slope, %x : tensor<f32>
      %t = kerf.add %s, %y : tensor<f32>
      kerf.yield %t : tensor<f32>
  } mask {
    ^bb0(%b: tensor<i32>, %h: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %slope: tensor<f32>):
      %seen = kerf.compare %j, %i, predicate = "le" : tensor<i32> -> tensor<i1>
      kerf.yield %seen : tensor<i1>
  } : tensor<2x8x64x32xf32>, tensor<2x8x64x32xf32>, tensor<2x8x64x32xf32> -> tensor<2x8x64x32xf32>, tensor<2x8x64xf32>
  return %o : tensor<2x8x64x32xf32>
}

// CHECK-LABEL: @plain
//       CHECK: score {
func.func @plain(%q: tensor<64x32xf32>, %k: tensor<64x32xf32>, %v: tensor<64x32xf32>) -> tensor<64x32xf32> {
  %o, %lse = kerf.attention %q, %k, %v scale = 0.125, empty = "nan" score {} mask {}
      : tensor<64x32xf32>, tensor<64x32xf32>, tensor<64x32xf32> -> tensor<64x32xf32>, tensor<64xf32>
  return %o : tensor<64x32xf32>
}
