"""The golden runs of the WGAN, with the penalty on slopes and with clipped weights, as training_runs.py says."""
import torch

import philox
from training_runs import BATCH, FEW_STEPS, adam, golden, images, initial, rmsprop
from wgan_reference import Wgan, clip

LATENT = 4
KEY = (15, 16)


def make():
    return Wgan(width=2, latent=LATENT)


def of(draw, own_key, *shape):
    return torch.from_numpy(draw(own_key, 0, shape))


def turn(step):
    """The key of a turn of the critic."""
    return philox.fold(philox.fold(KEY, 0), step)


def critic(model, data, step):
    dtype = data["images"].dtype
    z = of(philox.normal, philox.fold(turn(step), 0), BATCH, LATENT).to(dtype)
    share = of(philox.uniform, philox.fold(turn(step), 1), BATCH).to(dtype)
    return dict(zip(("loss", "distance", "penalty"), model.critic_losses(data["images"], z, share)))


def clipped_critic(model, data, step):
    z = of(philox.normal, turn(step), BATCH, LATENT).to(data["images"].dtype)
    return {"loss": model.clipped_critic_loss(data["images"], z)}


def generator(model, data, step):
    z = of(philox.normal, philox.fold(philox.fold(KEY, 1), step), BATCH, LATENT).to(data["images"].dtype)
    return {"generator_loss": model.generator_loss(z)}


def one_sided(held, start):
    """A critic with weights of one sign and without biases: within the bounds of a clipped one, what it says of real and of generated
    images would else differ in the last digits only."""
    for name, value in start.items():
        if name.startswith("critic."):
            held[name] = (torch.zeros_like(value) if name.endswith("bias") else value.abs()).bfloat16()
            start[name] = held[name].double()
    return held, start


def wgan():
    data = {"images": images(), "key": torch.tensor(KEY, dtype=torch.int32)}
    golden("wgan", make, *initial(make()), {"critic": critic, "generator": generator}, data, FEW_STEPS, adam(5e-4, (0.0, 0.9)))
    golden("wgan_clipped", make, *one_sided(*initial(make())), {"critic": clipped_critic, "generator": generator}, data, FEW_STEPS, rmsprop(2e-4),
           after=lambda model, part: clip(model.critic) if part == "critic" else None)


if __name__ == "__main__":
    wgan()
