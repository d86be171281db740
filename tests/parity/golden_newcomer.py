"""Golden runs of tests/models/newcomer: tests/golden/newcomer_<model>.safetensors, made by PyTorch in f64 with its own layers,
optimizers and losses. Names are those of the compiled entries.

    <role>.<leaf>      initial parameters, F32; role `gradients` and the like: gradients of step 0
    <argument>         data and noise of step 0; what the other steps take is made of them as each function here says
    losses …           of each step, F64
"""
import math
import os

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

import fashion_mnist
import philox

GOLDEN = os.path.join(os.path.dirname(__file__), "..", "golden")


def prefixed(role, tensors):
    return {f"{role}.{name}": value.detach().float() for name, value in tensors}


def gradients_of(model):
    return [(name, p.grad.clone()) for name, p in model.named_parameters()]


def save(name, tensors):
    path = f"{GOLDEN}/newcomer_{name}.safetensors"
    save_file({k: v.contiguous() for k, v in tensors.items()}, path)
    print(f"{name}: {os.path.getsize(path) // 1000} KB")


def made(model):
    """In f64, but of numbers that f32 has."""
    return model.float().double()


def noise(key, *shape):
    return torch.from_numpy(philox.normal(key, 0, shape))


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.query, self.key, self.value, self.projection = (nn.Linear(width, width) for _ in range(4))
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        B, T, C = x.shape
        h = self.norm1(x)
        q, k, v = (a(h).view(B, T, self.heads, -1).transpose(1, 2) for a in (self.query, self.key, self.value))
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.projection(mixed.transpose(1, 2).reshape(B, T, C))
        return x + self.down(F.gelu(self.up(self.norm2(x)), approximate="tanh"))


class Gpt(nn.Module):
    def __init__(self, tokens=96, context=32, width=32, heads=4, depth=2):
        super().__init__()
        self.token = nn.Parameter(0.1 * torch.randn(tokens, width))
        self.position = nn.Parameter(0.1 * torch.randn(context, width))
        self.blocks = nn.ModuleList([Block(width, heads) for _ in range(depth)])
        self.norm = nn.LayerNorm(width)

    def forward(self, window):
        x = self.token[window] + self.position
        for block in self.blocks:
            x = block(x)
        return self.norm(x) @ self.token.T


def gpt(steps=100, batch=8, context=32, length=64):
    """Row b of step s begins at byte 37 (8 s + b) mod (4096 - 33) of the text; a space is token 0, a new line the last."""
    text = np.frombuffer(open("/usr/share/common-licenses/GPL-3", "rb").read(4096), np.uint8)
    tokens = torch.from_numpy(np.where(text == 10, 95, text.astype(np.int64) - 32))
    assert tokens.min() >= 0 and tokens.max() < 96
    model = made(Gpt())
    tensors = {"text": torch.from_numpy(text.copy())} | prefixed("params", model.named_parameters())

    # The continuation of two prompts, drawn: softmax by Gumbel noise.
    window, written = torch.stack([tokens[:context], tokens[1000:1000 + context]]), []
    for i in range(length):
        u = np.maximum(philox.uniform(philox.fold((7, 0), i), 0, (2, 1, 96)), 2.0**-25)
        with torch.no_grad():
            scores = model(window)[:, -1] + torch.from_numpy(-np.log(-np.log(u)))[:, 0]
        window = torch.cat([window[:, 1:], scores.argmax(1, keepdim=True)], 1)
        written.append(window[:, -1])
    tensors["written"] = torch.stack(written, 1)

    adam, losses = torch.optim.Adam(model.parameters(), lr=1e-3), []
    for step in range(steps):
        starts = [37 * (batch * step + row) % (4096 - context - 1) for row in range(batch)]
        rows = torch.stack([tokens[start:start + context + 1] for start in starts])
        adam.zero_grad()
        loss = F.cross_entropy(model(rows[:, :-1]).flatten(0, 1), rows[:, 1:].flatten())
        loss.backward()
        if step == 0:
            tensors |= prefixed("gradients", gradients_of(model))
        adam.step()
        losses.append(loss.item())
    print(f"gpt: loss {losses[0]:.4f} to {losses[-1]:.4f}")
    save("gpt", tensors | {"losses": torch.tensor(losses, dtype=torch.float64)})


class ResidualBlock(nn.Module):
    def __init__(self, width, features):
        super().__init__()
        self.norm1, self.norm2 = nn.GroupNorm(4, width), nn.GroupNorm(4, width)
        self.conv1, self.conv2 = nn.Conv2d(width, width, 3, padding=1), nn.Conv2d(width, width, 3, padding=1)
        self.time = nn.Linear(features, width)

    def forward(self, x, t):
        h = self.conv1(F.silu(self.norm1(x))) + self.time(t)[:, :, None, None]
        return x + self.conv2(F.silu(self.norm2(h)))


class UNet(nn.Module):
    def __init__(self, steps=100, width=8, features=32):
        super().__init__()
        self.times = nn.Parameter(torch.randn(steps, features))
        self.input = nn.Conv2d(1, width, 3, padding=1)
        self.before = ResidualBlock(width, features)
        self.down = nn.Conv2d(width, 2 * width, 4, stride=2, padding=1)
        self.middle = ResidualBlock(2 * width, features)
        self.up = nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1)
        self.after = ResidualBlock(2 * width, features)
        self.output = nn.Conv2d(2 * width, 1, 3, padding=1)

    def forward(self, x, t):
        time = F.silu(self.times[t])
        wide = self.before(self.input(x), time)
        deep = self.middle(self.down(wide), time)
        return self.output(F.silu(self.after(torch.cat([wide, self.up(deep)], 1), time)))


def ddpm(train_steps=100, batch=8, steps=100):
    """Step s takes images 8 s to 8 s + 7, mod 64, as byte / 127.5 - 1, and draws from the key (s, 0)."""
    pixels = fashion_mnist.images("train")[:64].reshape(64, 1, 16, 2, 16, 2).mean((3, 5)).round().astype(np.uint8)
    images = torch.from_numpy(pixels / np.float32(127.5) - np.float32(1)).double()
    model = made(UNet())
    beta = torch.linspace(1e-3, 0.1, steps, dtype=torch.float64)
    left = torch.cumprod(1 - beta, 0)
    tensors = {"pixels": torch.from_numpy(pixels)} | prefixed("params", model.named_parameters())

    with torch.no_grad():
        x = noise(philox.fold((7, 0), 0), 4, 1, 16, 16)
        for i, t in enumerate(reversed(range(steps))):
            mean = (x - beta[t] / (1 - left[t]).sqrt() * model(x, torch.full((4,), t))) / (1 - beta[t]).sqrt()
            x = mean + (beta[t].sqrt() * noise(philox.fold(philox.fold((7, 0), 1), i), 4, 1, 16, 16) if t > 0 else 0)
        tensors["sample"] = x.float()

    adam, losses = torch.optim.Adam(model.parameters(), lr=2e-3), []
    for step in range(train_steps):
        x = images[[(batch * step + row) % 64 for row in range(batch)]]
        u = philox.uniform(philox.fold((step, 0), 0), 0, (batch,)).astype(np.float32)
        t = torch.from_numpy((np.float32(steps) * u).astype(np.int64))
        e = noise(philox.fold((step, 0), 1), batch, 1, 16, 16)
        kept = left[t][:, None, None, None]
        adam.zero_grad()
        if step == 0:
            tensors |= {"t": t, "noise": e.float()}
            e = e.float().double()
        loss = F.mse_loss(model(kept.sqrt() * x + (1 - kept).sqrt() * e, t), e)
        loss.backward()
        if step == 0:
            tensors |= prefixed("gradients", gradients_of(model))
        adam.step()
        losses.append(loss.item())
    print(f"ddpm: loss {losses[0]:.4f} to {losses[-1]:.4f}")
    save("ddpm", tensors | {"losses": torch.tensor(losses, dtype=torch.float64)})


class Mlp(nn.Module):
    def __init__(self, inputs, outputs, width=64):
        super().__init__()
        self.first, self.second, self.third = nn.Linear(inputs, width), nn.Linear(width, width), nn.Linear(width, outputs)

    def forward(self, x):
        return self.third(F.leaky_relu(self.second(F.leaky_relu(self.first(x), 0.2)), 0.2))


def wgan_gp(steps=20, batch=64, features=8):
    """Step s: the critic's, with points 64 s to 64 s + 63, mod 512, and the key (s, 0); the generator's, with the key (s, 1)."""
    angle = 2 * math.pi / 8 * torch.arange(512)
    points = (2 * torch.stack([angle.cos(), angle.sin()], 1) + 0.05 * torch.randn(512, 2)).float()
    generator, critic = made(Mlp(features, 2)), made(Mlp(2, 1))
    tensors = {"points": points} | prefixed("generator", generator.named_parameters()) \
        | prefixed("critic", critic.named_parameters())

    def adam(model):
        return torch.optim.Adam(model.parameters(), lr=5e-4, betas=(0.0, 0.9))
    generator_adam, critic_adam = adam(generator), adam(critic)
    history = {"losses": [], "distances": [], "penalties": [], "generator_losses": []}
    for step in range(steps):
        real = points[[(batch * step + row) % 512 for row in range(batch)]].double()
        z = noise(philox.fold((step, 0), 0), batch, features)
        share = torch.from_numpy(philox.uniform(philox.fold((step, 0), 1), 0, (batch,)))
        if step == 0:
            tensors |= {"z": z.float(), "share": share.float()}
            z = z.float().double()
        fake = generator(z).detach()
        between = (share[:, None] * real + (1 - share[:, None]) * fake).requires_grad_()
        slope, = torch.autograd.grad(critic(between).sum(), between, create_graph=True)
        penalty, distance = ((slope.norm(dim=1) - 1) ** 2).mean(), critic(real).mean() - critic(fake).mean()
        critic.zero_grad()
        (10 * penalty - distance).backward()
        if step == 0:
            tensors |= prefixed("critic_gradients", gradients_of(critic))
            generator.zero_grad()
            loss = -critic(generator(z)).mean()
            saved = [p.grad.clone() for p in critic.parameters()]
            loss.backward()
            tensors |= prefixed("generator_gradients", gradients_of(generator)) | {"generator_loss": loss.detach()}
            for p, gradient in zip(critic.parameters(), saved):
                p.grad = gradient
        critic_adam.step()
        loss = -critic(generator(noise((step, 1), batch, features))).mean()
        generator.zero_grad()
        loss.backward()
        generator_adam.step()
        for name, value in zip(history, (10 * penalty - distance, distance, penalty, loss)):
            history[name].append(value.item())
    print(f"wgan_gp: distance {history['distances'][0]:.4f} to {history['distances'][-1]:.4f}")
    save("wgan_gp", tensors | {k: torch.tensor(v, dtype=torch.float64) for k, v in history.items()})


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden, self.out = nn.Linear(2, 16), nn.Linear(16, 3)
        self.out.weight = nn.Parameter(self.out.weight.T.contiguous())  # as layers of other libraries keep theirs: (in, out)

    def forward(self, x):
        return F.relu(self.hidden(x)) @ self.out.weight + self.out.bias


def guide():
    """Weights saved for dsl/guide.md's Classifier, one of them transposed, and what it makes of five points."""
    model, x = Classifier(), torch.randn(5, 2)
    path = f"{GOLDEN}/newcomer_guide.safetensors"
    # [save]
    weights = dict(model.state_dict())  # hidden.weight, hidden.bias, out.weight, out.bias
    weights["out.weight"] = weights["out.weight"].T.contiguous()  # this layer had (in, out); Linear has (out, in)
    save_file(weights, path)
    # [save]
    save("guide_logits", {"x": x, "logits": model(x).detach()})


if __name__ == "__main__":
    torch.manual_seed(0)
    guide()
    torch.manual_seed(0)
    gpt()
    ddpm()
    wgan_gp()
