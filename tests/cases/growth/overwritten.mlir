// Tensors that are overwritten while their old elements are still read, under one name or another. Every entry also says
// without overwriting anything what it wants, from the same numbers.
// RUN: kerf-run --compiled --limit 100 %s | FileCheck %s

// Two parts are put into one tensor, which is read itself.
// CHECK-LABEL: @two_new_values_of_one
//       CHECK:   want_a [[TWO_A:.*]]
//       CHECK:   want_b [[TWO_B:.*]]
//       CHECK:   want_e [[TWO_E:.*]]
//       CHECK:   a [[TWO_A]]{{$}}
//       CHECK:   b [[TWO_B]]{{$}}
//       CHECK:   e [[TWO_E]]{{$}}
func.func @two_new_values_of_one(%x: tensor<8xf32> {kerf.name = "x"}, %y: tensor<4xf32> {kerf.name = "y"})
    -> (tensor<8xf32> {kerf.name = "want_a"}, tensor<8xf32> {kerf.name = "want_b"}, tensor<8xf32> {kerf.name = "want_e"},
        tensor<8xf32> {kerf.name = "a"}, tensor<8xf32> {kerf.name = "b"}, tensor<8xf32> {kerf.name = "e"}) attributes {kerf.entry} {
  %w = kerf.exp %x : tensor<8xf32>
  %w02 = kerf.slice %w, offsets = [0], limits = [2], strides = [1] : tensor<8xf32> -> tensor<2xf32>
  %w04 = kerf.slice %w, offsets = [0], limits = [4], strides = [1] : tensor<8xf32> -> tensor<4xf32>
  %w68 = kerf.slice %w, offsets = [6], limits = [8], strides = [1] : tensor<8xf32> -> tensor<2xf32>
  %want_a = kerf.concat(%w02, %y, %w68), axis = 0 : (tensor<2xf32>, tensor<4xf32>, tensor<2xf32>) -> tensor<8xf32>
  %want_b = kerf.concat(%w04, %y), axis = 0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<8xf32>

  %e = kerf.exp %x : tensor<8xf32>
  %a = tensor.insert_slice %y into %e[2] [4] [1] : tensor<4xf32> into tensor<8xf32>
  %b = tensor.insert_slice %y into %e[4] [4] [1] : tensor<4xf32> into tensor<8xf32>
  return %want_a, %want_b, %w, %a, %b, %e : tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>
}

// A part is taken before its tensor is overwritten, and read behind that; a part of the part too.
// CHECK-LABEL: @part_of_what_was
//       CHECK:   want_n [[WAS_N:.*]]
//       CHECK:   want_p [[WAS_P:.*]]
//       CHECK:   want_q [[WAS_Q:.*]]
//       CHECK:   n [[WAS_N]]{{$}}
//       CHECK:   p [[WAS_P]]{{$}}
//       CHECK:   q [[WAS_Q]]{{$}}
func.func @part_of_what_was(%x: tensor<8xf32> {kerf.name = "x"}, %y: tensor<4xf32> {kerf.name = "y"})
    -> (tensor<8xf32> {kerf.name = "want_n"}, tensor<4xf32> {kerf.name = "want_p"}, tensor<2xf32> {kerf.name = "want_q"},
        tensor<8xf32> {kerf.name = "n"}, tensor<4xf32> {kerf.name = "p"}, tensor<2xf32> {kerf.name = "q"}) attributes {kerf.entry} {
  %w = kerf.exp %x : tensor<8xf32>
  %w02 = kerf.slice %w, offsets = [0], limits = [2], strides = [1] : tensor<8xf32> -> tensor<2xf32>
  %w68 = kerf.slice %w, offsets = [6], limits = [8], strides = [1] : tensor<8xf32> -> tensor<2xf32>
  %want_n = kerf.concat(%w02, %y, %w68), axis = 0 : (tensor<2xf32>, tensor<4xf32>, tensor<2xf32>) -> tensor<8xf32>
  %want_p = kerf.slice %w, offsets = [1], limits = [5], strides = [1] : tensor<8xf32> -> tensor<4xf32>
  %want_q = kerf.slice %w, offsets = [2], limits = [5], strides = [2] : tensor<8xf32> -> tensor<2xf32>

  %e = kerf.exp %x : tensor<8xf32>
  %p = tensor.extract_slice %e[1] [4] [1] : tensor<8xf32> to tensor<4xf32>
  %q = tensor.extract_slice %p[1] [2] [2] : tensor<4xf32> to tensor<2xf32>
  %n = tensor.insert_slice %y into %e[2] [4] [1] : tensor<4xf32> into tensor<8xf32>
  return %want_n, %want_p, %want_q, %n, %p, %q : tensor<8xf32>, tensor<4xf32>, tensor<2xf32>, tensor<8xf32>, tensor<4xf32>, tensor<2xf32>
}

// Of a view and what it shows, each is overwritten, and the other read.
// CHECK-LABEL: @view_and_source
//       CHECK:   want_a {{.*}}: [[VIEW_A:.*]]
//       CHECK:   want_e {{.*}}: [[VIEW_E:.*]]
//       CHECK:   a {{.*}}: [[VIEW_A]]{{$}}
//       CHECK:   e {{.*}}: [[VIEW_E]]{{$}}
//       CHECK:   b {{.*}}: [[VIEW_A]]{{$}}
//       CHECK:   f {{.*}}: [[VIEW_E]]{{$}}
func.func @view_and_source(%x: tensor<2x4xf32> {kerf.name = "x"}, %y: tensor<4xf32> {kerf.name = "y"})
    -> (tensor<8xf32> {kerf.name = "want_a"}, tensor<2x4xf32> {kerf.name = "want_e"}, tensor<8xf32> {kerf.name = "a"},
        tensor<2x4xf32> {kerf.name = "e"}, tensor<2x4xf32> {kerf.name = "b"}, tensor<8xf32> {kerf.name = "f"}) attributes {kerf.entry} {
  %w = kerf.exp %x : tensor<2x4xf32>
  %flat = kerf.reshape %w : tensor<2x4xf32> -> tensor<8xf32>
  %w04 = kerf.slice %flat, offsets = [0], limits = [4], strides = [1] : tensor<8xf32> -> tensor<4xf32>
  %want_a = kerf.concat(%w04, %y), axis = 0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<8xf32>

  %e = kerf.exp %x : tensor<2x4xf32>
  %v = tensor.collapse_shape %e [[0, 1]] : tensor<2x4xf32> into tensor<8xf32>
  %a = tensor.insert_slice %y into %v[4] [4] [1] : tensor<4xf32> into tensor<8xf32>
  %g = kerf.exp %x : tensor<2x4xf32>
  %f = tensor.collapse_shape %g [[0, 1]] : tensor<2x4xf32> into tensor<8xf32>
  %b = tensor.insert_slice %y into %g[1, 0] [1, 4] [1, 1] : tensor<4xf32> into tensor<2x4xf32>
  return %want_a, %w, %a, %e, %b, %f : tensor<8xf32>, tensor<2x4xf32>, tensor<8xf32>, tensor<2x4xf32>, tensor<2x4xf32>, tensor<8xf32>
}

// Rows move within one tensor.
// CHECK-LABEL: @onto_itself
//       CHECK:   want [[ONTO:.*]]
//       CHECK:   got [[ONTO]]{{$}}
func.func @onto_itself(%x: tensor<8xf32> {kerf.name = "x"})
    -> (tensor<8xf32> {kerf.name = "want"}, tensor<8xf32> {kerf.name = "got"}) attributes {kerf.entry} {
  %w = kerf.exp %x : tensor<8xf32>
  %w01 = kerf.slice %w, offsets = [0], limits = [1], strides = [1] : tensor<8xf32> -> tensor<1xf32>
  %w07 = kerf.slice %w, offsets = [0], limits = [7], strides = [1] : tensor<8xf32> -> tensor<7xf32>
  %want = kerf.concat(%w01, %w07), axis = 0 : (tensor<1xf32>, tensor<7xf32>) -> tensor<8xf32>

  %e = kerf.exp %x : tensor<8xf32>
  %p = tensor.extract_slice %e[0] [7] [1] : tensor<8xf32> to tensor<7xf32>
  %got = tensor.insert_slice %p into %e[1] [7] [1] : tensor<7xf32> into tensor<8xf32>
  return %want, %got : tensor<8xf32>, tensor<8xf32>
}

// Nobody may write to an argument or a constant.
// CHECK-LABEL: @not_ours
//       CHECK:   want_a [[NOT_A:.*]]
//       CHECK:   want_x [[NOT_X:.*]]
//       CHECK:   want_b [[NOT_B:.*]]
//       CHECK:   want_c [[NOT_C:.*]]
//       CHECK:   a [[NOT_A]]{{$}}
//       CHECK:   x [[NOT_X]]{{$}}
//       CHECK:   b [[NOT_B]]{{$}}
//       CHECK:   c [[NOT_C]]{{$}}
func.func @not_ours(%x: tensor<4xf32> {kerf.name = "given"}, %y: tensor<2xf32> {kerf.name = "y"})
    -> (tensor<4xf32> {kerf.name = "want_a"}, tensor<4xf32> {kerf.name = "want_x"}, tensor<4xf32> {kerf.name = "want_b"},
        tensor<4xf32> {kerf.name = "want_c"}, tensor<4xf32> {kerf.name = "a"}, tensor<4xf32> {kerf.name = "x"},
        tensor<4xf32> {kerf.name = "b"}, tensor<4xf32> {kerf.name = "c"}) attributes {kerf.entry} {
  %x02 = kerf.slice %x, offsets = [0], limits = [2], strides = [1] : tensor<4xf32> -> tensor<2xf32>
  %want_a = kerf.concat(%x02, %y), axis = 0 : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>
  %low = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %high = arith.constant dense<[3.0, 4.0]> : tensor<2xf32>
  %want_b = kerf.concat(%low, %y), axis = 0 : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>
  %want_c = kerf.concat(%low, %high), axis = 0 : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>

  %c = arith.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
  %a = tensor.insert_slice %y into %x[2] [2] [1] : tensor<2xf32> into tensor<4xf32>
  %b = tensor.insert_slice %y into %c[2] [2] [1] : tensor<2xf32> into tensor<4xf32>
  return %want_a, %x, %want_b, %want_c, %a, %x, %b, %c
      : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}

// (a, b) becomes (b with a part replaced, a), three times.
// CHECK-LABEL: @traded_and_replaced
//       CHECK:   want_a [[TRADED_A:.*]]
//       CHECK:   want_b [[TRADED_B:.*]]
//       CHECK:   a [[TRADED_A]]{{$}}
//       CHECK:   b [[TRADED_B]]{{$}}
func.func @traded_and_replaced(%x: tensor<4xf32> {kerf.name = "x"}, %y: tensor<4xf32> {kerf.name = "y"}, %z: tensor<2xf32> {kerf.name = "z"})
    -> (tensor<4xf32> {kerf.name = "want_a"}, tensor<4xf32> {kerf.name = "want_b"},
        tensor<4xf32> {kerf.name = "a"}, tensor<4xf32> {kerf.name = "b"}) attributes {kerf.entry} {
  %x02 = kerf.slice %x, offsets = [0], limits = [2], strides = [1] : tensor<4xf32> -> tensor<2xf32>
  %y02 = kerf.slice %y, offsets = [0], limits = [2], strides = [1] : tensor<4xf32> -> tensor<2xf32>
  %want_a = kerf.concat(%y02, %z), axis = 0 : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>
  %want_b = kerf.concat(%x02, %z), axis = 0 : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>

  %0 = arith.constant 0 : index
  %1 = arith.constant 1 : index
  %3 = arith.constant 3 : index
  %r:2 = scf.for %i = %0 to %3 step %1 iter_args(%a = %x, %b = %y) -> (tensor<4xf32>, tensor<4xf32>) {
    %n = tensor.insert_slice %z into %b[2] [2] [1] : tensor<2xf32> into tensor<4xf32>
    scf.yield %n, %a : tensor<4xf32>, tensor<4xf32>
  }
  return %want_a, %want_b, %r#0, %r#1 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}

// (a, b) becomes (a with a part replaced, the old a): the part is made in its place only if nobody wants the old a.
// CHECK-LABEL: @old_beside_new
//       CHECK:   want_a [[OLD_A:.*]]
//       CHECK:   want_b [[OLD_B:.*]]
//       CHECK:   a [[OLD_A]]{{$}}
//       CHECK:   b [[OLD_B]]{{$}}
func.func @old_beside_new(%x: tensor<4xf32> {kerf.name = "x"}, %y: tensor<1xf32> {kerf.name = "y"})
    -> (tensor<4xf32> {kerf.name = "want_a"}, tensor<4xf32> {kerf.name = "want_b"},
        tensor<4xf32> {kerf.name = "a"}, tensor<4xf32> {kerf.name = "b"}) attributes {kerf.entry} {
  %e = kerf.exp %y : tensor<1xf32>
  %x23 = kerf.slice %x, offsets = [2], limits = [4], strides = [1] : tensor<4xf32> -> tensor<2xf32>
  %x13 = kerf.slice %x, offsets = [1], limits = [4], strides = [1] : tensor<4xf32> -> tensor<3xf32>
  %want_a = kerf.concat(%e, %e, %x23), axis = 0 : (tensor<1xf32>, tensor<1xf32>, tensor<2xf32>) -> tensor<4xf32>
  %want_b = kerf.concat(%e, %x13), axis = 0 : (tensor<1xf32>, tensor<3xf32>) -> tensor<4xf32>

  %0 = arith.constant 0 : index
  %1 = arith.constant 1 : index
  %2 = arith.constant 2 : index
  %r:2 = scf.for %i = %0 to %2 step %1 iter_args(%a = %x, %b = %x) -> (tensor<4xf32>, tensor<4xf32>) {
    %p = kerf.exp %y : tensor<1xf32>
    %n = tensor.insert_slice %p into %a[%i] [1] [1] : tensor<1xf32> into tensor<4xf32>
    scf.yield %n, %a : tensor<4xf32>, tensor<4xf32>
  }
  return %want_a, %want_b, %r#0, %r#1 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}

// The whole is read between the making of a part and its insertion.
// CHECK-LABEL: @whole_between
//       CHECK:   want_a [[BETWEEN_A:.*]]
//       CHECK:   want_s [[BETWEEN_S:.*]]
//       CHECK:   a [[BETWEEN_A]]{{$}}
//       CHECK:   s [[BETWEEN_S]]{{$}}
func.func @whole_between(%x: tensor<4xf32> {kerf.name = "x"}, %m: tensor<4x4xf32> {kerf.name = "m"})
    -> (tensor<4xf32> {kerf.name = "want_a"}, tensor<4xf32> {kerf.name = "want_s"},
        tensor<4xf32> {kerf.name = "a"}, tensor<4xf32> {kerf.name = "s"}) attributes {kerf.entry} {
  %x02 = kerf.slice %x, offsets = [0], limits = [2], strides = [1] : tensor<4xf32> -> tensor<2xf32>
  %x24 = kerf.slice %x, offsets = [2], limits = [4], strides = [1] : tensor<4xf32> -> tensor<2xf32>
  %x34 = kerf.slice %x, offsets = [3], limits = [4], strides = [1] : tensor<4xf32> -> tensor<1xf32>
  %p1 = kerf.tanh %x02 : tensor<2xf32>
  %p10 = kerf.slice %p1, offsets = [0], limits = [1], strides = [1] : tensor<2xf32> -> tensor<1xf32>
  %t1 = kerf.contract %m, %x, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<4x4xf32>, tensor<4xf32> -> tensor<4xf32>
  %t12 = kerf.slice %t1, offsets = [0], limits = [2], strides = [1] : tensor<4xf32> -> tensor<2xf32>
  %p2 = kerf.tanh %t12 : tensor<2xf32>
  %a1 = kerf.concat(%p1, %x24), axis = 0 : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>
  %want_a = kerf.concat(%p10, %p2, %x34), axis = 0 : (tensor<1xf32>, tensor<2xf32>, tensor<1xf32>) -> tensor<4xf32>
  %want_s = kerf.contract %m, %a1, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<4x4xf32>, tensor<4xf32> -> tensor<4xf32>

  %0 = arith.constant 0 : index
  %1 = arith.constant 1 : index
  %2 = arith.constant 2 : index
  %r:2 = scf.for %i = %0 to %2 step %1 iter_args(%a = %x, %s = %x) -> (tensor<4xf32>, tensor<4xf32>) {
    %low = tensor.extract_slice %s[0] [2] [1] : tensor<4xf32> to tensor<2xf32>
    %p = kerf.tanh %low : tensor<2xf32>
    %t = kerf.contract %m, %a, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<4x4xf32>, tensor<4xf32> -> tensor<4xf32>
    %n = tensor.insert_slice %p into %a[%i] [2] [1] : tensor<2xf32> into tensor<4xf32>
    scf.yield %n, %t : tensor<4xf32>, tensor<4xf32>
  }
  return %want_a, %want_s, %r#0, %r#1 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}

// A part is inserted, then its tensor overwritten at that place; the part is read behind that.
// CHECK-LABEL: @part_outlives
//       CHECK:   want_a [[OUTLIVES_A:.*]]
//       CHECK:   want_s [[OUTLIVES_S:.*]]
//       CHECK:   a [[OUTLIVES_A]]{{$}}
//       CHECK:   s [[OUTLIVES_S]]{{$}}
func.func @part_outlives(%x: tensor<2xf32> {kerf.name = "x"}, %y: tensor<4xf32> {kerf.name = "y"}, %z: tensor<2xf32> {kerf.name = "z"})
    -> (tensor<4xf32> {kerf.name = "want_a"}, tensor<2xf32> {kerf.name = "want_s"},
        tensor<4xf32> {kerf.name = "a"}, tensor<2xf32> {kerf.name = "s"}) attributes {kerf.entry} {
  %y01 = kerf.slice %y, offsets = [0], limits = [1], strides = [1] : tensor<4xf32> -> tensor<1xf32>
  %y34 = kerf.slice %y, offsets = [3], limits = [4], strides = [1] : tensor<4xf32> -> tensor<1xf32>
  %want_a = kerf.concat(%y01, %z, %y34), axis = 0 : (tensor<1xf32>, tensor<2xf32>, tensor<1xf32>) -> tensor<4xf32>
  %t1 = kerf.tanh %x : tensor<2xf32>
  %want_s = kerf.tanh %t1 : tensor<2xf32>

  %0 = arith.constant 0 : index
  %1 = arith.constant 1 : index
  %2 = arith.constant 2 : index
  %r:2 = scf.for %i = %0 to %2 step %1 iter_args(%a = %y, %s = %x) -> (tensor<4xf32>, tensor<2xf32>) {
    %p = kerf.tanh %s : tensor<2xf32>
    %n = tensor.insert_slice %p into %a[1] [2] [1] : tensor<2xf32> into tensor<4xf32>
    %o = tensor.insert_slice %z into %n[1] [2] [1] : tensor<2xf32> into tensor<4xf32>
    scf.yield %o, %p : tensor<4xf32>, tensor<2xf32>
  }
  return %want_a, %want_s, %r#0, %r#1 : tensor<4xf32>, tensor<2xf32>, tensor<4xf32>, tensor<2xf32>
}

// A loop begins with a tensor, a view of it, and the tensor again; what it finds in its body is that tensor too.
// CHECK-LABEL: @begins_with_one
//       CHECK:   want_n {{.*}}: [[ONE_N:.*]]
//       CHECK:   want_s [[ONE_S:.*]]
//       CHECK:   a {{.*}}: [[ONE_N]]{{$}}
//       CHECK:   b {{.*}}: [[ONE_N]]{{$}}
//       CHECK:   c {{.*}}: [[ONE_N]]{{$}}
//       CHECK:   s [[ONE_S]]{{$}}
func.func @begins_with_one(%x: tensor<2x2xf32> {kerf.name = "x"}, %y: tensor<2xf32> {kerf.name = "y"})
    -> (tensor<4xf32> {kerf.name = "want_n"}, tensor<2x2xf32> {kerf.name = "want_s"}, tensor<2x2xf32> {kerf.name = "a"},
        tensor<4xf32> {kerf.name = "b"}, tensor<2x2xf32> {kerf.name = "c"}, tensor<2x2xf32> {kerf.name = "s"}) attributes {kerf.entry} {
  %w = kerf.exp %x : tensor<2x2xf32>
  %flat = kerf.reshape %w : tensor<2x2xf32> -> tensor<4xf32>
  %w02 = kerf.slice %flat, offsets = [0], limits = [2], strides = [1] : tensor<4xf32> -> tensor<2xf32>
  %want_n = kerf.concat(%w02, %y), axis = 0 : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>
  %want_s = kerf.exp %w : tensor<2x2xf32>

  %0 = arith.constant 0 : index
  %1 = arith.constant 1 : index
  %2 = arith.constant 2 : index
  %e = kerf.exp %x : tensor<2x2xf32>
  %v = tensor.collapse_shape %e [[0, 1]] : tensor<2x2xf32> into tensor<4xf32>
  %r:4 = scf.for %i = %0 to %2 step %1 iter_args(%a = %e, %b = %v, %c = %e, %s = %x)
      -> (tensor<2x2xf32>, tensor<4xf32>, tensor<2x2xf32>, tensor<2x2xf32>) {
    %na = tensor.insert_slice %y into %a[1, 0] [1, 2] [1, 1] : tensor<2xf32> into tensor<2x2xf32>
    %nb = tensor.insert_slice %y into %b[2] [2] [1] : tensor<2xf32> into tensor<4xf32>
    %nc = tensor.insert_slice %y into %c[1, 0] [1, 2] [1, 1] : tensor<2xf32> into tensor<2x2xf32>
    %ns = kerf.exp %e : tensor<2x2xf32>
    scf.yield %na, %nb, %nc, %ns : tensor<2x2xf32>, tensor<4xf32>, tensor<2x2xf32>, tensor<2x2xf32>
  }
  return %want_n, %want_s, %r#0, %r#1, %r#2, %r#3 : tensor<4xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<4xf32>, tensor<2x2xf32>, tensor<2x2xf32>
}

// An inner loop updates what the outer one carries, whose old value is read behind it; what comes from outside stays.
// CHECK-LABEL: @inner
//       CHECK:   want_a [[INNER_A:.*]]
//       CHECK:   want_b [[INNER_B:.*]]
//       CHECK:   want_g [[INNER_G:.*]]
//       CHECK:   a [[INNER_A]]{{$}}
//       CHECK:   b [[INNER_B]]{{$}}
//       CHECK:   g [[INNER_G]]{{$}}
func.func @inner(%x: tensor<2xf32> {kerf.name = "x"}, %y: tensor<1xf32> {kerf.name = "y"})
    -> (tensor<2xf32> {kerf.name = "want_a"}, tensor<2xf32> {kerf.name = "want_b"}, tensor<2xf32> {kerf.name = "want_g"},
        tensor<2xf32> {kerf.name = "a"}, tensor<2xf32> {kerf.name = "b"}, tensor<2xf32> {kerf.name = "g"}) attributes {kerf.entry} {
  %x1 = kerf.slice %x, offsets = [1], limits = [2], strides = [1] : tensor<2xf32> -> tensor<1xf32>
  %first = kerf.concat(%y, %x1), axis = 0 : (tensor<1xf32>, tensor<1xf32>) -> tensor<2xf32>
  %want_a = kerf.concat(%y, %y), axis = 0 : (tensor<1xf32>, tensor<1xf32>) -> tensor<2xf32>
  %want_g = kerf.exp %x : tensor<2xf32>

  %0 = arith.constant 0 : index
  %1 = arith.constant 1 : index
  %2 = arith.constant 2 : index
  %g = kerf.exp %x : tensor<2xf32>
  %r:2 = scf.for %i = %0 to %2 step %1 iter_args(%a = %x, %b = %x) -> (tensor<2xf32>, tensor<2xf32>) {
    %n = scf.for %j = %0 to %1 step %1 iter_args(%c = %a) -> tensor<2xf32> {
      %d = tensor.insert_slice %y into %c[%i] [1] [1] : tensor<1xf32> into tensor<2xf32>
      scf.yield %d : tensor<2xf32>
    }
    %h = tensor.insert_slice %y into %g[0] [1] [1] : tensor<1xf32> into tensor<2xf32>
    %t = tensor.extract_slice %h[0] [1] [1] : tensor<2xf32> to tensor<1xf32>
    %m = tensor.insert_slice %t into %a[0] [1] [1] : tensor<1xf32> into tensor<2xf32>
    scf.yield %n, %m : tensor<2xf32>, tensor<2xf32>
  }
  return %want_a, %first, %want_g, %r#0, %r#1, %g : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
}

// A loop that never runs gives what it began with, which somebody else overwrites.
// CHECK-LABEL: @never_runs
//       CHECK:   want_r [[NEVER_R:.*]]
//       CHECK:   want_n [[NEVER_N:.*]]
//       CHECK:   r [[NEVER_R]]{{$}}
//       CHECK:   n [[NEVER_N]]{{$}}
func.func @never_runs(%x: tensor<4xf32> {kerf.name = "x"}, %y: tensor<2xf32> {kerf.name = "y"})
    -> (tensor<4xf32> {kerf.name = "want_r"}, tensor<4xf32> {kerf.name = "want_n"},
        tensor<4xf32> {kerf.name = "r"}, tensor<4xf32> {kerf.name = "n"}) attributes {kerf.entry} {
  %w = kerf.exp %x : tensor<4xf32>
  %w02 = kerf.slice %w, offsets = [0], limits = [2], strides = [1] : tensor<4xf32> -> tensor<2xf32>
  %want_n = kerf.concat(%w02, %y), axis = 0 : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>

  %0 = arith.constant 0 : index
  %1 = arith.constant 1 : index
  %e = kerf.exp %x : tensor<4xf32>
  %r = scf.for %i = %1 to %1 step %1 iter_args(%a = %e) -> tensor<4xf32> {
    %z = kerf.exp %x : tensor<4xf32>
    %q = kerf.exp %z : tensor<4xf32>
    scf.yield %q : tensor<4xf32>
  }
  %n = tensor.insert_slice %y into %e[2] [2] [1] : tensor<2xf32> into tensor<4xf32>
  return %w, %want_n, %r, %n : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}

// A chain of loops longer than any: all update one buffer, and the value between two of them is read at the end.
// CHECK-LABEL: @between_loops
//       CHECK:   want_m [[CHAIN_M:.*]]
//       CHECK:   want_z [[CHAIN_Z:.*]]
//       CHECK:   m [[CHAIN_M]]{{$}}
//       CHECK:   z [[CHAIN_Z]]{{$}}
func.func @between_loops(%x: tensor<5xf32> {kerf.name = "x"})
    -> (tensor<5xf32> {kerf.name = "want_m"}, tensor<5xf32> {kerf.name = "want_z"},
        tensor<5xf32> {kerf.name = "m"}, tensor<5xf32> {kerf.name = "z"}) attributes {kerf.entry} {
  %w1 = kerf.neg %x : tensor<5xf32>
  %w2 = kerf.tanh %w1 : tensor<5xf32>
  %w3 = kerf.neg %w2 : tensor<5xf32>

  %0 = arith.constant 0 : index
  %1 = arith.constant 1 : index
  %3 = arith.constant 3 : index
  %a = scf.for %i = %0 to %3 step %1 iter_args(%c = %x) -> tensor<5xf32> {
    %n = kerf.neg %c : tensor<5xf32>
    scf.yield %n : tensor<5xf32>
  }
  %m = scf.for %i = %0 to %1 step %1 iter_args(%c = %a) -> tensor<5xf32> {
    %n = kerf.tanh %c : tensor<5xf32>
    scf.yield %n : tensor<5xf32>
  }
  %z = scf.for %i = %0 to %3 step %1 iter_args(%c = %m) -> tensor<5xf32> {
    %n = kerf.neg %c : tensor<5xf32>
    scf.yield %n : tensor<5xf32>
  }
  return %w2, %w3, %m, %z : tensor<5xf32>, tensor<5xf32>, tensor<5xf32>, tensor<5xf32>
}
