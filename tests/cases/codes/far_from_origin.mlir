// Rows and codes about a common point far from 0: moving both moves no distance, so the codes are those of f64.
// RUN: kerf-run --mode f64 --limit 64 %s | grep -v @ | sed 's/.*: //' > %t.f64
// RUN: kerf-run --compiled --limit 64 %s | grep i64 | sed 's/.*: //' > %t.compiled
// RUN: diff %t.f64 %t.compiled
// RUN: kerf-run --compare %s | FileCheck %s
// RUN: kerf-run --match vq --tolerance 0 %s
// CHECK-COUNT-9: compiled agrees{{$}}

// 1,000 times as far as they are spread.
func.func @thousand(%z: tensor<64x64xf32> {kerf.range = [998.0, 1002.0]}, %e: tensor<512x64xf32> {kerf.range = [998.0, 1002.0]}) -> tensor<64xi64> {
  %y = kerf.vq %z, %e, metric = "l2" : tensor<64x64xf32>, tensor<512x64xf32> -> tensor<64xi64>
  return %y : tensor<64xi64>
}
// Below 0, and as far as elements still have eight bits of their own.
func.func @minus_ten_thousand(%z: tensor<64x64xf32> {kerf.range = [-10002.0, -9998.0]}, %e: tensor<512x64xf32> {kerf.range = [-10002.0, -9998.0]}) -> tensor<64xi64> {
  %y = kerf.vq %z, %e, metric = "l2" : tensor<64x64xf32>, tensor<512x64xf32> -> tensor<64xi64>
  return %y : tensor<64xi64>
}
func.func @hundred_thousand(%z: tensor<64x7xf32> {kerf.range = [99998.0, 100002.0]}, %e: tensor<33x7xf32> {kerf.range = [99998.0, 100002.0]}) -> tensor<64xi64> {
  %y = kerf.vq %z, %e, metric = "l2" : tensor<64x7xf32>, tensor<33x7xf32> -> tensor<64xi64>
  return %y : tensor<64xi64>
}
// So many rows and codes that integers screen them.
func.func @screened(%z: tensor<300x32xf32> {kerf.range = [998.0, 1002.0]}, %e: tensor<130x32xf32> {kerf.range = [998.0, 1002.0]}) -> tensor<60xi64> {
  %y = kerf.vq %z, %e, metric = "l2" : tensor<300x32xf32>, tensor<130x32xf32> -> tensor<300xi64>
  %some = kerf.slice %y, offsets = [0], limits = [300], strides = [5] : tensor<300xi64> -> tensor<60xi64>
  return %some : tensor<60xi64>
}
func.func @doubles(%z: tensor<64x16xf64> {kerf.range = [1000000.0, 1000001.0]}, %e: tensor<70x16xf64> {kerf.range = [1000000.0, 1000001.0]}) -> tensor<64xi64> {
  %y = kerf.vq %z, %e, metric = "l2" : tensor<64x16xf64>, tensor<70x16xf64> -> tensor<64xi64>
  return %y : tensor<64xi64>
}
// Each head has a center of its own.
func.func @heads(%z: tensor<2x32x16xf32> {kerf.range = [998.0, 1002.0]}, %e: tensor<2x40x16xf32> {kerf.range = [-1.0, 1.0]}, %offset: tensor<2xf32> {kerf.range = [999.0, 1001.0]}) -> tensor<2x32xi64> {
  %o = kerf.broadcast %offset, dims = [0] : tensor<2xf32> -> tensor<2x40x16xf32>
  %moved = kerf.add %e, %o : tensor<2x40x16xf32>
  %y = kerf.vq %z, %moved, metric = "l2" : tensor<2x32x16xf32>, tensor<2x40x16xf32> -> tensor<2x32xi64>
  return %y : tensor<2x32xi64>
}
// A draw.
func.func @sampled(%z: tensor<64x16xf32> {kerf.range = [998.0, 1002.0]}, %e: tensor<40x16xf32> {kerf.range = [998.0, 1002.0]}) -> tensor<64xi64> {
  %key = arith.constant dense<[7, 9]> : tensor<2xi32>
  %offset = arith.constant dense<0> : tensor<i64>
  %t = arith.constant dense<0.5> : tensor<f32>
  %y = kerf.vq_sampled %z, %e, %key, %offset, %t, metric = "l2", least = 1.0e-20 : tensor<64x16xf32>, tensor<40x16xf32>, tensor<f32> -> tensor<64xi64>
  return %y : tensor<64xi64>
}
// Written as differences, which become the same op.
func.func @differences(%z: tensor<64x16xf32> {kerf.range = [998.0, 1002.0]}, %e: tensor<40x16xf32> {kerf.range = [998.0, 1002.0]}) -> tensor<64xi64> {
  %zs = kerf.broadcast %z, dims = [0, 2] : tensor<64x16xf32> -> tensor<64x40x16xf32>
  %es = kerf.broadcast %e, dims = [1, 2] : tensor<40x16xf32> -> tensor<64x40x16xf32>
  %d = kerf.sub %zs, %es : tensor<64x40x16xf32>
  %s = kerf.mul %d, %d : tensor<64x40x16xf32>
  %scores = kerf.sum %s, axes = [2] : tensor<64x40x16xf32> -> tensor<64x40xf32>
  %y = kerf.argmin %scores, axis = 1 : tensor<64x40xf32> -> tensor<64xi64>
  return %y : tensor<64xi64>
}
// One element far away, the others about 0.
func.func @one_element(%z: tensor<64x8xf32> {kerf.range = [-1.0, 1.0]}, %e: tensor<100x8xf32> {kerf.range = [-1.0, 1.0]}) -> tensor<64xi64> {
  %o = arith.constant dense<[0.0, 0.0, 3000.0, 0.0, 0.0, 0.0, 0.0, 0.0]> : tensor<8xf32>
  %oz = kerf.broadcast %o, dims = [1] : tensor<8xf32> -> tensor<64x8xf32>
  %oe = kerf.broadcast %o, dims = [1] : tensor<8xf32> -> tensor<100x8xf32>
  %mz = kerf.add %z, %oz : tensor<64x8xf32>
  %me = kerf.add %e, %oe : tensor<100x8xf32>
  %y = kerf.vq %mz, %me, metric = "l2" : tensor<64x8xf32>, tensor<100x8xf32> -> tensor<64xi64>
  return %y : tensor<64xi64>
}
