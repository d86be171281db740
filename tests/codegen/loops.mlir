// Loops in entries. Every entry also says without a loop what it wants, from the same numbers.
// RUN: kerf-run --compiled --limit 100 %s | FileCheck %s --check-prefix=VALUE
// RUN: env KERF_PRINT=buffers kerf-run --compiled %s 2>&1 | FileCheck %s

// What is carried is written where it is read.
// CHECK-LABEL: func.func @in_place(
//       CHECK:   scf.for
//       CHECK:     ins(%[[Y:.*]], %{{.*}} : {{.*}}) outs(%[[Y]] :
//   CHECK-NOT:     linalg.generic
//       CHECK:   return
// VALUE-LABEL: @in_place
//       VALUE:   want [[IN_PLACE:.*]]
//       VALUE:   y [[IN_PLACE]]{{$}}
func.func @in_place(%x: tensor<7xf32> {kerf.name = "x"})
    -> (tensor<7xf32> {kerf.name = "want"}, tensor<7xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %0 = arith.constant 0 : index
  %1 = arith.constant 1 : index
  %3 = arith.constant 3 : index
  %w1 = kerf.mul %x, %x : tensor<7xf32>
  %w2 = kerf.mul %w1, %x : tensor<7xf32>
  %want = kerf.mul %w2, %x : tensor<7xf32>
  %y = scf.for %i = %0 to %3 step %1 iter_args(%a = %x) -> tensor<7xf32> {
    %m = kerf.mul %a, %x : tensor<7xf32>
    scf.yield %m : tensor<7xf32>
  }
  return %want, %y : tensor<7xf32>, tensor<7xf32>
}

// State that nobody reads after the loop is updated where it lies.
// CHECK-LABEL: func.func @state(
//  CHECK-SAME:   %[[S:.*]]: memref<7xf32> {kerf.name = "s"
//   CHECK-NOT:   memref.alloc
//       CHECK:   scf.for
//       CHECK:     ins(%[[S]], %{{.*}} : {{.*}}) outs(%[[S]] :
//   CHECK-NOT:   linalg.generic
//       CHECK:   return
// VALUE-LABEL: @state
//       VALUE:   want [[STATE:.*]]
//       VALUE:   s [[STATE]]{{$}}
func.func @state(%s: tensor<7xf32> {kerf.role = "state", kerf.name = "s"}, %x: tensor<7xf32> {kerf.name = "x"})
    -> (tensor<7xf32> {kerf.name = "want"}, tensor<7xf32> {kerf.role = "state", kerf.name = "s"})
    attributes {kerf.entry} {
  %0 = arith.constant 0 : index
  %1 = arith.constant 1 : index
  %2 = arith.constant 2 : index
  %w1 = kerf.mul %s, %x : tensor<7xf32>
  %w2 = kerf.exp %w1 : tensor<7xf32>
  %w3 = kerf.mul %w2, %x : tensor<7xf32>
  %want = kerf.exp %w3 : tensor<7xf32>
  %y = scf.for %i = %0 to %2 step %1 iter_args(%a = %s) -> tensor<7xf32> {
    %m = kerf.mul %a, %x : tensor<7xf32>
    %n = kerf.exp %m : tensor<7xf32>
    scf.yield %n : tensor<7xf32>
  }
  return %want, %y : tensor<7xf32>, tensor<7xf32>
}

// The first value is read in the loop and after it, so it is not overwritten.
// VALUE-LABEL: @first_value_is_needed
//       VALUE:   want [[NEEDED:.*]]
//       VALUE:   y [[NEEDED]]{{$}}
func.func @first_value_is_needed(%x: tensor<7xf32> {kerf.name = "x"})
    -> (tensor<7xf32> {kerf.name = "want"}, tensor<7xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %0 = arith.constant 0 : index
  %1 = arith.constant 1 : index
  %2 = arith.constant 2 : index
  %e = kerf.exp %x : tensor<7xf32>
  %r = scf.for %i = %0 to %2 step %1 iter_args(%a = %e) -> tensor<7xf32> {
    %m = kerf.mul %a, %e : tensor<7xf32>
    scf.yield %m : tensor<7xf32>
  }
  %y = kerf.add %e, %r : tensor<7xf32>
  %w1 = kerf.mul %e, %e : tensor<7xf32>
  %w2 = kerf.mul %w1, %e : tensor<7xf32>
  %want = kerf.add %e, %w2 : tensor<7xf32>
  return %want, %y : tensor<7xf32>, tensor<7xf32>
}

// State that every iteration reads as it was before the loop is updated behind it.
// CHECK-LABEL: func.func @old_state_in_the_loop(
//       CHECK:   memref.alloc
//       CHECK:   scf.for
// VALUE-LABEL: @old_state_in_the_loop
//       VALUE:   want [[OLD:.*]]
//       VALUE:   s [[OLD]]{{$}}
func.func @old_state_in_the_loop(%s: tensor<7xf32> {kerf.role = "old_state", kerf.name = "s"})
    -> (tensor<7xf32> {kerf.name = "want"}, tensor<7xf32> {kerf.role = "old_state", kerf.name = "s"})
    attributes {kerf.entry} {
  %0 = arith.constant 0 : index
  %1 = arith.constant 1 : index
  %3 = arith.constant 3 : index
  %w1 = kerf.mul %s, %s : tensor<7xf32>
  %w2 = kerf.mul %w1, %s : tensor<7xf32>
  %want = kerf.mul %w2, %s : tensor<7xf32>
  %y = scf.for %i = %0 to %3 step %1 iter_args(%a = %s) -> tensor<7xf32> {
    %m = kerf.mul %a, %s : tensor<7xf32>
    scf.yield %m : tensor<7xf32>
  }
  return %want, %y : tensor<7xf32>, tensor<7xf32>
}

// Each of the two becomes the other: one of them is saved first.
// CHECK-LABEL: func.func @swap(
//       CHECK:   scf.for
//       CHECK:     %[[SAVED:.*]] = memref.alloc
//       CHECK:     ins(%[[B:.*]] : {{.*}}) outs(%[[SAVED]] :
//       CHECK:     ins(%[[A:.*]] : {{.*}}) outs(%[[B]] :
//       CHECK:     ins(%[[SAVED]] : {{.*}}) outs(%[[A]] :
//   CHECK-NOT:     linalg.generic
//       CHECK:   return
// VALUE-LABEL: @swap
//       VALUE:   first [[SWAP_X:.*]]
//       VALUE:   second [[SWAP_Y:.*]]
//       VALUE:   a [[SWAP_Y]]{{$}}
//       VALUE:   b [[SWAP_X]]{{$}}
func.func @swap(%x: tensor<5xf32> {kerf.name = "x"}, %y: tensor<5xf32> {kerf.name = "y"})
    -> (tensor<5xf32> {kerf.name = "first"}, tensor<5xf32> {kerf.name = "second"},
        tensor<5xf32> {kerf.name = "a"}, tensor<5xf32> {kerf.name = "b"}) attributes {kerf.entry} {
  %0 = arith.constant 0 : index
  %1 = arith.constant 1 : index
  %3 = arith.constant 3 : index
  %r:2 = scf.for %i = %0 to %3 step %1 iter_args(%a = %x, %b = %y) -> (tensor<5xf32>, tensor<5xf32>) {
    scf.yield %b, %a : tensor<5xf32>, tensor<5xf32>
  }
  return %x, %y, %r#0, %r#1 : tensor<5xf32>, tensor<5xf32>, tensor<5xf32>, tensor<5xf32>
}

// (a, b) becomes (b, a + b): the sum waits until b has been copied.
// VALUE-LABEL: @fibonacci
//       VALUE:   want [[FIB_A:.*]]
//       VALUE:   next [[FIB_B:.*]]
//       VALUE:   a [[FIB_A]]{{$}}
//       VALUE:   b [[FIB_B]]{{$}}
func.func @fibonacci(%x: tensor<5xf32> {kerf.name = "x"}, %y: tensor<5xf32> {kerf.name = "y"})
    -> (tensor<5xf32> {kerf.name = "want"}, tensor<5xf32> {kerf.name = "next"},
        tensor<5xf32> {kerf.name = "a"}, tensor<5xf32> {kerf.name = "b"}) attributes {kerf.entry} {
  %0 = arith.constant 0 : index
  %1 = arith.constant 1 : index
  %3 = arith.constant 3 : index
  %w1 = kerf.add %x, %y : tensor<5xf32>
  %w2 = kerf.add %y, %w1 : tensor<5xf32>
  %w3 = kerf.add %w1, %w2 : tensor<5xf32>
  %r:2 = scf.for %i = %0 to %3 step %1 iter_args(%a = %x, %b = %y) -> (tensor<5xf32>, tensor<5xf32>) {
    %s = kerf.add %a, %b : tensor<5xf32>
    scf.yield %b, %s : tensor<5xf32>, tensor<5xf32>
  }
  return %w2, %w3, %r#0, %r#1 : tensor<5xf32>, tensor<5xf32>, tensor<5xf32>, tensor<5xf32>
}

// One new value is carried twice, and an old one is read after the place it goes to was written.
// VALUE-LABEL: @one_value_twice
//       VALUE:   want [[TWICE:.*]]
//       VALUE:   a [[TWICE]]{{$}}
//       VALUE:   b [[TWICE]]{{$}}
func.func @one_value_twice(%x: tensor<5xf32> {kerf.name = "x"}, %y: tensor<5xf32> {kerf.name = "y"})
    -> (tensor<5xf32> {kerf.name = "want"}, tensor<5xf32> {kerf.name = "a"}, tensor<5xf32> {kerf.name = "b"})
    attributes {kerf.entry} {
  %0 = arith.constant 0 : index
  %1 = arith.constant 1 : index
  %2 = arith.constant 2 : index
  %e1 = kerf.exp %y : tensor<5xf32>
  %w1 = kerf.mul %x, %e1 : tensor<5xf32>
  %e2 = kerf.exp %w1 : tensor<5xf32>
  %want = kerf.mul %w1, %e2 : tensor<5xf32>
  %r:2 = scf.for %i = %0 to %2 step %1 iter_args(%a = %x, %b = %y) -> (tensor<5xf32>, tensor<5xf32>) {
    %e = kerf.exp %b : tensor<5xf32>
    %m = kerf.mul %a, %e : tensor<5xf32>
    scf.yield %m, %m : tensor<5xf32>, tensor<5xf32>
  }
  return %want, %r#0, %r#1 : tensor<5xf32>, tensor<5xf32>, tensor<5xf32>
}

// The new value is made of the old one at another place, so it waits until all of that is read.
// CHECK-LABEL: func.func @transposed(
//       CHECK:   scf.for
//       CHECK:     %[[NEW:.*]] = memref.alloc
//       CHECK:     outs(%[[NEW]] :
//       CHECK:     ins(%[[NEW]] :
// VALUE-LABEL: @transposed
//       VALUE:   want [[TRANSPOSED:.*]]
//       VALUE:   y [[TRANSPOSED]]{{$}}
func.func @transposed(%x: tensor<3x3xf32> {kerf.name = "x"})
    -> (tensor<3x3xf32> {kerf.name = "want"}, tensor<3x3xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %0 = arith.constant 0 : index
  %1 = arith.constant 1 : index
  %2 = arith.constant 2 : index
  %t1 = kerf.transpose %x, permutation = [1, 0] : tensor<3x3xf32> -> tensor<3x3xf32>
  %w1 = kerf.sub %x, %t1 : tensor<3x3xf32>
  %t2 = kerf.transpose %w1, permutation = [1, 0] : tensor<3x3xf32> -> tensor<3x3xf32>
  %want = kerf.sub %w1, %t2 : tensor<3x3xf32>
  %y = scf.for %i = %0 to %2 step %1 iter_args(%a = %x) -> tensor<3x3xf32> {
    %t = kerf.transpose %a, permutation = [1, 0] : tensor<3x3xf32> -> tensor<3x3xf32>
    %n = kerf.sub %a, %t : tensor<3x3xf32>
    scf.yield %n : tensor<3x3xf32>
  }
  return %want, %y : tensor<3x3xf32>, tensor<3x3xf32>
}

// The first value is a part of another tensor, which stays as it is.
// VALUE-LABEL: @begins_with_a_part
//       VALUE:   want [[PART:.*]]
//       VALUE:   y [[PART]]{{$}}
func.func @begins_with_a_part(%x: tensor<4x3xf32> {kerf.name = "x"})
    -> (tensor<2x3xf32> {kerf.name = "want"}, tensor<2x3xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %0 = arith.constant 0 : index
  %1 = arith.constant 1 : index
  %2 = arith.constant 2 : index
  %e = kerf.exp %x : tensor<4x3xf32>
  %part = tensor.extract_slice %e[1, 0] [2, 3] [1, 1] : tensor<4x3xf32> to tensor<2x3xf32>
  %y = scf.for %i = %0 to %2 step %1 iter_args(%a = %part) -> tensor<2x3xf32> {
    %n = kerf.mul %a, %a : tensor<2x3xf32>
    scf.yield %n : tensor<2x3xf32>
  }
  %w0 = kerf.slice %e, offsets = [1, 0], limits = [3, 3], strides = [1, 1] : tensor<4x3xf32> -> tensor<2x3xf32>
  %w1 = kerf.mul %w0, %w0 : tensor<2x3xf32>
  %want = kerf.mul %w1, %w1 : tensor<2x3xf32>
  return %want, %y : tensor<2x3xf32>, tensor<2x3xf32>
}

// Rows in blocks: each is read where it lies and made where it belongs; the sum is carried.
// CHECK-LABEL: func.func @rows(
//       CHECK:   scf.for
//   CHECK-DAG:     %[[FROM:.*]] = memref.subview
//   CHECK-DAG:     %[[TO:.*]] = memref.subview
//       CHECK:     ins(%[[FROM]] : {{.*}}) outs(%[[TO]] :
//       CHECK:     ins(%[[TO]] : {{.*}}) outs(%[[PART:.*]] : memref<5xf32>)
//       CHECK:     ins(%[[SUM:.*]], %[[PART]] : {{.*}}) outs(%[[SUM]] :
//   CHECK-NOT:     linalg.generic
//       CHECK:     return
// VALUE-LABEL: @rows
//       VALUE:   want [[ROWS:.*]]
//       VALUE:   total [[ROWS_SUM:.*]]
//       VALUE:   y [[ROWS]]{{$}}
//       VALUE:   s [[ROWS_SUM]]{{$}}
func.func @rows(%x: tensor<12x5xf32> {kerf.name = "x"})
    -> (tensor<12x5xf32> {kerf.name = "want"}, tensor<5xf32> {kerf.name = "total"},
        tensor<12x5xf32> {kerf.name = "y"}, tensor<5xf32> {kerf.name = "s"}) attributes {kerf.entry} {
  %0 = arith.constant 0 : index
  %1 = arith.constant 1 : index
  %3 = arith.constant 3 : index
  %4 = arith.constant 4 : index
  %zero = arith.constant dense<0.0> : tensor<5xf32>
  %want = kerf.exp %x : tensor<12x5xf32>
  %p0 = kerf.slice %want, offsets = [0, 0], limits = [4, 5], strides = [1, 1] : tensor<12x5xf32> -> tensor<4x5xf32>
  %p1 = kerf.slice %want, offsets = [4, 0], limits = [8, 5], strides = [1, 1] : tensor<12x5xf32> -> tensor<4x5xf32>
  %p2 = kerf.slice %want, offsets = [8, 0], limits = [12, 5], strides = [1, 1] : tensor<12x5xf32> -> tensor<4x5xf32>
  %s0 = kerf.sum %p0, axes = [0] : tensor<4x5xf32> -> tensor<5xf32>
  %s1 = kerf.sum %p1, axes = [0] : tensor<4x5xf32> -> tensor<5xf32>
  %s2 = kerf.sum %p2, axes = [0] : tensor<4x5xf32> -> tensor<5xf32>
  %s01 = kerf.add %s0, %s1 : tensor<5xf32>
  %total = kerf.add %s01, %s2 : tensor<5xf32>
  %empty = tensor.empty() : tensor<12x5xf32>
  %r:2 = scf.for %i = %0 to %3 step %1 iter_args(%all = %empty, %sum = %zero) -> (tensor<12x5xf32>, tensor<5xf32>) {
    %o = arith.muli %i, %4 : index
    %block = tensor.extract_slice %x[%o, 0] [4, 5] [1, 1] : tensor<12x5xf32> to tensor<4x5xf32>
    %e = kerf.exp %block : tensor<4x5xf32>
    %part = kerf.sum %e, axes = [0] : tensor<4x5xf32> -> tensor<5xf32>
    %next = kerf.add %sum, %part : tensor<5xf32>
    %more = tensor.insert_slice %e into %all[%o, 0] [4, 5] [1, 1] : tensor<4x5xf32> into tensor<12x5xf32>
    scf.yield %more, %next : tensor<12x5xf32>, tensor<5xf32>
  }
  return %want, %total, %r#0, %r#1 : tensor<12x5xf32>, tensor<5xf32>, tensor<12x5xf32>, tensor<5xf32>
}

// Kernels on blocks of rows, the offset being the count itself.
// CHECK-LABEL: func.func @products(
//       CHECK:   scf.for
//       CHECK:     kerf_schedule.kernel "gemm_packed"(%{{.*}}, %{{.*}} : memref<2x5xf32, strided<[5, 1], offset: ?>>, {{.*}}) outs(%{{.*}} : memref<2x3xf32, strided<[3, 1], offset: ?>>
//   CHECK-NOT:     linalg.generic
//       CHECK:     return
// VALUE-LABEL: @products
//       VALUE:   want [[PRODUCTS:.*]]
//       VALUE:   y [[PRODUCTS]]{{$}}
func.func @products(%x: tensor<6x5xf32> {kerf.name = "x"}, %w: tensor<5x3xf32> {kerf.name = "w"})
    -> (tensor<6x3xf32> {kerf.name = "want"}, tensor<6x3xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %0 = arith.constant 0 : index
  %2 = arith.constant 2 : index
  %6 = arith.constant 6 : index
  %want = kerf.contract %x, %w, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<6x5xf32>, tensor<5x3xf32> -> tensor<6x3xf32>
  %empty = tensor.empty() : tensor<6x3xf32>
  %y = scf.for %i = %0 to %6 step %2 iter_args(%all = %empty) -> tensor<6x3xf32> {
    %block = tensor.extract_slice %x[%i, 0] [2, 5] [1, 1] : tensor<6x5xf32> to tensor<2x5xf32>
    %p = kerf.contract %block, %w, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<2x5xf32>, tensor<5x3xf32> -> tensor<2x3xf32>
    %more = tensor.insert_slice %p into %all[%i, 0] [2, 3] [1, 1] : tensor<2x3xf32> into tensor<6x3xf32>
    scf.yield %more : tensor<6x3xf32>
  }
  return %want, %y : tensor<6x3xf32>, tensor<6x3xf32>
}

// The old rows are read after the new ones have been put beside them.
// VALUE-LABEL: @old_rows_are_read_late
//       VALUE:   want [[LATE:.*]]
//       VALUE:   s [[LATE]]{{$}}
func.func @old_rows_are_read_late(%x: tensor<4x3xf32> {kerf.name = "x"})
    -> (tensor<3xf32> {kerf.name = "want"}, tensor<3xf32> {kerf.name = "s"}) attributes {kerf.entry} {
  %0 = arith.constant 0 : index
  %1 = arith.constant 1 : index
  %2 = arith.constant 2 : index
  %zero = arith.constant dense<0.0> : tensor<3xf32>
  %first = kerf.exp %x : tensor<4x3xf32>
  %head = kerf.slice %first, offsets = [2, 0], limits = [4, 3], strides = [1, 1] : tensor<4x3xf32> -> tensor<2x3xf32>
  %n0 = kerf.neg %head : tensor<2x3xf32>
  %tail = kerf.slice %first, offsets = [2, 0], limits = [4, 3], strides = [1, 1] : tensor<4x3xf32> -> tensor<2x3xf32>
  %then = kerf.concat(%n0, %tail), axis = 0 : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<4x3xf32>
  %w0 = kerf.sum %first, axes = [0] : tensor<4x3xf32> -> tensor<3xf32>
  %w1 = kerf.sum %then, axes = [0] : tensor<4x3xf32> -> tensor<3xf32>
  %want = kerf.add %w0, %w1 : tensor<3xf32>
  %r:2 = scf.for %i = %0 to %2 step %1 iter_args(%a = %first, %sum = %zero) -> (tensor<4x3xf32>, tensor<3xf32>) {
    %block = tensor.extract_slice %a[2, 0] [2, 3] [1, 1] : tensor<4x3xf32> to tensor<2x3xf32>
    %n = kerf.neg %block : tensor<2x3xf32>
    %more = tensor.insert_slice %n into %a[0, 0] [2, 3] [1, 1] : tensor<2x3xf32> into tensor<4x3xf32>
    %part = kerf.sum %a, axes = [0] : tensor<4x3xf32> -> tensor<3xf32>
    %next = kerf.add %sum, %part : tensor<3xf32>
    scf.yield %more, %next : tensor<4x3xf32>, tensor<3xf32>
  }
  return %want, %r#1 : tensor<3xf32>, tensor<3xf32>
}

// The number of the iteration as a tensor; a loop in a loop that goes on with the outer one's value.
// VALUE-LABEL: @nested
//       VALUE:   n tensor<i64>: 17
func.func @nested() -> (tensor<i64> {kerf.name = "n"}) attributes {kerf.entry} {
  %0 = arith.constant 0 : index
  %1 = arith.constant 1 : index
  %2 = arith.constant 2 : index
  %3 = arith.constant 3 : index
  %five = arith.constant dense<5> : tensor<i64>
  %n = scf.for %i = %0 to %3 step %1 iter_args(%outer = %five) -> tensor<i64> {
    %m = scf.for %j = %0 to %2 step %1 iter_args(%inner = %outer) -> tensor<i64> {
      %k = arith.addi %i, %j : index
      %number = arith.index_cast %k : index to i64
      %t = tensor.from_elements %number : tensor<i64>
      %s = kerf.add %inner, %t : tensor<i64>
      scf.yield %s : tensor<i64>
    }
    %u = arith.constant dense<1> : tensor<i64>
    %v = kerf.add %m, %u : tensor<i64>
    scf.yield %v : tensor<i64>
  }
  return %n : tensor<i64>
}
