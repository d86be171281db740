"""The ViT of the tests in PyTorch: same network, same recipe."""
import functools

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import fashion_mnist
import transformer_reference as transformer
from text_gpt_reference import Positions

WIDTH, DEPTH, SIZE, CLASSES, BATCH = 192, 6, 28, 10, 32


class ImageVit(nn.Module):
    def __init__(self, width=WIDTH, depth=DEPTH, size=SIZE):
        super().__init__()
        self.patch = nn.Conv2d(1, width, 2, 2)
        self.cls = nn.Embedding(1, width)
        self.position = Positions((size // 2) ** 2 + 1, width)
        self.encoder = transformer.layers(width, depth)
        self.out = nn.Linear(width, CLASSES)

    def forward(self, images):  # (B, 1, SIZE, SIZE) -> (B, CLASSES)
        seen = self.patch(images).flatten(2).transpose(1, 2)
        first = self.cls.weight.expand(len(images), 1, -1)
        return self.out(self.encoder(self.position(torch.cat([first, seen], 1)))[:, 0])

    def loss(self, images, labels):
        return F.cross_entropy(self(images), labels)


@functools.cache
def data():
    return fashion_mnist.images("train")[:, :, 2:30, 2:30], fashion_mnist.labels("train")


def batch_of(step, batch=BATCH):
    images, labels = data()
    pixels = images[step * batch:][:batch].astype(np.float32) / np.float32(255)
    return torch.from_numpy(pixels), torch.from_numpy(labels[step * batch:][:batch])
