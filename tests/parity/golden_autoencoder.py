"""The golden run of the autoencoder, as training_runs.py says."""
from torch import nn
from torch.nn import functional as F

from training_runs import WIDTH, golden, images, initial


class Autoencoder(nn.Module):
    def __init__(self, latent=32):
        super().__init__()
        self.down1 = nn.Conv2d(1, WIDTH, 4, stride=2, padding=1)
        self.down2 = nn.Conv2d(WIDTH, 2 * WIDTH, 4, stride=2, padding=1)
        self.code = nn.Linear(128 * WIDTH, latent)
        self.spread = nn.Linear(latent, 128 * WIDTH)
        self.up1 = nn.ConvTranspose2d(2 * WIDTH, WIDTH, 4, stride=2, padding=1)
        self.up2 = nn.ConvTranspose2d(WIDTH, 1, 4, stride=2, padding=1)

    def forward(self, x):
        z = self.code(F.relu(self.down2(F.relu(self.down1(x)))).flatten(1))
        return self.up2(F.relu(self.up1(F.relu(self.spread(z)).unflatten(1, (2 * WIDTH, 8, 8)))))


def autoencoder():
    def losses(model, data, step):
        return {"loss": F.mse_loss(model(data["images"]), data["images"])}

    golden("autoencoder", Autoencoder, *initial(Autoencoder()), losses, {"images": images()})


if __name__ == "__main__":
    autoencoder()
