include "ops.td"

def Kerf_VqMetric : ConfinedAttr<StrAttr,
    [AttrConstraint<CPred<"::llvm::StringSwitch<bool>(::llvm::cast<::mlir::StringAttr>($_self).getValue())"
                          ".Cases({\"l2\", \"dot\", \"cosine\"}, true).Default(false)">,
                    "whose value is one of l2, dot, cosine">]>;

def Kerf_VqOp : Kerf_Op<"vq", [AllElementTypesMatch<["z", "codebook"]>, Kerf_Fused, Kerf_Decision, Decomposable, Rowwise]> {
  let summary = "index of the nearest code of every row";
  let description = [{
    `codes[n] = argmin_k s[n, k]`, the rows `z[n]` along the last axis of `z`, the codes `e[k]` along
    the last of `codebook`. Axes of the codebook before its codes are heads: each has its own codes for
    its own rows, and `z` begins with these axes. The score `s[n, k]` is, by `metric`,

    * `l2`: `|e[k] - c|^2 - 2 (z[n] - c).(e[k] - c)`, the squared distance less `|z[n] - c|^2`;
    * `dot`: `-z[n].e[k]`;
    * `cosine`: `-z[n].u[k]`, `u[k] = e[k] / max(|e[k]|, 1e-12)`.

    The center `c` changes no order, but keeps digits that a common offset of the codes would eat. With
    `S` and `Q` the sums of an element and of its square over 64 codes, every `K/64`-th, or all if they
    are fewer (`m` codes), it is `S/m` where `1.25 S^2/m > Q`, which is where the mean is more than twice
    as large as the codes are spread about it, and 0 elsewhere: codes about 0 are taken as they are. So
    scores that are written as `|e|^2 - 2 z.e` and become this op are those of real numbers, but may
    choose otherwise than their own rounding would.

    Ties and NaN are as in `kerf.argmin`, and it is a decision as that is. Kept for a kernel, which
    holds no array of all scores. The codes are integers, so no cotangent flows.

    Constraints: (C1) `codebook` has two axes or more and at least one code. (C2) the last axes of `z`
    and `codebook` are equal, and so are the heads. (C3) `shape(codes)` is `shape(z)` without its last axis. (C4) `metric` is
    one of `l2 dot cosine`. (C5) The element types are equal. Source: [van den Oord 2017, eq. 1].

    %codes = kerf.vq %z, %e, metric = "l2" : tensor<2048x64xf32>, tensor<512x64xf32> -> tensor<2048xi64>
  }];
  let arguments = (ins Kerf_Floats:$z, Kerf_Floats:$codebook, Kerf_VqMetric:$metric);
  let results = (outs Kerf_Indices:$codes);
  let assemblyFormat = [{
    $z `,` $codebook `,` `metric` `=` $metric attr-dict
    `:` type($z) `,` type($codebook) `->` type($codes)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = "static ::llvm::StringRef family() { return \"vq\"; }";
}
