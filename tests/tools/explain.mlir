// RUN: kerf-compile %s -o %t --explain 2>&1 | FileCheck %s
// RUN: FileCheck %s --check-prefix=JSON < %t/searches.fusion.json
// RUN: env KERF_PRINT=families kerf-compile %s -o %t --no-fuse vq 2>&1 | FileCheck %s --check-prefix=PLAIN
// RUN: not kerf-compile %s -o %t --no-fuse nothing 2>&1 | FileCheck %s --check-prefix=UNKNOWN

// CHECK: explain.mlir:[[#@LINE+23]]: remark: vq: fused
// CHECK: explain.mlir:[[#@LINE+30]]: remark: vq: not fused: the scores have a second user, so they must exist
// CHECK: explain.mlir:[[#@LINE+30]]: note: compute what this line needs from the chosen codes

// JSON: "candidates": 2,
// JSON: "fused": 1
// JSON: "entry": "nearest"
// JSON: "line": "tools/explain.mlir:[[#@LINE+16]]"
// JSON: "fused": true
// JSON: "fused": false
// JSON: "reason": "the scores have a second user, so they must exist"
// JSON: "at": "tools/explain.mlir:[[#@LINE+21]]"
// JSON: "edit": "compute what this line needs from the chosen codes"

// Without the family, one that was written is taken apart too.
// PLAIN-NOT: kerf.vq
//     PLAIN: kerf.argmin
// UNKNOWN: --no-fuse
module attributes {kerf.model = "searches"} {
  func.func @nearest(%z: tensor<13x5xf32> {kerf.name = "z"}, %e: tensor<7x5xf32> {kerf.name = "e"})
      -> (tensor<13xi64> {kerf.name = "codes"}, tensor<13xi64> {kerf.name = "written"}) attributes {kerf.entry} {
    %d = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<13x5xf32>, tensor<7x5xf32> -> tensor<13x7xf32>
    %s = kerf.neg %d : tensor<13x7xf32>
    %y = kerf.argmin %s, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
    %w = kerf.vq %z, %e, metric = "l2" : tensor<13x5xf32>, tensor<7x5xf32> -> tensor<13xi64>
    return %y, %w : tensor<13xi64>, tensor<13xi64>
  }
  func.func @both(%z: tensor<13x5xf32> {kerf.name = "z"}, %e: tensor<7x5xf32> {kerf.name = "e"})
      -> (tensor<13xi64> {kerf.name = "codes"}, tensor<13xf32> {kerf.name = "products"}) attributes {kerf.entry} {
    %d = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<13x5xf32>, tensor<7x5xf32> -> tensor<13x7xf32>
    %s = kerf.neg %d : tensor<13x7xf32>
    %y = kerf.argmin %s, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
    %m = kerf.max %d, axes = [1] : tensor<13x7xf32> -> tensor<13xf32>
    return %y, %m : tensor<13xi64>, tensor<13xf32>
  }
}
