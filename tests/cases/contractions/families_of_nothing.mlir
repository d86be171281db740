// RUN: kerf-run --compare %s
// RUN: kerf-run --match vq %s
// RUN: kerf-run --match rows --stream-from 1 %s

// What is fused, without rows, features or codes: as the ops it is made of. A piece of rows without
// features is nothing to take or put back.

func.func @nearest_of_no_rows(%z: tensor<0x5xf32>, %e: tensor<7x5xf32>) -> (tensor<0xi64>, tensor<0x5xf32>, tensor<f32>) {
  %ee = kerf.mul %e, %e : tensor<7x5xf32>
  %l = kerf.sum %ee, axes = [1] : tensor<7x5xf32> -> tensor<7xf32>
  %b = kerf.broadcast %l, dims = [1] : tensor<7xf32> -> tensor<0x7xf32>
  %two = arith.constant dense<2.0> : tensor<0x5xf32>
  %w = kerf.mul %z, %two : tensor<0x5xf32>
  %d = kerf.contract %w, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<0x5xf32>, tensor<7x5xf32> -> tensor<0x7xf32>
  %s = kerf.sub %b, %d : tensor<0x7xf32>
  %c = kerf.argmin %s, axis = 1 : tensor<0x7xf32> -> tensor<0xi64>
  %q = kerf.gather %e, %c : tensor<7x5xf32>, tensor<0xi64> -> tensor<0x5xf32>
  %r = kerf.sub %z, %q : tensor<0x5xf32>
  %rr = kerf.mul %r, %r : tensor<0x5xf32>
  %loss = kerf.sum %rr, axes = [0, 1] : tensor<0x5xf32> -> tensor<f32>
  %y = kerf.straight_through %z, %q : tensor<0x5xf32>
  return %c, %y, %loss : tensor<0xi64>, tensor<0x5xf32>, tensor<f32>
}

func.func @nearest_without_features(%z: tensor<13x0xf32>, %e: tensor<7x0xf32>) -> (tensor<13xi64>, tensor<13x0xf32>, tensor<f32>) {
  %ee = kerf.mul %e, %e : tensor<7x0xf32>
  %l = kerf.sum %ee, axes = [1] : tensor<7x0xf32> -> tensor<7xf32>
  %b = kerf.broadcast %l, dims = [1] : tensor<7xf32> -> tensor<13x7xf32>
  %two = arith.constant dense<2.0> : tensor<13x0xf32>
  %w = kerf.mul %z, %two : tensor<13x0xf32>
  %d = kerf.contract %w, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<13x0xf32>, tensor<7x0xf32> -> tensor<13x7xf32>
  %s = kerf.sub %b, %d : tensor<13x7xf32>
  %c = kerf.argmin %s, axis = 1 : tensor<13x7xf32> -> tensor<13xi64>
  %q = kerf.gather %e, %c : tensor<7x0xf32>, tensor<13xi64> -> tensor<13x0xf32>
  %r = kerf.sub %z, %q : tensor<13x0xf32>
  %rr = kerf.mul %r, %r : tensor<13x0xf32>
  %loss = kerf.sum %rr, axes = [0, 1] : tensor<13x0xf32> -> tensor<f32>
  %y = kerf.straight_through %z, %q : tensor<13x0xf32>
  return %c, %y, %loss : tensor<13xi64>, tensor<13x0xf32>, tensor<f32>
}

func.func @soft_of_no_rows(%z: tensor<0x3xf32>, %e: tensor<24x3xf32>) -> tensor<0x3xf32> {
  %s = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<0x3xf32>, tensor<24x3xf32> -> tensor<0x24xf32>
  %m = kerf.max %s, axes = [1] : tensor<0x24xf32> -> tensor<0xf32>
  %mb = kerf.broadcast %m, dims = [0] : tensor<0xf32> -> tensor<0x24xf32>
  %d = kerf.sub %s, %mb : tensor<0x24xf32>
  %x = kerf.exp %d : tensor<0x24xf32>
  %t = kerf.sum %x, axes = [1] : tensor<0x24xf32> -> tensor<0xf32>
  %tb = kerf.broadcast %t, dims = [0] : tensor<0xf32> -> tensor<0x24xf32>
  %p = kerf.div %x, %tb : tensor<0x24xf32>
  %y = kerf.contract %p, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<0x24xf32>, tensor<24x3xf32> -> tensor<0x3xf32>
  return %y : tensor<0x3xf32>
}

func.func @soft_without_features(%z: tensor<523x0xf32>, %e: tensor<24x0xf32>) -> tensor<523x0xf32> {
  %s = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<523x0xf32>, tensor<24x0xf32> -> tensor<523x24xf32>
  %m = kerf.max %s, axes = [1] : tensor<523x24xf32> -> tensor<523xf32>
  %mb = kerf.broadcast %m, dims = [0] : tensor<523xf32> -> tensor<523x24xf32>
  %d = kerf.sub %s, %mb : tensor<523x24xf32>
  %x = kerf.exp %d : tensor<523x24xf32>
  %t = kerf.sum %x, axes = [1] : tensor<523x24xf32> -> tensor<523xf32>
  %tb = kerf.broadcast %t, dims = [0] : tensor<523xf32> -> tensor<523x24xf32>
  %p = kerf.div %x, %tb : tensor<523x24xf32>
  %y = kerf.contract %p, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<523x24xf32>, tensor<24x0xf32> -> tensor<523x0xf32>
  return %y : tensor<523x0xf32>
}

func.func @soft_without_codes(%z: tensor<523x3xf32>, %e: tensor<0x3xf32>) -> tensor<523x3xf32> {
  %s = kerf.contract %z, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : tensor<523x3xf32>, tensor<0x3xf32> -> tensor<523x0xf32>
  %m = kerf.max %s, axes = [1] : tensor<523x0xf32> -> tensor<523xf32>
  %mb = kerf.broadcast %m, dims = [0] : tensor<523xf32> -> tensor<523x0xf32>
  %d = kerf.sub %s, %mb : tensor<523x0xf32>
  %x = kerf.exp %d : tensor<523x0xf32>
  %t = kerf.sum %x, axes = [1] : tensor<523x0xf32> -> tensor<523xf32>
  %tb = kerf.broadcast %t, dims = [0] : tensor<523xf32> -> tensor<523x0xf32>
  %p = kerf.div %x, %tb : tensor<523x0xf32>
  %y = kerf.contract %p, %e, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<523x0xf32>, tensor<0x3xf32> -> tensor<523x3xf32>
  return %y : tensor<523x3xf32>
}
