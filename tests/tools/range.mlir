// Random inputs in the range that they have in use, by --range.
// RUN: kerf-run --limit 100 --range x=3:4 --range adam=5:6 --range adam.v=7:8 %s | FileCheck %s
// RUN: not kerf-run --range nobody=0:1 %s 2>&1 | FileCheck %s --check-prefix=NOBODY
// RUN: not kerf-run --range x=1 %s 2>&1 | FileCheck %s --check-prefix=WORDS
// RUN: not kerf-run --range x=4:3 %s 2>&1 | FileCheck %s --check-prefix=WORDS
// RUN: not kerf-run --range x=0:nan %s 2>&1 | FileCheck %s --check-prefix=WORDS
// RUN: kerf-run --compare %s 2>&1 | FileCheck %s --check-prefix=NAN
// RUN: kerf-run --compare --range ema=1:2 %s 2>&1 | FileCheck %s --check-prefix=NUMBERS --implicit-check-not=warning
// RUN: not kerf-run /dev/zero 2>&1 | FileCheck %s --check-prefix=DEVICE

// NOBODY: kerf-run: --range nobody=0:1: no function has an argument or a role 'nobody'
// WORDS: wants NAME=LOW:HIGH, as adam=0:1
// DEVICE: kerf-run: /dev/zero: this is no file

// CHECK: tensor<20xf32>:{{( 3\.[0-9]+)+$}}
// CHECK-NEXT: tensor<20xi64>:{{( [56])+$}}
// CHECK-NEXT: tensor<20xf32>:{{( 7\.[0-9]+)+$}}
// CHECK-NEXT: tensor<20xf32>:{{( 5\.[0-9]+)+$}}
// CHECK-NEXT: tensor<20xf32>:{{( -?[01]\.[0-9e-]+| -?[01])+$}}
func.func @ranges(%x: tensor<20xf32> {kerf.name = "x"}, %t: tensor<20xi64> {kerf.role = "adam", kerf.name = "t"},
                  %v: tensor<20xf32> {kerf.role = "adam", kerf.name = "v.weight"},
                  %m: tensor<20xf32> {kerf.role = "adam", kerf.name = "vm"}, %xy: tensor<20xf32> {kerf.name = "xy"})
    -> (tensor<20xf32>, tensor<20xi64>, tensor<20xf32>, tensor<20xf32>, tensor<20xf32>) {
  return %x, %t, %v, %m, %xy : tensor<20xf32>, tensor<20xi64>, tensor<20xf32>, tensor<20xf32>, tensor<20xf32>
}

// NAN-DAG: @step: compiled agrees
// NAN-DAG: @step: warning: {{[0-9]+}} of 100 elements are NaN for these inputs; give them a --range that they have in use, as adam=0:1
// NUMBERS: @step: compiled agrees
func.func @step(%v: tensor<100xf32> {kerf.role = "ema", kerf.name = "v"}) -> tensor<100xf32> attributes {kerf.entry} {
  %root = kerf.sqrt %v : tensor<100xf32>
  %log = kerf.log %root : tensor<100xf32>
  %y = kerf.log %log : tensor<100xf32>
  return %y : tensor<100xf32>
}
