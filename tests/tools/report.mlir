// RUN: kerf-compile %s -o %t --report | FileCheck %s --check-prefix=TABLE
// RUN: FileCheck %s --check-prefix=JSON < %t/figures.fusion.json

// Figures that one can check by hand; a call per line, in the order of the body.
//      JSON: "floors_are_of": {
// JSON-NEXT:   "gflops": 100,
// JSON-NEXT:   "gbytes_per_second": 20
//      JSON: "name": "product",
// JSON-NEXT: "kernels": 2,
// JSON-NEXT: "flops": 15200,
// JSON-NEXT: "bytes": 8720,
// JSON-NEXT: "arena_bytes": 3200,
// JSON-NEXT: "worker_bytes": [[#OWN:]],
// JSON-NEXT: "floor_us": 0.436,
// JSON-NEXT: "calls": [
// JSON-NEXT: {"kernel": "gemm", "line": "tools/report.mlir:[[#@LINE+29]]", "sizes": [1, 40, 20, 9, 1, 9, 1, 1, 20, 1, 800, 20], "flops": 14400, "bytes": 5360, "scratch_bytes": 0, "own_bytes": [[#OWN]],
// JSON-SAME: "arena_bytes": 3200, "floor_us": 0.268},
// JSON-NEXT: {"kernel": "reduce", "line": "tools/report.mlir:[[#@LINE+28]]", "sizes": [40, 20], "flops": 800, "bytes": 3360, "scratch_bytes": 0, "own_bytes": 0, "arena_bytes": 0, "floor_us": 0.168}

// Of 512 rows a gather of 5 reads 5; scratch counts as no traffic.
// JSON: {"kernel": "vq", {{.*}}, "flops": 134217728, "bytes": 671744, "scratch_bytes": [[#CODES:]],
// JSON-SAME: "own_bytes": {{[1-9][0-9]*}}, "arena_bytes": [[#CODES]], "floor_us": 1342.177},
// JSON-NEXT: {"kernel": "gather", {{.*}}, "flops": 0, "bytes": 2600, "scratch_bytes": 0, "own_bytes": 0, "arena_bytes": 0, "floor_us": 0.130},
// JSON-NEXT: {"kernel": "scatter_add", {{.*}}, "flops": 320, "bytes": 132392,

// Three operations per element; x is read twice, and 11 numbers more.
// JSON: {"kernel": "map", "line": "tools/report.mlir:[[#@LINE+36]]", "sizes": [7, 11], "flops": 231, "bytes": 660, "scratch_bytes": 0, "own_bytes": 0, "arena_bytes": 0, "floor_us": 0.033},
// JSON-NEXT: {"kernel": "copy", {{.*}}, "sizes": [11, 7], "flops": 0, "bytes": 616,

// A loop's calls are one line, with the figures of all its turns; what they share is made before it.
// JSON: {"kernel": "pack_columns", {{.*}} "flops": 0, "bytes": 1188, "scratch_bytes": 0, "own_bytes": 0, "arena_bytes": 896,
// JSON: "kernel": "gemm_packed", {{.*}} "sizes": [1, 9, 9, 9, {{.*}}], "times": 5, "flops": 7290, "bytes": 7560,

// For people, longest first; what is left out is summed up.
//      TABLE: floors are of 100 GFLOP/s and 20 GB/s
//      TABLE: product: 2 kernels, 15.20 kFLOP, 8.72 kB moved, arena {{.*}}B, floor 0.436 us
// TABLE-NEXT: 0.268 us  61.5 %   14.40 kFLOP    5.36 kB  gemm           tools/report.mlir:[[#@LINE+8]] {{ *}}1 40 20 9 1 9 1 1 20 1 800 20
// TABLE-NEXT: 0.168 us  38.5 %     800  FLOP    3.36 kB  reduce
//      TABLE: rows: 3 kernels,
// TABLE-NEXT: 1342.177 us  99.5 %  134.22 MFLOP  671.74 kB  vq
// TABLE-NEXT: 6.750 us   0.5 % in 2 more
module attributes {kerf.model = "figures"} {
  func.func @product(%a: tensor<40x9xf32> {kerf.name = "a"}, %b: tensor<9x20xf32> {kerf.name = "b"})
      -> (tensor<40xf32> {kerf.name = "y"}) attributes {kerf.entry} {
    %c = kerf.contract %a, %b, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<40x9xf32>, tensor<9x20xf32> -> tensor<40x20xf32>
    %y = kerf.max %c, axes = [1] : tensor<40x20xf32> -> tensor<40xf32>
    return %y : tensor<40xf32>
  }
  func.func @rows(%z: tensor<2048x64xf32> {kerf.name = "z"}, %e: tensor<512x64xf32> {kerf.name = "e"},
                  %i: tensor<5xi64> {kerf.name = "i"})
      -> (tensor<2048xi64> {kerf.name = "codes"}, tensor<5x64xf32> {kerf.name = "looked_up"},
          tensor<512x64xf32> {kerf.name = "added"}) attributes {kerf.entry} {
    %codes = kerf.vq %z, %e, metric = "l2" : tensor<2048x64xf32>, tensor<512x64xf32> -> tensor<2048xi64>
    %l = kerf.gather %e, %i : tensor<512x64xf32>, tensor<5xi64> -> tensor<5x64xf32>
    %a = kerf.scatter_add %l, %i, rows = 512 : tensor<5x64xf32>, tensor<5xi64> -> tensor<512x64xf32>
    return %codes, %l, %a : tensor<2048xi64>, tensor<5x64xf32>, tensor<512x64xf32>
  }
  func.func @loops(%x: tensor<7x11xf32> {kerf.name = "x"}, %b: tensor<11xf32> {kerf.name = "b"})
      -> (tensor<7x11xf32> {kerf.name = "y"}, tensor<11x7xf32> {kerf.name = "t"}) attributes {kerf.entry} {
    %w = kerf.broadcast %b, dims = [1] : tensor<11xf32> -> tensor<7x11xf32>
    %s = kerf.mul %x, %x : tensor<7x11xf32>
    %a = kerf.add %s, %w : tensor<7x11xf32>
    %y = kerf.exp %a : tensor<7x11xf32>
    %t = kerf.transpose %x, permutation = [1, 0] : tensor<7x11xf32> -> tensor<11x7xf32>
    return %y, %t : tensor<7x11xf32>, tensor<11x7xf32>
  }
  func.func @loop(%x: tensor<9x9xf32> {kerf.name = "x"}) -> (tensor<9x9xf32> {kerf.name = "y"}) attributes {kerf.entry} {
    %0 = arith.constant 0 : index
    %1 = arith.constant 1 : index
    %5 = arith.constant 5 : index
    %y = scf.for %i = %0 to %5 step %1 iter_args(%a = %x) -> tensor<9x9xf32> {
      %p = kerf.contract %a, %x, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<9x9xf32>, tensor<9x9xf32> -> tensor<9x9xf32>
      scf.yield %p : tensor<9x9xf32>
    }
    return %y : tensor<9x9xf32>
  }
}
