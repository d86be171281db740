"""The demo's flow in PyTorch: same network, same recipe [Dinh 2017; Kingma 2018].

    flow_reference.py [--seeds 0]                    trains, prints bits per dimension of the test set
    flow_reference.py --weights FILE.safetensors     loads what Kerf trained (strictly) and measures that

Seed 0: test_bits_per_dimension=3.7106; Kerf's demo 3.6860.
"""
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import fashion_mnist
from references import command_line, report

STEPS, BATCH, ALPHA = 1875, 64, 1 / 16


class ActNorm(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.shift, self.log_scale = nn.Parameter(torch.zeros(channels)), nn.Parameter(torch.zeros(channels))

    def forward(self, x):
        return (x + self.shift[:, None, None]) * self.log_scale[:, None, None].exp()

    @torch.no_grad()
    def fit(self, x):
        mean = x.mean((0, 2, 3))
        self.shift.copy_(-mean)
        self.log_scale.copy_(-0.5 * ((x - mean[:, None, None]).square().mean((0, 2, 3)) + 1e-6).log())


class Conditioner(nn.Module):
    def __init__(self, half, width):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(half, width, 3, padding=1), nn.Conv2d(width, width, 1)
        self.out = nn.Conv2d(width, 2 * half, 3, padding=1)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(self, x):
        return self.out(F.relu(self.conv2(F.relu(self.conv1(x)))))


class Step(nn.Module):
    def __init__(self, channels, width):
        super().__init__()
        self.norm, self.conditioner = ActNorm(channels), Conditioner(channels // 2, width)

    def forward(self, x, log_det):
        kept, free = self.norm(x).chunk(2, 1)
        h, shift = self.conditioner(kept).chunk(2, 1)
        log_scale = h.tanh()
        moved = free * log_scale.exp() + shift
        log_det = log_det + log_scale.sum((1, 2, 3)) + x[0, 0].numel() * self.norm.log_scale.sum()
        return torch.stack([moved, kept], 2).flatten(1, 2), log_det


def rounded(x):
    """As an f32 program holds it."""
    return float(np.float32(x))


def squeeze(x):
    """(B, C, 2 H, 2 W) -> (B, 4 C, H, W): the squares' diagonals, then the other two pixels."""
    return torch.cat([x[..., 0::2, 0::2], x[..., 1::2, 1::2], x[..., 0::2, 1::2], x[..., 1::2, 0::2]], 1)


class Flow(nn.Module):
    def __init__(self, width=32, depth=8):
        super().__init__()
        self.fine = nn.ModuleList(Step(4, width) for _ in range(depth))
        self.coarse = nn.ModuleList(Step(16, width) for _ in range(depth))

    def forward(self, x, fit=False):
        """x : (B, 1, 28, 28) -> latent, log |det|"""
        log_det = x.new_zeros(len(x))
        for steps in (self.fine, self.coarse):
            x = squeeze(x)
            for step in steps:
                if fit:
                    step.norm.fit(x)
                x, log_det = step(x, log_det)
        return x, log_det

    def bits(self, x):
        """-log2 of the density per pixel, of logits of bytes -> (B)"""
        z, log_det = self(x)
        log_det = log_det + (F.softplus(x) + F.softplus(-x)).sum((1, 2, 3))
        pixels = x[0].numel()
        offset = rounded(pixels * (math.log(2 * math.pi) / 2 - math.log((1 - 2 * ALPHA) / 256)))
        return (0.5 * z.square().sum((1, 2, 3)) - log_det + offset) / rounded(pixels * math.log(2))


def logits(images, noise):
    """Padded images in [0, 1] as logits of their bytes, spread by noise in [0, 1)."""
    share = ALPHA + (1 - 2 * ALPHA) / 256 * (255 * images[..., 2:30, 2:30] + noise)
    return share.log() - (1 - share).log()


def batch_of(data, generator=None):
    images = torch.from_numpy(data).float() / 255
    return logits(images, torch.rand(len(data), 1, 28, 28, generator=generator))


@torch.no_grad()
def measure(model):
    test, generator = fashion_mnist.images("t10k"), torch.Generator().manual_seed(0)
    return sum(model.bits(batch_of(test[start:start + 500], generator)).sum().item() for start in range(0, len(test), 500)) / len(test)


def train(seed, steps=STEPS):
    torch.manual_seed(seed)
    model, data = Flow(), fashion_mnist.images("train")
    with torch.no_grad():
        model(batch_of(data[torch.randperm(len(data))[:256].numpy()]), fit=True)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    for step in range(steps):
        if step * BATCH % len(data) < BATCH:
            order = torch.randperm(len(data)).numpy()
        x = batch_of(data[order[step * BATCH % len(data):][:BATCH]])
        loss = model.bits(x).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.param_groups[0]["lr"] = 1e-3 * min(1.0, (steps - step) / (0.5 * steps))
        optimizer.step()
    return model


if __name__ == "__main__":
    report(command_line(__doc__, seeds=[0]).parse_args(), Flow, train,
           lambda model: f"test_bits_per_dimension={measure(model):.4f}", STEPS * BATCH)
