"""The golden run of the VAE, as training_runs.py says."""
import torch
from torch import nn
from torch.nn import functional as F

import philox
from training_runs import WIDTH, golden, images, initial


class VaeEncoder(nn.Module):
    def __init__(self, latent):
        super().__init__()
        self.down1 = nn.Conv2d(1, WIDTH, 4, stride=2, padding=1)
        self.down2 = nn.Conv2d(WIDTH, 2 * WIDTH, 4, stride=2, padding=1)
        self.mean = nn.Linear(128 * WIDTH, latent)
        self.log_variance = nn.Linear(128 * WIDTH, latent)

    def forward(self, x):
        flat = F.relu(self.down2(F.relu(self.down1(x)))).flatten(1)
        return self.mean(flat), self.log_variance(flat)


class VaeDecoder(nn.Module):
    def __init__(self, latent):
        super().__init__()
        self.spread = nn.Linear(latent, 128 * WIDTH)
        self.up1 = nn.ConvTranspose2d(2 * WIDTH, WIDTH, 4, stride=2, padding=1)
        self.up2 = nn.ConvTranspose2d(WIDTH, 1, 4, stride=2, padding=1)

    def forward(self, z):
        return self.up2(F.relu(self.up1(F.relu(self.spread(z)).unflatten(1, (2 * WIDTH, 8, 8)))))


class Vae(nn.Module):
    def __init__(self, latent=16):
        super().__init__()
        self.encoder, self.decoder = VaeEncoder(latent), VaeDecoder(latent)


def vae():
    key = (11, 12)

    def losses(model, data, step):
        x = data["images"]
        mean, log_variance = model.encoder(x)
        noise = torch.from_numpy(philox.normal(philox.fold(key, step), 0, tuple(mean.shape))).to(mean.dtype)
        z = mean + torch.exp(0.5 * log_variance) * noise
        reconstruction = (model.decoder(z) - x).square().sum((1, 2, 3)).mean()
        divergence = (0.5 * (mean.square() + log_variance.exp() - log_variance - 1).sum(1)).mean()
        return {"loss": reconstruction + divergence, "reconstruction": reconstruction, "divergence": divergence}

    golden("vae", Vae, *initial(Vae()), losses, {"images": images(), "key": torch.tensor(key, dtype=torch.int32)})


if __name__ == "__main__":
    vae()
