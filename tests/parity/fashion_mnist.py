"""Fashion-MNIST from the Debian package dataset-fashion-mnist: (n, 1, 32, 32) uint8, 28 x 28 zero-padded by 2; and its
labels."""
import gzip
import struct

import numpy as np

FOLDER = "/usr/share/datasets/fashion-mnist"


def images(part):
    """`part` is "train" (60,000) or "t10k" (10,000)."""
    with gzip.open(f"{FOLDER}/{part}-images-idx3-ubyte.gz") as file:
        magic, n, h, w = struct.unpack(">IIII", file.read(16))
        assert (magic, h, w) == (0x803, 28, 28), "not the IDX file of 28 x 28 images that was expected"
        pixels = np.frombuffer(file.read(n * h * w), np.uint8).reshape(n, 1, h, w)
    return np.pad(pixels, ((0, 0), (0, 0), (2, 2), (2, 2)))


def labels(part):
    """(n) int64, in [0, 10)."""
    with gzip.open(f"{FOLDER}/{part}-labels-idx1-ubyte.gz") as file:
        magic, n = struct.unpack(">II", file.read(8))
        assert magic == 0x801, "not the IDX file of labels that was expected"
        return np.frombuffer(file.read(n), np.uint8).astype(np.int64)
