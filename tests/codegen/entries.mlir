// RUN: kerf-run --compare %s | FileCheck %s

// State in place: what an entry reads is what was there before it, whatever it writes and when.

// CHECK: @swap: compiled agrees
func.func @swap(%a: tensor<5xf32> {kerf.role = "state", kerf.name = "a"},
                %b: tensor<5xf32> {kerf.role = "state", kerf.name = "b"})
    -> (tensor<5xf32> {kerf.role = "state", kerf.name = "a"},
        tensor<5xf32> {kerf.role = "state", kerf.name = "b"}) attributes {kerf.entry} {
  return %b, %a : tensor<5xf32>, tensor<5xf32>
}

// -----

// CHECK: @rotate: compiled agrees
func.func @rotate(%a: tensor<17xf32> {kerf.role = "state", kerf.name = "a"},
                  %b: tensor<17xf32> {kerf.role = "state", kerf.name = "b"},
                  %c: tensor<17xf32> {kerf.role = "state", kerf.name = "c"})
    -> (tensor<17xf32> {kerf.role = "state", kerf.name = "a"},
        tensor<17xf32> {kerf.role = "state", kerf.name = "b"},
        tensor<17xf32> {kerf.role = "state", kerf.name = "c"}) attributes {kerf.entry} {
  return %b, %c, %a : tensor<17xf32>, tensor<17xf32>, tensor<17xf32>
}

// -----

// The old parameter is a result beside its update.
// CHECK: @old_beside_new: compiled agrees
func.func @old_beside_new(%w: tensor<65xf32> {kerf.role = "params", kerf.name = "w"},
                          %g: tensor<65xf32> {kerf.name = "g"})
    -> (tensor<65xf32> {kerf.role = "params", kerf.name = "w"},
        tensor<65xf32> {kerf.name = "old"}) attributes {kerf.entry} {
  %new = kerf.sub %w, %g : tensor<65xf32>
  return %new, %w : tensor<65xf32>, tensor<65xf32>
}

// -----

// A second role follows the updated parameter, not the old one.
// CHECK: @average_of_the_updated: compiled agrees
func.func @average_of_the_updated(%w: tensor<33xf32> {kerf.role = "params", kerf.name = "w"},
                                  %m: tensor<33xf32> {kerf.role = "average", kerf.name = "w"},
                                  %g: tensor<33xf32> {kerf.name = "g"})
    -> (tensor<33xf32> {kerf.role = "params", kerf.name = "w"},
        tensor<33xf32> {kerf.role = "average", kerf.name = "w"},
        tensor<f32> {kerf.name = "drift"}) attributes {kerf.entry} {
  %decay = arith.constant dense<0.875> : tensor<33xf32>
  %rest = arith.constant dense<0.125> : tensor<33xf32>
  %new = kerf.sub %w, %g : tensor<33xf32>
  %kept = kerf.mul %m, %decay : tensor<33xf32>
  %added = kerf.mul %new, %rest : tensor<33xf32>
  %average = kerf.add %kept, %added : tensor<33xf32>
  %step = kerf.sub %new, %w : tensor<33xf32>
  %squares = kerf.mul %step, %step : tensor<33xf32>
  %drift = kerf.sum %squares, axes = [0] : tensor<33xf32> -> tensor<f32>
  return %new, %average, %drift : tensor<33xf32>, tensor<33xf32>, tensor<f32>
}

// -----

// Each leaf's new value needs every leaf's old one.
// CHECK: @mixed_in_one_sweep: compiled agrees
func.func @mixed_in_one_sweep(%a: tensor<7x7xf32> {kerf.role = "state", kerf.name = "a"},
                              %b: tensor<7x7xf32> {kerf.role = "state", kerf.name = "b"},
                              %n: tensor<i64> {kerf.role = "step", kerf.name = "n"})
    -> (tensor<7x7xf32> {kerf.role = "state", kerf.name = "a"},
        tensor<7x7xf32> {kerf.role = "state", kerf.name = "b"},
        tensor<i64> {kerf.role = "step", kerf.name = "n"},
        tensor<i64> {kerf.name = "before"}) attributes {kerf.entry} {
  %one = arith.constant dense<1> : tensor<i64>
  %at = kerf.transpose %a, permutation = [1, 0] : tensor<7x7xf32> -> tensor<7x7xf32>
  %na = kerf.add %at, %b : tensor<7x7xf32>
  %bt = kerf.transpose %b, permutation = [1, 0] : tensor<7x7xf32> -> tensor<7x7xf32>
  %nb = kerf.contract %bt, %a, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<7x7xf32>, tensor<7x7xf32> -> tensor<7x7xf32>
  %next = kerf.add %n, %one : tensor<i64>
  return %na, %nb, %next, %n : tensor<7x7xf32>, tensor<7x7xf32>, tensor<i64>, tensor<i64>
}

// -----

// A leaf that nothing changes, and one value in three places.
// CHECK: @one_value_three_times: compiled agrees
func.func @one_value_three_times(%a: tensor<9xf32> {kerf.role = "state", kerf.name = "a"},
                                 %b: tensor<9xf32> {kerf.role = "state", kerf.name = "b"},
                                 %c: tensor<9xf32> {kerf.role = "state", kerf.name = "c"})
    -> (tensor<9xf32> {kerf.role = "state", kerf.name = "a"},
        tensor<9xf32> {kerf.role = "state", kerf.name = "b"},
        tensor<9xf32> {kerf.role = "state", kerf.name = "c"},
        tensor<9xf32> {kerf.name = "y"}, tensor<9xf32> {kerf.name = "z"}) attributes {kerf.entry} {
  %s = kerf.add %b, %c : tensor<9xf32>
  return %a, %s, %s, %s, %c : tensor<9xf32>, tensor<9xf32>, tensor<9xf32>, tensor<9xf32>, tensor<9xf32>
}

// -----

// A part of an old leaf, of another shape, is a result after the leaf has changed.
// CHECK: @view_of_old: compiled agrees
func.func @view_of_old(%a: tensor<6x4xf32> {kerf.role = "state", kerf.name = "a"})
    -> (tensor<6x4xf32> {kerf.role = "state", kerf.name = "a"},
        tensor<2x4xf32> {kerf.name = "rows"}, tensor<24xf32> {kerf.name = "flat"})
    attributes {kerf.entry} {
  %new = kerf.neg %a : tensor<6x4xf32>
  %rows = kerf.slice %a, offsets = [1, 0], limits = [3, 4], strides = [1, 1] : tensor<6x4xf32> -> tensor<2x4xf32>
  %flat = kerf.reshape %a : tensor<6x4xf32> -> tensor<24xf32>
  return %new, %rows, %flat : tensor<6x4xf32>, tensor<2x4xf32>, tensor<24xf32>
}
