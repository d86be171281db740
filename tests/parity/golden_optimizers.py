"""Golden file of tests/models/optimizers.cpp: tests/golden/optimizers.safetensors, made by torch.optim, torch.optim.lr_scheduler and
torch.nn.utils; Lion and LAMB, which PyTorch has not, by the formulas of their papers.

    gradients.<leaf>                    of each of 100 steps, F32, from 1e-3 to 1e3
    params.<leaf>                       at first
    <type>.<steps>.<optimizer>.<leaf>   parameters after 1, 10 and 100 steps in f32 and f64
    norms.<type>                        global norms of the gradients of each step
    rates.<schedule>                    of steps 0 to 99, F64
"""
import os
import warnings

import torch
from safetensors.torch import save_file
from torch.optim import lr_scheduler

GOLDEN = os.path.join(os.path.dirname(__file__), "..", "golden")
STEPS = 100
SHAPES = {"weight": (5, 4), "bias": (4,), "gain": (), "filters": (3, 2, 2)}


class Lion(torch.optim.Optimizer):
    """[Chen 2023, alg. 2]"""

    def __init__(self, params, lr, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(params, dict(lr=lr, betas=betas, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                p.mul_(1 - group["lr"] * group["weight_decay"])
                p.sub_(torch.sign(m * beta1 + p.grad * (1 - beta1)), alpha=group["lr"])
                m.mul_(beta2).add_(p.grad, alpha=1 - beta2)


class Lamb(torch.optim.Optimizer):
    """[You 2020, alg. 2] with phi(z) = z"""

    def __init__(self, params, lr, betas=(0.9, 0.999), eps=1e-6, weight_decay=0.0):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                state = self.state[p]
                m, v = state.setdefault("m", torch.zeros_like(p)), state.setdefault("v", torch.zeros_like(p))
                state["t"] = state.get("t", 0) + 1
                m.mul_(beta1).add_(p.grad, alpha=1 - beta1)
                v.mul_(beta2).addcmul_(p.grad, p.grad, value=1 - beta2)
                update = (m / (1 - beta1 ** state["t"])) / ((v / (1 - beta2 ** state["t"])).sqrt() + group["eps"])
                update += group["weight_decay"] * p
                norm, size = p.norm().item(), update.norm().item()
                p.sub_(update, alpha=group["lr"] * (norm / size if norm > 0 and size > 0 else 1.0))


def groups(params, decay):
    """Weight decay for what has two axes or more."""
    return [{"params": [p for p in params if p.dim() >= 2], "weight_decay": decay},
            {"params": [p for p in params if p.dim() < 2], "weight_decay": 0.0}]


OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(groups(p, 0.1), lr=1e-3),
    "momentum": lambda p: torch.optim.SGD(p, lr=1e-3, momentum=0.9, dampening=0.5, weight_decay=0.1),
    "nesterov": lambda p: torch.optim.SGD(p, lr=1e-3, momentum=0.8, nesterov=True),
    "adam": lambda p: torch.optim.Adam(p, lr=1e-2, betas=(0.8, 0.95)),
    "adamw": lambda p: torch.optim.AdamW(groups(p, 0.1), lr=1e-2),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=1e-3, weight_decay=0.1),
    "centered": lambda p: torch.optim.RMSprop(p, lr=1e-3, alpha=0.9, centered=True, momentum=0.8),
    "lion": lambda p: Lion(p, lr=1e-2, weight_decay=0.1),
    "lamb": lambda p: Lamb(groups(p, 0.1), lr=1e-2),
    "adafactor": lambda p: torch.optim.Adafactor(p, lr=2e-1, weight_decay=0.1),
    "clipped": lambda p: torch.optim.SGD(p, lr=1e-1),
    "ema": None,
}


def run(dtype, first, gradients, results):
    name = {torch.float32: "f32", torch.float64: "f64"}[dtype]
    players = {key: {leaf: torch.nn.Parameter(first[leaf].to(dtype, copy=True)) for leaf in SHAPES} for key in OPTIMIZERS}
    optimizers = {key: make(list(players[key].values())) for key, make in OPTIMIZERS.items() if make}
    norms = []
    for step in range(STEPS):
        for key, optimizer in optimizers.items():
            for leaf, p in players[key].items():
                p.grad = gradients[leaf][step].to(dtype, copy=True)
            if key == "clipped":
                norms.append(torch.nn.utils.clip_grad_norm_(players[key].values(), 2.0))
            optimizer.step()
        with torch.no_grad():  # torch.optim.swa_utils.get_ema_multi_avg_fn(0.9)
            for leaf, p in players["ema"].items():
                p.lerp_(players["adam"][leaf], 1 - 0.9)
        if step + 1 in (1, 10, 100):
            for key, player in players.items():
                for leaf, p in player.items():
                    results[f"{name}.{step + 1}.{key}.{leaf}"] = p.detach().clone()
    results[f"norms.{name}"] = torch.stack(norms).detach()


def rates(make):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(()))], lr=0.5)
    schedule = make(optimizer)
    values = []
    for _ in range(STEPS):
        values.append(optimizer.param_groups[0]["lr"])
        schedule.step()
    return torch.tensor(values, dtype=torch.float64)


SCHEDULES = {
    "constant": lambda o: lr_scheduler.ConstantLR(o, factor=0.25, total_iters=30),
    "linear": lambda o: lr_scheduler.LinearLR(o, start_factor=0.1, end_factor=0.8, total_iters=60),
    "decay": lambda o: lr_scheduler.LambdaLR(o, lambda step: max(0.0, min(1.0, (90 - step) / (0.4 * 90)))),
    "cosine": lambda o: lr_scheduler.CosineAnnealingLR(o, T_max=100, eta_min=0.01),
    "warm_up": lambda o: lr_scheduler.LambdaLR(o, lambda step: min(1.0, (step + 1) / 20)),
    "one_cycle": lambda o: lr_scheduler.OneCycleLR(o, max_lr=0.5, total_steps=101),
    "inverse_sqrt": lambda o: lr_scheduler.LambdaLR(o, lambda step: min((step + 1) / 20, (20 / (step + 1)) ** 0.5)),
    "step": lambda o: lr_scheduler.StepLR(o, step_size=30, gamma=0.3),
}


def main():
    warnings.simplefilter("ignore")
    torch.manual_seed(11)
    first = {leaf: torch.randn(shape) for leaf, shape in SHAPES.items()}
    gradients = {leaf: torch.randn((STEPS, *shape)) * 10.0 ** torch.empty(STEPS, *[1] * len(shape)).uniform_(-3, 3)
                 for leaf, shape in SHAPES.items()}
    results = {f"params.{leaf}": value for leaf, value in first.items()}
    results |= {f"gradients.{leaf}": value for leaf, value in gradients.items()}
    for dtype in (torch.float32, torch.float64):
        run(dtype, first, gradients, results)
    for key, make in SCHEDULES.items():
        results[f"rates.{key}"] = rates(make)
    path = f"{GOLDEN}/optimizers.safetensors"
    save_file({key: value.contiguous() for key, value in results.items()}, path)
    print(f"optimizers: {os.path.getsize(path) // 1000} KB")


if __name__ == "__main__":
    main()
