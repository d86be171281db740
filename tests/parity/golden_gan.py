"""The golden run of the GAN, as training_runs.py says."""
import torch

import philox
from gan_reference import Gan
from training_runs import BATCH, FEW_STEPS, adam, golden, images, initial

LATENT = 4


def make():
    return Gan(width=2, latent=LATENT)


def gan():
    key = (17, 18)

    def latents(data, step, turn):
        z = philox.normal(philox.fold(philox.fold(key, step), turn), 0, (BATCH, LATENT))
        return torch.from_numpy(z).to(data["images"].dtype)

    def discriminator(model, data, step):
        return dict(zip(("loss", "real", "fake"), model.discriminator_losses(data["images"], latents(data, step, 0))))

    def generator(model, data, step):
        return {"generator_loss": model.generator_loss(latents(data, step, 1))}

    golden("gan", make, *initial(make()), {"discriminator": discriminator, "generator": generator},
           {"images": images(), "key": torch.tensor(key, dtype=torch.int32)}, steps=FEW_STEPS, optimizer=adam(2e-4, (0.5, 0.999)))


if __name__ == "__main__":
    gan()
