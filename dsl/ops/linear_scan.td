include "ops.td"

def Kerf_LinearScanOp : Kerf_Op<"linear_scan", [SameOperandsAndResultType, Rowwise, DeclareOpInterfaceMethods<Kerf_Differentiable, ["jvp"]>]> {
  let summary = "a linear recurrence along one axis: each result is the one before, times a, plus b";
  let description = [{
    `y[0] = b[0]`, `y[i] = a[i] y[i - 1] + b[i]` along `axis`; `a[0]` is not read. `reverse` begins at the
    other end: `y[n - 1] = b[n - 1]`, `y[i] = a[i] y[i + 1] + b[i]`.

    One chain per line: f32 is computed in f64, a product and a sum, and rounded once per element;
    integers wrap around. Kept for a kernel.

    Constraints: (C1) `axis < rank(a)`.
    Gradient: `g[i] = dy[i] + a[i + 1] g[i + 1]`, a scan from the other end; `db = g`,
    `da[i] = g[i] y[i - 1]`, `da[0] = 0`. Source: [Blelloch 1990, section 1.4.1].

    %y = kerf.linear_scan %a, %b, axis = 1 : tensor<4x8xf32>
  }];
  let arguments = (ins Kerf_Numbers:$a, Kerf_Numbers:$b, ConfinedAttr<I64Attr, [IntNonNegative]>:$axis,
                       DefaultValuedAttr<BoolAttr, "false">:$reverse);
  let results = (outs Kerf_Numbers:$y);
  let assemblyFormat = "$a `,` $b `,` `axis` `=` $axis attr-dict `:` type($a)";
  let hasVerifier = 1;
  let rule = "linear_scan";
}
