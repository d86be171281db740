// Ties to even on both sides, what rounds up to a power of two, the largest number and what is beyond it, denormals and what
// rounds to them or to zero, infinities and NaN: the same in vectors and behind them, in every body, and folded.
// RUN: kerf-run --compare --exact %s
// RUN: kerf-run --function cast_to_bf16 --limit 40 %s | FileCheck %s --check-prefix=BF16
// RUN: kerf-run --function cast_to_f16 --limit 40 %s | FileCheck %s --check-prefix=F16
// RUN: kerf-opt %s -canonicalize | FileCheck %s --check-prefix=FOLD

// 1 + 2^-8 is a tie, down; 1 + 3 2^-8 is one, up; 2 - 2^-9 rounds to 2; 3.39e38 is the largest, a tie above it infinite.
// BF16: 1 1.015625 1.007812 2 -2 3.389531e+38 inf -inf 9.18355e-41 0 -0 9.18355e-41 1.175494e-38 inf -inf {{-?}}nan 0 -0 1.007812
func.func @cast_to_bf16(%c: tensor<19xi1> {kerf.range = [1, 1]}) -> tensor<19xbf16> attributes {kerf.entry} {
  %x = arith.constant dense<[0x3F808000, 0x3F818000, 0x3F808001, 0x3FFFF000, 0xBFFFF000, 0x7F7F7FFF, 0x7F7F8000, 0xFF7F8000,
    0x00010000, 0x00008000, 0x80008000, 0x00008001, 0x007FFFFF, 0x7F800000, 0xFF800000, 0x7F800001, 0.0, -0.0, 0x3F80FFFF]> : tensor<19xf32>
  %zero = arith.constant dense<0.0> : tensor<19xf32>
  %seen = kerf.select %c, %x, %zero : tensor<19xi1>, tensor<19xf32>
  %y = kerf.cast %seen : tensor<19xf32> -> tensor<19xbf16>
  return %y : tensor<19xbf16>
}

// 65519.99 is the largest, 65520 infinite; 2^-24 is the least, a half of it zero.
// F16: 1 1.001953 1.000977 65504 inf -inf 5.960464e-08 0 -0 5.960464e-08 6.103516e-05 inf -inf {{-?}}nan 0 -0 6.103516e-05
func.func @cast_to_f16(%c: tensor<17xi1> {kerf.range = [1, 1]}) -> tensor<17xf16> attributes {kerf.entry} {
  %x = arith.constant dense<[0x3F801000, 0x3F803000, 0x3F801001, 0x477FEFFF, 0x477FF000, 0xC77FF000, 0x33800000, 0x33000000, 0xB3000000,
    0x33000001, 0x387FFFFF, 0x7F800000, 0xFF800000, 0x7F800001, 0.0, -0.0, 0x38800000]> : tensor<17xf32>
  %zero = arith.constant dense<0.0> : tensor<17xf32>
  %seen = kerf.select %c, %x, %zero : tensor<17xi1>, tensor<17xf32>
  %y = kerf.cast %seen : tensor<17xf32> -> tensor<17xf16>
  return %y : tensor<17xf16>
}

// Products and sums that overflow, vanish into denormals, or meet an infinity; each operation of a fused loop rounds.
func.func @chain(%c: tensor<18xi1> {kerf.range = [1, 1]}, %s: tensor<18xbf16>) -> (tensor<18xbf16>, tensor<18xbf16>) attributes {kerf.entry} {
  %x = arith.constant dense<[1.0, 3.0e38, 1.0e-38, -3.0e38, 0x7F80, 0xFF80, 0x7FC0, 1.0e-40, 0.0, -0.0, 2.5, 1.5e19, 7.0, 0.1, 100.0, 1.0e20, -1.0e-20, 3.0]> : tensor<18xbf16>
  %seen = kerf.select %c, %x, %s : tensor<18xi1>, tensor<18xbf16>
  %a = kerf.mul %seen, %seen : tensor<18xbf16>
  %b = kerf.add %a, %seen : tensor<18xbf16>
  %d = kerf.mul %b, %s : tensor<18xbf16>
  %e = kerf.sub %d, %a : tensor<18xbf16>
  return %b, %e : tensor<18xbf16>, tensor<18xbf16>
}

func.func @chain_of_f16(%c: tensor<18xi1> {kerf.range = [1, 1]}, %s: tensor<18xf16>) -> (tensor<18xf16>, tensor<18xf16>) attributes {kerf.entry} {
  %x = arith.constant dense<[1.0, 6.0e4, 1.0e-4, -6.0e4, 0x7C00, 0xFC00, 0x7E00, 1.0e-7, 0.0, -0.0, 2.5, 250.0, 7.0, 0.1, 100.0, 255.9, -1.0e-3, 3.0]> : tensor<18xf16>
  %seen = kerf.select %c, %x, %s : tensor<18xi1>, tensor<18xf16>
  %a = kerf.mul %seen, %seen : tensor<18xf16>
  %b = kerf.add %a, %seen : tensor<18xf16>
  %d = kerf.mul %b, %s : tensor<18xf16>
  %e = kerf.sub %d, %a : tensor<18xf16>
  return %b, %e : tensor<18xf16>, tensor<18xf16>
}

// A double goes by f32: 1 + 2^-8 + 2^-40 is a tie then. So does an integer: 2^24 + 1 + 2^16.
func.func @by_f32(%x: tensor<18xf64>, %n: tensor<18xi64> {kerf.range = [-40000000, 40000000]}) -> (tensor<18xbf16>, tensor<18xbf16>, tensor<18xf16>) attributes {kerf.entry} {
  %one = arith.constant dense<1.00390625000090949470> : tensor<18xf64>
  %a = kerf.minimum %x, %one : tensor<18xf64>
  %p = kerf.cast %a : tensor<18xf64> -> tensor<18xbf16>
  %q = kerf.cast %n : tensor<18xi64> -> tensor<18xbf16>
  %r = kerf.cast %p : tensor<18xbf16> -> tensor<18xf16>
  return %p, %q, %r : tensor<18xbf16>, tensor<18xbf16>, tensor<18xf16>
}

// FOLD-LABEL: @by_way_of_wider
//  FOLD-SAME: %[[X:.*]]: tensor<5xbf16>, %[[Y:.*]]: tensor<5xf32>
//       FOLD: %[[A:.*]] = kerf.cast %[[Y]] : tensor<5xf32> -> tensor<5xbf16>
//       FOLD: %[[B:.*]] = kerf.cast %[[A]] : tensor<5xbf16> -> tensor<5xf32>
//       FOLD: return %[[X]], %[[B]]
func.func @by_way_of_wider(%x: tensor<5xbf16>, %y: tensor<5xf32>) -> (tensor<5xbf16>, tensor<5xf32>) {
  %a = kerf.cast %x : tensor<5xbf16> -> tensor<5xf32>
  %b = kerf.cast %a : tensor<5xf32> -> tensor<5xbf16>
  %c = kerf.cast %y : tensor<5xf32> -> tensor<5xbf16>
  %d = kerf.cast %c : tensor<5xbf16> -> tensor<5xf32>
  return %b, %d : tensor<5xbf16>, tensor<5xf32>
}
