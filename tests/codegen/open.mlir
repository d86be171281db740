// Open entries, each with its companions: what a call's rows are computed with, and what is refused.
// RUN: kerf-run %s --function standard_error --compare --rows 1 --rows 2 --rows 7 --rows 8
// RUN: kerf-run %s --function standard_error --compiled --rows 2 | FileCheck %s --check-prefix=ROWS
// RUN: not kerf-run %s --function log_of_rows --same-bits --rows 8 2>&1 | FileCheck %s --check-prefix=LOG
// RUN: not kerf-run %s --function alone --same-bits 2>&1 | FileCheck %s --check-prefix=ALONE
// RUN: not kerf-run %s --function standard_error --same-bits --rows 9 2>&1 | FileCheck %s --check-prefix=MANY

// ROWS: 2 rows
// ROWS: y tensor<3xf32>:
func.func @standard_error(%x: tensor<8x3xf32> {kerf.name = "x"}) -> (tensor<3xf32> {kerf.name = "y"}) attributes {kerf.entry, kerf.open = "B", kerf.rows = 8 : i64} {
  %n = kerf.count 8 : tensor<f32>
  %r = kerf.sqrt %n : tensor<f32>
  %b = kerf.broadcast %r, dims = [] : tensor<f32> -> tensor<3xf32>
  %s = kerf.sum %x, axes = [0] : tensor<8x3xf32> -> tensor<3xf32>
  %y = kerf.div %s, %b : tensor<3xf32>
  return %y : tensor<3xf32>
}
func.func @"standard_error.7"(%x: tensor<7x3xf32> {kerf.name = "x"}) -> (tensor<3xf32> {kerf.name = "y"}) attributes {kerf.entry, kerf.open = "B", kerf.rows = 7 : i64, kerf.companion_of = "standard_error"} {
  %n = kerf.count 7 : tensor<f32>
  %r = kerf.sqrt %n : tensor<f32>
  %b = kerf.broadcast %r, dims = [] : tensor<f32> -> tensor<3xf32>
  %s = kerf.sum %x, axes = [0] : tensor<7x3xf32> -> tensor<3xf32>
  %y = kerf.div %s, %b : tensor<3xf32>
  return %y : tensor<3xf32>
}
func.func @"standard_error.5"(%x: tensor<5x3xf32> {kerf.name = "x"}) -> (tensor<3xf32> {kerf.name = "y"}) attributes {kerf.entry, kerf.open = "B", kerf.rows = 5 : i64, kerf.companion_of = "standard_error"} {
  %n = kerf.count 5 : tensor<f32>
  %r = kerf.sqrt %n : tensor<f32>
  %b = kerf.broadcast %r, dims = [] : tensor<f32> -> tensor<3xf32>
  %s = kerf.sum %x, axes = [0] : tensor<5x3xf32> -> tensor<3xf32>
  %y = kerf.div %s, %b : tensor<3xf32>
  return %y : tensor<3xf32>
}

// LOG: error: entry 'log_of_rows' leaves B open, but this line computes log of B alone, which a bound entry rounds when it is compiled; bind B to a number
func.func @log_of_rows(%x: tensor<8xf32> {kerf.name = "x"}) -> (tensor<8xf32> {kerf.name = "y"}) attributes {kerf.entry, kerf.open = "B", kerf.rows = 8 : i64} {
  %n = kerf.count 8 : tensor<f32>
  %l = kerf.log %n : tensor<f32>
  %b = kerf.broadcast %l, dims = [] : tensor<f32> -> tensor<8xf32>
  %y = kerf.mul %x, %b : tensor<8xf32>
  return %y : tensor<8xf32>
}
func.func @"log_of_rows.7"(%x: tensor<7xf32> {kerf.name = "x"}) -> (tensor<7xf32> {kerf.name = "y"}) attributes {kerf.entry, kerf.open = "B", kerf.rows = 7 : i64, kerf.companion_of = "log_of_rows"} {
  %n = kerf.count 7 : tensor<f32>
  %l = kerf.log %n : tensor<f32>
  %b = kerf.broadcast %l, dims = [] : tensor<f32> -> tensor<7xf32>
  %y = kerf.mul %x, %b : tensor<7xf32>
  return %y : tensor<7xf32>
}
func.func @"log_of_rows.5"(%x: tensor<5xf32> {kerf.name = "x"}) -> (tensor<5xf32> {kerf.name = "y"}) attributes {kerf.entry, kerf.open = "B", kerf.rows = 5 : i64, kerf.companion_of = "log_of_rows"} {
  %n = kerf.count 5 : tensor<f32>
  %l = kerf.log %n : tensor<f32>
  %b = kerf.broadcast %l, dims = [] : tensor<f32> -> tensor<5xf32>
  %y = kerf.mul %x, %b : tensor<5xf32>
  return %y : tensor<5xf32>
}

// ALONE: error: entry 'alone' is open and has no companion 'alone.7' for 7 rows
func.func @alone(%x: tensor<8x3xf32> {kerf.name = "x"}) -> (tensor<3xf32> {kerf.name = "y"}) attributes {kerf.entry, kerf.open = "B", kerf.rows = 8 : i64} {
  %n = kerf.count 8 : tensor<f32>
  %r = kerf.sqrt %n : tensor<f32>
  %b = kerf.broadcast %r, dims = [] : tensor<f32> -> tensor<3xf32>
  %s = kerf.sum %x, axes = [0] : tensor<8x3xf32> -> tensor<3xf32>
  %y = kerf.div %s, %b : tensor<3xf32>
  return %y : tensor<3xf32>
}

// MANY: kerf-run: --rows 9: an entry has 8 rows at most
