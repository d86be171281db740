"""The golden run of the classifier, as training_runs.py says."""
import torch
from torch.nn import functional as F

import fashion_mnist
from cnn_reference import Cnn
from training_runs import BATCH, WIDTH, golden, images, initial


def cnn():
    def make():
        return Cnn(WIDTH)

    def losses(model, data, step):
        logits, labels = model(data["images"]), data["labels"]
        return {"loss": F.cross_entropy(logits, labels), "accuracy": (logits.argmax(1) == labels).double().mean()}

    labels = torch.from_numpy(fashion_mnist.labels("train")[:BATCH])
    golden("cnn", make, *initial(make()), losses, {"images": images(), "labels": labels})


if __name__ == "__main__":
    cnn()
