include "ops.td"

def Kerf_ShiftLeftOp : Kerf_IntegerBinary<"shift_left"> {
  let summary = "elements times powers of two: bits moved up";
  let description = [{
    `y[i] = a[i] 2^b[i]` modulo `2^bits`; 0 where `b[i]` is negative, or all bits or more.

    %y = kerf.shift_left %a, %b : tensor<4x8xi32>
  }];
  let hasFolder = 1;
}
