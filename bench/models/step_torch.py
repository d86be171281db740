"""PyTorch's train step of the demo's VQ-VAE as a server: reads a number of steps per line, answers with their seconds.

    ATEN_CPU_CAPABILITY=avx2 ONEDNN_MAX_CPU_ISA=AVX2 step_torch.py eager|compiled
"""
import json
import os
import sys
import time

import torch

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "tests", "parity"))
import fashion_mnist  # noqa: E402
import vqvae_reference as reference  # noqa: E402

torch.set_num_threads(1)
torch.manual_seed(0)
model = reference.VqVae()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
images = fashion_mnist.images("train")[: 64 * reference.BATCH]
model.init_codebook(reference.pixels(images[: reference.CODES]))
loss_of = torch.compile(model.loss) if sys.argv[1] == "compiled" else model.loss


def step(number):
    first = number % 64 * reference.BATCH
    loss = loss_of(reference.pixels(images[first : first + reference.BATCH]))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


start = time.perf_counter()
step(0)
first = time.perf_counter() - start
for number in range(1, 20):
    step(number)
print(json.dumps({"name": f"PyTorch {torch.__version__} {sys.argv[1]}", "isa": torch.backends.cpu.get_cpu_capability(),
                  "first_step": first}), flush=True)
for line in sys.stdin:
    seconds = []
    for number in range(int(line)):
        start = time.perf_counter()
        loss = step(number)
        seconds.append(time.perf_counter() - start)
    print(json.dumps({"seconds": seconds, "loss": loss}), flush=True)
