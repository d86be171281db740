"""The demo's classifier in PyTorch: same network, same recipe.

    cnn_reference.py --seeds 0 1 2                 trains, prints test_accuracy per seed
    cnn_reference.py --weights FILE.safetensors    loads what Kerf trained (strictly) and measures that
"""
import argparse
import time

import torch
import torch.nn.functional as F
from torch import nn

import fashion_mnist

STEPS, BATCH, RATE = 4687, 64, 2e-3


class Cnn(nn.Module):
    def __init__(self, width=32, features=64):
        super().__init__()
        self.conv1 = nn.Conv2d(1, width, 4, stride=2, padding=1)
        self.conv2 = nn.Conv2d(width, 2 * width, 3, padding=1)
        self.conv3 = nn.Conv2d(2 * width, 2 * width, 3, padding=1)
        self.hidden = nn.Linear(32 * width, features)
        self.out = nn.Linear(features, 10)

    def features(self, x):  # (B, 1, 32, 32) -> (B, features)
        x = F.max_pool2d(F.relu(self.conv2(F.relu(self.conv1(x)))), 2)
        x = F.max_pool2d(F.relu(self.conv3(x)), 2)
        return F.relu(self.hidden(x.flatten(1)))

    def forward(self, x):
        return self.out(self.features(x))


def pixels(batch):
    return torch.from_numpy(batch).float() / 255


@torch.no_grad()
def measure(model):
    """The share of right answers on the test set."""
    model.eval()
    test, labels, right = fashion_mnist.images("t10k"), torch.from_numpy(fashion_mnist.labels("t10k")), 0
    for start in range(0, len(test), 500):
        right += (model(pixels(test[start:start + 500])).argmax(1) == labels[start:start + 500]).sum().item()
    return right / len(test)


def train(seed, steps):
    torch.manual_seed(seed)
    model, data, labels = Cnn(), fashion_mnist.images("train"), torch.from_numpy(fashion_mnist.labels("train"))
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE)
    order = torch.cat([torch.randperm(len(data)) for _ in range(steps * BATCH // len(data) + 1)]).numpy()
    for step in range(steps):
        chosen = order[step * BATCH:][:BATCH]
        loss = F.cross_entropy(model(pixels(data[chosen])), labels[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.param_groups[0]["lr"] = RATE * (steps - step) / steps
        optimizer.step()
    return model


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="*", default=[0, 1, 2])
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--weights", help="measure these weights instead of training")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    if options.weights:
        from safetensors.torch import load_file
        model = Cnn()
        model.load_state_dict(load_file(options.weights), strict=True)
        print(f"{options.weights}: test_accuracy={measure(model):.4f}")
        return
    for seed in options.seeds:
        start = time.monotonic()
        model = train(seed, options.steps)
        seconds = time.monotonic() - start
        print(f"pytorch {torch.__version__}: seed={seed} test_accuracy={measure(model):.4f} "
              f"images_per_second={options.steps * BATCH / seconds:.0f} train_seconds={seconds:.1f}", flush=True)


if __name__ == "__main__":
    main()
