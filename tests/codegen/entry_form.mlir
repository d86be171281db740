// State that an entry updates lies in blocks, and old and new values share one place. The obvious
// way to buffers gets all of these wrong in silence; each is compared with the oracle.
// RUN: kerf-run --compare %s
// RUN: env KERF_PRINT=buffers kerf-run --compare %s 2>&1 | FileCheck %s

// CHECK-LABEL: func.func @swap
//       CHECK:   %[[OLD:.*]] = memref.alloc()
//       CHECK:   ins(%arg0 : memref<19xf32>) outs(%[[OLD]] : memref<19xf32>)
//       CHECK:   ins(%arg1 : memref<19xf32>) outs(%arg0 : memref<19xf32>)
//       CHECK:   ins(%[[OLD]] : memref<19xf32>) outs(%arg1 : memref<19xf32>)
func.func @swap(%a: tensor<19xf32> {kerf.role = "state_swap", kerf.name = "a"},
                %b: tensor<19xf32> {kerf.role = "state_swap", kerf.name = "b"})
    -> (tensor<19xf32> {kerf.role = "state_swap", kerf.name = "a"},
        tensor<19xf32> {kerf.role = "state_swap", kerf.name = "b"}) attributes {kerf.entry} {
  return %b, %a : tensor<19xf32>, tensor<19xf32>
}

func.func @rotate(%a: tensor<5xf32> {kerf.role = "state_rotate", kerf.name = "a"},
                  %b: tensor<5xf32> {kerf.role = "state_rotate", kerf.name = "b"},
                  %c: tensor<5xf32> {kerf.role = "other_rotate", kerf.name = "c"})
    -> (tensor<5xf32> {kerf.role = "state_rotate", kerf.name = "a"},
        tensor<5xf32> {kerf.role = "state_rotate", kerf.name = "b"},
        tensor<5xf32> {kerf.role = "other_rotate", kerf.name = "c"}) attributes {kerf.entry} {
  return %b, %c, %a : tensor<5xf32>, tensor<5xf32>, tensor<5xf32>
}

// A view of an old value becomes the new value of another leaf.
func.func @swap_views(%a: tensor<3x4xf32> {kerf.role = "state_swap_views", kerf.name = "a"},
                      %b: tensor<12xf32> {kerf.role = "state_swap_views", kerf.name = "b"})
    -> (tensor<3x4xf32> {kerf.role = "state_swap_views", kerf.name = "a"},
        tensor<12xf32> {kerf.role = "state_swap_views", kerf.name = "b"}) attributes {kerf.entry} {
  %x = kerf.reshape %b : tensor<12xf32> -> tensor<3x4xf32>
  %y = kerf.reshape %a : tensor<3x4xf32> -> tensor<12xf32>
  return %x, %y : tensor<3x4xf32>, tensor<12xf32>
}

// The old value is copied out first of all, then the update happens in place.
// CHECK-LABEL: func.func @old_beside_new
//   CHECK-NOT:   memref.alloc
//       CHECK:   ins(%arg0 : memref<7x9xf32>) outs(%arg2 : memref<7x9xf32>)
//       CHECK:   ins(%arg0, %arg1 : memref<7x9xf32>, memref<7x9xf32>) outs(%arg0 : memref<7x9xf32>)
func.func @old_beside_new(%w: tensor<7x9xf32> {kerf.role = "params_old_beside_new", kerf.name = "w"},
                          %g: tensor<7x9xf32> {kerf.name = "g"})
    -> (tensor<7x9xf32> {kerf.role = "params_old_beside_new", kerf.name = "w"},
        tensor<7x9xf32> {kerf.name = "old"}) attributes {kerf.entry} {
  %n = kerf.sub %w, %g : tensor<7x9xf32>
  return %n, %w : tensor<7x9xf32>, tensor<7x9xf32>
}

// The average follows the updated weights, not the old ones.
// CHECK-LABEL: func.func @ema
//   CHECK-NOT:   memref.alloc
func.func @ema(%w: tensor<65xf32> {kerf.role = "params_ema", kerf.name = "w"},
               %e: tensor<65xf32> {kerf.role = "average_ema", kerf.name = "w"},
               %g: tensor<65xf32> {kerf.name = "g"})
    -> (tensor<65xf32> {kerf.role = "params_ema", kerf.name = "w"},
        tensor<65xf32> {kerf.role = "average_ema", kerf.name = "w"}) attributes {kerf.entry} {
  %keep = arith.constant dense<9.000000e-01> : tensor<65xf32>
  %take = arith.constant dense<1.000000e-01> : tensor<65xf32>
  %n = kerf.sub %w, %g : tensor<65xf32>
  %kept = kerf.mul %keep, %e : tensor<65xf32>
  %taken = kerf.mul %take, %n : tensor<65xf32>
  %a = kerf.add %kept, %taken : tensor<65xf32>
  return %n, %a : tensor<65xf32>, tensor<65xf32>
}

// The update is read back transposed: no two elements of old and new may share a place before all
// of the old has been read.
// CHECK-LABEL: func.func @transposed_update
//       CHECK:   %[[NEW:.*]] = memref.alloc()
//       CHECK:   outs(%[[NEW]] : memref<6x6xf32>)
//       CHECK:   ins(%[[NEW]] : memref<6x6xf32>) outs(%arg0 : memref<6x6xf32>)
func.func @transposed_update(%w: tensor<6x6xf32> {kerf.role = "params_transposed_update", kerf.name = "w"})
    -> (tensor<6x6xf32> {kerf.role = "params_transposed_update", kerf.name = "w"}) attributes {kerf.entry} {
  %t = kerf.transpose %w, permutation = [1, 0] : tensor<6x6xf32> -> tensor<6x6xf32>
  %n = kerf.add %w, %t : tensor<6x6xf32>
  return %n : tensor<6x6xf32>
}

// The new value is there before the old one is read for the last time.
func.func @old_is_read_late(%w: tensor<5x7xf32> {kerf.role = "params_old_is_read_late", kerf.name = "w"},
                            %x: tensor<3x5xf32> {kerf.name = "x"})
    -> (tensor<5x7xf32> {kerf.role = "params_old_is_read_late", kerf.name = "w"},
        tensor<3x7xf32> {kerf.name = "old"}, tensor<3x7xf32> {kerf.name = "new"})
    attributes {kerf.entry} {
  %n = kerf.exp %w : tensor<5x7xf32>
  %new = kerf.contract %x, %n, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0]
      : tensor<3x5xf32>, tensor<5x7xf32> -> tensor<3x7xf32>
  %old = kerf.contract %x, %w, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0]
      : tensor<3x5xf32>, tensor<5x7xf32> -> tensor<3x7xf32>
  return %n, %old, %new : tensor<5x7xf32>, tensor<3x7xf32>, tensor<3x7xf32>
}

// One value is the new value of two leaves and a result.
func.func @one_value_three_places(%a: tensor<4xf32> {kerf.role = "s_one_value_three_places", kerf.name = "a"},
                                  %b: tensor<4xf32> {kerf.role = "s_one_value_three_places", kerf.name = "b"})
    -> (tensor<4xf32> {kerf.role = "s_one_value_three_places", kerf.name = "a"},
        tensor<4xf32> {kerf.role = "s_one_value_three_places", kerf.name = "b"}, tensor<4xf32> {kerf.name = "y"})
    attributes {kerf.entry} {
  %y = kerf.mul %a, %b : tensor<4xf32>
  return %y, %y, %y : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}

// A leaf that keeps its value, a result that is an argument, and a constant.
func.func @nothing_to_compute(%a: tensor<4xf32> {kerf.role = "s_nothing_to_compute", kerf.name = "a"},
                              %x: tensor<2x2xi64> {kerf.name = "x"})
    -> (tensor<4xf32> {kerf.role = "s_nothing_to_compute", kerf.name = "a"}, tensor<2x2xi64> {kerf.name = "y"},
        tensor<3xf32> {kerf.name = "c"}, tensor<2xi1> {kerf.name = "d"}) attributes {kerf.entry} {
  %c = arith.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
  %d = arith.constant dense<[true, false]> : tensor<2xi1>
  return %a, %x, %c, %d : tensor<4xf32>, tensor<2x2xi64>, tensor<3xf32>, tensor<2xi1>
}

// Part of a leaf is replaced by a part of another that is replaced too.
func.func @overlapping_parts(%a: tensor<4x3xf32> {kerf.role = "s_overlapping_parts", kerf.name = "a"},
                             %b: tensor<2x3xf32> {kerf.role = "s_overlapping_parts", kerf.name = "b"})
    -> (tensor<4x3xf32> {kerf.role = "s_overlapping_parts", kerf.name = "a"},
        tensor<2x3xf32> {kerf.role = "s_overlapping_parts", kerf.name = "b"}) attributes {kerf.entry} {
  %low = kerf.slice %a, offsets = [0, 0], limits = [2, 3], strides = [1, 1]
      : tensor<4x3xf32> -> tensor<2x3xf32>
  %high = kerf.slice %a, offsets = [2, 0], limits = [4, 3], strides = [1, 1]
      : tensor<4x3xf32> -> tensor<2x3xf32>
  %n = kerf.concat(%high, %b), axis = 0 : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<4x3xf32>
  return %n, %low : tensor<4x3xf32>, tensor<2x3xf32>
}
