include "ops.td"

def Kerf_ConvTransposeOp : Kerf_Op<"conv_transpose", [SameOperandsAndResultElementType, Kerf_SumOfProducts, Kerf_LinearInEach, Differentiable]> {
  let summary = "adjoint of a convolution in its images";
  let description = [{
    The `x` with `<x, x'> = <y, conv(x', w)>` for all `x'`:
    `x[n, c, p] = sum_{o, i, k : stride * i + k - padding = p} w[o, c, k] * y[n, o, i]`, `y` zero
    outside of its extents. Of `k`, those that reach `p` with a whole `i` count, `y[n, o, i]` outside
    or not (a NaN of `w` times such a zero is NaN); those that fall between the strides do not.
    Its spatial size stands in the result type, since several sizes have the same convolved size.
    Layouts: `y` NCHW, `w` as `conv` takes it, which is PyTorch's IOHW of a transposed convolution.
    Kept for a kernel.

    Constraints: (C1) `y` and `w` have rank 4. (C2) `stride` has two entries, at least 1, and
    `padding` two, at least 0. (C3) `y` has as many channels as `w` has filters.
    (C4) a convolution of an image of the result's size gives the spatial size of `y`.
    (C5) the result has `N` images and as many channels as `w` takes.
    Gradient: `dy = conv(dx, w)`, `dw = conv_filter(dx, y)`. Source: [Zeiler 2010].

    %x = kerf.conv_transpose %y, %w, stride = [2, 2], padding = [1, 1] : tensor<8x16x16x16xf32>, tensor<16x3x4x4xf32> -> tensor<8x3x32x32xf32>
  }];
  let arguments = (ins Kerf_Floats:$y, Kerf_Floats:$w, DenseI64ArrayAttr:$stride,
                       DenseI64ArrayAttr:$padding);
  let results = (outs Kerf_Floats:$x);
  let assemblyFormat = [{
    $y `,` $w `,` `stride` `=` $stride `,` `padding` `=` $padding attr-dict
    `:` type($y) `,` type($w) `->` type($x)
  }];
  let hasVerifier = 1;
  let rule = "conv_transpose";
}
