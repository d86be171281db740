"""The demo's WGAN in PyTorch: same networks, same recipe [Arjovsky 2017], with `--penalty` [Gulrajani 2017]; how to run it stands in
generators.py.

Seed 0, clipping: frechet=422.453 classes=6.223 confidence=0.637; Kerf's demo 410.49, 6.41, 0.618.
Seed 0, penalty:  frechet=185.155 classes=9.009 confidence=0.731; Kerf's demo 142.41, 9.83, 0.755.
"""
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from generators import main

SLOPE = float(np.float32(0.2))  # as an f32 program holds it
STEPS, BATCH, CRITIC_TURNS, WIDTH, LATENT = 1000, 64, 5, 16, 64
CLIP = float(np.float32(0.01))


class Generator(nn.Module):
    def __init__(self, width, latent):
        super().__init__()
        self.spread = nn.Linear(latent, 64 * width)
        self.up1 = nn.ConvTranspose2d(4 * width, 2 * width, 4, stride=2, padding=1)
        self.up2 = nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1)
        self.up3 = nn.ConvTranspose2d(width, 1, 4, stride=2, padding=1)

    def forward(self, z):
        small = F.relu(self.spread(z)).unflatten(1, (-1, 4, 4))
        return self.up3(F.relu(self.up2(F.relu(self.up1(small))))).tanh()


class Critic(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.down1 = nn.Conv2d(1, width, 4, stride=2, padding=1)
        self.down2 = nn.Conv2d(width, 2 * width, 4, stride=2, padding=1)
        self.down3 = nn.Conv2d(2 * width, 4 * width, 4, stride=2, padding=1)
        self.out = nn.Linear(64 * width, 1)

    def forward(self, x):
        for layer in (self.down1, self.down2, self.down3):
            x = F.leaky_relu(layer(x), SLOPE)
        return self.out(x.flatten(1))


class Wgan(nn.Module):
    def __init__(self, width=WIDTH, latent=LATENT):
        super().__init__()
        self.generator, self.critic = Generator(width, latent), Critic(width)

    def clipped_critic_loss(self, images, z):
        return self.critic(self.generator(z).detach()).mean() - self.critic(2 * images - 1).mean()

    def critic_losses(self, images, z, share):
        """loss, distance, penalty"""
        real, fake = 2 * images - 1, self.generator(z).detach()
        between = (fake + share[:, None, None, None] * (real - fake)).requires_grad_()
        slope, = torch.autograd.grad(self.critic(between).sum(), between, create_graph=True)
        penalty = ((slope.square().sum((1, 2, 3)) + 1e-12).sqrt() - 1).square().mean()
        distance = self.critic(real).mean() - self.critic(fake).mean()
        return 10 * penalty - distance, distance, penalty

    def generator_loss(self, z):
        return -self.critic(self.generator(z)).mean()


def turns(batches):
    """Batches of all turns of the critic, and whether one of the generator follows."""
    for turn, images in zip(range(STEPS * CRITIC_TURNS), batches(BATCH)):
        yield images, (turn + 1) % CRITIC_TURNS == 0


def descend(optimizer, loss):
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


@torch.no_grad()
def clip(critic):
    """To where its weights are held without the penalty."""
    for p in critic.parameters():
        p.clamp_(-CLIP, CLIP)


def train(model, batches):
    critic_rmsprop, rmsprop = (torch.optim.RMSprop(part.parameters(), lr=2e-4) for part in (model.critic, model.generator))
    for images, is_last in turns(batches):
        descend(critic_rmsprop, model.clipped_critic_loss(images, torch.randn(BATCH, LATENT)))
        clip(model.critic)
        if is_last:
            descend(rmsprop, model.generator_loss(torch.randn(BATCH, LATENT)))


def train_penalized(model, batches):
    """hold the critic's slopes near 1 by a penalty in place of clipping its weights"""
    critic_adam, adam = (torch.optim.Adam(part.parameters(), lr=5e-4, betas=(0.0, 0.9)) for part in (model.critic, model.generator))
    for images, is_last in turns(batches):
        descend(critic_adam, model.critic_losses(images, torch.randn(BATCH, LATENT), torch.rand(BATCH))[0])
        if is_last:
            descend(adam, model.generator_loss(torch.randn(BATCH, LATENT)))


if __name__ == "__main__":
    main(Wgan, train, LATENT, STEPS * CRITIC_TURNS * BATCH, penalty=train_penalized)
