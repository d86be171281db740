include "ops.td"

def Kerf_ConvOp : Kerf_Op<"conv", [SameOperandsAndResultElementType, Kerf_SumOfProducts, Kerf_LinearInEach, Differentiable]> {
  let summary = "two-dimensional convolution (cross-correlation) of images with filters";
  let description = [{
    `y[n, o, i] = sum_{c, k} w[o, c, k] * x[n, c, stride * i + k - padding]` with `i`, `k` pairs of
    (row, column) and `x` zero outside of its extents: such terms count, so a NaN or an infinity of
    `w` that meets padding gives NaN. Layouts: `x` NCHW, `w` OIHW, `y` NCHW. Kept for a kernel.

    Constraints: (C1) `x` and `w` have rank 4. (C2) `stride` has two entries, at least 1, and
    `padding` two, at least 0. (C3) `x` has as many channels as `w` takes.
    (C4) the kernel fits into the padded `x`.
    (C5) `shape(y) = [N, O, (H + 2 * padding - kh) / stride + 1, ...]`, rounded down.
    Gradient: `dx = conv_transpose(dy, w)`, `dw = conv_filter(x, dy)`. Source: [LeCun 1989].

    %y = kerf.conv %x, %w, stride = [2, 2], padding = [1, 1] : tensor<8x3x32x32xf32>, tensor<16x3x4x4xf32> -> tensor<8x16x16x16xf32>
  }];
  let arguments = (ins Kerf_Floats:$x, Kerf_Floats:$w, DenseI64ArrayAttr:$stride,
                       DenseI64ArrayAttr:$padding);
  let results = (outs Kerf_Floats:$y);
  let assemblyFormat = [{
    $x `,` $w `,` `stride` `=` $stride `,` `padding` `=` $padding attr-dict
    `:` type($x) `,` type($w) `->` type($y)
  }];
  let hasVerifier = 1;
  let rule = "conv";
}
