"""What the demos' generators in PyTorch share: the score of their samples, the command line.

    <model>_reference.py --seeds 0 1 2                 trains, prints the score of each seed's samples
    <model>_reference.py --weights FILE.safetensors    loads what Kerf trained (strictly) and scores that

Samples are scored by the trained classifier of `./dev demo cnn`, as models/cnn/score.h does.
"""
import numpy as np
import torch
from safetensors.torch import load_file

import fashion_mnist
from cnn_reference import Cnn
from golden_frechet import distance
from references import command_line, in_batches, report


@torch.no_grad()
def score(generator, latent, classifier):
    """Fréchet distance of the features of 10,000 samples from those of the test set; e^entropy of the classes that they are taken for;
    how sure the classifier is."""
    cnn = Cnn().eval()
    cnn.load_state_dict(load_file(classifier), strict=True)
    generator.eval()
    torch.manual_seed(1)
    samples = [(generator(torch.randn(500, latent)) + 1) / 2 for _ in range(20)]
    real, fake = (np.concatenate([cnn.features(x).double().numpy() for x in batches])
                  for batches in ([x for _, x in in_batches(fashion_mnist.images("t10k"))], samples))
    chances = torch.cat([cnn(x).softmax(1) for x in samples])
    share = chances.argmax(1).bincount(minlength=chances.shape[1]).double() / len(chances)
    classes = torch.exp(-(share[share > 0] * share[share > 0].log()).sum())
    return {"frechet": distance(fake, real), "classes": classes.item(), "confidence": chances.max(1).values.mean().item()}


def batches(size):
    """Images in [0, 1] without end, each epoch in an order of its own."""
    data = fashion_mnist.images("train")
    while True:
        order = torch.randperm(len(data)).numpy()
        for start in range(0, len(data) - size + 1, size):
            yield torch.from_numpy(data[order[start:start + size]]).float() / 255


def main(make, train, latent, images, **others):
    """`make()` gives a model whose part `generator` takes noise of `latent` numbers, `train(model, batches)` trains it on that many
    images; other ways to train it have flags of their names."""
    parser = command_line(__doc__)
    parser.add_argument("--classifier", default="build/demo/cnn/weights.safetensors", help="weights of the classifier that scores")
    parser.set_defaults(train=train)
    for name, other in others.items():
        parser.add_argument(f"--{name}", dest="train", action="store_const", const=other, help=other.__doc__)
    options = parser.parse_args()

    def trained(seed):
        torch.manual_seed(seed)
        model = make()
        options.train(model, batches)
        return model

    def figures(model):
        return " ".join(f"{name}={value:.3f}" for name, value in score(model.generator, latent, options.classifier).items())

    report(options, make, trained, figures, images)
