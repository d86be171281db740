"""PyTorch's train step of the demo's VQ-VAE as a server: reads a number of steps per line, answers with their seconds.

    ATEN_CPU_CAPABILITY=avx2 ONEDNN_MAX_CPU_ISA=AVX2 step_torch.py eager|compiled [THREADS [WIDTH BATCH [channels_last]]]
"""
import json
import os
import sys
import time

import torch

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "tests", "parity"))
import fashion_mnist  # noqa: E402
import vqvae_reference as reference  # noqa: E402

kind, threads, width, batch, layout = (sys.argv[1:] + ["1", "64", "32", "contiguous"][len(sys.argv) - 2:])[:5]
width, batch = int(width), int(batch)
torch.set_num_threads(int(threads))
torch.manual_seed(0)
model = reference.VqVae(width)
if layout == "channels_last":
    model = model.to(memory_format=torch.channels_last)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
images = fashion_mnist.images("train")[: 64 * max(batch, reference.CODES // 64)]
model.init_codebook(reference.pixels(images[: reference.CODES]))
loss_of = torch.compile(model.loss) if kind == "compiled" else model.loss


def step(number):
    first = number % 64 * batch
    loss = loss_of(reference.pixels(images[first : first + batch]))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


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
