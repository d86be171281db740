"""The GPT of the tests in PyTorch: same network, same recipe."""
import functools

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import glosses
import transformer_reference as transformer

TOKENS, WIDTH, DEPTH, LENGTH, BATCH = 96, 384, 6, 256, 8


class Positions(nn.Module):
    def __init__(self, length, width):
        super().__init__()
        self.weight = nn.Parameter(0.02 * torch.randn(length, width))

    def forward(self, x):
        return x + self.weight


class TextGpt(nn.Module):
    def __init__(self, width=WIDTH, depth=DEPTH, length=LENGTH):
        super().__init__()
        self.token = nn.Embedding(TOKENS, width)
        self.position = Positions(length, width)
        self.encoder = transformer.layers(width, depth)
        self.out = nn.Linear(width, TOKENS)
        self.register_buffer("mask", nn.Transformer.generate_square_subsequent_mask(length), persistent=False)

    def forward(self, tokens):  # (B, T) -> (B, T, TOKENS)
        return self.out(self.encoder(self.position(self.token(tokens)), mask=self.mask, is_causal=True))

    def loss(self, tokens, next):  # nats per character
        return F.cross_entropy(self(tokens).flatten(0, 1), next.flatten())


@functools.cache
def text():
    return glosses.Text(glosses.lines("all"))


def batch_of(step, batch=BATCH, length=LENGTH):
    windows = torch.from_numpy(np.stack([text().window(text().starts[step * batch + row], length + 1) for row in range(batch)]))
    return windows[:, :-1], windows[:, 1:]
