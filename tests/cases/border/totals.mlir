// Sums of sizes: a block, an arena, what the oracle holds. Each is named with its number.
// RUN: split-file %s %t
// RUN: not kerf-compile %t/block.mlir -o %t 2>&1 | FileCheck %s --check-prefix=BLOCK
// RUN: kerf-compile %t/arena.mlir -o %t 2>&1 | FileCheck %s --check-prefix=LARGE
// RUN: kerf-compile %t/arena.mlir -o %t --max-arena 64GiB 2>&1 | count 0
// RUN: not kerf-compile %t/arena.mlir -o %t --max-arena 16MiB 2>&1 | FileCheck %s --check-prefix=LIMIT
// RUN: not kerf-compile %t/sum.mlir -o %t 2>&1 | FileCheck %s --check-prefix=SUM
// RUN: not kerf-run %t/arena.mlir 2>&1 | FileCheck %s --check-prefix=ORACLE
// RUN: not kerf-run --compare %t/arena.mlir 2>&1 | FileCheck %s --check-prefix=ORACLE

// BLOCK: entry 'e': block 'p' has 211106232532992 bytes with leaf 'c' of 70368744177664, more than the 2^47 that a process can address
// LARGE: warning: entry 'e' needs an arena of 48.0 GiB (51539607552 bytes); --max-arena says how large one may be
// LARGE: note: among the largest: 4096x1048576xf32, 16.0 GiB (17179869184 bytes)
// LIMIT: error: entry 'e' needs an arena of at least {{.*}} bytes), more than the 16777216 bytes of --max-arena
// LIMIT: note: among the largest: 4096x1048576xf32
// SUM: error: entry 'e' needs an arena of at least {{.*}} bytes), more than the 140737488355328 bytes of --max-arena
// ORACLE: error: @e takes {{[0-9]+}} bytes to evaluate, every number in 8, more than the 2147483648 of --max-memory

//--- block.mlir
func.func @e(%a: tensor<17592186044416xf32> {kerf.role = "p", kerf.name = "a"}, %b: tensor<17592186044416xf32> {kerf.role = "p", kerf.name = "b"},
             %c: tensor<17592186044416xf32> {kerf.role = "p", kerf.name = "c"}, %x: tensor<2xf32> {kerf.name = "x"})
    -> (tensor<2xf32> {kerf.name = "y"}) attributes {kerf.entry} { return %x : tensor<2xf32> }
//--- arena.mlir
func.func @e(%x: tensor<4096x8xf32> {kerf.name = "x"}, %w: tensor<8x1048576xf32> {kerf.name = "w"}) -> (tensor<4096xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %a = kerf.contract %x, %w, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<4096x8xf32>, tensor<8x1048576xf32> -> tensor<4096x1048576xf32>
  %b = kerf.contract %a, %w, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<4096x1048576xf32>, tensor<8x1048576xf32> -> tensor<4096x8xf32>
  %c = kerf.contract %b, %w, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<4096x8xf32>, tensor<8x1048576xf32> -> tensor<4096x1048576xf32>
  %t = kerf.transpose %a, permutation = [1, 0] : tensor<4096x1048576xf32> -> tensor<1048576x4096xf32>
  %d = kerf.contract %c, %t, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<4096x1048576xf32>, tensor<1048576x4096xf32> -> tensor<4096x4096xf32>
  %y = kerf.sum %d, axes = [1] : tensor<4096x4096xf32> -> tensor<4096xf32>
  return %y : tensor<4096xf32>
}
//--- sum.mlir
func.func @e(%x: tensor<4194304x8xf32> {kerf.name = "x"}, %w: tensor<8x8388608xf32> {kerf.name = "w"}) -> (tensor<4194304xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %a = kerf.contract %x, %w, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<4194304x8xf32>, tensor<8x8388608xf32> -> tensor<4194304x8388608xf32>
  %b = kerf.contract %a, %w, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<4194304x8388608xf32>, tensor<8x8388608xf32> -> tensor<4194304x8xf32>
  %c = kerf.contract %b, %w, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<4194304x8xf32>, tensor<8x8388608xf32> -> tensor<4194304x8388608xf32>
  %d = kerf.contract %c, %a, a_batch = [0], b_batch = [0], a_contract = [1], b_contract = [1] : tensor<4194304x8388608xf32>, tensor<4194304x8388608xf32> -> tensor<4194304xf32>
  return %d : tensor<4194304xf32>
}
