include "ops.td"

def Kerf_ShiftRightOp : Kerf_IntegerBinary<"shift_right"> {
  let summary = "elements divided by powers of two and rounded down: bits moved down";
  let description = [{
    `y[i] = floor(a[i] / 2^b[i])`, the sign comes in from above; 0 or -1, the sign alone, where `b[i]`
    is negative, or all bits or more.

    %y = kerf.shift_right %a, %b : tensor<4x8xi32>
  }];
  let hasFolder = 1;
}
