"""PyTorch's train step of a demo's model as a server: reads a number of steps per line, answers with their seconds.

    ATEN_CPU_CAPABILITY=avx2 ONEDNN_MAX_CPU_ISA=AVX2 step_torch.py eager|compiled [THREADS [MODEL [WIDTH BATCH [channels_last]]]]

Width, batch and layout are the VQ-VAE's, other models have those of their demos.
"""
import json
import os
import sys
import time

import torch
from torch.nn import functional as F

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "tests", "parity"))
import fashion_mnist  # noqa: E402

kind, threads, name, width, batch, layout = (sys.argv[1:] + ["1", "vqvae", "64", "32", "contiguous"][len(sys.argv) - 2:])[:6]
width, batch = int(width), int(batch)
torch.set_num_threads(int(threads))
torch.manual_seed(0)


def compiled(function):
    return torch.compile(function) if kind == "compiled" else function


def pixels(number, size):
    """Batch `number` of 64."""
    first = number % 64 * size
    return torch.from_numpy(images[first:first + size]).float() / 255


def descend(optimizer, loss):
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def adam(part, **options):
    return torch.optim.Adam(part.parameters(), **{"lr": 1e-3, **options})


def vqvae():
    import vqvae_reference as reference
    model = reference.VqVae(width)
    if layout == "channels_last":
        model = model.to(memory_format=torch.channels_last)
    model.init_codebook(reference.pixels(images[: reference.CODES]))
    optimizer, loss_of = adam(model), compiled(model.loss)
    return lambda number: descend(optimizer, loss_of(pixels(number, batch)))


def cnn():
    import cnn_reference as reference
    model, labels, size = reference.Cnn(), torch.from_numpy(fashion_mnist.labels("train")), 64
    optimizer, loss_of = adam(model), compiled(lambda x, y: F.cross_entropy(model(x), y))
    return lambda number: descend(optimizer, loss_of(pixels(number, size), labels[number % 64 * size:][:size]))


def vae():
    import vae_reference as reference
    model = reference.Vae()
    optimizer, loss_of = adam(model), compiled(lambda x: sum(model.losses(x, torch.randn_like)))
    return lambda number: descend(optimizer, loss_of(pixels(number, 32)))


def gan():
    import gan_reference as reference
    model, size = reference.Gan(), (reference.BATCH, reference.LATENT)
    options = {"lr": 2e-4, "betas": (0.5, 0.999)}
    judge_adam, maker_adam = adam(model.discriminator, **options), adam(model.generator, **options)
    judge, maker = compiled(lambda x, z: model.discriminator_losses(x, z)[0]), compiled(model.generator_loss)

    def step(number):
        loss = descend(judge_adam, judge(pixels(number, reference.BATCH), torch.randn(size)))
        descend(maker_adam, maker(torch.randn(size)))
        return loss
    return step


def wgan():
    """A turn of each player. PyTorch does not compile what is differentiated twice, so the critic's turn is eager."""
    import wgan_reference as reference
    model, size = reference.Wgan(), (reference.BATCH, reference.LATENT)
    options = {"lr": 5e-4, "betas": (0.0, 0.9)}
    critic_adam, maker_adam = adam(model.critic, **options), adam(model.generator, **options)
    maker = compiled(model.generator_loss)

    def step(number):
        losses = model.critic_losses(pixels(number, reference.BATCH), torch.randn(size), torch.rand(reference.BATCH))
        loss = descend(critic_adam, losses[0])
        descend(maker_adam, maker(torch.randn(size)))
        return loss
    return step


def flow():
    import flow_reference as reference
    model = reference.Flow()
    optimizer, loss_of = adam(model), compiled(lambda x, noise: model.bits(reference.logits(x, noise)).mean())
    return lambda number: descend(optimizer, loss_of(pixels(number, reference.BATCH), torch.rand(reference.BATCH, 1, 28, 28)))


def gru():
    import gru_reference as reference
    model, shape = reference.Gru(), (reference.BATCH, reference.LENGTH)
    optimizer, loss_of = adam(model), compiled(model.loss)
    tokens, next = torch.randint(reference.TOKENS, (64, *shape)), torch.randint(reference.TOKENS, (64, *shape))

    def step(number):
        optimizer.zero_grad()
        loss = loss_of(tokens[number % 64], next[number % 64])
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1)
        optimizer.step()
        return loss.item()
    return step


images = fashion_mnist.images("train")[: 64 * max(batch, 64)]
step = {one.__name__: one for one in (vqvae, cnn, vae, gan, wgan, flow, gru)}[name]()
start = time.perf_counter()
step(0)
first = time.perf_counter() - start
for number in range(1, 20):
    step(number)
print(json.dumps({"name": f"PyTorch {torch.__version__} {kind}{', channels last' if layout == 'channels_last' else ''}", "isa": torch.backends.cpu.get_cpu_capability(),
                  "first_step": first}), flush=True)
for line in sys.stdin:
    seconds = []
    for number in range(int(line)):
        start = time.perf_counter()
        loss = step(number)
        seconds.append(time.perf_counter() - start)
    print(json.dumps({"seconds": seconds, "loss": loss}), flush=True)
