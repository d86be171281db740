include "ops.td"

def Kerf_FloorDivideOp : Kerf_IntegerBinary<"floor_divide"> {
  let summary = "quotients of integers, rounded down";
  let description = [{
    `y[i] = floor(a[i] / b[i])`; 0 where `b[i] = 0`; the smallest integer divided by -1 wraps around to
    itself. `a = b floor_divide(a, b) + remainder(a, b)`, also where `b = 0`.

    %y = kerf.floor_divide %a, %b : tensor<4x8xi32>
  }];
  let hasFolder = 1;
}
