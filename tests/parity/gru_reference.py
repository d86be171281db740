"""The demo's language model in PyTorch: same network, same recipe.

    gru_reference.py --seeds 0 1 2                  trains, prints the figures per seed
    gru_reference.py --weights FILE.safetensors     loads what Kerf trained (strictly) and measures that

Seeds 0, 1, 2: test_bits_per_character=2.2825, 2.3775, 2.3436; Kerf's demo 2.3047, 2.2639, 2.2693.
"""
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import glosses
from references import command_line, report

TOKENS, WIDTH, HIDDEN, LENGTH, BATCH, STEPS, RATE = 96, 64, 256, 128, 32, 1000, 4e-3


class Gru(nn.Module):
    def __init__(self, width=WIDTH, hidden=HIDDEN):
        super().__init__()
        self.token = nn.Embedding(TOKENS, width)
        self.gru = nn.GRU(width, hidden, batch_first=True)
        self.out = nn.Linear(hidden, TOKENS)

    def forward(self, tokens):  # (B, T) -> (B, T, TOKENS)
        return self.out(self.gru(self.token(tokens))[0])

    def loss(self, tokens, next):  # nats per character
        return F.cross_entropy(self(tokens).flatten(0, 1), next.flatten())


def train(seed, steps):
    torch.manual_seed(seed)
    model, text = Gru(), glosses.Text(glosses.lines("train"))
    optimizer = torch.optim.Adam(model.parameters())
    order = torch.cat([torch.randperm(text.lines) for _ in range(steps * BATCH // text.lines + 1)]).numpy()
    for step in range(steps):
        windows = torch.from_numpy(np.stack([text.window(text.starts[line], LENGTH + 1) for line in order[step * BATCH:][:BATCH]]))
        optimizer.zero_grad()
        model.loss(windows[:, :-1], windows[:, 1:]).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1)
        optimizer.param_groups[0]["lr"] = RATE * (steps - step) / steps
        optimizer.step()
    return model


def figures(model):
    """Bits per character of the lines held out, in windows that know nothing of what stands before them."""
    text = glosses.Text(glosses.lines("test"))
    windows = torch.from_numpy(np.stack([text.window(place, LENGTH + 1) for place in range(0, len(text.tokens) - LENGTH, LENGTH)]))
    with torch.no_grad():
        sums = sum(model.loss(w[:, :-1], w[:, 1:]).item() * len(w) for w in windows.split(100))
    return f"test_bits_per_character={sums / len(windows) / math.log(2):.6f}"


if __name__ == "__main__":
    parser = command_line(__doc__)
    parser.add_argument("--steps", type=int, default=STEPS)
    options = parser.parse_args()
    report(options, Gru, lambda seed: train(seed, options.steps), figures, options.steps * BATCH * LENGTH, "characters")
