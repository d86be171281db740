"""Golden training runs at width 16: tests/golden/<model>.safetensors, made by PyTorch in f64. Names are those of the
compiled entries: arguments and results of `train_step` and `gradients`.

    params.<leaf>      initial parameters, rounded to BF16, so that they take two bytes
    images             a few real images, the batch of every step
    <name>.<step>      a data argument that differs from step to step (keys)
    gradients.<leaf>   of step 0, F32
    <result>           every plain result of train_step at each of the 20 steps, F64 (20)
    final.<leaf>       the Euclidean norm of the parameter after the last step, F64
    float32.loss       what the loss is when PyTorch computes in f32 (20)
"""
import math
import os

import numpy as np
import torch
from safetensors.torch import save_file
from torch.nn import functional as F

import fashion_mnist
import philox
import vqvae_reference

GOLDEN = os.path.join(os.path.dirname(__file__), "..", "golden")
WIDTH, BATCH, STEPS = 16, 4, 20


def bf16(array):
    return torch.as_tensor(array, dtype=torch.float64).to(torch.bfloat16)


def initial(model, key=(1, 2)):
    """As `initialize` of the language draws: leaf i from fold(key, i); biases as their weights, tables N(0, 1)."""
    values = {}
    for i, (name, shape) in enumerate((name, tuple(value.shape)) for name, value in model.state_dict().items()):
        own = philox.fold(key, i)
        module = model.get_submodule(name.rsplit(".", 1)[0])
        if isinstance(module, torch.nn.Embedding):
            values[name] = bf16(philox.normal(own, 0, shape))
            continue
        fan_in = torch.nn.init._calculate_fan_in_and_fan_out(module.weight)[0]
        values[name] = bf16((2 * philox.uniform(own, 0, shape) - 1) / math.sqrt(fan_in))
    return values


def images():
    """Pixels as f32 has them: byte / 255."""
    return torch.from_numpy(fashion_mnist.images("train")[:BATCH].astype(np.float32) / np.float32(255))


class Adam:
    """[Kingma 2014], with the coefficients that an f32 program holds: 1 - beta and beta rounded to f32."""

    def __init__(self, params):
        self.params, self.t = params, 0
        self.m, self.v = [torch.zeros_like(p) for p in params], [torch.zeros_like(p) for p in params]

    @torch.no_grad()
    def step(self):
        round32 = lambda x: float(np.float32(x))
        b1, b2, c1, c2, eps = 0.9, 0.999, round32(1 - 0.9), round32(1 - 0.999), round32(1e-8)
        self.t += 1
        size, correction = 1e-3 / (1 - b1**self.t), math.sqrt(1 - b2**self.t)
        for p, m, v in zip(self.params, self.m, self.v):
            g = p.grad if p.grad is not None else torch.zeros_like(p)
            m += c1 * (g - m)
            v.mul_(round32(b2)).add_(c2 * g * g)
            p -= size * m / (v.sqrt() / correction + eps)


def run(make, start, losses_of, data, dtype, optimizer):
    """Trains; gives the results of each step, the gradients of the first, and the last parameters."""
    model = make().to(dtype)
    model.load_state_dict({k: v.to(dtype) for k, v in start.items()}, strict=True)
    adam, history, gradients = optimizer(list(model.parameters())), [], None
    for step in range(STEPS):
        results = losses_of(model, {k: v.to(dtype) if v.is_floating_point() else v for k, v in data(step).items()})
        for p in model.parameters():
            p.grad = None
        results["loss"].backward()
        if step == 0:
            gradients = {k: (torch.zeros_like(p) if p.grad is None else p.grad.clone()) for k, p in model.named_parameters()}
        adam.step()
        history.append({k: v.item() for k, v in results.items()})
    return history, gradients, {k: p.detach() for k, p in model.named_parameters()}


def golden(name, make, start, losses_of, data, constants):
    """`data(step)` for losses_of; `constants` are the tensors of the file that are the same at every step."""
    history, gradients, final = run(make, start, losses_of, data, torch.float64, Adam)
    plain = run(make, start, losses_of, data, torch.float64, lambda p: torch.optim.Adam(p, lr=1e-3))[0]
    single = run(make, start, losses_of, data, torch.float32, lambda p: torch.optim.Adam(p, lr=1e-3))[0]
    off = max(abs(a["loss"] / b["loss"] - 1) for a, b in zip(history, plain))
    assert off < 1e-7, f"{name}: torch.optim.Adam differs by {off}"
    tensors = {f"params.{k}": v for k, v in start.items()} | constants
    tensors |= {f"gradients.{k}": v.float() for k, v in gradients.items()}
    tensors |= {k: torch.tensor([h[k] for h in history], dtype=torch.float64) for k in history[0]}
    tensors |= {f"final.{k}": v.norm() for k, v in final.items()}
    tensors["float32.loss"] = torch.tensor([h["loss"] for h in single], dtype=torch.float64)
    save_file({k: v.contiguous() for k, v in tensors.items()}, f"{GOLDEN}/{name}.safetensors")
    print(f"{name}: loss {history[0]['loss']:.6f} to {history[-1]['loss']:.6f}; torch.optim.Adam within {off:.1e}, f32 within "
          f"{max(abs(a['loss'] / b['loss'] - 1) for a, b in zip(history, single)):.1e}; "
          f"{os.path.getsize(f'{GOLDEN}/{name}.safetensors') // 1000} KB")


def vqvae():
    def make():
        return vqvae_reference.VqVae(WIDTH)

    def losses(model, data):
        x = data["images"]
        z = model.encoder(x)
        codes = model.nearest(z)
        e = model.quantise(codes)
        reconstruction = F.mse_loss(model.decoder(z + (e - z).detach()), x)
        codebook, commitment = F.mse_loss(e, z.detach()), F.mse_loss(z, e.detach())
        p = torch.bincount(codes.flatten(), minlength=vqvae_reference.CODES).to(z.dtype) / codes.numel()
        perplexity = torch.exp(-(p * p.clamp(min=1e-30).log()).sum())
        return {"loss": reconstruction + codebook + 0.25 * commitment, "reconstruction": reconstruction, "codebook": codebook,
                "commitment": commitment, "perplexity": perplexity}

    x = images()
    model = make().double()
    start = initial(model)
    model.load_state_dict({k: v.double() for k, v in start.items()})
    with torch.no_grad():  # codes near the latents, so that many are in use, with a clear margin
        latents = model.encoder(x.double()).permute(0, 2, 3, 1).reshape(-1, vqvae_reference.DIM)
        spread = latents.std()
        noise = torch.from_numpy(philox.normal((3, 4), 0, (vqvae_reference.CODES, vqvae_reference.DIM)))
        start["codebook.weight"] = bf16(latents.repeat(2, 1)[: vqvae_reference.CODES] + 0.3 * spread * noise)
        e = start["codebook.weight"].double()
        distance = ((latents[:, None] - e[None]) ** 2).sum(2).sort(1).values
        print(f"vqvae: least margin of a decision {float(((distance[:, 1] - distance[:, 0]) / distance[:, 0]).min()):.1e}, "
              f"{len(latents)} latents")
    golden("vqvae", make, start, losses, lambda step: {"images": x}, {"images": x})


if __name__ == "__main__":
    vqvae()
