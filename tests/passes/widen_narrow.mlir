// RUN: kerf-opt %s -kerf-widen-narrow | FileCheck %s
// RUN: kerf-opt %s -kerf-widen-narrow=differentiated | FileCheck %s --check-prefix=DIFF

// CHECK-LABEL: @elementwise
//  CHECK-SAME: %[[X:.*]]: tensor<4xbf16>
//       CHECK: %[[W:.*]] = kerf.cast %[[X]] : tensor<4xbf16> -> tensor<4xf32>
//       CHECK: %[[E:.*]] = kerf.exp %[[W]] : tensor<4xf32>
//       CHECK: %[[Y:.*]] = kerf.cast %[[E]] : tensor<4xf32> -> tensor<4xbf16>
//       CHECK: return %[[Y]]
// DIFF-LABEL: @elementwise
//       DIFF: kerf.exp %{{.*}} : tensor<4xbf16>
func.func @elementwise(%x: tensor<4xbf16>) -> tensor<4xbf16> {
  %y = kerf.exp %x : tensor<4xbf16>
  return %y : tensor<4xbf16>
}

// CHECK-LABEL: @integers
//       CHECK: kerf.floor_divide %{{.*}} : tensor<4xi32>
//       CHECK: kerf.cast %{{.*}} : tensor<4xi32> -> tensor<4xi8>
func.func @integers(%x: tensor<4xi8>, %y: tensor<4xi8>) -> tensor<4xi8> {
  %z = kerf.floor_divide %x, %y : tensor<4xi8>
  return %z : tensor<4xi8>
}

// What only moves elements is left alone.
// CHECK-LABEL: @moves
//   CHECK-NOT: kerf.cast
//       CHECK: return
func.func @moves(%c: tensor<4xi1>, %x: tensor<4xf16>, %y: tensor<4xf16>) -> tensor<2x2xf16> {
  %z = kerf.select %c, %x, %y : tensor<4xi1>, tensor<4xf16>
  %r = kerf.reshape %z : tensor<4xf16> -> tensor<2x2xf16>
  return %r : tensor<2x2xf16>
}

// CHECK-LABEL: @casts_go_by_f32
//       CHECK: %[[A:.*]] = kerf.cast %{{.*}} : tensor<4xf64> -> tensor<4xf32>
//       CHECK: kerf.cast %[[A]] : tensor<4xf32> -> tensor<4xbf16>
//       CHECK: %[[B:.*]] = kerf.cast %{{.*}} : tensor<4xbf16> -> tensor<4xf32>
//       CHECK: kerf.cast %[[B]] : tensor<4xf32> -> tensor<4xi64>
func.func @casts_go_by_f32(%x: tensor<4xf64>, %y: tensor<4xbf16>) -> (tensor<4xbf16>, tensor<4xi64>) {
  %a = kerf.cast %x : tensor<4xf64> -> tensor<4xbf16>
  %b = kerf.cast %y : tensor<4xbf16> -> tensor<4xi64>
  return %a, %b : tensor<4xbf16>, tensor<4xi64>
}

// Of wide numbers nothing changes.
// CHECK-LABEL: @wide
//  CHECK-NEXT: kerf.exp
//  CHECK-NEXT: return
func.func @wide(%x: tensor<4xf32>) -> tensor<4xf32> {
  %y = kerf.exp %x : tensor<4xf32>
  return %y : tensor<4xf32>
}
