include "ops.td"

def Kerf_BitAndOp : Kerf_IntegerBinary<"bit_and", [Commutative], Kerf_Bits> {
  let summary = "bits that are set in both elements; of truths: and";
  let description = [{
    `y[i] = a[i] & b[i]`, bit by bit.

    %y = kerf.bit_and %a, %b : tensor<4x8xi1>
  }];
  let hasFolder = 1;
}
