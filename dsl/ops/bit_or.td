include "ops.td"

def Kerf_BitOrOp : Kerf_IntegerBinary<"bit_or", [Commutative], Kerf_Bits> {
  let summary = "bits that are set in one of two elements or in both; of truths: or";
  let description = [{
    `y[i] = a[i] | b[i]`, bit by bit.

    %y = kerf.bit_or %a, %b : tensor<4x8xi1>
  }];
  let hasFolder = 1;
}
