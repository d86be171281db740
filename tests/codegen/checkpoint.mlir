// What a gradient keeps of four blocks of three layers, in bytes of the plan: a tensor has 16,384.
// RUN: env KERF_PRINT=buffers kerf-run --compare %s 2>&1 | FileCheck %s --check-prefix=AGAIN
// RUN: kerf-compile %s -o %t --report
// RUN: FileCheck %s < %t/checkpoint.fusion.json

module attributes {kerf.model = "checkpoint"} {
// The values of each layer, and the block's.
//      CHECK: "name": "plain",
//      CHECK: "arena_bytes": 425984,
//        AGAIN-LABEL: func.func @plain
//     AGAIN-COUNT-35: kerf_schedule.kernel "gemm"
//          AGAIN-NOT: kerf_schedule.kernel "gemm"
func.func @plain(%x: tensor<64x64xf32> {kerf.name = "x"}, %w: tensor<64x64xf32> {kerf.name = "w"}) -> (tensor<64x64xf32> {kerf.name = "dw"})
    attributes {kerf.entry} {
  %loss, %dw = kerf.value_and_grad params(%p = %w : tensor<64x64xf32>) captures(%h0 = %x : tensor<64x64xf32>) {
    %zero = arith.constant dense<0.0> : tensor<64x64xf32>
    %b0c0 = kerf.contract %h0, %p, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<64x64xf32>, tensor<64x64xf32> -> tensor<64x64xf32>
    %b0t0 = kerf.tanh %b0c0 : tensor<64x64xf32>
    %b0c1 = kerf.contract %b0t0, %p, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<64x64xf32>, tensor<64x64xf32> -> tensor<64x64xf32>
    %b0t1 = kerf.tanh %b0c1 : tensor<64x64xf32>
    %b0c2 = kerf.contract %b0t1, %p, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<64x64xf32>, tensor<64x64xf32> -> tensor<64x64xf32>
    %b0t2 = kerf.tanh %b0c2 : tensor<64x64xf32>
    %h1 = kerf.add %h0, %b0t2 : tensor<64x64xf32>
    %b1c0 = kerf.contract %h1, %p, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<64x64xf32>, tensor<64x64xf32> -> tensor<64x64xf32>
    %b1t0 = kerf.tanh %b1c0 : tensor<64x64xf32>
    %b1c1 = kerf.contract %b1t0, %p, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<64x64xf32>, tensor<64x64xf32> -> tensor<64x64xf32>
    %b1t1 = kerf.tanh %b1c1 : tensor<64x64xf32>
    %b1c2 = kerf.contract %b1t1, %p, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<64x64xf32>, tensor<64x64xf32> -> tensor<64x64xf32>
    %b1t2 = kerf.tanh %b1c2 : tensor<64x64xf32>
    %h2 = kerf.add %h1, %b1t2 : tensor<64x64xf32>
    %b2c0 = kerf.contract %h2, %p, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<64x64xf32>, tensor<64x64xf32> -> tensor<64x64xf32>
    %b2t0 = kerf.tanh %b2c0 : tensor<64x64xf32>
    %b2c1 = kerf.contract %b2t0, %p, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<64x64xf32>, tensor<64x64xf32> -> tensor<64x64xf32>
    %b2t1 = kerf.tanh %b2c1 : tensor<64x64xf32>
    %b2c2 = kerf.contract %b2t1, %p, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<64x64xf32>, tensor<64x64xf32> -> tensor<64x64xf32>
    %b2t2 = kerf.tanh %b2c2 : tensor<64x64xf32>
    %h3 = kerf.add %h2, %b2t2 : tensor<64x64xf32>
    %b3c0 = kerf.contract %h3, %p, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<64x64xf32>, tensor<64x64xf32> -> tensor<64x64xf32>
    %b3t0 = kerf.tanh %b3c0 : tensor<64x64xf32>
    %b3c1 = kerf.contract %b3t0, %p, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<64x64xf32>, tensor<64x64xf32> -> tensor<64x64xf32>
    %b3t1 = kerf.tanh %b3c1 : tensor<64x64xf32>
    %b3c2 = kerf.contract %b3t1, %p, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<64x64xf32>, tensor<64x64xf32> -> tensor<64x64xf32>
    %b3t2 = kerf.tanh %b3c2 : tensor<64x64xf32>
    %h4 = kerf.add %h3, %b3t2 : tensor<64x64xf32>
    %q = kerf.mul %h4, %h4 : tensor<64x64xf32>
    %l = kerf.sum %q, axes = [0, 1] : tensor<64x64xf32> -> tensor<f32>
    kerf.yield %l : tensor<f32>
  }
  return %dw : tensor<64x64xf32>
}

// What goes into each block, and what is computed again of one at a time.
//      CHECK: "name": "checkpointed",
//      CHECK: "arena_bytes": 180224,
//        AGAIN-LABEL: func.func @checkpointed
//     AGAIN-COUNT-47: kerf_schedule.kernel "gemm"
//          AGAIN-NOT: kerf_schedule.kernel "gemm"
func.func @checkpointed(%x: tensor<64x64xf32> {kerf.name = "x"}, %w: tensor<64x64xf32> {kerf.name = "w"}) -> (tensor<64x64xf32> {kerf.name = "dw"})
    attributes {kerf.entry} {
  %loss, %dw = kerf.value_and_grad params(%p = %w : tensor<64x64xf32>) captures(%h0 = %x : tensor<64x64xf32>) {
    %zero = arith.constant dense<0.0> : tensor<64x64xf32>
    %h1 = kerf.scan count = 1, keep = 1 index %i0 carried(%z0 = %zero : tensor<64x64xf32>) captures(%a0 = %h0 : tensor<64x64xf32>, %m0 = %p : tensor<64x64xf32>) {
      %b0c0 = kerf.contract %a0, %m0, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<64x64xf32>, tensor<64x64xf32> -> tensor<64x64xf32>
      %b0t0 = kerf.tanh %b0c0 : tensor<64x64xf32>
      %b0c1 = kerf.contract %b0t0, %m0, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<64x64xf32>, tensor<64x64xf32> -> tensor<64x64xf32>
      %b0t1 = kerf.tanh %b0c1 : tensor<64x64xf32>
      %b0c2 = kerf.contract %b0t1, %m0, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<64x64xf32>, tensor<64x64xf32> -> tensor<64x64xf32>
      %b0t2 = kerf.tanh %b0c2 : tensor<64x64xf32>
      %y0 = kerf.add %a0, %b0t2 : tensor<64x64xf32>
      kerf.yield %y0 : tensor<64x64xf32>
    }
    %h2 = kerf.scan count = 1, keep = 1 index %i1 carried(%z1 = %zero : tensor<64x64xf32>) captures(%a1 = %h1 : tensor<64x64xf32>, %m1 = %p : tensor<64x64xf32>) {
      %b1c0 = kerf.contract %a1, %m1, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<64x64xf32>, tensor<64x64xf32> -> tensor<64x64xf32>
      %b1t0 = kerf.tanh %b1c0 : tensor<64x64xf32>
      %b1c1 = kerf.contract %b1t0, %m1, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<64x64xf32>, tensor<64x64xf32> -> tensor<64x64xf32>
      %b1t1 = kerf.tanh %b1c1 : tensor<64x64xf32>
      %b1c2 = kerf.contract %b1t1, %m1, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<64x64xf32>, tensor<64x64xf32> -> tensor<64x64xf32>
      %b1t2 = kerf.tanh %b1c2 : tensor<64x64xf32>
      %y1 = kerf.add %a1, %b1t2 : tensor<64x64xf32>
      kerf.yield %y1 : tensor<64x64xf32>
    }
    %h3 = kerf.scan count = 1, keep = 1 index %i2 carried(%z2 = %zero : tensor<64x64xf32>) captures(%a2 = %h2 : tensor<64x64xf32>, %m2 = %p : tensor<64x64xf32>) {
      %b2c0 = kerf.contract %a2, %m2, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<64x64xf32>, tensor<64x64xf32> -> tensor<64x64xf32>
      %b2t0 = kerf.tanh %b2c0 : tensor<64x64xf32>
      %b2c1 = kerf.contract %b2t0, %m2, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<64x64xf32>, tensor<64x64xf32> -> tensor<64x64xf32>
      %b2t1 = kerf.tanh %b2c1 : tensor<64x64xf32>
      %b2c2 = kerf.contract %b2t1, %m2, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<64x64xf32>, tensor<64x64xf32> -> tensor<64x64xf32>
      %b2t2 = kerf.tanh %b2c2 : tensor<64x64xf32>
      %y2 = kerf.add %a2, %b2t2 : tensor<64x64xf32>
      kerf.yield %y2 : tensor<64x64xf32>
    }
    %h4 = kerf.scan count = 1, keep = 1 index %i3 carried(%z3 = %zero : tensor<64x64xf32>) captures(%a3 = %h3 : tensor<64x64xf32>, %m3 = %p : tensor<64x64xf32>) {
      %b3c0 = kerf.contract %a3, %m3, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<64x64xf32>, tensor<64x64xf32> -> tensor<64x64xf32>
      %b3t0 = kerf.tanh %b3c0 : tensor<64x64xf32>
      %b3c1 = kerf.contract %b3t0, %m3, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<64x64xf32>, tensor<64x64xf32> -> tensor<64x64xf32>
      %b3t1 = kerf.tanh %b3c1 : tensor<64x64xf32>
      %b3c2 = kerf.contract %b3t1, %m3, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<64x64xf32>, tensor<64x64xf32> -> tensor<64x64xf32>
      %b3t2 = kerf.tanh %b3c2 : tensor<64x64xf32>
      %y3 = kerf.add %a3, %b3t2 : tensor<64x64xf32>
      kerf.yield %y3 : tensor<64x64xf32>
    }
    %q = kerf.mul %h4, %h4 : tensor<64x64xf32>
    %l = kerf.sum %q, axes = [0, 1] : tensor<64x64xf32> -> tensor<f32>
    kerf.yield %l : tensor<f32>
  }
  return %dw : tensor<64x64xf32>
}
}
