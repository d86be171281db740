"""What the demos' models in PyTorch share: training on Fashion-MNIST, measuring, the command line.

    <model>_reference.py --seeds 0 1 2                 trains, prints the figures per seed
    <model>_reference.py --weights FILE.safetensors    loads what Kerf trained (strictly) and measures that
"""
import argparse
import time

import torch

import fashion_mnist


def pixels(batch):
    return torch.from_numpy(batch).float() / 255


def in_batches(images):
    """The images of a set, and the place of the first of each batch."""
    for start in range(0, len(images), 500):
        yield start, pixels(images[start:start + 500])


def train(make, loss, seed, steps, batch, rate):
    """Adam, down `loss(model, images, places in the training set)`, at `rate(step)`."""
    torch.manual_seed(seed)
    model, data = make(), fashion_mnist.images("train")
    optimizer = torch.optim.Adam(model.parameters())
    order = torch.cat([torch.randperm(len(data)) for _ in range(steps * batch // len(data) + 1)]).numpy()
    for step in range(steps):
        places = order[step * batch:][:batch]
        optimizer.zero_grad()
        loss(model, pixels(data[places]), places).backward()
        optimizer.param_groups[0]["lr"] = rate(step, steps)
        optimizer.step()
    return model


def command_line(doc, seeds=(0, 1, 2)):
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="*", default=list(seeds))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--weights", help="measure these weights instead of training")
    return parser


def report(options, make, train, figures, examples, unit="images"):
    """Prints `figures(model)` of the weights that are given, or of what `train(seed)` makes of each seed, from so many examples."""
    torch.set_num_threads(options.threads)
    if options.weights:
        from safetensors.torch import load_file
        model = make()
        model.load_state_dict(load_file(options.weights), strict=True)
        print(f"{options.weights}: {figures(model)}")
        return
    for seed in options.seeds:
        start = time.monotonic()
        model = train(seed)
        seconds = time.monotonic() - start
        print(f"pytorch {torch.__version__}: seed={seed} {figures(model)} {unit}_per_second={examples / seconds:.0f} "
              f"train_seconds={seconds:.1f}", flush=True)


def main(make, loss, measure, steps, batch, rate):
    """`measure(model)` gives the figures of the test set by name."""
    parser = command_line(__doc__)
    parser.add_argument("--steps", type=int, default=steps)
    options = parser.parse_args()

    def figures(model):
        model.eval()
        with torch.no_grad():
            return " ".join(f"{name}={value:.6f}" for name, value in measure(model).items())

    report(options, make, lambda seed: train(make, loss, seed, options.steps, batch, rate), figures, options.steps * batch)
