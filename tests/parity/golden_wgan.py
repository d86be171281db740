"""The golden run of the WGAN with the penalty on slopes, as training_runs.py says."""
import torch

import philox
from training_runs import BATCH, FEW_STEPS, golden, images, initial
from wgan_reference import Wgan

LATENT = 4


def make():
    return Wgan(width=2, latent=LATENT)


def wgan():
    key = (15, 16)

    def of(draw, own_key, *shape):
        return torch.from_numpy(draw(own_key, 0, shape))

    def critic(model, data, step):
        own_key, dtype = philox.fold(philox.fold(key, 0), step), data["images"].dtype
        z = of(philox.normal, philox.fold(own_key, 0), BATCH, LATENT).to(dtype)
        share = of(philox.uniform, philox.fold(own_key, 1), BATCH).to(dtype)
        return dict(zip(("loss", "distance", "penalty"), model.critic_losses(data["images"], z, share)))

    def generator(model, data, step):
        z = of(philox.normal, philox.fold(philox.fold(key, 1), step), BATCH, LATENT).to(data["images"].dtype)
        return {"generator_loss": model.generator_loss(z)}

    golden("wgan", make, *initial(make()), {"critic": critic, "generator": generator},
           {"images": images(), "key": torch.tensor(key, dtype=torch.int32)}, steps=FEW_STEPS, lr=5e-4, betas=(0.0, 0.9))


if __name__ == "__main__":
    wgan()
