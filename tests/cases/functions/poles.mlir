// A cotangent of exactly 0 stops at a pole: what is not chosen gives no gradient, NaN included, in
// first and second derivatives. What is chosen keeps its infinite slope, and the derivative of a
// gradient in its zero cotangent is the slope.
// RUN: kerf-run %s | FileCheck %s
// RUN: kerf-run --compiled %s | FileCheck %s
// RUN: kerf-run --compare %s

// CHECK-LABEL: @sqrt_at_0
//  CHECK-NEXT: tensor<2xf32>:
//  CHECK-NEXT: tensor<2xf32>: 2 2
//  CHECK-NEXT: tensor<2xf32>: 0 0
func.func @sqrt_at_0(%x: tensor<2xf32> {kerf.range = [0.0, 0.0]}) -> (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) {
  %l1, %dx, %ddx = kerf.value_and_grad params(%b = %x : tensor<2xf32>) {
    %l0, %db = kerf.value_and_grad params(%a = %b : tensor<2xf32>) {
      %zero = arith.constant dense<0.0> : tensor<2xf32>
      %one = arith.constant dense<1.0> : tensor<2xf32>
      %far = arith.constant dense<1.0e30> : tensor<2xf32>
      %f = kerf.sqrt %a : tensor<2xf32>
      %c = kerf.compare %a, %far, predicate = "gt" : tensor<2xf32> -> tensor<2xi1>
      %s = kerf.mul %a, %a : tensor<2xf32>
      %y = kerf.select %c, %f, %s : tensor<2xi1>, tensor<2xf32>
      %l = kerf.sum %y, axes = [0] : tensor<2xf32> -> tensor<f32>
      kerf.yield %l : tensor<f32>
    }
    %t = kerf.sum %db, axes = [0] : tensor<2xf32> -> tensor<f32>
    kerf.yield %t, %db : tensor<f32>, tensor<2xf32>
  }
  %two = arith.constant dense<2.0> : tensor<2xf32>
  %xx = kerf.mul %two, %x : tensor<2xf32>
  %rest = kerf.sub %dx, %xx : tensor<2xf32>
  return %dx, %ddx, %rest : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
}

// CHECK-LABEL: @sqrt_below_0
//  CHECK-NEXT: tensor<2xf32>:
//  CHECK-NEXT: tensor<2xf32>: 2 2
//  CHECK-NEXT: tensor<2xf32>: 0 0
func.func @sqrt_below_0(%x: tensor<2xf32> {kerf.range = [-1.0, -1.0]}) -> (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) {
  %l1, %dx, %ddx = kerf.value_and_grad params(%b = %x : tensor<2xf32>) {
    %l0, %db = kerf.value_and_grad params(%a = %b : tensor<2xf32>) {
      %zero = arith.constant dense<0.0> : tensor<2xf32>
      %one = arith.constant dense<1.0> : tensor<2xf32>
      %far = arith.constant dense<1.0e30> : tensor<2xf32>
      %f = kerf.sqrt %a : tensor<2xf32>
      %c = kerf.compare %a, %far, predicate = "gt" : tensor<2xf32> -> tensor<2xi1>
      %s = kerf.mul %a, %a : tensor<2xf32>
      %y = kerf.select %c, %f, %s : tensor<2xi1>, tensor<2xf32>
      %l = kerf.sum %y, axes = [0] : tensor<2xf32> -> tensor<f32>
      kerf.yield %l : tensor<f32>
    }
    %t = kerf.sum %db, axes = [0] : tensor<2xf32> -> tensor<f32>
    kerf.yield %t, %db : tensor<f32>, tensor<2xf32>
  }
  %two = arith.constant dense<2.0> : tensor<2xf32>
  %xx = kerf.mul %two, %x : tensor<2xf32>
  %rest = kerf.sub %dx, %xx : tensor<2xf32>
  return %dx, %ddx, %rest : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
}

// CHECK-LABEL: @rsqrt_at_0
//  CHECK-NEXT: tensor<2xf32>:
//  CHECK-NEXT: tensor<2xf32>: 2 2
//  CHECK-NEXT: tensor<2xf32>: 0 0
func.func @rsqrt_at_0(%x: tensor<2xf32> {kerf.range = [0.0, 0.0]}) -> (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) {
  %l1, %dx, %ddx = kerf.value_and_grad params(%b = %x : tensor<2xf32>) {
    %l0, %db = kerf.value_and_grad params(%a = %b : tensor<2xf32>) {
      %zero = arith.constant dense<0.0> : tensor<2xf32>
      %one = arith.constant dense<1.0> : tensor<2xf32>
      %far = arith.constant dense<1.0e30> : tensor<2xf32>
      %f = kerf.rsqrt %a : tensor<2xf32>
      %c = kerf.compare %a, %far, predicate = "gt" : tensor<2xf32> -> tensor<2xi1>
      %s = kerf.mul %a, %a : tensor<2xf32>
      %y = kerf.select %c, %f, %s : tensor<2xi1>, tensor<2xf32>
      %l = kerf.sum %y, axes = [0] : tensor<2xf32> -> tensor<f32>
      kerf.yield %l : tensor<f32>
    }
    %t = kerf.sum %db, axes = [0] : tensor<2xf32> -> tensor<f32>
    kerf.yield %t, %db : tensor<f32>, tensor<2xf32>
  }
  %two = arith.constant dense<2.0> : tensor<2xf32>
  %xx = kerf.mul %two, %x : tensor<2xf32>
  %rest = kerf.sub %dx, %xx : tensor<2xf32>
  return %dx, %ddx, %rest : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
}

// CHECK-LABEL: @rsqrt_below_0
//  CHECK-NEXT: tensor<2xf32>:
//  CHECK-NEXT: tensor<2xf32>: 2 2
//  CHECK-NEXT: tensor<2xf32>: 0 0
func.func @rsqrt_below_0(%x: tensor<2xf32> {kerf.range = [-1.0, -1.0]}) -> (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) {
  %l1, %dx, %ddx = kerf.value_and_grad params(%b = %x : tensor<2xf32>) {
    %l0, %db = kerf.value_and_grad params(%a = %b : tensor<2xf32>) {
      %zero = arith.constant dense<0.0> : tensor<2xf32>
      %one = arith.constant dense<1.0> : tensor<2xf32>
      %far = arith.constant dense<1.0e30> : tensor<2xf32>
      %f = kerf.rsqrt %a : tensor<2xf32>
      %c = kerf.compare %a, %far, predicate = "gt" : tensor<2xf32> -> tensor<2xi1>
      %s = kerf.mul %a, %a : tensor<2xf32>
      %y = kerf.select %c, %f, %s : tensor<2xi1>, tensor<2xf32>
      %l = kerf.sum %y, axes = [0] : tensor<2xf32> -> tensor<f32>
      kerf.yield %l : tensor<f32>
    }
    %t = kerf.sum %db, axes = [0] : tensor<2xf32> -> tensor<f32>
    kerf.yield %t, %db : tensor<f32>, tensor<2xf32>
  }
  %two = arith.constant dense<2.0> : tensor<2xf32>
  %xx = kerf.mul %two, %x : tensor<2xf32>
  %rest = kerf.sub %dx, %xx : tensor<2xf32>
  return %dx, %ddx, %rest : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
}

// CHECK-LABEL: @log_at_0
//  CHECK-NEXT: tensor<2xf32>:
//  CHECK-NEXT: tensor<2xf32>: 2 2
//  CHECK-NEXT: tensor<2xf32>: 0 0
func.func @log_at_0(%x: tensor<2xf32> {kerf.range = [0.0, 0.0]}) -> (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) {
  %l1, %dx, %ddx = kerf.value_and_grad params(%b = %x : tensor<2xf32>) {
    %l0, %db = kerf.value_and_grad params(%a = %b : tensor<2xf32>) {
      %zero = arith.constant dense<0.0> : tensor<2xf32>
      %one = arith.constant dense<1.0> : tensor<2xf32>
      %far = arith.constant dense<1.0e30> : tensor<2xf32>
      %f = kerf.log %a : tensor<2xf32>
      %c = kerf.compare %a, %far, predicate = "gt" : tensor<2xf32> -> tensor<2xi1>
      %s = kerf.mul %a, %a : tensor<2xf32>
      %y = kerf.select %c, %f, %s : tensor<2xi1>, tensor<2xf32>
      %l = kerf.sum %y, axes = [0] : tensor<2xf32> -> tensor<f32>
      kerf.yield %l : tensor<f32>
    }
    %t = kerf.sum %db, axes = [0] : tensor<2xf32> -> tensor<f32>
    kerf.yield %t, %db : tensor<f32>, tensor<2xf32>
  }
  %two = arith.constant dense<2.0> : tensor<2xf32>
  %xx = kerf.mul %two, %x : tensor<2xf32>
  %rest = kerf.sub %dx, %xx : tensor<2xf32>
  return %dx, %ddx, %rest : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
}

// CHECK-LABEL: @log_below_0
//  CHECK-NEXT: tensor<2xf32>:
//  CHECK-NEXT: tensor<2xf32>: 2 2
//  CHECK-NEXT: tensor<2xf32>: 0 0
func.func @log_below_0(%x: tensor<2xf32> {kerf.range = [-1.0, -1.0]}) -> (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) {
  %l1, %dx, %ddx = kerf.value_and_grad params(%b = %x : tensor<2xf32>) {
    %l0, %db = kerf.value_and_grad params(%a = %b : tensor<2xf32>) {
      %zero = arith.constant dense<0.0> : tensor<2xf32>
      %one = arith.constant dense<1.0> : tensor<2xf32>
      %far = arith.constant dense<1.0e30> : tensor<2xf32>
      %f = kerf.log %a : tensor<2xf32>
      %c = kerf.compare %a, %far, predicate = "gt" : tensor<2xf32> -> tensor<2xi1>
      %s = kerf.mul %a, %a : tensor<2xf32>
      %y = kerf.select %c, %f, %s : tensor<2xi1>, tensor<2xf32>
      %l = kerf.sum %y, axes = [0] : tensor<2xf32> -> tensor<f32>
      kerf.yield %l : tensor<f32>
    }
    %t = kerf.sum %db, axes = [0] : tensor<2xf32> -> tensor<f32>
    kerf.yield %t, %db : tensor<f32>, tensor<2xf32>
  }
  %two = arith.constant dense<2.0> : tensor<2xf32>
  %xx = kerf.mul %two, %x : tensor<2xf32>
  %rest = kerf.sub %dx, %xx : tensor<2xf32>
  return %dx, %ddx, %rest : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
}

// CHECK-LABEL: @log1p_at_its_pole
//  CHECK-NEXT: tensor<2xf32>:
//  CHECK-NEXT: tensor<2xf32>: 2 2
//  CHECK-NEXT: tensor<2xf32>: 0 0
func.func @log1p_at_its_pole(%x: tensor<2xf32> {kerf.range = [-1.0, -1.0]}) -> (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) {
  %l1, %dx, %ddx = kerf.value_and_grad params(%b = %x : tensor<2xf32>) {
    %l0, %db = kerf.value_and_grad params(%a = %b : tensor<2xf32>) {
      %zero = arith.constant dense<0.0> : tensor<2xf32>
      %one = arith.constant dense<1.0> : tensor<2xf32>
      %far = arith.constant dense<1.0e30> : tensor<2xf32>
      %f = kerf.log1p %a : tensor<2xf32>
      %c = kerf.compare %a, %far, predicate = "gt" : tensor<2xf32> -> tensor<2xi1>
      %s = kerf.mul %a, %a : tensor<2xf32>
      %y = kerf.select %c, %f, %s : tensor<2xi1>, tensor<2xf32>
      %l = kerf.sum %y, axes = [0] : tensor<2xf32> -> tensor<f32>
      kerf.yield %l : tensor<f32>
    }
    %t = kerf.sum %db, axes = [0] : tensor<2xf32> -> tensor<f32>
    kerf.yield %t, %db : tensor<f32>, tensor<2xf32>
  }
  %two = arith.constant dense<2.0> : tensor<2xf32>
  %xx = kerf.mul %two, %x : tensor<2xf32>
  %rest = kerf.sub %dx, %xx : tensor<2xf32>
  return %dx, %ddx, %rest : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
}

// CHECK-LABEL: @log1p_below_its_pole
//  CHECK-NEXT: tensor<2xf32>:
//  CHECK-NEXT: tensor<2xf32>: 2 2
//  CHECK-NEXT: tensor<2xf32>: 0 0
func.func @log1p_below_its_pole(%x: tensor<2xf32> {kerf.range = [-2.0, -2.0]}) -> (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) {
  %l1, %dx, %ddx = kerf.value_and_grad params(%b = %x : tensor<2xf32>) {
    %l0, %db = kerf.value_and_grad params(%a = %b : tensor<2xf32>) {
      %zero = arith.constant dense<0.0> : tensor<2xf32>
      %one = arith.constant dense<1.0> : tensor<2xf32>
      %far = arith.constant dense<1.0e30> : tensor<2xf32>
      %f = kerf.log1p %a : tensor<2xf32>
      %c = kerf.compare %a, %far, predicate = "gt" : tensor<2xf32> -> tensor<2xi1>
      %s = kerf.mul %a, %a : tensor<2xf32>
      %y = kerf.select %c, %f, %s : tensor<2xi1>, tensor<2xf32>
      %l = kerf.sum %y, axes = [0] : tensor<2xf32> -> tensor<f32>
      kerf.yield %l : tensor<f32>
    }
    %t = kerf.sum %db, axes = [0] : tensor<2xf32> -> tensor<f32>
    kerf.yield %t, %db : tensor<f32>, tensor<2xf32>
  }
  %two = arith.constant dense<2.0> : tensor<2xf32>
  %xx = kerf.mul %two, %x : tensor<2xf32>
  %rest = kerf.sub %dx, %xx : tensor<2xf32>
  return %dx, %ddx, %rest : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
}

// CHECK-LABEL: @exp_beyond_range
//  CHECK-NEXT: tensor<2xf32>:
//  CHECK-NEXT: tensor<2xf32>: 2 2
//  CHECK-NEXT: tensor<2xf32>: 0 0
func.func @exp_beyond_range(%x: tensor<2xf32> {kerf.range = [200.0, 200.0]}) -> (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) {
  %l1, %dx, %ddx = kerf.value_and_grad params(%b = %x : tensor<2xf32>) {
    %l0, %db = kerf.value_and_grad params(%a = %b : tensor<2xf32>) {
      %zero = arith.constant dense<0.0> : tensor<2xf32>
      %one = arith.constant dense<1.0> : tensor<2xf32>
      %far = arith.constant dense<1.0e30> : tensor<2xf32>
      %f = kerf.exp %a : tensor<2xf32>
      %c = kerf.compare %a, %far, predicate = "gt" : tensor<2xf32> -> tensor<2xi1>
      %s = kerf.mul %a, %a : tensor<2xf32>
      %y = kerf.select %c, %f, %s : tensor<2xi1>, tensor<2xf32>
      %l = kerf.sum %y, axes = [0] : tensor<2xf32> -> tensor<f32>
      kerf.yield %l : tensor<f32>
    }
    %t = kerf.sum %db, axes = [0] : tensor<2xf32> -> tensor<f32>
    kerf.yield %t, %db : tensor<f32>, tensor<2xf32>
  }
  %two = arith.constant dense<2.0> : tensor<2xf32>
  %xx = kerf.mul %two, %x : tensor<2xf32>
  %rest = kerf.sub %dx, %xx : tensor<2xf32>
  return %dx, %ddx, %rest : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
}

// CHECK-LABEL: @expm1_beyond_range
//  CHECK-NEXT: tensor<2xf32>:
//  CHECK-NEXT: tensor<2xf32>: 2 2
//  CHECK-NEXT: tensor<2xf32>: 0 0
func.func @expm1_beyond_range(%x: tensor<2xf32> {kerf.range = [200.0, 200.0]}) -> (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) {
  %l1, %dx, %ddx = kerf.value_and_grad params(%b = %x : tensor<2xf32>) {
    %l0, %db = kerf.value_and_grad params(%a = %b : tensor<2xf32>) {
      %zero = arith.constant dense<0.0> : tensor<2xf32>
      %one = arith.constant dense<1.0> : tensor<2xf32>
      %far = arith.constant dense<1.0e30> : tensor<2xf32>
      %f = kerf.expm1 %a : tensor<2xf32>
      %c = kerf.compare %a, %far, predicate = "gt" : tensor<2xf32> -> tensor<2xi1>
      %s = kerf.mul %a, %a : tensor<2xf32>
      %y = kerf.select %c, %f, %s : tensor<2xi1>, tensor<2xf32>
      %l = kerf.sum %y, axes = [0] : tensor<2xf32> -> tensor<f32>
      kerf.yield %l : tensor<f32>
    }
    %t = kerf.sum %db, axes = [0] : tensor<2xf32> -> tensor<f32>
    kerf.yield %t, %db : tensor<f32>, tensor<2xf32>
  }
  %two = arith.constant dense<2.0> : tensor<2xf32>
  %xx = kerf.mul %two, %x : tensor<2xf32>
  %rest = kerf.sub %dx, %xx : tensor<2xf32>
  return %dx, %ddx, %rest : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
}

// CHECK-LABEL: @quotient_by_0
//  CHECK-NEXT: tensor<2xf32>:
//  CHECK-NEXT: tensor<2xf32>: 2 2
//  CHECK-NEXT: tensor<2xf32>: 0 0
func.func @quotient_by_0(%x: tensor<2xf32> {kerf.range = [0.0, 0.0]}) -> (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) {
  %l1, %dx, %ddx = kerf.value_and_grad params(%b = %x : tensor<2xf32>) {
    %l0, %db = kerf.value_and_grad params(%a = %b : tensor<2xf32>) {
      %zero = arith.constant dense<0.0> : tensor<2xf32>
      %one = arith.constant dense<1.0> : tensor<2xf32>
      %far = arith.constant dense<1.0e30> : tensor<2xf32>
      %f = kerf.div %one, %a : tensor<2xf32>
      %c = kerf.compare %a, %far, predicate = "gt" : tensor<2xf32> -> tensor<2xi1>
      %s = kerf.mul %a, %a : tensor<2xf32>
      %y = kerf.select %c, %f, %s : tensor<2xi1>, tensor<2xf32>
      %l = kerf.sum %y, axes = [0] : tensor<2xf32> -> tensor<f32>
      kerf.yield %l : tensor<f32>
    }
    %t = kerf.sum %db, axes = [0] : tensor<2xf32> -> tensor<f32>
    kerf.yield %t, %db : tensor<f32>, tensor<2xf32>
  }
  %two = arith.constant dense<2.0> : tensor<2xf32>
  %xx = kerf.mul %two, %x : tensor<2xf32>
  %rest = kerf.sub %dx, %xx : tensor<2xf32>
  return %dx, %ddx, %rest : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
}

// CHECK-LABEL: @nothing_by_nothing
//  CHECK-NEXT: tensor<2xf32>:
//  CHECK-NEXT: tensor<2xf32>: 2 2
//  CHECK-NEXT: tensor<2xf32>: 0 0
func.func @nothing_by_nothing(%x: tensor<2xf32> {kerf.range = [0.0, 0.0]}) -> (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) {
  %l1, %dx, %ddx = kerf.value_and_grad params(%b = %x : tensor<2xf32>) {
    %l0, %db = kerf.value_and_grad params(%a = %b : tensor<2xf32>) {
      %zero = arith.constant dense<0.0> : tensor<2xf32>
      %one = arith.constant dense<1.0> : tensor<2xf32>
      %far = arith.constant dense<1.0e30> : tensor<2xf32>
      %f = kerf.div %a, %a : tensor<2xf32>
      %c = kerf.compare %a, %far, predicate = "gt" : tensor<2xf32> -> tensor<2xi1>
      %s = kerf.mul %a, %a : tensor<2xf32>
      %y = kerf.select %c, %f, %s : tensor<2xi1>, tensor<2xf32>
      %l = kerf.sum %y, axes = [0] : tensor<2xf32> -> tensor<f32>
      kerf.yield %l : tensor<f32>
    }
    %t = kerf.sum %db, axes = [0] : tensor<2xf32> -> tensor<f32>
    kerf.yield %t, %db : tensor<f32>, tensor<2xf32>
  }
  %two = arith.constant dense<2.0> : tensor<2xf32>
  %xx = kerf.mul %two, %x : tensor<2xf32>
  %rest = kerf.sub %dx, %xx : tensor<2xf32>
  return %dx, %ddx, %rest : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
}

// CHECK-LABEL: @quotient_of_an_infinity
//  CHECK-NEXT: tensor<2xf32>:
//  CHECK-NEXT: tensor<2xf32>: 2 2
//  CHECK-NEXT: tensor<2xf32>: 0 0
func.func @quotient_of_an_infinity(%x: tensor<2xf32> {kerf.range = [200.0, 200.0]}) -> (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) {
  %l1, %dx, %ddx = kerf.value_and_grad params(%b = %x : tensor<2xf32>) {
    %l0, %db = kerf.value_and_grad params(%a = %b : tensor<2xf32>) {
      %zero = arith.constant dense<0.0> : tensor<2xf32>
      %one = arith.constant dense<1.0> : tensor<2xf32>
      %far = arith.constant dense<1.0e30> : tensor<2xf32>
      %e = kerf.exp %a : tensor<2xf32>
      %f = kerf.div %e, %a : tensor<2xf32>
      %c = kerf.compare %a, %far, predicate = "gt" : tensor<2xf32> -> tensor<2xi1>
      %s = kerf.mul %a, %a : tensor<2xf32>
      %y = kerf.select %c, %f, %s : tensor<2xi1>, tensor<2xf32>
      %l = kerf.sum %y, axes = [0] : tensor<2xf32> -> tensor<f32>
      kerf.yield %l : tensor<f32>
    }
    %t = kerf.sum %db, axes = [0] : tensor<2xf32> -> tensor<f32>
    kerf.yield %t, %db : tensor<f32>, tensor<2xf32>
  }
  %two = arith.constant dense<2.0> : tensor<2xf32>
  %xx = kerf.mul %two, %x : tensor<2xf32>
  %rest = kerf.sub %dx, %xx : tensor<2xf32>
  return %dx, %ddx, %rest : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
}

// CHECK-LABEL: @quotient_by_no_number
//  CHECK-NEXT: tensor<2xf32>:
//  CHECK-NEXT: tensor<2xf32>: 2 2
//  CHECK-NEXT: tensor<2xf32>: 0 0
func.func @quotient_by_no_number(%x: tensor<2xf32> {kerf.range = [-1.0, -1.0]}) -> (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) {
  %l1, %dx, %ddx = kerf.value_and_grad params(%b = %x : tensor<2xf32>) {
    %l0, %db = kerf.value_and_grad params(%a = %b : tensor<2xf32>) {
      %zero = arith.constant dense<0.0> : tensor<2xf32>
      %one = arith.constant dense<1.0> : tensor<2xf32>
      %far = arith.constant dense<1.0e30> : tensor<2xf32>
      %e = kerf.sqrt %a : tensor<2xf32>
      %f = kerf.div %one, %e : tensor<2xf32>
      %c = kerf.compare %a, %far, predicate = "gt" : tensor<2xf32> -> tensor<2xi1>
      %s = kerf.mul %a, %a : tensor<2xf32>
      %y = kerf.select %c, %f, %s : tensor<2xi1>, tensor<2xf32>
      %l = kerf.sum %y, axes = [0] : tensor<2xf32> -> tensor<f32>
      kerf.yield %l : tensor<f32>
    }
    %t = kerf.sum %db, axes = [0] : tensor<2xf32> -> tensor<f32>
    kerf.yield %t, %db : tensor<f32>, tensor<2xf32>
  }
  %two = arith.constant dense<2.0> : tensor<2xf32>
  %xx = kerf.mul %two, %x : tensor<2xf32>
  %rest = kerf.sub %dx, %xx : tensor<2xf32>
  return %dx, %ddx, %rest : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
}

// CHECK-LABEL: @largest_of_no_number
//  CHECK-NEXT: tensor<2xf32>:
//  CHECK-NEXT: tensor<2xf32>: 2 2
//  CHECK-NEXT: tensor<2xf32>: 0 0
func.func @largest_of_no_number(%x: tensor<2xf32> {kerf.range = [-1.0, -1.0]}) -> (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) {
  %l1, %dx, %ddx = kerf.value_and_grad params(%b = %x : tensor<2xf32>) {
    %l0, %db = kerf.value_and_grad params(%a = %b : tensor<2xf32>) {
      %zero = arith.constant dense<0.0> : tensor<2xf32>
      %one = arith.constant dense<1.0> : tensor<2xf32>
      %far = arith.constant dense<1.0e30> : tensor<2xf32>
      %e = kerf.sqrt %a : tensor<2xf32>
      %m = kerf.max %e, axes = [0] : tensor<2xf32> -> tensor<f32>
      %f = kerf.broadcast %m, dims = [] : tensor<f32> -> tensor<2xf32>
      %c = kerf.compare %a, %far, predicate = "gt" : tensor<2xf32> -> tensor<2xi1>
      %s = kerf.mul %a, %a : tensor<2xf32>
      %y = kerf.select %c, %f, %s : tensor<2xi1>, tensor<2xf32>
      %l = kerf.sum %y, axes = [0] : tensor<2xf32> -> tensor<f32>
      kerf.yield %l : tensor<f32>
    }
    %t = kerf.sum %db, axes = [0] : tensor<2xf32> -> tensor<f32>
    kerf.yield %t, %db : tensor<f32>, tensor<2xf32>
  }
  %two = arith.constant dense<2.0> : tensor<2xf32>
  %xx = kerf.mul %two, %x : tensor<2xf32>
  %rest = kerf.sub %dx, %xx : tensor<2xf32>
  return %dx, %ddx, %rest : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
}

// CHECK-LABEL: @deviation_of_equals
//  CHECK-NEXT: tensor<2xf32>:
//  CHECK-NEXT: tensor<2xf32>: 2 2
//  CHECK-NEXT: tensor<2xf32>: 0 0
func.func @deviation_of_equals(%x: tensor<2xf32> {kerf.range = [0.0, 0.0]}) -> (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) {
  %l1, %dx, %ddx = kerf.value_and_grad params(%b = %x : tensor<2xf32>) {
    %l0, %db = kerf.value_and_grad params(%a = %b : tensor<2xf32>) {
      %zero = arith.constant dense<0.0> : tensor<2xf32>
      %one = arith.constant dense<1.0> : tensor<2xf32>
      %far = arith.constant dense<1.0e30> : tensor<2xf32>
      %q = kerf.mul %a, %a : tensor<2xf32>
      %n = kerf.sum %q, axes = [0] : tensor<2xf32> -> tensor<f32>
      %r = kerf.sqrt %n : tensor<f32>
      %f = kerf.broadcast %r, dims = [] : tensor<f32> -> tensor<2xf32>
      %c = kerf.compare %a, %far, predicate = "gt" : tensor<2xf32> -> tensor<2xi1>
      %s = kerf.mul %a, %a : tensor<2xf32>
      %y = kerf.select %c, %f, %s : tensor<2xi1>, tensor<2xf32>
      %l = kerf.sum %y, axes = [0] : tensor<2xf32> -> tensor<f32>
      kerf.yield %l : tensor<f32>
    }
    %t = kerf.sum %db, axes = [0] : tensor<2xf32> -> tensor<f32>
    kerf.yield %t, %db : tensor<f32>, tensor<2xf32>
  }
  %two = arith.constant dense<2.0> : tensor<2xf32>
  %xx = kerf.mul %two, %x : tensor<2xf32>
  %rest = kerf.sub %dx, %xx : tensor<2xf32>
  return %dx, %ddx, %rest : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
}

// CHECK-LABEL: @chosen
//  CHECK-NEXT: tensor<2xf32>: inf inf
//  CHECK-NEXT: tensor<2xf32>: inf inf
func.func @chosen(%x: tensor<2xf32> {kerf.range = [0.0, 0.0]}) -> (tensor<2xf32>, tensor<2xf32>) {
  %l, %dx = kerf.value_and_grad params(%a = %x : tensor<2xf32>) {
    %r = kerf.sqrt %a : tensor<2xf32>
    %l = kerf.sum %r, axes = [0] : tensor<2xf32> -> tensor<f32>
    kerf.yield %l : tensor<f32>
  }
  %k, %dy = kerf.value_and_grad params(%a = %x : tensor<2xf32>) {
    %r = kerf.log %a : tensor<2xf32>
    %l = kerf.sum %r, axes = [0] : tensor<2xf32> -> tensor<f32>
    kerf.yield %l : tensor<f32>
  }
  return %dx, %dy : tensor<2xf32>, tensor<2xf32>
}

// sqrt(x) w at w = 0: its gradient in x is 0, and the derivative of that in w is 1 / (2 sqrt(x)).
// CHECK-LABEL: @slope_in_a_zero_cotangent
//  CHECK-NEXT: tensor<f32>: 0.25
func.func @slope_in_a_zero_cotangent(%x: tensor<f32> {kerf.range = [4.0, 4.0]}, %w: tensor<f32> {kerf.range = [0.0, 0.0]}) -> tensor<f32> {
  %l, %dw = kerf.value_and_grad params(%p = %w : tensor<f32>) captures(%a = %x : tensor<f32>) {
    %k, %da = kerf.value_and_grad params(%b = %a : tensor<f32>) captures(%q = %p : tensor<f32>) {
      %r = kerf.sqrt %b : tensor<f32>
      %y = kerf.mul %r, %q : tensor<f32>
      kerf.yield %y : tensor<f32>
    }
    kerf.yield %da : tensor<f32>
  }
  return %dw : tensor<f32>
}

// A cotangent that is no number stays none.
// CHECK-LABEL: @no_number_stays
//  CHECK-NEXT: tensor<f32>: {{-?nan}}
func.func @no_number_stays(%x: tensor<f32> {kerf.range = [0.0, 0.0]}, %w: tensor<f32> {kerf.range = [-1.0, -1.0]}) -> tensor<f32> {
  %l, %dx = kerf.value_and_grad params(%a = %x : tensor<f32>) captures(%q = %w : tensor<f32>) {
    %n = kerf.sqrt %q : tensor<f32>
    %r = kerf.sqrt %a : tensor<f32>
    %y = kerf.mul %r, %n : tensor<f32>
    kerf.yield %y : tensor<f32>
  }
  return %dx : tensor<f32>
}
