"""The demo's VAE in PyTorch: same network, same recipe; how to run it stands in references.py.

Seed 0: nats=27.845 kl=8.272 test_mse=0.020636; Kerf's demo nats=27.695 kl=8.454 test_mse=0.020471.
"""
import torch
from torch import nn
from torch.nn import functional as F

import fashion_mnist
from autoencoder_reference import crop_mse
from references import in_batches, main


class VaeEncoder(nn.Module):
    def __init__(self, width, latent):
        super().__init__()
        self.down1 = nn.Conv2d(1, width, 4, stride=2, padding=1)
        self.down2 = nn.Conv2d(width, 2 * width, 4, stride=2, padding=1)
        self.mean = nn.Linear(128 * width, latent)
        self.log_variance = nn.Linear(128 * width, latent)

    def forward(self, x):
        flat = F.relu(self.down2(F.relu(self.down1(x)))).flatten(1)
        return self.mean(flat), self.log_variance(flat)


class VaeDecoder(nn.Module):
    def __init__(self, width, latent):
        super().__init__()
        self.width = width
        self.spread = nn.Linear(latent, 128 * width)
        self.up1 = nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1)
        self.up2 = nn.ConvTranspose2d(width, 1, 4, stride=2, padding=1)

    def forward(self, z):
        return self.up2(F.relu(self.up1(F.relu(self.spread(z)).unflatten(1, (2 * self.width, 8, 8)))))


class Vae(nn.Module):
    def __init__(self, width=16, latent=16):
        super().__init__()
        self.encoder, self.decoder = VaeEncoder(width, latent), VaeDecoder(width, latent)

    def losses(self, x, noise_like):
        """Squared error and KL, both per image, means over the batch: nats under normal pixels of variance 1/2."""
        mean, log_variance = self.encoder(x)
        z = mean + torch.exp(0.5 * log_variance) * noise_like(mean)
        reconstruction = (self.decoder(z) - x).square().sum((1, 2, 3)).mean()
        divergence = (0.5 * (mean.square() + log_variance.exp() - log_variance - 1).sum(1)).mean()
        return reconstruction, divergence


def measure(model):
    torch.manual_seed(0)
    test, nats, kl = fashion_mnist.images("t10k"), 0.0, 0.0
    for _, x in in_batches(test):
        reconstruction, divergence = model.losses(x, torch.randn_like)
        nats += (reconstruction + divergence).item() * len(x) / len(test)
        kl += divergence.item() * len(x) / len(test)
    return {"nats": nats, "kl": kl, "test_mse": crop_mse(lambda x: model.decoder(model.encoder(x)[0]), test)}


if __name__ == "__main__":
    main(Vae, lambda model, x, places: sum(model.losses(x, torch.randn_like)), measure, steps=3750, batch=32,
         rate=lambda step, steps: 1e-3)
