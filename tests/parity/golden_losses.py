"""Losses by PyTorch in f64, of numbers that f32 has: tests/golden/losses.safetensors. Names are those of the entries of
tests/models/losses.cpp, before each of which stands its entry's: arguments, the loss and its slopes, da in a.
"""
import math
import os
import zlib

import torch
from safetensors.torch import save_file
from torch import distributions
from torch.nn import functional as F

GOLDEN = os.path.join(os.path.dirname(__file__), "..", "golden")
B, N = 3, 5
tensors = {}


def keep(entry, **named):
    for name, value in named.items():
        value = value.detach().clone().contiguous()
        tensors[f"{entry}.{name}"] = value.float() if value.is_floating_point() else value


def real(*shape):
    return torch.randn(shape or (B, N)).double()


def fraction():
    return (torch.rand(B, N) * 0.96875 + 0.015625).double()


def loss(entry, f, *makers, names="abc", **constants):
    """The arguments in order, which are differentiated, and constants by name; probabilities are p and t."""
    torch.manual_seed(zlib.crc32(entry.encode()))
    inputs = {name: make().requires_grad_() for name, make in zip(names, makers)}
    fixed = {name: make() for name, make in constants.items()}
    value = f(*inputs.values(), **fixed)
    value.backward()
    keep(entry, **inputs, **fixed, loss=value,
         **{"d" + name: torch.zeros_like(x) if x.grad is None else x.grad for name, x in zip("abc", inputs.values())})


def signs(*shape):
    return torch.randint(2, shape or (B, N)).double() * 2 - 1


def of_labels(entry, f):
    """Classes on axis 1 of four, a weight for each."""
    loss(entry, f, lambda: real(B, 4, 3), y=lambda: torch.randint(4, (B, 3)), w=lambda: (torch.rand(4) + 0.25).double())


def cross_entropies():
    of_labels("cross_entropy", lambda a, y, w: F.cross_entropy(a, y))
    of_labels("cross_entropy_with_all", lambda a, y, w: F.cross_entropy(a, y, w, ignore_index=2, label_smoothing=0.1))
    of_labels("cross_entropy_smoothed", lambda a, y, w: F.cross_entropy(a, y, ignore_index=1, label_smoothing=0.2))
    of_labels("cross_entropy_of_each", lambda a, y, w: F.cross_entropy(a, y, ignore_index=0, reduction="none").square().sum())
    of_labels("cross_entropy_soft", lambda a, y, w: F.cross_entropy(a, (2 * a.detach()).softmax(1), w, label_smoothing=0.1))
    loss("linear_cross_entropy", lambda a, b, y: F.linear_cross_entropy(a, b, y, label_smoothing=0.1, ignore_index=1), real, real,
         y=lambda: torch.tensor([2, 1, 0]))
    of_labels("nll", lambda a, y, w: F.nll_loss(a, y, w))


def between_two(a, b, c):
    p, q = (distributions.Normal(mean, (0.5 * v).exp()) for mean, v in ((a, b), (c, 0.5 * c)))
    return distributions.kl_divergence(p, q).sum(1).mean()


def standard(a, b):
    p = distributions.Normal(a, (0.5 * b).exp())
    return distributions.kl_divergence(p, distributions.Normal(torch.zeros_like(a), torch.ones_like(a))).mean()


def pairs(scores):
    return F.cross_entropy(scores, torch.arange(len(scores)))


def siglip(a, b):
    z = 1.5 * a @ b.T + b.sum()
    return -F.logsigmoid((2 * torch.eye(B).double() - 1) * z).sum() / B


def of_slopes(f):
    """a f'(max(b, 0)), summed; the residuals follow a too."""
    def weighted(a, b):
        x = F.relu(b) + (a - a.detach())
        return (a * torch.autograd.grad(f(x, 0 * x, reduction="sum"), x, create_graph=True)[0]).sum()
    return weighted


def main():
    loss("mse", F.mse_loss, real, real)
    loss("l1", lambda a, b: F.l1_loss(a, b, reduction="sum"), real, real)
    loss("smooth_l1", lambda a, b: F.smooth_l1_loss(a, b, beta=0.5), real, real)
    loss("huber", lambda a, b: F.huber_loss(a, b, delta=1.5), real, real)
    loss("smooth_l1_curves", of_slopes(lambda *x, **more: F.smooth_l1_loss(*x, **more, beta=0.5)), real, real)
    loss("huber_curves", of_slopes(F.huber_loss), real, real)
    loss("bce", F.binary_cross_entropy, fraction, fraction, names="pt")
    loss("bce_with_logits", F.binary_cross_entropy_with_logits, real, fraction, names="at")
    loss("kl_div", lambda a, b: F.kl_div(a, b, reduction="batchmean"), real, fraction, names="at")
    loss("gaussian_kl", standard, real, real)
    loss("gaussian_kl_of_two", between_two, real, real, real)
    loss("gaussian_nll", lambda a, b, c: F.gaussian_nll_loss(a, b, c, full=True, eps=0.3), real, real, fraction)
    loss("hinge_discriminator", lambda a, b: F.relu(1 - a).mean() + F.relu(1 + b).mean(), real, real)
    loss("hinge_generator", lambda a, b: -(a * b).mean(), real, real)
    loss("hinge_embedding", lambda a, b, y: F.hinge_embedding_loss(a * b, y, margin=0.5), real, real, y=signs)
    loss("margin_ranking", lambda a, b, y: F.margin_ranking_loss(a, b, y, margin=0.5), real, real, y=signs)
    loss("triplet_margin", lambda a, b, c: F.triplet_margin_loss(a, b, c, margin=0.7), real, real, real)
    loss("cosine_similarity", lambda a, b: F.cosine_similarity(a, b).sum(), real, real)
    loss("cosine_embedding", lambda a, b, y: F.cosine_embedding_loss(a, b, y, margin=0.1), real, real, y=lambda: signs(B))
    loss("info_nce", lambda a, b: pairs(2 * a @ b.T), real, real)
    loss("clip", lambda a, b: (pairs(a.mean() * a @ b.T) + pairs(a.mean() * b @ a.T)) / 2, real, real)
    loss("siglip", siglip, real, real)
    cross_entropies()
    path = f"{GOLDEN}/losses.safetensors"
    save_file(tensors, path)
    print(f"{path}: {os.path.getsize(path) // 1000} KB")


if __name__ == "__main__":
    main()
