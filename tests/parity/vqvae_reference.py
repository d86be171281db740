"""The demo's VQ-VAE in PyTorch: same network, same recipe [van den Oord 2017].

    vqvae_reference.py --seeds 0 1 2                 trains, prints test_mse and perplexity per seed
    vqvae_reference.py --weights FILE.safetensors    loads what Kerf trained (strictly) and measures that
"""
import argparse
import time

import torch
import torch.nn.functional as F
from torch import nn

import fashion_mnist

STEPS, WARMUP, BATCH, CODES, DIM = 1875, 100, 32, 512, 64


class ResidualBlock(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv1 = nn.Conv2d(width, width // 2, 3, padding=1)
        self.conv2 = nn.Conv2d(width // 2, width, 1)

    def forward(self, x):
        return x + self.conv2(F.relu(self.conv1(F.relu(x))))


class Encoder(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.down1 = nn.Conv2d(1, width // 2, 4, stride=2, padding=1)
        self.down2 = nn.Conv2d(width // 2, width, 4, stride=2, padding=1)
        self.conv = nn.Conv2d(width, width, 3, padding=1)
        self.res = nn.ModuleList([ResidualBlock(width), ResidualBlock(width)])
        self.out = nn.Conv2d(width, DIM, 1)

    def forward(self, x):  # (B, 1, 32, 32) -> (B, 64, 8, 8)
        x = self.conv(F.relu(self.down2(F.relu(self.down1(x)))))
        for block in self.res:
            x = block(x)
        return self.out(F.relu(x))


class Decoder(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv = nn.Conv2d(DIM, width, 3, padding=1)
        self.res = nn.ModuleList([ResidualBlock(width), ResidualBlock(width)])
        self.up1 = nn.ConvTranspose2d(width, width // 2, 4, stride=2, padding=1)
        self.up2 = nn.ConvTranspose2d(width // 2, 1, 4, stride=2, padding=1)

    def forward(self, z):  # (B, 64, 8, 8) -> (B, 1, 32, 32)
        z = self.conv(z)
        for block in self.res:
            z = block(z)
        return self.up2(F.relu(self.up1(F.relu(z))))


class VqVae(nn.Module):
    def __init__(self, width=64):
        super().__init__()
        self.encoder = Encoder(width)
        self.codebook = nn.Embedding(CODES, DIM)
        self.decoder = Decoder(width)

    def nearest(self, z):
        """z : (B, 64, 8, 8) -> indices (B, 8, 8); the lowest index wins ties."""
        flat = z.permute(0, 2, 3, 1).reshape(-1, DIM)
        e = self.codebook.weight
        distance = (e * e).sum(1) - 2 * flat @ e.T  # less |z|^2, which decides nothing
        return distance.argmin(1).reshape(z.shape[0], *z.shape[2:])

    def quantise(self, indices):
        return self.codebook(indices).permute(0, 3, 1, 2)

    def warmup_loss(self, x):
        return F.mse_loss(self.decoder(self.encoder(x)), x)

    def loss(self, x):
        z = self.encoder(x)
        e = self.quantise(self.nearest(z))
        reconstruction = F.mse_loss(self.decoder(z + (e - z).detach()), x)
        return reconstruction + F.mse_loss(e, z.detach()) + 0.25 * F.mse_loss(z, e.detach())

    @torch.no_grad()
    def init_codebook(self, x):
        """Code i becomes the encoder's output at a random position of image i."""
        z = self.encoder(x).flatten(2)  # (512, 64, 64)
        position = torch.randint(z.shape[2], (CODES,))
        self.codebook.weight.copy_(z[torch.arange(CODES), :, position])


def learning_rate(step, steps=STEPS):
    """1e-3, then linear to 0 over the last quarter of the run."""
    return 1e-3 * min(1.0, (steps - step) / (steps / 4))


def pixels(batch):
    return torch.from_numpy(batch).float() / 255


@torch.no_grad()
def measure(model):
    """MSE of the 28 x 28 crop over the whole test set, and the perplexity of all its latents."""
    test, error, used = fashion_mnist.images("t10k"), 0.0, torch.zeros(CODES, dtype=torch.float64)
    for start in range(0, len(test), 500):
        x = pixels(test[start:start + 500])
        indices = model.nearest(model.encoder(x))
        y = model.decoder(model.quantise(indices))
        error += ((y - x)[:, :, 2:30, 2:30].double() ** 2).sum().item()
        used += torch.bincount(indices.flatten(), minlength=CODES)
    p = used[used > 0] / used.sum()
    return error / (len(test) * 28 * 28), torch.exp(-(p * p.log()).sum()).item()


def train(seed, width, steps):
    torch.manual_seed(seed)
    model, data = VqVae(width), fashion_mnist.images("train")

    # Knows nothing of the codebook until that has a gradient.
    optimizer, order = torch.optim.Adam(model.parameters(), lr=1e-3, betas=(0.9, 0.999), eps=1e-8), torch.randperm(len(data)).numpy()
    for step in range(steps):
        if step == WARMUP:
            model.init_codebook(pixels(data[torch.randperm(len(data))[:CODES].numpy()]))
        x = pixels(data[order[step * BATCH % len(data):][:BATCH]])
        loss = model.warmup_loss(x) if step < WARMUP else model.loss(x)
        optimizer.zero_grad()
        loss.backward()
        optimizer.param_groups[0]["lr"] = learning_rate(step, steps)
        optimizer.step()
    return model


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="*", default=[0, 1, 2])
    parser.add_argument("--width", type=int, default=64)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--weights", help="measure these weights instead of training")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    if options.weights:
        from safetensors.torch import load_file
        model = VqVae(options.width)
        model.load_state_dict(load_file(options.weights), strict=True)
        mse, perplexity = measure(model)
        print(f"{options.weights}: test_mse={mse:.6f} perplexity={perplexity:.2f}")
        return
    for seed in options.seeds:
        start = time.monotonic()
        model = train(seed, options.width, options.steps)
        seconds = time.monotonic() - start
        mse, perplexity = measure(model)
        print(f"pytorch {torch.__version__}: seed={seed} test_mse={mse:.6f} perplexity={perplexity:.2f} "
              f"images_per_second={options.steps * BATCH / seconds:.0f} train_seconds={seconds:.1f}", flush=True)


if __name__ == "__main__":
    main()
