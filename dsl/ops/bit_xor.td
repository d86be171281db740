include "ops.td"

def Kerf_BitXorOp : Kerf_IntegerBinary<"bit_xor", [Commutative], Kerf_Bits> {
  let summary = "bits that differ in two elements; of truths: either, not both";
  let description = [{
    `y[i] = a[i] ^ b[i]`, bit by bit.

    %y = kerf.bit_xor %a, %b : tensor<4x8xi1>
  }];
  let hasFolder = 1;
}
