"""Golden training runs at width 16: tests/golden/<model>.safetensors, made by PyTorch in f64. Names are those of the
compiled entries: arguments and results of `train_step` and `gradients`.

    params.<leaf>      initial parameters: U32 (key, key, e) says uniform in [-2^e / 2, 2^e / 2) from that key, exact in f32;
                       others BF16, so that they take two bytes
    images             a few real images, the batch of every step; other data arguments likewise
    gradients.<leaf>   of step 0, F32; of a large matrix its factors .left and .right, for its rank is that of the batch
    <result>           every plain result of train_step at each of the steps, F64 (steps)
    final.<leaf>       the Euclidean norm of the parameter after 20 steps, F64
    float32.loss       what the loss is when PyTorch computes in f32, F64 (steps)
"""
import math
import os

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn

import fashion_mnist
import philox

GOLDEN = os.path.join(os.path.dirname(__file__), "..", "golden")
WIDTH, BATCH = 16, 4
STEPS, FEW_STEPS = 100, 20  # few where a choice by argmin or a game of two players makes paths part


def initial(model):
    """About PyTorch's default, with bounds that are powers of two. What the file holds by name, and the values."""
    stored, values = {}, {}
    buffers = {name for name, _ in model.named_buffers()}
    for i, (name, value) in enumerate(model.state_dict().items()):
        weight = getattr(model.get_submodule(name.rsplit(".", 1)[0]), "weight", None)
        fan_in = nn.init._calculate_fan_in_and_fan_out(weight)[0] if weight is not None and weight.dim() > 1 else WIDTH
        e = round(math.log2(2 / math.sqrt(fan_in)))
        key = philox.fold((1, 2), i)
        uniform = torch.as_tensor((philox.uniform(key, 0, tuple(value.shape)) - 0.5) * 2.0**e)
        if name in buffers:
            stored[name] = values[name] = value
        elif name.endswith(".weight") and value.dim() == 1:  # of a norm
            stored[name] = (1 + uniform).bfloat16()
            values[name] = stored[name].double()
        else:
            stored[name], values[name] = torch.tensor([*key, e % 2**32], dtype=torch.uint32), uniform
    return stored, values


def images():
    """Pixels as f32 has them: byte / 255."""
    return torch.from_numpy(fashion_mnist.images("train")[:BATCH].astype(np.float32) / np.float32(255))


def rounded(x):
    """As an f32 program holds it."""
    return float(np.float32(x))


class Adam:
    """[Kingma 2014], with the coefficients that an f32 program holds: 1 - beta and beta rounded to f32."""

    def __init__(self, params, lr, betas, epsilon=1e-8):
        self.params, self.lr, self.betas, self.epsilon, self.t = params, lr, betas, rounded(epsilon), 0
        self.m, self.v = [torch.zeros_like(p) for p in params], [torch.zeros_like(p) for p in params]

    @torch.no_grad()
    def step(self):
        b1, b2 = self.betas
        c1, c2 = rounded(1 - b1), rounded(1 - b2)
        self.t += 1
        size, correction = self.lr / (1 - b1**self.t), math.sqrt(1 - b2**self.t)
        for p, m, v in zip(self.params, self.m, self.v):
            g = p.grad if p.grad is not None else torch.zeros_like(p)
            m += c1 * (g - m)
            v.mul_(rounded(b2)).add_(c2 * g * g)
            p -= size * m / (v.sqrt() / correction + self.epsilon)


class RmsProp:
    """[Hinton 2012, lecture 6e], with the coefficients that an f32 program holds."""

    def __init__(self, params, lr):
        self.params, self.lr, self.squares = params, rounded(lr), [torch.zeros_like(p) for p in params]

    @torch.no_grad()
    def step(self):
        for p, square in zip(self.params, self.squares):
            square.mul_(rounded(0.99)).add_(rounded(1 - 0.99) * p.grad * p.grad)
            p -= self.lr * p.grad / (square.sqrt() + rounded(1e-8))


def adam(lr=1e-3, betas=(0.9, 0.999)):
    """The optimizer as an f32 program has it, and PyTorch's."""
    return lambda params: Adam(params, lr, betas), lambda params: torch.optim.Adam(params, lr=lr, betas=betas)


def rmsprop(lr):
    return lambda params: RmsProp(params, lr), lambda params: torch.optim.RMSprop(params, lr=lr)


def run(make, start, players, data, dtype, optimizer, after, steps):
    """Trains; gives the results of each step, the gradients of the first, and the norms of parameters and buffers after a few."""
    model = make().to(dtype)
    model.load_state_dict({k: v.to(dtype) for k, v in start.items()}, strict=True)
    data = {k: v.to(dtype) if v.is_floating_point() else v for k, v in data.items()}
    named = {part: dict(model.get_submodule(part).named_parameters(part)) for part in players}
    optimizers, history, gradients, norms = {part: optimizer(list(named[part].values())) for part in players}, [], {}, {}
    for step in range(steps):
        results = {}
        for part, losses_of in players.items():
            own = losses_of(model, data, step)
            for p in model.parameters():
                p.grad = None
            next(iter(own.values())).backward()
            if step == 0:
                gradients |= {k: (torch.zeros_like(p) if p.grad is None else p.grad.clone()) for k, p in named[part].items()}
            optimizers[part].step()
            after(model, part)
            results |= own
        history.append({k: v.item() for k, v in results.items()})
        if step + 1 == FEW_STEPS:
            norms = {k: p.norm() for k, p in model.state_dict().items() if p.is_floating_point()}
    return history, gradients, norms


def stored(name, gradient):
    """A gradient, or its factors."""
    if gradient.dim() == 2 and gradient.numel() > 8192:
        u, d, v = torch.linalg.svd(gradient, full_matrices=False)
        if d[BATCH] < 1e-12 * d[0]:
            return {f"{name}.left": (u * d)[:, :BATCH].float(), f"{name}.right": v[:BATCH].float()}
    return {name: gradient.float()}


def golden(name, make, held, start, losses_of, data, steps=STEPS, optimizer=adam(), after=lambda model, part: None,
           within=1e-6):
    """`losses_of(model, data, step)` gives the results of a step by name, the loss first. Of a game it is one such function for
    each player, by the part of the model that is its own; they take turns in this order, each of which ends with
    `after(model, part)`. The losses that torch.optim's own arithmetic leads to are `within` so much of these."""
    players = losses_of if isinstance(losses_of, dict) else {"": losses_of}
    own, torchs = optimizer
    history, gradients, norms = run(make, start, players, data, torch.float64, own, after, steps)
    plain = run(make, start, players, data, torch.float64, torchs, after, steps)[0]
    single = run(make, start, players, data, torch.float32, torchs, after, steps)[0]

    def distance(other):
        return max(abs(a["loss"] / b["loss"] - 1) for a, b in zip(history, other))
    assert distance(plain) < within, f"{name}: torch.optim differs by {distance(plain)}"
    tensors = {f"params.{k}": v for k, v in held.items()} | data
    for k, v in gradients.items():
        tensors |= stored(f"gradients.{k}", v)
    tensors |= {k: torch.tensor([h[k] for h in history], dtype=torch.float64) for k in history[0]}
    tensors |= {f"final.{k}": v for k, v in norms.items()}
    tensors["float32.loss"] = torch.tensor([h["loss"] for h in single], dtype=torch.float64)
    path = f"{GOLDEN}/{name}.safetensors"
    save_file({k: v.contiguous() for k, v in tensors.items()}, path)
    print(f"{name}: loss {history[0]['loss']:.6f} to {history[-1]['loss']:.6f}; torch.optim within "
          f"{distance(plain):.1e}, f32 within {distance(single):.1e}; {os.path.getsize(path) // 1000} KB")
