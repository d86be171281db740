"""tests/golden/narrow.mlir and narrow.safetensors: ops on bf16 and f16, by PyTorch on the same types, which computes in f32
and rounds once, too. Tensors are named <function>.<argument or result>, and stand in the file as F32. Of functions named
exact_… every bit is PyTorch's; of others it may be off by one of the type's last digits.
"""
import os

import numpy as np
import torch
from safetensors.numpy import save_file

GOLDEN = os.path.join(os.path.dirname(__file__), "..", "golden")
TYPES = {"bf16": torch.bfloat16, "f16": torch.float16}
rng = np.random.default_rng(11)


def main():
    functions, tensors = [], {}

    def case(name, op, inputs, types, torch_function, result):
        """`inputs`: f32 arrays; `types`: the element type of each; `op`: the text behind `kerf.` up to its colon."""
        values = [torch.from_numpy(x).to(TYPES.get(t, torch.float32)) for x, t in zip(inputs, types)]
        y = torch_function(*values)
        names = "ab"[:len(values)]
        spelled = [f"tensor<{''.join(f'{n}x' for n in v.shape)}{t}>" for v, t in zip(values, types)]
        out = f"tensor<{''.join(f'{n}x' for n in y.shape)}{result}>"
        given = ", ".join(f'%{n}: {s} {{kerf.name = "{n}"}}' for n, s in zip(names, spelled))
        form = {"contract": f"{', '.join(spelled)} -> {out}", "cast": f"{spelled[0]} -> {out}", "sum": f"{spelled[0]} -> {out}"}
        functions.append(f'func.func @{name}({given})\n    -> ({out} {{kerf.name = "y"}}) attributes {{kerf.entry}} {{\n'
                         f"  %y = kerf.{op} : {form.get(op.split()[0], spelled[0])}\n  return %y : {out}\n}}\n")
        for n, v in zip(names, values):
            tensors[f"{name}.{n}"] = v.float().numpy()
        tensors[f"{name}.y"] = y.float().numpy()

    edges = np.array([0, -0.0, 1, -1, 3e38, -3e38, 1e-40, 6e4, 6e-8, 1 / 3, np.inf, -np.inf, np.nan, 1 + 2**-8, 1 + 3 * 2**-8, 1 + 2**-11], np.float32)
    for t in TYPES:
        a = np.concatenate([edges, (rng.standard_normal(84) * 10.0 ** rng.integers(-3, 4, 84)).astype(np.float32)])
        b = np.concatenate([rng.permutation(edges), rng.standard_normal(84).astype(np.float32)])
        positive = np.abs(a)
        for op, function in {"add": torch.add, "sub": torch.sub, "mul": torch.mul, "div": torch.div, "maximum": torch.maximum}.items():
            case(f"exact_{op}_{t}", f"{op} %a, %b", [a, b], [t, t], function, t)
        case(f"exact_sqrt_{t}", "sqrt %a", [positive], [t], torch.sqrt, t)
        case(f"exact_round_{t}", "cast %a", [a], ["f32"], lambda x, t=t: x.to(TYPES[t]), t)
        case(f"exact_widen_{t}", "cast %a", [a], [t], lambda x: x.float(), "f32")
        for op, function in {"exp": torch.exp, "tanh": torch.tanh, "sigmoid": torch.sigmoid, "sin": torch.sin}.items():
            case(f"{op}_{t}", f"{op} %a", [b], [t], function, t)
        x = rng.standard_normal((5, 333)).astype(np.float32)
        w = rng.standard_normal((333, 7)).astype(np.float32)
        case(f"sum_{t}", "sum %a, axes = [1]", [x], [t], lambda x: x.sum(1), t)
        case(f"contract_{t}", "contract %a, %b, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0]", [x, w], [t, t],
             torch.matmul, t)
    with open(f"{GOLDEN}/narrow.mlir", "w") as file:
        file.write('// Made by tests/parity/golden_narrow.py.\nmodule attributes {kerf.model = "golden_narrow"} {\n' + "\n".join(functions) + "}\n")
    save_file(tensors, f"{GOLDEN}/narrow.safetensors")
    print(f"narrow: {len(functions)} cases")


if __name__ == "__main__":
    main()
