// What a module names reaches screens and JSON as text alone: no control character, no quote that ends a string, no
// line of its own; and what it names as a source file is opened only if it is a file.
// RUN: split-file %s %t
// RUN: rm -f %t/pipe
// RUN: mkfifo %t/pipe
// RUN: not kerf-compile %t/screen.mlir -o %t/out 2>&1 | FileCheck %s --check-prefix=SCREEN
// RUN: not kerf-compile %t/device.mlir -o %t/out 2>&1 | FileCheck %s --check-prefix=DEVICE
// RUN: not kerf-run %t/device.mlir 2>&1 | FileCheck %s --check-prefix=DEVICE
// RUN: not kerf-opt %t/device.mlir 2>&1 | FileCheck %s --check-prefix=DEVICE
// RUN: not kerf-run %t/screen.mlir 2>&1 | FileCheck %s --check-prefix=SCREEN
// RUN: cd %t && not kerf-compile %t/pipe.mlir -o %t/out 2>&1 | FileCheck %s --check-prefix=PIPE
// RUN: not kerf-compile %t/module.mlir -o %t/out 2>&1 | FileCheck %s --check-prefix=MODULE
// RUN: kerf-compile %t/report.mlir -o %t/out --explain --report 2>&1 | FileCheck %s --check-prefix=EXPLAIN
// RUN: python3 -c "import json, sys; print(*[ascii(c['line']) for c in json.load(open(sys.argv[1]))['candidates']])" %t/out/m.fusion.json | FileCheck %s --check-prefix=JSON
// RUN: kerf-run %t/names.mlir | FileCheck %s --check-prefix=NAMES
// RUN: kerf-compile %t/notes.mlir -o %t/out
// RUN: python3 -c "import json, sys; print(json.load(open(sys.argv[1]))['candidates'])" %t/out/n.fusion.json | FileCheck %s --check-prefix=NOTES
// RUN: not python3 -c "import os; os.execvp('kerf-compile', ['kerf-compile', chr(27) + '[2J.mlir'])" 2>&1 | FileCheck %s --check-prefix=FILE
//
// SCREEN: {{^}}?[31mevil???.cpp:1: error: 'kerf.add' op
// DEVICE: {{^}}/dev/zero:1: error: 'kerf.add' op
// PIPE: {{^}}pipe:1: error: 'kerf.add' op
// MODULE: {{^}}x.cpp:3: error: 'kerf.add' op
// MODULE-NEXT: {{^}}  in ?[2J?error: forged{{$}}
// EXPLAIN: {{^}}a","x":"b/c?.cpp:7: remark: vq: not fused
// JSON: 'a","x":"b/c?.cpp:7' '\ufffd\ufffd.cpp:8'
// NAMES: {{^}}@f?error: forged{{$}}
// NAMES-NEXT: {{^}}  y?[2J tensor<4xf32>
// NOTES: [{'entry': 'f?', 'family': 'vq', 'line': 'notes.cpp:1', 'fused': True}]
// FILE: {{^}}kerf: there is no file ?[2J.mlir

//--- screen.mlir
module attributes {kerf.model = "m"} {
func.func @f(%x: tensor<4xf32> {kerf.name = "x"}, %w: tensor<5xf32> {kerf.name = "w"}) -> (tensor<4xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.add"(%x, %w) : (tensor<4xf32>, tensor<5xf32>) -> tensor<4xf32> loc("\1B[31mevil\07\C2\9B.cpp":1:1)
  return %y : tensor<4xf32>
}
}
//--- device.mlir
module attributes {kerf.model = "m"} {
func.func @f(%x: tensor<4xf32> {kerf.name = "x"}, %w: tensor<5xf32> {kerf.name = "w"}) -> (tensor<4xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.add"(%x, %w) : (tensor<4xf32>, tensor<5xf32>) -> tensor<4xf32> loc("/dev/zero":1:1)
  return %y : tensor<4xf32>
}
}
//--- pipe.mlir
module attributes {kerf.model = "m"} {
func.func @f(%x: tensor<4xf32> {kerf.name = "x"}, %w: tensor<5xf32> {kerf.name = "w"}) -> (tensor<4xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.add"(%x, %w) : (tensor<4xf32>, tensor<5xf32>) -> tensor<4xf32> loc("pipe":1:1)
  return %y : tensor<4xf32>
}
}
//--- module.mlir
module attributes {kerf.model = "m"} {
func.func @f(%x: tensor<4xf32> {kerf.name = "x"}, %w: tensor<5xf32> {kerf.name = "w"}) -> (tensor<4xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = "kerf.add"(%x, %w) : (tensor<4xf32>, tensor<5xf32>) -> tensor<4xf32> loc("\1B[2J\0Aerror: forged"("x.cpp":3:1))
  return %y : tensor<4xf32>
}
}
//--- report.mlir
#quote = loc("a\22,\22x\22:\22b/c\0A.cpp":7:1)
#bytes = loc("\FF\FE.cpp":8:1)
module attributes {kerf.model = "m"} {
func.func @f(%z: tensor<29x5xf32> {kerf.name = "z"}, %e0: tensor<17x5xf32> {kerf.name = "e0"}, %e1: tensor<18x5xf32> {kerf.name = "e1"})
    -> (tensor<29xi64> {kerf.name = "k"}, tensor<29xi64> {kerf.name = "l"}) attributes {kerf.entry} {
  %ee0 = kerf.mul %e0, %e0 : tensor<17x5xf32>
  %n0 = kerf.sum %ee0, axes = [1] : tensor<17x5xf32> -> tensor<17xf32>
  %b0 = kerf.broadcast %n0, dims = [1] : tensor<17xf32> -> tensor<29x17xf32>
  %d0 = kerf.contract %z, %e0, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<29x5xf32>, tensor<17x5xf32> -> tensor<29x17xf32>
  %t0 = kerf.add %d0, %d0 : tensor<29x17xf32>
  %s0 = kerf.sub %b0, %t0 : tensor<29x17xf32>
  %k = kerf.argmin %s0, axis = 1 : tensor<29x17xf32> -> tensor<29xi64> loc(#quote)
  %ee1 = kerf.mul %e1, %e1 : tensor<18x5xf32>
  %n1 = kerf.sum %ee1, axes = [1] : tensor<18x5xf32> -> tensor<18xf32>
  %b1 = kerf.broadcast %n1, dims = [1] : tensor<18xf32> -> tensor<29x18xf32>
  %d1 = kerf.contract %z, %e1, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<29x5xf32>, tensor<18x5xf32> -> tensor<29x18xf32>
  %t1 = kerf.add %d1, %d1 : tensor<29x18xf32>
  %s1 = kerf.sub %b1, %t1 : tensor<29x18xf32>
  %l = kerf.argmin %s1, axis = 1 : tensor<29x18xf32> -> tensor<29xi64> loc(#bytes)
  return %k, %l : tensor<29xi64>, tensor<29xi64>
}
}
//--- names.mlir
func.func @"f\0Aerror: forged"(%x: tensor<4xf32>) -> (tensor<4xf32> {kerf.name = "y\1B[2J"}) {
  %y = kerf.neg %x : tensor<4xf32>
  return %y : tensor<4xf32>
}
//--- notes.mlir
module attributes {kerf.model = "n", kerf.fusion = [1, {family = 3}, {family = "vq", entry = "f\1B", root = loc("notes.cpp":1:1)}, {family = "vq", entry = "f", root = "x"}]} {
func.func @f(%x: tensor<4xf32> {kerf.name = "x"}) -> (tensor<4xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %y = kerf.neg %x : tensor<4xf32>
  return %y : tensor<4xf32>
}
}
