// What an artefact calls of others: nothing of libm, whatever functions its model is made of.
// RUN: rm -rf %t && mkdir %t && kerf-compile %s -o %t
// RUN: llvm-nm --undefined-only --format=just-symbols %t/functions.o | not grep -v ^kerf_

module attributes {kerf.model = "functions"} {
func.func @of_f32(%x: tensor<37xf32> {kerf.name = "x"})
    -> (tensor<37xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %0 = kerf.cos %x : tensor<37xf32>
  %1 = kerf.erf %x : tensor<37xf32>
  %2 = kerf.erfc %x : tensor<37xf32>
  %3 = kerf.exp %x : tensor<37xf32>
  %4 = kerf.expm1 %x : tensor<37xf32>
  %5 = kerf.floor %x : tensor<37xf32>
  %6 = kerf.gelu_gate %x : tensor<37xf32>
  %7 = kerf.log %x : tensor<37xf32>
  %8 = kerf.log1p %x : tensor<37xf32>
  %9 = kerf.logistic_density %x : tensor<37xf32>
  %10 = kerf.round %x : tensor<37xf32>
  %11 = kerf.rsqrt %x : tensor<37xf32>
  %12 = kerf.sigmoid %x : tensor<37xf32>
  %13 = kerf.silu %x : tensor<37xf32>
  %14 = kerf.sin %x : tensor<37xf32>
  %15 = kerf.softplus %x : tensor<37xf32>
  %16 = kerf.sqrt %x : tensor<37xf32>
  %17 = kerf.tanh %x : tensor<37xf32>
  %p = kerf.pow %x, %x : tensor<37xf32>
  %s0 = kerf.add %0, %1 : tensor<37xf32>
  %s1 = kerf.add %s0, %2 : tensor<37xf32>
  %s2 = kerf.add %s1, %3 : tensor<37xf32>
  %s3 = kerf.add %s2, %4 : tensor<37xf32>
  %s4 = kerf.add %s3, %5 : tensor<37xf32>
  %s5 = kerf.add %s4, %6 : tensor<37xf32>
  %s6 = kerf.add %s5, %7 : tensor<37xf32>
  %s7 = kerf.add %s6, %8 : tensor<37xf32>
  %s8 = kerf.add %s7, %9 : tensor<37xf32>
  %s9 = kerf.add %s8, %10 : tensor<37xf32>
  %s10 = kerf.add %s9, %11 : tensor<37xf32>
  %s11 = kerf.add %s10, %12 : tensor<37xf32>
  %s12 = kerf.add %s11, %13 : tensor<37xf32>
  %s13 = kerf.add %s12, %14 : tensor<37xf32>
  %s14 = kerf.add %s13, %15 : tensor<37xf32>
  %s15 = kerf.add %s14, %16 : tensor<37xf32>
  %s16 = kerf.add %s15, %17 : tensor<37xf32>
  %s17 = kerf.add %s16, %p : tensor<37xf32>
  return %s17 : tensor<37xf32>
}
func.func @of_f64(%x: tensor<37xf64> {kerf.name = "x"})
    -> (tensor<37xf64> {kerf.name = "y"}) attributes {kerf.entry} {
  %0 = kerf.cos %x : tensor<37xf64>
  %1 = kerf.erf %x : tensor<37xf64>
  %2 = kerf.erfc %x : tensor<37xf64>
  %3 = kerf.exp %x : tensor<37xf64>
  %4 = kerf.expm1 %x : tensor<37xf64>
  %5 = kerf.floor %x : tensor<37xf64>
  %6 = kerf.gelu_gate %x : tensor<37xf64>
  %7 = kerf.log %x : tensor<37xf64>
  %8 = kerf.log1p %x : tensor<37xf64>
  %9 = kerf.logistic_density %x : tensor<37xf64>
  %10 = kerf.round %x : tensor<37xf64>
  %11 = kerf.rsqrt %x : tensor<37xf64>
  %12 = kerf.sigmoid %x : tensor<37xf64>
  %13 = kerf.silu %x : tensor<37xf64>
  %14 = kerf.sin %x : tensor<37xf64>
  %15 = kerf.softplus %x : tensor<37xf64>
  %16 = kerf.sqrt %x : tensor<37xf64>
  %17 = kerf.tanh %x : tensor<37xf64>
  %p = kerf.pow %x, %x : tensor<37xf64>
  %s0 = kerf.add %0, %1 : tensor<37xf64>
  %s1 = kerf.add %s0, %2 : tensor<37xf64>
  %s2 = kerf.add %s1, %3 : tensor<37xf64>
  %s3 = kerf.add %s2, %4 : tensor<37xf64>
  %s4 = kerf.add %s3, %5 : tensor<37xf64>
  %s5 = kerf.add %s4, %6 : tensor<37xf64>
  %s6 = kerf.add %s5, %7 : tensor<37xf64>
  %s7 = kerf.add %s6, %8 : tensor<37xf64>
  %s8 = kerf.add %s7, %9 : tensor<37xf64>
  %s9 = kerf.add %s8, %10 : tensor<37xf64>
  %s10 = kerf.add %s9, %11 : tensor<37xf64>
  %s11 = kerf.add %s10, %12 : tensor<37xf64>
  %s12 = kerf.add %s11, %13 : tensor<37xf64>
  %s13 = kerf.add %s12, %14 : tensor<37xf64>
  %s14 = kerf.add %s13, %15 : tensor<37xf64>
  %s15 = kerf.add %s14, %16 : tensor<37xf64>
  %s16 = kerf.add %s15, %17 : tensor<37xf64>
  %s17 = kerf.add %s16, %p : tensor<37xf64>
  return %s17 : tensor<37xf64>
}
}
