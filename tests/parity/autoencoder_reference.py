"""The demo's autoencoder in PyTorch: same network, same recipe; how to run it stands in references.py.

Seed 0: test_mse=0.010539; Kerf's demo 0.010410.
"""
from torch import nn
from torch.nn import functional as F

import fashion_mnist
from references import in_batches, main


class Autoencoder(nn.Module):
    def __init__(self, width=16, latent=32):
        super().__init__()
        self.width = width
        self.down1 = nn.Conv2d(1, width, 4, stride=2, padding=1)
        self.down2 = nn.Conv2d(width, 2 * width, 4, stride=2, padding=1)
        self.code = nn.Linear(128 * width, latent)
        self.spread = nn.Linear(latent, 128 * width)
        self.up1 = nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1)
        self.up2 = nn.ConvTranspose2d(width, 1, 4, stride=2, padding=1)

    def forward(self, x):
        z = self.code(F.relu(self.down2(F.relu(self.down1(x)))).flatten(1))
        return self.up2(F.relu(self.up1(F.relu(self.spread(z)).unflatten(1, (2 * self.width, 8, 8)))))


def crop_mse(model_of, images):
    """Of the 28 x 28 crop, over all images."""
    error = sum(((model_of(x) - x)[:, :, 2:30, 2:30].double() ** 2).sum().item() for _, x in in_batches(images))
    return error / (len(images) * 28 * 28)


if __name__ == "__main__":
    main(Autoencoder, lambda model, x, places: F.mse_loss(model(x), x),
         lambda model: {"test_mse": crop_mse(model, fashion_mnist.images("t10k"))}, steps=3750, batch=32,
         rate=lambda step, steps: 1e-3)
