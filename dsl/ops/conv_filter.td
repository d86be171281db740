include "ops.td"

def Kerf_ConvFilterOp : Kerf_Op<"conv_filter", [SameOperandsAndResultElementType, Kerf_SumOfProducts, Kerf_LinearInEach, Differentiable]> {
  let summary = "adjoint of a convolution in its filters";
  let description = [{
    The `w` with `<w, w'> = <y, conv(x, w')>` for all `w'`:
    `w[o, c, k] = sum_{n, i} y[n, o, i] * x[n, c, stride * i + k - padding]`, `x` zero
    outside of its extents: such terms count, so a NaN or an infinity of `y` there gives NaN.
    The kernel size stands in the result type. Layouts: `x` and `y` NCHW, `w` OIHW. Kept for a kernel.

    Constraints: (C1) `x` and `y` have rank 4. (C2) `stride` has two entries, at least 1, and
    `padding` two, at least 0. (C3) `x` and `y` hold equally many images.
    (C4) a convolution of `x` by a kernel of the result's size gives the spatial size of `y`.
    (C5) the result has the channels of `y` as filters and takes the channels of `x`.
    Gradient: `dx = conv_transpose(y, dw)`, `dy = conv(x, dw)`.

    %w = kerf.conv_filter %x, %y, stride = [2, 2], padding = [1, 1] : tensor<8x3x32x32xf32>, tensor<8x16x16x16xf32> -> tensor<16x3x4x4xf32>
  }];
  let arguments = (ins Kerf_Floats:$x, Kerf_Floats:$y, DenseI64ArrayAttr:$stride,
                       DenseI64ArrayAttr:$padding);
  let results = (outs Kerf_Floats:$w);
  let assemblyFormat = [{
    $x `,` $y `,` `stride` `=` $stride `,` `padding` `=` $padding attr-dict
    `:` type($x) `,` type($y) `->` type($w)
  }];
  let hasVerifier = 1;
  let rule = "conv_filter";
}
