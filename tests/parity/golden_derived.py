"""Functions made of ops, by PyTorch in f64: tests/golden/derived.safetensors. Names are those of the entries of
tests/models/derived.cpp, before each of which stands its entry's: x, what the functions give, and dx, the gradient of the sum
of the squares of all that.
"""
import os
import zlib

import torch
from safetensors.torch import save_file
from torch.nn import functional as F

GOLDEN = os.path.join(os.path.dirname(__file__), "..", "golden")
B = 2
tensors = {}


def keep(entry, f, **others):
    torch.manual_seed(zlib.crc32(entry.encode()))
    x = torch.randn(B, 3, 4).double().requires_grad_()
    values = f(x, **others)
    sum(value.square().sum() for value in values.values()).backward()
    for name, value in {"x": x, **others, "dx": x.grad, **{f"values.{n}": v for n, v in values.items()}}.items():
        value = value.detach().clone().contiguous()
        tensors[f"{entry}.{name}"] = value.float() if value.is_floating_point() else value


def reductions(x):
    return {"min": x.amin(1), "var": x.var(1), "stddev": x.std(1, correction=0), "norm": x.norm(dim=1),
            "logsumexp": x.logsumexp(1), "var_of_all": x.var(), "logsumexp_of_all": x.logsumexp((0, 1, 2)),
            "l1_norm": x.norm(1, 1, keepdim=True), "max_norm": x.abs().amax(1, keepdim=True)}


def flat(x):
    none = x - x.detach()
    return {"stddev": none.std(1), "norm": none.norm(dim=1), "stddev_of_all": none.std()}


def activations(x):
    return {"relu": F.relu(x), "leaky_relu": F.leaky_relu(x), "elu": F.elu(x, 0.5), "selu": F.selu(x), "relu6": F.relu6(3 * x),
            "hardtanh": F.hardtanh(x, -0.5, 0.75), "hardsigmoid": F.hardsigmoid(x), "hardswish": F.hardswish(x),
            "softsign": F.softsign(x), "mish": F.mish(x), "sigmoid": x.sigmoid(), "log_sigmoid": F.logsigmoid(x), "tanh": x.tanh(),
            "silu": F.silu(x), "softplus": F.softplus(x), "gelu": F.gelu(x, approximate="tanh"), "gelu_erf": F.gelu(x),
            "softmax": x.softmax(1), "log_softmax": x.log_softmax(-1)}


def joined(x, i):
    return {"stacked": torch.stack([x, -x, x + 1, x + 2, x + 3]), "of_array": torch.stack([x, 2 * x]),
            "joined": torch.cat([x, 2 * x, x, -x, x], 1), "second": -x, "head": x[..., :1], "tail": x[..., 1:],
            "flat": x.flatten(1), "first": x[0], "at": x[int(i)], "last": x[-1]}


def moved(x):
    def pad(mode):
        return F.pad(x, (2, 1), mode=mode)

    def resize(height, width, mode, **more):
        return F.interpolate(x[None], (height, width), mode=mode, **more)[0]

    return {"flipped": x.flip(-1), "rolled": x.roll(1, 1), "rolled_back": x.roll(-3, -1), "lower": x.tril(), "upper": x.triu(1),
            "tiled": x.tile(1, 2, 3), "repeated": x.repeat_interleave(2, -1), "constant": F.pad(x, (2, 1), value=0.5),
            "replicated": pad("replicate"), "circular": pad("circular"), "reflected": pad("reflect"),
            "windows": x.unfold(-1, 2, 2), "nearest": resize(5, 9, "nearest"),
            "bilinear": resize(5, 9, "bilinear", align_corners=False),
            "smaller": resize(2, 2, "bilinear", align_corners=False), "steps": torch.linspace(-1, 1, 5).double()}


def products(x):
    e = torch.einsum
    return {"sums": e("bij->ib", x), "all": e("ijk->", x), "compact": e("bij,bkj->bik", x, x), "shared": e("...ij,...kj->...ik", x, x),
            "three": e("bij,bkj,bkl->bil", x, x, x), "other_order": e("aij,bik,bij->bik", x, x, x),
            "rows": e("...j,ij->...i", x, x[0])}


def main():
    keep("reductions", reductions)
    keep("flat", flat)
    keep("activations", activations)
    keep("joined", joined, i=torch.tensor(1))
    keep("moved", moved)
    keep("products", products)
    path = f"{GOLDEN}/derived.safetensors"
    save_file(tensors, path)
    print(f"{path}: {os.path.getsize(path) // 1000} KB")


if __name__ == "__main__":
    main()
