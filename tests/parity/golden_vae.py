"""The golden run of the VAE, as training_runs.py says."""
import torch

import philox
from training_runs import WIDTH, golden, images, initial
from vae_reference import Vae


def vae():
    key = (11, 12)

    def make():
        return Vae(WIDTH)

    def losses(model, data, step):
        def noise_like(mean):
            return torch.from_numpy(philox.normal(philox.fold(key, step), 0, tuple(mean.shape))).to(mean.dtype)

        reconstruction, divergence = model.losses(data["images"], noise_like)
        return {"loss": reconstruction + divergence, "reconstruction": reconstruction, "divergence": divergence}

    golden("vae", make, *initial(make()), losses, {"images": images(), "key": torch.tensor(key, dtype=torch.int32)})


if __name__ == "__main__":
    vae()
