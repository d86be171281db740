"""The demo's WGAN in PyTorch: same networks, same recipe [Arjovsky 2017; Gulrajani 2017].

    wgan_reference.py --output FILE.safetensors [--seed 0]     trains, saves the weights as Kerf's program takes them
"""
import argparse
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import fashion_mnist

SLOPE = float(np.float32(0.2))  # as an f32 program holds it
STEPS, BATCH, CRITIC_TURNS, WIDTH, LATENT = 1000, 64, 5, 16, 64


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


def train(seed, steps=STEPS):
    torch.manual_seed(seed)
    model, data = Wgan(), fashion_mnist.images("train")
    critic_adam = torch.optim.Adam(model.critic.parameters(), lr=5e-4, betas=(0.0, 0.9))
    adam = torch.optim.Adam(model.generator.parameters(), lr=5e-4, betas=(0.0, 0.9))
    at = 0
    for _ in range(steps):
        for _ in range(CRITIC_TURNS):
            if at % len(data) < BATCH:
                order = torch.randperm(len(data)).numpy()
            images = torch.from_numpy(data[order[at % len(data):][:BATCH]]).float() / 255
            at += BATCH
            loss, distance, _ = model.critic_losses(images, torch.randn(len(images), LATENT), torch.rand(len(images)))
            critic_adam.zero_grad()
            loss.backward()
            critic_adam.step()
        loss = model.generator_loss(torch.randn(BATCH, LATENT))
        adam.zero_grad()
        loss.backward()
        adam.step()
    return model, distance.item()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--output", required=True)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    from safetensors.torch import save_file
    start = time.monotonic()
    model, distance = train(options.seed)
    seconds = time.monotonic() - start
    save_file(model.state_dict(), options.output)
    print(f"pytorch {torch.__version__}: seed={options.seed} distance={distance:.4f} "
          f"images_per_second={STEPS * CRITIC_TURNS * BATCH / seconds:.0f} train_seconds={seconds:.1f}")


if __name__ == "__main__":
    main()
