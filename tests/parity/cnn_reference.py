"""The demo's classifier in PyTorch: same network, same recipe; how to run it stands in references.py.

Seed 0: test_accuracy=0.9208; Kerf's demo 0.9245.
"""
import torch
import torch.nn.functional as F
from torch import nn

import fashion_mnist
from references import in_batches, main


class Cnn(nn.Module):
    def __init__(self, width=32, features=64):
        super().__init__()
        self.conv1 = nn.Conv2d(1, width, 4, stride=2, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, 2 * width, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(2 * width)
        self.conv3 = nn.Conv2d(2 * width, 2 * width, 3, padding=1, bias=False)
        self.norm3 = nn.BatchNorm2d(2 * width)
        self.hidden = nn.Linear(32 * width, features)
        self.out = nn.Linear(features, 10)

    def features(self, x):  # (B, 1, 32, 32) -> (B, features)
        x = F.max_pool2d(F.relu(self.norm2(self.conv2(F.relu(self.norm1(self.conv1(x)))))), 2)
        x = F.max_pool2d(F.relu(self.norm3(self.conv3(x))), 2)
        return F.relu(self.hidden(x.flatten(1)))

    def forward(self, x):
        return self.out(self.features(x))


def measure(model):
    """The share of right answers."""
    labels = torch.from_numpy(fashion_mnist.labels("t10k"))
    right = sum((model(x).argmax(1) == labels[start:start + len(x)]).sum().item() for start, x in in_batches(fashion_mnist.images("t10k")))
    return {"test_accuracy": right / len(labels)}


if __name__ == "__main__":
    labels = torch.from_numpy(fashion_mnist.labels("train"))
    main(Cnn, lambda model, x, places: F.cross_entropy(model(x), labels[places]), measure, steps=4687, batch=64,
         rate=lambda step, steps: 2e-3 * (steps - step) / steps)
